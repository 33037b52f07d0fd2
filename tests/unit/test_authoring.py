"""The surface for authors: documented name by name, and all that the guides import."""

import re
from pathlib import Path

import pytest

from harness import authoring

ROOT = Path(__file__).parents[2]
GUIDES = ("array-functions.md", "write-an-assignment.md", "own-tests.md")


@pytest.mark.parametrize("name", authoring.__all__)
def test_every_name_stands_in_the_docstring(name):
    assert re.search(rf"\b{name}\b", authoring.__doc__)


@pytest.mark.parametrize("guide", GUIDES)
def test_the_guides_import_from_it_alone(guide):
    text = (ROOT / "docs" / "guides" / guide).read_text(encoding="utf-8")
    lines = re.findall(r"^(?:from|import) (harness\S*)", text, re.MULTILINE)

    assert {"harness.authoring"} <= set(lines) <= {"harness", "harness.authoring"}
