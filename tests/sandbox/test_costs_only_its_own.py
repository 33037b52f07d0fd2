"""A submission that misbehaves costs its own marks; others in the same run are unaffected."""

from dataclasses import replace

import pytest

from harness.grading.grader import LECTURE
from harness.intake import submissions
from harness.judging.check import Limits, find

EXP = "            input.grad += output.value * output.grad\n"
SABOTAGE = {
    "exits": "import os; os._exit(0)",
    "loops": "while True: pass",
    "prints 1 GB": "[print('x' * 10**6) for _ in range(1000)]",
    "allocates 16 GB": "return bytearray(16 << 30)",
    "raises a bomb": "raise Bomb()",
}
BROKEN = "gradient_lecture"
SPARED = (
    *("constructor", "values", "order_random"),
    *("gradient_mul", "gradient_log", "relu_gradient"),
)
BOMB = """
class Bomb(BaseException):
    def __str__(self):
        raise self


"""


@pytest.fixture(scope="module")
def assignment():
    limits = Limits(seconds=1, load_seconds=2, megabytes=512, output_megabytes=1)
    return replace(find("scalar_autograd"), limits=limits)


@pytest.fixture(scope="module")
def few(assignment):
    """It with the check that the sabotage breaks and some that it does not, and no probes."""
    off = {check.name: 0 for check in assignment.checks if check.name not in (BROKEN, *SPARED)}
    return replace(assignment.with_points(**off), probes=())


@pytest.fixture(scope="module")
def run(few, answer_key, tmp_path_factory, grader):
    """Every hostile submission, an honest one before, between and after, in one run."""
    folder = tmp_path_factory.mktemp("class")
    honest, hostile = [grader.grade(answer_key, few)], {}
    for name, act in SABOTAGE.items():
        path = folder / f"{name.replace(' ', '_')}.py"
        text = answer_key.read_text().replace(EXP, f"            {act}\n")
        path.write_text(text.replace("class ag:", BOMB.lstrip() + "class ag:"))
        hostile[name] = grader.grade(path, few)
        honest.append(grader.grade(answer_key, few))
    return honest, hostile


def test_the_honest_submission_gets_the_same_full_grade_each_time(run):
    honest, _ = run

    assert 0 < honest[0].points == honest[0].out_of
    assert all(grade == honest[0] for grade in honest)


@pytest.mark.parametrize("name", SABOTAGE)
def test_a_hostile_one_loses_what_it_breaks_and_keeps_the_rest(run, name):
    _, hostile = run
    told = {verdict.check: verdict.status for verdict in hostile[name].verdicts}

    assert "faulted" == told[BROKEN]
    assert {"passed"} == {told[check] for check in SPARED}
    assert 0 < hostile[name].points < hostile[name].out_of


def test_what_hangs_while_it_is_loaded_is_cut_once_for_both_assignments(
    tmp_path, answer_key, grader
):
    path = tmp_path / "ag.py"
    path.write_text(f"{answer_key.read_text()}\nwhile True:\n    pass\n")
    limits = Limits(load_seconds=1)
    grades = [grader.grade(path, replace(find(name), limits=limits)) for name in LECTURE]
    loading = grader._loading(submissions.read(path), limits)

    assert [100, 100] == [grade.points for grade in grades]
    assert ["timeout"] == [stop.fault.kind for stop in loading.stops]
    assert 1 == len(loading.skip)


WRONG = {
    "self.value + other.value,": "self.value + other.value + 1,",
    "self.value * other.value,": "self.value * other.value + 1,",
    "self.value**exponent,": "self.value**exponent + 1,",
    "math.exp(input.value),": "math.exp(input.value) + 1,",
    "math.log(input.value),": "math.log(input.value) + 1,",
}


@pytest.fixture
def with_wrong(assignment, answer_key, tmp_path, grader):
    """What some wrong parts get in the checks of values: the grade, and the verdict of each."""

    def graded(parts):
        text = answer_key.read_text()
        for right in parts:
            assert right in text
            text = text.replace(right, WRONG[right])
        (tmp_path / "ag.py").write_text(text)
        off = {check.name: 0 for check in assignment.checks if not check.name.startswith("value")}
        values = replace(assignment.with_points(**off), probes=())
        grade = grader.grade(tmp_path / "ag.py", values)
        return grade, {verdict.check: verdict for verdict in grade.verdicts}

    return graded


def test_where_every_part_has_to_be_replaced_nothing_is_earned_by_them(with_wrong):
    grade, told = with_wrong(WRONG)

    assert ("skipped", 0.0) == (told["values"].status, told["values"].points)
    assert 0.0 == grade.points


def test_one_wrong_part_is_not_paid_for_twice(with_wrong):
    _, told = with_wrong([*WRONG][:1])

    assert ("failed", "credited") == (told["value_add"].status, told["values"].status)
