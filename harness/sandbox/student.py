"""A student as an engine: a submission in a worker, started afresh after a fault that kills it."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import TracebackType

from harness.judging.check import Limits, library
from harness.programs import replacement, snippet
from harness.programs.extent import extent
from harness.records.dialect import Dialect
from harness.records.handed_in import Source, Submission
from harness.records.observation import Fault, Observation, Stop, TraceLine
from harness.records.program import Program, Training
from harness.sandbox import wire
from harness.sandbox.launch import Launcher
from harness.sandbox.loads import MOST_RELOADS, Loading
from harness.sandbox.process import Worker

KILLED = Fault("crashed", message="SIGKILL")
"""What a worker that was killed from outside looks like; our own kills are timeouts."""
TOGETHER = 16
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


class Student:
    """Runs programs on a submission; an engine and a context manager.

    Args:
        submission: what was handed in.
        launcher: starts the workers.
        limits: what a worker may use.
        names: the dotted names that the checks ask for, such as "Loss.mse".
        dialect: how the module spells a program.
        right: Python that puts our functions in the place of some of the student's.
        unwritten: the functions that still are the starter's stubs.
        clock: what counts the time; shared by all that run the same submission.
        loading: what is known of how the submission loads; shared like the clock.
    """

    name = "student"
    version = ""

    def __init__(
        self,
        submission: Submission,
        launcher: Launcher,
        limits: Limits,
        names: tuple[str, ...],
        dialect: Dialect,
        right: str = "",
        unwritten: frozenset[str] = frozenset(),
        clock: Clock | None = None,
        loading: Loading | None = None,
        *,
        libraries: tuple[str, ...] = (),
    ) -> None:
        self.submission = submission
        self.dialect = dialect
        """How the module spells a program."""
        self.unwritten = unwritten
        """The functions that still are the starter's stubs."""
        self.deaths = 0
        """How many workers a fault has cost."""
        self.facts: dict[str, str] = {}
        """What a search for an engine has found; nothing unless the dialect is SEARCH."""
        self.killed = 0
        """How many workers somebody else has killed."""
        self._launcher = launcher
        self._limits = limits
        self._names = names
        self._worker: Worker | None = None
        self._refusal: Fault | None = None
        self._libraries = libraries
        self._missing: tuple[str, ...] = ()
        self._present: tuple[str, ...] = ()
        self._loaded = False
        self._loading = loading or Loading()
        self._right = right
        self._clock = clock or Clock()
        self._one_by_one = False
        self._with: dict[tuple[str, ...], Student] = {}
        self._trained: dict[Program, Observation] = {}

    def load(self) -> Fault | None:
        """Loads the module unless that is done; the fault that makes every program useless."""
        if not self._loaded:
            self._loaded = True
            self._refusal = self._start()
        return self._refusal

    def start_clock(self) -> None:
        """Counts the total from now on by the clock on the wall, what the judge does included."""
        self._clock.until = time.monotonic() + SHARE * self._limits.total_seconds

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
        What came of a training run is remembered: it takes longer than all else together.
        """
        if program in self._trained:
            return self._trained[program]
        seen = self._run(program)
        if seen.fault == KILLED:
            self.killed += 1
            seen = self._run(program)
        if isinstance(program, Training):
            self._trained[program] = seen
        return seen

    def run_all(self, programs: tuple[Program, ...]) -> Iterator[Observation]:
        """Runs programs in their order; many travel together, until that costs a worker.

        What comes of a program does not depend on its company: where a request for many is not
        answered, its programs are run again one by one.
        """
        at = 0
        while at < len(programs):
            chunk = self._company(programs[at : at + TOGETHER])
            at += len(chunk)
            seen = self._run_together(chunk) if len(chunk) > 1 else None
            yield from seen if seen is not None else (self.run(program) for program in chunk)

    def replaced(self, key: Source, parts: tuple[str, ...]) -> Student:
        """The same submission with some of its parts replaced by those of the answer key.

        Args:
            key: the text of the answer key.
            parts: dotted names, such as "Loss.mse".
        """
        if parts not in self._with:
            self._with[parts] = Student(
                self.submission,
                self._launcher,
                self._limits,
                self._names,
                self.dialect,
                replacement.replacement(key.text, parts, self.dialect),
                self.unwritten - replacement.functions(parts, self.dialect),
                self._clock,
                self._loading,
                libraries=self._libraries,
            )
        return self._with[parts]

    def afresh(self) -> None:
        """Ends the worker, so that the next program meets a new one."""
        self.close()

    def _run(self, program: Program) -> Observation:
        refusal = self.load()
        if refusal is None and self._worker is None:
            refusal = self._start()
            if refusal is not None:
                self.close()
        if refusal is not None:
            return Observation(fault=refusal)
        seen = self._answers((program,))
        if isinstance(seen, Fault):
            return Observation(fault=seen)
        return seen[0]

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
        seen = self._answers(programs)
        if isinstance(seen, Fault):
            self._one_by_one = True
            return None
        return seen

    def _answers(self, programs: tuple[Program, ...]) -> tuple[Observation, ...] | Fault:
        codes = [wire.code(snippet.for_worker(program, self.dialect)) for program in programs]
        most = [extent(program) for program in programs]
        sizes = [one.values for one in most]
        request: dict[str, object] = {"do": "run", "codes": codes, "most": sizes}
        training = isinstance(programs[0], Training)
        seconds = self._limits.training_seconds if training else self._limits.seconds
        longest = min(wire.LARGEST_REPLY, sum(one.reply_bytes for one in most))
        reply = self._ask(request, seconds, longest)
        if isinstance(reply, Fault):
            return reply
        fault = self._fault(reply.fault, None)
        if fault is not None:  # the worker itself stopped: no memory was left for a reply
            self._bury()
            return fault
        try:
            if len(reply.results) != len(programs):
                raise wire.Malformed("as many results as programs were expected")
            return tuple(
                wire.observation(result, self._fault(result.fault, program), each)
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
                if refusal is not None and refusal.kind in ("timeout", "waited"):
                    loading.refusal = refusal
                return refusal
        return loading.refusal or self._started()

    def _started(self) -> Fault | None:
        """The same; again without each statement that ends the process."""
        for _ in range(MOST_RELOADS):
            reply, at = self._load()
            if not isinstance(reply, Fault):
                break
            fault = reply if at is None else self._placed(reply, at)
            if not self._loading.leave_out(at, fault):
                self.deaths += 1
                return reply
        if isinstance(reply, Fault):
            self.deaths += 1
            return reply
        self._missing = tuple(name for name in self._names if name in set(reply.missing))
        self._present = tuple(reply.present)
        if not self._loading.known:
            self._loading.stops += tuple(self._stop(told) for told in reply.stops)
            self._loading.stopped += reply.stopped
        self._loading.skip |= frozenset(reply.skippable)
        self.facts = dict(reply.facts)
        return self._fault(reply.fault, None)

    def _load(self) -> tuple[wire.Reply | Fault, tuple[int, int, int] | None]:
        """What a fresh worker replies, and the statement that ended it."""
        if self._left <= 0:
            return self._spent(), None
        start = time.monotonic()
        self._worker = worker = self._launcher.worker(self._limits.megabytes, self._libraries)
        self._clock.spent += time.monotonic() - start
        submission = self.submission
        request: dict[str, object] = {
            "do": "load",
            "module": submission.module,
            "main": [[source.name, source.text] for source in submission.main],
            "siblings": [[name, s.name, s.text] for name, s in submission.siblings],
            "beside": list(submission.beside),
            "prelude": self.dialect.prelude,
            "replacement": self._right,
            "names": list(self._names),
            "skip": sorted(self._loading.skip),
            "library": library(self._libraries),
            "search": self.dialect is SEARCH,
        }
        deaths = self.deaths
        reply = self._ask(request, self._limits.load_seconds, wire.SHORT_REPLY)
        self.deaths = deaths
        return reply, worker.at

    def _placed(self, fault: Fault, at: tuple[int, int, int]) -> Fault:
        """How a process ended, with the place of the statement that ended it."""
        _, part, line = at
        if part >= len(self.submission.main):
            return fault
        where = self.submission.main[part].name
        return replace(fault, where=where, line=line, text=self._line(where, line))

    def _stop(self, told: wire.StopReply) -> Stop:
        fault = self._fault(told.fault, None)
        assert fault is not None, "a stop has a fault"
        return Stop(fault, tuple(told.binds))

    def _ask(self, request: dict[str, object], seconds: int, longest: int) -> wire.Reply | Fault:
        """A reply within what is left of the submission's total time and output, or a fault."""
        assert self._worker is not None, "a worker is started before it is asked"
        left, output = self._left, self._limits.output_megabytes << 20
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
        share = SHARE * self._limits.total_seconds
        return min(share - self._clock.spent, self._clock.until - time.monotonic())

    def _spent(self) -> Fault:
        self.close()
        return Fault("budget", message=str(self._limits.total_seconds))

    def _bury(self) -> None:
        self.close()
        self.deaths += 1

    def _fault(self, told: wire.FaultReply | None, program: Program | None) -> Fault | None:
        """The fault that a worker told, with the text of its line."""
        if told is None:
            return None
        fault = Fault(
            told.kind,
            told.exception,
            told.message,
            told.where,
            told.line,
            column=max(0, told.column - self._indent(told.where, told.line)) if told.column else 0,
        )
        lines = (
            TraceLine(at.where, at.line, at.function, self._line(at.where, at.line))
            for at in told.trace
        )
        fault = replace(fault, trace=tuple(line for line in lines if line.text))
        if fault.where == "program" and program is not None:
            return replace(fault, text=snippet.line_at(program, self.dialect, fault.line))
        return replace(fault, text=self._line(fault.where, fault.line))

    def _indent(self, where: str, number: int) -> int:
        """Blanks before the text of a line, which faults are told without."""
        line = self._whole_line(where, number)
        return len(line) - len(line.lstrip())

    def _line(self, where: str, number: int) -> str:
        return self._whole_line(where, number).strip()

    def _whole_line(self, where: str, number: int) -> str:
        sources: list[Source] = [*self.submission.main, *(s for _, s in self.submission.siblings)]
        for source in sources:
            if source.name == where and 0 < number <= len(source.lines):
                return source.lines[number - 1]
        return ""
