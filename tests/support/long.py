"""Cases that take a while and are like one that the suite has: `tox -e long` runs them."""

import pytest


def sample(every, cases):
    """All cases, as parameters: every so many is of the suite, the others are long."""
    return [
        pytest.param(*as_tuple(case), marks=pytest.mark.long if number % every else ())
        for number, case in enumerate(cases)
    ]


def long_where(cases, is_long):
    """All cases, as parameters, of which those are long that are said to be."""
    return [
        pytest.param(*as_tuple(case), marks=pytest.mark.long if is_long(case) else ())
        for case in cases
    ]


def as_tuple(case):
    return case if isinstance(case, tuple) else (case,)
