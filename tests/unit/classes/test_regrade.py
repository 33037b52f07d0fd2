"""Points are counted from verdicts: by another rubric, by hand, by dates; nothing is run for it."""

import csv
import io
import json

import pytest

from harness.judging.check import find
from harness.records.verdict import Status
from support.commands import adjudge
from support.small_class import LAB, graded, results_of

CODE = "class ag:\n    x = 1\n"
FILES = {f"{name}.py": CODE for name in ("ada", "bob", "cyc")}
ROSTER = (
    "key,name,login,email,Student ID\n"
    'ada,"Lovelace, Ada",alove,ada@uni.edu,9001\n'
    'bob,"Babbage, Bob",bbabb,bob@uni.edu,9002\n'
    'cyc,"Curie, Cyc",ccuri,cyc@uni.edu,9003\n'
    'dan,"Doe, Dan",ddoe,dan@uni.edu,9004\n'
)
GRADES = {
    "bob": graded("gradient_mul", "relu_random"),
    "cyc": graded("relu_random", out=Status.CREDITED),
}
RUBRICS = {
    "points": "[scalar_autograd.points]\ngradient_mul = 40\nrelu_random = 2.5\n",
    "bonus, cap and total": '[scalar_autograd]\nbonus = ["relu_random"]\ncap = 20\ntotal = 50\n',
    "credit": 'credit = "strict"\n',
    "feedback": 'feedback = "exercise"\n',
    "hidden": '[scalar_autograd]\nhidden = ["relu_random"]\n',
    "visibility": '[scalar_autograd.visibility]\nrelu_random = "never"\n',
    "lateness": "[lateness]\ndue = 2026-11-20T23:59:00+01:00\nper_day = 10\n",
}


def totals(results):
    rows = csv.DictReader(io.StringIO(adjudge("export", results, "--format", "csv").stdout))
    return {row["key"]: float(row["total"]) for row in rows}


def exports(results):
    return [adjudge("export", results, "--format", form).stdout for form in ("jsonl", "csv")]


@pytest.mark.parametrize("change", RUBRICS)
def test_a_class_that_is_counted_again_is_the_class_graded_afresh(tmp_path, change):
    (tmp_path / "rubric.toml").write_text(RUBRICS[change])
    results = results_of(tmp_path / "old", FILES, ROSTER, grades=GRADES)
    before = exports(results)
    afresh = results_of(tmp_path / "new", FILES, ROSTER, grades=GRADES, rubric=RUBRICS[change])
    done = adjudge("regrade", results, "--rubric", tmp_path / "rubric.toml")

    assert 0 == done.returncode, done.stderr
    assert exports(afresh) == exports(results)
    assert 0 == adjudge("regrade", results).returncode
    assert before == exports(results)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("strict_order = true\n", "points of scalar_autograd decide what is run"),
        ("[scalar_autograd.points]\nrelu_random = 0\n", "differ here (relu_random)"),
        ("[limits]\nseconds = 5\n", "limits of scalar_autograd decide what is run"),
        ('libraries = ["scipy"]\n', "differ here (scipy)"),
        (
            "[scalar_autograd.points]\nrelu_randm = 3\n",
            'there is no check "relu_randm"; did you mean "relu_random"?',
        ),
        ("[lateness]\nper_day = 3\n", "line 1: lateness needs due"),
        (
            "[lateness]\ndue = 2026-11-20T23:59:00\n",
            "due should be a date and a time with their zone",
        ),
        ("[lateness]\nduo = 3\n", 'there is no key "duo"; did you mean "due"?'),
    ],
)
def test_a_rubric_that_needs_a_run_or_makes_no_sense_is_refused_and_changes_nothing(
    tmp_path, text, says
):
    (tmp_path / "rubric.toml").write_text(text)
    results = results_of(tmp_path, FILES, ROSTER, grades=GRADES)
    before = exports(results)
    refused = adjudge("regrade", results, "--rubric", tmp_path / "rubric.toml")

    assert (2, True) == (refused.returncode, says in refused.stderr), refused.stderr
    assert before == exports(results)


def test_strict_counts_what_passes_as_it_stands_and_can_be_taken_back(tmp_path):
    results = results_of(tmp_path, FILES, ROSTER, grades=GRADES)
    credited = totals(results)
    adjudge("regrade", results, "--strict")

    assert 0 == totals(results)["cyc"] < credited["cyc"]
    adjudge("regrade", results)
    assert credited == totals(results)


# --- by hand --------------------------------------------------------------------------------

HEAD = "key,points,reason,by,check,hours\n"


