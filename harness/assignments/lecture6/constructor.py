"""What `ag.Scalar(...)` keeps of what it is given."""

from __future__ import annotations

from harness.judging import compare
from harness.records.engine import Answers
from harness.records.observation import Observation
from harness.records.program import Call, Expression, Program
from harness.records.verdict import Comparison, Problem

NO_TAPE = Expression((), ())
CONSTRUCTOR = Call(
    function="constructor",
    arguments=(
        ("value", (2.0, 0.1, 1.0, -1.0, 1234567.890123, -1.23456789012e-07)),
        ("grad", (0.0,) * 4),
        ("label", (1.0, 1.0)),
    ),
    lines=(
        "a = ag.Scalar(2)",
        "b = ag.Scalar(0.1)",
        'c = ag.Scalar(1.0, "sum", lambda: None, [a, b], "third")',
        'd = ag.Scalar(-1.0, op="neg", _backward=lambda: None, inputs=[a], label="fourth")',
        "e, f = ag.Scalar(1234567.890123), ag.Scalar(-1.23456789012e-07)",
        'record("value", -1, a.value, b.value, c.value, d.value, e.value, f.value)',
        'record("grad", -1, a.grad, b.grad, c.grad, d.grad)',
        'record("label", -1, c.label == "third", d.label == "fourth")',
    ),
    tape=NO_TAPE,
    traced=(),
)
DEFAULTS = Call(
    function="constructor",
    arguments=(("inputs", (0.0, 0.0)), ("value", (2.0, 5.0)), ("grad", (0.0, 0.0))),
    lines=(
        "a = ag.Scalar(2.0)",
        "b = ag.Scalar(3.0)",
        "c = a * b + a",
        "fresh = ag.Scalar(5.0)",
        'record("inputs", -1, len(getattr(a, "inputs", ())), len(getattr(fresh, "inputs", ())))',
        'record("value", -1, a.value, fresh.value)',
        'record("grad", -1, a.grad, fresh.grad)',
    ),
    tape=NO_TAPE,
    traced=(),
)
SUBJECTS = {
    (CONSTRUCTOR, "value"): [f"{name}.value" for name in "abcdef"],
    (CONSTRUCTOR, "grad"): ["a.grad", "b.grad", "c.grad", "d.grad"],
    (CONSTRUCTOR, "label"): ['c.label == "third"', 'd.label == "fourth"'],
    (DEFAULTS, "inputs"): ["len(a.inputs)", "len(fresh.inputs)"],
    (DEFAULTS, "value"): ["a.value", "fresh.value"],
    (DEFAULTS, "grad"): ["a.grad", "fresh.grad"],
}
FLOATS = ("float", "float64", "float32", "ndarray")
"""Types that value and grad may have; numpy's are reported as a convention, and of its arrays only
those without axes are numbers at all."""


def kept(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    """The first value, gradient or label that a Scalar does not keep, or keeps in another type."""
    assert isinstance(program, Call), "the constructor is called"
    if actual.fault is not None:
        return actual.fault
    for name, expected in program.arguments:
        subjects = SUBJECTS[program, name]
        wrong = compare.stated(actual, name, subjects, expected, "the lecture")
        if wrong is not None:
            return wrong
        for i, number in enumerate(expected if name in ("value", "grad") else ()):
            told, kind = compare.number_at(actual.get(name), i)
            if kind not in FLOATS:
                by = ("the lecture",)
                return Comparison(name, subjects[i], -1, by, number, told, kind, 0.0, agrees=False)
    return None
