"""Writes pages and pictures of them for a person to look at.

    python tests/browser/screenshots.py FOLDER [SPECIMEN ...]

By default the five specimens whose pages say most, in light, in dark and at the width of a phone.
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from harness.assignment import find
from harness.batch import LECTURE, Grader
from harness.grade import told
from harness.model import Person, Result
from harness.report import page

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
ROOT = Path(__file__).parents[2]
TELLING = ("order_preorder", "mul_overwrites", "relu_always_passes", "mse_half", "answer_key")
VIEWS = {"light": ("light", 1100), "dark": ("dark", 1100), "phone": ("light", 360)}


def write(folder: Path, names: tuple[str, ...]) -> list[Path]:
    """A page for each specimen."""
    folder.mkdir(parents=True, exist_ok=True)
    assignments = [find(name) for name in LECTURE]
    titles = {check.name: check.title for chosen in assignments for check in chosen.checks}
    pages = []
    with Grader() as grader:
        for name in names:
            own = ROOT / "student_submissions" / "specimens" / name
            path = ROOT / "reference_impls" / "answer_key.py" if name == "answer_key" else own
            grades = tuple(told(grader.grade(path, a), a.feedback) for a in assignments)
            pages.append(folder / f"{name}.html")
            pages[-1].write_text(page.student(Result(Person(path.name), grades), titles), "utf-8")
    return pages


def photograph(pages: list[Path]) -> None:
    """A picture of each page in each view, beside it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(FLAGS))
        for path in pages:
            for view, (scheme, width) in VIEWS.items():
                context = browser.new_context(
                    viewport={"width": width, "height": 900}, color_scheme=scheme
                )
                shown = context.new_page()
                shown.goto(path.resolve().as_uri())
                shown.screenshot(path=path.with_name(f"{path.stem}-{view}.png"), full_page=True)
                context.close()
        browser.close()


if __name__ == "__main__":
    photograph(write(Path(sys.argv[1]), tuple(sys.argv[2:]) or TELLING))
