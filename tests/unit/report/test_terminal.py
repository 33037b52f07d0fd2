"""A grade on a terminal: what stands there, and that nothing a student wrote acts on it."""

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from harness.assignments.lecture6.dialect import AG
from harness.judging.grade import once, only
from harness.records.observation import Fault
from harness.records.verdict import Convention, Finding, Grade, Status, Verdict
from harness.report.tables import terminal
from harness.report.words import advice, wording
from support.a_class import PROGRAM, WRONG

TITLES = {"mul": "the gradient of * is right", "values": "values are right"}
VERDICTS = (
    Verdict("values", "ag", Status.PASSED, 10.0, 10.0, tried=9),
    Verdict("mul", "2.B", Status.FAILED, 0.0, 2.5, WRONG, PROGRAM, tried=9, failed=4),
    Verdict("random", "2.B", Status.SKIPPED, 0.0, 8.0, blocked_by=("mul",)),
)


def graded(*verdicts, submission="ada", **more):
    points, out_of = sum(v.points for v in verdicts), sum(v.out_of for v in verdicts)
    facts = {"oracles": ("torch 2.5", "jax 0.4"), "dialect": AG, **more}
    facts["import_line"] = "from ag import ag"
    return Grade(submission, "", "lab", "577", verdicts, points, out_of, **facts)


def printed(show, *things, width=100, **more):
    console = Console(file=StringIO(), width=width, color_system=None)
    show(*things, console, **more)
    return console.file.getvalue()


def shown(*verdicts, exercise="", **more):
    return printed(terminal.show, only(graded(*verdicts, **more), exercise), titles=TITLES)


def missing(check, names, exercise="ag", points=1.0):
    finding = Finding("missing", (("names", names),))
    return Verdict(check, exercise, Status.FAILED, 0.0, points, finding)


def row(text, check):
    lines = (line.split() for line in text.splitlines())
    (line,) = (words for words in lines if check in words[:2] and "/" in words[-1])
    return line


def test_each_check_has_a_row_with_its_status_and_points_and_they_are_added_up_below():
    text = shown(*VERDICTS)

    assert ["ag", "values", "passed", "10/10"] == row(text, "values")
    assert ["random", "not", "judged", "0/8"] == row(text, "random")
    assert ["2.B", "mul", "failed", "0/2.5"] == next(
        line.split() for line in text.splitlines() if line.endswith("0/2.5  ")
    )
    assert ["total", "10/20.5"] == row(text, "total")


def test_a_failure_has_its_title_its_sentence_its_count_and_its_program():
    text = shown(*VERDICTS)

    for part in (
        "2.B mul: the gradient of * is right",
        "x1.grad is 2.0, but torch and jax say 4.0.",
        "4 of 9 programs show it",
        "    from ag import ag",
        "    print(x1.grad)  # yours: 2.0; torch and jax: 4.0",
        "Not judged: mend mul first.",
    ):
        assert part in text
    assert "set aside" not in text


ALIKE = [("one", "ag.exp", "2.B"), ("two", "ag.exp", "2.B")]
APART = [("one", "ag.Scalar, ag.exp", "ag"), ("two", "ag.Scalar, ag.log", "2.B")]


@pytest.mark.parametrize(
    ("lacks", "names", "whose"),
    [
        (ALIKE, "ag.exp", "2.B one, two"),
        (APART, "ag.Scalar, ag.exp, ag.log", "ag one; 2.B two"),
    ],
    ids=["the same words stand together", "once for all exercises"],
)
def test_missing_names_are_told_once(lacks, names, whose):
    text = shown(*(missing(*one) for one in lacks))

    assert 1 == text.count(f"Missing from the module: {names}.")
    assert whose in text


def test_the_summary_adds_up_all_grades_and_says_what_to_fix_first():
    text = printed(terminal.summary, [graded(*VERDICTS[:1]), graded(*VERDICTS)], width=80)

    assert ["grand", "total", "20/30.5"] == row(text, "grand")
    assert "Fix first: 2.B mul. x1.grad is 2.0, but torch and jax say 4.0." in text
    assert 1 == text.count("judged by")


def told_first(*verdicts):
    return advice.first_step([graded(*verdicts)])


