"""Fixtures that every folder of tests may use."""

import atexit
import compileall
import gc
import os
import shutil
import tempfile
from pathlib import Path

import pytest

JAX_KEEPS_ALL = (
    "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS",
    "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES",
)
"""Without these it keeps only what is large and took it a second."""


def pytest_configure(config: pytest.Config) -> None:
    """Compiles the package once, and has all processes share what oracles say and compile.

    Commands and locked workers that tests start cannot keep what they compile where the file
    system forbids it, and there are hundreds of them. Nor could each pytest among them keep its
    plugins as it rewrites them, a second's work, were PYTHONDONTWRITEBYTECODE left to them.
    """
    # It would search thousands of tests, and all that torch and JAX hold, again and again.
    gc.set_threshold(200_000, 50, 100)
    if not hasattr(config, "workerinput"):
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        shared = tempfile.mkdtemp(prefix="answers")
        atexit.register(shutil.rmtree, shared, ignore_errors=True)
        os.environ |= {"XDG_CACHE_HOME": shared, "JAX_COMPILATION_CACHE_DIR": f"{shared}/jax"}
        os.environ |= dict.fromkeys(JAX_KEEPS_ALL, "-1")
        for package in ("harness", "reference_impls"):
            compileall.compile_dir(Path(__file__).parent / package, quiet=2)


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
