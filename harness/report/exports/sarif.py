"""What an editor or a code host shows at the student's line: SARIF 2.1.0, and one line for each.

The format is OASIS SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/). A line is
"file:line:1: error: message", which the problem matcher `$gcc` of VS Code reads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from harness.records.people import Result
from harness.records.verdict import RAISED, WRONG, Status
from harness.records.version import version
from harness.report.exports.places import Place
from harness.report.words import explain, wording
from harness.report.words.explain import CheckText

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
UNREADABLE = "readable"
"""The rule of a submission that cannot be read."""
UNREADABLE_TITLE = "the submission can be read"
SHOWN = (*WRONG, Status.SKIPPED, Status.CREDITED, *RAISED)
"""What there is something to say of."""


def log(result: Result, titles: dict[str, str], places: Mapping[str, Place]) -> str:
    """One run with a rule for each check and a result for each that there is something to say of.

    Args:
        result: what was judged.
        titles: for each check, what holds when it passes.
        places: for each check, the line to look at.
    """
    checks = explain.checks(result, titles)
    rules = {_id(check): _rule(check) for check in checks}
    index = {name: k for k, name in enumerate(rules)}
    results: list[dict[str, Any]] = []
    for check in checks:
        found = _result(check, index[_id(check)], places[check.verdict.check])
        # What cannot be read is told once, however many assignments it was meant for.
        if check.verdict.status in SHOWN and not (check.verdict.check == "" and results):
            results.append(found)
    driver = {"name": "adjudge", "version": version(), "rules": [*rules.values()]}
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True}],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def lines(result: Result, titles: dict[str, str], places: Mapping[str, Place]) -> str:
    """A line of text for each check that there is something to say of, as a compiler prints it.

    Args:
        result: what was judged.
        titles: for each check, what holds when it passes.
        places: for each check, the line to look at.
    """
    found = [check for check in explain.checks(result, titles) if check.verdict.status in SHOWN]
    unique = dict.fromkeys(_line(check, places[check.verdict.check]) for check in found)
    return "".join(f"{line}\n" for line in unique)


def spelled(place: Place) -> str:
    """A place as an editor's terminal makes a link of it: "mine.py:12", or a notebook's cell."""
    file = wording.printable(place.file, explain.LONGEST)
    return f"{file}:{place.cell}:{place.line}" if place.cell else f"{file}:{place.line}"


def _line(check: CheckText, place: Place) -> str:
    file = wording.printable(place.file, explain.LONGEST)
    # A line of a cell is no line of the notebook's file.
    line, inside = (1, f"{place.cell}, line {place.line}: ") if place.cell else (place.line, "")
    words = {"error": "error", "warning": "warning", "note": "info"}[_level(check)]
    first = check.message.partition("\n")[0] or check.title
    return f"{file}:{line}:1: {words}: {inside}{first} [{_id(check)}]"


def _id(check: CheckText) -> str:
    return check.verdict.check or UNREADABLE


def _level(check: CheckText) -> str:
    if check.verdict.status in WRONG:
        return "error"
    return "warning" if check.verdict.status in (Status.SKIPPED, Status.FLAGGED) else "note"


def _rule(check: CheckText) -> dict[str, Any]:
    title = check.title or (UNREADABLE_TITLE if not check.verdict.check else check.name)
    return {
        "id": _id(check),
        "name": check.name or UNREADABLE,
        "shortDescription": {"text": title},
        "properties": {"assignment": check.assignment, "exercise": check.verdict.exercise},
    }


def _result(check: CheckText, index: int, place: Place) -> dict[str, Any]:
    text = "\n\n".join(part for part in (check.message, check.program) if part)
    key = hashlib.sha256(f"{check.assignment}/{_id(check)}/{place.file}".encode()).hexdigest()
    return {
        "ruleId": _id(check),
        "ruleIndex": index,
        "kind": "fail",
        "level": _level(check),
        "message": {"text": text or check.title or check.name},
        "locations": [_location(place)],
        "partialFingerprints": {"check/v1": key},
        "properties": {
            "status": check.verdict.status.value,
            "points": explain.points(check.verdict.points),
            "outOf": explain.points(check.verdict.out_of),
        },
    }


def _location(place: Place) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(place.file)}}
    if not place.cell:
        return {"physicalLocation": {**physical, "region": {"startLine": place.line}}}
    cell = {"name": place.cell, "fullyQualifiedName": f"{place.cell}, line {place.line}"}
    return {"physicalLocation": physical, "logicalLocations": [cell]}


def _uri(file: str) -> str:
    """A path as a reference; an absolute one names its scheme."""
    path = Path(file)
    if path.is_absolute():
        return "file://" + quote(("/" if path.drive else "") + path.as_posix(), errors="replace")
    return quote(file, errors="replace")
