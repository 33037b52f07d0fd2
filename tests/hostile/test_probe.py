"""The search for the names of an engine under attack: it ends, and tells nothing but names."""

import time

import pytest

from harness.programs.found import NoDialect
from harness.records.handed_in import Source, Submission
from hostile.probes import FORGED, FOUND, GOOD, REFUSED

LONGEST = 20.0
"""Seconds on a busy machine; a search has two of processor time."""
NAMES = ("V", "{0}.d", "{0}.g")


def engine(name, text):
    return Submission(name, (Source("engine.py", text),), module="engine", digest=name)


def names_of(dialect):
    return dialect.node, dialect.value, dialect.gradient


@pytest.fixture(scope="module", autouse=True)
def honest_afterwards(grader):
    """Whatever was tried, the next engine is read and judged as ever."""
    yield
    grade = grader.grade(engine("honest", GOOD), "scalar_engine")
    assert grade.points == grade.out_of > 20


@pytest.mark.parametrize("name", FOUND)
def test_what_is_hostile_beside_an_engine_does_not_hide_it(name, grader):
    start = time.monotonic()

    assert NAMES == names_of(grader.dialect(engine(name, FOUND[name])))
    assert time.monotonic() - start < LONGEST


@pytest.mark.parametrize("name", REFUSED)
def test_what_lies_to_the_search_ends_in_a_sentence(name, grader):
    start = time.monotonic()

    with pytest.raises(NoDialect, match="no engine is found: "):
        grader.dialect(engine(name, REFUSED[name]))
    assert time.monotonic() - start < LONGEST


def test_a_reply_that_a_module_writes_itself_is_not_taken_for_the_searchs(grader):
    try:
        found = names_of(grader.dialect(engine("forged", FORGED)))
    except NoDialect:
        found = NAMES

    assert NAMES == found


def test_there_are_ten_attacks_and_more():
    assert len({*FOUND, *REFUSED}) >= 20
