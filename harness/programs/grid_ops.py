"""The operations on whole arrays: one entry each, beside those of ops.OPS that go by element."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from harness.programs.ops import OPS
from harness.records.program import ArrayExpression


@dataclass(frozen=True)
class GridOp:
    """One operation whose result has another shape than its operands."""

    name: str
    arity: int
    spelling: str
    """Python text where a dialect has no other; {0} and {1} stand for the operands, {shape} for
    the lengths of the result's axes, with commas."""
    title: str
    apply: Callable[..., Any]
    """Its mathematics, on programs.arrays.Array."""


def _reduced(name: str, word: str) -> tuple[GridOp, ...]:
    """A sum, a mean, a maximum: of all elements, and along either axis of a matrix."""
    rows = [GridOp(f"{name}_all", 1, f"{{0}}.{name}()", word, lambda x: getattr(x, name)())]
    for place, axis, which in (("first", 0, "columns"), ("last", 1, "rows")):
        for keep in (False, True):
            rows.append(_along(name, f"{word} of {which}", place, axis, keep=keep))
    return tuple(rows)


def _along(name: str, word: str, place: str, axis: int, *, keep: bool) -> GridOp:
    kept, named = ("_kept", ", keepdims=True") if keep else ("", "")
    return GridOp(
        f"{name}_{place}{kept}",
        1,
        f"{{0}}.{name}(axis={axis}{named})",
        f"{word}, the axis kept" if keep else word,
        lambda x: getattr(x, name)(axis, keepdims=keep),
    )


GRID_OPS = {
    op.name: op
    for op in (
        GridOp("matmul", 2, "{0} @ {1}", "a product of matrices", lambda x, y: x @ y),
        *_reduced("sum", "a sum"),
        *_reduced("mean", "a mean"),
        *_reduced("max", "a maximum"),
        GridOp("transpose", 1, "{0}.T", "a transpose", lambda x: x.T),
        GridOp(
            *("reshape", 1, "{0}.reshape(({shape}))", "another shape"),
            lambda x: x.reshape(*x.shape[::-1]),
        ),
    )
}
"""Every operation on whole arrays by its name; a reshape turns the shape round."""
BY_ELEMENT = tuple(name for name in OPS if name not in ("sum", "mean", "max", "min"))
"""The operations of ops.OPS that an engine of arrays may have."""


def broadcasts(program: ArrayExpression) -> bool:
    """Whether operands of unlike shapes meet by element."""
    by_element = [node for node in program.applied if node.op in BY_ELEMENT]
    return any(len({program.shapes[i] for i in node.inputs}) > 1 for node in by_element)
