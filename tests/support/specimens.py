"""The specimens: fake submissions with the verdicts they must get, in folders or as edits."""

import atexit
import shutil
import tempfile
import tomllib
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from harness.grading.grader import LECTURE
from harness.judging.check import find
from harness.judging.mutant import mutate
from harness.records.known import Edit

ROOT = Path(__file__).parents[2] / "student_submissions"
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


SENTENCES = {
    "credited": ("credited", "Correct on its own: it passes once `{}` is fixed"),
    "skipped": ("skipped", "Not judged: mend {} first"),
    "unwritten": ("failed", "Not written yet: {}"),
    "missing": ("failed", "Missing from the module: {}"),
}
"""The status of checks that are listed by their reason, and what is said of them."""
FACTS = {"story", "exercise", "elsewhere", "of", "edits", "files", "submission", "perhaps"}
FACTS |= SENTENCES.keys()
"""What is stated of a specimen beside its checks."""


def verdicts_of(stated, assignments):
    """By assignment and check, the verdicts that do not pass.

    Of the listed checks, `gradient_*` means all that begin so and are not named anywhere. Those
    that pass or are credited, as the machine has it, are in `perhaps`.
    """
    homes = {check.name: name for name in assignments for check in find(name).checks}
    told = {check: verdict for check, verdict in stated.items() if check not in FACTS}
    perhaps = {"status": "credited", "says": "", "or_passed": True}
    lists = [(stated.get("perhaps", ()), perhaps)]
    for kind, (status, sentence) in SENTENCES.items():
        for reason, checks in stated.get(kind, {}).items():
            says = sentence.format(reason)
            if " and " in reason:
                says = says.replace(" and ", "` and `").replace(" is ", " are ")
            lists.append((checks, {"status": status, "says": says}))
    named = {*told, *(check for checks, _ in lists for check in checks)}
    for checks, verdict in lists:
        for check in checks:
            alike = [c for c in homes if fnmatch(c, check) and c not in named]
            told |= dict.fromkeys(alike if "*" in check else [check], verdict)
    verdicts = {}
    for check, verdict in told.items():
        verdicts.setdefault(homes[check], {})[check] = verdict
    return verdicts


def specimen(name, path, stated, assignments):
    """One specimen, as an expected.toml or an entry of a table states it."""
    verdicts = verdicts_of(stated, assignments)
    elsewhere = frozenset(stated.get("elsewhere", ()))
    return Specimen(name, path, stated.get("exercise", ""), assignments, elsewhere, verdicts)


def edited(text, edits):
    """A text with each edit made, one after the other.

    What an edit replaces goes on `until` something where it says so, or until the end (""), and
    stands there once, or `everywhere`.
    """
    for edit in edits:
        old = edit["old"]
        if "until" in edit:
            start = text.index(old)
            end = text.index(edit["until"], start) if edit["until"] else len(text)
            old = text[start:end]
        if edit.get("everywhere"):
            assert old in text
            text = text.replace(old, edit["new"])
        else:
            text = mutate(text, [Edit(old, edit["new"])])
    return text


def engines_of(table):
    """The engines of a table of edits, by the name of what each is an edit of and its own."""
    styles = tomllib.loads((ROOT / table).read_text(encoding="utf-8")).items()
    return {f"{of}_{name}": {**row, "of": of} for of, rows in styles for name, row in rows.items()}


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
    for name, stated in tomllib.loads((ROOT / f"{kind}.toml").read_text(encoding="utf-8")).items():
        right = (found[stated.get("of", key)].path / file).read_text(encoding="utf-8")
        home = WRITTEN / kind / name
        home.mkdir(parents=True)
        for each, edits in stated.get("files", {file: stated.get("edits")}).items():
            (home / each).write_text(edited(right, edits), encoding="utf-8")
        found[name] = specimen(name, home, stated, assignments)
    return tuple(found[name] for name in sorted(found))


SPECIMENS = all_of("specimens", "ag.py", "as_the_lecture", LECTURE)
ATTENTION = all_of("attention", "attention.py", "einsum", ("numpy_attention",))
RIGHT = tuple(s for s in SPECIMENS if not s.exercise)
WRONG = tuple(s for s in SPECIMENS if s.exercise)
PATHS = {s.name: s.path for s in (*ATTENTION, *SPECIMENS)}
"""Where each is, by name; the lecture's where homework 3 has one of the same name."""
FREE = ("passed", "noted")
"""A line of a notebook that stops is noted and costs nothing; tests/sandbox holds what is noted."""


def costs(specimen, grades):
    """Whether it loses in its own exercise, and nowhere else but where it says so."""
    lost = {v.exercise for grade in grades for v in grade.verdicts if v.points < v.out_of}
    return lost - specimen.elsewhere == {specimen.exercise} - {""}
