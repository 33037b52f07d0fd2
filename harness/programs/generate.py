"""Turn a seed into programs, the same ones on every machine and every Python.

An operation is chosen only where its operands allow it, so every program is inside the domain
by construction: away from poles, kinks, overflow and subnormals. Programs whose numbers are
too ill-conditioned to tell right from wrong are thrown away and drawn again.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from harness.programs import ops
from harness.programs.tolerance import radii
from harness.records.program import Apply, Backward, Expression, Sort, Step, Zero

T = TypeVar("T")

SHARP = 1e-9
"""A node is evidence where its radius is below this share of its size."""
EVIDENCE = 0.95
"""The share of nodes that must be evidence for a program to be used."""
LEAST = 3
"""Operations of the smallest graph: a backward() on a leaf alone would tell nothing."""
NUMBERS = (2.0, -1.5, 0.5, 3, -2)
"""What stands beside a node as a plain number."""
POSITIVE_EXPONENTS: tuple[float | int, ...] = (2, 3, -1, -2, 0.5, 1.5, -0.5, 4, 2.5, 1, 0)
INTEGER_EXPONENTS: tuple[float | int, ...] = (2, 3, -1, 2, 3, -2, 4, 1, 0)
"""A negative base takes no other: its fractional powers are not real."""


class Dice:
    """Random choices from a text seed.

    Only random.Random.random() is used: Python promises that it gives the same numbers in
    every version, which it does not promise of choice, shuffle and the like.
    """

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def chance(self, probability: float) -> bool:
        """True with that probability."""
        return self._random.random() < probability

    def whole(self, low: int, high: int) -> int:
        """An integer in [low, high]."""
        return low + int(self._random.random() * (high - low + 1))

    def real(self, low: float, high: float) -> float:
        """A float in [low, high)."""
        return low + (high - low) * self._random.random()

    def pick(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[int(self._random.random() * len(items))]


@dataclass
class Draft:
    """A graph that grows node by node, its values known at each step."""

    dice: Dice
    allowed: tuple[str, ...]
    leaves: tuple[float, ...]
    applied: list[Apply] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    fresh: list[int] = field(default_factory=list)
    """The nodes that the graph may use: the leaves, and its own."""

    def begin(self) -> None:
        """Starts a graph on the leaves alone."""
        if not self.values:
            self.values = list(self.leaves)
        self.fresh = list(range(len(self.leaves)))

    def push(self, node: Apply) -> bool:
        """Adds a node if it stays within its domain and size."""
        operands = tuple(self.values[i] for i in node.inputs)
        extra = () if node.constant is None else (node.constant,)
        if not ops.OPS[node.op].domain(*operands, *extra):
            return False
        value = ops.evaluate(node.op, operands, node.constant)
        if abs(value) > ops.LARGEST:
            return False
        self.fresh.append(len(self.values))
        self.values.append(value)
        self.applied.append(node)
        return True

    def grow(self) -> None:
        """Adds one node of a random operation on random operands."""
        bag = [name for name in self.allowed for _ in range(ops.OPS[name].weight)]
        for _ in range(40):
            op = self.dice.pick(bag)
            first = self._operand()
            if op == "pow":
                negative = self.values[first] < 0
                exponents = INTEGER_EXPONENTS if negative else POSITIVE_EXPONENTS
                node = Apply(op, (first,), self.dice.pick(exponents))
            elif ops.OPS[op].number is not None:
                node = Apply(op, (first,), self.dice.pick(NUMBERS))
            elif ops.OPS[op].arity == 1:
                node = Apply(op, (first,))
            elif ops.OPS[op].arity == 0:
                node = Apply(op, (first, self._operand(), self._operand()))
            else:
                second = first if self.dice.chance(0.15) else self._operand()
                node = Apply(op, (first, second))
            if self.push(node):
                return

    def join(self, spare: int) -> int:
        """Joins all sinks but the spare ones into one output and returns it."""
        used = {i for node in self.applied for i in node.inputs}
        own = self.fresh[len(self.leaves) :]
        sinks = [i for i in own if i not in used][spare:] or own[-1:]
        while len(sinks) > 1:
            pair = (sinks.pop(0), sinks.pop(0))
            first = self.dice.pick([op for op in ("add", "mul") if op in self.allowed])
            if not self.push(Apply(first, pair)) and not self.push(Apply("add", pair)):
                continue
            sinks.append(self.fresh[-1])
        return sinks[0] if sinks else self.fresh[-1]

    def _operand(self) -> int:
        choice = self.dice.real(0.0, 1.0)
        if choice < 0.3:
            return self.fresh[-self.dice.whole(1, min(4, len(self.fresh)))]
        if choice < 0.5:
            return self.dice.whole(0, len(self.leaves) - 1)
        return self.dice.pick(self.fresh)


def leaves(dice: Dice, count: int) -> tuple[float, ...]:
    """Starting values of mixed sign and size, some of them equal, all short in decimals."""
    values: list[float] = []
    for _ in range(count):
        kind = dice.real(0.0, 1.0)
        if values and kind < 0.2:
            value = dice.pick(values)
        elif kind < 0.4:
            value = float(dice.pick((-3, -2, -1, 1, 2, 3)))
        elif kind < 0.8:
            value = round(dice.real(-2.5, 2.5), 3)
        else:
            size = 10.0 ** dice.whole(-2, 2)
            value = round(dice.real(1.0, 9.9), 1) * size * dice.pick((1.0, -1.0))
            value = float(f"{value:.4g}")
        values.append(value if abs(value) >= 0.01 else 1.0)
    return tuple(values)


def expression(seed: str, allowed: tuple[str, ...], size: tuple[int, int] = (30, 60)) -> Expression:
    """One random graph with a backward() from its output.

    Args:
        seed: the text that decides everything.
        allowed: the names of the operations that may occur.
        size: the least and the largest number of nodes before the sinks are joined.
    """
    return _sharp(seed, lambda dice: _single(dice, allowed, size))


def session(seed: str, allowed: tuple[str, ...]) -> Expression:
    """Several graphs on the same leaves, the lecture's zeroing between one and the next.

    Each graph is sorted (some twice) and walked backward from its output; some are first
    walked from an inner node, after which all that was reached is zeroed.
    """
    return _sharp(seed, lambda dice: _several(dice, allowed))


def _single(dice: Dice, allowed: tuple[str, ...], size: tuple[int, int]) -> Expression:
    draft = Draft(dice, allowed, leaves(dice, dice.whole(3, 6)))
    draft.begin()
    _grow(draft, dice.whole(*size))
    root = draft.join(spare=1 if dice.chance(0.3) else 0)
    return Expression(draft.leaves, (*draft.applied, Backward(root)))


def _several(dice: Dice, allowed: tuple[str, ...]) -> Expression:
    draft = Draft(dice, allowed, leaves(dice, dice.whole(3, 5)))
    ground = tuple(range(len(draft.leaves)))
    steps: list[Step] = []
    for graph in range(dice.whole(2, 3)):
        start = len(draft.applied)
        draft.begin()
        if graph:
            steps.append(Zero(ground))
        _grow(draft, dice.whole(14, 24))
        root = draft.join(spare=0)
        steps += draft.applied[start:]
        if dice.chance(0.5):
            steps += [Sort(root)] * dice.whole(1, 2)
        if dice.chance(0.4):
            inner = dice.pick(draft.fresh[len(ground) :])
            steps += [Backward(inner), Zero(tuple(draft.fresh))]
        steps.append(Backward(root))
    return Expression(draft.leaves, tuple(steps))


def _grow(draft: Draft, size: int) -> None:
    for _ in range(max(LEAST, size - len(draft.leaves))):
        draft.grow()


def _sharp(seed: str, draw: Callable[[Dice], Expression]) -> Expression:
    for attempt in range(200):
        program = draw(Dice(f"{seed}/{attempt}"))
        if program.steps and is_evidence(program):
            return program
    raise AssertionError(f"no sharp program in 200 attempts from the seed {seed}")


def is_evidence(program: Expression) -> bool:
    """Whether the bound on its numbers is tight enough to tell right from wrong."""
    try:
        bound = radii(program)
    except (OverflowError, ZeroDivisionError, ValueError):
        return False
    if not bound.decided:
        return False
    rows = [(bound.values, bound.value_radius)]
    rows += [(grads, radius) for _, grads, radius in bound.grads]
    pairs = [pair for numbers, radius in rows for pair in zip(numbers, radius, strict=True)]
    if not all(math.isfinite(r) and abs(v) < 1e15 for v, r in pairs):
        return False
    sharp = sum(r <= SHARP * abs(v) for v, r in pairs)
    return sharp >= EVIDENCE * len(pairs)
