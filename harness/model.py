"""The records of adjudge, in the order in which they flow, and the protocol of an engine.

A submission is read, a program is generated, an engine runs it and yields an observation,
two observations yield comparisons, those yield a verdict, and verdicts yield a grade.
All records are frozen and hold tuples, so that they can be compared, pickled and printed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Protocol

Number = float | int | None
"""A recorded number; None stands where the student's object was not a number."""


# --- what was handed in -------------------------------------------------------------------


@dataclass(frozen=True)
class Source:
    """One piece of source text: a module, or one cell of a notebook."""

    name: str
    """How a message names it: "ag.py" or "cell 3"."""
    text: str


@dataclass(frozen=True)
class Submission:
    """What a student handed in, as text that has never been run."""

    name: str
    main: tuple[Source, ...]
    """What is executed, in order, in one namespace."""
    module: str = "ag"
    """The import name of main; a dot in it means that main is part of a package."""
    siblings: tuple[tuple[str, Source], ...] = ()
    """Modules that main may import, by import name."""
    unwritten: frozenset[str] = frozenset()
    """The functions that still are the starter's stubs."""
    digest: str = ""
    """SHA-256 of every text, as hexadecimal digits."""


# --- what is run --------------------------------------------------------------------------


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
    """A call of topological_sort() on a node."""

    node: int


Step = Apply | Backward | Zero | Sort


@dataclass(frozen=True)
class Expression:
    """A straight-line, single-assignment program over scalars.

    Nodes are numbered: the leaves first, then each Apply in the order of the steps.
    """

    leaves: tuple[float, ...]
    steps: tuple[Step, ...]
    labels: tuple[str, ...] = ()
    """The lecture's labels such as "z4:x^2", one a node, or none at all."""

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
        if self.labels:
            return tuple(label.partition(":")[0] for label in self.labels)
        count = len(self.leaves)
        return tuple(
            f"x{i + 1}" if i < count else f"v{i + 1 - count}" for i in range(len(self.nodes))
        )

    @cached_property
    def backwards(self) -> tuple[tuple[int, int], ...]:
        """The (step, node) of every call of backward()."""
        return tuple((k, s.node) for k, s in enumerate(self.steps) if isinstance(s, Backward))

    @cached_property
    def sorts(self) -> tuple[tuple[int, int], ...]:
        """The (step, node) of every call of topological_sort()."""
        return tuple((k, s.node) for k, s in enumerate(self.steps) if isinstance(s, Sort))

    @cached_property
    def sweep(self) -> tuple[int, ...]:
        """The leaf under each backward() where each has a graph of one leaf; else nothing."""
        leaves = [
            [i for i in self.reachable(node) if i < len(self.leaves)] for _, node in self.backwards
        ]
        alone = len(leaves) > 2 and all(len(one) == 1 for one in leaves)
        return tuple(one[0] for one in leaves) if alone else ()

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
        whether its gradient adds up or starts anew is a convention, not an error.
        """
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
        return tuple(i for i in range(count) if i not in stale)


@dataclass(frozen=True)
class Training:
    """The lecture's training loop for the one-hidden-layer MLP, from stated parameters."""

    n_hidden: int
    rng_seed: int
    start: tuple[float, ...]
    """w1, b1, w2, b2 in that order: the 3 * n_hidden + 1 parameters before the first epoch."""
    inputs: tuple[float, ...]
    targets: tuple[float, ...]
    lr: float
    epochs: int
    detailed: bool = True
    """Whether gradients, parameters and predictions are recorded beside the loss."""

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each parameter in the program's text, in the order of start."""
        hidden = range(self.n_hidden)
        vectors = [f"model.{vector}[{j}]" for vector in ("w1", "b1", "w2") for j in hidden]
        return (*vectors, "model.b2[0]")


@dataclass(frozen=True)
class Traced:
    """A recorded quantity of a Call, and the nodes of its tape that bound its rounding."""

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
class Call:
    """A call of one function whose name every oracle knows, spelled in the student's terms."""

    function: str
    arguments: tuple[tuple[str, tuple[float, ...]], ...]
    lines: tuple[str, ...]
    """The program's text; lines that call record() are run but not shown."""
    tape: Expression
    """The same computation as scalars: its rounding bounds what the oracles and students do."""
    traced: tuple[Traced, ...]

    def argument(self, name: str) -> tuple[float, ...]:
        """The numbers passed under that name."""
        return dict(self.arguments)[name]

    def from_tape(self, rows: Mapping[int, tuple[float, ...]]) -> Observation:
        """What the tape's numbers say of the call: its values under -1, gradients by backward()."""
        told = ((t.quantity, tuple(rows[t.step][node] for node in t.nodes)) for t in self.traced)
        return Observation(tuple(Quantity(name, -1, numbers) for name, numbers in told))


