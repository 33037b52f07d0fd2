"""The files of a submission or of a class, from wherever they come; each is read when asked for."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from harness.records.errors import SubmissionError
from harness.records.names import escaped

MOST_FILES = 100_000
"""Files of one folder: a class of repositories with their data."""
CHUNK = 1 << 20
"""Bytes that are read at once."""
JUNK = frozenset(
    {"__MACOSX", ".DS_Store", "Thumbs.db", "__pycache__", ".ipynb_checkpoints", ".git"}
)
"""Files and folders that systems leave behind: passed over wherever they stand."""


@dataclass(frozen=True)
class Files:
    """The files of a submission or of a class, wherever they are; each is read when asked for."""

    where: str
    """The folder or archive, as a person would name it."""
    members: dict[str, str]
    """By the name of each file, with / between its parts: where it stands, for a message."""
    read: Callable[[str, int], bytes]
    """The bytes of one member, refused with SubmissionError above so many."""
    folders: frozenset[str] = frozenset()
    """Every folder, empty ones too."""
    refused: tuple[tuple[str, str], ...] = ()
    """Name and sentence for each member that must not be read."""
    passed_over: frozenset[str] = frozenset()
    """What systems leave behind, and links to folders: by the name of the file or folder."""
    main: str = ""
    """The file that was named; the others lie beside it and are imported by it."""


def shown(name: str) -> str:
    """A name from an archive as it may stand in a message: on one line, short."""
    text = escaped(name)
    return text if len(text) <= 80 else f"{text[:77]}..."


def part(files: Files, names: dict[str, str], where: str) -> Files:
    """Some of the files, under other names.

    Args:
        files: all of them.
        names: by the new name of each, its name in `files`.
        where: what they are called together.
    """
    members = {new: files.members[old] for new, old in names.items()}
    return Files(where, members, lambda name, most: files.read(names[name], most))


def in_memory(contents: dict[str, bytes], where: str) -> Files:
    """Files whose bytes are at hand, such as one that was just uploaded.

    Args:
        contents: the bytes by the name of each file, with / between its parts.
        where: what messages call them together.
    """
    members = {name: f"{where}/{name}" for name in contents}

    def read(name: str, most: int) -> bytes:
        if len(contents[name]) > most:
            raise SubmissionError(larger(members[name], most))
        return contents[name]

    folders = {"/".join(n.split("/")[:end]) for n in contents for end in range(1, n.count("/") + 1)}
    return Files(where, members, read, frozenset(folders))


def larger(place: str, most: int) -> str:
    """The sentence for a file that is too large."""
    return f"{place}: is larger than {most >> 20} MiB; hand in the code alone"


def sound(files: Files) -> Files:
    """The files themselves, if none of them was refused.

    Raises:
        SubmissionError: one was; it says which and why.
    """
    if files.refused:
        raise SubmissionError(files.refused[0][1])
    return files


def junk_in(name: str) -> str:
    """The file or folder on the way to a name that systems leave behind, or nothing."""
    parts = name.split("/")
    for at, one in enumerate(parts):
        if one in JUNK or one.startswith("._"):
            return "/".join(parts[: at + 1])
    return ""


def of_folder(path: Path) -> Files:
    """The files of a folder; no link to another folder is followed.

    Raises:
        SubmissionError: it cannot be listed, or holds too many.
    """
    members, folders, passed_over = dict[str, str](), set[str](), set[str]()
    refused: list[tuple[str, str]] = []

    def note(problem: OSError) -> None:
        sentence = f"{problem.filename}: cannot be opened ({os.strerror(problem.errno or 0)})"
        if str(problem.filename) == str(path):
            raise SubmissionError(sentence) from None
        refused.append((os.path.relpath(problem.filename, path).replace(os.sep, "/"), sentence))

    for at, below, names in os.walk(path, onerror=note):
        here = os.path.relpath(at, path).replace(os.sep, "/")
        prefix = "" if here == "." else f"{here}/"
        aside = [n for n in below if junk_in(n) or os.path.islink(os.path.join(at, n))]
        passed_over.update(prefix + n for n in (*aside, *filter(junk_in, names)))
        below[:] = [n for n in below if n not in aside]
        folders.update(prefix + n for n in below)
        members |= {prefix + n: os.path.join(at, n) for n in names if not junk_in(n)}
        if len(members) > MOST_FILES:
            raise SubmissionError(f"{path}: holds more than {MOST_FILES} files")
    return Files(
        str(path),
        members,
        lambda name, most: bytes_of(Path(members[name]), most),
        frozenset(folders),
        tuple(refused),
        frozenset(passed_over),
    )


def _flags(*names: str) -> int:
    """Flags of opening, as far as this system has them."""
    return sum(getattr(os, name, 0) for name in names)


READING = os.O_RDONLY | _flags("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
"""How a file of a student's is opened: no link is followed, and nothing is waited for."""


def bytes_of(path: Path, most: int) -> bytes:
    """A regular file's bytes, read once and without following a link.

    Raises:
        SubmissionError: it cannot be opened, is no regular file or larger than `most`.
    """
    try:
        fd = os.open(path, READING)
    except FileNotFoundError:
        raise SubmissionError(f"{path}: there is no such file") from None
    except OSError as problem:
        if path.is_symlink():
            reason = "is a symbolic link; hand in the file itself"
        else:
            reason = f"cannot be opened ({os.strerror(problem.errno or 0)})"
        raise SubmissionError(f"{path}: {reason}") from None
    with os.fdopen(fd, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise SubmissionError(f"{path}: is not a regular file; hand in the file itself")
        data = bytearray()
        # A read sets aside all the room that it is allowed.
        while len(data) <= most and (more := file.read(min(CHUNK, most + 1 - len(data)))):
            data += more
    if len(data) > most:
        raise SubmissionError(larger(str(path), most))
    return bytes(data)
