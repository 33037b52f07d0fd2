"""The parts of the ag module, and programs that make no use of the wrong ones."""

from __future__ import annotations

from collections.abc import Callable

from harness.programs.generate import Dice
from harness.records.program import Apply, Expression, Program

SMOOTH = ("add", "mul", "pow", "exp", "log")
"""The operations of exercises 2.A and 2.B."""
ALL = (*SMOOTH, "relu")
ARITHMETIC = ("ag.Scalar", "ag.Scalar.__add__", "ag.Scalar.__mul__", "ag.Scalar.__pow__")
FUNCTIONS = ("ag.exp", "ag.log")
SORT = "ag.Scalar.topological_sort"
BACKWARD = "ag.Scalar.backward"
PARTS = {
    "add": "ag.Scalar.__add__",
    "mul": "ag.Scalar.__mul__",
    "pow": "ag.Scalar.__pow__",
    "exp": "ag.exp",
    "log": "ag.log",
    "relu": "ag.relu",
}
"""The part of the module that computes each operation."""
DRAWN = 10
"""Random programs of a check: a mistake that shows in half of them is missed by all of them with
probability 0.001. Those that show more rarely are killed by the checks of one operation each, whose
programs cover its whole range (docs/reference/audit.md: none depends on a random check)."""


def built(program: Expression) -> Expression:
    """The program without its calls: nothing but the graph and its values."""
    applied = tuple(step for step in program.steps if isinstance(step, Apply))
    return Expression(program.leaves, applied)


def numbers(dice: Dice, count: int) -> tuple[float, ...]:
    """Numbers of either sign, short in decimals."""
    return tuple(round(dice.real(0.3, 3.0) * dice.pick((1.0, -1.0)), 3) for _ in range(count))


def drawn_without(
    draw: Callable[[str, tuple[str, ...]], tuple[Program, ...]], every: tuple[str, ...]
) -> Callable[[str, tuple[str, ...]], tuple[Program, ...]]:
    """Random programs of the other operations; none where + and * are both wrong."""

    def programs(seed: str, parts: tuple[str, ...]) -> tuple[Program, ...]:
        allowed = tuple(op for op in every if PARTS[op] not in parts)
        known = set(parts) <= set(PARTS.values())
        return draw(seed, allowed) if known and {"add", "mul"} & set(allowed) else ()

    return programs


def those_without(
    draw: Callable[[str], tuple[Program, ...]],
) -> Callable[[str, tuple[str, ...]], tuple[Program, ...]]:
    """Those of the programs in which none of the operations is wrong."""

    def programs(seed: str, parts: tuple[str, ...]) -> tuple[Program, ...]:
        if not set(parts) <= set(PARTS.values()):
            return ()
        return tuple(p for p in draw(seed) if not {PARTS.get(op) for op in _used(p)} & set(parts))

    return programs


def _used(program: Program) -> set[str]:
    return {node.op for node in program.nodes} if isinstance(program, Expression) else set()
