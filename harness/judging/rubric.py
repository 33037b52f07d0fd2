"""The rubric as data: a TOML file with points, limits and rules for an assignment.

docs/reference/rubric.md has every key. What stands outside of a table with an assignment's name
holds for every assignment; what stands inside of one wins.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from dataclasses import asdict, dataclass, fields, replace
from difflib import get_close_matches
from itertools import takewhile
from pathlib import Path
from typing import Any

from harness.judging.check import Assignment, Limits, available, find, nothing_stops
from harness.judging.grade import FEEDBACK
from harness.records.errors import UsageError

KEYS = (
    *("points", "limits", "hidden", "strict_order", "credit", "feedback"),
    *("bonus", "cap", "total", "libraries", "stopping"),
)
LIMITS = tuple(field.name for field in fields(Limits))
CREDIT = ("isolated", "strict")
"""Whether a check that is right by itself counts, or only the submission as it stands."""
EXACT = "order_exact"
"""The check that strict_order switches on."""
EXACT_POINTS = 5.0
"""Its points where neither the file nor the assignment gives any."""
MOST = 1_000_000
"""The largest number that is believed to be meant."""

Place = tuple[str, ...]
"""A key behind the tables that it stands in."""


def load(path: Path, assignment: Assignment) -> Assignment:
    """The assignment with what a file says of it.

    Args:
        path: a TOML file; it may be about other assignments too, whose tables are not looked into.
        assignment: what holds where the file says nothing.

    Raises:
        UsageError: the file cannot be read or is not TOML, or a key or a value makes no sense.
    """
    return loads(text_of(path), str(path), assignment)


def loads(text: str, where: str, assignment: Assignment) -> Assignment:
    """The assignment with what the text of a file says of it; as load."""
    file = _parsed(text, where)
    installed = tuple(dict.fromkeys((assignment.name, *available())))
    for key in file.content:
        if key not in (*KEYS, *installed):
            raise _unknown(file, (key,), "key or assignment", (*KEYS, *installed))
    common = {key: value for key, value in file.content.items() if key in KEYS}
    own = _table(file, (assignment.name,), file.content.get(assignment.name, {}))
    told = _with(_with(assignment, file, (), common), file, (assignment.name,), own)
    if told.total is not None and all(check.bonus for check in told.active):
        place = (assignment.name, "total") if "total" in own else ("total",)
        raise _error(file, place, "total needs a check that has points and is no bonus")
    return told


def digest(assignment: Assignment) -> str:
    """What stands for a rubric in a stored grade: SHA-256, in hex, of all that a file can say."""
    told = {
        "name": assignment.name,
        "checks": [[c.name, float(c.points), c.hidden, c.bonus] for c in assignment.active],
        "limits": asdict(assignment.limits),
        "strict": assignment.strict,
        "feedback": assignment.feedback,
        "cap": None if assignment.cap is None else float(assignment.cap),
        "total": None if assignment.total is None else float(assignment.total),
    }
    if assignment.libraries:
        told["libraries"] = list(assignment.libraries)
    canonical = json.dumps(told, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def line_of(text: str, place: Place) -> int:
    """The line, from 1, that spells a key, or as many of the tables around it as any line does.

    Text inside of inline tables and of arrays is not looked into.
    """
    table: Place = ()
    nearest, deepest = 1, 0
    for number, line in enumerate(text.split("\n"), start=1):
        spelled = SPELLED.match(line)
        if spelled is None:
            continue
        names = re.findall(NAME, spelled["table"] or spelled["key"])
        here = tuple(name.strip("\"'") for name in names)
        if spelled["table"]:
            table = here
        else:
            here = (*table, *here)
        pairs = zip(here, place, strict=False)
        depth = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        if depth > deepest:
            nearest, deepest = number, depth
    return nearest


NAME = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
NAMES = rf"{NAME}(?:\s*\.\s*{NAME})*"
SPELLED = re.compile(rf"\s*(?:\[+\s*(?P<table>{NAMES})\s*\]|(?P<key>{NAMES})\s*=)")
"""The start of a line that opens a table or gives a key its value."""


@dataclass(frozen=True)
class _File:
    """A rubric as it was read."""

    name: str
    text: str
    content: dict[str, Any]


def text_of(path: Path) -> str:
    """The text of a rubric.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as problem:
        raise UsageError(f"{path}: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: this is not text in UTF-8") from None


def _parsed(text: str, where: str) -> _File:
    try:
        return _File(where, text, tomllib.loads(text))
    except ValueError as problem:
        reason, _, place = str(problem).partition(" (at ")
        line = re.match(r"line (\d+)", place)
        last = len(text.rstrip().split("\n"))
        told = f"{where}, line {line[1] if line else last}: this is not TOML: {reason}"
        raise UsageError(told) from None


