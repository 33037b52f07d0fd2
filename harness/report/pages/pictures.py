"""What is drawn of one program: its graph, its order, the lecture's plots, or its numbers.

Each picture is a dictionary that the template shows, with its words and the same in numbers.
Plots and layouts are imported where one is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from harness.programs import snippet
from harness.records.observation import Quantity
from harness.records.program import ArrayExpression, Call, Expression, Sort, Traced, Training
from harness.records.verdict import Comparison, Evidence, Finding
from harness.report.pages import plots
from harness.report.pages.cells import Cell, cell_of, cells_of, full, grad_of, row_of
from harness.report.words import catalogue, wording

MOST_DRAWN = 24
"""Nodes of a graph that is drawn."""
MOST_ROWS = 60
"""Rows of a table of numbers."""
BOX_CHARACTERS = 24


def of(evidence: Evidence, prefix: str) -> list[dict[str, Any]]:
    """What can be drawn of a program, each with its words and its numbers.

    Args:
        evidence: the program and what it gave.
        prefix: stands before each id, so that two pictures of a page have none in common.
    """
    program = evidence.program
    if isinstance(program, Training):
        return (
            [plots.loss(evidence, program, prefix)]
            if plots.losses(evidence.student, program)
            else []
        )
    if not isinstance(program, Expression):
        return [_observed(evidence)] if evidence.student.quantities else []
    if program.sweep:
        return (
            [plots.sweep(evidence, program, prefix)]
            if grad_of(evidence.student) is not None
            else []
        )
    drawn = graph(evidence)
    if drawn is None:
        return []
    ordered = [_orders(evidence, drawn, prefix)] if isinstance(evidence.problem, Finding) else []
    return [part for part in ordered if part] + [_graph(evidence, drawn, prefix)]


def graph(evidence: Evidence) -> Expression | None:
    """The expression whose graph can be drawn, with labels that can be printed; or None."""
    program = evidence.program
    if (
        not isinstance(program, Expression)
        or program.sweep
        or evidence.student.get("value") is None
    ):
        return None
    return replace(program, labels=tuple(map(wording.printable, program.labels)))


# --- the graph ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One node with its numbers."""

    name: str
    spelled: str
    value: Cell
    grad: Cell | None
    """None where the program asked for no gradient."""
    first: bool
    """Whether the sentence is about this node."""
    tag: str
    """What is wrong with it, in two words; nothing unless it is the first."""
    agrees: str

    @property
    def wrong(self) -> bool:
        """Whether one of its numbers differs."""
        return "differs" in (self.value.state, self.grad.state if self.grad is not None else "")


def rows(evidence: Evidence, program: Expression) -> list[Row]:
    """The first nodes of an expression, with the student's numbers and the oracles'."""
    grad = grad_of(evidence.student)
    values = cells_of(evidence, program, evidence.student.get("value"))
    grads = () if grad is None else cells_of(evidence, program, grad)
    first = _first(evidence, program)
    kind = evidence.problem.kind if isinstance(evidence.problem, Finding) else "first"
    found = []
    for i in range(min(len(program.nodes), MOST_ROWS)):
        own = grads[i] if i < len(grads) else None
        tag = catalogue.PAGE.get(f"tag_{kind}", "") if i == first else ""
        agreed = _agreement(values[i], own, i == first)
        found.append(
            Row(
                program.names[i],
                _spelled(evidence, program, i),
                values[i],
                own,
                i == first,
                tag,
                agreed,
            )
        )
    return found


def lines(row: Row) -> list[tuple[str, str]]:
    """A node's lines of text, each with its style."""
    say = wording.say
    texts = [(_short_text(f"{row.name} = {row.spelled}"), "name")]
    for cell, own, expected in (
        (row.value, "box_value", "box_value_expected"),
        (row.grad, "box_grad", "box_grad_expected"),
    ):
        if cell is None:
            continue
        style = {"differs": "wrong", "agrees": own}.get(cell.state, own)
        texts.append((say(own, number=cell.short), f"{style} {own}"))
        if cell.state == "differs":
            texts.append((say(expected, number=cell.expected), "expected"))
    return texts


def _graph(evidence: Evidence, program: Expression, prefix: str) -> dict[str, Any]:
    grad = grad_of(evidence.student)
    most, shown = len(program.nodes), rows(evidence, program)
    first = next((row.name for row in shown if row.first), "")
    line = "" if grad is None else _line(evidence, program, grad.step)
    return {
        "kind": "graph",
        "prefix": prefix,
        "drawing": _drawing(program, shown, grad is not None) if most <= MOST_DRAWN else None,
        "count": most,
        "rows": shown,
        "more": max(0, most - MOST_ROWS),
        "line": line,
        "first": first,
        "oracles": list(evidence.by),
        "listed": wording.listed(evidence.by),
        "grads": grad is not None,
    }


def _agreement(value: Cell, grad: Cell | None, first: bool) -> str:
    states = {value.state, grad.state if grad is not None else ""}
    if first:
        return wording.say("differs_first")
    if "differs" in states:
        return wording.say("differs")
    return wording.say("agrees" if "agrees" in states else "not_compared")


