"""Hold the student's numbers against the oracles': the only place that judges floats.

A number s agrees with an oracle's number r when |s - r| <= 2 e, where e is the radius that
tolerance.py derives from the program itself. The oracles are held to each other by the same rule.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import combinations

from harness.judging import order
from harness.programs import training
from harness.programs.tolerance import radii
from harness.records.engine import Answers
from harness.records.observation import Number, Observation, Quantity
from harness.records.program import Call, Expression, Program, Traced, Training
from harness.records.verdict import Compare, Comparison, Finding, Problem

ARRAY = ("ndarray",)
NUMBER = ("ndarray", "float", "float64")
"""Types that an array may have, and an array without axes."""


def values(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    """The first node, inputs before outputs, whose value is wrong."""
    assert isinstance(program, Expression), "values are compared on expressions"
    if actual.fault is not None:
        return actual.fault
    told = [seen.numbers("value") for seen in answers.expected(program)]
    subjects = [f"{name}.value" for name in program.names]
    radius = radii(program).value_radius
    nodes = range(len(program.nodes))
    return first_wrong("value", -1, actual, subjects, told, radius, nodes, answers.by(program))


def gradients(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    """The first node, output before inputs, whose gradient is wrong after some backward()."""
    assert isinstance(program, Expression), "gradients are compared on expressions"
    if actual.fault is not None:
        return actual.fault
    expected = answers.expected(program)
    subjects = [f"{name}.grad" for name in program.names]
    for step, _ in program.backwards:
        told = [seen.numbers("grad", step) for seen in expected]
        radius = radii(program).grad_radius(step)
        nodes = program.settled(step)[::-1]
        wrong = first_wrong(
            "grad", step, actual, subjects, told, radius, nodes, answers.by(program)
        )
        if wrong is not None:
            return wrong
    return None


def orders(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    """What is wrong with the first topological order that is wrong."""
    assert isinstance(program, Expression), "orders are compared on expressions"
    if actual.fault is not None:
        return actual.fault
    recorded = answers.expected(program)[0].get("edges")
    assert recorded is not None, "an oracle records the relation between nodes"
    edges = order.edges_of(recorded)
    for step, root in program.sorts:
        problem = order.problem(program, root, actual.get("order", step), edges)
        if problem is not None:
            return problem
    return None


def exact_order(*wanted: int) -> Compare:
    """A comparison with one stated order, such as the lecture's."""

    def compare(program: Program, actual: Observation, answers: Answers) -> Problem | None:
        assert isinstance(program, Expression), "orders are compared on expressions"
        if actual.fault is not None:
            return actual.fault
        step, _ = program.sorts[0]
        return order.exact_problem(program, actual.get("order", step), wanted)

    return compare


def call(*quantities: str) -> Compare:
    """A comparison of some quantities of a Call, bounded by its tape; by default of all."""

    def compare(program: Program, actual: Observation, answers: Answers) -> Problem | None:
        assert isinstance(program, Call), "a call is compared as a call"
        if actual.fault is not None:
            return actual.fault
        expected = answers.expected(program)
        for traced in program.traced:
            if quantities and traced.quantity not in quantities:
                continue
            name = traced.quantity
            misshapen = traced.shape is not None and shape(traced, actual)
            if misshapen:
                return misshapen
            told = [seen.numbers(name) for seen in expected]
            radius = traced_radius(program, traced)
            every: Iterable[int] = range(len(traced.nodes))
            if traced.shape is not None:
                every = worst_first(actual.get(name), told[0])
            wrong = first_wrong(
                name, -1, actual, list(traced.subjects), told, radius, every, answers.by(program)
            )
            if wrong is not None:
                return wrong
        return None

    return compare


def shape(traced: Traced, actual: Observation) -> Finding | None:
    """What is wrong with an array before its numbers are looked at: its type, shape or dtype."""
    wanted, name = traced.shape, traced.quantity
    kind = number_at(actual.get(f"{name}.type"), 0)[1]
    if kind not in (ARRAY if wanted else NUMBER):
        return Finding("array_type", (("name", name), ("type", kind)))
    recorded = actual.get(f"{name}.shape")
    told = tuple(int(n or 0) for n in recorded.values) if recorded is not None else ()
    if told != wanted:
        facts = (("name", name), ("shape", repr(told)), ("expected", repr(wanted)))
        return _misshapen(told, wanted or (), facts)
    if number_at(actual.get(f"{name}.double"), 0)[0] != 1:
        return Finding("array_dtype", (("name", name),))
    return None


def _misshapen(
    told: tuple[int, ...], wanted: tuple[int, ...], facts: tuple[tuple[str, str], ...]
) -> Finding:
    """What makes one shape of another, as far as a shape can tell."""
    if len(told) > len(wanted):
        only_ones = [n for n in told if n != 1] == [n for n in wanted if n != 1]
        return Finding("shape_ones", facts) if only_ones else Finding("shape_unsummed", facts)
    if len(told) < len(wanted):
        return Finding("shape_summed", facts)
    swapped = sorted(told) == sorted(wanted)
    return Finding("shape_swapped", facts) if swapped else Finding("shape_other", facts)


