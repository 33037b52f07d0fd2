"""Lateness is worked out from dates alone; Gradescope's file says when, and how often before."""

import json
from datetime import datetime

import pytest

from harness.classes import dates, marks
from harness.classes.platforms import metadata, runtime
from harness.judging.check import find
from harness.judging.class_rules import Attempts, Lateness
from harness.records.people import Adjustment, Handing, Late, Person, Result
from support.small_class import graded

RULE = Lateness(datetime.fromisoformat("2026-11-20T23:59:00+01:00"), 10.0, 15.0, 50.0)
WHOLE = graded()
HALF = graded("gradient_mul")


@pytest.mark.parametrize(
    ("submitted", "late"),
    [
        ("2026-11-20T22:58:00+00:00", None),
        ("2026-11-20T23:14:00+00:00", None),
        ("2026-11-20T23:15:00+00:00", Late(1, 10.0)),
        ("2026-11-21T23:00:00+00:00", Late(2, 20.0)),
        ("2026-12-24T12:00:00+00:00", Late(34, 50.0)),
        ("2026-11-21T00:15:00", Late(1, 10.0)),
        ("not a date", None),
    ],
)
def test_each_day_that_has_begun_costs_its_part_after_the_grace(submitted, late):
    result = Result(Person("ada"), (WHOLE,), handing=Handing(submitted=submitted))

    assert late == marks.penalty(result, RULE)


def test_lateness_takes_no_more_than_was_won_and_stays_apart_from_changes_by_hand():
    change = Adjustment("ada", 3.0, "why", "who")
    handing = Handing(submitted="2026-12-24T12:00:00+00:00")
    rules = marks.Rules({"scalar_autograd": find("scalar_autograd")}, RULE)
    result = marks.marked(Result(Person("ada"), (HALF,), (change,), handing), rules)

    assert Late(34, HALF.points) == result.penalty
    assert (3.0, True) == (result.points, result.late)
    assert result == marks.marked(result, rules)


@pytest.mark.parametrize("hours", [0.0, 24.0])
def test_a_mark_without_a_moment_is_one_day_unless_somebody_gave_more_time(hours):
    more = (Adjustment("ada", 0.0, "ill", "who", hours=hours),)
    result = Result(Person("ada"), (WHOLE,), more, Handing(late=True))

    assert (None if hours else Late(1, 10.0, known=False)) == marks.penalty(result, RULE)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-11-20 13:00:00.123456789 Z", "2026-11-20T13:00:00+00:00"),
        ("2026-11-20 13:00:00 +0100", "2026-11-20T12:00:00+00:00"),
        ("2026-11-20T13:00:00-08:00", "2026-11-20T21:00:00+00:00"),
        ("2026-11-20 13:00:00 UTC", "2026-11-20T13:00:00+00:00"),
        ("Friday, 20 November 2026, 1:00 PM", "2026-11-20T13:00:00"),
        ("20 November 2026, 13:00", "2026-11-20T13:00:00"),
        ("-", ""),
        ("2026-13-40 99:00:00", ""),
        ("vendredi 20 novembre 2026", ""),
    ],
)
def test_a_moment_is_read_as_platforms_write_it(text, iso):
    assert iso == dates.iso(text)


# --- Gradescope -----------------------------------------------------------------------------


def said(**more):
    document = {
        "created_at": "2026-11-21T10:00:00.000000-08:00",
        "assignment": {"due_date": "2026-11-20T23:59:00.000000-08:00"},
        "users": [{"id": 7, "name": "Ada", "email": "a@b", "assignment": {"due_date": None}}],
        "previous_submissions": [
            {"submission_time": "2026-11-19T10:00:00.000000-08:00", "score": "3.5"},
            {"submission_time": "2026-11-21T09:00:00.000000-08:00", "score": "41.5"},
        ],
    }
    return document | more


@pytest.fixture
def read(tmp_path):
    def given(document):
        (tmp_path / "submission_metadata.json").write_text(json.dumps(document))
        return metadata.read(tmp_path / "submission_metadata.json")

    return given


def test_who_has_an_extension_or_cannot_be_read_is_not_late(read, capsys):
    extended = [{"id": 7, "assignment": {"due_date": "2026-11-22T00:00:00-08:00"}}]
    unread = read("nothing")

    assert [True, False] == [read(said()).late, read(said(users=extended)).late]
    assert ("student", False) == (unread.person.key, unread.late)
    assert "not read" in capsys.readouterr().out


@pytest.mark.parametrize(("hours", "count"), [(0.0, 2), (24.0, 1), (0.5, 0)])
def test_submissions_before_are_counted_in_the_hours_that_count(read, hours, count):
    assert count == read(said()).earlier(Attempts(3, hours))


def test_more_submissions_than_are_graded_keep_the_score_before(tmp_path):
    (tmp_path / "source").mkdir()
    (tmp_path / "submission_metadata.json").write_text(json.dumps(said()))
    (tmp_path / "source" / "rubric.toml").write_text("[submissions]\nmost = 2\n")
    code = runtime.run_gradescope(tmp_path)
    results = json.loads((tmp_path / "results" / "results.json").read_text())

    assert (0, 41.5) == (code, results["score"])
    assert "more submissions than are graded" in results["output"]
