"""Writes pages and pictures of them for a person to look at.

    python tests/browser/screenshots.py FOLDER [SPECIMEN ...]

By default the five specimens whose pages say most, and a class of 200 with all its pages; in light,
in dark and at the width of a phone.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a script, or imported

from harness.grading.grader import LECTURE, Grader
from harness.judging.check import Assignment, find
from harness.judging.grade import within_feedback
from harness.records.people import Person, Result
from harness.report.pages import page
from support.a_class import Roll
from support.specimens import PATHS

FLAGS = (
    *("--no-sandbox", "--no-first-run", "--disable-gpu", "--disable-quic", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ROOT = Path(__file__).parents[2]
TELLING = ("order_preorder", "mul_overwrites", "relu_always_passes", "mse_half", "answer_key")
CLASS = 200
VIEWS = {"light": ("light", 1100), "dark": ("dark", 1100), "phone": ("light", 360)}


def graded(names: tuple[str, ...]) -> tuple[Result, ...]:
    """Specimens with their grades."""
    results = []
    with Grader() as grader:
        for name in names:
            path = PATHS[name]
            grades = tuple(
                within_feedback(grader.grade(path, a), a.feedback) for a in assignments()
            )
            results.append(Result(Person(name), grades))
    return tuple(results)


def assignments() -> tuple[Assignment, ...]:
    """Those of the lecture."""
    return tuple(map(find, LECTURE))


def titles() -> dict[str, str]:
    """For each check, what holds when it passes."""
    return {check.name: check.title for chosen in assignments() for check in chosen.checks}


def write(folder: Path, results: tuple[Result, ...]) -> list[Path]:
    """A page for each result, under the name of what was handed in."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = []
    for result in results:
        pages.append(folder / f"{result.person.key}.html")
        pages[-1].write_text(page.student(result, titles()), "utf-8")
    return pages


def class_of(results: tuple[Result, ...], count: int, *more: Result, **facts: object) -> Roll:
    """A class in which the same results come again and again, each under another name."""
    many = [
        replace(results[k % len(results)], person=Person(f"s{k:04}", f"Student {k:04}"))
        for k in range(count - len(more))
    ]
    return Roll((*many, *more), **facts)


def grade_class(folder: Path, count: int) -> Path:
    """A class as `adjudge grade` grades it and `adjudge report` shows it."""
    archive, results = folder / "class.zip", folder / "class.db"
    for command in (
        [str(ROOT / "tests" / "bench" / "large_class.py"), str(count), str(archive)],
        ["-m", "harness", "grade", str(archive), "-o", str(results)],
        ["-m", "harness", "report", str(results), "-o", str(folder / "class")],
    ):
        subprocess.run([sys.executable, *command], check=True)
    return folder / "class" / "index.html"


@contextmanager
def browsing() -> Iterator[Browser]:
    """The browser, until what is done with it is done."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


def photograph(pages: list[Path]) -> None:
    """A picture of each page in each view, beside it."""
    with browsing() as browser:
        for path, (view, (scheme, width)) in product(pages, VIEWS.items()):
            size = {"width": width, "height": 900}
            shown = browser.new_page(viewport=size, color_scheme=scheme)
            shown.goto(path.resolve().as_uri())
            shown.screenshot(path=path.with_name(f"{path.stem}-{view}.png"), full_page=True)
            shown.close()


if __name__ == "__main__":
    room = Path(sys.argv[1])
    photograph(write(room, graded(tuple(sys.argv[2:]) or TELLING)))
    if not sys.argv[2:]:
        photograph([grade_class(room, CLASS)])
