# ruff: noqa: E501  an edit is one line of a table
"""Engines in other styles than the lecture's: each must get exactly the verdicts that it states."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from textwrap import indent

import pytest

from harness.assignments.lecture6.dialect import AG
from harness.intake import submissions
from harness.judging import declared
from harness.judging.check import Limits, find
from harness.judging.mutant import mutate
from harness.programs.found import NoDialect
from harness.records.handed_in import Source, Submission
from harness.records.known import Edit
from harness.report.words import listing
from support.long import sample
from support.specimens import PATHS, SPECIMENS, edited, engines_of

ROOT = Path(__file__).parents[2] / "student_submissions" / "engines"
STYLES = sorted(path.stem for path in ROOT.glob("*.py"))
EDITED = engines_of("engines.toml")
"""Engines with one mistake, each an edit of one of those styles."""
SINGLE = sorted(path.stem for path in (ROOT / "single").glob("*.py"))
"""Modules of one feature each, named for what they do in their own way."""
DECLARED = {"asks_order": "backwards_order", "pulls": "no method of Leaf"}
"""Those whose dialect only a declaration can give, and what is said of them."""
WRONG = {"keyed_partials": {"sub"}}
ENDLESS = {"stops_early": Limits(load_seconds=1)}
"""What trains for minutes below its class, and a shorter limit than students get."""


def engine(name, text):
    return Submission(name, (Source("engine.py", text),), module="engine", digest=name)


def text_of(name):
    folder = ROOT / "single" if name in SINGLE else ROOT
    return (folder / f"{name}.py").read_text(encoding="utf-8")


def broken(grade):
    return {v.check for v in grade.verdicts if v.status.value in ("failed", "stopped", "faulted")}


def lost(grade):
    """What does not pass: a check that is credited or blocked is no mistake of its own."""
    return {v.check for v in grade.verdicts if v.status.value not in ("passed", "absent", "noted")}


RIGHT = [name for name in (*STYLES, *SINGLE) if name not in (*WRONG, *DECLARED)]


@pytest.mark.parametrize("name", sample(6, RIGHT))
def test_a_right_engine_is_right_under_its_own_names(name, grader):
    lab = find("scalar_engine")
    short = replace(lab, limits=ENDLESS.get(name, lab.limits))
    grade = grader.grade(engine(name, text_of(name)), short)

    assert not grade.unreadable
    assert set() == lost(grade)
    assert grade.points == grade.out_of > 20


@pytest.mark.parametrize("name", DECLARED)
def test_an_engine_whose_names_cannot_be_found_says_what_must_be_declared(name, grader):
    with pytest.raises(NoDialect, match=DECLARED[name]) as caught:
        grader.dialect(engine(name, text_of(name)))

    assert caught.value.near


FILES = {
    "asks_order": """node = "Knot"
value = "{0}.data"
backward = ["{0}.backward({0}.topo()[::-1])"]
[operations]
add = "{0} + {1}"
mul = "{0} * {1}"
""",
    "pulls": """node = "Leaf"
