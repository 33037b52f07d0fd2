"""One submission to a grade; beneath it, the audit of what the checks kill."""
