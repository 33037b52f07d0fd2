"""The records in the order they flow, and our exceptions."""
