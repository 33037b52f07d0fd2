"""The checks of an engine for one dialect: what is there is judged, the rest is absent."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from harness.judging.check import Assignment, Check
from harness.programs.grid_ops import broadcasts
from harness.programs.ops import OPS
from harness.records.dialect import Dialect
from harness.records.program import ArrayExpression, Expression, Program

BROADCAST = "broadcast"
"""What a program uses beside its operations where arrays of unlike shapes meet by element."""
NUMBERED = frozenset(name for name, op in OPS.items() if op.number is not None and name != "pow")
"""Operations with a number beside a node, of which an engine may make an array without axes."""


def used(program: Program) -> frozenset[str]:
    """The operations of a program."""
    if not isinstance(program, Expression | ArrayExpression):
        return frozenset()
    found = frozenset(node.op for node in program.nodes) - {"leaf"}
    if isinstance(program, ArrayExpression) and (broadcasts(program) or found & NUMBERED):
        return found | {BROADCAST}
    return found


def base_of(name: str) -> str:
    """The operation that one is usually made of; nothing for another.

    The method of two nodes often takes a number too.
    """
    if name == "number_pow":
        return "pow_node"
    if name.startswith("mean_"):  # a mean is often a sum with a number beside it
        return name.replace("mean", "sum")
    first, _, last = name.partition("_")
    if first == "number":
        return last
    return first if last == "number" else ""


@lru_cache(maxsize=128)
def fitted(base: Assignment, dialect: Dialect) -> Assignment:
    """The checks of what a dialect has; what it lacks is absent."""
    there = set(dialect.takes)
    checks = tuple(_check(check, dialect, asked=base.finds) for check in base.checks)
    probes = tuple(p for p in base.probes if used(p.program) <= there)
    return replace(base, checks=checks, probes=probes, dialect=dialect)


def _check(check: Check, dialect: Dialect, *, asked: bool) -> Check:
    """A check as it is for a dialect; asked says whether every operation is asked for."""
    there = dialect.takes
    draw = check.programs

    def programs(seed: str) -> tuple[Program, ...]:
        return tuple(p for p in draw(seed) if _speaks(dialect, p))

    def sparing(seed: str, wrong: tuple[str, ...]) -> tuple[Program, ...]:
        spoilt = _spoilt(dialect, wrong)
        return tuple(p for p in programs(seed) if not used(p) & spoilt)

    absent = ""
    of_one = check.own == (check.name,) and check.name != BROADCAST
    if of_one and check.name not in there:
        lacking = "absent" if asked else "open"  # whoever declares a dialect asks for no more
        absent = "refused" if check.name in dialect.refused else lacking
    elif check.name == "order" and not dialect.order:
        absent = "open"
    uses = {operation.name: operation.uses for operation in dialect.operations}
    needs = (*check.needs, *(n for n in uses.get(check.name, ()) if n not in check.needs))
    return replace(
        check,
        programs=programs,
        sparing=sparing,
        absent=absent,
        needs=needs,
        names=(dialect.node,),
    )


def _speaks(dialect: Dialect, program: Program) -> bool:
    """Whether a dialect has every operation of a program, with the numbers beside its nodes."""
    assert isinstance(program, Expression | ArrayExpression), "an engine runs expressions"
    there = dialect.takes
    return all(
        node.op == "leaf"
        or (
            node.op in there
            and (there[node.op] == "any" or node.constant is None or isinstance(node.constant, int))
        )
        for node in program.nodes
    )


def _spoilt(dialect: Dialect, wrong: tuple[str, ...]) -> set[str]:
    """The wrong operations, and those that are made of them."""
    spoilt = set(wrong)
    while True:
        there = dialect.operations
        more = {o.name for o in there if {*o.uses, base_of(o.name)} & spoilt} - spoilt
        more |= NUMBERED - spoilt if BROADCAST in spoilt else set()
        if not more:
            return spoilt
        spoilt |= more