def _with(assignment: Assignment, file: _File, at: Place, said: dict[str, Any]) -> Assignment:
    """The assignment with what one table says, or the top of the file."""
    for key in said:
        if key not in KEYS:
            raise _unknown(file, (*at, key), "key", KEYS)
    points = {check.name: check.points for check in assignment.checks}
    points |= _points(assignment, file, at, said)
    checks = tuple(replace(check, points=points[check.name]) for check in assignment.checks)
    told = replace(assignment, checks=checks)
    if "limits" in said:
        told = replace(told, limits=_limits(told.limits, file, (*at, "limits"), said["limits"]))
    if "hidden" in said:
        names = _checks(told, file, (*at, "hidden"), said["hidden"])
        told = replace(told, checks=tuple(replace(c, hidden=c.name in names) for c in told.checks))
    if "bonus" in said:
        names = _checks(told, file, (*at, "bonus"), said["bonus"])
        told = replace(told, checks=tuple(replace(c, bonus=c.name in names) for c in told.checks))
    if "credit" in said:
        credit = _one_of(CREDIT, file, (*at, "credit"), said["credit"])
        told = replace(told, strict=credit == "strict")
    if "feedback" in said:
        told = replace(told, feedback=_one_of(FEEDBACK, file, (*at, "feedback"), said["feedback"]))
    if "cap" in said:
        told = replace(told, cap=_positive(file, (*at, "cap"), said["cap"]))
    if "stopping" in said:
        costs = _number(file, (*at, "stopping"), said["stopping"])
        others = tuple(check for check in told.checks if not check.loads)
        told = replace(told, checks=(nothing_stops(costs), *others) if costs else others)
    if "libraries" in said:
        told = replace(told, libraries=_libraries(file, (*at, "libraries"), said["libraries"]))
    if "total" in said:
        told = replace(told, total=_positive(file, (*at, "total"), said["total"]))
    return told


def _points(
    assignment: Assignment, file: _File, at: Place, said: dict[str, Any]
) -> dict[str, float]:
    """The points that a table gives, by check."""
    place, points = (*at, "points"), {}
    for name, value in _table(file, place, said.get("points", {})).items():
        _known(assignment, file, (*place, name), name)
        points[name] = _number(file, (*place, name), value)
    exact = said.get("strict_order", False)
    if not isinstance(exact, bool):
        raise _wrong(file, (*at, "strict_order"), "true or false", exact)
    if exact:
        _known(assignment, file, (*at, "strict_order"), EXACT)
        (check,) = (check for check in assignment.checks if check.name == EXACT)
        points.setdefault(EXACT, check.points or EXACT_POINTS)
        if not points[EXACT]:
            sentence = f"{EXACT} has 0 points, although strict_order is true"
            raise _error(file, (*place, EXACT), sentence)
    return points


def _limits(limits: Limits, file: _File, place: Place, value: object) -> Limits:
    said = _table(file, place, value)
    for name, limit in said.items():
        if name not in LIMITS:
            raise _unknown(file, (*place, name), "limit", LIMITS)
        if type(limit) is not int or not 1 <= limit <= MOST:
            raise _wrong(file, (*place, name), f"a whole number from 1 to {MOST}", limit)
    return replace(limits, **said)


def _checks(assignment: Assignment, file: _File, place: Place, value: object) -> tuple[str, ...]:
    """The names of checks in a list."""
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise _wrong(file, place, "a list of checks", value)
    for name in value:
        _known(assignment, file, place, name)
    return tuple(value)


def _libraries(file: _File, place: Place, value: object) -> tuple[str, ...]:
    """The names of libraries in a list, as an import names them."""
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise _wrong(file, place, "a list of libraries", value)
    for name in value:
        if not (name.isascii() and name.isidentifier()):
            raise _wrong(file, place, 'names as in "import scipy"', name)
    return tuple(dict.fromkeys(value))


def _known(assignment: Assignment, file: _File, place: Place, name: str) -> None:
    """Refuses the name of a check that is not the assignment's."""
    names = tuple(check.name for check in assignment.checks)
    if name in names:
        return
    for other in available():
        if other != assignment.name and name in {check.name for check in find(other).checks}:
            told = f'"{name}" is a check of {other}, not of {assignment.name}'
            raise _error(file, place, f"{told}; it belongs below [{other}]")
    raise _unknown(file, place, "check", names, name)


def _table(file: _File, place: Place, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(file, place, "a table", value)
    return value


def _number(file: _File, place: Place, value: Any) -> float:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not 0 <= value <= MOST:
        raise _wrong(file, place, f"a number from 0 to {MOST}", value)
    return float(value)


def _positive(file: _File, place: Place, value: object) -> float:
    number = _number(file, place, value)
    if not number:
        raise _wrong(file, place, "more than 0", value)
    return number


def _one_of(choices: tuple[str, ...], file: _File, place: Place, value: object) -> str:
    if not isinstance(value, str):
        raise _wrong(file, place, " or ".join(f'"{choice}"' for choice in choices), value)
    if value not in choices:
        raise _unknown(file, place, place[-1], choices, value)
    return value


def _unknown(
    file: _File, place: Place, kind: str, known: tuple[str, ...], name: str | None = None
) -> UsageError:
    name = place[-1] if name is None else name
    near = get_close_matches(name, known, n=1)
    hint = f'did you mean "{near[0]}"?' if near else f"there are {', '.join(known)}"
    return _error(file, place, f'there is no {kind} "{name}"; {hint}')


def _wrong(file: _File, place: Place, wanted: str, value: object) -> UsageError:
    told = json.dumps(value, default=str, ensure_ascii=False)
    told = told if len(told) <= LONGEST else f"{told[:LONGEST]}..."
    return _error(file, place, f"{place[-1]} should be {wanted}, not {told}")


LONGEST = 40
"""Characters of a wrong value that are told."""


def _error(file: _File, place: Place, sentence: str) -> UsageError:
    return UsageError(f"{file.name}, line {line_of(file.text, place)}: {sentence}")
