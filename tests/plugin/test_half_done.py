"""Half-done work keeps what is right: what is missing costs its own checks, and is told once."""

import re
from pathlib import Path

import pytest

from harness.judging.check import find
from harness.records.handed_in import Source, Submission
from harness.report.words import listing, wording
from support.class_runs import off
from support.commands import adjudge
from support.long import long_where

KEY_PATH = Path(__file__).parents[2] / "reference_impls" / "answer_key.py"
KEY = KEY_PATH.read_text()
ATTENTION = KEY_PATH.with_name("attention_key.py").read_text()
OPTIMIZER = KEY[KEY.index("class Optimizer") :]
AG = KEY[KEY.index("class ag") : KEY.index("class Model")]
MODEL = KEY[KEY.index("class Model") : KEY.index("class Loss")]
LOSS = KEY[KEY.index("class Loss") : KEY.index("class Optimizer")]


BARE = """
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
NESTED = "\n_flat = Model.forward\nModel.forward = lambda self, x: [_flat(self, x)]\n"


def kept_as(thing):
    """The answer key that keeps something else as the value."""
    array = KEY.replace("self.value = float(value)", f"self.value = {thing}", 1)
    return f"import numpy as np\n{array}"


@pytest.fixture
def grades(grader):
    def graded(text, assignment="mlp_training"):
        assert text != KEY
        submission = Submission("half", (Source("ag.py", text),), module="ag")
        return grader.grade(submission, find(assignment))

    return graded


def points(grade):
    return {v.check: v.points for v in grade.verdicts if v.points}


def said(grade, check):
    return next(wording.sentence(v) for v in grade.verdicts if v.check == check)


def test_an_optimizer_alone_is_judged_with_our_scalar(grades):
    assert {"zero_grad": 10.0, "step": 10.0} == points(grades(OPTIMIZER))


@pytest.mark.parametrize(("part", "lost"), [(LOSS, 20), (MODEL, 40), (OPTIMIZER, 20)])
def test_a_missing_class_costs_its_own_checks(grades, part, lost):
    assert 100 - lost == grades(KEY.replace(part, "")).points


@pytest.mark.parametrize("assignment", ["mlp_training", "scalar_autograd"])
def test_nothing_at_all_earns_nothing(grades, assignment):
    assert {} == points(grades("x = 1\n", assignment))


SAID = {
    "a method of another name": (
        *(KEY.replace("topological_sort", "topo_sort"), "scalar_autograd", "order_lecture"),
        "It has ag.Scalar.topo_sort",
    ),
    "a bare scalar in the place of a list": (
        *(KEY + BARE, "mlp_training", "initialisation"),
        "model.b2 is an object of type Scalar",
    ),
    "a nested output": (
        *(KEY + NESTED, "mlp_training", "forward"),
        "output[0].value is a list, not a number.",
    ),
    "an array with an axis": (
        *(kept_as("np.array([float(value)])"), "scalar_autograd", "constructor"),
        "is an ndarray, not a number.",
    ),
    "a value under another name": (
        *(re.sub(r"\.value\b", ".data", KEY), "scalar_autograd", "constructor"),
        "has no attribute 'value'; it has `data`",
    ),
}
ALIKE = ("a bare scalar in the place of a list", "a value under another name")
"""What the tests below hold too."""


@pytest.mark.parametrize("name", long_where(SAID, ALIKE.__contains__))
def test_what_is_not_as_it_should_be_is_told_as_what_it_is(grades, name):
    text, assignment, check, sentence = SAID[name]
    grade = grades(text, assignment)

    assert grade.points > 0
    assert check not in points(grade)
    assert sentence in said(grade, check)


def test_what_a_bare_scalar_and_a_nested_output_cost(grades):
    assert 90.0 == grades(KEY + BARE).points
    nested = points(grades(KEY + NESTED))
    assert {"initialisation": 10.0, "parameters": 5.0}.items() <= nested.items()


def test_an_array_without_axes_is_a_number(grades):
    grade = grades(kept_as("np.array(float(value))"), "scalar_autograd")

    assert grade.points == grade.out_of
    assert "value or grad are numpy arrays without axes, which count as numbers" in (
        wording.conventions(grade)
    )


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


MUL = "other.value * output.grad"
KNOWN = [
    (f"self.grad += {MUL}", f"self.grad = {MUL}", "gradient_mul", "__mul__"),
    ("1.0 if input.value > 0 else 0.0", "1.0", "relu_gradient", "relu"),
]


@pytest.mark.parametrize(("right", "wrong", "check", "part"), KNOWN)
def test_a_known_mistake_is_told_with_the_line_of_the_part_that_it_is_in(
    grades, right, wrong, check, part
):
    assert right in KEY
    text = KEY.replace(right, wrong)
    grade = grades(text, "scalar_autograd")
    number = next(n for n, found in enumerate(text.split("\n"), 1) if f"def {part}" in found)
    verdict = next(v for v in grade.verdicts if v.check == check)

    assert f"Look at ag.py:{number} in {part}." in wording.diagnosis(verdict)


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
