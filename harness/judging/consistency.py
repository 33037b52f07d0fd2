"""One mistake costs once where a value and a gradient are wrong by the same line.

A function that gives nothing back has neither; a function that computes another function, such as
log10, may have exactly the gradient of that. Then the check of the values is charged, and the
check of the gradient is judged by what the module's own values ask for.
"""

from __future__ import annotations

import math
from dataclasses import replace

from harness.judging.check import Check, programs_of
from harness.judging.compare import number_at
from harness.judging.credit import credited
from harness.judging.judge import Student
from harness.judging.sitting import Sitting
from harness.programs.ops import OPS, evaluate
from harness.programs.replacement import RETURNS
from harness.records.errors import Disputed
from harness.records.observation import Fault, Observation
from harness.records.program import Apply, Expression, Program, Zero
from harness.records.verdict import WRONG, Comparison, Finding, Status, Verdict

STEP = 1e-5
"""Relative step of a central difference: its own error is near 1e-10 of a smooth function."""
CLOSE = 1e-4
"""Relative difference to a central difference that a consistent gradient may show: far more than
the difference's own error, far less than what another function makes."""
NO_NODE = "object has no attribute"
"""In the message of what stops where a function should have returned a node."""
FORCED = 1e-9
"""Relative difference to what the recorded values ask for."""


def one_mistake(sitting: Sitting, check: Check) -> Verdict | None:
    """The verdict on a check whose failure is that of an earlier check on the same parts."""
    cause = _cause(sitting, check)
    if cause is None:
        return None
    parts = tuple(p for p in sitting.wrong_parts(check) if p not in sitting.foundation)
    facts = (("check", cause.name),)
    if _gives_nothing(sitting.verdicts[cause.name]):
        mended = (*parts, *(f"{RETURNS}{part}" for part in check.own if part in cause.own))
        verdict = sitting.judge(check, sitting.with_right(mended), brief=True)
        finding = Finding("returns_nothing", facts)
    else:
        student = sitting.with_right(parts) if parts else sitting.student
        verdict = _by_own_values(sitting, check, student)
        finding = Finding("follows_values", facts)
    if verdict.status is not Status.PASSED:
        return None
    return credited(sitting, check, replace(verdict, replaced=check.own, problem=finding))


def _cause(sitting: Sitting, check: Check) -> Check | None:
    """The check of the values whose failure may explain this one: both are about the same part."""
    for other in sitting.assignment.active:
        verdict = sitting.verdicts.get(other.name)
        if verdict is None or verdict.status not in WRONG:
            continue
        same = other.name in check.needs and set(other.own) & set(check.own)
        if same and (_gives_nothing(verdict) or _is_of_values(verdict)):
            return other
    return None


def _gives_nothing(verdict: Verdict) -> bool:
    """Whether a value is missing, as it is where a function returns what is no node."""
    if isinstance(verdict.problem, Fault):
        return NO_NODE in verdict.problem.message
    return isinstance(verdict.problem, Comparison) and verdict.problem.actual is None


def _is_of_values(verdict: Verdict) -> bool:
    return isinstance(verdict.problem, Comparison) and verdict.problem.quantity == "value"


def _by_own_values(sitting: Sitting, check: Check, student: Student) -> Verdict:
    """The verdict where a wrong gradient counts as right if the values ask for it."""
    programs = programs_of(check, sitting.seed_of(check))
    failed = 0
    for program, actual in zip(programs, student.run_all(programs), strict=False):
        try:
            problem = check.compare(program, actual, sitting.oracles)
        except Disputed:
            continue
        if problem is not None and not _asked_for(program, actual, student):
            failed = 1
            break
    status = Status.FAILED if failed else Status.PASSED
    return Verdict(
        check.name, check.exercise, status, out_of=check.points, tried=len(programs), failed=failed
    )


