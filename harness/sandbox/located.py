"""Faults as a worker tells them, with the place and the text of the line that each is about."""

from __future__ import annotations

from dataclasses import dataclass, replace

from harness.programs import snippet
from harness.records.dialect import Dialect
from harness.records.handed_in import Submission
from harness.records.observation import Fault, Stop, TraceLine
from harness.records.program import Program
from harness.sandbox import wire


@dataclass(frozen=True)
class Lines:
    """The lines of a submission, and those of the programs that it runs."""

    submission: Submission
    dialect: Dialect
    """How the submission spells a program."""

    def fault(self, reply: wire.FaultReply | None, program: Program | None = None) -> Fault | None:
        """The fault that a worker tells, with the text of its line; None where it tells none.

        Args:
            reply: what the worker says.
            program: which program was run, if one was.
        """
        if reply is None:
            return None
        column = reply.column - self._indent(reply.where, reply.line) if reply.column else 0
        lines = (
            TraceLine(at.where, at.line, at.function, self._text(at.where, at.line))
            for at in reply.trace
        )
        return Fault(
            reply.kind,
            reply.exception,
            reply.message,
            reply.where,
            reply.line,
            self._shown(reply.where, reply.line, program),
            max(0, column),
            tuple(line for line in lines if line.text),
        )

    def stop(self, reply: wire.StopReply) -> Stop:
        """The statement that stopped while the module was loaded."""
        fault = self.fault(reply.fault)
        assert fault is not None, "a stop has a fault"
        return Stop(fault, tuple(reply.binds))

    def placed(self, fault: Fault, at: tuple[int, int, int]) -> Fault:
        """How a process ended, with the place of the statement that ended it.

        Args:
            fault: how it ended.
            at: the statement's number, its part of the main module and its line.
        """
        _, part, line = at
        if part >= len(self.submission.main):
            return fault
        where = self.submission.main[part].name
        return replace(fault, where=where, line=line, text=self._text(where, line))

    def _shown(self, where: str, line: int, program: Program | None) -> str:
        if where == "program" and program is not None:
            return snippet.line_at(program, self.dialect, line)
        return self._text(where, line)

    def _indent(self, where: str, number: int) -> int:
        """Blanks before the text of a line, which faults are told without."""
        line = self._whole(where, number)
        return len(line) - len(line.lstrip())

    def _text(self, where: str, number: int) -> str:
        return self._whole(where, number).strip()

    def _whole(self, where: str, number: int) -> str:
        for source in (*self.submission.main, *(s for _, s in self.submission.siblings)):
            if source.name == where and 0 < number <= len(source.lines):
                return source.lines[number - 1]
        return ""
