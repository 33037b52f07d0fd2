"""What the checks kill: mutants of the answer key, and how they are made."""
