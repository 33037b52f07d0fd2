"""Half-done work keeps what is right: what is missing costs its own checks, and is told once."""

import re
from pathlib import Path

import pytest

from harness.grading.grader import Grader
from harness.judging.check import find
from harness.records.handed_in import Source, Submission
from harness.report.words import listing, wording
from support.class_runs import off
from support.commands import adjudge

KEY_PATH = Path(__file__).parents[2] / "reference_impls" / "answer_key.py"
KEY = KEY_PATH.read_text()
ATTENTION = KEY_PATH.with_name("attention_key.py").read_text()
OPTIMIZER = KEY[KEY.index("class Optimizer") :]
AG = KEY[KEY.index("class ag") : KEY.index("class Model")]
MODEL = KEY[KEY.index("class Model") : KEY.index("class Loss")]
LOSS = KEY[KEY.index("class Loss") : KEY.index("class Optimizer")]


@pytest.fixture(scope="module")
def grades():
    with Grader() as grader:

        def graded(text, assignment="mlp_training"):
            assert text != KEY
            submission = Submission("half", (Source("ag.py", text),), module="ag")
            return grader.grade(submission, find(assignment))

        yield graded


def points(grade):
    return {v.check: v.points for v in grade.verdicts if v.points}


def said(grade, check):
    return next(wording.sentence(v) for v in grade.verdicts if v.check == check)


def test_an_optimizer_alone_is_judged_with_our_scalar(grades):
    assert {"zero_grad": 10.0, "step": 10.0} == points(grades(OPTIMIZER))


@pytest.mark.parametrize(("part", "lost"), [(LOSS, 20), (MODEL, 40), (OPTIMIZER, 20)])
def test_a_missing_class_costs_its_own_checks(grades, part, lost):
    assert 100 - lost == grades(KEY.replace(part, "")).points


def test_nothing_at_all_earns_nothing(grades):
    assert {} == points(grades("x = 1\n"))
    assert {} == points(grades("x = 1\n", "scalar_autograd"))


def test_a_class_and_a_method_of_other_names_are_pointed_at(grades):
    sort = grades(KEY.replace("topological_sort", "topo_sort"), "scalar_autograd")

    assert "It has ag.Scalar.topo_sort" in said(sort, "order_lecture")


def test_a_bare_scalar_in_the_place_of_a_list_is_told_as_one(grades):
    bare = """
_drawn, _passed = Model.__init__, Model.forward

def _init(self, *sizes, **named):
    _drawn(self, *sizes, **named)
    self.b2 = self.b2[0]

def _forward(self, x):
    self.b2 = [self.b2]
    output = _passed(self, x)
    self.b2 = self.b2[0]
    return output

Model.__init__, Model.forward = _init, _forward
"""
    grade = grades(KEY + bare)

    assert grade.points == 90.0
    assert "model.b2 is an object of type Scalar" in said(grade, "initialisation")


def test_a_nested_output_is_told_as_a_list(grades):
    nested = "\n_flat = Model.forward\nModel.forward = lambda self, x: [_flat(self, x)]\n"
    grade = grades(KEY + nested)

    assert {"initialisation": 10.0, "parameters": 5.0}.items() <= points(grade).items()
    assert "output[0].value is a list, not a number." == said(grade, "forward")


def test_an_array_without_axes_is_a_number(grades):
    array = KEY.replace("self.value = float(value)", "self.value = np.array(float(value))", 1)
    assert array != KEY
    grade = grades(f"import numpy as np\n{array}", "scalar_autograd")

    assert grade.points == grade.out_of
    assert "value or grad are numpy arrays without axes, which count as numbers" in (
        wording.conventions(grade)
    )


def test_an_array_with_an_axis_is_no_number(grades):
    array = KEY.replace("self.value = float(value)", "self.value = np.array([float(value)])", 1)
    grade = grades(f"import numpy as np\n{array}", "scalar_autograd")

    assert said(grade, "constructor").endswith("is an ndarray, not a number.")
    assert "constructor" not in points(grade)


@pytest.mark.parametrize(
    ("returns", "sentence"),
    [
        ("float({})", "losses are Python floats"),
        ("np.float64({})", "losses are numpy scalars"),
        ("np.array({})", "losses are numpy arrays without axes, which count as numbers"),
    ],
)
def test_a_loss_of_attention_may_be_an_array_without_axes(grades, returns, sentence):
    lists = f"[{returns.format('loss')} for loss in losses]"
    text = f"""{ATTENTION}
_train = train
def train(*given, **named):
    *parameters, losses = _train(*given, **named)
    return (*parameters, {lists})
"""
    grade = grades(text, "numpy_attention")

    assert [sentence] == wording.conventions(grade)
    assert grade.points == grade.out_of


def test_functions_are_not_missing_because_the_class_is(grades):
    grade = grades(KEY.replace("Scalar", "Value"), "scalar_autograd")
    told = {said(grade, verdict.check) for verdict in grade.verdicts if verdict.out_of}

    assert 1 == len(told), told
    assert told.pop().startswith("Missing from the module: ag.Scalar. It has ag.Value;")


def test_a_scalar_that_keeps_its_value_under_another_name_is_told_which(grades):
    grade = grades(re.sub(r"\.value\b", ".data", KEY), "scalar_autograd")

    assert grade.points > 0
    assert said(grade, "constructor").endswith("has no attribute 'value'; it has `data`")
    assert all("; it has `value`" in s for s in [said(grade, "value_pow")] if "'data'" in s)


@pytest.mark.parametrize(
    ("right", "wrong", "check", "line"),
    [
        (
            "self.grad += other.value * output.grad",
            "self.grad = other.value * output.grad",
            "gradient_mul",
            "def __mul__",
        ),
        ("1.0 if input.value > 0 else 0.0", "1.0", "relu_gradient", "def relu"),
    ],
)
def test_a_known_mistake_is_told_with_the_line_of_the_part_that_it_is_in(
    grades, right, wrong, check, line
):
    assert right in KEY
    text = KEY.replace(right, wrong)
    grade = grades(text, "scalar_autograd")
    number = next(n for n, found in enumerate(text.split("\n"), 1) if line in found)
    verdict = next(v for v in grade.verdicts if v.check == check)

    assert f"Look at ag.py:{number} in {line.removeprefix('def ')}." in wording.diagnosis(verdict)


def test_syntax_of_a_later_python_names_the_version(grades):
    grade = grades(KEY + '\n\ntext = f"{"a" + "b"}"\n')

    assert grade.unreadable.startswith("ag.py: line ")
    assert re.search(r"it needs Python 3\.12, and grading runs 3\.11", grade.unreadable)
    line, mark = listing.trace(grade.verdicts[0])
    assert (line.strip(), mark.strip()) == ('text = f"{"a" + "b"}"', "^")


def test_a_value_of_another_name_is_told_above_everything(tmp_path):
    path = tmp_path / "ag.py"
    path.write_text(re.sub(r"(?<=\.)value\b", "data", KEY))
    rubric = tmp_path / "rubric.toml"
    rubric.write_text(off("constructor") + off("mse", of="mlp_training"))
    said_first = adjudge("check", path, "--rubric", rubric).stdout.splitlines()[0]

    assert "`ag.Scalar` has no `value`, which is called `data` here." in said_first
