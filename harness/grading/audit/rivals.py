"""Other suites on the mutants of an audit: what does the assignment kill that they miss?"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from harness.grading.audit.run import Audit, Fate, Outcome
from harness.judging.judge import Oracles
from harness.judging.mutant import Mutant
from harness.records.dialect import Dialect
from harness.records.engine import Engine
from harness.records.errors import UsageError
from harness.records.known import AnswerKey

SUITES = "adjudge_suites"
"""What a file of rival suites is imported as."""
Suite = Callable[[Engine, Oracles], bool]
"""A rival of the assignment: whether it accepts an engine."""


@dataclass(frozen=True)
class Rival:
    """Another suite on the same mutants, the equivalent ones left out."""

    name: str
    accepts_key: bool
    """Whether it accepts the answer key, as it must."""
    kills: frozenset[str]
    """The names of the mutants that it rejects."""


def suites(path: Path) -> dict[str, Suite]:
    """The suites in a Python file of the instructor's: its dict SUITE.

    The file is trusted: it is run in this process.

    Raises:
        UsageError: there is no such file, or no such dict in it.
    """
    spec = importlib.util.spec_from_file_location(SUITES, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise UsageError(f"{path}: there is no such Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[SUITES] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    found = getattr(module, "SUITE", None)
    if not isinstance(found, dict) or not found:
        raise UsageError(f"{path}: has no dict SUITE of functions that accept or reject an engine")
    return found


def rivals(
    audit: Audit, key: AnswerKey, suites: dict[str, Suite], oracles: Oracles, dialect: Dialect
) -> tuple[Rival, ...]:
    """What other suites make of the mutants of an audit, each run in this process.

    A mutant that cost a worker counts as rejected and is not run: it might hang here as well.
    """
    todo = [outcome for outcome in audit.outcomes if outcome.fate is not Fate.EQUIVALENT]
    return tuple(
        Rival(
            name,
            _accepts(suite, key.source.text, dialect, oracles),
            frozenset(
                outcome.mutant.name
                for outcome in todo
                if outcome.hangs or not _accepts(suite, outcome.mutant.text, dialect, oracles)
            ),
        )
        for name, suite in suites.items()
    )


def missed_by_all(audit: Audit, rivals: tuple[Rival, ...]) -> tuple[Outcome, ...]:
    """The mutants that the assignment kills and no rival does that accepts the answer key."""
    found = frozenset[str]().union(*(rival.kills for rival in rivals if rival.accepts_key))
    return tuple(outcome for outcome in audit.killed if outcome.mutant.name not in found)


def _accepts(suite: Suite, text: str, dialect: Dialect, oracles: Oracles) -> bool:
    """Whether a suite finds nothing wrong; one that stops has found something."""
    try:
        return suite(Mutant("mutant", text, dialect), oracles)
    except Exception:
        return False
