"""A dialect from what a worker has found: names are taken for names, and put into our templates.

What comes back from a worker is a row of facts. A name must be an ASCII identifier, a form one of
our own words; whatever else is there is refused, so that no text of a student's becomes code.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping

from harness.programs.ops import OPS
from harness.records.dialect import NAMED, RUN, Dialect, Network, Operation
from harness.records.errors import UsageError

LONGEST = 40
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
LEAVES = {
    "plain": "{node}({{0}})",
    "requires_grad": "{node}({{0}}, requires_grad=True)",
    "operands": "{node}({{0}}, ())",
    "name": '{node}({{0}}, "x")',
}
SEEDINGS = ("none", "argument", "set")
OF_ARRAYS = "arrays."
"""What the names of facts begin with that are about nodes that hold arrays."""
HOW = {"sum": RUN, "product": RUN, "name": NAMED}
PRELUDE = """
names = {name: thing for name, thing in vars(module).items() if not name.startswith("__")}
"""
"""Programs reach everything that the module has."""


class NoDialect(UsageError):
    """What was found is no dialect; the message says what is missing."""

    def __init__(self, reason: str, *, near: bool = False) -> None:
        super().__init__(f"no engine is found: {reason}")
        self.near = near
        """Whether there is an engine whose dialect can only be declared."""


def dialect_of(facts: Mapping[str, str]) -> Dialect:
    """The dialect that facts describe.

    Args:
        facts: as sandbox/finder.py tells them.

    Raises:
        NoDialect: there is no class with + and *, its gradients cannot be read, or a fact is no
            name.
    """
    facts = {name: fact for name, fact in facts.items() if not name.startswith(OF_ARRAYS)}
    if "fault" in facts:
        raise NoDialect("the module could not be loaded, or the search did not come to an end")
    if not facts:
        raise NoDialect("no class has both + and *, with a number in one of its attributes")
    node, value = _dotted(facts, "class"), _name(facts, "value")
    if "asks" in facts:
        method, argument = _name(facts, "backward"), _name(facts, "asks")
        asked = f"{node}.{method}() asks for {argument}, which only a file for --dialect can say"
        raise NoDialect(asked, near=True)
    if facts.get("known") not in HOW:
        lost = f"no method of {node} leaves the gradients of x * y + x in an attribute"
        raise NoDialect(f"{lost}; a file for --dialect can say how they are read", near=True)
    gradient, method = _dotted(facts, "gradient"), _name(facts, "backward")
    form, seeding = facts.get("leaf", ""), facts.get("seeding", "")
    if form not in LEAVES or seeding not in SEEDINGS:
        raise NoDialect("the worker told a form that there is not")
    first = gradient.partition(".")[0]
    arrays, unset = facts.get("arrays") == "yes", facts.get("zero") == "none"
    call = f"{{0}}.{method}(1.0)" if seeding == "argument" else f"{{0}}.{method}()"
    there, refused = operations(facts)
    return Dialect(
        name=node,
        node=node,
        leaf=LEAVES[form].format(node=node),
        value=("float({{0}}.{})" if arrays else "{{0}}.{}").format(value),
        gradient=("float({{0}}.{})" if arrays else "{{0}}.{}").format(gradient),
        backward=(f"{{0}}.{first} = 1.0", call) if seeding == "set" else (call,),
        zero=f"{{0}}.{first} = " + ("None" if unset else "0.0"),
        unset=f"{{0}}.{first}" if unset else "",
        order=_order(facts),
        operations=there,
        refused=refused,
        networks=tuple(_networks(facts)),
        prelude=PRELUDE,
        imports="from {module} import " + ", ".join(imported(node, facts)),
        known=(("value", RUN), ("gradient", HOW[facts["known"]])),
    )


def _order(facts: Mapping[str, str]) -> str:
    if "sort" not in facts:
        return ""
    name = _name(facts, "sort")
    return f"{name}({{0}})" if facts.get("sort_form") == "function" else f"{{0}}.{name}()"


def operations(facts: Mapping[str, str]) -> tuple[tuple[Operation, ...], tuple[str, ...]]:
    """The operations that facts say are there, and those that are there and refuse."""
    there: list[Operation] = []
    refused: list[str] = []
    for name, op in OPS.items():
        form = facts.get(f"op.{name}", "")
        kind, _, called = form.partition(":")
        operands = [f"{{{i}}}" for i in range(op.arity)]
        operands += [] if op.number is None else ["{constant}"]
        text, takes = "", "whole" if form == "whole" else "any"
        if form in ("", "refused"):
            refused += [name] if form else []
            continue
        if kind == "method":
            text = f"{{0}}.{checked(called)}({', '.join(operands[1:])})"
        elif kind == "function":
            text = f"{checked(called, dotted=True)}({', '.join(operands)})"
        elif form not in ("operator", "whole"):
            raise NoDialect("the worker told a form that there is not")
        uses = tuple(n for n in facts.get(f"uses.{name}", "").split() if n in OPS and n != name)
        there.append(Operation(name, text, takes, RUN, uses))
    return tuple(there), tuple(refused)


FORMS = {
    ("mlp", "list"): "{name}({{inputs}}, [{{sizes}}])",
    ("mlp", "sizes"): "{name}([{{inputs}}, {{sizes}}])",
    ("mlp", "spread"): "{name}({{inputs}}, {{sizes}})",
    ("layer", "spread"): "{name}({{inputs}}, {{sizes}})",
    ("neuron", "spread"): "{name}({{inputs}})",
}
"""How a network of a kind is made."""
CALLS = {"call": "{0}({1})", "forward": "{0}.forward({1})"}
ACTIVATIONS = ("tanh", "relu", "linear", "sigmoid", "other")
LAYOUTS = ("weights_bias", "bias_weights", "weights_biases", "biases_weights", "weights")
WORDS = (LAYOUTS, ACTIVATIONS, ACTIVATIONS, ("node", "list"), ("zeroes", "none"))


def _networks(facts: Mapping[str, str]) -> Iterator[Network]:
    """The networks, each from a row of words that are all ours."""
    for fact, told in facts.items():
        if not fact.startswith("net."):
            continue
        name, words = checked(fact.removeprefix("net.")), tuple(told.split(" "))
        fine = len(words) == 8 and words[:2] in FORMS and words[2] in CALLS
        if not fine or any(word not in kept for word, kept in zip(words[3:], WORDS, strict=True)):
            raise NoDialect("the worker told a form that there is not")
        kind, _, call, layout, hidden, last, single, zeroes = words
        zero = "{0}.zero_grad()" if zeroes == "zeroes" else ""
        made = FORMS[words[0], words[1]].format(name=name)
        yield Network(
            name, kind, made, CALLS[call], zero=zero, layout=layout, hidden=hidden, last=last,
            single=single,
        )  # fmt: skip


def imported(node: str, facts: Mapping[str, str]) -> tuple[str, ...]:
    """The names that programs need from the module, by the facts that name functions."""
    called = [form.split(":")[1] for form in facts.values() if form.startswith("function:")]
    if facts.get("sort_form") == "function":
        called.append(facts["sort"])
    return tuple(dict.fromkeys(name.partition(".")[0] for name in (node, *called)))


def _name(facts: Mapping[str, str], fact: str) -> str:
    return checked(facts.get(fact, ""))


def _dotted(facts: Mapping[str, str], fact: str) -> str:
    return checked(facts.get(fact, ""), dotted=True)


def checked(name: str, *, dotted: bool = False) -> str:
    """A name as it came, if it is nothing but a name.

    Raises:
        NoDialect: it is more.
    """
    parts = name.split(".") if dotted else [name]
    fine = len(parts) <= 2 and all(
        _NAME.fullmatch(part)
        and len(part) <= LONGEST
        and not keyword.iskeyword(part)
        and not part.startswith("__")
        for part in parts
    )
    if not fine:
        raise NoDialect("the worker told a name that is none")
    return name
