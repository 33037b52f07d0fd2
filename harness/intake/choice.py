"""Which file of several is graded: by rules that docs/reference/submissions.md states.

Tests and what belongs to tools are left aside. Then the files that are called so (NAMED) are taken,
an __init__.py where it has code; else the only notebook; else the only .py file, or the one that
imports the others. Whatever else there is stays in reach. Anything else is refused, with the names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

from harness.intake.files import shown
from harness.records.handed_in import MODULE

NAMED = (f"{MODULE}.py", f"{MODULE}.ipynb", "__init__.py")
"""The names that are taken first, in this order."""
MOST_NAMED = 6
"""Files that a sentence names."""
_ASIDE = re.compile(r"test_.*|.*_test|tests?|conftest|setup|noxfile|tasks")
_ASIDE_FOLDERS = frozenset(
    {"tests", "test", "docs", "doc", "build", "dist", "venv", "env", "site-packages"}
)
_DOUBLED = re.compile(r"(.*\.(?:ipynb|py))\.(?:txt|json)", re.IGNORECASE)
_RELATIVE = re.compile(r"^[ \t]*from[ \t]*\.", re.MULTILINE)
_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+\.*([\w.]*)|import[ \t]+([\w.]+))", re.MULTILINE)


def kind(name: str) -> str:
    """Says ".py" or ".ipynb" for a file of code, whatever its letters or what a browser added."""
    doubled = _DOUBLED.fullmatch(name)
    suffix = PurePosixPath(doubled[1] if doubled else name).suffix.lower()
    return suffix if suffix in (".py", ".ipynb") else ""


def stem(name: str) -> str:
    """The name of a file of code without its folders and without what follows."""
    doubled = _DOUBLED.fullmatch(name)
    return PurePosixPath(doubled[1] if doubled else name).stem


def is_aside(name: str) -> bool:
    """Whether a file belongs to tests or to a tool, so that it is never the one graded."""
    *folders, _ = name.split("/")
    aside = any(folder.lower() in _ASIDE_FOLDERS or folder[0] == "." for folder in folders)
    return aside or _ASIDE.fullmatch(stem(name).lower()) is not None


def imported(text: str) -> frozenset[str]:
    """The names of the modules that a text imports, packages too, found without parsing it."""
    dotted = (found[1] or found[2] or "" for found in _IMPORT.finditer(text))
    return frozenset(name for path in dotted for name in path.split(".")) - {""}


def is_relative(text: str) -> bool:
    """Whether a text imports from its own package: with a dot before the name."""
    return _RELATIVE.search(text) is not None


def main(names: Iterable[str], read: Callable[[str], str]) -> tuple[str | None, str]:
    """The file of one folder that is graded, or None and the sentence that says why none is.

    Args:
        names: the files of code in that folder, without those in folders below.
        read: the text of one of them.
    """
    left = sorted(name for name in names if kind(name) and not is_aside(name))
    by_name = {name.lower(): name for name in reversed(left)}
    for name in NAMED:
        found = by_name.get(name)
        if found and (name != "__init__.py" or len(left) == 1 or has_code(read(found))):
            return found, ""
    left = [name for name in left if name.lower() != "__init__.py"]
    notebooks = [name for name in left if kind(name) == ".ipynb"]
    if len(notebooks) == 1:
        return notebooks[0], ""
    if notebooks:
        return None, f"holds {len(notebooks)} notebooks: {listed(notebooks)}; hand in one of them"
    if len(left) == 1:
        return left[0], ""
    if not left:
        return None, ""
    return _root(left, read)


def _root(scripts: list[str], read: Callable[[str], str]) -> tuple[str | None, str]:
    """The script that imports others of them and that none of them imports."""
    uses = {name: imported(read(name)) - {stem(name)} for name in scripts}
    stems = {stem(name) for name in scripts}
    used = frozenset[str]().union(*uses.values())
    roots = [name for name in scripts if uses[name] & stems and stem(name) not in used]
    if len(roots) == 1:
        return roots[0], ""
    return None, (
        f"holds {len(scripts)} files that could be the one to grade: {listed(scripts)}; "
        f"hand in one, or name it {NAMED[0]}"
    )


def has_code(text: str) -> bool:
    """Whether a text holds more than comments and empty lines."""
    return any(line.strip() and not line.lstrip().startswith("#") for line in text.split("\n"))


def listed(names: Iterable[str]) -> str:
    """Names of files as a sentence goes on: the first few, and how many more."""
    parts = [shown(name) for name in sorted(names)]
    if len(parts) > MOST_NAMED:
        parts = [*parts[: MOST_NAMED - 1], f"{len(parts) - MOST_NAMED + 1} more"]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