gradient = "{0}.grad()"
backward = ["{0}.adjoint = 1.0"]
zero = "{0}.adjoint = None; {0}.uses = []"
[operations]
add = "{0} + {1}"
mul = "{0} * {1}"
""",
}
"""What must be declared of them."""
SPOILT = {
    "asks_order": Edit("((self, o.data), (o", "((self, self.data), (o"),
    "pulls": Edit("o.value, self.value)", "o.value, o.value)"),
}
"""A mistake of `*` in each."""


@pytest.mark.parametrize("name", DECLARED)
def test_an_engine_whose_names_are_declared_in_a_file_is_right(name, grader, tmp_path):
    (tmp_path / "dialect.toml").write_text(FILES[name])
    spoken = declared.spoken(find("scalar_engine"), str(tmp_path / "dialect.toml"))
    spoilt = mutate(text_of(name), (SPOILT[name],))

    right = grader.grade(engine(name, text_of(name)), spoken)
    wrong = grader.grade(engine(f"{name} spoilt", spoilt), spoken)

    assert set() == lost(right)
    assert right.points == right.out_of == 26
    assert {"mul"} == broken(wrong)


@pytest.mark.parametrize("name", WRONG)
def test_an_engine_with_one_mistake_is_wrong_in_that_operation(name, grader):
    grade = grader.grade(engine(name, text_of(name)), "scalar_engine")

    assert WRONG[name] == broken(grade)


def test_there_are_enough_engines_of_either_kind():
    assert len(STYLES) >= 12
    assert len(EDITED) >= 12


@pytest.mark.parametrize("name", sample(6, EDITED))
def test_an_engine_with_one_mistake_loses_in_its_operation_alone(name, grader):
    stated = EDITED[name]
    text = edited(text_of(stated["of"]), stated["edits"])

    grade = grader.grade(engine(name, text), "scalar_engine")

    assert set(stated["wrong"]) == broken(grade)
    (verdict,) = (v for v in grade.verdicts if v.check in stated["wrong"])
    assert f"from engine import {grade.dialect.node}" in listing.program(verdict, grade)


def test_the_shown_program_is_in_the_students_own_names(grader):
    grade = grader.grade(engine("keyed_partials", text_of("keyed_partials")), "scalar_engine")
    (verdict,) = (v for v in grade.verdicts if v.check == "sub")

    told = listing.program(verdict, grade)

    assert told.startswith("from engine import Value\nx1 = Value(")
    assert "v1 = x1 - x1\nv1.backward()\nprint(x1.grad)  # yours: -1.0; torch and jax: 0.0" in told


OTHERWISE = {
    "backward_no_seed": {"backward": ("{0}.grad = 1.0", "{0}.backward()")},
    "order_set": {"order": ""},
    "starter": {"order": ""},
}
"""Specimens in which something else is found: the caller sets the root's gradient, a sort gives no
list, or there is none yet."""


NO_PRODUCT = "mul_no_return"
"""The specimen whose * gives nothing, so that x*y + x cannot be run."""
OF_THE_MLP = ("Model", "Loss", "Optimizer", "Training")
"""Where a mistake in one of these is, the engine is that of a right specimen."""
FOUND = [s for s in SPECIMENS if s.name != NO_PRODUCT and s.exercise not in OF_THE_MLP]


def test_no_engine_is_found_where_a_product_is_nothing(grader):
    with pytest.raises(NoDialect, match="no class has both"):
        grader.dialect(submissions.read(PATHS[NO_PRODUCT]))


@pytest.mark.parametrize("specimen", sample(4, FOUND), ids=lambda specimen: specimen.name)
def test_the_lectures_dialect_is_found_by_the_same_probe_on_every_specimen(specimen, grader):
    dialect = grader.dialect(submissions.read(specimen.path))

    facts = {name: getattr(AG, name) for name in ("value", "gradient", "backward", "order")}
    wanted = facts | OTHERWISE.get(specimen.name, {})
    assert wanted == {name: getattr(dialect, name) for name in facts}
    assert dialect.node.endswith("Scalar")
    assert {"add", "mul", "pow"} <= {*dialect.takes, *dialect.refused}


LECTURE = find("scalar_autograd")
SORTED = """class Scalar:
    def __init__(self, data, kids=()): self.data, self.grad, self.kids = data, 0.0, kids
    def __add__(self, o): return Scalar(self.data + o.data, ((self, 1.0), (o, 1.0)))
    def __mul__(self, o): return Scalar(self.data * o.data, ((self, o.data), (o, self.data)))
    def topological_sort(self):
        order = []
        def visit(n): n in order or ([visit(k) for k, _ in n.kids], order.append(n))
        visit(self); return order
    def backward(self):
        self.grad = 1.0
        for n in reversed(self.topological_sort()):
            for k, s in n.kids: k.grad += s * n.grad
"""
HELD = "class ag:\n" + indent(SORTED, "    ").replace("return Scalar", "return ag.Scalar")
OTHERS = {
    "a Scalar with other attributes": SORTED,
    "a Scalar without the lecture's sort": SORTED.replace("data", "value").replace(
        "topological_", ""
    ),
    "an ag whose Scalar has other attributes": HELD,
    "an ag with nothing but a Scalar": HELD.replace("data", "value").replace("topological_", ""),
    "an ag that is something else": "ag = 'silver'\n" + SORTED.replace("topological_sort", "order"),
}
"""Engines that have a name of the lecture's, and not what it stands for there."""


@pytest.mark.parametrize("name", OTHERS)
def test_a_name_of_the_lectures_alone_makes_no_module_the_lectures(name, grader):
    handed_in = engine(name, OTHERS[name])

    assert not grader.speaks(handed_in, LECTURE)
    assert set() == lost(grader.grade(handed_in, "scalar_engine"))


@pytest.mark.long
def test_every_specimen_of_the_lectures_is_judged_under_the_lectures_names(grader):
    assert [] == [s.name for s in SPECIMENS if not grader.speaks(submissions.read(s.path), LECTURE)]


