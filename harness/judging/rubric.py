"""The rubric as data: a TOML file with points, limits and rules for an assignment.

docs/reference/rubric.md has every key. What stands outside of a table with an assignment's name
holds for every assignment; what stands inside of one wins.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from harness.judging import declared
from harness.judging.check import Assignment, Check, Limits, available, find, nothing_stops
from harness.judging.class_rules import CLASS, rules_of
from harness.judging.toml_file import (
    Number,
    Place,
    Switch,
    TomlFile,
    Whole,
    kind,
    parsed,
    text_of,
)
from harness.records.errors import UsageError

EXACT = "order_exact"
"""The check that strict_order switches on."""
EXACT_POINTS = 5.0
"""Its points where neither the file nor the assignment gives any."""
DIALECT_FILE = r"""^(?P<key>\s*dialect\s*=\s*)["'](?P<file>[^"']+\.toml)["']"""
Checks = Annotated[list[str], kind("a list of checks")]
Visibility = Literal["always", "after_due", "after_published", "never"]
Libraries = Annotated[list[str], kind("a list of libraries")]
Spoken = Annotated[str | dict[str, Any], kind("a dialect's name, a .toml file or a table")]
LIMITS = tuple(field.name for field in fields(Limits))
RULES: dict[str, Any] = {
    "points": dict[str, Number],
    "limits": dict.fromkeys(LIMITS, Whole),
    "hidden": Checks,
    "strict_order": Switch,
    "credit": Literal["isolated", "strict"],
    "feedback": Literal["none", "exercise", "sentence", "program"],
    "bonus": Checks,
    "cap": Number,
    "total": Number,
    "libraries": Libraries,
    "stopping": Number,
    "visibility": dict[str, Visibility],
    "dialect": Spoken,
    "absent": Literal["costs", "free"],
}
"""Each key of a file and the kind of its value: a type that msgspec converts to, a table of any
names, or a table of its own keys. `credit` says whether a check that is correct on its own counts,
or only the submission as it stands."""
KEYS = tuple(RULES)


def ruled(
    names: Sequence[str],
    text: str = "",
    where: str = "the rubric",
    *,
    strict: bool = False,
    thorough: int = 1,
    dialect: str = "",
    graded: bool = False,
) -> tuple[Assignment, ...]:
    """Assignments under the rules of a file and of a command.

    Args:
        names: of the assignments.
        text: of the file; nothing where there is none.
        where: what messages call it.
        strict: whether only the submission as it stands counts, whatever the file says.
        thorough: how many times the programs are drawn.
        dialect: how engines spell a program, whatever the file says of it.
        graded: whether marks are made. Then what an engine lacks costs its points, and all are
            read in one declared dialect, unless the file says otherwise.

    Raises:
        UsageError: there is no such assignment, a key or a value makes no sense, or no dialect is
            declared where one must be.
    """
    assignments = [_unruled(find(name), graded=graded) for name in names]
    if text:
        assignments = [loads(text, where, each, spoken=not dialect) for each in assignments]
    if dialect:
        assignments = [declared.spoken(assignment, dialect) for assignment in assignments]
    if graded:
        for assignment in assignments:
            _need_dialect(assignment)
    if thorough > 1:
        assignments = [assignment.thorough(thorough) for assignment in assignments]
    return tuple(replace(each, strict=each.strict or strict) for each in assignments)


def load(path: Path, assignment: Assignment) -> Assignment:
    """The assignment with what a file says of it.

    Args:
        path: a TOML file; it may be about other assignments too, whose tables are not looked into.
        assignment: what holds where the file says nothing.

    Raises:
        UsageError: the file cannot be read or is not TOML, or a key or a value makes no sense.
    """
    return loads(text_of(path), str(path), assignment)


def loads(text: str, where: str, assignment: Assignment, *, spoken: bool = True) -> Assignment:
    """The assignment with what the text of a file says of it; its dialect only if spoken."""
    file = parsed(text, where)
    installed = tuple(dict.fromkeys((assignment.name, *available())))
    for key in file.content:
        if key not in (*KEYS, *CLASS, *installed):
            raise file.unknown((key,), "key or assignment", (*KEYS, *CLASS, *installed))
    rules_of(file)  # a slip in what holds for the class is refused wherever the file is read
    common = {key: value for key, value in file.content.items() if key in KEYS}
    own = file.table((assignment.name,), file.content.get(assignment.name, {}))
    ruled = _with(_with(assignment, file, (), common), file, (assignment.name,), own)
    if ruled.total is not None and all(check.bonus for check in ruled.active):
        place = (assignment.name, "total") if "total" in own else ("total",)
        raise file.error(place, "total needs a check that has points and is no bonus")
    return _spoken(ruled, file, common, own) if spoken else ruled


def with_dialects(text: str, beside: Path) -> str:
    """A rubric's text with each dialect that it names by a file put in, so that it can travel.

    Args:
        text: of the rubric.
        beside: the rubric's folder, in which such files are looked for.

    Raises:
        UsageError: there is no such file, or it is no TOML.
    """

    def put_in(line: re.Match[str]) -> str:
        path = beside / line["file"]
        return line["key"] + _inline(parsed(text_of(path), str(path)).content)

    return re.sub(DIALECT_FILE, put_in, text, flags=re.MULTILINE)


def read(path: Path | None) -> str:
    """The text of a rubric and of the dialects that it names; nothing where there is no rubric.

    Raises:
        UsageError: a file cannot be read.
    """
    return with_dialects(text_of(path), path.parent) if path is not None else ""


def _inline(value: object) -> str:
    """A value of TOML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {_inline(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return json.dumps(value, default=str)


def _unruled(assignment: Assignment, *, graded: bool) -> Assignment:
    """An assignment before its rubric: for marks, nothing is found and nothing is free."""
    if not graded or assignment.fitted is None:
        return assignment
    return replace(assignment, finds=False, absent_costs=True)


def _need_dialect(assignment: Assignment) -> None:
    """Refuses to mark engines of which nobody has said how they spell a program."""
    if assignment.fitted is None or assignment.finds or assignment.dialect.known:
        return
    names = ", ".join(
        f'"{name}"' for name in (declared.FOUND, *(d.name for d in assignment.dialects))
    )
    raise UsageError(
        f"{assignment.name}: a class is graded in one dialect, and the rubric declares none; "
        f"write dialect = {names} or a .toml file below [{assignment.name}]"
    )


def _spoken(
    assignment: Assignment, file: TomlFile, common: dict[str, Any], own: dict[str, Any]
) -> Assignment:
    """The assignment in the dialect that a file declares, if it does."""
    inside = "dialect" in own
    if not inside and ("dialect" not in common or assignment.fitted is None):
        return assignment
    place = (assignment.name, "dialect") if inside else ("dialect",)
    chosen = own["dialect"] if inside else common["dialect"]
    try:
        return declared.spoken(assignment, chosen, place[0])
    except UsageError as problem:
        raise file.error(place, str(problem)) from None


def digest(assignment: Assignment) -> str:
    """What stands for a rubric: SHA-256, in hex, of all that a file can say."""
    content = {
        "name": assignment.name,
        "checks": [[c.name, float(c.points), c.hidden, c.bonus] for c in assignment.active],
        "limits": asdict(assignment.limits),
        "strict": assignment.strict,
        "feedback": assignment.feedback,
        "cap": None if assignment.cap is None else float(assignment.cap),
        "total": None if assignment.total is None else float(assignment.total),
    }
    if assignment.fitted is not None:
        content["dialect"] = declared.FOUND if assignment.finds else asdict(assignment.dialect)
        content["absent"] = assignment.absent_costs
    if assignment.libraries:
        content["libraries"] = list(assignment.libraries)
    later = {c.name: c.visibility for c in assignment.active if c.visibility != "always"}
    if later:
        content["visibility"] = later
    return _hashed(content)


def run_parts(assignment: Assignment) -> dict[str, list[str]]:
    """What decides verdicts, by its key in a file; all else decides how they count.

    Two rubrics with the same parts can be exchanged without running anything.
    """
    parts = {
        "points": [check.name for check in assignment.active],
        "limits": [f"{key} = {value}" for key, value in asdict(assignment.limits).items()],
        "libraries": list(assignment.libraries),
    }
    if assignment.fitted is not None:
        spelling = "" if assignment.finds else f" {_hashed(asdict(assignment.dialect))[:12]}"
        name = declared.FOUND if assignment.finds else assignment.dialect.name
        parts["dialect"] = [name + spelling]
        parts["absent"] = ["costs" if assignment.absent_costs else "free"]
    return parts


def run_digest(assignment: Assignment) -> str:
    """What stands for the part of a rubric that decides verdicts: SHA-256, in hex."""
    return _hashed({"name": assignment.name, **run_parts(assignment)})


def _hashed(content: dict[str, Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _with(assignment: Assignment, file: TomlFile, at: Place, table: dict[str, Any]) -> Assignment:
    """The assignment with what one table says, or the top of the file."""
    said = file.read(at, table, RULES)
    points = _points(assignment, file, at, said)
    limits = replace(assignment.limits, **said.get("limits", {}))
    ruled = replace(assignment, limits=limits, checks=_each(assignment, "points", points))
    for flag in ("hidden", "bonus"):
        if flag in said:
            for name in said[flag]:
                _known(ruled, file, (*at, flag), name)
            flags = {check.name: check.name in said[flag] for check in ruled.checks}
            ruled = replace(ruled, checks=_each(ruled, flag, flags))
    if "visibility" in said:
        for name in said["visibility"]:
            _known(ruled, file, (*at, "visibility", name), name)
        ruled = replace(ruled, checks=_each(ruled, "visibility", said["visibility"]))
    if "credit" in said:
        ruled = replace(ruled, strict=said["credit"] == "strict")
    if "absent" in said:
        ruled = replace(ruled, absent_costs=said["absent"] == "costs")
    if "stopping" in said:
        others = tuple(check for check in ruled.checks if not check.loads)
        first = (nothing_stops(said["stopping"]),) if said["stopping"] else ()
        ruled = replace(ruled, checks=(*first, *others))
    for name in said.get("libraries", ()):
        if not (name.isascii() and name.isidentifier()):
            raise file.wrong((*at, "libraries"), 'names as in "import scipy"', name)
    for key in ("cap", "total"):
        if said.get(key) == 0:
            raise file.wrong((*at, key), "more than 0", table[key])
    if "libraries" in said:
        said["libraries"] = tuple(dict.fromkeys(said["libraries"]))
    plain = {key: said[key] for key in ("feedback", "cap", "total", "libraries") if key in said}
    return replace(ruled, **plain)


def _each(assignment: Assignment, field: str, values: Mapping[str, Any]) -> tuple[Check, ...]:
    """The checks with other values of a field, by the name of the check."""
    return tuple(
        replace(check, **{field: values[check.name]}) if check.name in values else check
        for check in assignment.checks
    )


def _points(
    assignment: Assignment, file: TomlFile, at: Place, said: dict[str, Any]
) -> dict[str, float]:
    """The points that a table gives, by check."""
    points: dict[str, float] = said.get("points", {})
    for name in points:
        _known(assignment, file, (*at, "points", name), name)
    if said.get("strict_order"):
        _known(assignment, file, (*at, "strict_order"), EXACT)
        (check,) = (check for check in assignment.checks if check.name == EXACT)
        points.setdefault(EXACT, check.points or EXACT_POINTS)
        if not points[EXACT]:
            sentence = f"{EXACT} has 0 points, although strict_order is true"
            raise file.error((*at, "points", EXACT), sentence)
    return points


def _known(assignment: Assignment, file: TomlFile, place: Place, name: str) -> None:
    """Refuses the name of a check that is not the assignment's."""
    names = tuple(check.name for check in assignment.checks)
    if name in names:
        return
    for other in available():
        if other != assignment.name and name in {check.name for check in find(other).checks}:
            belongs = f"it belongs below [{other}]"
            sentence = f'"{name}" is a check of {other}, not of {assignment.name}; {belongs}'
            raise file.error(place, sentence)
    raise file.unknown(place, "check", names, name)
