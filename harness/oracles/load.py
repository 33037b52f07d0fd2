"""Find the oracles that are installed, make them agree, and remember their answers.

Engines are found by the entry point "adjudge.engines", ours included: nothing here names torch
or jax. An oracle that is not installed is not an error; none at all is.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, entry_points, version

from harness.judging.compare import dispute
from harness.records.engine import Engine
from harness.records.errors import Disputed, OracleError
from harness.records.observation import Observation
from harness.records.program import Program


class Oracles:
    """The oracles at hand, with a memory of what they said.

    Args:
        engines: those that can be asked.
        missing: for each that cannot, its name and the reason.
    """

    def __init__(self, engines: tuple[Engine, ...], missing: tuple[str, ...] = ()) -> None:
        if not engines:
            raise OracleError(
                "no oracle can be asked, so nothing can be judged: install one with "
                f'pip install "adjudge[oracles]" ({"; ".join(missing) or "none is registered"})'
            )
        self.engines = engines
        self.missing = missing
        self._said: dict[Program, tuple[Observation, ...]] = {}
        self._answered: dict[Program, tuple[tuple[str, ...], tuple[Observation, ...]]] = {}
        self._disputed: dict[Program, str | None] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the oracles."""
        return tuple(engine.name for engine in self.engines)

    def by(self, program: Program) -> tuple[str, ...]:
        """The names of those who answer for a program."""
        return self._answers(program)[0]

    @property
    def versions(self) -> tuple[str, ...]:
        """The name and version of each oracle."""
        return tuple(f"{engine.name} {engine.version}" for engine in self.engines)

    def prepare(self, programs: Iterable[Program]) -> None:
        """Asks for many programs at once, where an oracle is faster so."""
        new = tuple(dict.fromkeys(p for p in programs if p not in self._said))
        if new:
            columns = [_run_all(engine, new) for engine in self.engines]
            self._said.update(zip(new, zip(*columns, strict=True), strict=True))

    def expected(self, program: Program) -> tuple[Observation, ...]:
        """Each oracle's observation of a program.

        Raises:
            Disputed: they disagree beyond the program's own tolerance.
        """
        names, said = self._answers(program)
        if program not in self._disputed:
            self._disputed[program] = dispute(program, said, names)
        reason = self._disputed[program]
        if reason is not None:
            raise Disputed(reason)
        return said

    def _answers(self, program: Program) -> tuple[tuple[str, ...], tuple[Observation, ...]]:
        """Who answers for a program, and what they say."""
        if program not in self._answered:
            self.prepare([program])
            pairs = answered(self.names, self._said[program])
            names, said = tuple(name for name, _ in pairs), tuple(seen for _, seen in pairs)
            self._answered[program] = names, said
        return self._answered[program]

    def disputes(self) -> dict[Program, str]:
        """Every disagreement met so far, in one sentence each."""
        return {program: why for program, why in self._disputed.items() if why is not None}

    def said(self) -> dict[Program, tuple[Observation, ...]]:
        """Every answer given so far."""
        return dict(self._said)


def answered(
    names: tuple[str, ...], said: tuple[Observation, ...]
) -> tuple[tuple[str, Observation], ...]:
    """Who says anything of a program, and what; all where there is nothing to say.

    An oracle says nothing of a program that has no tape and that it has no line for.
    """
    pairs = tuple(zip(names, said, strict=True))
    return tuple((name, seen) for name, seen in pairs if seen.quantities) or pairs


def installed() -> tuple[str, ...]:
    """The name and version of each oracle that could be loaded, without loading it."""
    found = []
    for point in sorted(entry_points(group="adjudge.engines"), key=lambda p: p.name):
        try:
            found.append(f"{point.name} {version(point.name)}")
        except PackageNotFoundError:
            continue
    return tuple(found)


def load() -> Oracles:
    """Every oracle that is registered and can be imported.

    Raises:
        OracleError: there is none.
    """
    engines: list[Engine] = []
    missing: list[str] = []
    # By name, so that a message always quotes the same oracle first; torch is the course's own.
    for point in sorted(entry_points(group="adjudge.engines"), key=lambda p: p.name, reverse=True):
        try:
            engine = point.load()()
        except ImportError as problem:
            missing.append(f"{point.name}: {problem}")
        else:
            engines.append(engine)
    # torch and jax leave some half a million objects; nobody needs the collector to search them.
    gc.freeze()
    return Oracles(tuple(engines), tuple(missing))


def _run_all(engine: Engine, programs: tuple[Program, ...]) -> tuple[Observation, ...]:
    run_all = getattr(engine, "run_all", None)
    if run_all is not None:
        observations: tuple[Observation, ...] = run_all(programs)
        return observations
    return tuple(engine.run(program) for program in programs)
