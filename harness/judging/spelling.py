"""What a module has in the place of a name that it lacks: "did you mean"."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import SequenceMatcher

ALIKE = 0.6
"""How much of two names must be the same, of 1."""
MEMBERS = 0.5
"""How many of the members that are wanted of a class another must have to stand for it, of 1."""


def meant(wanted: Iterable[str], missing: Collection[str], present: Collection[str]) -> str:
    """The first name that a module has and that is like one it lacks; nothing where none is.

    A class is known by its members, whatever it is called; anything else by its spelling.

    Args:
        wanted: the dotted names that a check misses.
        missing: every name that the module lacks.
        present: every name that it has.
    """
    for name in wanted:
        found = _by_members(name, missing, present) or _by_spelling(name, present)
        if found:
            return found
    return ""


def _by_members(name: str, missing: Collection[str], present: Collection[str]) -> str:
    members = {other.removeprefix(f"{name}.") for other in missing if other.startswith(f"{name}.")}
    best, most = "", MEMBERS * len(members)
    for other in present:
        count = sum(f"{other}.{member}" in present for member in members)
        if count and count >= most:
            best, most = other, count + 0.5
    return best


def _by_spelling(name: str, present: Collection[str]) -> str:
    owner, _, last = name.rpartition(".")
    alike = [
        (_ratio(last, other.rpartition(".")[2]), other.rpartition(".")[0] == owner, other)
        for other in present
    ]
    ratio, _, best = max((entry for entry in alike if entry[0] >= ALIKE), default=(0.0, False, ""))
    return best if ratio else ""


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one.lower(), other.lower(), autojunk=False).ratio()
