"""JUnit XML of a class: one suite for each student and assignment, with points as properties.

No time is told, because a grade holds none and the same results must give the same bytes.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from harness.records.people import Result
from harness.records.verdict import WRONG, Grade, Status
from harness.report.words import explain
from harness.report.words.explain import CheckText

FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write: https://www.w3.org/TR/xml/#charsets."""
COUNTED = ("tests", "failures", "errors", "skipped")
ROOT = "testsuites"
SUITE = re.compile(
    '^  <testsuite name="[^"]*" ' + " ".join(f'{name}="(?P<{name}>[0-9]+)"' for name in COUNTED),
    re.MULTILINE,
)
"""How a suite begins; in text and in a value there is no such "<", because both are escaped."""
SPOOLED = 1 << 20
"""Characters that are read at a time."""
NOT_JUDGED = (Status.SKIPPED, Status.INCONCLUSIVE)


def suites(result: Result, titles: dict[str, str]) -> str:
    """One person's suites, as lines that stand inside of the root.

    Args:
        result: what the person gets.
        titles: for each check, what holds when it passes.
    """
    root = Element(ROOT)
    checks = explain.checks(result, titles)
    for grade in result.grades:
        own = [check for check in checks if check.assignment == grade.assignment]
        root.append(_suite(result, grade, own))
    ElementTree.indent(root)
    text = FORBIDDEN.sub("", ElementTree.tostring(root, encoding="unicode"))
    return text.removeprefix(f"<{ROOT}>\n").removesuffix(f"</{ROOT}>") if result.grades else ""


def xml(pieces: Iterable[str]) -> Iterator[str]:
    """A class as JUnit XML; the root says how many there are of all, so it is written last.

    Args:
        pieces: each person's suites.
    """
    total = dict.fromkeys(COUNTED, 0)
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as spooled:
        for piece in pieces:
            for suite in SUITE.finditer(piece):
                for name in COUNTED:
                    total[name] += int(suite[name])
            spooled.write(piece)
        spooled.seek(0)
        counts = " ".join(f'{name}="{count}"' for name, count in total.items())
        yield f'<?xml version="1.0" encoding="UTF-8"?>\n<{ROOT} name="adjudge" {counts}'
        text = spooled.read(SPOOLED)
        yield ">\n" if text else " />\n"
        while text:
            yield text
            following = spooled.read(SPOOLED)
            if not following:
                yield f"</{ROOT}>\n"
            text = following


def _suite(result: Result, grade: Grade, checks: list[CheckText]) -> Element:
    person, statuses = result.person, [check.verdict.status for check in checks]
    suite = Element("testsuite", name=f"{explain.key(person.key)}: {grade.assignment}")
    counts = (
        len(checks),
        sum(status in WRONG for status in statuses),
        0,
        sum(status in NOT_JUDGED for status in statuses),
    )
    for name, count in zip(COUNTED, counts, strict=True):
        suite.set(name, str(count))
    properties = {
        "key": explain.key(person.key),
        "name": explain.plain(person.name),
        "points": explain.number(grade.points),
        "out_of": explain.number(grade.out_of),
        "late": "true" if result.late else "false",
        "points_with_adjustments": explain.number(result.points),
    }
    _properties(suite, properties)
    for check in checks:
        suite.append(_case(check))
    return suite


def _case(check: CheckText) -> Element:
    verdict = check.verdict
    classname = f"{check.assignment}.{verdict.exercise}" if verdict.exercise else check.assignment
    case = Element("testcase", classname=classname, name=verdict.check)
    properties = {
        "exercise": verdict.exercise,
        "points": explain.number(verdict.points),
        "out_of": explain.number(verdict.out_of),
        "status": verdict.status.value,
    }
    _properties(case, properties)
    first, _, _ = check.message.partition("\n")
    if verdict.status in WRONG:
        failure = SubElement(case, "failure", message=first)
        failure.text = "\n\n".join(text for text in (check.message, check.program) if text)
    elif verdict.status in NOT_JUDGED:
        SubElement(case, "skipped", message=first)
    elif check.message:
        SubElement(case, "system-out").text = check.message
    return case


def _properties(parent: Element, values: dict[str, str]) -> None:
    properties = SubElement(parent, "properties")
    for name, value in values.items():
        SubElement(properties, "property", name=name, value=value)