def _asked_for(program: Program, actual: Observation, student: Student) -> bool:
    """Whether the gradients of a graph are those of the module's own values."""
    if not isinstance(program, Expression) or actual.fault is not None:
        return False
    roots = tuple(root for _, root in program.backwards)
    if not roots or not _walked_once(program, roots):
        return False
    last, _ = program.backwards[-1]
    recorded = [number_at(actual.get("grad", last), i)[0] for i in range(len(program.nodes))]
    values = [number_at(actual.get("value"), i)[0] for i in range(len(program.nodes))]
    if None in recorded or None in values:
        return False
    grads = [float(g or 0.0) for g in recorded]
    own = [float(v or 0.0) for v in values]
    for output in (True, False):
        forced = _forced(program, roots, own, output=output)
        if forced and all(_near(g, f, FORCED) for g, f in zip(grads, forced, strict=True)):
            return True
    slopes = _slopes(program, roots, student)
    return bool(slopes) and all(
        _near(g, s, CLOSE) for g, s in zip(grads[: len(slopes)], slopes, strict=True)
    )


def _walked_once(program: Expression, roots: tuple[int, ...]) -> bool:
    """Whether no backward() comes to a node that another has been at: then gradients just add."""
    walked = [program.reachable(root) for root in roots]
    zeroed = any(isinstance(step, Zero) for step in program.steps)
    return not zeroed and sum(map(len, walked)) == len(frozenset().union(*walked))


def _near(one: float, other: float, share: float) -> bool:
    return abs(one - other) <= share * max(1.0, abs(one), abs(other))


def _forced(
    program: Expression, roots: tuple[int, ...], values: list[float], *, output: bool
) -> tuple[float, ...]:
    """Each node's gradient by the true derivatives at the recorded values; nothing off the domain.

    Args:
        program: the graph.
        roots: the nodes whose gradients they are.
        values: what was recorded of each node.
        output: take a node's own recorded value for its value, not that which follows from the
            operands: exp's derivative is either.
    """
    grads = [1.0 if k in roots else 0.0 for k in range(len(values))]
    for k in range(max(roots), len(program.leaves) - 1, -1):
        node = program.nodes[k]
        operands = tuple(values[i] for i in node.inputs)
        try:
            value = values[k] if output else evaluate(node.op, operands, node.constant)
            exact = (0.0,) * len(operands)
            _, derivatives, _ = OPS[node.op].bound(value, operands, exact, node.constant)
        except (ValueError, OverflowError, ZeroDivisionError):
            return ()
        for i, (derivative, _) in zip(node.inputs, derivatives, strict=True):
            grads[i] += grads[k] * derivative
    return tuple(grads)


def _slopes(program: Expression, roots: tuple[int, ...], student: Student) -> tuple[float, ...]:
    """The central difference of the sum of the module's own roots by each leaf.

    Nothing where the module stops.
    """
    applied = tuple(step for step in program.steps if isinstance(step, Apply))
    shifts = [STEP * (abs(leaf) or 1.0) for leaf in program.leaves]
    moved = [
        Expression(_moved(program.leaves, i, sign * shift), applied)
        for i, shift in enumerate(shifts)
        for sign in (1.0, -1.0)
    ]
    ends = [_end(actual, roots) for actual in student.run_all(tuple(moved))]
    if not all(map(math.isfinite, ends)):
        return ()
    rows = zip(ends[::2], ends[1::2], shifts, strict=True)
    return tuple((up - down) / (2.0 * shift) for up, down, shift in rows)


def _end(actual: Observation, roots: tuple[int, ...]) -> float:
    """The sum of the roots; NaN where one is no number."""
    numbers = [number_at(actual.get("value"), root)[0] for root in roots]
    return math.nan if None in numbers else sum(float(number or 0.0) for number in numbers)


def _moved(leaves: tuple[float, ...], i: int, shift: float) -> tuple[float, ...]:
    return (*leaves[:i], leaves[i] + shift, *leaves[i + 1 :])
