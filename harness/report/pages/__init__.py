"""The page of a student and of a class, and what is drawn on them."""
