"""What an assignment is: a table of checks with points, its limits, and its open conventions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib.metadata import (
    EntryPoint,
    EntryPoints,
    PackageNotFoundError,
    distribution,
    entry_points,
)
from pathlib import Path

from harness.judging import own_file
from harness.records.dialect import BARE, Dialect
from harness.records.engine import Answers
from harness.records.errors import UsageError
from harness.records.handed_in import Submission
from harness.records.known import AnswerKey
from harness.records.observation import Observation
from harness.records.program import Call, Program
from harness.records.verdict import Compare


@dataclass(frozen=True)
class Limits:
    """What a worker may use before it is stopped."""

    seconds: int = 2
    """Processor time for one program."""
    training_seconds: int = 20
    load_seconds: int = 20
    total_seconds: int = 120
    """Wall-clock time that a submission may spend in workers, all checks together."""
    megabytes: int = 1024
    """Address space."""
    output_megabytes: int = 8


def library(libraries: tuple[str, ...]) -> str:
    """What graded code may import, as a sentence goes on.

    Args:
        libraries: those that the course allows besides the standard library and NumPy.
    """
    *first, last = ("Python's standard library", "NumPy", *libraries)
    return f"{', '.join(first)} and {last}"


@dataclass(frozen=True)
class Check:
    """One graded property of an assignment."""

    name: str
    exercise: str
    points: float
    title: str
    """What holds when the check passes, as a student would say it."""
    programs: Callable[[str], tuple[Program, ...]]
    """Seed to programs, the simplest first."""
    compare: Compare
    names: tuple[str, ...] = ()
    """The dotted names of the module that the check calls."""
    needs: tuple[str, ...] = ()
    """Checks whose failure explains a failure here."""
    stubs: tuple[str, ...] = ()
    """Functions of the starter that must be written before the check can pass."""
    sparing: Callable[[str, tuple[str, ...]], tuple[Program, ...]] | None = None
    """Seed and parts to programs that make no use of those parts, where there are any."""
    long: Callable[[str], tuple[Program, ...]] | None = None
    """Seed to programs that are too long for every submission: a thorough check adds them."""
    smaller: Callable[[Program], Iterable[Program]] | None = None
    """A program that fails to smaller ones of its kind, the smallest first, where it is a call."""
    own: tuple[str, ...] = ()
    """The parts that the check is about, by dotted name: where they are wrong here, other checks
    are judged with those of the answer key in their place."""
    suspects: tuple[str, ...] = ()
    """Further parts that may be wrong where it fails and no check of theirs does."""
    loads: bool = False
    """Whether it asks that nothing stops while the module is loaded; it has no programs then."""
    hidden: bool = False
    """Whether students see no program and no number of it, only how many programs failed."""
    visibility: str = "always"
    """When a student sees it at all: always, after_due, after_published or never."""
    bonus: bool = False
    """Whether its points come on top of the points there are."""
    drawn_as: str = ""
    """What stands in its seed for its name: checks that have this and `programs` in common are
    judged by the same programs, which are drawn once."""
    absent: str = ""
    """Why there is nothing to judge: "absent" where the module does not have it, "refused" where
    it refuses the operands on purpose, "open" where nobody asks for it; only what is absent may
    cost points."""


def programs_of(check: Check, seed: str) -> tuple[Program, ...]:
    """A check's programs, made once for all submissions and checks that are judged by them."""
    return _made(check.programs, seed)


@lru_cache(maxsize=256)
def _made(programs: Callable[[str], tuple[Program, ...]], seed: str) -> tuple[Program, ...]:
    return programs(seed)


def seed_of(check: Check, assignment: Assignment, seed: str) -> str:
    """What decides the programs of a check under a seed."""
    return f"{seed}/{assignment.name}/{check.drawn_as or check.name}"


def nothing_stops(points: float) -> Check:
    """The check that no statement stops while the module is loaded; a rubric adds it."""
    title = "no statement of the module stops while it is loaded"
    return Check("loads", "Loading", points, title, _no_programs, _no_problem, loads=True)


def _no_programs(seed: str) -> tuple[Program, ...]:
    return ()