Program = Expression | Training | Call


# --- what came of it ----------------------------------------------------------------------


@dataclass(frozen=True)
class Quantity:
    """Numbers recorded at one point of a program."""

    name: str
    """value, grad, order, edges, loss, ..."""
    step: int
    """Which step, or which epoch; -1 stands for the whole program."""
    values: tuple[Number, ...]
    types: tuple[str, ...] = ()
    """The type of every number, or of the sequence itself; empty where all are plain floats."""


@dataclass(frozen=True)
class Fault:
    """The student's module stopped: data, never an exception of ours."""

    kind: str
    """raised, syntax, timeout, budget, memory, output, exited, crashed or malformed."""
    exception: str = ""
    message: str = ""
    where: str = ""
    """The student's file or cell, or "program"."""
    line: int = 0
    text: str = ""
    """That line of the student's, or of the program."""


@dataclass(frozen=True)
class Observation:
    """The quantities of one run, and the fault that ended it, if any."""

    quantities: tuple[Quantity, ...] = ()
    fault: Fault | None = None
    printed: str = field(default="", compare=False)
    """How what it printed begins; no part of what is judged."""

    def get(self, name: str, step: int = -1) -> Quantity | None:
        """The quantity of that name and step, or None where it was not recorded."""
        for quantity in self.quantities:
            if quantity.name == name and quantity.step == step:
                return quantity
        return None

    def numbers(self, name: str, step: int = -1) -> tuple[float, ...]:
        """The numbers of a quantity that must be there, as an oracle's always are."""
        quantity = self.get(name, step)
        assert quantity is not None, f"no {name} at step {step} was recorded"
        return tuple(float("nan") if v is None else float(v) for v in quantity.values)


class Engine(Protocol):
    """Anything that runs programs: an oracle, the answer key, a student in a worker."""

    name: str
    version: str

    def run(self, program: Program) -> Observation:
        """Runs one program and reports its quantities."""


class BatchEngine(Engine, Protocol):
    """An engine that runs many programs faster together than one by one."""

    def run_all(self, programs: tuple[Program, ...]) -> tuple[Observation, ...]:
        """Runs each program; the observations come in the same order."""


class Answers(Protocol):
    """What a comparison may ask of the oracles; harness.oracles has the real one."""

    def expected(self, program: Program) -> tuple[Observation, ...]:
        """Each oracle's observation of a program.

        Raises:
            Disputed: the oracles disagree.
        """

    def by(self, program: Program) -> tuple[str, ...]:
        """The names of those oracles, in the same order."""


@dataclass(frozen=True)
class Comparison:
    """One number of the student's beside the oracles'."""

    quantity: str
    subject: str
    """The number as the program's text spells it: "x2.grad"."""
    step: int
    oracles: tuple[str, ...]
    """By whose word: the oracles that the student's number was held against."""
    expected: float
    actual: Number
    actual_type: str
    tolerance: float
    """The largest absolute difference that two right answers may show here."""
    agrees: bool
    epoch: int | None = None
    """Which epoch of a training run, counted from 0."""


@dataclass(frozen=True)
class Edit:
    """A piece of the answer key's text, and what a mutant has in its place."""

    old: str
    new: str


@dataclass(frozen=True)
class BugModel:
    """A mutant with a name, and what a student who made that mistake is told."""

    name: str
    exercise: str
    """Which exercise holds the mistake: "2.B", "Model"."""
    sentence: str
    """What the code does: "`__mul__` overwrites the gradient instead of adding to it."."""
    hint: str
    """Where to look, without the line that mends it."""
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class AnswerKey:
    """Our own correct submission for an assignment, and the mistakes that are known of it."""

    source: Source
    models: tuple[BugModel, ...] = ()
    traversals: tuple[tuple[Edit, ...], ...] = ()
    """Other valid topological orders: where a mistake depends on the order, so do its numbers."""
    equivalent: tuple[tuple[str, str], ...] = ()
    """Mutants that do what the answer key does: the name of each, and the reason."""


