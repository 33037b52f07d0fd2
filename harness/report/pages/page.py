"""A student's page: one HTML file that needs no network, from a grade and nothing else.

The caller passes the part of a grade that the student is told; what is not in it is not shown.
Text of the student's is made printable by wording.py and escaped by the template; the policy in
the page's head lets no script run but ours, and loads nothing.
"""

from __future__ import annotations

import base64
import hashlib
import textwrap
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from harness.judging.grade import NOT_TOLD
from harness.records.people import Result
from harness.records.verdict import Grade, Status, Verdict
from harness.records.version import version
from harness.report.pages import pictures
from harness.report.pages.source import Line
from harness.report.words import catalogue, explain, listing, wording

LARGEST = 480_000
"""Bytes of a page; what would make it larger is left out, drawings first."""
DETAILED = (
    Status.FAILED,
    Status.FAULTED,
    Status.FLAGGED,
    Status.NOTED,
    Status.CREDITED,
    Status.SKIPPED,
)
"""What is said more of than its points."""
TEMPLATES = Path(__file__).parent / "templates"


# --- the page -----------------------------------------------------------------------------


def render(template: str, name: str, **facts: Any) -> str:
    """A page from a template, with its own style and script beside the common ones.

    Args:
        template: a template that extends base.html.
        name: of the style and the script; "student" takes student.css and student.js.
        facts: what the template names.
    """
    script, policy = _script(name)
    style = Markup(_text("base.css") + _text(f"{name}.css"))
    return (
        _templates()
        .get_template(template)
        .render(
            language=catalogue.LANGUAGE,
            policy=policy,
            style=style,
            script=Markup(script),
            words=catalogue.PAGE,
            say=wording.say,
            **facts,
        )
    )


Listing = list[tuple[str, list[Line]]]
"""The texts of a submission with marks, by name."""


def student(result: Result, titles: Mapping[str, str], source: Listing | None = None) -> str:
    """A student's page.

    Args:
        result: what the student is told; harness.judging.grade.within_feedback says what that is.
        titles: for each check, what holds when it passes.
        source: the student's own text; it is left out first where the page would be too large.
    """
    count = sum(len(grade.verdicts) for grade in result.grades)
    sizes = [(count, count, source or [])] if source else []
    sizes += [(n, m, []) for n, m in ((count, count), (6, count), (1, count), (0, count))]
    for drawn, programs, shown in (*sizes, (0, 6, []), (0, 0, [])):
        page = _student(result, titles, drawn, programs, shown)
        if len(page.encode()) <= LARGEST:
            break
    return page


def _student(
    result: Result, titles: Mapping[str, str], drawn: int, programs: int, source: Listing
) -> str:
    sections = [
        _assignment(grade, titles, f"a{k}", drawn, programs)
        for k, grade in enumerate(result.grades)
    ]
    facts = [section["facts"] for section in sections]
    common = facts[0] if facts and all(own == facts[0] for own in facts) else []
    for section in sections:
        section["facts"] = [] if common else section["facts"]
    return render(
        "student.html",
        "student",
        person=explain.plain(result.person.name) or explain.key(result.person.key),
        points=explain.number(result.points),
        out_of=explain.number(result.out_of),
        remarks=explain.remarks(result)[1:],
        right=all(grade.passed for grade in result.grades),
        detailed=any(section["details"] for section in sections),
        sections=sections,
        common=common,
        source=source,
    )


def _assignment(
    grade: Grade, titles: Mapping[str, str], anchor: str, drawn: int, programs: int
) -> dict[str, Any]:
    details: list[dict[str, Any]] = []
    plots: list[dict[str, Any]] = []
    rows: dict[str, list[dict[str, Any]]] = {}
    for k, verdict in enumerate(grade.verdicts):
        name = f"{anchor}c{k}"
        wanted = len(details) + len(plots) < drawn
        card = _card(verdict, grade, name, titles, wanted, len(details) < programs)
        if card is not None and verdict.status in DETAILED:
            details.append(card)
        elif card is not None and card["pictures"]:
            plots.append(card)
        rows.setdefault(verdict.exercise, []).append(
            {
                "check": verdict.check,
                "title": titles.get(verdict.check, ""),
                "status": verdict.status.value,
                "outcome": wording.status(verdict),
                "points": _points(verdict.points, verdict.out_of),
                "anchor": name if card is not None and verdict.status in DETAILED else "",
            }
        )
    details = _together(details)
    groups = [
        {
            "exercise": exercise,
            "rows": own,
            "points": _points(
                sum(v.points for v in grade.verdicts if v.exercise == exercise),
                sum(v.out_of for v in grade.verdicts if v.exercise == exercise),
            ),
        }
        for exercise, own in rows.items()
    ]
    return {
        "name": grade.assignment,
        "anchor": anchor,
        "unreadable": wording.printable(grade.unreadable, explain.LONGEST),
        "points": _points(grade.points, grade.out_of),
        "groups": groups,
        "details": details,
        "plots": plots,
        "conventions": wording.conventions(grade),
        "facts": _facts(grade),
    }


