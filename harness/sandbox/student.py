"""A student as an engine: a submission in a worker, started afresh after a fault that kills it."""

from __future__ import annotations

import time
from dataclasses import replace
from types import TracebackType

from harness import dialect, snippet
from harness.assignment import Limits
from harness.model import Fault, Observation, Program, Source, Submission, Training
from harness.sandbox import wire
from harness.sandbox.launch import Launcher, Worker

KILLED = Fault("crashed", message="SIGKILL")
"""What a worker that was killed from outside looks like; our own kills are timeouts."""


class Student:
    """Runs programs on a submission; an engine and a context manager.

    Args:
        submission: what was handed in.
        launcher: starts the workers.
        limits: what a worker may use.
        names: the dotted names that the checks ask for, such as "ag.Scalar.backward".
    """

    name = "student"
    version = ""

    def __init__(
        self, submission: Submission, launcher: Launcher, limits: Limits, names: tuple[str, ...]
    ) -> None:
        self.submission = submission
        self.deaths = 0
        """How many workers a fault has cost."""
        self.killed = 0
        """How many workers somebody else has killed."""
        self._launcher = launcher
        self._limits = limits
        self._names = names
        self._worker: Worker | None = None
        self._refusal: Fault | None = None
        self._missing: tuple[str, ...] = ()
        self._stopped_at: Fault | None = None
        self._loaded = False
        self._spent = 0.0

    def load(self) -> Fault | None:
        """Loads the module unless that is done; the fault that makes every program useless."""
        if not self._loaded:
            self._loaded = True
            self._refusal = self._start()
        return self._refusal

    @property
    def missing(self) -> tuple[str, ...]:
        """The names that were asked for and are not there."""
        self.load()
        return self._missing

    @property
    def stopped_at(self) -> Fault | None:
        """Where a notebook's cell stopped, though later cells were run."""
        self.load()
        return self._stopped_at

    def run(self, program: Program) -> Observation:
        """Runs one program; a fault of the student's is part of the observation.

        A worker that somebody else has killed (the system, short of memory) gets one more try.
        """
        seen = self._run(program)
        if seen.fault == KILLED:
            self.killed += 1
            seen = self._run(program)
        return seen

    def afresh(self) -> None:
        """Ends the worker, so that the next program meets a new one."""
        self.close()

    def _run(self, program: Program) -> Observation:
        refusal = self.load()
        if refusal is None and self._worker is None:
            refusal = self._start()
        if refusal is not None:
            return Observation(fault=refusal)
        text = snippet.source(program)
        training = isinstance(program, Training)
        seconds = self._limits.training_seconds if training else self._limits.seconds
        reply = self._ask({"do": "run", "text": text}, seconds)
        if isinstance(reply, Fault):
            return Observation(fault=reply)
        try:
            return wire.observation(reply, self._fault(reply, program))
        except wire.Malformed as problem:
            self._bury()
            return Observation(fault=Fault("malformed", message=str(problem)))

    def close(self) -> None:
        """Kills the worker."""
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
        self._worker = self._launcher.worker(self._limits.megabytes)
        submission = self.submission
        request: dict[str, object] = {
            "do": "load",
            "module": submission.module,
            "main": [[source.name, source.text] for source in submission.main],
            "siblings": [[name, s.name, s.text] for name, s in submission.siblings],
            "prelude": dialect.PRELUDE,
            "names": list(self._names),
        }
        reply = self._ask(request, self._limits.load_seconds)
        if isinstance(reply, Fault):
            return reply
        fault = self._fault(reply, None)
        self._missing = tuple(name for name in self._names if name in set(reply.missing))
        if fault is not None and len(submission.main) == 1:
            return fault
        self._stopped_at = fault
        return None

    def _ask(self, request: dict[str, object], seconds: int) -> wire.Reply | Fault:
        assert self._worker is not None, "a worker is started before it is asked"
        if self._spent > self._limits.total_seconds:
            self.close()
            return Fault("budget", message=str(self._limits.total_seconds))
        start = time.monotonic()
        reply = self._worker.ask(request, seconds, self._limits.output_megabytes << 20)
        self._spent += time.monotonic() - start
        if isinstance(reply, Fault):
            self._bury()
        return reply

    def _bury(self) -> None:
        self.close()
        self.deaths += 1

    def _fault(self, reply: wire.Reply, program: Program | None) -> Fault | None:
        """The fault that a worker told, with the text of its line."""
        told = reply.fault
        if told is None:
            return None
        fault = Fault(told.kind, told.exception, told.message, told.where, told.line)
        if fault.where == "program" and program is not None:
            return replace(fault, text=snippet.line_at(program, fault.line))
        return replace(fault, text=self._line(fault.where, fault.line))

    def _line(self, where: str, number: int) -> str:
        sources: list[Source] = [*self.submission.main, *(s for _, s in self.submission.siblings)]
        for source in sources:
            lines = source.text.splitlines()
            if source.name == where and 0 < number <= len(lines):
                return lines[number - 1].strip()
        return ""
