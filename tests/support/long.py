"""Cases that take a while and are like one that the suite has: `tox -e long` runs them."""

import pytest


def sample(every, cases):
    """All cases, as parameters: every so many is of the suite, the others are long."""
    return [_parameter(case, number % every) for number, case in enumerate(cases)]


def long_where(cases, is_long):
    """All cases, as parameters, of which those are long that are said to be."""
    return [_parameter(case, is_long(case)) for case in cases]


def _parameter(case, is_long):
    values = case if isinstance(case, tuple) else (case,)
    return pytest.param(*values, marks=pytest.mark.long if is_long else ())