def _drawing(program: Expression, shown: list[Row], grads: bool) -> dict[str, Any]:
    """Boxes with their lines of text, and arrows, for the template."""
    from harness.report.pages import drawing

    texts = [lines(row) for row in shown]
    placed = drawing.layout(program, tuple(map(len, texts)))
    boxes = [
        {
            "place": place,
            "lines": [
                {"text": text, "style": style, "y": f"{place.y + 20 + 17 * k:.1f}"}
                for k, (text, style) in enumerate(own)
            ],
            "state": "first" if row.first else "differs" if row.wrong else "plain",
            "tag": row.tag,
            "left": f"{place.left:.1f}",
            "text": f"{place.left + 10:.1f}",
        }
        for place, own, row in zip(placed.places, texts, shown, strict=True)
    ]
    return {
        "width": round(placed.width),
        "height": round(placed.height),
        "box": drawing.BOX,
        "boxes": boxes,
        "arrows": placed.arrows,
        "grads": grads,
    }


def _short_text(text: str) -> str:
    return text if len(text) <= BOX_CHARACTERS else text[: BOX_CHARACTERS - 1] + "…"


def _spelled(evidence: Evidence, program: Expression, i: int) -> str:
    node = program.nodes[i]
    if node.op == "leaf":
        return repr(node.constant)
    return snippet.spell(node, program.names, evidence.dialect)


def _first(evidence: Evidence, program: Expression) -> int | None:
    """The node that the sentence is about."""
    found = evidence.problem
    if isinstance(found, Comparison):
        name = found.subject.rpartition(".")[0]
        return program.names.index(name) if name in program.names else None
    if isinstance(found, Finding):
        name = dict(found.facts).get("node", "")
        return program.names.index(name) if name in program.names else None
    return None


def _line(evidence: Evidence, program: Expression, step: int) -> str:
    """The call of backward() as the program spells it."""
    node = next((node for at, node in program.backwards if at == step), 0)
    return evidence.dialect.backward[-1].format(program.names[node])


# --- the order ----------------------------------------------------------------------------


def _orders(evidence: Evidence, program: Expression, prefix: str) -> dict[str, Any] | None:
    """The student's order beside one that holds, as two columns with the same edge in each."""
    found = evidence.problem
    recorded = next((q for q in evidence.student.quantities if q.name == "order"), None)
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
        line = f"{edge[1]} = {snippet.spell(program.nodes[k], names, evidence.dialect)}"
    parted = next((k for k, (a, b) in enumerate(zip(yours, valid, strict=False)) if a != b), None)
    return {
        "kind": "order",
        "prefix": prefix,
        "yours": _column(evidence, program, yours[:most], edge),
        "valid": _column(evidence, program, valid[:most], edge),
        "more": max(0, len(yours) - most),
        "lecture": bool(wanted),
        "edge": edge,
        "line": line,
        "parted": None if parted is None else parted + 1,
    }


def _column(
    evidence: Evidence, program: Expression, order: list[str], edge: tuple[str, str]
) -> dict[str, Any]:
    """One order from above to below, and the arrow from a node to its input, if both are there."""
    spelled = {name: _spelled(evidence, program, i) for i, name in enumerate(program.names)}
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


# --- anything else ------------------------------------------------------------------------


def _observed(evidence: Evidence) -> dict[str, Any]:
    """What a program gave that is no graph, as text: a row for each number or each array."""
    rows = []
    for quantity in evidence.student.quantities:
        traced = _traced(evidence, quantity)
        if traced is None and "." in quantity.name:
            continue  # what stands beside an array: its type, its shape, its dtype
        others = [expected.get(quantity.name, quantity.step) for expected in evidence.expected]
        subjects = traced.subjects if traced is not None else ()
        if len(subjects) != len(quantity.values):
            shape = traced.shape if traced is not None else None
            own = _recorded_shape(evidence, quantity) if shape is not None else None
            expected_rows = [_listing(other, shape) for other in others]
            rows.append((_element(evidence, quantity.name), _listing(quantity, own), expected_rows))
            continue
        for k, subject in enumerate(subjects[:MOST_ROWS]):
            row = [row_of(other, k + 1)[k] for other in others]
            kind = (quantity.types[k] if k < len(quantity.types) else "float") or "float"
            cell = cell_of(replace(quantity, types=(kind,) * (k + 1)), k, row, None)
            rows.append((_element(evidence, subject), cell.yours, list(cell.oracles)))
    return {
        "kind": "observed",
        "rows": rows[:MOST_ROWS],
        "more": max(0, len(rows) - MOST_ROWS),
        "by": list(evidence.by),
        "oracles": wording.listed(evidence.by),
    }


def _element(evidence: Evidence, subject: str) -> str:
    """A number in the submission's own names."""
    if isinstance(evidence.program, ArrayExpression):
        return evidence.dialect.element(subject)
    return subject


def _traced(evidence: Evidence, quantity: Quantity) -> Traced | None:
    if not isinstance(evidence.program, Call):
        return None
    return next((t for t in evidence.program.traced if t.quantity == quantity.name), None)


def _recorded_shape(evidence: Evidence, quantity: Quantity) -> tuple[int, ...] | None:
    shape = evidence.student.get(f"{quantity.name}.shape")
    return None if shape is None else tuple(int(n or 0) for n in shape.values)


def _listing(quantity: Quantity | None, shape: tuple[int, ...] | None) -> str:
    """An array's shape and its first numbers."""
    if quantity is None:
        return wording.say("nothing")
    shown = ", ".join(full(value) for value in quantity.values[:8])
    text = shown + (", ..." if len(quantity.values) > 8 else "")
    return text if shape is None else wording.say("shape", shape=shape, numbers=text)
