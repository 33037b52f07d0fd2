"""What is run: expressions, training runs and calls, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from harness.records.observation import Observation, Quantity


@dataclass(frozen=True)
class Apply:
    """One node of an expression: an operation applied to earlier nodes."""

    op: str
    """A name in ops.OPS, or "leaf"."""
    inputs: tuple[int, ...] = ()
    constant: float | int | None = None
    """The exponent of a pow, the value of a leaf."""


@dataclass(frozen=True)
class Backward:
    """A call of backward() on a node."""

    node: int


@dataclass(frozen=True)
class Zero:
    """The lecture's zeroing: grad = 0.0 on each of the nodes."""

    nodes: tuple[int, ...]


@dataclass(frozen=True)
class Sort:
    """A call for the nodes that a node depends on, inputs first."""

    node: int


Step = Apply | Backward | Zero | Sort


def named(leaves: int, nodes: int) -> tuple[str, ...]:
    """The usual names of so many nodes, the first of which are leaves."""
    return tuple(f"x{i + 1}" if i < leaves else f"v{i + 1 - leaves}" for i in range(nodes))


@dataclass(frozen=True)
class Expression:
    """A straight-line, single-assignment program over scalars.

    Nodes are numbered: the leaves first, then each Apply in the order of the steps.
    """

    leaves: tuple[float, ...]
    steps: tuple[Step, ...]
    labels: tuple[str, ...] = ()
    """The lecture's labels such as "z4:x^2", one a node, or none at all. Where some repeat, they
    name nobody."""

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Kept, because what is remembered by program is asked for again and again."""
        return hash((self.leaves, self.steps, self.labels))

    @cached_property
    def nodes(self) -> tuple[Apply, ...]:
        """Every node, leaves included."""
        leaves = tuple(Apply("leaf", (), value) for value in self.leaves)
        return leaves + tuple(step for step in self.steps if isinstance(step, Apply))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The name of each node in the program's text: x1, x2 for leaves, v1, v2 for the rest."""
        if self.labels and len(set(self.labels)) == len(self.labels):
            return tuple(label.partition(":")[0] for label in self.labels)
        return named(len(self.leaves), len(self.nodes))

    @cached_property
    def backwards(self) -> tuple[tuple[int, int], ...]:
        """The (step, node) of every call of backward()."""
        return tuple((k, s.node) for k, s in enumerate(self.steps) if isinstance(s, Backward))

    @cached_property
    def sorts(self) -> tuple[tuple[int, int], ...]:
        """The (step, node) of every call for an order."""
        return tuple((k, s.node) for k, s in enumerate(self.steps) if isinstance(s, Sort))

    @cached_property
    def sweep(self) -> tuple[int, ...]:
        """The leaf under each backward() where each has a graph of one leaf; else nothing."""
        leaves = [
            [i for i in self.reachable(node) if i < len(self.leaves)] for _, node in self.backwards
        ]
        alone = len(leaves) > 2 and all(len(group) == 1 for group in leaves)
        return tuple(group[0] for group in leaves) if alone else ()

    def reachable(self, root: int) -> frozenset[int]:
        """The nodes that a node depends on, itself included."""
        found, waiting = {root}, [root]
        while waiting:
            for i in self.nodes[waiting.pop()].inputs:
                if i not in found:
                    found.add(i)
                    waiting.append(i)
        return frozenset(found)

    def settled(self, at: int) -> tuple[int, ...]:
        """The nodes whose gradient the backward() at that step decides alone.

        A node that an earlier backward() has reached, and nobody has zeroed since, is left out:
        whether its gradient adds up or starts anew is a convention, not an error. So is what lies
        below such a node, the root aside: what it had may be handed on once more.
        """
        if at not in self._settled:
            self._settled[at] = self._decided_at(at)
        return self._settled[at]

    @cached_property
    def _settled(self) -> dict[int, tuple[int, ...]]:
        return {}

    def _decided_at(self, at: int) -> tuple[int, ...]:
        stale: set[int] = set()
        count = len(self.leaves)
        for step in self.steps[:at]:
            match step:
                case Backward(node):
                    stale |= self.reachable(node)
                case Zero(nodes):
                    stale -= set(nodes)
                case Apply():
                    count += 1
        if stale:
            root = dict(self.backwards)[at]
            for i in stale & (self.reachable(root) - {root}):
                stale |= self.reachable(i)
        return tuple(i for i in range(count) if i not in stale)


@dataclass(frozen=True)
class Traced:
    """A recorded quantity of a program, and the nodes of its tape that bound its rounding."""

    quantity: str
    subjects: tuple[str, ...]
    """How the program's text spells each number."""
    nodes: tuple[int, ...]
    """For each number, its node on the tape."""
    step: int = -1
    """The backward() whose gradients the numbers are; -1 where they are values."""
    shape: tuple[int, ...] | None = None
    """The shape of the array that holds the numbers; None where they are single numbers."""


