"""Grades in the formats of other programs."""