def worst_first(recorded: Quantity | None, expected: tuple[float, ...]) -> list[int]:
    """The places of an array, the number that is furthest off first; what is no number leads."""

    def off(i: int) -> float:
        number, _ = number_at(recorded, i)
        error = math.inf if number is None else abs(number - expected[i])
        return error if error == error else math.inf

    return sorted(range(len(expected)), key=off, reverse=True)


def stated(
    actual: Observation, quantity: str, subjects: list[str], expected: tuple[float, ...], by: str
) -> Comparison | None:
    """The first number that is not exactly what the assignment itself states."""
    every, exact = range(len(expected)), (0.0,) * len(expected)
    return first_wrong(quantity, -1, actual, subjects, [expected], exact, every, (by,))


def first_wrong(
    name: str,
    step: int,
    actual: Observation,
    subjects: list[str],
    told: list[tuple[float, ...]],
    radius: tuple[float, ...],
    nodes: Iterable[int],
    oracles: tuple[str, ...],
) -> Comparison | None:
    """The first of the nodes whose recorded number disagrees with some oracle's.

    Args:
        name: the quantity.
        step: the step or epoch at which it was recorded.
        actual: what the student's module did.
        subjects: how the program spells the number of each node.
        told: for each oracle, a number for each node.
        radius: for each node, how far a right number may be from the true one.
        nodes: which nodes are compared, in the order in which a reader wants to hear of them.
        oracles: their names.
    """
    recorded = actual.get(name, step)
    for i in nodes:
        number, kind = number_at(recorded, i)
        against = [k for k, row in enumerate(told) if not agrees(number, row[i], radius[i])]
        if against:
            expected, by = told[against[0]][i], tuple(oracles[k] for k in against)
            subject = subjects[i] if i < len(subjects) else f"{name}[{i}]"
            return Comparison(
                name, subject, step, by, expected, number, kind, 2 * radius[i], agrees=False
            )
    return None


def agrees(actual: Number, expected: float, radius: float) -> bool:
    """Whether two numbers may both be right: never for NaN or for what is no number."""
    if actual is None:
        return False
    return actual == expected or abs(actual - expected) <= 2 * radius


def number_at(recorded: Quantity | None, i: int) -> tuple[Number, str]:
    """A recorded number and the name of its type."""
    if recorded is None or i >= len(recorded.values):
        return None, "nothing"
    kinds = recorded.types
    kind = kinds[i] if len(kinds) == len(recorded.values) else "float"
    return recorded.values[i], kind


def dispute(
    program: Program, observations: tuple[Observation, ...], names: tuple[str, ...]
) -> str | None:
    """How two oracles disagree on a program, in one sentence, or None."""
    for (first, one), (second, other) in combinations(zip(names, observations, strict=True), 2):
        for quantity, step, subject, a, b, radius in _paired(program, one, other):
            if not agrees(a, b, radius):
                return f"{first} says {subject} is {a!r}, {second} says {b!r} ({quantity}, {step})"
        if one.get("edges") != other.get("edges"):
            return f"{first} and {second} recorded different graphs"
    return None


Pair = tuple[str, int, str, float, float, float]


def _paired(program: Program, one: Observation, other: Observation) -> Iterator[Pair]:
    """Each number of two oracles side by side with its radius."""
    match program:
        case Expression():
            bound, names = radii(program), program.names
            rows = [("value", -1, bound.value_radius)]
            rows += [("grad", step, radius) for step, _, radius in bound.grads]
            for name, step, radius in rows:
                first, second = one.numbers(name, step), other.numbers(name, step)
                for i, r in enumerate(radius[: len(first)]):
                    yield name, step, f"{names[i]}.{name}", first[i], second[i], r
        case Call():
            for traced in program.traced:
                name = traced.quantity
                radius = traced_radius(program, traced)
                first, second = one.numbers(name), other.numbers(name)
                for i, r in enumerate(radius):
                    yield name, -1, traced.subjects[i], first[i], second[i], r
        case Training() if program.epochs == 1 and program.detailed:
            for traced in program.traced:
                name, radius = traced.quantity, training.radius(program, traced)
                first, second = one.numbers(name, 0), other.numbers(name, 0)
                for i, r in enumerate(radius):
                    yield name, 0, traced.subjects[i], first[i], second[i], r


def traced_radius(program: Call, traced: Traced) -> tuple[float, ...]:
    """How far each number of a quantity may be from the true one."""
    bound = radii(program.tape)
    radius = bound.value_radius if traced.step < 0 else bound.grad_radius(traced.step)
    return tuple(radius[node] for node in traced.nodes)
