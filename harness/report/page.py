"""A student's page: one HTML file that needs no network, from a grade and nothing else.

The caller passes the part of a grade that the student is told; what is not in it is not shown.
Text of the student's is made printable by wording.py and escaped by the template; the policy in
the page's head lets no script run but ours, and loads nothing.
"""

from __future__ import annotations

import base64
import hashlib
import math
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from harness import snippet
from harness.compare import agrees
from harness.grade import NOT_TOLD
from harness.model import (
    Call,
    Comparison,
    Evidence,
    Expression,
    Finding,
    Grade,
    Observation,
    Quantity,
    Result,
    Sort,
    Status,
    Traced,
    Training,
    Verdict,
)
from harness.report import document, explain, wording
from harness.tolerance import radii

LARGEST = 480_000
"""Bytes of a page; what would make it larger is left out, drawings first."""
MOST_DRAWN = 24
"""Nodes of a graph that is drawn."""
MOST_ROWS = 60
"""Rows of a table of numbers."""
TOLD = (Status.FAILED, Status.FAULTED, Status.FLAGGED, Status.CREDITED, Status.SKIPPED)
"""What is said more of than its points."""
TEMPLATES = Path(__file__).parents[1] / "templates" / "pages"
BOX_CHARACTERS = 24


# --- the page -----------------------------------------------------------------------------


def render(template: str, name: str, **facts: Any) -> str:
    """A page from a template, with its own style and script beside the common ones.

    Args:
        template: a file of templates/pages that extends base.html.
        name: of the style and the script; "student" takes student.css and student.js.
        facts: what the template names.
    """
    script, policy = _script(name)
    style = Markup(_text("base.css") + _text(f"{name}.css"))
    return (
        _templates()
        .get_template(template)
        .render(
            language=wording.LANGUAGE,
            policy=policy,
            style=style,
            script=Markup(script),
            words=wording.PAGE,
            say=wording.say,
            **facts,
        )
    )


def student(result: Result, titles: dict[str, str]) -> str:
    """A student's page.

    Args:
        result: what the student is told; harness.grade.told says what that is.
        titles: for each check, what holds when it passes.
    """
    count = sum(len(grade.verdicts) for grade in result.grades)
    for drawn, programs in ((count, count), (6, count), (1, count), (0, count), (0, 6), (0, 0)):
        page = _student(result, titles, drawn, programs)
        if len(page.encode()) <= LARGEST:
            break
    return page


def _student(result: Result, titles: dict[str, str], drawn: int, programs: int) -> str:
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
        told=any(section["details"] for section in sections),
        sections=sections,
        common=common,
    )


