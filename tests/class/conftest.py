"""The fixtures of a class."""

from support.class_runs import graded, graded_lab, handed_in, with_rules

__all__ = ["graded", "graded_lab", "handed_in", "with_rules"]
