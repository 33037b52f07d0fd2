"""Oracles take time of their own, which is no submission's: its clock stands still meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from weakref import WeakMethod

from harness.judging.judge import Oracles
from harness.records.observation import Observation
from harness.records.program import Program


def weakly(waited: Callable[[float], None]) -> Callable[[float], None]:
    """A method that keeps nobody alive: what is remembered of oracles outlives a submission."""
    method = WeakMethod(waited)

    def tell(seconds: float) -> None:
        if (alive := method()) is not None:
            alive(seconds)

    return tell


@dataclass(frozen=True)
class Untimed:
    """Oracles for whose answers whoever is judged does not pay with its time."""

    oracles: Oracles
    waited: Callable[[float], None] = field(compare=False)
    """Called with the seconds that an answer took; what is remembered of the oracles' answers is
    the same whoever waited."""

    @contextmanager
    def _apart(self) -> Iterator[None]:
        start = time.monotonic()
        try:
            yield
        finally:
            self.waited(time.monotonic() - start)

    def prepare(self, programs: tuple[Program, ...]) -> None:
        """Asks for many programs at once, where an oracle is faster so."""
        with self._apart():
            self.oracles.prepare(programs)

    def expected(self, program: Program) -> tuple[Observation, ...]:
        """Each oracle's observation of a program.

        Raises:
            Disputed: the oracles disagree.
        """
        with self._apart():
            return self.oracles.expected(program)

    def by(self, program: Program) -> tuple[str, ...]:
        """The names of those oracles, in the same order."""
        return self.oracles.by(program)
