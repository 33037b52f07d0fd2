"""Find the smallest program that still fails in the same way.

Candidates are smaller graphs, never other ones: a nearer root, fewer calls, a node cut to a
leaf, a node replaced by its input, plainer numbers. Each must stay inside the domain and sharp,
so that shrinking cannot slip from one mistake to another, such as from relu to its kink.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import TypeVar

from harness.programs.generate import is_evidence
from harness.programs.tolerance import radii
from harness.records.program import Apply, Backward, Expression, Program, Sort, Step, Zero

MOST_RUNS = 300
"""Candidates that are run at most; a median failure takes a tenth of it."""
CHUNK = 16
"""Candidates whose answers are asked of the oracles together."""
PLAIN = (2.0, 3.0, 1.0, -1.0, 0.5)
"""Leaf values that a reader likes, the most liked first."""

P = TypeVar("P", bound=Program)


def smallest(
    program: P,
    first_failing: Callable[[tuple[P, ...]], P | None],
    smaller: Callable[[P], Iterable[P]],
) -> P:
    """A program that fails in the same way and that no single candidate makes smaller.

    Args:
        program: what fails.
        first_failing: the first of some candidates that fails in the same way, or None.
        smaller: a program to its candidates.
    """
    runs = 0
    while runs < MOST_RUNS:
        candidates = iter(smaller(program))
        found = None
        while found is None and runs < MOST_RUNS:
            chunk = tuple(islice(candidates, CHUNK))
            if not chunk:
                return program
            runs += len(chunk)
            found = first_failing(chunk)
        if found is not None:
            program = found
    return program


def prune(program: Expression) -> Expression:
    """The program without the nodes that none of its calls reaches.

    Where nothing is called, only the last node's value is asked for.
    """
    roots = [step.node for step in program.steps if isinstance(step, Backward | Sort)]
    return _only(program, roots or [len(program.nodes) - 1])


def _only(program: Expression, roots: list[int]) -> Expression:
    used = frozenset[int]().union(*(program.reachable(root) for root in roots))
    return _rebuilt(program, {i: i for i in used}, {})


def smaller(program: Expression) -> Iterator[Expression]:
    """Smaller graphs that are inside the domain and sharp."""
    return (c for c in _candidates(program) if c != program and is_evidence(c))


def _candidates(program: Expression) -> Iterator[Expression]:
    """Smaller programs, those that take most away first."""
    yield prune(program)
    yield from _fewer_calls(program)
    yield from _nearer_roots(program)
    yield from _cut_nodes(program)
    yield from _bypassed(program)
    yield from _plainer(program)


def _fewer_calls(program: Expression) -> Iterator[Expression]:
    calls = [k for k, step in enumerate(program.steps) if not isinstance(step, Apply)]
    if len(calls) < 2:
        return
    for k in calls:
        alone = [s for j, s in enumerate(program.steps) if j == k or isinstance(s, Apply)]
        if not isinstance(program.steps[k], Zero):
            yield prune(replace(program, steps=tuple(alone)))
    for k in calls:
        yield prune(replace(program, steps=program.steps[:k] + program.steps[k + 1 :]))


def _nearer_roots(program: Expression) -> Iterator[Expression]:
    """The same calls on an inner node: one after another, or at doubling distances in a long graph.

    A root is drawn from what the call reaches, so a candidate is always a part of the program.
    Where nothing is called, every node is a candidate for the last one.
    """
    if all(isinstance(step, Apply) for step in program.steps):
        for node in range(len(program.leaves), len(program.nodes) - 1):
            yield _only(program, [node])
        return
    for k, step in enumerate(program.steps):
        if isinstance(step, Backward | Sort):
            inner = sorted(i for i in program.reachable(step.node) if program.nodes[i].inputs)[:-1]
            if len(inner) > 64:
                inner = [inner[(1 << j) - 1] for j in range(len(inner).bit_length())]
            for node in inner:
                steps = (*program.steps[:k], type(step)(node), *program.steps[k + 1 :])
                yield prune(replace(program, steps=steps))


def _cut_nodes(program: Expression) -> Iterator[Expression]:
    values = radii(program).values
    for i in reversed(range(len(program.leaves), len(program.nodes))):
        for value in (2.0, 3.0, -1.0, float(f"{values[i]:.3g}")):
            yield _edited(program, i, value)


def _bypassed(program: Expression) -> Iterator[Expression]:
    for i, node in enumerate(program.nodes):
        for earlier in dict.fromkeys(node.inputs):
            yield _edited(program, i, earlier)
    for i in range(1, len(program.leaves)):
        yield _edited(program, i, 0)


def _plainer(program: Expression) -> Iterator[Expression]:
    for i, value in enumerate(program.leaves):
        liked = PLAIN.index(value) if value in PLAIN else len(PLAIN)
        for plain in PLAIN[:liked]:
            leaves = (*program.leaves[:i], plain, *program.leaves[i + 1 :])
            yield replace(program, leaves=leaves)
    for k, step in enumerate(program.steps):
        if isinstance(step, Apply) and step.op == "pow" and step.constant not in (2, 3):
            for exponent in (2, 3):
                simpler = replace(step, constant=exponent)
                steps = (*program.steps[:k], simpler, *program.steps[k + 1 :])
                yield replace(program, steps=steps)


def _edited(program: Expression, node: int, instead: int | float) -> Expression:
    """The program with a node replaced: by an earlier node (int), or by a new leaf (float)."""
    keep: dict[int, int] = {i: i for i in range(len(program.nodes)) if i != node}
    if isinstance(instead, int):
        return prune(_rebuilt(program, {**keep, node: instead}, {}))
    return prune(_rebuilt(program, keep, {node: instead}))


def _rebuilt(program: Expression, keep: dict[int, int], cut: dict[int, float]) -> Expression:
    """The program with some nodes only.

    Args:
        program: any program.
        keep: for each old node that is still spoken of, the old node that stands for it.
        cut: old nodes that become leaves, with their values.
    """
    count = len(program.leaves)
    stand_ins = set(keep.values())
    kept_leaves = [i for i in range(count) if i in stand_ins and keep.get(i) == i]
    new = {i: place for place, i in enumerate([*kept_leaves, *cut])}
    leaves = [program.leaves[i] for i in kept_leaves] + list(cut.values())
    steps: list[Step] = []
    node = count - 1

    def at(old: int) -> int:
        return new[keep.get(old, old)]

    for step in program.steps:
        match step:
            case Apply(op, inputs, constant):
                node += 1
                if keep.get(node) == node:
                    new[node] = len(new)
                    steps.append(Apply(op, tuple(at(i) for i in inputs), constant))
            case Zero(nodes):
                left = tuple(dict.fromkeys(at(i) for i in nodes if keep.get(i, i) in new))
                steps += [Zero(left)] if left else []
            case Backward(root) | Sort(root):
                steps.append(type(step)(at(root)))
    return Expression(tuple(leaves), tuple(steps))
