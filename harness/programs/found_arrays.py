"""A dialect of arrays from what a worker has found: forms are our own words, names are checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from harness.programs.found import (
    HOW,
    LEAVES,
    OF_ARRAYS,
    PRELUDE,
    NoDialect,
    checked,
    imported,
    operations,
)
from harness.programs.grid_ops import BY_ELEMENT, GRID_OPS
from harness.records.dialect import RUN, Dialect, Operation

BACKWARD = {
    "none": "{0}.BACKWARD()",
    "argument": "{0}.BACKWARD(np.ones_like({0}.VALUE))",
    "total": "TOTAL.BACKWARD()",
}
"""How backward() is called on an array: by itself, with ones from above, or on the sum of all."""
AXES = {
    "nothing": "",
    "axis": "axis={axis}",
    "dim": "dim={axis}",
    "plain": "{axis}",
    "axes": "axes=({axis},)",
    "axis_keepdims": "axis={axis}, keepdims={keep}",
    "dim_keepdim": "dim={axis}, keepdim={keep}",
    "plain_both": "{axis}, {keep}",
}
"""How an axis is named, and whether it stays."""
TURNED = {"tuple": "({{shape}})", "spread": "{{shape}}"}
"""How a shape is handed over."""
SWAPPED = {"": "", "nothing": "", "spread": "1, 0", "tuple": "(1, 0)"}
"""How the axes are named that change places."""


def array_dialect_of(facts: Mapping[str, str]) -> Dialect:
    """The dialect of arrays that facts describe.

    Args:
        facts: as sandbox/finder.py tells them.

    Raises:
        NoDialect: no class has nodes that hold arrays, or a fact is no name.
    """
    own = {n.removeprefix(OF_ARRAYS): f for n, f in facts.items() if n.startswith(OF_ARRAYS)}
    if "class" not in own:
        raise NoDialect("no class multiplies matrices, or adds up the elements of an array")
    node, value = checked(own["class"], dotted=True), checked(own.get("value", ""))
    if own.get("known") not in HOW or "asks" in own:
        lost = f"no method of {node} leaves the gradients of x * y + x in an attribute"
        raise NoDialect(f"{lost}; a file for --dialect can say how they are read", near=True)
    gradient = checked(own.get("gradient", ""), dotted=True)
    form, seeding = own.get("leaf", ""), own.get("seeding", "")
    if form not in LEAVES or seeding not in BACKWARD:
        raise NoDialect("the worker answers with a form that there is not")
    whole = tuple(_whole(own))
    total = {operation.name: operation.text for operation in whole}.get("sum_all", "{0}")
    call = BACKWARD[seeding].replace("TOTAL", total).replace("VALUE", value)
    used = {name: fact for name, fact in own.items() if name.startswith("uses.")}
    first, unset = gradient.partition(".")[0], own.get("zero") == "none"
    by_element, refused = operations({n: f for n, f in own.items() if n[3:] in BY_ELEMENT} | used)
    return Dialect(
        name=node,
        node=node,
        arrays=True,
        inner=own.get("inner") != "no",
        leaf=LEAVES[form].format(node=node).replace("{0}", "np.array({0})"),
        value=f"{{0}}.{value}",
        gradient=f"{{0}}.{gradient}",
        backward=(call.replace("BACKWARD", checked(own.get("backward", ""))),),
        zero=f"{{0}}.{first} = None",
        unset=f"{{0}}.{first}" if unset else "",
        operations=(*by_element, *whole),
        refused=refused,
        prelude=PRELUDE,
        imports="from {module} import " + ", ".join(imported(node, own)),
        known=(("value", RUN), ("gradient", HOW[own["known"]])),
    )


def _whole(facts: Mapping[str, str]) -> Iterator[Operation]:
    """The operations on whole arrays."""
    for name, op in GRID_OPS.items():
        form = facts.get(f"op.{name}", "")
        if not form:
            continue
        kind, called, style = (f"{form}::").split(":")[:3]
        inside = _arguments(name, style)
        called = checked(called) if kind != "operator" else ""
        operands = [f"{{{i}}}" for i in range(op.arity)]
        rest = [*operands[1:], *([inside] if inside else [])]
        text = {
            "operator": op.spelling,
            "property": f"{{0}}.{called}",
            "method": f"{{0}}.{called}({', '.join(rest)})",
            "function": f"{called}({', '.join([operands[0], *rest])})",
        }.get(kind)
        if text is None:
            raise NoDialect("the worker answers with a form that there is not")
        uses = tuple(n for n in facts.get(f"uses.{name}", "").split() if n in BY_ELEMENT)
        yield Operation(name, text, "any", RUN, uses)


def _arguments(name: str, style: str) -> str:
    """What stands behind an array in a call of an operation."""
    if name == "matmul":
        return ""
    forms = {"reshape": TURNED, "transpose": SWAPPED}.get(name, AXES)
    form = forms.get(style)
    if form is None:
        raise NoDialect("the worker answers with a form that there is not")
    if name == "reshape":
        return form.format()
    return form.format(axis=int("_last" in name), keep=name.endswith("_kept"))