def _together(details: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One card for checks of which the same is said, and nothing is drawn."""
    kept: dict[tuple[str, ...], dict[str, Any]] = {}
    for card in details:
        words = (
            card["exercise"],
            card["status"],
            card["sentence"],
            card["trace"],
            card["detail"],
            *card["diagnosis"],
        )
        alone = card["program"] or card["pictures"] or card["printed"]
        first = kept.setdefault((*words, card["anchor"]) if alone else words, card)
        if first is not card:
            first["check"] += f", {card['check']}"
            first["also"].append((card["title"], card["points"]))
            first["anchors"].append(card["anchor"])
    return list(kept.values())


def _points(won: float, out_of: float) -> str:
    return wording.say("of", points=explain.number(won), out_of=explain.number(out_of))


def _facts(grade: Grade) -> list[tuple[str, str]]:
    """By whose word, behind which isolation, from which seed."""
    say = wording.say
    facts = [(say("by"), wording.listed(grade.oracles))] if grade.oracles else []
    missing = [wording.printable(reason, explain.LONGEST) for reason in grade.missing_oracles]
    facts += [(say("missing"), reason) for reason in missing]
    disputed = sum(verdict.disputed for verdict in grade.verdicts)
    if disputed:
        facts.append((say("disputed"), say("disputed_are", count=disputed)))
    facts.append((say("tolerance"), say("tolerance_is")))
    meaning = wording.ISOLATION[grade.isolation]
    facts.append(
        (say("isolation"), say("isolation_is", level=grade.isolation, meaning=meaning))
        if grade.isolation
        else (say("isolation"), meaning)
    )
    hidden = grade.seed == NOT_TOLD
    seed = say("seed_not_told") if hidden else say("seed_is", seed=grade.seed)
    facts += [(say("seed"), seed), (say("version"), version())]
    return [*facts, (say("digest"), grade.digest)] if grade.digest else facts


# --- one check ----------------------------------------------------------------------------


def _card(
    verdict: Verdict,
    grade: Grade,
    anchor: str,
    titles: Mapping[str, str],
    drawn: bool,
    programs: bool,
) -> dict[str, Any] | None:
    """What is said and drawn of a check; None where that is nothing."""
    sentence = wording.sentence(verdict)
    evidence = verdict.evidence if drawn else None
    drawings = [] if evidence is None else pictures.of(evidence, anchor)
    if not sentence and not drawings:
        return None
    program = listing.program(verdict, grade) if verdict.status is not Status.PASSED else ""
    printed = (
        ""
        if evidence is None or verdict.status in (Status.PASSED, Status.CREDITED)
        else (wording.block(evidence.student.printed))
    )
    return {
        "anchor": anchor,
        "check": verdict.check,
        "exercise": verdict.exercise,
        "title": titles.get(verdict.check, ""),
        "also": [],
        "anchors": [],
        "status": verdict.status.value,
        "outcome": wording.status(verdict),
        "points": _points(verdict.points, verdict.out_of),
        "sentence": sentence,
        "trace": textwrap.dedent("\n".join(listing.trace(verdict))),
        "detail": wording.detail(verdict),
        "diagnosis": [wording.printable(line, 1000) for line in wording.diagnosis(verdict)],
        "program": program if programs else wording.say("left_out") if program else "",
        "copies": bool(program) and programs,
        "pictures": drawings,
        "printed": printed,
        "cut": printed != "" and evidence is not None and len(evidence.student.printed) >= 4000,
    }


# --- templates ----------------------------------------------------------------------------


@cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["ticked"] = _ticked
    environment.filters["breakable"] = _breakable
    return environment


def _breakable(name: str) -> Markup:
    """A name that a narrow screen may break behind its underscores, and nowhere else."""
    return Markup("_<wbr>").join(name.split("_"))


def _ticked(text: str) -> Markup:
    """A sentence in which `code` stands as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return Markup.escape(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if k % 2 else part for k, part in enumerate(parts)
    )


@cache
def _text(name: str) -> str:
    path = TEMPLATES / name
    return path.read_text(encoding="utf-8") if path.is_file() else ""


@cache
def _script(name: str) -> tuple[str, str]:
    """A script, and the policy that lets it run and nothing else."""
    script = _text(f"{name}.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    return script, policy
