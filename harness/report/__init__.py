"""Grades as text, tables and documents. wording.py holds the only prose that a student reads."""
