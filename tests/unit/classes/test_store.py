"""Results on disk: what goes in comes out, and what is no result is refused."""

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


def test_those_of_whom_nothing_is_said_have_no_key_among_the_others(path):
    cyd, dan = Person("cyd"), Person("dan")
    with Store(path, writes=True) as book:
        book.note("plan", "new")
        book.enrol([(each, UNKNOWN) for each in (dan, cyd, BOB, ADA)], only=False)
        book.put("ada", "s1/new", [GRADE])
        book.put("cyd", "s1/old", [GRADE])
        book.adjust([Adjustment("dan", 1.0, "reason", "somebody")])

        assert ("ada", "dan") == book.keys()


def test_some_are_told_alone_and_without_the_fields_that_nobody_asked_for(path):
    with Store(path, writes=True) as book:
        book.enrol([(ADA, UNKNOWN), (BOB, LATE)], only=False)
        book.put("ada", "s1", [GRADE])
        (ada,) = book.each(("ada", "nobody"), without=("program", "diagnosis"))

    bare = tuple(replace(verdict, program=None, diagnosis=()) for verdict in GRADE.verdicts)
    assert (replace(GRADE, verdicts=bare),) == ada.grades


def test_results_are_told_in_the_order_of_keys_with_what_was_changed_by_hand(path):
    change = Adjustment("bob", -1.0, "reason", "somebody")
    with Store(path, writes=True) as book:
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


def test_another_grade_takes_the_place_of_the_one_before(path):
    with Store(path, writes=True) as book:
        book.enrol([(ADA, UNKNOWN)], only=False)
        book.put("ada", "s1", [GRADE])
        book.put("ada", "s2", [GRADE])

        assert {("ada", "lab"): "s2"} == book.stamps()
        assert 1 == len(next(book.each()).grades)


def test_who_left_the_class_leaves_the_results_unless_one_person_is_graded_again(path):
    with Store(path, writes=True) as book:
        book.enrol([(ADA, UNKNOWN), (BOB, UNKNOWN)], only=False)
        book.put("bob", "s1", [GRADE])
        book.enrol([(ADA, UNKNOWN)], only=True)
        assert ["ada", "bob"] == [result.person.key for result in book.each()]
        book.enrol([(ADA, UNKNOWN)], only=False)
        assert ["ada"] == [result.person.key for result in book.each()]
        assert {} == book.stamps()


def test_there_must_be_results_to_read(path):
    with pytest.raises(UsageError, match="there are no results"):
        Store(path)


def test_another_file_is_no_results(path):
    path.write_text("x" * 1000)
    with pytest.raises(UsageError, match="cannot be read or written"):
        Store(path)


def test_results_of_another_format_are_refused(path):
    with Store(path, writes=True) as book:
        book.note("format", 99)
    with pytest.raises(UsageError, match="grade the class again"):
        Store(path)


def test_a_database_of_somebody_else_is_refused(path):
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE other (x)")
    base.close()
    with pytest.raises(UsageError, match="cannot be read or written"):
        Store(path)


def test_a_folder_that_is_not_there_is_told_in_one_sentence(tmp_path):
    with pytest.raises(UsageError, match="cannot be read or written"):
        Store(tmp_path / "nowhere" / "results.db", writes=True)


def test_a_grade_by_another_plan_is_none_of_the_results(path):
    with Store(path, writes=True) as book:
        book.enrol([(ADA, UNKNOWN), (BOB, UNKNOWN)], only=False)
        book.put("ada", "s1/new/0.1", [GRADE])
        book.put("bob", "s2/old/0.1", [GRADE])
        book.note("plan", "new/0.1")

        assert [1, 0] == [len(result.grades) for result in book.each()]


def test_what_was_graded_is_kept_with_its_grade_and_goes_with_it(path):
    handed_in = Submission("ada", (Source("ag.py", "x = 1"),))
    with Store(path, writes=True) as book:
        book.enrol([(ADA, UNKNOWN)], only=False)
        book.put("ada", "s1", [GRADE], handed_in)
        assert handed_in == book.submission("ada")
        book.enrol([(BOB, UNKNOWN)], only=False)
        assert book.submission("ada") is None
