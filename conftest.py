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
def specimens(repository: Path) -> Path:
    """The folder of fake submissions."""
    return repository / "student_submissions" / "specimens"
