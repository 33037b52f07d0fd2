"""Read what was handed in, as text that is never run here.

A submission is a .py file, a .ipynb notebook, or a folder or archive with a module in it.
Everything is read once, without following links, up to a size; what cannot be read gets one
sentence. Wherever the files come from, one function makes a submission of them: `of`.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from harness.intake import archives, bounds, choice, encodings, notebooks
from harness.intake.files import Files, bytes_of, of_folder, part, shown, sound
from harness.records.errors import SubmissionError
from harness.records.handed_in import MODULE, Source, Submission
from harness.records.names import spelled

LARGEST_MODULE = bounds.LARGEST_PYTHON
"""Bytes of one .py file."""
LARGEST_NOTEBOOK = 16 << 20
"""Bytes of one notebook: its outputs may hold pictures."""
MOST_FILES = 100
"""Python files of one submission."""
DEEPEST = 2
"""Archives around a module: the one that was handed in, and one inside it."""
TAKEN = (*sys.stdlib_module_names, "numpy")
"""Import names under which something else is found."""
UNNAMED = "submission"
"""The import name of a module whose own name is taken."""
MOST_BESIDE = 20
"""Files beside a single one that are read because it imports them."""


def find(path: Path) -> tuple[Path, ...]:
    """The submissions at a path: itself, or those in a folder of submissions.

    Raises:
        SubmissionError: there is nothing there.
    """
    if not path.is_dir() or path.is_symlink():
        return (path,)
    children = sorted(path.iterdir())
    if _is_one(child.name for child in children):
        return (path,)
    found = tuple(
        child
        for child in children
        if not child.name.startswith((".", "_"))
        and (choice.kind(child.name) or archives.is_archive(child.name) or child.is_dir())
    )
    if not found:
        raise SubmissionError(f"{path}: holds no .py file, notebook or folder with one")
    return found


def name(path: Path) -> str:
    """What a submission is called: its folder's name where every file is called alike."""
    if path.is_dir():
        return spelled(path.resolve().name)
    stem = archives.stem(path.name)
    return spelled((path.resolve().parent.name if stem == MODULE else "") or stem)


def read(path: Path) -> Submission:
    """Reads one submission.

    Raises:
        SubmissionError: it cannot be read; one sentence says what, where and what to do.
    """
    return of(files_at(path), name(path))


def files_at(path: Path) -> Files:
    """The files at a path: one file of code, one archive as it is, or all of a folder.

    Raises:
        SubmissionError: it is a link, is not there, or is another kind of file.
    """
    if path.is_symlink():
        raise SubmissionError(f"{path}: is a symbolic link; hand in the file itself")
    if path.is_dir():
        return of_folder(path)
    if not choice.kind(path.name) and not archives.is_archive(path.name):
        if not path.exists():
            raise SubmissionError(f"{path}: there is no such file")
        raise SubmissionError(
            f"{path}: is neither a .py file, a .ipynb notebook, a folder nor a zip of one"
        )
    members, where = {path.name: str(path)}, path
    if choice.kind(path.name) == ".py":
        members |= _beside(path)
    if "__init__.py" in members and path.name != "__init__.py":
        where = path.resolve().parent
    return Files(
        str(where),
        members,
        lambda name, most: bytes_of(Path(members[name]), most),
        main=path.name if len(members) > 1 else "",
    )


def _beside(path: Path) -> dict[str, str]:
    """The files in its folder that a .py file imports, and those that they import.

    A file that imports with a dot is part of a package, so the package's own file comes with it.
    """
    found, todo = dict[str, str](), [path]
    while todo and len(found) < MOST_BESIDE:
        at = todo.pop()
        if at.is_symlink() or not at.is_file():
            continue
        text = bytes_of(at, LARGEST_MODULE + 1)[:LARGEST_MODULE].decode("utf-8", "replace")
        package = {"__init__"} if choice.is_relative(text) else set[str]()
        for name in sorted(choice.imported(text) | package):
            other = path.with_name(f"{name}.py")
            new = other != path and other.name not in found
            if new and other.is_file() and not other.is_symlink():
                found[other.name] = str(other)
                todo.append(other)
    return found


