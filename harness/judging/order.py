"""Decide whether a student's topological order is right.

Any order in which every node follows its inputs is accepted: there are many, and PyTorch, JAX
and students may each choose a different one. The relation comes from what PyTorch and JAX
recorded while they ran the program, not from our own reading of it.
"""

from __future__ import annotations

from collections.abc import Iterable

from harness.records.observation import Quantity
from harness.records.program import Expression
from harness.records.verdict import Finding

Edges = frozenset[tuple[int, int]]
"""Each (node, input) pair of a graph."""


def edges_of(recorded: Quantity) -> Edges:
    """The relation that an oracle recorded: a flat row of node, input, node, input."""
    flat = [int(v) for v in recorded.values if v is not None]
    return frozenset(zip(flat[::2], flat[1::2], strict=True))


def places(recorded: Quantity, count: int) -> list[int]:
    """The recorded places among count known objects; -1 for whatever is none of them."""
    return [v if isinstance(v, int) and 0 <= v < count else -1 for v in recorded.values]


def problem(
    program: Expression, root: int, recorded: Quantity | None, edges: Edges
) -> Finding | None:
    """What is wrong with a recorded order, or None.

    Args:
        program: the expression that was run.
        root: the node whose order was asked for.
        recorded: node numbers, inputs first; -1 marks an object that is no node of the program;
            its type tells which sequence the student returned.
        edges: the relation between nodes that an oracle recorded.

    Source:
        check_toposort in JAX's autodidax; Kahn, CACM 5 (1962) 558.
    """
    if recorded is None:
        return Finding("order_missing")
    kind = recorded.types[0] if recorded.types else "list"
    if kind not in ("list", "tuple"):
        return Finding("order_type", (("type", kind),))
    order = places(recorded, len(program.nodes))
    names = program.names
    wanted = _reachable(root, edges)
    strangers = order.count(-1)
    if strangers:
        return Finding("order_stranger", (("count", str(strangers)), _listing(order, names)))
    twice = _first_repeat(order)
    if twice is not None:
        return Finding("order_twice", (("node", names[twice]), _listing(order, names)))
    missing = sorted(wanted - set(order))
    if missing:
        return Finding("order_lacks", (("node", names[missing[0]]), _listing(order, names)))
    extra = sorted(set(order) - wanted)
    if extra:
        facts = (("node", names[extra[0]]), ("root", names[root]), _listing(order, names))
        return Finding("order_extra", facts)
    place = {node: at for at, node in enumerate(order)}
    broken = [(n, i) for n, i in edges if n in wanted and place[i] > place[n]]
    if broken:
        node, argument = min(broken, key=lambda pair: (place[pair[0]], place[pair[1]]))
        facts = (("node", names[node]), ("input", names[argument]), _listing(order, names))
        return Finding("order_broken", facts)
    return None


def exact_problem(
    program: Expression, recorded: Quantity | None, wanted: Iterable[int]
) -> Finding | None:
    """How a recorded order departs from one stated order, or None."""
    order = [] if recorded is None else places(recorded, len(program.nodes))
    expected = list(wanted)
    if order == expected:
        return None
    facts = (_listing(order, program.names), ("wanted", _words(expected, program.names)))
    return Finding("order_other", facts)


def _first_repeat(order: list[int]) -> int | None:
    visited: set[int] = set()
    for node in order:
        if node in visited:
            return node
        visited.add(node)
    return None


def _reachable(root: int, edges: Edges) -> set[int]:
    inputs: dict[int, list[int]] = {}
    for node, argument in edges:
        inputs.setdefault(node, []).append(argument)
    found, waiting = {root}, [root]
    while waiting:
        for i in inputs.get(waiting.pop(), ()):
            if i not in found:
                found.add(i)
                waiting.append(i)
    return found


def _listing(order: list[int], names: tuple[str, ...]) -> tuple[str, str]:
    return "order", _words(order, names)


def _words(order: list[int], names: tuple[str, ...], most: int = 14) -> str:
    if not order:
        return "an empty list"
    words = [names[i] if 0 <= i < len(names) else "?" for i in order[:most]]
    return ", ".join(words) + (f", ... ({len(order)} in all)" if len(order) > most else "")
