"""What is run on an engine: drawing programs, shrinking them, writing them as Python."""
