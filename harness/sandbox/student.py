"""A student as an engine: a submission in a worker, started afresh after a fault that kills it."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import TracebackType

from harness.judging.check import Check, Limits, library
from harness.programs import replacement, snippet
from harness.programs.extent import extent as extent_of
from harness.records.dialect import Dialect
from harness.records.handed_in import Source, Submission
from harness.records.observation import OVER_TIME, Fault, Observation, Stop
from harness.records.program import Program, Training
from harness.sandbox import wire
from harness.sandbox.compiled import code
from harness.sandbox.launch import Launcher
from harness.sandbox.loads import MOST_RELOADS, Loading
from harness.sandbox.located import Lines
from harness.sandbox.process import Worker

KILLED = Fault("crashed", message="SIGKILL")
"""What a worker that was killed from outside looks like; our own kills are timeouts."""
TOGETHER = 32
"""Programs that travel in one request."""

SHARE = 0.95
"""The share of a submission's total time that its workers may spend; the rest is the judge's."""
MOST_PRINTED = 16
"""How often a submission may print what one program of it may print, all programs together."""


SEARCH = Dialect("search")
"""In the place of a dialect: find out how the module spells an engine, and run no program."""


@dataclass
class Clock:
    """What a submission has used up in workers, all its variants and programs together."""

    spent: float = 0.0
    """Wall-clock seconds."""
    printed: int = 0
    """Bytes."""
    until: float = math.inf
    """The moment, by time.monotonic(), at which whatever runs is stopped."""


@dataclass(frozen=True)
class Setup:
    """What is run, under which names and within which limits."""

    submission: Submission
    limits: Limits
    """What a worker may use."""
    names: tuple[str, ...]
    """The dotted names that the checks ask for, such as "Loss.mse"."""
    dialect: Dialect
    """How the module spells a program."""
    libraries: tuple[str, ...] = ()
    """What it may import besides the standard library and NumPy."""
    unwritten: frozenset[str] = frozenset()
    """The functions that still are the starter's stubs."""
    right: str = ""
    """Python that puts our functions in the place of some of the student's."""