def of(files: Files, called: str) -> Submission:
    """The submission that files are.

    Args:
        files: what was handed in.
        called: the submission's name.

    Raises:
        SubmissionError: it cannot be read, as for `read`.
    """
    files, main = graded(files)
    siblings = dict[str, tuple[Source, ...]]()
    python = sorted((n for n in files.members if _is_python(n)), key=lambda n: n.split("/"))
    if len(python) > MOST_FILES:
        raise SubmissionError(
            f"{files.where}: has {len(python)} Python files; at most {MOST_FILES} are read"
        )
    package = _package(files, called)
    module = _dotted(main, package)
    largest = LARGEST_NOTEBOOK if choice.kind(main) == ".ipynb" else LARGEST_MODULE
    text, place = _text(files, main, largest), files.members[main]
    if choice.kind(main) == ".ipynb" or notebooks.is_one(text):
        cells, written = notebooks.cells(text, place)
        module = "__main__"
        siblings |= {name: (source,) for name, source in written.items()}
    else:
        cells = notebooks.script(spelled(main), text)
    siblings |= _notebooks_beside(files, main)
    size = sum(len(source.text) for sources in siblings.values() for source in sources)
    for file in python:
        if file != main:
            text = _text(files, file, LARGEST_MODULE, may_be_empty=True)
            size += len(text)
            bounds.within(size, files.where)
            siblings.setdefault(_dotted(file, package), notebooks.script(spelled(file), text))
    beside = [name for name, sources in siblings.items() if _in_reach(name, sources)]
    files_beside = {source.name.partition(",")[0] for n in beside for source in siblings[n]}
    others = sorted(files_beside & {spelled(name) for name in files.members})
    chosen = f"graded: {shown(main)}; in reach: {choice.listed(others)}" if others else ""
    stem = _dotted(main, package) if module == "__main__" else ""
    stem = "" if stem in siblings else stem
    flat = tuple((name, source) for name, sources in siblings.items() for source in sources)
    return _submission(
        Submission(called, cells, module, flat, tuple(beside), choice=chosen, stem=stem)
    )


def _package(files: Files, called: str) -> str:
    """The package that the files are, by the name of their folder; nothing where they are none."""
    if "__init__.py" not in files.members:
        return ""
    folder = files.where.rstrip("/").rpartition("/")[2]
    for name in (folder, called):
        if name.isidentifier() and name not in (*TAKEN, UNNAMED):
            return name
    return UNNAMED


def _dotted(file: str, package: str) -> str:
    """The import name of a file; one that had to be escaped is no name that anything can import."""
    *folders, last = spelled(file).split("/")
    stem = choice.stem(last)
    parts = [*([package] if package else []), *folders, *([] if stem == "__init__" else [stem])]
    dotted = ".".join(parts) or MODULE
    return UNNAMED if dotted in TAKEN else dotted


def _in_reach(module: str, sources: tuple[Source, ...]) -> bool:
    """Whether a file beside the graded one may hold what that one lacks."""
    name, text = sources[0].name.partition(",")[0], sources[0].text
    if choice.is_aside(name) or (name.endswith("__init__.py") and not choice.has_code(text)):
        return False
    return all(part.isidentifier() for part in module.split("."))


def _notebooks_beside(files: Files, main: str) -> dict[str, tuple[Source, ...]]:
    """The notebooks beside the graded file, each as a module; but its own, and unreadable ones."""
    found = {}
    notebooks_there = [n for n in sorted(files.members) if choice.kind(n) == ".ipynb"]
    for name in notebooks_there[:MOST_BESIDE]:
        stem = choice.stem(name)
        if "/" in name or stem == choice.stem(main):
            continue
        with suppress(SubmissionError):
            text = _text(files, name, LARGEST_NOTEBOOK)
            found[stem] = notebooks.cells(text, files.members[name], f"{spelled(name)}, ")[0]
    return found


