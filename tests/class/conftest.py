"""The fixtures of a class."""

from class_conftest import graded, handed_in

__all__ = ["graded", "handed_in"]