def _assignment(
    grade: Grade, titles: dict[str, str], anchor: str, drawn: int, programs: int
) -> dict[str, Any]:
    details: list[dict[str, Any]] = []
    plots: list[dict[str, Any]] = []
    rows: dict[str, list[dict[str, Any]]] = {}
    for k, verdict in enumerate(grade.verdicts):
        name = f"{anchor}c{k}"
        wanted = len(details) + len(plots) < drawn
        told = _told(verdict, grade, name, titles, wanted, len(details) < programs)
        if told is not None and verdict.status in TOLD:
            details.append(told)
        elif told is not None and told["pictures"]:
            plots.append(told)
        rows.setdefault(verdict.exercise, []).append(
            {
                "check": verdict.check,
                "title": titles.get(verdict.check, ""),
                "status": verdict.status.value,
                "outcome": wording.status(verdict),
                "points": _points(verdict.points, verdict.out_of),
                "anchor": name if told is not None and verdict.status in TOLD else "",
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
        "conventions": [
            wording.convention(c.answer) for c in grade.conventions if c.answer != "not_observed"
        ],
        "facts": _facts(grade),
    }


def _together(details: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One card for checks of which the same is said, and nothing is drawn."""
    kept: dict[tuple[str, ...], dict[str, Any]] = {}
    for told in details:
        words = (
            told["exercise"],
            told["status"],
            told["sentence"],
            told["detail"],
            *told["diagnosis"],
        )
        alone = told["program"] or told["pictures"] or told["printed"]
        first = kept.setdefault((*words, told["anchor"]) if alone else words, told)
        if first is not told:
            first["check"] += f", {told['check']}"
            first["also"].append((told["title"], told["points"]))
            first["anchors"].append(told["anchor"])
    return list(kept.values())


def _points(won: float, out_of: float) -> str:
    return wording.say("of", points=explain.number(won), out_of=explain.number(out_of))


def _facts(grade: Grade) -> list[tuple[str, str]]:
    """By whose word, behind which isolation, from which seed."""
    say = wording.say
    told = [(say("by"), wording.listed(grade.oracles))] if grade.oracles else []
    missing = [wording.printable(reason, explain.LONGEST) for reason in grade.missing_oracles]
    told += [(say("missing"), reason) for reason in missing]
    disputed = sum(verdict.disputed for verdict in grade.verdicts)
    if disputed:
        told.append((say("disputed"), say("disputed_are", count=disputed)))
    told.append((say("tolerance"), say("tolerance_is")))
    meaning = wording.ISOLATION[grade.isolation]
    told.append(
        (say("isolation"), say("isolation_is", level=grade.isolation, meaning=meaning))
        if grade.isolation
        else (say("isolation"), meaning)
    )
    hidden = grade.seed == NOT_TOLD
    seed = say("seed_not_told") if hidden else say("seed_is", seed=grade.seed)
    told += [(say("seed"), seed), (say("version"), document.version())]
    return [*told, (say("digest"), grade.digest)] if grade.digest else told


# --- one check ----------------------------------------------------------------------------


def _told(
    verdict: Verdict,
    grade: Grade,
    anchor: str,
    titles: dict[str, str],
    drawn: bool,
    programs: bool,
) -> dict[str, Any] | None:
    """What is said and drawn of a check; None where that is nothing."""
    sentence = wording.sentence(verdict)
    seen = verdict.evidence if drawn else None
    pictures = [] if seen is None else _pictures(seen, anchor)
    if not sentence and not pictures:
        return None
    program = wording.program(verdict, grade) if verdict.status is not Status.PASSED else ""
    printed = (
        ""
        if seen is None or verdict.status in (Status.PASSED, Status.CREDITED)
        else (wording.block(seen.student.printed))
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
        "detail": wording.detail(verdict),
        "diagnosis": [wording.printable(line, 1000) for line in wording.diagnosis(verdict)],
        "program": program if programs else wording.say("left_out") if program else "",
        "copies": bool(program) and programs,
        "pictures": pictures,
        "printed": printed,
        "cut": printed != "" and seen is not None and len(seen.student.printed) >= 4000,
    }


def _pictures(seen: Evidence, prefix: str) -> list[dict[str, Any]]:
    """What can be drawn of a program, each with its words and its numbers."""
    program = seen.program
    if isinstance(program, Training):
        return [_loss(seen, program, prefix)] if _losses(seen.student, program) else []
    if not isinstance(program, Expression):
        return [_observed(seen)] if seen.student.quantities else []
    if program.labels:
        program = replace(program, labels=tuple(map(wording.printable, program.labels)))
    if program.sweep:
        return [_sweep(seen, program, prefix)] if _grad(seen.student) is not None else []
    if seen.student.get("value") is None:
        return []
    ordered = [_orders(seen, program, prefix)] if isinstance(seen.problem, Finding) else []
    return [one for one in ordered if one] + [_graph(seen, program, prefix)]


# --- the graph ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """One number of the student's, and those of the oracles beside it."""

    yours: str
    oracles: tuple[str, ...] = ()
    state: str = ""
    """agrees, differs, or nothing where it was not compared."""
    short: str = ""
    """The student's number in few digits, and the first oracle's."""
    expected: str = ""


def _graph(seen: Evidence, program: Expression, prefix: str) -> dict[str, Any]:
    grad = _grad(seen.student)
    values = _cells(seen, program, seen.student.get("value"))
    grads = () if grad is None else _cells(seen, program, grad)
    first = _first(seen, program)
    names, most = program.names, len(program.nodes)
    kind = seen.problem.kind if isinstance(seen.problem, Finding) else "first"
    tag = wording.PAGE.get(f"tag_{kind}", "")
    rows = [
        {
            "name": names[i],
            "spelled": _spelled(program, i),
            "value": values[i],
            "grad": grads[i] if i < len(grads) else None,
            "first": i == first,
            "tag": tag,
            "agrees": _agreement(values[i], grads[i] if i < len(grads) else None, i == first),
        }
        for i in range(min(most, MOST_ROWS))
    ]
    line = "" if grad is None else _line(program, grad.step)
    return {
        "kind": "graph",
        "prefix": prefix,
        "drawing": _drawing(program, rows, bool(grads)) if most <= MOST_DRAWN else None,
        "count": most,
        "rows": rows,
        "more": max(0, most - MOST_ROWS),
        "line": line,
        "first": "" if first is None else names[first],
        "oracles": list(seen.by),
        "listed": wording.listed(seen.by),
        "grads": bool(grads),
    }


def _agreement(value: Cell, grad: Cell | None, first: bool) -> str:
    states = {value.state, grad.state if grad is not None else ""}
    if first:
        return wording.say("differs_first")
    if "differs" in states:
        return wording.say("differs")
    return wording.say("agrees" if "agrees" in states else "not_compared")


def _drawing(program: Expression, rows: list[dict[str, Any]], grads: bool) -> dict[str, Any]:
    """Boxes with their lines of text, and arrows, for the template."""
    from harness.report import drawing

    texts = [_box(row) for row in rows]
    placed = drawing.layout(program, tuple(len(lines) for lines in texts))
    boxes = [
        {
            "place": place,
            "lines": [
                {"text": text, "style": style, "y": f"{place.y + 20 + 17 * k:.1f}"}
                for k, (text, style) in enumerate(lines)
            ],
            "state": "first" if row["first"] else _state(row),
            "tag": row["tag"] if row["first"] else "",
            "left": f"{place.left:.1f}",
            "text": f"{place.left + 10:.1f}",
        }
        for place, lines, row in zip(placed.places, texts, rows, strict=True)
    ]
    return {
        "width": round(placed.width),
        "height": round(placed.height),
        "box": drawing.BOX,
        "boxes": boxes,
        "arrows": placed.arrows,
        "grads": grads,
    }


def _state(row: dict[str, Any]) -> str:
    cells = [cell for cell in (row["value"], row["grad"]) if cell is not None]
    return "differs" if any(cell.state == "differs" for cell in cells) else "plain"


def _box(row: dict[str, Any]) -> list[tuple[str, str]]:
    """A node's lines of text, each with its style."""
    say = wording.say
    lines = [(_short_text(f"{row['name']} = {row['spelled']}"), "name")]
    for cell, own, expected in (
        (row["value"], "box_value", "box_value_expected"),
        (row["grad"], "box_grad", "box_grad_expected"),
    ):
        if cell is None:
            continue
        style = {"differs": "wrong", "agrees": own}.get(cell.state, own)
        lines.append((say(own, number=cell.short), f"{style} {own}"))
        if cell.state == "differs":
            lines.append((say(expected, number=cell.expected), "expected"))
    return lines


def _cells(seen: Evidence, program: Expression, quantity: Quantity | None) -> tuple[Cell, ...]:
    """For each node a cell; the numbers that the assignment leaves open are not compared."""
    count = len(program.nodes)
    if quantity is None:
        return (Cell(wording.say("nothing")),) * count
    told = [_row(expected.get(quantity.name, quantity.step), count) for expected in seen.expected]
    bound = radii(program)
    if quantity.name == "grad" and program.sweep:
        # Each leaf has a graph of its own, so its own backward() decides it, whichever was last.
        own = dict(zip(program.sweep, program.backwards, strict=True))
        radius = tuple(bound.grad_radius(own[i][0])[i] if i in own else 0.0 for i in range(count))
        compared = set(own)
    elif quantity.name == "grad":
        radius, compared = bound.grad_radius(quantity.step), set(program.settled(quantity.step))
    else:
        radius, compared = bound.value_radius, set(range(count))
    return tuple(
        _cell(quantity, i, [row[i] for row in told], radius[i] if i in compared else None)
        for i in range(count)
    )


def _cell(quantity: Quantity, i: int, told: list[float | None], radius: float | None) -> Cell:
    own = quantity.values[i] if i < len(quantity.values) else None
    kind = (quantity.types[i] if i < len(quantity.types) else "float") or "float"
    if i >= len(quantity.values):
        yours = short = wording.say("nothing")
    elif own is None:
        yours = short = wording.say("no_number", type=wording.printable(kind, 12))
    else:
        yours, short = wording.number(own, kind), _short(own, None)
    known = [number for number in told if number is not None]
    state = ""
    if known and radius is not None:
        wrong = [number for number in known if not agrees(own, number, radius)]
        state = "differs" if wrong else "agrees"
        if wrong:
            short = _short(own, wrong[0]) if own is not None else short
            expected = _short(wrong[0], own)
            numbers = tuple(_full(number) for number in told)
            return Cell(yours, numbers, state, short, expected)
    return Cell(yours, tuple(_full(number) for number in told), state, short)


def _row(quantity: Quantity | None, count: int) -> list[float | None]:
    values = [] if quantity is None else list(quantity.values)
    return [values[i] if i < len(values) else None for i in range(count)]


def _full(number: float | None) -> str:
    return wording.say("nothing") if number is None else wording.number(number)


def _short(number: float, beside: float | None) -> str:
    """A number in six digits, or in as many as tell it from another."""
    if number != number or math.isinf(number):
        return repr(number)
    for digits in (6, 9, 12):
        text = f"{number:.{digits}g}"
        if beside is None or text != f"{beside:.{digits}g}":
            return text
    return repr(float(number))


def _short_text(text: str) -> str:
    return text if len(text) <= BOX_CHARACTERS else text[: BOX_CHARACTERS - 1] + "…"


def _spelled(program: Expression, i: int) -> str:
    node = program.nodes[i]
    return repr(node.constant) if node.op == "leaf" else snippet.spell(node, program.names)


def _grad(seen: Observation) -> Quantity | None:
    return next((q for q in reversed(seen.quantities) if q.name == "grad"), None)


def _first(seen: Evidence, program: Expression) -> int | None:
    """The node that the sentence is about."""
    found = seen.problem
    if isinstance(found, Comparison):
        name = found.subject.rpartition(".")[0]
        return program.names.index(name) if name in program.names else None
    if isinstance(found, Finding):
        name = dict(found.facts).get("node", "")
        return program.names.index(name) if name in program.names else None
    return None


def _line(program: Expression, step: int) -> str:
    """The call of backward() as the program spells it."""
    node = next((node for at, node in program.backwards if at == step), 0)
    return f"{program.names[node]}.backward()"


# --- the order ----------------------------------------------------------------------------


def _orders(seen: Evidence, program: Expression, prefix: str) -> dict[str, Any] | None:
    """The student's order beside one that holds, as two columns with the same edge in each."""
    found = seen.problem
    recorded = next((q for q in seen.student.quantities if q.name == "order"), None)
    sorts = [step.node for step in program.steps if isinstance(step, Sort)]
    if not isinstance(found, Finding) or not found.kind.startswith("order_") or not sorts:
        return None
    if recorded is None or not recorded.values:
        return None
    names, facts = program.names, dict(found.facts)
    count = len(names)
    yours = [names[v] if isinstance(v, int) and 0 <= v < count else "?" for v in recorded.values]
    wanted = facts.get("wanted", "")
    valid = (
        wanted.split(", ") if wanted else [names[i] for i in sorted(program.reachable(sorts[0]))]
    )
    edge = (facts["input"], facts["node"]) if found.kind == "order_broken" else ("", "")
    most = MOST_DRAWN
    line = ""
    if edge[1]:
        k = names.index(edge[1])
        line = f"{edge[1]} = {snippet.spell(program.nodes[k], names)}"
    parted = next((k for k, (a, b) in enumerate(zip(yours, valid, strict=False)) if a != b), None)
    return {
        "kind": "order",
        "prefix": prefix,
        "yours": _column(program, yours[:most], edge),
        "valid": _column(program, valid[:most], edge),
        "more": max(0, len(yours) - most),
        "lecture": bool(wanted),
        "edge": edge,
        "line": line,
        "parted": None if parted is None else parted + 1,
    }


def _column(program: Expression, order: list[str], edge: tuple[str, str]) -> dict[str, Any]:
    """One order from above to below, and the arrow from a node to its input, if both are there."""
    spelled = {name: _spelled(program, i) for i, name in enumerate(program.names)}
    rows = [
        {
            "name": name,
            "text": _short_text(f"{name} = {spelled[name]}" if name in spelled else name),
            "y": 8 + 38 * k,
            "marked": name in edge,
        }
        for k, name in enumerate(order)
    ]
    arrow = ""
    if edge[0] in order and edge[1] in order:
        a, b = order.index(edge[1]), order.index(edge[0])
        start, end = 8 + 38 * a + 14, 8 + 38 * b + 14
        reach = 236 + min(44, 14 + 6 * abs(b - a))
        arrow = f"M228 {start} C{reach} {start} {reach} {end} 231 {end}"
    return {"rows": rows, "arrow": arrow, "height": 16 + 38 * len(order), "order": ", ".join(order)}


# --- the lecture's plots ------------------------------------------------------------------


def _sweep(seen: Evidence, program: Expression, prefix: str) -> dict[str, Any]:
    """The lecture's plot of exercise 2.C: the gradient of each leaf."""
    from harness.report import figures

    grad = _grad(seen.student)
    assert grad is not None, "a sweep is drawn where there are gradients"
    cells = _cells(seen, program, grad)
    leaves = program.sweep
    xs = tuple(program.leaves[i] for i in leaves)
    numbers = seen.student.numbers("grad", grad.step)
    yours = tuple(numbers[i] if i < len(numbers) else math.nan for i in leaves)
    manual = tuple(3.0 * max(0.0, x) ** 2 for x in xs)
    apart = [_short(x, None) for x, i in zip(xs, leaves, strict=True) if _apart(cells[i])]
    figure = figures.sweep(xs, yours, manual)
    return {
        "kind": "sweep",
        "prefix": prefix,
        "svg": Markup(figures.svg(figure, prefix)),
        "apart": wording.listed(tuple(f"x = {x}" for x in apart)),
        "count": len(xs),
        "rows": [
            (_short(x, None), cells[i].yours, _full(m), _apart(cells[i]))
            for x, i, m in zip(xs, leaves, manual, strict=True)
        ],
    }


def _apart(cell: Cell) -> bool:
    return cell.state == "differs"


def _losses(seen: Observation, program: Training) -> tuple[float, ...]:
    """The loss after each epoch, as far as the run went."""
    numbers: list[float] = []
    for epoch in range(program.epochs):
        quantity = seen.get("loss", epoch)
        if quantity is None or not quantity.values:
            break
        value = quantity.values[0]
        numbers.append(math.nan if value is None else float(value))
    return tuple(numbers)


def _loss(seen: Evidence, program: Training, prefix: str) -> dict[str, Any]:
    from harness.report import figures

    yours = _losses(seen.student, program)
    others = tuple(
        (name, _losses(told, program)) for name, told in zip(seen.by, seen.expected, strict=True)
    )
    found = seen.problem
    first = found.epoch if isinstance(found, Comparison) else None
    figure = figures.loss(yours, others, first)
    start = max(0, min(first or 0, len(yours) - 12) - 2)
    shown = range(start, min(len(yours), start + 14))
    return {
        "kind": "loss",
        "prefix": prefix,
        "svg": Markup(figures.svg(figure, prefix)),
        "first": first,
        "same": found is None and bool(others),
        "undrawn": any(not abs(v) <= figures.LARGEST for v in yours),
        "epochs": program.epochs,
        "by": [name for name, _ in others],
        "oracles": wording.listed(seen.by),
        "rows": [
            (epoch, wording.number(yours[epoch]), [_at(row, epoch) for _, row in others])
            for epoch in shown
        ],
        "more": len(yours) - len(shown),
    }


def _at(row: tuple[float, ...], k: int) -> str:
    return wording.number(row[k]) if k < len(row) else wording.say("nothing")


# --- anything else ------------------------------------------------------------------------


def _observed(seen: Evidence) -> dict[str, Any]:
    """What a program gave that is no graph, as text: a row for each number or each array."""
    rows = []
    for quantity in seen.student.quantities:
        if "." in quantity.name:
            continue  # what stands beside an array: its type, its shape, its dtype
        others = [expected.get(quantity.name, quantity.step) for expected in seen.expected]
        traced = _traced(seen, quantity)
        subjects = traced.subjects if traced is not None else ()
        if len(subjects) != len(quantity.values):
            shape = traced.shape if traced is not None else None
            own = _recorded_shape(seen, quantity) if shape is not None else None
            told = [_listing(other, shape) for other in others]
            rows.append((quantity.name, _listing(quantity, own), told))
            continue
        for k, subject in enumerate(subjects[:MOST_ROWS]):
            row = [_row(told, k + 1)[k] for told in others]
            kind = (quantity.types[k] if k < len(quantity.types) else "float") or "float"
            cell = _cell(replace(quantity, types=(kind,) * (k + 1)), k, row, None)
            rows.append((subject, cell.yours, list(cell.oracles)))
    return {
        "kind": "observed",
        "rows": rows[:MOST_ROWS],
        "more": max(0, len(rows) - MOST_ROWS),
        "by": list(seen.by),
        "oracles": wording.listed(seen.by),
    }


def _traced(seen: Evidence, quantity: Quantity) -> Traced | None:
    if not isinstance(seen.program, Call):
        return None
    return next((t for t in seen.program.traced if t.quantity == quantity.name), None)


def _recorded_shape(seen: Evidence, quantity: Quantity) -> tuple[int, ...] | None:
    told = seen.student.get(f"{quantity.name}.shape")
    return None if told is None else tuple(int(n or 0) for n in told.values)


def _listing(quantity: Quantity | None, shape: tuple[int, ...] | None) -> str:
    """An array's shape and its first numbers."""
    if quantity is None:
        return wording.say("nothing")
    shown = ", ".join(_full(value) for value in quantity.values[:8])
    text = shown + (", ..." if len(quantity.values) > 8 else "")
    return text if shape is None else wording.say("shape", shape=shape, numbers=text)


# --- templates ----------------------------------------------------------------------------


@cache
def _templates() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["ticked"] = _ticked
    return made


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
