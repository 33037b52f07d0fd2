"""How a module spells what a program says: the one place where a student's names stand.

A program says "the product of two nodes" and "the gradient of this node"; a dialect says how that
is written for one module, so that what is run is what a student would write. A template stands
for one line or one expression of Python: {0} and {1} are operands or numbers, {constant} is the
number beside a node.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

DECLARED, RUN, NAMED = "declared", "found by running", "found by name"
"""How a fact of a dialect is known."""


@dataclass(frozen=True)
class Operation:
    """One operation that a module has."""

    name: str
    """A name in ops.OPS."""
    text: str = ""
    """Its template, such as "{0} + {1}" or "exp({0})"; empty where it is the usual one."""
    takes: str = "any"
    """Which numbers may stand beside a node: any or whole."""
    known: str = DECLARED
    uses: tuple[str, ...] = ()
    """The other operations that it is made of, as far as that is known."""


@dataclass(frozen=True)
class Network:
    """A class of neurons that a module has beside its nodes: one, a layer, or several layers."""

    name: str
    kind: str
    """neuron, layer or mlp."""
    made: str
    """Its template: {inputs} is a number, {sizes} the outputs of each layer, with commas."""
    called: str = "{0}({1})"
    parameters: str = "{0}.parameters()"
    zero: str = ""
    """The line that zeroes all gradients of {0}; empty where a module has none."""
    layout: str = "weights_bias"
    """How parameters are listed: weights_bias or bias_weights by neuron, weights_biases or
    biases_weights by layer, weights where there are no biases."""
    hidden: str = "linear"
    """The activation of every layer but the last: tanh, relu, linear, sigmoid; other where none of
    them is."""
    last: str = "linear"
    single: str = "node"
    """Whether one output comes as a node or in a list."""


@dataclass(frozen=True)
class Dialect:
    """How one module spells a leaf, a value, a gradient, backward() and each operation."""

    name: str
    """What to call it: lecture, micrograd, or the name of the class that was found."""
    node: str = ""
    """The class whose objects are nodes, as a program reaches it; empty where there is none."""
    leaf: str = ""
    """A leaf with the value {0}."""
    labelled: str = ""
    """A leaf with the value {0} and the label {1}; empty where leaves have no label."""
    label: str = ""
    """The line that gives the node {0} the label {1}; empty where nodes have no label."""
    value: str = "{0}.value"
    gradient: str = "{0}.grad"
    backward: tuple[str, ...] = ("{0}.backward()",)
    """The lines that leave gradients on what {0} depends on; the last is the call itself."""
    zero: str = "{0}.grad = 0.0"
    """The line that zeroes the gradient of {0}."""
    arrays: bool = False
    """Whether nodes hold arrays; a leaf is then made of a NumPy array."""
    inner: bool = True
    """Whether the nodes between the root and the leaves keep their gradients."""
    unset: str = ""
    """What is None until {0} has a gradient; empty where a gradient is a number from the start."""
    order: str = ""
    """The nodes that {0} depends on, inputs first; empty where a module gives no order."""
    operations: tuple[Operation, ...] = ()
    """What is there; an operation that is not listed is spelled as ops.OPS spells it."""
    refused: tuple[str, ...] = ()
    """What is there and refuses its operands, such as a node for an exponent."""
    networks: tuple[Network, ...] = ()
    """The neurons, layers and networks that are there."""
    prelude: str = ""
    """Python that binds `names`, the namespace of every program, from `module` and `siblings`."""
    imports: str = "from {module} import *"
    """The line above a program by which a student reaches the names."""
    holder: str = ""
    """A name that holds the module's functions and may be left out of a part's name."""
    whole: tuple[str, ...] = ()
    """The parts, by dotted name, for which the holder's name alone stands."""
    known: tuple[tuple[str, str], ...] = ()
    """How each fact is known, where it is not declared: its field, and one of RUN and NAMED."""

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Kept, because texts are remembered by program and dialect."""
        return hash((self.name, self.node, self.value, self.gradient, self.operations))

    @cached_property
    def _texts(self) -> dict[str, str]:
        return {operation.name: operation.text for operation in self.operations}

    def operation(self, name: str, usual: str) -> str:
        """The template of an operation, the usual one where the module has no other."""
        return self._texts.get(name) or usual

    def quantity(self, name: str, node: str) -> str:
        """How a program reads a node's number: its "value" or its "grad"."""
        return (self.gradient if name == "grad" else self.value).format(node)

    def element(self, subject: str) -> str:
        """How a program reads an element of an array: `x1.grad[0, 1]` in the module's own names."""
        node, _, rest = subject.partition(".")
        quantity, bracket, place = rest.partition("[")
        return f"{self.quantity(quantity, node)}{bracket}{place}"

    @property
    def takes(self) -> dict[str, str]:
        """For each operation that is there, which numbers may stand beside its node."""
        return {operation.name: operation.takes for operation in self.operations}

    def recorded(self, name: str, node: str) -> str:
        """How the number is read where a node without a gradient counts as 0."""
        number = self.quantity(name, node)
        if name != "grad" or not self.unset:
            return number
        return f"0.0 if {self.unset.format(node)} is None else {number}"

    @property
    def package(self) -> str:
        """The name by which programs reach the module itself; empty where they do not."""
        return self.imports.partition(" as ")[2]

    @property
    def sort(self) -> str:
        """How a sentence names the call that gives an order: "sort()"."""
        function = re.search(r"([\w.]*\w)\(\[?\{0\}\]?\)", self.order)
        if function:
            return f"{function[1]}()"
        return self.order.removeprefix("{0}.").replace("{0}", "")

    def short(self, part: str) -> str:
        """A part of a module as a student calls it: "__mul__" for "Value.__mul__"."""
        short = part.removeprefix(f"{self.node}.") if self.node else part
        return short.removeprefix(f"{self.holder}.") if self.holder else short


BARE = Dialect(
    name="bare",
    prelude="""
names = {name: thing for name, thing in vars(module).items() if callable(thing)}
""",
)
"""Programs call a module's functions and classes by their bare names."""
