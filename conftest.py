"""Fixtures that every folder of tests may use."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return Path(__file__).parent


@pytest.fixture(scope="session")
def answer_key(repository: Path) -> Path:
    """The answer key as a file to hand in."""
    return repository / "reference_impls" / "answer_key.py"


@pytest.fixture(scope="session")
def specimens() -> Path:
    """A folder with every fake submission of the lecture, those that are edits written out."""
    from support.specimens import WRITTEN  # read where a test asks for it

    return WRITTEN / "specimens"