def _no_problem(program: Program, actual: Observation, answers: Answers) -> None:
    return None


@dataclass(frozen=True)
class Probe:
    """A program whose outcome the assignment leaves open: reported, and free."""

    name: str
    program: Program
    read: Callable[[Observation], str]
    """The word for what was observed; the assignment's words say what it means."""
    names: tuple[str, ...] = ()
    unless: str = "-"
    """An exception; where a check stops with it, this probe would only repeat or contradict it."""


@dataclass(frozen=True)
class Reverse:
    """By which programs reverse mode is told from other ways to the same gradients."""

    large: Callable[[Dialect], Call]
    """A graph too large for any other way; its arguments state the gradients that it records."""
    sort: Callable[[Dialect], Call]
    """The same graph, sorted and no more."""
    counted: Callable[[Dialect, tuple[int, int]], Call]
    """Records, for each of two sizes, the arithmetic that gradients take in all and that a sort
    takes, how often they sort, and all their steps."""
    sizes: tuple[int, int]
    """The sizes of the counted graphs, which are the steps under which they are recorded."""
    long: tuple[int, int]
    """The sizes by which all steps are counted, where the large graph takes long."""
    nodes: int
    """Nodes of the large graph."""
    needs: tuple[str, ...]
    """The checks that pass where the gradients of small graphs are right."""


@dataclass(frozen=True)
class Assignment:
    """The rubric of one assignment, as data."""

    name: str
    title: str
    checks: tuple[Check, ...]
    limits: Limits = Limits()
    probes: tuple[Probe, ...] = ()
    reverse: Reverse | None = None
    """By which programs reverse mode is known; nothing where gradients are not asked for."""
    foundation: tuple[str, ...] = ()
    """Parts that another assignment is about: where they are wrong, this one costs nothing."""
    rests_on: Assignment | None = None
    """The assignment that is about the foundation: only where one of its checks fails, that is
    replaced."""
    companions: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    """Parts that are replaced with a part where it does not fit without them."""
    groups: tuple[tuple[str, ...], ...] = ()
    """Parts that share what is theirs alone, such as a cache: they are always replaced together."""
    given: frozenset[str] = frozenset()
    """Functions that the starter has: they earn nothing while what they need is not written."""
    words: Mapping[str, str] = field(default_factory=dict, hash=False)
    """A sentence for each kind of finding and each answer of a probe that is the assignment's own;
    in that of a finding {fact} stands for a fact."""
    idle: str = ""
    """A pattern of the lines that the starter has in a function that is still to be written, beside
    `pass`, `...`, `return` and `raise NotImplementedError`."""
    dialect: Dialect = BARE
    """How the answer key, and a module unless its own names were found, spells a program."""
    imports: Callable[[Submission], str] | None = None
    """The line above a program where it depends on a submission's text; else the dialect's."""
    answer_key: AnswerKey | None = None
    """Our own submission; without one nothing is replaced and nothing is diagnosed."""
    strict: bool = False
    """Whether only the submission as it stands earns points."""
    fitted: Callable[[Assignment, Dialect], Assignment] | None = None
    """Its checks for a dialect; nothing where all submissions use the names of the assignment."""
    finds: bool = False
    """Whether the dialect of each submission is found by running it; else `dialect` is declared."""
    dialects: tuple[Dialect, ...] = ()
    """Dialects that may be declared by name."""
    absent_costs: bool = False
    """Whether an operation that a module does not have costs its points."""
    feedback: str = "program"
    """How much a student is told: none, exercise, sentence or program."""
    libraries: tuple[str, ...] = ()
    """Libraries that graded code may import besides the standard library and NumPy."""
    cap: float | None = None
    """What the points, bonus included, are cut at."""
    total: float | None = None
    """What all checks but the bonus are worth together, after scaling; unscaled without it."""
    beside: tuple[str, ...] = ()
    """Files in the folder of an author's own file that it reads; they travel with it."""
    file: Path | None = None
    """The author's own file, set when it is read; None where the assignment is installed."""

    @property
    def active(self) -> tuple[Check, ...]:
        """The checks that are run: those with points."""
        return tuple(check for check in self.checks if check.points > 0)

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that some check or probe asks a module for."""
        asked = [name for check in self.checks for name in check.names]
        asked += [name for probe in self.probes for name in probe.names]
        asked += self.rests_on.names if self.rests_on is not None else ()
        return tuple(dict.fromkeys(asked))

    def counts(self, check: Check) -> bool:
        """Whether a check's points are among the points there are."""
        return not check.absent or (check.absent == "absent" and self.absent_costs)

    def with_points(self, **points: float) -> Assignment:
        """The same assignment with other points; 0 switches a check off.

        Raises:
            UsageError: there is no check of that name.
        """
        unknown = sorted(set(points) - {check.name for check in self.checks})
        if unknown:
            raise UsageError(f'{self.name} has no check named "{unknown[0]}"')
        checks = tuple(replace(c, points=points.get(c.name, c.points)) for c in self.checks)
        return replace(self, checks=checks)

    def thorough(self, times: int) -> Assignment:
        """The same assignment with that many draws of programs instead of one, and long ones."""
        checks = tuple(replace(c, programs=_drawn(c, times), long=None) for c in self.checks)
        return replace(self, checks=checks)


