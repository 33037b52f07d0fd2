"""Where in a student's files a check points: the line that stopped, or what the check is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.intake.definitions import definitions
from harness.judging.check import Check
from harness.records.handed_in import Source, Submission
from harness.records.observation import Fault
from harness.records.verdict import Finding, Verdict


@dataclass(frozen=True)
class Place:
    """A line of a file as an editor opens it."""

    file: str
    """A path with forward slashes, from where the command was called or absolute."""
    line: int = 1
    cell: str = ""
    """The cell of a notebook, such as "cell 3", in which the line is counted."""


def places(
    verdicts: tuple[Verdict, ...],
    checks: Mapping[str, Check],
    what: Submission | None,
    path: Path,
    graded: Path,
) -> dict[str, Place]:
    """For each verdict, by its check's name, the line to look at.

    Args:
        verdicts: what was judged.
        checks: the checks by name.
        what: the text that was handed in; None where it could not be read.
        path: where the submission lies, as it was given.
        graded: the file of it that is graded.
    """
    sources = () if what is None else (*what.main, *(source for _, source in what.siblings))
    return {
        verdict.check: _of(verdict, checks.get(verdict.check), sources, path, graded)
        for verdict in verdicts
    }


def _of(
    verdict: Verdict, check: Check | None, sources: tuple[Source, ...], path: Path, graded: Path
) -> Place:
    where, line = _stated(verdict)
    if line > 0 and (where in {source.name for source in sources} or not sources):
        return _placed(where, line, path, graded)
    if check is not None and not verdict.hidden:
        for source in sources:
            defined = definitions(source)
            # The first part of a dotted name may be the module's own.
            spelled = [n for name in check.own or check.names for n in (name, _inside(name))]
            for name in spelled:
                if name in defined:
                    return _placed(source.name, defined[name], path, graded)
    return Place(graded.as_posix())


def _inside(name: str) -> str:
    return name.partition(".")[2]


def _stated(verdict: Verdict) -> tuple[str, int]:
    """The file and the line that a problem names itself; 0 where it names none."""
    found = verdict.problem
    if isinstance(found, Fault):
        return found.where, found.line
    if isinstance(found, Finding):
        facts = dict(found.facts)
        line = facts.get("line", "")
        return facts.get("where", ""), int(line) if line.isdigit() else 0
    return "", 0


def _placed(name: str, line: int, path: Path, graded: Path) -> Place:
    """A line of a source: its file lies at the path, or in the folder that the path is."""
    before, cell, number = name.rpartition("cell ")
    if cell and number.isdigit():
        inside = before.removesuffix(", ")
        whole = path / inside if inside and path.is_dir() else graded
        return Place(whole.as_posix(), line, f"cell {number}")
    if path.is_dir():
        # What is graded may lie in the only folder of a folder; names count from there.
        file = next((p for p in (path / name, graded.parent / name) if p.is_file()), graded)
        return Place(file.as_posix(), line)
    if path.suffix == ".py":
        file = path if Path(name).name == path.name else path.parent / name
        return Place(file.as_posix(), line)
    return Place(path.as_posix(), line)  # a member of an archive, which no editor opens