@dataclass(frozen=True)
class Training:
    """Gradient descent from stated parameters: the same lines once more for each epoch.

    In each epoch a run records "zeroed" and "before" (the gradients and the parameters that it
    starts from), "prediction", "loss", "grad" and "after"; a run of which only the curve is
    compared records its "loss".
    """

    function: str
    """The name under which oracles know the model and its loss."""
    arguments: tuple[tuple[str, tuple[float, ...]], ...]
    """What they are told beside the parameters: inputs, targets."""
    before: tuple[str, ...]
    """The program's text above the loop."""
    each: tuple[str, ...]
    """The text of one epoch, in which `epoch` counts from 0."""
    start: tuple[float, ...]
    """The parameters before the first epoch."""
    lr: float
    epochs: int
    tape: Expression = Expression((), ())
    """The first epoch as scalars, the parameters its first leaves, with a backward() from the loss;
    empty where only the curve is compared."""
    traced: tuple[Traced, ...] = ()
    """Where prediction, loss, grad and after stand on the tape; grad and after by parameter."""

    @property
    def detailed(self) -> bool:
        """Whether gradients, parameters and predictions are recorded beside the loss."""
        return bool(self.traced)

    def argument(self, name: str) -> tuple[float, ...]:
        """The numbers passed under that name."""
        return dict(self.arguments)[name]

    def from_tape(
        self,
        epoch: int,
        start: tuple[float, ...],
        values: tuple[float, ...],
        grads: tuple[float, ...],
    ) -> Observation:
        """What the tape's numbers say of an epoch that starts from those parameters.

        Args:
            epoch: counted from 0.
            start: the parameters before it.
            values: of every node of the tape.
            grads: of every node, after its backward().
        """
        rows = {
            "grad": grads,
            "after": tuple(p - self.lr * g for p, g in zip(start, grads, strict=False)),
        }
        return Observation(
            tuple(
                Quantity(t.quantity, epoch, tuple(rows.get(t.quantity, values)[n] for n in t.nodes))
                for t in self.traced
            )
        )

    def subjects(self, quantity: str) -> tuple[str, ...]:
        """How the text spells each number of a traced quantity."""
        return next(t.subjects for t in self.traced if t.quantity == quantity)


@dataclass(frozen=True)
class Call:
    """A call of one function whose name every oracle knows, spelled in the student's terms."""

    function: str
    arguments: tuple[tuple[str, tuple[float, ...]], ...]
    lines: tuple[str, ...]
    """The program's text; lines that call record() are run but not shown."""
    tape: Expression
    """The same computation as scalars: its rounding bounds what the oracles and students do."""
    traced: tuple[Traced, ...]

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Kept, as an expression's is; the text and its numbers tell programs apart."""
        return hash((self.function, self.arguments, self.lines))

    def argument(self, name: str) -> tuple[float, ...]:
        """The numbers passed under that name."""
        return dict(self.arguments)[name]

    def from_tape(self, rows: Mapping[int, tuple[float, ...]]) -> Observation:
        """What the tape's numbers say of the call: its values under -1, gradients by backward()."""
        rows_by_name = (
            (t.quantity, tuple(rows[t.step][node] for node in t.nodes)) for t in self.traced
        )
        return Observation(tuple(Quantity(name, -1, numbers) for name, numbers in rows_by_name))


@dataclass(frozen=True)
class Grid:
    """An array: its shape, and its numbers row by row."""

    shape: tuple[int, ...]
    numbers: tuple[float, ...]


@dataclass(frozen=True)
class ArrayExpression(Call):
    """A straight-line program over arrays, with a backward() from its last node.

    Its text follows from a dialect. Its mathematics is its tape, on which the root is the sum of
    all elements of the last node.
    """

    grids: tuple[Grid, ...] = ()
    """The leaves."""
    applied: tuple[Apply, ...] = ()
    """The nodes behind them; inputs are numbered as in an Expression."""

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Kept, because what is remembered by program is asked for again and again."""
        return hash((self.grids, self.applied))

    @cached_property
    def nodes(self) -> tuple[Apply, ...]:
        """Every node, leaves included."""
        return tuple(Apply("leaf") for _ in self.grids) + self.applied

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The name of each node in the program's text: x1, x2 for leaves, v1, v2 for the rest."""
        return named(len(self.grids), len(self.nodes))

    @cached_property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """The shape of each node; its value is traced under its name and `.value`."""
        shapes = {traced.quantity: traced.shape or () for traced in self.traced}
        return tuple(shapes[f"{name}.value"] for name in self.names)


Program = Expression | Training | Call | ArrayExpression
"""What is run; an ArrayExpression is named beside Call so that it is stored as what it is."""
