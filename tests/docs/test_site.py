"""The documentation as a site: it builds without a warning, has every name, and can be searched."""

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from harness.judging.check import available, find
from website import reference
from website.__main__ import settle

pytestmark = pytest.mark.long
ROOT = Path(__file__).parents[2]
ZENSICAL = str(Path(sys.executable).with_name("zensical"))


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The pages from which the site is built."""
    pages = tmp_path_factory.mktemp("written") / "pages"
    # Whatever another test has said of the path, the module is in this folder.
    path = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "website", "pages", str(pages)]
    subprocess.run(command, check=True, cwd=ROOT, env=path)
    return pages


def built(written, room, spoil=""):
    """Builds the site into a folder; what came of it, and the site."""
    shutil.copy(ROOT / "mkdocs.yml", room)
    pages = shutil.copytree(written, room / "build" / "pages")
    with (pages / "guides" / "reports.md").open("a") as file:
        file.write(spoil)
    command = [ZENSICAL, "build", "--strict", "-f", str(room / "mkdocs.yml")]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=room)
    return done, room / "build" / "site"


@pytest.fixture(scope="module")
def site(written, tmp_path_factory):
    done, folder = built(written, tmp_path_factory.mktemp("site"))
    assert 0 == done.returncode, done.stdout + done.stderr
    settle(folder)
    return folder


def test_a_link_that_leads_nowhere_stops_the_build(written, tmp_path):
    done, _ = built(written, tmp_path, spoil="\n[dead](nothing.md)\n")

    assert 0 != done.returncode
    assert "page does not exist" in done.stdout + done.stderr


def test_every_page_is_built_and_what_the_navigation_names_is_there(site):
    pages = site.parent / "pages"
    named = set(re.findall(r"[\w/-]+\.md", (ROOT / "mkdocs.yml").read_text(encoding="utf-8")))
    there = {page.relative_to(pages) for page in pages.rglob("*.md")}

    assert set() == named - {page.as_posix() for page in there}
    assert [] == [page for page in there if not (site / page.with_suffix(".html")).is_file()]
    assert len(there) > 30


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ("relu at 0", "guides/questions.html"),
        ("numpy array", "guides/questions.html"),
        ("Canvas", "guides/grade-a-class.html"),
        ("gradient_mul", "reference/checks.html"),
        ("grade_submission", "reference/python.html"),
    ],
)
def test_what_is_asked_for_is_found(site, asked, page):
    items = json.loads((site / "search.json").read_text(encoding="utf-8"))["items"]
    found = {
        item["location"].partition("#")[0]
        for item in items
        if asked.lower() in re.sub("<[^>]*>", "", item["title"] + " " + item["text"]).lower()
    }

    assert page in found


def test_the_search_needs_no_network(site):
    assert (site / "search.js").is_file()
    for name in ("index.html", "guides/reports.html"):
        text = (site / name).read_text(encoding="utf-8")
        sources = re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="([^"]+)"', text)
        assert len(sources) > 3
        gone = [s for s in sources if not ((site / name).parent / s.partition("#")[0]).exists()]
        assert [] == gone


def test_every_command_and_option_has_an_entry():
    page = reference.commands()
    words = [name for name, _ in reference.every_command()]
    options = [
        o for _, command in reference.every_command() for p in command.params for o in p.opts
    ]

    assert {"adjudge check", "adjudge grade", "adjudge rubric show"} <= set(words)
    assert [] == [name for name in words if f"## {name}\n" not in page]
    assert [] == [
        o for o in options if o.startswith("--") and o != "--help" and f"`{o}`" not in page
    ]
    assert "`--format`" in page


def test_every_public_name_has_an_entry_with_a_sentence():
    entries = reference.python().split("\n### ")

    for module in map(importlib.import_module, reference.MODULES):
        for name in module.__all__:
            (entry, *_) = [e for e in entries if e.startswith(f"{name}\n")]
            assert len(entry) > len(name) + 10, name


def test_every_check_and_known_mistake_has_an_entry():
    checks, mistakes = reference.checks(), reference.mistakes()
    every = [find(name) for name in available()]

    assert [] == [c.name for a in every for c in a.checks if f"`{c.name}`" not in checks]
    known = [m.name for a in every if a.answer_key for m in a.answer_key.models]
    assert [] == [name for name in known if f"`{name}`" not in mistakes]
    assert len(known) > 100
