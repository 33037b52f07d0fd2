"""The same graph told in another way: other names, another order of the lines, other constants.

A right module computes on the twin what it computes on the program. One that goes by the names,
the labels, the order or the numbers that it meets does not.
"""

from __future__ import annotations

from functools import cached_property

from harness.programs.generate import Dice, is_evidence
from harness.records.program import Apply, Backward, Expression, Sort, Step, Zero

TRIES = 8
"""Draws of constants, until the numbers are inside every domain and sharp."""
NEAR = 0.08
"""Each leaf moves by up to this share of itself: the graph stays inside its domain."""
MOST_NODES = 200
"""Nodes of a program that is worth a twin."""


class Renamed(Expression):
    """An expression whose text names its nodes in another way."""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names that no other program's text has."""
        count = len(self.leaves)
        return tuple(
            f"input_{i}" if i < count else f"node_{i - count}" for i in range(len(self.nodes))
        )


def renamed(program: Expression) -> Expression:
    """The program under other names."""
    labels = tuple(f"n{i}:a node" for i, _ in enumerate(program.labels))
    return Renamed(program.leaves, program.steps, labels)


def twin(program: Expression, dice: Dice) -> Expression | None:
    """The program with other names, order and constants; None where no constants are sharp."""
    for _ in range(TRIES):
        leaves = tuple(
            round(value * (1.0 + dice.real(-NEAR, NEAR)), 5) or value for value in program.leaves
        )
        other = renamed(_reordered(Expression(leaves, program.steps, program.labels), dice))
        if is_evidence(other):
            return other
    return None


def _reordered(program: Expression, dice: Dice) -> Expression:
    """The program with its leaves, and the steps between two calls, in another valid order."""
    order = _shuffled(list(range(len(program.leaves))), dice)
    place = {old: new for new, old in enumerate(order)}
    steps: list[Step] = []
    count, waiting = len(order), list[tuple[int, Apply]]()
    for step in program.steps:
        if isinstance(step, Apply):
            waiting.append((count, step))
            count += 1
            continue
        steps += _placed(waiting, place, dice)
        waiting = []
        steps.append(_moved(step, place))
    steps += _placed(waiting, place, dice)
    return Expression(tuple(program.leaves[i] for i in order), tuple(steps), program.labels)


def _placed(waiting: list[tuple[int, Apply]], place: dict[int, int], dice: Dice) -> list[Step]:
    """Nodes in a random order in which inputs come first; `place` learns their new numbers."""
    placed: list[Step] = []
    left = list(waiting)
    while left:
        ready = [pair for pair in left if all(i in place for i in pair[1].inputs)]
        old, node = dice.pick(ready)
        placed.append(Apply(node.op, tuple(place[i] for i in node.inputs), node.constant))
        place[old] = len(place)
        left.remove((old, node))
    return placed


def _moved(step: Step, place: dict[int, int]) -> Step:
    match step:
        case Backward(node):
            return Backward(place[node])
        case Sort(node):
            return Sort(place[node])
        case Zero(nodes):
            return Zero(tuple(place[node] for node in nodes))
    return step


def _shuffled(items: list[int], dice: Dice) -> list[int]:
    left, mixed = list(items), []
    while left:
        mixed.append(left.pop(dice.whole(0, len(left) - 1)))
    return mixed