ALONE = """
import sys
from harness.grading.grader import Grader
with Grader() as grader:
    for name in ("scalar_engine", "scalar_network"):
        grade = grader.grade(sys.argv[1], name)
        assert grade.points == grade.out_of > 20, grade
assert not {"torch", "jax"} & set(sys.modules), "asked live"
"""


def test_neither_torch_nor_jax_is_imported_to_judge_an_engine():
    path = ROOT / "networks" / "tanh.py"

    done = subprocess.run(
        [sys.executable, "-c", ALONE, str(path)], capture_output=True, text=True, check=False
    )

    assert (0, "") == (done.returncode, done.stderr)


KEY = find("scalar_engine").answer_key.source.text
MISTAKES = [
    ("add", "            self.grad += out.grad\n            other.grad += out.grad", "            self.grad = out.grad\n            other.grad = out.grad"),
    ("mul", "self.grad += other.data * out.grad", "self.grad += self.data * out.grad"),
    ("mul", "other.grad += self.data * out.grad", "other.grad = self.data * out.grad"),
    ("sub", "            self.grad += out.grad\n            other.grad -= out.grad\n", "            self.grad += out.grad\n            other.grad += out.grad\n"),
    ("div", "out.grad * self.data / other.data**2", "out.grad * self.data / other.data"),
    ("div", "other.grad -= out.grad * self.data", "other.grad += out.grad * self.data"),
    ("pow", "other * self.data ** (other - 1) * out.grad", "other * self.data ** (other - 1)"),
    ("pow_node", "out.data * math.log(self.data) * out.grad", "out.data * math.log(other.data) * out.grad"),
    ("neg", "        def push():\n            self.grad -= out.grad", "        def push():\n            self.grad += out.grad"),
    ("abs", "math.copysign(1.0, self.data) * out.grad", "out.grad"),
    ("exp", "self.grad += out.data * out.grad\n", "self.grad += self.data * out.grad\n"),
    ("log", "self.grad += out.grad / self.data\n", "self.grad = out.grad / self.data\n"),
    ("relu", "(out.data > 0) * out.grad", "(out.data >= 0) * out.grad"),
    ("tanh", "(1 - out.data**2) * out.grad", "(1 - self.data**2) * out.grad"),
    ("sigmoid", "out.data * (1 - out.data) * out.grad", "out.data * (1 - self.data) * out.grad"),
    ("sqrt", "0.5 / out.data * out.grad", "0.5 / self.data * out.grad"),
    ("sin", "self.grad += math.cos(self.data) * out.grad", "self.grad -= math.cos(self.data) * out.grad"),
    ("cos", "self.grad -= math.sin(self.data) * out.grad", "self.grad += math.sin(self.data) * out.grad"),
    ("max", "other.grad += (self.data <= other.data)", "other.grad += (self.data >= other.data)"),
    ("number_sub", "return Value(other) - self", "return self - Value(other)"),
    ("number_div", "return Value(other) / self", "return self / Value(other)"),
]  # fmt: skip
"""An edit of the answer key each, and the operation that it spoils."""


@pytest.mark.parametrize(("operation", "old", "new"), sample(8, MISTAKES))
def test_a_mistake_in_one_operation_costs_that_operation_alone(operation, old, new, grader):
    text = mutate(KEY, (Edit(old, new),))

    grade = grader.grade(engine(f"{operation}: {new}", text), "scalar_engine")

    assert broken(grade) == {operation}


RENAMED = (
    {},
    {"Value": "Number", "data": "v", "grad": "g", "backward": "backprop"},
    {"Value": "Tensor", "data": "value", "grad": "gradient", "topological_sort": "toposort"},
    {"Value": "Var", "data": "val", "grad": "_grad", "exp": "e_to", "log": "ln"},
    {"Value": "Node", "data": "number", "grad": "adjoint", "backward": "back", "relu": "ReLU"},
)


@pytest.mark.parametrize("names", sample(4, RENAMED), ids=lambda names: names.get("Value", "Value"))
def test_the_key_is_right_in_every_dialect_and_a_mutant_of_it_is_not(names, grader):
    def spelled(text):
        for old, new in names.items():
            text = re.sub(rf"(?<!math\.)\b{old}\b", new, text)
        return text

    wrong = mutate(KEY, (Edit("(1 - out.data**2) * out.grad", "(1 - out.data) * out.grad"),))
    right = grader.grade(engine(f"right {names}", spelled(KEY)), "scalar_engine")
    killed = grader.grade(engine(f"wrong {names}", spelled(wrong)), "scalar_engine")

    assert set() == lost(right)
    assert {"tanh"} == broken(killed)
