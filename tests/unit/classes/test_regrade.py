"""Points are counted from verdicts: by another rubric, by hand, by dates; nothing is run for it."""

import json

import pytest

from harness.judging.check import find
from harness.records.verdict import Status
from support.commands import adjudge
from support.small_class import CODE, LAB, exported, graded, refused, results_of, table

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
    return {row["key"]: float(row["total"]) for row in table(results)}


def exports(results):
    return [exported(results, form) for form in ("jsonl", "csv")]


@pytest.fixture
def results(tmp_path):
    return results_of(tmp_path / "class", FILES, ROSTER, grades=GRADES)


@pytest.fixture
def ruled(tmp_path, results):
    """Counts the class again by a file: regrade(option, text) says what the command printed."""

    def regrade(option, text, suffix="csv"):
        path = tmp_path / f"rules.{suffix}"
        path.write_text(text)
        return adjudge("regrade", results, option, path)

    return regrade


@pytest.mark.parametrize("change", RUBRICS)
def test_a_class_that_is_counted_again_is_the_class_graded_afresh(tmp_path, results, ruled, change):
    before = exports(results)
    afresh = results_of(tmp_path / "new", FILES, ROSTER, grades=GRADES, rubric=RUBRICS[change])
    done = ruled("--rubric", RUBRICS[change])

    assert 0 == done.returncode, done.stderr
    assert exports(afresh) == exports(results)
    assert 0 == adjudge("regrade", results).returncode
    assert before == exports(results)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("strict_order = true", "points of scalar_autograd decide what is run"),
        ("[scalar_autograd.points]\nrelu_random = 0", "differ here (relu_random)"),
        ("[limits]\nseconds = 5", "limits of scalar_autograd decide what is run"),
        ('libraries = ["scipy"]', "differ here (scipy)"),
        (
            "[scalar_autograd.points]\nrelu_randm = 3",
            'there is no check "relu_randm"; did you mean "relu_random"?',
        ),
        ("[lateness]\nper_day = 3", "line 1: lateness needs due"),
        (
            "[lateness]\ndue = 2026-11-20T23:59:00",
            "due should be a date and a time with their zone",
        ),
        ("[lateness]\nduo = 3", 'there is no key "duo"; did you mean "due"?'),
    ],
)
def test_a_rubric_that_needs_a_run_or_makes_no_sense_is_refused_and_changes_nothing(
    results, ruled, text, says
):
    before = exports(results)
    done = ruled("--rubric", f"{text}\n")

    assert (2, True) == (done.returncode, says in done.stderr), done.stderr
    assert before == exports(results)


def test_strict_counts_what_passes_as_it_stands_and_can_be_taken_back(results):
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
def test_everything_that_the_roster_knows_of_a_person_will_do(results, ruled, called):
    before = totals(results)
    done = ruled("--adjustments", f'{HEAD}"{called}",2.5,a bus,me,,\n')

    assert 0 == done.returncode, done.stderr
    assert before | {"bob": before["bob"] + 2.5} == totals(results)
    assert "Babbage, Bob" in adjudge("show", results, called).stdout


RANDM = "bob,1,x,y,relu_randm,"
SLIPS = {
    f"{HEAD}bobb,1,x,y,,": 'line 2: nobody in this class is "bobb"; the nearest: bob (',
    f"{HEAD}s9002,1,x,y,,": 'nobody in this class is "s9002"; the nearest: ',
    f"{HEAD}{RANDM}": 'there is no check "relu_randm"; did you mean "relu_random"?',
    f"{HEAD}bob,1,x,y,,-3": "hours are more time",
    f"{HEAD}bob,nan,x,y,,": "points is no number",
    f"{HEAD}bob,1,,y,,": "key, points, reason and by must be given",
    f"{HEAD.replace('check', 'chek')}{RANDM}": 'no column "chek"; did you mean "check"?',
}


@pytest.mark.parametrize(("text", "says"), SLIPS.items(), ids=lambda text: text[-30:])
def test_a_line_that_names_nobody_or_makes_no_sense_is_refused(ruled, text, says):
    done = ruled("--adjustments", f"{text}\n")

    assert (2, True) == (done.returncode, says in done.stderr), done.stderr


def test_toml_says_the_same_as_csv(results, ruled):
    ruled("--adjustments", f"{HEAD}bob,2.5,a bus,me,relu_random,\ncyc,,well done,me,,\n")
    said = exports(results)
    toml = '[[change]]\nkey = "bob"\npoints = 2.5\nreason = "a bus"\nby = "me"\n'
    toml += 'check = "relu_random"\n[[change]]\nkey = "cyc"\ncomment = "well done"\nby = "me"\n'
    ruled("--adjustments", toml, "toml")

    assert exports(results) == said
    assert "Comment: well done (me)" in adjudge("show", results, "cyc").stdout


def test_what_was_changed_by_hand_stays_through_another_rubric(results, ruled):
    ruled("--adjustments", f"{HEAD}bob,2.5,a bus,me,relu_random,\n")
    ruled("--rubric", RUBRICS["points"])
    lines = map(json.loads, exports(results)[0].splitlines())
    changes = {line["person"]["key"]: line["adjustments"] for line in lines}

    assert ["relu_random"] == [change["check"] for change in changes["bob"]]


# --- what changed ---------------------------------------------------------------------------


def test_two_runs_are_compared_by_student_by_reason_and_by_check(tmp_path, results):
    rules = {"rubric": RUBRICS["points"], "changes": f"{HEAD}ada,-3,copied,me,,\n"}
    new = results_of(tmp_path / "new", FILES, ROSTER, grades=GRADES, **rules)
    said = adjudge("compare", results, new)
    rows = [line.split() for line in said.stdout.splitlines()]
    lab = {check.name: check.points for check in find(LAB).checks}
    mul, relu_random = 40 - lab["gradient_mul"], 2.5 - lab["relu_random"]

    assert 0 == said.returncode, said.stderr
    assert ["adjustment", "0", "1", "-3"] in rows
    assert ["2.B", "gradient_mul", "2", "0", f"+{2 * mul:g}"] in rows
    assert ["2.C", "relu_random", "0", "3", f"{3 * relu_random:g}"] in rows
    assert "3 changed" in said.stdout
    assert "0 changed" in adjudge("compare", results, results).stdout


# --- what may not be written ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "place", "says"),
    [
        ("export --format gradescope", "taken", "is a file; name a folder"),
        ("export --format csv", "room", "is a folder; name a file"),
        ("export --format csv", "nowhere/x.csv", "cannot be written there"),
        ("export --format csv", "taken/x.csv", "cannot be written there"),
        ("report", "taken", "is a file; name a folder"),
        ("report", "taken/site", "cannot be written there"),
    ],
)
def test_a_place_that_cannot_be_written_to_is_bad_usage_in_one_sentence(
    tmp_path, results, command, place, says
):
    (tmp_path / "taken").write_text("a file")
    (tmp_path / "room").mkdir()
    word, *more = command.split()

    assert says in refused(word, results, *more, "-o", tmp_path / place)
    assert "a file" == (tmp_path / "taken").read_text()


@pytest.mark.parametrize(("platform", "more"), [("gradescope", "a.zip"), ("github", "repo")])
def test_init_says_in_a_sentence_where_it_cannot_write(tmp_path, platform, more):
    (tmp_path / "taken").write_text("a file")

    assert refused("init", platform, "-o", tmp_path / "taken" / more)
