"""The specimens: fake submissions with the verdicts they must get, in folders or as edits."""

import atexit
import os
import shutil
import tempfile
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from harness.grading.grader import LECTURE
from harness.judging.mutant import mutate
from harness.records.known import Edit

ROOT = Path(__file__).parents[2] / "student_submissions"
SOME = 1 if os.environ.get("ADJUDGE_SEEDS") else 2
"""Unless seeds are asked for, every so many engines of one feature or with one mistake."""
WRITTEN = Path(tempfile.mkdtemp(prefix="specimens"))
"""Where every specimen has a folder, edits written out, for as long as the tests run."""
atexit.register(shutil.rmtree, WRITTEN, ignore_errors=True)


@dataclass(frozen=True)
class Specimen:
    """What was handed in, and what must come of it."""

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


ALONE = "Correct on its own: it passes once `{}` is fixed"
AFTER = "Not judged: mend {} first"


def verdicts_of(stated):
    """The verdict of each check; the credited and the skipped are listed by their reason.

    Those that pass or are credited, as the machine has it, are in `perhaps`.
    """
    of = {"credited": ALONE, "skipped": AFTER}
    listed = {*of, "perhaps"}
    verdicts = {check: verdict for check, verdict in stated.items() if check not in listed}
    perhaps = {"status": "credited", "says": "", "or_passed": True}
    verdicts |= dict.fromkeys(stated.get("perhaps", ()), perhaps)
    for status, sentence in of.items():
        for reason, checks in stated.get(status, {}).items():
            verdicts |= {c: {"status": status, "says": sentence.format(reason)} for c in checks}
    return verdicts


def specimen(name, path, stated, assignments):
    """One specimen, as an expected.toml or an entry of a table states it."""
    verdicts = {key: verdicts_of(value) for key, value in stated.items() if isinstance(value, dict)}
    elsewhere = frozenset(stated.get("elsewhere", ()))
    return Specimen(name, path, stated.get("exercise", ""), assignments, elsewhere, verdicts)


def all_of(kind, file, key, assignments):
    """Every specimen of a folder, and of the table of edits beside it, by name.

    An edit is of the key unless it says of which other specimen it is.
    """
    found, folder = {}, ROOT / kind
    for home in sorted(path for path in folder.iterdir() if path.is_dir()):
        stated = tomllib.loads((home / "expected.toml").read_text(encoding="utf-8"))
        path = (home / stated.get("submission", ".")).resolve()
        if path == home:
            path = Path(shutil.copytree(home, WRITTEN / kind / home.name))
        found[home.name] = specimen(home.name, path, stated, assignments)
    edited = tomllib.loads((ROOT / f"{kind}.toml").read_text(encoding="utf-8"))
    for name, stated in edited.items():
        right = (folder / stated.get("of", key) / file).read_text(encoding="utf-8")
        text = mutate(right, [Edit(**edit) for edit in stated["edits"]])
        home = WRITTEN / kind / name
        home.mkdir(parents=True)
        (home / file).write_text(text, encoding="utf-8")
        found[name] = specimen(name, home, stated, assignments)
    return tuple(found[name] for name in sorted(found))


SPECIMENS = all_of("specimens", "ag.py", "as_the_lecture", LECTURE)
ATTENTION = all_of("attention", "attention.py", "einsum", ("numpy_attention",))
RIGHT = tuple(s for s in SPECIMENS if not s.exercise)
WRONG = tuple(s for s in SPECIMENS if s.exercise)
PATHS = {s.name: s.path for s in (*ATTENTION, *SPECIMENS)}
"""Where each is, by name; the lecture's where homework 3 has one of the same name."""