class Student:
    """Runs programs on a submission; an engine and a context manager.

    Args:
        setup: what is run.
        launcher: starts the workers.
        clock: what counts the time; shared by all that run the same submission.
        loading: what is known of how the submission loads; shared like the clock.
    """

    name = "student"
    version = ""

    def __init__(
        self,
        setup: Setup,
        launcher: Launcher,
        clock: Clock | None = None,
        loading: Loading | None = None,
    ) -> None:
        self.submission: Submission = setup.submission
        self.dialect: Dialect = setup.dialect
        self.unwritten: frozenset[str] = setup.unwritten
        self.deaths = 0
        """How many workers a fault has cost."""
        self.facts: dict[str, str] = {}
        """What a search for an engine has found; nothing unless the dialect is SEARCH."""
        self.killed = 0
        """How many workers somebody else has killed."""
        self._setup = setup
        self._lines = Lines(setup.submission, setup.dialect)
        self._launcher = launcher
        self._worker: Worker | None = None
        self._refusal: Fault | None = None
        self._missing: tuple[str, ...] = ()
        self._present: tuple[str, ...] = ()
        self._loaded = False
        self._loading = loading or Loading()
        self._clock = clock or Clock()
        self._one_by_one = False
        self._with: dict[tuple[str, ...], Student] = {}
        self._remembered: dict[Program, Observation] = {}

    def load(self) -> Fault | None:
        """Loads the module unless that is done; the fault that makes every program useless."""
        if not self._loaded:
            self._loaded = True
            self._refusal = self._start()
        return self._refusal

    def start_clock(self) -> None:
        """Counts the total from now on by the clock on the wall, what the judge does included.

        What oracles take is not: see `wait`.
        """
        self._clock.until = time.monotonic() + SHARE * self._setup.limits.total_seconds

    def wait(self, seconds: float) -> None:
        """Lets the clock stand still for what was no doing of the submission's."""
        self._clock.until += seconds

    @property
    def missing(self) -> tuple[str, ...]:
        """The names that were asked for and are not there."""
        self.load()
        return self._missing

    @property
    def present(self) -> tuple[str, ...]:
        """The dotted names that the module defines, where it lacks some that are wanted."""
        self.load()
        return self._present

    @property
    def breaks(self) -> dict[tuple[Check, str], bool]:
        """Which checks the module as handed in fails, each with its seed."""
        return self._loading.breaks

    @property
    def stops(self) -> tuple[Stop, ...]:
        """The statements of the module that stopped when it was first loaded."""
        self.load()
        return self._loading.stops

    @property
    def stopped(self) -> int:
        """How many statements stopped: more than are listed."""
        self.load()
        return self._loading.stopped

    def run(self, program: Program) -> Observation:
        """Runs one program; a fault of the student's is part of the observation.

        A worker that somebody else has killed (the system, short of memory) gets one more try.
        What came of a training run is remembered, which takes longer than all else together, and
        of a program that did not come to its end in time.
        """
        if program in self._remembered:
            return self._remembered[program]
        observed = self._run(program)
        if observed.fault == KILLED:
            self.killed += 1
            observed = self._run(program)
        late = observed.fault is not None and observed.fault.kind in OVER_TIME
        if late or isinstance(program, Training):
            self._remembered[program] = observed
        return observed

    def run_all(self, programs: tuple[Program, ...]) -> Iterator[Observation]:
        """Runs programs in their order; many travel together, until that costs a worker.

        What comes of a program does not depend on its company: where a request for many is not
        answered, its programs are run again one by one.
        """
        at = 0
        while at < len(programs):
            chunk = self._company(programs[at : at + TOGETHER])
            at += len(chunk)
            together = self._run_together(chunk) if len(chunk) > 1 else None
            yield from (map(self.run, chunk) if together is None else together)

    def replaced(self, key: Source, parts: tuple[str, ...]) -> Student:
        """The same submission with some of its parts replaced by those of the answer key.

        Args:
            key: the text of the answer key.
            parts: dotted names, such as "Loss.mse".
        """
        if parts not in self._with:
            setup = replace(
                self._setup,
                right=replacement.replacement(key.text, parts, self.dialect),
                unwritten=self.unwritten - replacement.functions(parts, self.dialect),
            )
            self._with[parts] = Student(setup, self._launcher, self._clock, self._loading)
        return self._with[parts]

    def afresh(self) -> None:
        """Ends the worker, so that the next program meets a new one."""
        self.close()

    def alone(self, programs: tuple[Program, ...]) -> Observation:
        """What comes of the last of some programs in a worker in which nothing ran before them."""
        self.close()
        return [self._run(program) for program in programs][-1]

    def _run(self, program: Program) -> Observation:
        refusal = self.load()
        if refusal is None and self._worker is None:
            refusal = self._start()
            if refusal is not None:
                self.close()
        if refusal is not None:
            return Observation(fault=refusal)
        answers = self._answers((program,))
        if isinstance(answers, Fault):
            return Observation(fault=answers)
        return answers[0]

    def _company(self, programs: tuple[Program, ...]) -> tuple[Program, ...]:
        """The first of the programs, and those behind it that may travel with it."""
        if self._one_by_one or isinstance(programs[0], Training):
            return programs[:1]
        alone = [i for i, program in enumerate(programs) if isinstance(program, Training)]
        return programs[: min(alone, default=len(programs))]

    def _run_together(self, programs: tuple[Program, ...]) -> tuple[Observation, ...] | None:
        """Every observation, or None where the worker did not live to tell them all."""
        if self.load() is not None or (self._worker is None and self._start() is not None):
            return None
        answers = self._answers(programs)
        if isinstance(answers, Fault):
            self._one_by_one = True
            return None
        return answers

    def _answers(self, programs: tuple[Program, ...]) -> tuple[Observation, ...] | Fault:
        codes = [code(snippet.for_worker(program, self.dialect)) for program in programs]
        most = [extent_of(program) for program in programs]
        sizes = [extent.values for extent in most]
        request: dict[str, object] = {"do": "run", "codes": codes, "most": sizes}
        training = isinstance(programs[0], Training)
        seconds = self._setup.limits.training_seconds if training else self._setup.limits.seconds
        longest = min(wire.LARGEST_REPLY, sum(extent.reply_bytes for extent in most))
        reply = self._ask(request, seconds, longest)
        if isinstance(reply, Fault):
            return reply
        fault = self._lines.fault(reply.fault)
        if fault is not None:  # the worker itself stopped: no memory was left for a reply
            self._bury()
            return fault
        try:
            if len(reply.results) != len(programs):
                raise wire.Malformed("as many results as programs were expected")
            return tuple(
                wire.observation(result, self._lines.fault(result.fault, program), each)
                for result, program, each in zip(reply.results, programs, most, strict=True)
            )
        except wire.Malformed as problem:
            self._bury()
            return Fault("malformed", message=str(problem))

    def close(self) -> None:
        """Kills the workers."""
        for other in self._with.values():
            other.close()
        if self._worker is not None:
            self._worker.kill()
            self._worker = None

    def __enter__(self) -> Student:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _start(self) -> Fault | None:
        """Starts a worker and loads the module in it; the fault that makes it useless."""
        loading = self._loading
        with loading.turn:
            if not loading.known:
                refusal = self._started()
                loading.known = True
                if refusal is not None and refusal.kind in OVER_TIME:
                    loading.refusal = refusal
                return refusal
        return loading.refusal or self._started()

    def _started(self) -> Fault | None:
        """The same; again without each statement that ends the process."""
        for _ in range(MOST_RELOADS):
            reply, at = self._load()
            if not isinstance(reply, Fault):
                break
            fault = reply if at is None else self._lines.placed(reply, at)
            if not self._loading.leave_out(at, fault):
                self.deaths += 1
                return reply
        if isinstance(reply, Fault):
            self.deaths += 1
            return reply
        self._missing = tuple(name for name in self._setup.names if name in set(reply.missing))
        self._present = tuple(reply.present)
        if not self._loading.known:
            self._loading.stops += tuple(map(self._lines.stop, reply.stops))
            self._loading.stopped += reply.stopped
        self._loading.skip |= frozenset(reply.skippable)
        self.facts = dict(reply.facts)
        return self._lines.fault(reply.fault)

    def _load(self) -> tuple[wire.Reply | Fault, tuple[int, int, int] | None]:
        """What a fresh worker replies, and the statement that ended it."""
        if self._left <= 0:
            return self._spent(), None
        start = time.monotonic()
        self._worker = worker = self._launcher.worker(
            self._setup.limits.megabytes, self._setup.libraries
        )
        self._clock.spent += time.monotonic() - start
        submission = self.submission
        request: dict[str, object] = {
            "do": "load",
            "module": submission.module,
            "stem": submission.stem,
            "main": [[source.name, source.text] for source in submission.main],
            "siblings": [[name, s.name, s.text] for name, s in submission.siblings],
            "beside": list(submission.beside),
            "prelude": self.dialect.prelude,
            "replacement": self._setup.right,
            "names": list(self._setup.names),
            "skip": sorted(self._loading.skip),
            "library": library(self._setup.libraries),
            "search": self.dialect is SEARCH,
        }
        deaths = self.deaths
        reply = self._ask(request, self._setup.limits.load_seconds, wire.SHORT_REPLY)
        self.deaths = deaths
        return reply, worker.at

    def _ask(self, request: dict[str, object], seconds: int, longest: int) -> wire.Reply | Fault:
        """A reply within what is left of the submission's total time and output, or a fault."""
        assert self._worker is not None, "a worker is started before it is asked"
        left, output = self._left, self._setup.limits.output_megabytes << 20
        if left <= 0:
            return self._spent()
        if self._clock.printed > MOST_PRINTED * output:
            self.close()
            return Fault("output", message=str(MOST_PRINTED * output >> 20))
        start, worker = time.monotonic(), self._worker
        reply = worker.ask(request, seconds, output, longest=longest, left=left)
        self._clock.spent += time.monotonic() - start
        self._clock.printed += worker.request_printed
        if isinstance(reply, Fault):
            self._bury()
            return self._spent() if reply.kind == "budget" else reply
        return reply

    @property
    def _left(self) -> float:
        """Wall-clock seconds that are left of the workers' share of the total."""
        share = SHARE * self._setup.limits.total_seconds
        return min(share - self._clock.spent, self._clock.until - time.monotonic())

    def _spent(self) -> Fault:
        self.close()
        return Fault("budget", message=str(self._setup.limits.total_seconds))

    def _bury(self) -> None:
        self.close()
        self.deaths += 1
