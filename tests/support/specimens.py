"""The specimens as they lie on disk: fake submissions with the verdicts they must get."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from harness.grading.grader import LECTURE

ROOT = Path(__file__).parents[2] / "student_submissions" / "specimens"
HOMEWORK = ROOT.with_name("attention")


@dataclass(frozen=True)
class Specimen:
    """One folder with an expected.toml."""

    name: str
    path: Path
    exercise: str
    """The exercise that holds the bug; nothing for a right one."""
    assignments: tuple[str, ...]
    elsewhere: frozenset[str]
    """Other exercises in which it costs points too, because more than one thing is wrong."""
    verdicts: dict[str, dict[str, dict[str, object]]] = field(repr=False)
    """By assignment and check, those that do not pass: status, a phrase of the message, and the
    known mistakes that are named."""


def load(folder, assignments):
    """Reads one specimen of some assignments."""
    told = tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))
    verdicts = {key: value for key, value in told.items() if isinstance(value, dict)}
    path = (folder / told.get("submission", ".")).resolve()
    elsewhere = frozenset(told.get("elsewhere", ()))
    exercise = told.get("exercise", "")
    return Specimen(folder.name, path, exercise, assignments, elsewhere, verdicts)


def all_of(root, assignments):
    """Every specimen of a folder."""
    return tuple(load(folder, assignments) for folder in sorted(root.iterdir()) if folder.is_dir())


SPECIMENS = all_of(ROOT, LECTURE)
ATTENTION = all_of(HOMEWORK, ("numpy_attention",))
RIGHT = tuple(s for s in SPECIMENS if not s.exercise)
WRONG = tuple(s for s in SPECIMENS if s.exercise)
