"""A file of results read by several processes: in order, and a few persons at a time."""

from functools import partial

import pytest

from harness.classes import shares
from harness.classes.store import Store
from harness.commands import classes
from harness.records.people import UNKNOWN, Person
from support.class_runs import exported

FEWEST = 40
"""Persons for whom a process of its own is worth its start, here."""
COUNT = 2 * FEWEST + 3


@pytest.fixture
def large(tmp_path, graded, monkeypatch):
    """The class of a fixture as many times as several processes are worth."""
    monkeypatch.setattr(shares, "FEWEST", FEWEST)
    path = tmp_path / "large.db"
    with Store(graded[0]) as few, Store(path, writes=True) as store:
        for fact in ("assignments", "seed", "rubric", "strict", "plan"):
            store.note(fact, few.fact(fact))
        stamps = few.stamps()
        each = [result for result in few.each() if result.grades]
        people = [(f"s{k:04}", each[k % len(each)]) for k in range(COUNT)]
        store.enrol([(Person(key), UNKNOWN) for key, _ in people], only=False)
        for key, result in people:
            stamp = stamps[result.person.key, result.grades[0].assignment]
            store.put(key, stamp, result.grades)
    return path


@pytest.mark.long
def test_several_processes_give_what_one_gives_in_the_same_order(large):
    with Store(large) as store:
        keys = store.keys()
    work = partial(classes._pieces, "jsonl")
    apart, together = (list(shares.over(large, keys, work, jobs)) for jobs in (2, 1))

    assert COUNT == len(keys)
    assert together == apart
    assert "".join(apart) == exported(large)


def test_little_is_read_before_the_first_person_is_told(large):
    asked = []
    with Store(large) as store:
        keys = store.keys()

    def work(book, share):
        asked.extend(share)
        return [*share]

    first = next(shares.over(large, keys, work, jobs=1))

    assert keys[0] == first
    assert [*keys[: shares.PERSONS]] == asked