def graded_file(path: Path) -> Path:
    """The file that is graded of what lies at a path; the path itself where that is no file."""
    try:
        files, main = graded(files_at(path))
    except SubmissionError:
        return path
    file = Path(files.members[main])
    return file if file.is_file() else path


def graded(files: Files, around: int = 0) -> tuple[Files, str]:
    """The files from the folder down that holds the module to grade, and the module's name there.

    A folder or an archive that holds nothing but one more is looked into.

    Args:
        files: what was handed in.
        around: how many archives it was packed in.

    Raises:
        SubmissionError: there is no such module, or more than one could be meant.
    """
    files = sound(files)
    if files.main in files.members:
        return files, files.main
    code = [n for n in files.members if choice.kind(n)]
    packed = [n for n in files.members if archives.is_archive(n)]
    if not code and len(packed) == 1:
        place = files.members[packed[0]]
        if around == DEEPEST:
            raise SubmissionError(f"{place}: is packed more than {DEEPEST} times; pack it once")
        data = files.read(packed[0], archives.LARGEST_ARCHIVE)
        return graded(archives.open_archive(data, place), around + 1)
    if len(code) == 1:
        top, main = _split(code[0])
    else:
        top, main = _chosen(files, [n for n in code if not choice.is_aside(n)] or code)
    if top:
        inside = {n[len(top) :]: n for n in files.members if n.startswith(top)}
        files = part(files, inside, f"{files.where}/{top[:-1]}")
    return files, main


def _chosen(files: Files, code: list[str]) -> tuple[str, str]:
    """The folder, empty or with a slash at its end, and the file in it that is graded."""

    def read(name: str) -> str:
        return files.read(top + name, LARGEST_MODULE + 1).decode("utf-8", "replace")

    top = ""
    while True:
        here = [n[len(top) :] for n in code if n.startswith(top)]
        found, why = choice.main((n for n in here if "/" not in n), read)
        if found is not None:
            return top, found
        below = {n.split("/")[0] for n in here if "/" in n}
        if why or len(below) != 1:
            break
        top += f"{min(below)}/"
    if not why:
        names = choice.listed(n[len(top) :] for n in code or files.members) if files.members else ""
        why = f"has no module to grade; expected {', '.join(choice.NAMED)} or one .py file"
        why += f"; found {names}" if names else ""
    raise SubmissionError(f"{files.where}{'/' if top else ''}{top[:-1]}: {why}")


def _split(name: str) -> tuple[str, str]:
    folder, slash, last = name.rpartition("/")
    return folder + slash, last


def _is_one(names: Iterable[str]) -> bool:
    """Whether the files of a folder are one submission, not several."""
    found = [name for name in names if choice.kind(name)]
    return len(found) == 1 or any(name.lower() in choice.NAMED for name in found)


def _is_python(name: str) -> bool:
    return choice.kind(name) == ".py"


def _submission(found: Submission) -> Submission:
    """The same with its digest."""
    texts = [*found.main, *(source for _, source in found.siblings)]
    digest = hashlib.sha256()
    for source in texts:
        # The text of a notebook may hold surrogates.
        digest.update(f"{source.name}\0{source.text}\0".encode("utf-8", "surrogatepass"))
    return replace(found, digest=digest.hexdigest())


def _text(files: Files, name: str, most: int, *, may_be_empty: bool = False) -> str:
    """A file's text, with plain line ends."""
    data, place = files.read(name, most), files.members[name]
    try:
        text = data.decode(encodings.of(data))
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        raise SubmissionError(
            f"{place}: line {line} is not {encodings.of(data, plain=True)}; save the file as UTF-8"
        ) from None
    if "\0" in text:
        raise SubmissionError(f"{place}: holds NUL characters; save it as plain text")
    if not text.strip() and not may_be_empty:
        raise SubmissionError(f"{place}: is empty; hand in the file with your code")
    return text.replace("\r\n", "\n").replace("\r", "\n")
