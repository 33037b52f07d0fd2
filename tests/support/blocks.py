"""The fenced blocks of the documentation, and a folder with all the files that they speak of."""

import re
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

from support.commands import SECRET
from support.small_class import results_of
from support.specimens import PATHS

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("student_*/*.md")])
FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
NAMED = re.compile(r"`([\w.]+)`:\n\n\Z")
ROSTER = (
    "Student,ID,SIS User ID,SIS Login ID,Section\n"
    "Points Possible,,,,\n"
    '"Ada, Ada",101,s101,ada,A\n"Bob, Bob",102,s102,bob,A\n"Cyc, Cyc",103,s103,cyc,A\n'
)
HANDED_IN = {"adaada_101_9001_ag.py": "as_the_lecture", "bobbob_102_9002_ag.py": "mul_overwrites"}


@dataclass(frozen=True)
class Block:
    """One block: the first line of its text, its language, and the file that it is, if one."""

    line: int
    language: str
    text: str
    file: str


def blocks(page):
    """The blocks of a page in their order."""
    text = page.read_text(encoding="utf-8")
    found = []
    for fence in FENCE.finditer(text):
        named = NAMED.search(text[: fence.start()])
        line = text.count("\n", 0, fence.start()) + 2
        found.append(Block(line, fence[1], fence[2], named[1] if named else ""))
    return found


def files_of(page):
    """The text of each file that a page of the guides shows, by name."""
    shown = blocks(ROOT / "docs" / "guides" / page)
    return {block.file: block.text for block in shown if block.file}


def example_files(room):
    """Puts what the pages call by name into a folder: submissions, a class, results, a seed."""
    codes = {file: (PATHS[name] / "ag.py").read_text("utf-8") for file, name in HANDED_IN.items()}
    results_of(room, codes, ROSTER)
    shutil.move(room / "results.db", room / "other.db")
    shutil.move(room / "class.zip", room / "submissions.zip")
    for file, code in codes.items():
        home = room / "repositories" / file.partition("_")[0]
        home.mkdir(parents=True)
        (home / "ag.py").write_text(code, encoding="utf-8")
    shutil.copytree(room / "repositories" / "adaada", room / "submissions" / "adaada")
    (room / "ag.py").write_text(codes["bobbob_102_9002_ag.py"], encoding="utf-8")
    shutil.copy(ROOT / "student_submissions" / "engines" / "closures.py", room / "engine.py")
    (room / "rubric.toml").write_text("[scalar_autograd.points]\ngradient_mul = 6\n")
    (room / "seed.txt").write_text(SECRET)
    (room / "student_submissions").symlink_to(ROOT / "student_submissions")
    return room


def unpacked(path):
    """The names in an archive."""
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()
