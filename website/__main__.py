"""Write every page of the site into a folder, and make what was built of them whole.

    python -m website pages build/pages && zensical build --strict
    python -m website settle build/site

Beside the files of `docs` these are pages from the root of the checkout and those that are made
from the code. A link to a file that has no page becomes plain text.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from website import reference

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
OUTSIDE = {
    "index.md": "README.md",
    "architecture.md": "ARCHITECTURE.md",
    "changelog.md": "CHANGELOG.md",
    "contributing.md": "CONTRIBUTING.md",
}
"""Pages of the site, and the file each is made from."""
LEFT_OUT = ("package.md",)
LINK = re.compile(r"\]\(([^)\s#]+)(#[^)\s]*)?\)")
FETCHED = "https://unpkg.com/iframe-worker/shim"
INDEXES = {"decisions/README.md": "decisions/index.md"}


def write(to: Path) -> None:
    """Writes all pages into a folder that is made anew."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(DOCS, to, ignore=shutil.ignore_patterns(*LEFT_OUT))
    for old, new in INDEXES.items():
        (to / old).rename(to / new)
    texts = {p.relative_to(to).as_posix(): p.read_text("utf-8") for p in to.rglob("*.md")}
    homes = {page: (DOCS / _source(page)).parent for page in texts}
    for page, name in OUTSIDE.items():
        texts[page] = (ROOT / name).read_text("utf-8").replace('<img src="docs/', '<img src="')
        homes[page] = ROOT
    for page, text in texts.items():
        texts[page] = _led(text, page, homes[page])
    for page, text in {**texts, **reference.pages()}.items():
        (to / page).write_text(text, encoding="utf-8")


def _source(page: str) -> str:
    return next((old for old, new in INDEXES.items() if new == page), page)


def _led(text: str, page: str, home: Path) -> str:
    """Leads each link of a page to the page of the file that it names."""
    pages = {ROOT / name: at for at, name in OUTSIDE.items()}

    def led(found: re.Match[str]) -> str:
        target, anchor = found[1], found[2] or ""
        if "://" in target or target.startswith("mailto:"):
            return found[0]
        path = (home / target).resolve()
        inside = path.is_relative_to(DOCS) and path.name not in LEFT_OUT
        if path in pages:
            to = pages[path]
        elif inside:
            to = path.relative_to(DOCS).as_posix()
            to = INDEXES.get(to, to)
        else:
            return "]"
        return f"]({'../' * page.count('/')}{to}{anchor})"

    return LINK.sub(led, text)


def settle(site: Path) -> None:
    """Puts the one script that pages would fetch beside them: the search works from a disk."""
    script = site / "assets" / "shim.js"
    shutil.copy(Path(__file__).with_name("shim.js"), script)
    for page in site.rglob("*.html"):
        up = "../" * (len(page.relative_to(site).parts) - 1)
        text = page.read_text(encoding="utf-8")
        page.write_text(text.replace(FETCHED, f"{up}assets/shim.js"), encoding="utf-8")


if __name__ == "__main__":
    {"pages": write, "settle": settle}[sys.argv[1]](Path(sys.argv[2]))
