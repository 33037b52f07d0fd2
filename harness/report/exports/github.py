"""GitHub: a Classroom runner's result, annotations and the job summary of one student.

The formats are those of classroom-resources/autograding-python-grader and of
https://docs.github.com/actions/reference/workflow-commands-for-github-actions.
"""

from __future__ import annotations

import base64
import re
import string
from collections.abc import Mapping
from typing import Any

import msgspec

from harness.records.observation import Fault
from harness.records.people import Result
from harness.records.verdict import Status
from harness.report.exports.places import Place
from harness.report.pages import graph_text
from harness.report.words import explain, wording
from harness.report.words.explain import CheckText

MOST_ANNOTATIONS = 10
"""Errors of one step that GitHub shows."""
LARGEST_SUMMARY = 1024 * 1024
"""Bytes of a step's summary; a larger one is not shown at all."""
LONGEST_OUTPUT = 500
"""Characters of a test's output that a Classroom runner sends."""
MARKUP = frozenset(string.punctuation) - set(",;'?(")
"""What may begin something in Markdown or HTML. A character reference never does."""


def runner(result: Result, titles: dict[str, str]) -> str:
    """What a Classroom runner puts out as `result`: JSON in base64.

    Adjustments are tests of their own, because the reporter adds up the tests' scores.

    Args:
        result: what the person gets.
        titles: for each check, what holds when it passes.
    """
    checks = explain.checks(result, titles)
    tests = [_test(k, check) for k, check in enumerate(checks)]
    for change, line in zip(result.adjustments, explain.adjustments(result), strict=True):
        tests.append(_scored(len(tests), line, "pass", explain.points(change.points)))
    status = "pass" if all(check.right for check in checks) else "fail"
    if any(grade.unreadable for grade in result.grades):
        status = "error"
    document = {
        "version": 3,
        "status": status,
        "max_score": explain.points(result.out_of),
        "tests": tests,
    }
    return base64.b64encode(msgspec.json.encode(document)).decode("ascii")


def annotate(
    result: Result, titles: dict[str, str], file: str, places: Mapping[str, Place] | None = None
) -> str:
    """One error for each check that did not pass, as workflow commands; the tenth names the rest.

    Args:
        result: what the person gets.
        titles: for each check, what holds when it passes.
        file: the student's module in the repository, where a check names no other file.
        places: for each check, the line to look at where it has not stopped at one.
    """
    broken = [check for check in explain.checks(result, titles) if not check.right]
    most = MOST_ANNOTATIONS if len(broken) <= MOST_ANNOTATIONS else MOST_ANNOTATIONS - 1
    lines = [
        _annotation(check, file, (places or {}).get(check.verdict.check)) for check in broken[:most]
    ]
    if broken[most:]:
        names = wording.listed(tuple(check.name for check in broken[most:]))
        folded = wording.FOLDED.format(count=len(broken) - most, checks=names)
        lines.append(_command("error", {"file": file}, folded))
    return "".join(f"{line}\n" for line in lines)


def notices(result: Result) -> str:
    """The two notices in which a Classroom reporter tells the sum, as workflow commands."""
    won, out_of = explain.points(result.points), explain.points(result.out_of)
    total = f"Points {explain.number(won)}/{explain.number(out_of)}"
    report = msgspec.json.encode({"totalPoints": won, "maxPoints": out_of}).decode()
    first = _command("notice", {"title": "Autograding complete"}, total)
    return f"{first}\n{_command('notice', {'title': 'Autograding report'}, report)}\n"


def summary(result: Result, titles: dict[str, str]) -> str:
    """The job summary in Markdown, with programs left out where it would be too large.

    Args:
        result: what the person gets.
        titles: for each check, what holds when it passes.
    """
    return explain.fitted(
        explain.checks(result, titles), lambda checks: _summary(result, checks), LARGEST_SUMMARY
    )


def _test(place: int, check: CheckText) -> dict[str, Any]:
    status = "pass" if check.right else "fail"
    if check.verdict.status is Status.FAULTED:
        status = "error"
    found = check.verdict.problem
    return {
        **_scored(place, check.name, status, explain.points(check.verdict.points)),
        "test_code": check.title,
        "filename": wording.printable(found.where) if isinstance(found, Fault) else "",
        "line_no": found.line if isinstance(found, Fault) else 0,
        "message": check.message,
        "output": check.program[:LONGEST_OUTPUT],
    }


def _scored(place: int, name: str, status: str, score: float) -> dict[str, Any]:
    """A test with every field that the reporter reads; how long it took is not known."""
    return {
        "name": name,
        "status": status,
        "test_code": "",
        "task_id": place,
        "filename": "",
        "line_no": 0,
        "duration": 0.0,
        "score": score,
        "message": "",
        "output": "",
    }


def _annotation(check: CheckText, file: str, place: Place | None) -> str:
    found, properties = check.verdict.problem, {"file": file}
    if isinstance(found, Fault) and found.where.endswith(".py"):
        if found.where != file.rpartition("/")[2]:
            properties["file"] = wording.printable(found.where)
        if found.line > 0:
            properties["line"] = str(found.line)
    elif place is not None and not place.cell:
        properties = {"file": wording.printable(place.file), "line": str(place.line)}
    name = f"{check.name}: {check.title}" if check.title else check.name
    return _command("error", {**properties, "title": name}, check.message)


def _command(kind: str, properties: dict[str, str], message: str) -> str:
    given = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{kind} {given}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _summary(result: Result, checks: tuple[CheckText, ...]) -> str:
    blocks = [_text(line) for line in explain.remarks(result)]
    for grade in result.grades:
        own = [check for check in checks if check.assignment == grade.assignment]
        blocks += [f"## {_text(grade.assignment)}", _table(own)]
        for check in own:
            if check.verdict.status in explain.EXPLAINED or check.verdict.status is Status.CREDITED:
                blocks += _explained(check)
    return "\n\n".join(blocks) + "\n"


def _table(checks: list[CheckText]) -> str:
    rows = ["| check | | points |", "|---|---|---:|"]
    for check in checks:
        verdict = check.verdict
        won = f"{explain.number(verdict.points)} of {explain.number(verdict.out_of)}"
        rows.append(f"| {_text(check.name)} | {_text(wording.status(verdict))} | {won} |")
    return "\n".join(rows)


def _explained(check: CheckText) -> list[str]:
    title = f": {check.title}" if check.title else ""
    blocks = [f"### {_text(check.name + title)}"]
    blocks += [_text(line) for line in check.message.splitlines()]
    if check.program:
        runs = (len(run) for run in re.findall("`+", check.program))
        fence = "`" * max(3, 1 + max(runs, default=0))
        blocks.append(f"{fence}python\n{check.program}\n{fence}")
    if check.program not in ("", wording.CUT) and check.verdict.evidence is not None:
        drawn = graph_text.mermaid(check.verdict.evidence)
        blocks += [f"```mermaid\n{drawn}\n```"] if drawn else []
    return blocks


def _text(text: str) -> str:
    """Text that Markdown and HTML show as it is."""
    line = " ".join(text.split())
    return "".join(f"&#{ord(c)};" if c in MARKUP else c for c in line)
