"""In which order checks are run, and which needs an author has left out.

A check needs another where a failure there explains one here. So what it needs is run first,
wherever it stands in the table; and where its programs use a part that another check is about, it
should say that it needs that check.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from harness.judging.check import Assignment, Check, programs_of, seed_of
from harness.judging.mutant import Mutant
from harness.programs.ops import OPS
from harness.programs.replacement import definition
from harness.records.program import Expression, Program

SEED = "577"
"""By which programs are drawn to see what they use."""
PROGRAMS = 4
"""Programs of a check that are run for each part."""
BROKEN = "adjudge broke this part"
"""With what a part of the key stops, to see which programs use it."""


def in_order(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Checks with what each needs before it, and else as they stand."""
    by_name = {check.name: check for check in checks}
    placed: dict[str, Check] = {}
    begun: set[str] = set()

    def place(check: Check) -> None:
        if check.name not in begun:
            begun.add(check.name)
            for need in check.needs:
                if need in by_name:
                    place(by_name[need])
            placed[check.name] = check

    for check in by_name.values():
        place(check)
    return tuple(placed.values())


def needed(checks: Iterable[Check], name: str) -> set[str]:
    """The names of all that a check needs, directly or by what it needs."""
    needs = {check.name: check.needs for check in checks}
    found: set[str] = set()
    waiting = [*needs.get(name, ())]
    while waiting:
        if (need := waiting.pop()) not in found:
            found.add(need)
            waiting += needs.get(need, ())
    return found


def circle(checks: Iterable[Check]) -> tuple[str, ...]:
    """The names of the first checks that need each other."""
    checks = tuple(checks)
    within = {check.name: needed(checks, check.name) for check in checks}
    around = next((name for name in within if name in within[name]), "")
    return tuple(name for name in within if around in within[name] and name in within[around])


def left_out(assignment: Assignment) -> Iterator[str]:
    """A sentence for each check whose programs use what other checks are about, unsaid in needs.

    Where two checks use each other's parts, neither can come first, and nothing is said.
    """
    broken = {part: _without(assignment, part) for c in assignment.active for part in c.own}
    programs = {c.name: programs_of(c, seed_of(c, assignment, SEED)) for c in assignment.active}
    used = {
        name: {part for part in broken if _used(drawn, part, broken[part])}
        for name, drawn in programs.items()
    }
    for check in assignment.active:
        near = {check.name, *needed(assignment.active, check.name)}
        known = {part for c in assignment.active if c.name in near for part in c.own}
        known |= {p for group in assignment.groups if known & {*group} for p in group}
        told: dict[str, str] = {}
        for other in assignment.active:
            parts = (used[check.name] & {*other.own}) - known - {*told.values()}
            if parts and not used[other.name] & {*check.own}:
                told[other.name] = min(parts)
        if told:
            uses = _listed(_spelled(part) for part in told.values())
            checks = _listed(f'"{name}"' for name in told)
            yield (
                f'the programs of the check "{check.name}" use {uses}, but it does not need '
                f"{checks}: a mistake there may be charged here too"
            )


def _listed(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _used(programs: tuple[Program, ...], part: str, broken: Mutant | None) -> bool:
    """Whether some program applies an operation, or stops where a part of the key is broken."""
    if part in OPS:
        graphs = (program for program in programs if isinstance(program, Expression))
        return any(node.op == part for graph in graphs for node in graph.nodes)
    stops = (broken.run(program).fault for program in programs[:PROGRAMS] if broken is not None)
    return any(fault is not None and fault.message == BROKEN for fault in stops)


def _without(assignment: Assignment, part: str) -> Mutant | None:
    """The answer key with a function broken; None where there is no such function."""
    key = assignment.answer_key
    tree = ast.parse(key.source.text) if key is not None else ast.Module([], [])
    found = definition(tree, part)
    if key is None or not isinstance(found, ast.FunctionDef):
        return None
    found.body = ast.parse(f"raise RuntimeError({BROKEN!r})").body
    try:
        return Mutant(part, ast.unparse(tree), key.dialect or assignment.dialect)
    except Exception:  # the key itself uses it while it is loaded
        return None


def _spelled(part: str) -> str:
    """An operation as programs write it, or the name of a part."""
    if part not in OPS:
        return part
    return OPS[part].spelling.format("x", "y", constant="number", all="x, y, z")
