"""What runs a program, and what a comparison may ask of the oracles."""

from __future__ import annotations

from typing import Protocol

from harness.records.observation import Observation
from harness.records.program import Program


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
    """What a comparison may ask of the oracles; harness.oracles.load has the real one."""

    def expected(self, program: Program) -> tuple[Observation, ...]:
        """Each oracle's observation of a program.

        Raises:
            Disputed: the oracles disagree.
        """

    def by(self, program: Program) -> tuple[str, ...]:
        """The names of those oracles, in the same order."""
