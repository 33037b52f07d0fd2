"""Hold the student's numbers against the oracles': the only place that judges floats.

A number s agrees with an oracle's number r when |s - r| <= 2 e, where e is the radius that
tolerance.py derives from the program itself. The oracles are held to each other by the same rule.
A comparison that finds nothing to compare, or no bound by which it could, raises Undecided.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations

from harness.judging import carried, order
from harness.judging.remembered import remembered
from harness.programs import training
from harness.programs.tolerance import radii
from harness.records.engine import Answers
from harness.records.errors import Undecided
from harness.records.observation import Number, Observation, Quantity
from harness.records.program import Backward, Call, Expression, Program, Traced, Training, Zero
from harness.records.verdict import Compare, Comparison, Finding, Problem

ARRAY = ("ndarray",)
NUMBER = ("ndarray", "float", "float64")
"""Types that an array may have, and an array without axes."""


@remembered
def values(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    """The first node, inputs before outputs, whose value is wrong."""
    assert isinstance(program, Expression), "values are compared on expressions"
    if actual.fault is not None:
        return actual.fault
    if not program.nodes:
        raise Undecided("the program has no node whose value could be compared")
    rows = [answer.numbers("value") for answer in answers.expected(program)]
    subjects = _subjects(program, "value")
    radius = radii(program).value_radius
    nodes = range(len(program.nodes))
    return first_wrong("value", -1, actual, subjects, rows, radius, nodes, answers.by(program))


@remembered
def gradients(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    """The first node, output before inputs, whose gradient is wrong after some backward().

    Where a node had a gradient before, any of the usual conventions is right: see judging.carried.
    """
    return _gradients(program, actual, answers, leaves=False)


@remembered
def leaf_gradients(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    """The same of leaves alone, where an engine keeps no other gradients."""
    return _gradients(program, actual, answers, leaves=True)


def _gradients(
    program: Program, actual: Observation, answers: Answers, *, leaves: bool
) -> Problem | None:
    assert isinstance(program, Expression), "gradients are compared on expressions"
    if actual.fault is not None:
        return actual.fault
    if not program.backwards:
        raise Undecided("no backward() is called, so there is no gradient to compare")
    expected = answers.expected(program)
    subjects = _subjects(program, "grad")
    for step, _ in program.backwards:
        rows = [answer.numbers("grad", step) for answer in expected]
        radius = radii(program).grad_radius(step)
        nodes = [n for n in program.settled(step)[::-1] if n < len(program.leaves) or not leaves]
        wrong = first_wrong(
            "grad", step, actual, subjects, rows, radius, nodes, answers.by(program)
        )
        wrong = wrong or _carried(program, step, actual, rows, answers.by(program))
        if wrong is not None:
            return wrong
    return None


@lru_cache(maxsize=8192)
def _subjects(program: Expression, quantity: str) -> tuple[str, ...]:
    """How a quantity of each node is spelled."""
    return tuple(f"{name}.{quantity}" for name in program.names)


def _carried(
    program: Expression,
    step: int,
    actual: Observation,
    rows: list[tuple[float, ...]],
    oracles: tuple[str, ...],
) -> Comparison | None:
    """The first node with an earlier gradient, output first, of which no convention gives its own.

    Args:
        program: what was run.
        step: the backward() after which the gradients were recorded.
        actual: what the student's module did.
        rows: for each oracle, the gradients of that backward() alone.
        oracles: their names.
    """
    if not carried.nodes(program, step):
        return None
    ways = carried.ways(program, step, _before(program, step, actual), rows[0])
    recorded = actual.get("grad", step)
    wrong = [
        [i for i in way if not any(agrees(number_at(recorded, i)[0], *near) for near in way[i])]
        for way in ways
    ]
    if not all(wrong):
        return None
    i = wrong[0][0]
    expected, radius = ways[0][i][0]
    number, kind = number_at(recorded, i)
    subject = f"{program.names[i]}.grad"
    return Comparison(
        "grad", subject, step, oracles, expected, number, kind, 2 * radius, agrees=False
    )


def _before(program: Expression, at: int, actual: Observation) -> tuple[float, ...]:
    """What each node has before a step: what was recorded last, unless it was zeroed since."""
    had = [0.0] * len(program.nodes)
    for k, step in enumerate(program.steps[:at]):
        if isinstance(step, Backward):
            row = [number_at(actual.get("grad", k), i)[0] or 0.0 for i in range(len(had))]
            had = [number if distance(number, 0.0) < math.inf else math.nan for number in row]
        elif isinstance(step, Zero):
            for i in step.nodes:
                had[i] = 0.0
    return tuple(had)


@remembered
def orders(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    """What is wrong with the first topological order that is wrong."""
    assert isinstance(program, Expression), "orders are compared on expressions"
    if actual.fault is not None:
        return actual.fault
    if not program.sorts:
        raise Undecided("no order is asked for, so there is none to compare")
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
        if not program.sorts:
            raise Undecided("no order is asked for, so there is none to compare")
        problems = (
            order.exact_problem(program, actual.get("order", step), wanted)
            for step, node in program.sorts
            if node == program.sorts[0][1]
        )
        return next(filter(None, problems), None)

    return compare


def call(*quantities: str) -> Compare:
    """A comparison of some quantities of a Call, bounded by its tape; by default of all."""

    def compare(program: Program, actual: Observation, answers: Answers) -> Problem | None:
        assert isinstance(program, Call), "a call is compared as a call"
        if actual.fault is not None:
            return actual.fault
        asked = [t for t in program.traced if not quantities or t.quantity in quantities]
        if not asked:
            names = ", ".join(quantities) or "no quantity"
            raise Undecided(f"nothing is compared: the program traces none of {names}")
        expected = answers.expected(program)
        for traced in asked:
            name = traced.quantity
            wrong_shape = traced.shape is not None and shape(traced, actual)
            if wrong_shape:
                return wrong_shape
            rows = [answer.numbers(name) for answer in expected]
            radius = traced_radius(program, traced)
            every: Iterable[int] = range(len(traced.nodes))
            if traced.shape is not None:
                every = worst_first(actual.get(name), rows[0])
            wrong = first_wrong(
                name, -1, actual, list(traced.subjects), rows, radius, every, answers.by(program)
            )
            if wrong is not None:
                return wrong
        return None

    return remembered(compare)


def shape(traced: Traced, actual: Observation) -> Finding | None:
    """What is wrong with an array before its numbers are looked at: its type, shape or dtype."""
    wanted, name = traced.shape, traced.quantity
    kind = number_at(actual.get(f"{name}.type"), 0)[1]
    if kind not in (ARRAY if wanted else NUMBER):
        return Finding("array_type", (("name", name), ("type", kind)))
    recorded = actual.get(f"{name}.shape")
    actual_shape = tuple(int(n or 0) for n in recorded.values) if recorded is not None else ()
    if actual_shape != wanted:
        facts = (("name", name), ("shape", repr(actual_shape)), ("expected", repr(wanted)))
        return misshapen(actual_shape, wanted or (), facts)
    if number_at(actual.get(f"{name}.double"), 0)[0] != 1:
        return Finding("array_dtype", (("name", name),))
    return None


def misshapen(
    actual_shape: tuple[int, ...], wanted: tuple[int, ...], facts: tuple[tuple[str, str], ...]
) -> Finding:
    """What makes one shape of another, as far as a shape can tell.

    Args:
        actual_shape: the shape that an array has.
        wanted: the one that it should have.
        facts: what the finding says.
    """
    if len(actual_shape) > len(wanted):
        only_ones = [n for n in actual_shape if n != 1] == [n for n in wanted if n != 1]
        return Finding("shape_ones", facts) if only_ones else Finding("shape_unsummed", facts)
    if len(actual_shape) < len(wanted):
        return Finding("shape_summed", facts)
    swapped = sorted(actual_shape) == sorted(wanted)
    return Finding("shape_swapped", facts) if swapped else Finding("shape_other", facts)


def worst_first(recorded: Quantity | None, expected: tuple[float, ...]) -> list[int]:
    """The places of an array, the number that is furthest off first; what is no number leads."""

    def off(i: int) -> float:
        number, _ = number_at(recorded, i)
        return math.inf if number is None else distance(number, expected[i])

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
    subjects: Sequence[str],
    rows: list[tuple[float, ...]],
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
        rows: for each oracle, a number for each node.
        radius: for each node, how far a right number may be from the true one.
        nodes: which nodes are compared, in the order in which a reader wants to hear of them.
        oracles: their names.

    Raises:
        Undecided: no number is wrong, and of one that is not the oracles' own nothing bounds how
            far a right one may be from it.
    """
    recorded = actual.get(name, step)
    nodes = tuple(nodes)
    if _all_agree(recorded, rows, radius, nodes):
        return None
    unbounded = ""
    for i in nodes:
        number, kind = number_at(recorded, i)
        subject = subjects[i] if i < len(subjects) else f"{name}[{i}]"
        against = [k for k, row in enumerate(rows) if not agrees(number, row[i], radius[i])]
        if against:
            expected, by = rows[against[0]][i], tuple(oracles[k] for k in against)
            return Comparison(
                name, subject, step, by, expected, number, kind, 2 * radius[i], agrees=False
            )
        if not math.isfinite(radius[i]) and any(number != row[i] for row in rows):
            unbounded = unbounded or subject
    if unbounded:
        raise Undecided(f"nothing bounds how far {unbounded} may be off")
    return None


def _all_agree(
    recorded: Quantity | None,
    rows: list[tuple[float, ...]],
    radius: tuple[float, ...],
    nodes: Iterable[int],
) -> bool:
    """Whether it is plain that nothing is wrong: most of what is compared is right."""
    given = [v for v in recorded.values if isinstance(v, float)] if recorded else []
    if recorded is None or len(given) != len(recorded.values):
        return False
    for i in nodes:
        bound = 2 * radius[i]
        if i >= len(given) or bound == math.inf:
            return False
        for row in rows:
            if not -bound <= given[i] - row[i] <= bound:
                return False
    return True


def agrees(actual: Number, expected: float, radius: float) -> bool:
    """Whether two numbers may both be right: never for NaN, what is no number, or one infinity."""
    if actual is None:
        return False
    apart = distance(actual, expected)
    return actual == expected or (math.isfinite(apart) and apart <= 2 * radius)


def distance(actual: float, expected: float) -> float:
    """How far one number is from another: infinitely far where the difference is no number."""
    try:
        apart = abs(actual - expected)
    except OverflowError:  # an int that is larger than any float
        return math.inf
    return apart if apart == apart else math.inf


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
