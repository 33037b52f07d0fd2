"""Under which names an engine was read, and what it does without: the lines above its table."""

from __future__ import annotations

import re

from harness.records.dialect import DECLARED, NAMED, RUN, Dialect, Network
from harness.records.verdict import Finding, Grade, Status, Verdict
from harness.report.words.wording import LONGEST_LINE, printable

HOW = {RUN: "found by running x*y + x", NAMED: "found by name", DECLARED: "as declared"}
READ = "{module}: read as {node} ({names}), {how}"
ARRAYS = "{node}, whose nodes hold arrays"
NOT_THERE = "not there, so not judged: {operations}"
COSTS = "not there, which costs its points: {operations}"
REFUSED = "refused, which costs nothing: {operations}"
WHOLE = "judged with whole numbers only, because others are refused: {operations}"
NETWORKS = "networks, found by running them: {networks}"
UNKNOWN = (
    "not judged, because it is no weighted sum with tanh, relu, sigmoid or nothing behind it: "
    "what {networks} computes"
)
OTHER = "other"
SORT = "a topological sort"


def read_as(grade: Grade) -> list[str]:
    """How a dialect is known, what is lacking and what is refused: template fact a line."""
    dialect = grade.dialect
    if not dialect.known or grade.unreadable:
        return []
    how = dict(dialect.known)["gradient"]
    names = [_plain(template) for template in (dialect.value, dialect.gradient)]
    names.append(dialect.backward[-1].removeprefix("{0}.").replace("{0}", "x"))
    named = ", ".join(names)
    node = ARRAYS.format(node=dialect.node) if dialect.arrays else dialect.node
    lines = [READ.format(module=grade.submission, node=node, names=named, how=HOW[how])]
    gaps = [verdict for verdict in grade.verdicts if verdict.status is Status.ABSENT]
    there = [v for v in gaps if v.out_of or _kind(v) == "absent"]
    free = [_name(v) for v in there if not v.out_of]
    about_networks = "networks" in dict(dialect.known)
    if about_networks:
        lines += _networks(dialect.networks)
    elif not dialect.order and how != DECLARED and not dialect.arrays:
        free.append(SORT)
    rows = (
        (NOT_THERE, free),
        (COSTS, [_name(v) for v in there if v.out_of]),
        (REFUSED, [_name(v) for v in gaps if _kind(v) == "refused"]),
        (WHOLE, [o.name for o in dialect.operations if o.takes == "whole"]),
    )
    lines += [line.format(operations=", ".join(names)) for line, names in rows if names]
    return [printable(line, LONGEST_LINE) for line in lines]


def _plain(template: str) -> str:
    """An attribute as a sentence names it: ".data" for "float({0}.data)"."""
    inner = template.removeprefix("float(")
    return (inner if inner == template else inner.removesuffix(")")).replace("{0}", "")


def _networks(networks: tuple[Network, ...]) -> list[str]:
    """What each network computes, and which compute nothing that is judged."""
    known = [network for network in networks if network.last != OTHER]
    described = []
    for network in known:
        inner = f"{network.hidden} inside, " if network.kind == "mlp" else ""
        described.append(f"{network.name} ({inner}{network.last})")
    lines = [NETWORKS.format(networks=", ".join(described))] if known else []
    others = ", ".join(network.name for network in networks if network.last == OTHER)
    return [*lines, UNKNOWN.format(networks=others)] if others else lines


def _kind(verdict: Verdict) -> str:
    return verdict.problem.kind if isinstance(verdict.problem, Finding) else ""


def _name(verdict: Verdict) -> str:
    return verdict.problem["name"] if isinstance(verdict.problem, Finding) else ""


def renamed(found: Dialect, wanted: Dialect) -> str:
    """What a class is told that stands where a course wants it and has other names; else "".

    Args:
        found: how the module spells a program.
        wanted: how the course does.
    """
    if found.node != wanted.node:
        return ""
    spelled = ((d.value, d.gradient, d.backward[-1]) for d in (wanted, found))
    others = [(_last_name(w), _last_name(f)) for w, f in zip(*spelled, strict=True) if w != f]
    if not others:
        return ""
    said = "; ".join(f"no `{w}`, which is called `{f}` here" for w, f in others)
    return f"`{wanted.node}` has {said}. Rename it to be judged by the course's own checks."


def _last_name(form: str) -> str:
    """The last name in a form of a dialect: `{0}.data` to data."""
    return printable(re.findall(r"\w+", form)[-1])
