"""Results on disk: what goes in comes out, and what is no result is refused."""

import contextlib
import sqlite3
from dataclasses import replace

import pytest

from harness.classes.store import Store
from harness.records.errors import UsageError
from harness.records.handed_in import Source, Submission
from harness.records.people import UNKNOWN, Adjustment, Handing, Person
from support.some_records import ADA, GRADE

LATE = Handing(late=True, submitted="2026-11-20T23:59:00+00:00")
BOB = Person("bob")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "results.db"


@pytest.fixture
def book(path):
    """The results of a class of two, of whom nothing is said yet."""
    with Store(path, writes=True) as store:
        store.enrol([(ADA, UNKNOWN), (BOB, UNKNOWN)], only=False)
        yield store


def graded(book):
    """How many grades each of the class has."""
    return {result.person.key: len(result.grades) for result in book.each()}


def test_those_of_whom_nothing_is_said_have_no_key_among_the_others(book):
    book.note("plan", "new")
    people = (Person("dan"), Person("cyd"), BOB, ADA)
    book.enrol([(person, UNKNOWN) for person in people], only=False)
    book.put("ada", "s1/new", [GRADE])
    book.put("cyd", "s1/old", [GRADE])
    book.adjust([Adjustment("dan", 1.0, "reason", "somebody")])

    assert ("ada", "dan") == book.keys()


def test_some_are_told_alone_and_without_the_fields_that_nobody_asked_for(book):
    book.put("ada", "s1", [GRADE])
    (ada,) = book.each(("ada", "nobody"), without=("program", "diagnosis"))

    bare = tuple(replace(verdict, program=None, diagnosis=()) for verdict in GRADE.verdicts)
    assert (replace(GRADE, verdicts=bare),) == ada.grades


def test_results_are_told_in_the_order_of_keys_with_what_was_changed_by_hand(book):
    change = Adjustment("bob", -1.0, "reason", "somebody")
    book.enrol([(BOB, LATE), (ADA, UNKNOWN)], only=False)
    book.put("ada", "s1", [GRADE])
    book.adjust([change])
    ada, bob = book.each()

    assert (ADA, (GRADE,), (), UNKNOWN) == (ada.person, ada.grades, ada.adjustments, ada.handing)
    assert (BOB, (), (change,), LATE) == (bob.person, bob.grades, bob.adjustments, bob.handing)


def test_what_was_kept_is_there_when_the_file_is_opened_again(path):
    with Store(path, writes=True) as book:
        book.enrol([(ADA, UNKNOWN)], only=False)
        book.put("ada", "s1", [GRADE])
        book.note("seed", "577")
    with Store(path) as again:
        assert {("ada", "lab"): "s1"} == again.stamps()
        assert ("577", None) == (again.fact("seed"), again.fact("nothing"))
        assert (GRADE,) == next(again.each()).grades


def test_who_left_the_class_leaves_the_results_unless_one_person_is_graded_again(book):
    book.put("bob", "s1", [GRADE])
    book.enrol([(ADA, UNKNOWN)], only=True)
    assert {"ada": 0, "bob": 1} == graded(book)
    book.enrol([(ADA, UNKNOWN)], only=False)
    assert {"ada": 0} == graded(book)
    assert {} == book.stamps()


def test_another_grade_takes_the_place_of_the_one_before_and_one_by_another_plan_counts_none(book):
    for key, stamp in (("ada", "s1/new/0.1"), ("ada", "s2/new/0.1"), ("bob", "s2/old/0.1")):
        book.put(key, stamp, [GRADE])

    assert {("ada", "lab"): "s2/new/0.1", ("bob", "lab"): "s2/old/0.1"} == book.stamps()
    assert {"ada": 1, "bob": 1} == graded(book)
    book.note("plan", "new/0.1")
    assert {"ada": 1, "bob": 0} == graded(book)


def test_what_was_graded_is_kept_with_its_grade_and_goes_with_it(book):
    handed_in = Submission("ada", (Source("ag.py", "x = 1"),))
    book.put("ada", "s1", [GRADE], handed_in)
    assert handed_in == book.submission("ada")
    book.enrol([(BOB, UNKNOWN)], only=False)
    assert book.submission("ada") is None


def other_format(path):
    with Store(path, writes=True) as book:
        book.note("format", 99)


def other_tables(path):
    with contextlib.closing(sqlite3.connect(path)) as base:
        base.execute("CREATE TABLE other (x)")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        pytest.param(lambda path: None, "there are no results", id="nothing"),
        pytest.param(lambda path: path.write_text("x" * 1000), "cannot be read", id="any file"),
        pytest.param(other_format, "grade the class again", id="results of another format"),
        pytest.param(other_tables, "cannot be read or written", id="somebody else's database"),
    ],
)
def test_another_file_is_no_results(path, make, says):
    make(path)
    with pytest.raises(UsageError, match=says):
        Store(path)


def test_a_folder_that_is_not_there_is_told_in_one_sentence(tmp_path):
    with pytest.raises(UsageError, match="cannot be read or written"):
        Store(tmp_path / "nowhere" / "results.db", writes=True)
