"""What is wrong costs its own marks, once; what it costs others, tests/hostile asks: nothing."""

from dataclasses import replace

import pytest

from harness.grading.grader import LECTURE
from harness.intake import submissions
from harness.judging.check import Limits, find


@pytest.fixture(scope="module")
def assignment():
    limits = Limits(seconds=1, load_seconds=2, megabytes=512, output_megabytes=1)
    return replace(find("scalar_autograd"), limits=limits)


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