def test_what_wins_back_the_most_points_is_fixed_first():
    small = Verdict("add", "2.B", Status.FAILED, 0.0, 3.0, WRONG)
    large = Verdict("mse", "Loss", Status.FAILED, 0.0, 4.0, WRONG)
    waits = Verdict("random", "2.B", Status.SKIPPED, 0.0, 8.0, blocked_by=("add",))

    assert told_first(small, large).startswith("Fix first: Loss mse.")
    assert told_first(small, large, waits).startswith("Fix first: 2.B add.")
    assert told_first(small, replace(small, check="mul")).startswith("Fix first: 2.B add.")
    assert "" == told_first(VERDICTS[0])


def test_names_that_are_missing_for_one_reason_count_together_and_are_told_together():
    lacks = [missing(name, f"ag.{name}", points=2.0) for name in ("exp", "log")]
    other = Verdict("mul", "2.B", Status.FAILED, 0.0, 3.0, WRONG)

    told = "Fix first: ag exp. Missing from the module: ag.exp, ag.log."
    assert told == told_first(other, *lacks)


def test_a_name_that_is_missing_is_told_once_over_all_grades():
    first, more = (graded(missing("one", names)) for names in ("ag.Scalar", "Model, ag.Scalar"))
    new = "Missing from the module: Model."
    known = "Missing, as said above: ag.Scalar."

    assert new in printed(terminal.show, more, titles={}, before=[first])
    assert known in printed(terminal.show, first, titles={}, before=[first])


def test_notes_say_once_that_the_rest_was_run():
    facts = (("where", "ag.py"), ("why", "pandas"), ("library", "NumPy"))
    found = [Finding("stopped_library", (*facts, ("line", str(line)))) for line in (1, 2)]
    text = shown(*(Verdict("stopped", "", Status.NOTED, problem=each) for each in found))

    assert "noted while the module was loaded; the rest of it was run" in text
    assert "ag.py, line 2 imports pandas; graded code has only NumPy." in text
    assert "The rest of the module" not in text


def test_a_flag_is_no_part_of_an_exercise_and_is_told_once_over_all_grades():
    flag = Verdict("flag_names", "", Status.FLAGGED, problem=Finding("flag_names"))
    first, second = once([graded(flag), graded(flag)])

    assert "\nflag_names\n" in shown(flag)
    assert ((flag,), ()) == (first.verdicts, second.verdicts)


def test_one_exercise_is_shown_alone_and_conventions_are_told_for_the_whole():
    conventions = (
        Convention("order", "order_list", "topological_sort() returns a list"),
        Convention("numbers", "not_observed"),
    )
    text = shown(*VERDICTS, conventions=conventions)
    alone = shown(*VERDICTS, conventions=conventions, exercise="2.B")

    assert "topological_sort() returns a list" in text
    assert "not observed" not in text
    assert ["total", "0/10.5"] == row(alone, "total")
    assert not [word for word in ("values", "Conventions") if word in alone]


def test_the_footer_says_by_whose_word_and_from_which_seed():
    disputed = [Verdict("a", "", Status.PASSED, disputed=count) for count in (2, 1)]
    told = graded(*disputed, missing_oracles=("numpy: no\x1bmodule",), isolation="S3")

    assert [
        "judged by torch 2.5 and jax 0.4; seed 577",
        "isolation S3: submitted code can reach no file, network or process",
        "not asked: numpy: no?module",
        "3 programs were set aside because the oracles disagree on them",
    ] == terminal.footer(told)


@pytest.mark.parametrize("text", ["\x1b[2J", "\x1b]0;title\x07", "\u202e", "[bold red]x[/]"])
def test_nothing_a_student_wrote_acts_on_the_terminal(text):
    fault = Fault("raised", text, f"{text}!", text, 3, text)
    told = shown(Verdict("mul", "2.B", Status.FAULTED, 0.0, 1.0, fault), submission=text)

    assert not set(told) & set("\x1b\x07\u202e")
    if text.startswith("[bold"):
        assert "[bold red]x[/]!" in told


def test_every_status_has_a_style():
    assert set(Status) == set(terminal.STYLES) == set(wording.STATUS)
