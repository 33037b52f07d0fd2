"""What is known of how a submission loads: found once, shared by all that run it."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

from harness.judging.check import Check
from harness.records.observation import Fault, Stop

MOST_RELOADS = 4
"""How often a module is loaded again without a statement that ended its process."""
SEARCHING = 9_999_999
"""What a worker reports in the place of a statement while it looks for an engine."""
ENDED = ("timeout", "waited", "output", "exited", "crashed", "malformed", "memory")
"""Faults that a statement may have caused which ended the process."""


@dataclass
class Loading:
    """How a submission loads; the first load finds it out, later ones go by it."""

    turn: Lock = field(default_factory=Lock)
    """Held during the first load."""
    known: bool = False
    refusal: Fault | None = None
    """What ended even the first load, where no later one can do better."""
    stops: tuple[Stop, ...] = ()
    """The statements that stopped, in their order."""
    stopped: int = 0
    """How many did: more than are listed."""
    skip: frozenset[int] = frozenset()
    """Statements that later loads leave out, by number."""
    breaks: dict[tuple[Check, str], bool] = field(default_factory=dict)
    """Whether the module as it was handed in fails a check under a seed, where that is known."""

    def leave_out(self, at: tuple[int, int, int] | None, fault: Fault) -> bool:
        """Notes that a statement ended the process; false where it is not known which.

        Args:
            at: its number, its part of the main module and its line.
            fault: how the process ended, with the place of the statement.
        """
        if at is None or fault.kind not in ENDED or at[0] in {*self.skip, SEARCHING}:
            return False
        self.skip |= {at[0]}
        if not self.known:
            self.stops += (Stop(fault),)
            self.stopped += 1
        return True