@pytest.mark.parametrize(
    "called", ["bob", "9002", "bbabb", "BOB@uni.edu", "Babbage, Bob", "Bob Babbage"]
)
def test_everything_that_the_roster_knows_of_a_person_will_do(tmp_path, called):
    by_hand = f'{HEAD}"{called}",2.5,a bus,me,,\n'
    (tmp_path / "by_hand.csv").write_text(by_hand)
    results = results_of(tmp_path, FILES, ROSTER, grades=GRADES)
    before = totals(results)
    done = adjudge("regrade", results, "--adjustments", tmp_path / "by_hand.csv")

    assert 0 == done.returncode, done.stderr
    assert before | {"bob": before["bob"] + 2.5} == totals(results)
    assert "Babbage, Bob" in adjudge("show", results, called).stdout


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"{HEAD}bobb,1,x,y,,\n", 'line 2: nobody in this class is "bobb"; the nearest: bob ('),
        (f"{HEAD}s9002,1,x,y,,\n", 'nobody in this class is "s9002"; the nearest: '),
        (
            f"{HEAD}bob,1,x,y,relu_randm,\n",
            'there is no check "relu_randm"; did you mean "relu_random"?',
        ),
        (f"{HEAD}bob,1,x,y,,-3\n", "hours are more time"),
        (f"{HEAD}bob,nan,x,y,,\n", "points is no number"),
        (f"{HEAD}bob,1,,y,,\n", "key, points, reason and by must be given"),
        (
            "key,points,reason,by,chek\nbob,1,x,y,relu_random\n",
            'no column "chek"; did you mean "check"?',
        ),
    ],
)
def test_a_line_that_names_nobody_or_makes_no_sense_is_refused(tmp_path, text, says):
    (tmp_path / "by_hand.csv").write_text(text)
    results = results_of(tmp_path, FILES, ROSTER, grades=GRADES)
    refused = adjudge("regrade", results, "--adjustments", tmp_path / "by_hand.csv")

    assert (2, True) == (refused.returncode, says in refused.stderr), refused.stderr


def test_toml_says_the_same_as_csv(tmp_path):
    (tmp_path / "by_hand.csv").write_text(
        f"{HEAD}bob,2.5,a bus,me,relu_random,\ncyc,,well done,me,,\n"
    )
    (tmp_path / "by_hand.toml").write_text(
        '[[change]]\nkey = "bob"\npoints = 2.5\nreason = "a bus"\n'
        'by = "me"\ncheck = "relu_random"\n'
        '[[change]]\nkey = "cyc"\ncomment = "well done"\nby = "me"\n'
    )
    results = results_of(tmp_path, FILES, ROSTER, grades=GRADES)
    said = []
    for suffix in ("csv", "toml"):
        adjudge("regrade", results, "--adjustments", tmp_path / f"by_hand.{suffix}")
        said.append(exports(results))

    assert said[0] == said[1]
    assert "Comment: well done (me)" in adjudge("show", results, "cyc").stdout


def test_what_was_changed_by_hand_stays_through_another_rubric(tmp_path):
    (tmp_path / "rubric.toml").write_text(RUBRICS["points"])
    by_hand = f"{HEAD}bob,2.5,a bus,me,relu_random,\n"
    results = results_of(tmp_path, FILES, ROSTER, grades=GRADES, changes=by_hand)
    adjudge("regrade", results, "--rubric", tmp_path / "rubric.toml")
    lines = map(json.loads, exports(results)[0].splitlines())
    changes = {line["person"]["key"]: line["adjustments"] for line in lines}

    assert ["relu_random"] == [change["check"] for change in changes["bob"]]


# --- what changed ---------------------------------------------------------------------------


def test_two_runs_are_compared_by_student_by_reason_and_by_check(tmp_path):
    old = results_of(tmp_path / "old", FILES, ROSTER, grades=GRADES)
    text = RUBRICS["points"]
    by_hand = f"{HEAD}ada,-3,copied,me,,\n"
    new = results_of(tmp_path / "new", FILES, ROSTER, grades=GRADES, rubric=text, changes=by_hand)
    said = adjudge("compare", old, new)
    rows = [line.split() for line in said.stdout.splitlines()]
    lab = {check.name: check.points for check in find(LAB).checks}
    mul, relu_random = 40 - lab["gradient_mul"], 2.5 - lab["relu_random"]

    assert 0 == said.returncode, said.stderr
    assert ["adjustment", "0", "1", "-3"] in rows
    assert ["2.B", "gradient_mul", "2", "0", f"+{2 * mul:g}"] in rows
    assert ["2.C", "relu_random", "0", "3", f"{3 * relu_random:g}"] in rows
    assert "3 changed" in said.stdout
    assert "0 changed" in adjudge("compare", old, old).stdout


# --- what may not be written ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "place", "says"),
    [
        (["export", "--format", "gradescope"], "taken", "is a file; name a folder"),
        (["export", "--format", "csv"], "room", "is a folder; name a file"),
        (["export", "--format", "csv"], "nowhere/x.csv", "cannot be written there"),
        (["export", "--format", "csv"], "taken/x.csv", "cannot be written there"),
        (["report"], "taken", "is a file; name a folder"),
        (["report"], "taken/site", "cannot be written there"),
    ],
)
def test_a_place_that_cannot_be_written_to_is_bad_usage_in_one_sentence(
    tmp_path, arguments, place, says
):
    (tmp_path / "taken").write_text("a file")
    (tmp_path / "room").mkdir()
    results = results_of(tmp_path / "class", FILES, ROSTER, grades=GRADES)
    refused = adjudge(arguments[0], results, *arguments[1:], "-o", tmp_path / place)

    assert (2, 1) == (refused.returncode, len(refused.stderr.splitlines())), refused.stderr
    assert says in refused.stderr
    assert "a file" == (tmp_path / "taken").read_text()


def test_init_says_in_a_sentence_where_it_cannot_write(tmp_path):
    (tmp_path / "taken").write_text("a file")
    for platform, more in (("gradescope", "a.zip"), ("github", "repo")):
        refused = adjudge("init", platform, "-o", tmp_path / "taken" / more)
        assert (2, 1) == (refused.returncode, len(refused.stderr.splitlines())), refused.stderr
