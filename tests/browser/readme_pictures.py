"""Makes the two pictures of the README: python tests/browser/readme_pictures.py."""

import io
import sys
from pathlib import Path

from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a script, or imported

from browser.screenshots import ROOT, TELLING, browsing, class_of, graded, titles
from harness.report.pages import class_page, page

FOLDER = ROOT / "docs" / "pictures"
COLOURS = 128
"""A page has few colours; a palette of them makes a picture four times smaller."""
STUDENT = ("student.png", "section:has(.graph)", {"width": 760, "height": 900})
CLASS = ("class.png", ".map", {"width": 1100, "height": 520})


def main() -> None:
    """Grades specimens, opens their pages and cuts the pictures out."""
    FOLDER.mkdir(exist_ok=True)
    wrong = graded(("mul_overwrites",))[0]
    others = graded((*TELLING, "relu_leaky", "add_overwrites", "forward_no_b2"))
    pages = (
        (STUDENT, page.student(wrong, titles())),
        (CLASS, class_page.written(class_of(others, 60), class_page.Frame(titles()))),
    )
    with browsing() as browser:
        for (name, part, viewport), text in pages:
            shown = browser.new_page(viewport=viewport)
            shown.set_content(text)
            picture = Image.open(io.BytesIO(shown.locator(part).first.screenshot()))
            picture.convert("RGB").quantize(COLOURS).save(FOLDER / name, optimize=True)


if __name__ == "__main__":
    main()
