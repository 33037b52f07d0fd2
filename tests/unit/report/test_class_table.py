"""A class on a terminal: the words for how far it is, what came of it, and who changed."""

import io
from dataclasses import replace

from rich.console import Console

from harness.records.people import Handing, Person, Result, RunProgress
from harness.records.verdict import Diagnosis, Finding, Grade, Status, Verdict
from harness.report.tables import class_table, compare_table
from support.a_class import Roll

DIAGNOSIS = Diagnosis("relu_leaky", "`relu` leaks.", "Look.")
PASSED = Verdict("values", "ag", Status.PASSED, 6.0, 6.0)
FAILED = Verdict("relu", "2.C", Status.FAILED, 0.0, 4.0, diagnosis=(DIAGNOSIS,))
CREDITED = Verdict("curve", "Training", Status.CREDITED, 4.0, 4.0, replaced=("ag",), parts=("ag",))
FLAG = Verdict("flag_names", "", Status.FLAGGED, problem=Finding("flag_names"))


def grade(*verdicts, **more):
    points, out_of = sum(v.points for v in verdicts), sum(v.out_of for v in verdicts)
    shown = {"oracles": ("torch 2", "jax 1"), "isolation": "S3", **more}
    return Grade("ada", "d", "lab", "577", verdicts, points, out_of, **shown)


ADA = Result(Person("1", "Ada"), (grade(PASSED, FAILED),))
BOB = Result(Person("2", "Bob"), (grade(PASSED, CREDITED, FLAG),), handing=Handing(late=True))
RESULTS = (
    ADA,
    BOB,
    Result(Person("3", "Cyc \x1b[31m"), (grade(FAILED, unreadable="is empty"),)),
    Result(Person("4"), ()),
)


def printed(show):
    out = io.StringIO()
    show(Console(file=out, width=120, highlight=False))
    return out.getvalue()


def compared(old, new):
    return printed(lambda console: compare_table.show(old, new, console))


def test_a_class_is_told_in_one_screen():
    book = Roll(RESULTS, absent=["4"], unknown=[], duplicates=[["2", "b.py", ["a.py"]]])
    told = printed(lambda console: class_table.show(book, console, 12.5))

    assert "3 graded in 12.5 s; judged by jax 1 and torch 2; isolation S3" in told
    rows = [" ".join(line.split()) for line in told.splitlines()]
    assert {
        "unreadable 3 Cyc [31m is empty",
        "late 2 Bob Handed in late.",
        "double 2 Bob 2 times; counted: b.py",
        "absent 4",
    } <= set(rows)
    assert [row for row in rows if row.startswith("flagged 2 Bob ")]
    assert "`relu` leaks." in told
    assert "\x1b" not in told


def test_points_lost_are_counted_by_check_and_credit_beside_them():
    told = printed(lambda console: class_table.show(Roll(RESULTS), console, 1.0))
    rows = [line.split() for line in told.splitlines()]

    assert ["2.C", "relu", "4", "1", "0"] in rows
    assert ["Training", "curve", "0", "0", "1"] in rows
    assert not [row for row in rows if "values" in row]


def test_progress_is_a_few_plain_lines_where_there_is_no_terminal():
    def run(console):
        with class_table.Progress(console, 40) as shown:
            for done in range(1, 41):
                shown.tell(RunProgress(done, 0, done // 2, 1, float(done)))

    lines = printed(run).splitlines()

    assert 10 == len(lines)
    assert "40 of 40: 20 with mistakes, 1 flagged, 1.0/s, 0 s left" == lines[-1]


def test_two_runs_are_compared_by_check_with_the_reason():
    mended = grade(PASSED, replace(FAILED, status=Status.PASSED, points=4.0))
    now = Roll((replace(ADA, grades=(replace(mended, digest="e"),)), BOB))
    told = compared(Roll((ADA, BOB)), now)

    assert ["2.C", "relu", "1", "0", "+4"] in [line.split() for line in told.splitlines()]
    assert "submission" in told
    assert "1 changed" in told
    assert "Bob" not in told


def test_who_came_and_who_went_is_told():
    told = compared(Roll((ADA,)), Roll((BOB,)))

    assert "new" in told
    assert "gone" in told
    assert "2 changed" in told


def test_another_seed_is_the_reason_where_nothing_else_changed():
    other = replace(ADA, grades=(grade(PASSED, replace(FAILED, points=4.0)),))

    assert "seed +4" in compared(Roll((ADA,), seed="1"), Roll((other,), seed="2"))