def _drawn(check: Check, times: int) -> Callable[[str], tuple[Program, ...]]:
    """Programs of several seeds that follow from one; what no seed decides is there once."""
    draw, long = check.programs, check.long or _no_programs

    def programs(seed: str) -> tuple[Program, ...]:
        seeds = (seed, *(f"{seed}/{i}" for i in range(1, times)))
        several = dict.fromkeys(program for each in seeds for program in draw(each))
        return (*several, *long(seed))

    return programs


def with_exercise(assignments: Sequence[Assignment], wanted: str) -> tuple[list[Assignment], str]:
    """The assignments that have an exercise or a check of that name, and how they spell it.

    Raises:
        UsageError: none has.
    """
    exercises = {c.exercise: None for chosen in assignments for c in chosen.active}
    checks = {c.name: None for chosen in assignments for c in chosen.active}
    spelled = next((n for n in (*exercises, *checks) if n.lower() == wanted.lower()), None)
    if spelled is None:
        raise UsageError(
            f'there is no exercise or check "{wanted}"; exercises: {", ".join(exercises)}; '
            f"checks: {', '.join(checks)}"
        )
    own = [a for a in assignments if any(spelled in (c.exercise, c.name) for c in a.active)]
    return own, spelled


@cache
def _points(group: str) -> EntryPoints:
    """What the installed packages declare in a group: to find it, each of them is read."""
    return entry_points(group=group)


def _point(group: str, name: str) -> EntryPoint | None:
    """What stands under a name in a group; what adjudge itself declares is found first."""
    try:
        own = distribution("adjudge").entry_points.select(group=group, name=name)
    except PackageNotFoundError:  # a checkout that is not installed
        own = EntryPoints()
    return next(iter(own or _points(group).select(name=name)), None)


def available() -> tuple[str, ...]:
    """The names of the assignments that are installed."""
    return tuple(sorted(_points("adjudge.assignments").names))


def find(name: str) -> Assignment:
    """The assignment of that name, or the one in an instructor's own file, by its path.

    Raises:
        UsageError: there is none.
    """
    if name.endswith(".py"):
        return own_file.load(Path(name).resolve())
    found = _installed(name)
    if found is None:
        raise UsageError(f'there is no assignment "{name}"; installed: {", ".join(available())}')
    return found


@cache
def _installed(name: str) -> Assignment | None:
    """The installed assignment of that name, looked up once: a class asks for each submission."""
    point = _point("adjudge.assignments", name)
    if point is None:
        return None
    found = point.load()
    assert isinstance(found, Assignment), f"{point.value} is not an Assignment"
    return replace(found, answer_key=found.answer_key or _answer_key(name))


def _answer_key(name: str) -> AnswerKey | None:
    """The answer key that is registered under an assignment's name, if any is."""
    point = _point("adjudge.answer_keys", name)
    if point is None:
        return None
    found = point.load()
    assert isinstance(found, AnswerKey), f"{point.value} is not an AnswerKey"
    return found
