"""JUnit XML of a class: one suite for each student and assignment, with points as properties.

No time is told, because a grade holds none and the same results must give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from harness.records.people import Result
from harness.records.verdict import WRONG, Grade, Status
from harness.report.words import explain
from harness.report.words.explain import Told

FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write: https://www.w3.org/TR/xml/#charsets."""
COUNTED = ("tests", "failures", "errors", "skipped")
NOT_JUDGED = (Status.SKIPPED, Status.INCONCLUSIVE)


def xml(results: Iterable[Result], titles: dict[str, str]) -> str:
    """A class as JUnit XML, by key.

    Args:
        results: one for each person.
        titles: for each check, what holds when it passes.
    """
    root = Element("testsuites", name="adjudge")
    for result in sorted(results, key=lambda result: result.person.key):
        told = explain.checks(result, titles)
        for grade in result.grades:
            own = [one for one in told if one.assignment == grade.assignment]
            root.append(_suite(result, grade, own))
    for name in COUNTED:
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return FORBIDDEN.sub("", f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n')


def _suite(result: Result, grade: Grade, told: list[Told]) -> Element:
    person, statuses = result.person, [one.verdict.status for one in told]
    suite = Element("testsuite", name=f"{explain.key(person.key)}: {grade.assignment}")
    counts = (
        len(told),
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
    for one in told:
        suite.append(_case(one))
    return suite


def _case(told: Told) -> Element:
    verdict = told.verdict
    classname = f"{told.assignment}.{verdict.exercise}" if verdict.exercise else told.assignment
    case = Element("testcase", classname=classname, name=verdict.check)
    properties = {
        "exercise": verdict.exercise,
        "points": explain.number(verdict.points),
        "out_of": explain.number(verdict.out_of),
        "status": verdict.status.value,
    }
    _properties(case, properties)
    first, _, _ = told.message.partition("\n")
    if verdict.status in WRONG:
        failure = SubElement(case, "failure", message=first)
        failure.text = "\n\n".join(text for text in (told.message, told.program) if text)
    elif verdict.status in NOT_JUDGED:
        SubElement(case, "skipped", message=first)
    elif told.message:
        SubElement(case, "system-out").text = told.message
    return case


def _properties(parent: Element, values: dict[str, str]) -> None:
    told = SubElement(parent, "properties")
    for name, value in values.items():
        SubElement(told, "property", name=name, value=value)
