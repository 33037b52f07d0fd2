"""What a check says of a submission, and the grade that verdicts make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from harness.records.dialect import BARE, Dialect
from harness.records.engine import Answers
from harness.records.observation import Fault, Number, Observation
from harness.records.program import Program


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
class Finding:
    """Something found that is not a number beside a number."""

    kind: str
    """What reports and assignments have a sentence for."""
    facts: tuple[tuple[str, str], ...] = ()
    sentence: str = ""
    """The assignment's own words for it, in which {fact} stands for a fact."""

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
    NOTED = "noted"
    ABSENT = "absent"


WRONG = (Status.FAILED, Status.FAULTED)
"""What is wrong as it stands."""
BROKEN = (*WRONG, Status.SKIPPED)
"""What takes points."""
RIGHT = tuple(status for status in Status if status not in BROKEN)
"""What takes none."""
RAISED = (Status.FLAGGED, Status.NOTED)
"""What asks for a look and never changes a mark."""


@dataclass(frozen=True)
class Diagnosis:
    """A known mistake that gives exactly the student's wrong numbers."""

    name: str
    sentence: str
    hint: str
    where: str = ""
    """Where the part that it names begins, as "mine.py:43 in __mul__"; or nothing."""


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
    dialect: Dialect = BARE
    """How the submission spells it."""


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
    visibility: str = "always"
    """When a student sees it at all: always, after_due, after_published or never."""
    parts: tuple[str, ...] = ()
    """The replaced or spared parts as a student calls them."""
    evidence: Evidence | None = None
    """The numbers of the shown program, for whoever draws them; no part of documents."""
    before: tuple[Program, ...] = ()
    """Programs that must run before `program` in the same process, for it to show the problem."""
    keeps_state: bool = False
    """Whether `program` passes where nothing ran before it."""
    steady: bool = True
    """Whether two runs of `program` alone give the same number."""


@dataclass(frozen=True)
class Convention:
    """How a submission does what the assignment leaves open; it costs nothing."""

    name: str
    answer: str
    """A word that a report has a sentence for, or that the sentence explains."""
    sentence: str = ""
    """The assignment's own words for it."""


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
    dialect: Dialect = BARE
    """How the submission spells a program."""
    withheld: int = 0
    """Checks that count and that the reader may not see yet, or never."""

    @property
    def passed(self) -> bool:
        """Whether nothing is left to mend; flags and notes ask for a look, not for a change.

        What is absent is left to mend where it costs points.
        """
        fine = (Status.PASSED, *RAISED)
        free = [v for v in self.verdicts if v.status is Status.ABSENT and not v.out_of]
        return not self.unreadable and all(v.status in fine or v in free for v in self.verdicts)
