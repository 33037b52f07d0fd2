"""What is drawn of one program: its graph, its order, the lecture's plots, or its numbers.

Each picture is a dictionary that the template shows, with its words and the same in numbers.
Plots and layouts are imported where one is drawn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from harness import snippet
from harness.compare import agrees
from harness.model import (
    Call,
    Comparison,
    Evidence,
    Expression,
    Finding,
    Observation,
    Quantity,
    Sort,
    Traced,
    Training,
)
from harness.report import wording
from harness.tolerance import radii

MOST_DRAWN = 24
"""Nodes of a graph that is drawn."""
MOST_ROWS = 60
"""Rows of a table of numbers."""
BOX_CHARACTERS = 24


def of(seen: Evidence, prefix: str) -> list[dict[str, Any]]:
    """What can be drawn of a program, each with its words and its numbers.

    Args:
        seen: the program and what it gave.
        prefix: stands before each id, so that two pictures of a page have none in common.
    """
    program = seen.program
    if isinstance(program, Training):
        return [_loss(seen, program, prefix)] if _losses(seen.student, program) else []
    if not isinstance(program, Expression):
        return [_observed(seen)] if seen.student.quantities else []
    if program.sweep:
        return [_sweep(seen, program, prefix)] if _grad(seen.student) is not None else []
    drawn = graph(seen)
    if drawn is None:
        return []
    ordered = [_orders(seen, drawn, prefix)] if isinstance(seen.problem, Finding) else []
    return [one for one in ordered if one] + [_graph(seen, drawn, prefix)]


def plot(seen: Evidence) -> tuple[str, bytes] | None:
    """The lecture's plot of a program as a PNG, behind its words; None where there is none."""
    from harness.report import figures

    program = seen.program
    if isinstance(program, Training) and _losses(seen.student, program):
        words = wording.say("loss_alt", oracles=wording.listed(seen.by))
        return words, figures.png(figures.loss(*_curves(seen, program)))
    if isinstance(program, Expression) and program.sweep and _grad(seen.student) is not None:
        return wording.say("sweep_alt"), figures.png(figures.sweep(*_swept(seen, program)))
    return None


def graph(seen: Evidence) -> Expression | None:
    """The expression whose graph can be drawn, with labels that can be printed; or None."""
    program = seen.program
    if not isinstance(program, Expression) or program.sweep or seen.student.get("value") is None:
        return None
    return replace(program, labels=tuple(map(wording.printable, program.labels)))


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


def rows(seen: Evidence, program: Expression) -> list[Row]:
    """The first nodes of an expression, with the student's numbers and the oracles'."""
    grad = _grad(seen.student)
    values = _cells(seen, program, seen.student.get("value"))
    grads = () if grad is None else _cells(seen, program, grad)
    first = _first(seen, program)
    kind = seen.problem.kind if isinstance(seen.problem, Finding) else "first"
    made = []
    for i in range(min(len(program.nodes), MOST_ROWS)):
        own = grads[i] if i < len(grads) else None
        tag = wording.PAGE.get(f"tag_{kind}", "") if i == first else ""
        agreed = _agreement(values[i], own, i == first)
        made.append(
            Row(program.names[i], _spelled(program, i), values[i], own, i == first, tag, agreed)
        )
    return made


def lines(row: Row) -> list[tuple[str, str]]:
    """A node's lines of text, each with its style."""
    say = wording.say
    told = [(_short_text(f"{row.name} = {row.spelled}"), "name")]
    for cell, own, expected in (
        (row.value, "box_value", "box_value_expected"),
        (row.grad, "box_grad", "box_grad_expected"),
    ):
        if cell is None:
            continue
        style = {"differs": "wrong", "agrees": own}.get(cell.state, own)
        told.append((say(own, number=cell.short), f"{style} {own}"))
        if cell.state == "differs":
            told.append((say(expected, number=cell.expected), "expected"))
    return told


def _graph(seen: Evidence, program: Expression, prefix: str) -> dict[str, Any]:
    grad = _grad(seen.student)
    most, shown = len(program.nodes), rows(seen, program)
    first = next((row.name for row in shown if row.first), "")
    line = "" if grad is None else _line(program, grad.step)
    return {
        "kind": "graph",
        "prefix": prefix,
        "drawing": _drawing(program, shown, grad is not None) if most <= MOST_DRAWN else None,
        "count": most,
        "rows": shown,
        "more": max(0, most - MOST_ROWS),
        "line": line,
        "first": first,
        "oracles": list(seen.by),
        "listed": wording.listed(seen.by),
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
    from harness.report import drawing

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

    xs, yours, manual = _swept(seen, program)
    numbers = _cells(seen, program, _grad(seen.student))
    cells = [numbers[i] for i in program.sweep]
    apart = [_short(x, None) for x, cell in zip(xs, cells, strict=True) if _apart(cell)]
    return {
        "kind": "sweep",
        "prefix": prefix,
        "svg": Markup(figures.svg(figures.sweep(xs, yours, manual), prefix)),
        "apart": wording.listed(tuple(f"x = {x}" for x in apart)),
        "count": len(xs),
        "rows": [
            (_short(x, None), cell.yours, _full(m), _apart(cell))
            for x, cell, m in zip(xs, cells, manual, strict=True)
        ],
    }


def _swept(seen: Evidence, program: Expression) -> tuple[tuple[float, ...], ...]:
    """Over which numbers, the student's gradients of relu(x)**3, and the manual ones."""
    grad = _grad(seen.student)
    numbers = () if grad is None else seen.student.numbers("grad", grad.step)
    xs = tuple(program.leaves[i] for i in program.sweep)
    yours = tuple(numbers[i] if i < len(numbers) else math.nan for i in program.sweep)
    return xs, yours, tuple(3.0 * max(0.0, x) ** 2 for x in xs)


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

    yours, others, first = _curves(seen, program)
    figure = figures.loss(yours, others, first)
    start = max(0, min(first or 0, len(yours) - 12) - 2)
    shown = range(start, min(len(yours), start + 14))
    return {
        "kind": "loss",
        "prefix": prefix,
        "svg": Markup(figures.svg(figure, prefix)),
        "first": first,
        "same": seen.problem is None and bool(others),
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


def _curves(
    seen: Evidence, program: Training
) -> tuple[tuple[float, ...], tuple[tuple[str, tuple[float, ...]], ...], int | None]:
    """The student's losses, each oracle's, and the epoch from which they differ."""
    others = tuple(
        (name, _losses(told, program)) for name, told in zip(seen.by, seen.expected, strict=True)
    )
    first = seen.problem.epoch if isinstance(seen.problem, Comparison) else None
    return _losses(seen.student, program), others, first


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
