"""The fixtures of a class."""

from support.class_runs import graded, handed_in, with_rules

__all__ = ["graded", "handed_in", "with_rules"]