@dataclass(frozen=True)
class Finding:
    """Something found that is not a number beside a number; report/wording.py words it."""

    kind: str
    facts: tuple[tuple[str, str], ...] = ()

    def __getitem__(self, name: str) -> str:
        return dict(self.facts)[name]


Problem = Comparison | Finding | Fault

Compare = Callable[[Program, Observation, Answers], Problem | None]
"""Holds an observation of the student's against the oracles' answers: the first problem."""


class Status(StrEnum):
    """What became of a check."""

    PASSED = "passed"
    FAILED = "failed"
    FAULTED = "faulted"
    CREDITED = "credited"
    SKIPPED = "skipped"
    FLAGGED = "flagged"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True)
class Diagnosis:
    """A known mistake that gives exactly the student's wrong numbers."""

    name: str
    sentence: str
    hint: str


@dataclass(frozen=True)
class Evidence:
    """What a page draws of one program: the student's numbers beside the oracles'."""

    program: Program
    by: tuple[str, ...]
    """The oracles whose numbers are kept."""
    student: Observation
    expected: tuple[Observation, ...] = ()
    """For each of them, what it said."""
    problem: Problem | None = None
    """What is wrong with that program, as the submission was run."""


@dataclass(frozen=True)
class Verdict:
    """What one check says of one submission."""

    check: str
    exercise: str
    status: Status
    points: float = 0.0
    out_of: float = 0.0
    problem: Problem | None = None
    program: Program | None = None
    """The smallest program that shows the problem."""
    tried: int = 0
    failed: int = 0
    """How many of the programs tried show a problem."""
    blocked_by: tuple[str, ...] = ()
    """The checks whose failure explains this one."""
    replaced: tuple[str, ...] = ()
    """The parts that were those of the answer key when this was seen; none where it is empty."""
    spared: tuple[str, ...] = ()
    """The parts of which the programs made no use, because they are wrong."""
    diagnosis: tuple[Diagnosis, ...] = ()
    """Every known mistake that explains the problem; several cannot be told apart."""
    disputed: int = 0
    """How many programs were set aside because the oracles disagreed."""
    hidden: bool = False
    """Whether students see no program and no number of the check."""
    evidence: Evidence | None = None
    """The numbers of the shown program, for whoever draws them; no part of documents."""


@dataclass(frozen=True)
class Convention:
    """How a submission does what the assignment leaves open; it costs nothing."""

    name: str
    answer: str


@dataclass(frozen=True)
class Grade:
    """The verdicts on one submission for one assignment, with points."""

    submission: str
    digest: str
    assignment: str
    seed: str
    verdicts: tuple[Verdict, ...]
    points: float
    out_of: float
    conventions: tuple[Convention, ...] = ()
    oracles: tuple[str, ...] = ()
    """Name and version of each oracle that judged."""
    missing_oracles: tuple[str, ...] = ()
    """Each oracle that could not be asked, with the reason."""
    isolation: str = ""
    unreadable: str = ""
    """Why the submission could not be read, or nothing."""
    import_line: str = ""
    """How a program reaches the student's names: an import, or a comment that says how."""

    @property
    def passed(self) -> bool:
        """Whether nothing is left to mend; a flag asks for a look, not for a change."""
        fine = (Status.PASSED, Status.FLAGGED)
        return not self.unreadable and all(v.status in fine for v in self.verdicts)


# --- a class --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Person:
    """Whose submission it is, as the learning system knows them."""

    key: str
    """Unique in a class: an id or a login where there is one, else the name of file or folder."""
    name: str = ""
    email: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    """What the roster says besides, by the header of its column."""


@dataclass(frozen=True)
class Adjustment:
    """Points that a person gave or took, kept apart from the machine's."""

    key: str
    points: float
    reason: str
    by: str


@dataclass(frozen=True)
class Result:
    """What one person of a class gets."""

    person: Person
    grades: tuple[Grade, ...]
    """One for each assignment."""
    adjustments: tuple[Adjustment, ...] = ()
    late: bool = False

    @property
    def points(self) -> float:
        """The machine's points and the adjustments."""
        machine = sum(grade.points for grade in self.grades)
        return machine + sum(change.points for change in self.adjustments)

    @property
    def out_of(self) -> float:
        """The points there are."""
        return sum(grade.out_of for grade in self.grades)


@dataclass(frozen=True)
class RunProgress:
    """How far the grading of a class is."""

    done: int
    total: int
    skipped: int
    """Submissions that were graded already."""
    failed: int
    """Submissions with anything left to mend."""
    flagged: int
    seconds: float
