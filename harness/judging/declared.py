"""A dialect as a TOML file: written for a person to read and edit, and read back."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Literal

import msgspec

from harness.judging.check import Assignment
from harness.programs.found import PRELUDE
from harness.programs.grid_ops import BY_ELEMENT, GRID_OPS
from harness.programs.ops import OPS
from harness.records.dialect import DECLARED, Dialect, Network, Operation
from harness.records.errors import UsageError

FOUND = "found"
"""In the place of a dialect's name: each submission's own is looked for."""
MEANING = {
    "name": "what to call it",
    "node": "the class whose objects are nodes",
    "leaf": "a leaf with the value {0}",
    "value": "the value of the node {0}",
    "gradient": "the gradient of the node {0}",
    "backward": "the lines that work the gradients out; the last is the call itself",
    "zero": "the line that zeroes the gradient of {0}",
    "arrays": "whether nodes hold arrays",
    "inner": "whether the nodes between the root and the leaves keep their gradients",
    "unset": "what is None until {0} has a gradient; empty where a gradient is a number at once",
    "order": "the nodes that {0} depends on, in their order; empty where none is given",
    "imports": "the line above a program; {module} is the module",
    "refused": "operations that are there and refuse their operands",
}
"""The keys of a file, and what each is."""


class _Operation(msgspec.Struct, forbid_unknown_fields=True):
    text: str = ""
    takes: Literal["any", "whole"] = "any"
    uses: list[str] = []


Activation = Literal["tanh", "relu", "linear", "sigmoid", "other"]


class _Network(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    kind: Literal["neuron", "layer", "mlp"]
    made: str
    called: str = "{0}({1})"
    parameters: str = "{0}.parameters()"
    zero: str = ""
    layout: Literal[
        "weights_bias", "bias_weights", "weights_biases", "biases_weights", "weights"
    ] = "weights_bias"
    hidden: Activation = "linear"
    last: Activation = "linear"
    single: Literal["node", "list"] = "node"


class _Table(msgspec.Struct, forbid_unknown_fields=True):
    node: str
    operations: dict[str, str | _Operation]
    leaf: str = ""
    name: str = "declared"
    value: str = "{0}.value"
    gradient: str = "{0}.grad"
    backward: tuple[str, ...] = ("{0}.backward()",)
    zero: str = "{0}.grad = 0.0"
    arrays: bool = False
    inner: bool = True
    unset: str = ""
    order: str = ""
    imports: str = "from {module} import *"
    refused: list[str] = []
    networks: list[_Network] = []


def spoken(assignment: Assignment, dialect: str | Mapping[str, Any], where: str = "") -> Assignment:
    """The assignment for whoever uses a declared dialect, or whichever is found of each.

    Args:
        assignment: one that has a place for a dialect.
        dialect: FOUND, one of the assignment's dialects, the path of a TOML file, or its content.
        where: what messages call a dialect that is given by its content.

    Raises:
        UsageError: there is no such dialect, or the assignment has one of its own.
    """
    if assignment.fitted is None:
        raise UsageError(f"{assignment.name} has a dialect of its own, and no other is declared")
    if dialect == FOUND:
        return replace(assignment, finds=True)
    chosen = named(dialect, assignment) if isinstance(dialect, str) else table_of(dialect, where)
    if chosen.arrays is not assignment.dialect.arrays:
        holds = "arrays" if chosen.arrays else "numbers"
        raise UsageError(
            f"{chosen.name} is a dialect of {holds}, which {assignment.name} is not of"
        )
    chosen = replace(chosen, known=(("gradient", DECLARED),))
    base = replace(assignment, finds=False)
    return base.fitted(base, chosen) if base.fitted else base


def named(name: str, assignment: Assignment) -> Dialect:
    """The dialect of that name, or the one in a file.

    Args:
        name: one of the assignment's dialects, or the path of a TOML file.
        assignment: which dialects are kept.

    Raises:
        UsageError: there is none.
    """
    kept = {dialect.name: dialect for dialect in assignment.dialects}
    if name in kept:
        return kept[name]
    if not name.endswith(".toml"):
        names = ", ".join((FOUND, *kept))
        raise UsageError(f'there is no dialect "{name}"; there are {names}, or a .toml file')
    try:
        table = tomllib.loads(Path(name).read_text(encoding="utf-8"))
    except OSError as problem:
        raise UsageError(f"{name}: {problem.strerror}") from None
    except ValueError as problem:
        raise UsageError(f"{name}: this is not TOML: {problem}") from None
    return table_of(table, name)


def table_of(table: object, where: str) -> Dialect:
    """The dialect that a table of TOML describes.

    Raises:
        UsageError: it describes none.
    """
    try:
        written = msgspec.convert(table, _Table)
    except msgspec.ValidationError as problem:
        raise UsageError(f"{where}: {problem}") from None
    known = (*BY_ELEMENT, *GRID_OPS) if written.arrays else tuple(OPS)
    unknown = [op for op in (*written.operations, *written.refused) if op not in known]
    if unknown:
        raise UsageError(
            f'{where}: there is no operation "{unknown[0]}"; there are {", ".join(known)}'
        )
    if not {"add", "mul"} <= set(written.operations):
        raise UsageError(f"{where}: [operations] lacks add or mul, without which nothing is judged")
    leaf = written.leaf or ("{node}(np.array({{0}}))" if written.arrays else "{node}({{0}})")
    dialect = Dialect(
        name=written.name,
        node=written.node,
        leaf=leaf.format(node=written.node) if "{node}" in leaf else leaf,
        value=written.value,
        gradient=written.gradient,
        backward=written.backward,
        zero=written.zero,
        arrays=written.arrays,
        inner=written.inner,
        unset=written.unset,
        order=written.order,
        operations=tuple(_operation(name, written.operations[name]) for name in written.operations),
        refused=tuple(written.refused),
        networks=tuple(Network(**msgspec.to_builtins(network)) for network in written.networks),
        prelude=PRELUDE,
        imports=written.imports,
    )
    _formats(dialect, where)
    return dialect


def text_of(dialect: Dialect) -> str:
    """A dialect as TOML, each line with what it is and how it is known."""
    known = dict(dialect.known)
    lines = []
    for key, meaning in MEANING.items():
        held = getattr(dialect, key)
        text = json.dumps(list(held) if isinstance(held, tuple) else held)
        how = f" ({known[key]})" if key in known else ""
        lines.append(f"{key} = {text}  # {meaning}{how}")
    lines += ["", "[operations]"]
    for operation in dialect.operations:
        text = operation.text or OPS[operation.name].spelling
        row = json.dumps(text)
        if operation.takes != "any" or operation.uses:
            uses = f", uses = {json.dumps(list(operation.uses))}" if operation.uses else ""
            row = f'{{ text = {row}, takes = "{operation.takes}"{uses} }}'
        how = f"  # {operation.known}" if operation.known != DECLARED else ""
        lines.append(f"{operation.name} = {row}{how}")
    for network in dialect.networks:
        lines += ["", "[[networks]]  # neurons, a layer or several, found by running"]
        lines += [f"{key} = {json.dumps(spelling)}" for key, spelling in asdict(network).items()]
    return "\n".join(lines) + "\n"


def _operation(name: str, spelling: str | _Operation) -> Operation:
    if isinstance(spelling, str):
        return Operation(name, spelling)
    return Operation(name, spelling.text, spelling.takes, DECLARED, tuple(spelling.uses))


def _formats(dialect: Dialect, where: str) -> None:
    """That every template takes what is put into it.

    Raises:
        UsageError: one does not.
    """
    keys = ("leaf", "value", "gradient", "zero", "unset", "order")
    rows = [(key, str(getattr(dialect, key))) for key in keys]
    rows += [("backward", line) for line in dialect.backward]
    rows += [("imports", dialect.imports)]
    rows += [(operation.name, operation.text) for operation in dialect.operations]
    for n in dialect.networks:
        rows += [("made", n.made), ("called", n.called), ("parameters", n.parameters)]
        rows += [("zero", n.zero)]
    for key, text in rows:
        try:
            text.format("x", "y", constant=2, all="x", shape="2", module="m", inputs=2, sizes="3")
        except (KeyError, IndexError, ValueError, AttributeError):
            raise UsageError(f"{where}: {key} = {json.dumps(text)} is no template") from None
