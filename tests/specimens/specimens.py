"""The specimens as they lie on disk: fake submissions with the verdicts they must get."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2] / "student_submissions" / "specimens"


@dataclass(frozen=True)
class Specimen:
    """One folder with an expected.toml."""

    name: str
    path: Path
    exercise: str
    """The exercise that holds the bug; nothing for a right one."""
    elsewhere: frozenset[str]
    """Other exercises in which it costs points too, because more than one thing is wrong."""
    verdicts: dict[str, dict[str, dict[str, object]]] = field(repr=False)
    """By assignment and check, those that do not pass: status, a phrase of the message, and the
    known mistakes that are named."""


def load(folder):
    """Reads one specimen."""
    told = tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))
    verdicts = {key: value for key, value in told.items() if isinstance(value, dict)}
    path = (folder / told.get("submission", ".")).resolve()
    elsewhere = frozenset(told.get("elsewhere", ()))
    return Specimen(folder.name, path, told.get("exercise", ""), elsewhere, verdicts)


SPECIMENS = tuple(load(folder) for folder in sorted(ROOT.iterdir()) if folder.is_dir())
RIGHT = tuple(s for s in SPECIMENS if not s.exercise)
WRONG = tuple(s for s in SPECIMENS if s.exercise)
