"""Networks on engines, in several styles, each right or with one mistake that must be found."""

from pathlib import Path

import pytest

from harness.intake import submissions
from harness.judging.check import find
from harness.judging.mutant import mutate
from harness.records.handed_in import Source, Submission
from harness.records.known import Edit
from harness.report.words import listing, wording
from harness.report.words.dialects import read_as
from support.long import sample

ROOT = Path(__file__).parents[2] / "student_submissions" / "engines" / "networks"
NETWORK = find("scalar_network")
KEY = NETWORK.answer_key
STYLES = {
    "tanh": ("Neuron tanh", "Layer tanh", "MLP tanh tanh"),
    "bias_first": ("Dense relu", "Net relu linear"),
    "linear": ("Linear linear",),
    "package": ("Layer linear", "Network sigmoid linear"),
}
"""Each style, and what its networks are found to compute."""
CHECK_OF = {
    "parameters": ("parameters",),
    "one neuron": ("parameters",),
    "no bias": ("forward",),
    "bias added": ("forward",),
    "first weight": ("forward",),
    "last input": ("forward",),
    "weights as": ("gradients",),
    "bias as": ("gradients",),
    "layers cut": ("gradients",),
    "zero_grad": ("zero_grad",),
}
"""By the beginning of a mistake's name, the check in which it is found."""


def handed_in(name):
    path = ROOT / name
    return submissions.read(path if path.is_dir() else path.with_suffix(".py"))


def changed(name, text):
    return Submission(name, (Source("engine.py", text),), module="engine", digest=name)


def broken(grade):
    return tuple(v.check for v in grade.verdicts if v.status.value in ("failed", "faulted"))


def lost(grade):
    return [v.check for v in grade.verdicts if v.status.value not in ("passed", "absent", "noted")]


@pytest.mark.parametrize("name", STYLES)
def test_a_right_network_is_right_under_its_own_names(name, grader):
    grade = grader.grade(handed_in(name), "scalar_network")

    found = grade.dialect.networks
    acts = [" ".join([n.name, *[n.hidden] * (n.kind == "mlp"), n.last]) for n in found]
    assert STYLES[name] == tuple(acts)
    assert [] == lost(grade)
    assert grade.points == grade.out_of >= 22


def test_the_key_is_right_and_its_answers_are_recorded(grader):
    grade = grader.grade(changed("key", KEY.source.text), "scalar_network")

    assert [] == lost(grade)
    assert 24 == grade.points
    assert ("torch", "jax") == tuple(name.split()[0] for name in grade.oracles)


def test_of_an_unknown_activation_the_parameters_alone_are_judged(grader):
    grade = grader.grade(handed_in("leaky"), "scalar_network")

    assert 4 == grade.points == grade.out_of
    assert "what Neuron computes" in "\n".join(read_as(grade))


@pytest.mark.parametrize("model", sample(2, KEY.models), ids=lambda model: model.name)
def test_a_mistake_of_a_network_is_found_where_it_is_and_named(model, grader):
    text = mutate(KEY.source.text, model.edits)

    grade = grader.grade(changed(model.name, text), "scalar_network")

    (checks,) = (c for start, c in CHECK_OF.items() if model.name.startswith(start))
    assert checks == broken(grade)
    (verdict,) = (v for v in grade.verdicts if v.check in checks)
    assert model.sentence in wording.sentence(verdict) or model.name in [
        diagnosis.name for diagnosis in verdict.diagnosis
    ]


WRONG = [
    ("tanh", "self.w + [self.b]", "self.w", "parameters"),
    ("tanh", "zip(self.w, x)), self.b)", "zip(self.w, x)))", "forward"),
    ("tanh", "(1 - t**2) * out.grad", "(1 - t**2) + out.grad", "gradients"),
    ("tanh", "for layer in self.layers for p", "for layer in self.layers[:1] for p", "parameters"),
    ("bias_first", "z = z + w * xi", "z = bias + w * xi", "forward"),
    ("bias_first", "p.g = None", "p.v = 0.0", "zero_grad"),
    ("bias_first", "z = bias\n", "z = Num(bias.v)\n", "gradients"),
    ("linear", "total = total + w * xi", "total = total + Tensor(w.data) * xi", "gradients"),
    ("linear", "self.rows for w in row]", "self.rows for w in row[1:]]", "parameters"),
]  # fmt: skip
"""A style, an edit of it, and the check in which it is found."""


@pytest.mark.parametrize(("style", "old", "new", "check"), sample(3, WRONG))
def test_one_mistake_in_any_style_is_found_in_its_check(style, old, new, check, grader):
    text = mutate((ROOT / f"{style}.py").read_text(encoding="utf-8"), (Edit(old, new),))

    grade = grader.grade(changed(f"{style}: {new}", text), "scalar_network")

    assert check == broken(grade)[0]
    verdict = next(v for v in grade.verdicts if v.check == check)
    assert "from engine import " in listing.program(verdict, grade)


def test_the_program_that_is_shown_runs_as_it_stands(grader):
    text = mutate(KEY.source.text, (Edit("total = self.b\n", "total = Value(0.0)\n"),))
    grade = grader.grade(changed("no bias, run", text), "scalar_network")
    (verdict,) = (v for v in grade.verdicts if v.check == "forward")

    lines = listing.program(verdict, grade).splitlines()
    space, printed = {}, []
    exec(text, space)
    exec("\n".join(lines[1:]), {**space, "print": printed.append})

    assert [verdict.problem.actual] == printed


def test_a_module_without_networks_lacks_them(grader):
    text = KEY.source.text.partition("class Module:")[0]

    grade = grader.grade(changed("engine alone", text), "scalar_network")

    assert {"absent"} == {v.status.value for v in grade.verdicts}
    assert 0 == grade.out_of
