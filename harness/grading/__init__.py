"""One submission to a grade."""
