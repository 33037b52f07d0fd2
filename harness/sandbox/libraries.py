"""The libraries that a course allows: where they are, found without importing them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import packages_distributions, version
from importlib.util import find_spec
from pathlib import Path

from harness.records.errors import UsageError


@dataclass(frozen=True)
class Library:
    """A library that graded code may import."""

    name: str
    """As an import names it."""
    origin: str
    """The file that an import runs."""
    folder: str
    """The folder of a package; nothing for a module of one file."""

    @property
    def readable(self) -> tuple[str, ...]:
        """What a worker must be able to read: the library, and the binaries it came with."""
        if not self.folder:
            return (self.origin,)
        beside = Path(self.folder).with_name(f"{self.name}.libs")
        return (self.folder, *([str(beside)] if beside.is_dir() else []))


@lru_cache(maxsize=64)
def located(name: str) -> Library:
    """Where a library is.

    Raises:
        UsageError: it is not installed.
    """
    spec = find_spec(name)
    if spec is None or spec.origin is None or not Path(spec.origin).is_file():
        raise UsageError(
            f'libraries: "{name}" is not installed beside adjudge; '
            f"pip install {distribution(name)}, or take it out of the rubric"
        )
    folders = spec.submodule_search_locations or ()
    return Library(name, spec.origin, next(iter(folders), ""))


def distribution(name: str) -> str:
    """What pip calls a library; the name itself where that is not known."""
    return next(iter(packages_distributions().get(name, ())), name)


def installed_version(name: str) -> str:
    """The version that is installed; "not installed" where none is."""
    try:
        located(name)
        return version(distribution(name))
    except (UsageError, ModuleNotFoundError):
        return "not installed"
