"""Read what was handed in, as text that is never run here.

A submission is a .py file, a .ipynb notebook, or a folder or archive with a module in it.
Everything is read once, without following links, up to a size; what cannot be read gets one
sentence. Wherever the files come from, one function makes a submission of them: `of`.
"""

from __future__ import annotations

import hashlib
import re
import warnings
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from harness.intake import archives
from harness.intake.files import Files, bytes_of, of_folder, part, sound
from harness.intake.stubs import unwritten
from harness.records.errors import SubmissionError
from harness.records.handed_in import Source, Submission
from harness.records.names import spelled

LARGEST_MODULE = 1 << 20
"""Bytes of one .py file."""
LARGEST_NOTEBOOK = 16 << 20
"""Bytes of one notebook: its outputs may hold pictures."""
MOST_FILES = 100
"""Python files of one submission."""
DEEPEST = 2
"""Archives around a module: the one that was handed in, and one inside it."""
PYTHON_CELLS = ("time", "timeit", "capture", "prun")
"""Cell magics whose cell is Python; a cell under any other is not."""
SUFFIXES = (".py", ".ipynb")
MAIN = ("ag.py", "ag.ipynb", "__init__.py")
"""The file of a folder that is graded: the first of these, else the only module or notebook."""

_MAGIC = re.compile(r"^(\s*)(%[A-Za-z_%]|!|\?|[\w.]+\?{1,2}\s*$)")


def find(path: Path) -> tuple[Path, ...]:
    """The submissions at a path: itself, or those in a folder of submissions.

    Raises:
        SubmissionError: there is nothing there.
    """
    if not path.is_dir() or path.is_symlink():
        return (path,)
    children = sorted(path.iterdir())
    if main_file(child.name for child in children) is not None:
        return (path,)
    found = tuple(
        child
        for child in children
        if not child.name.startswith((".", "_"))
        and (child.suffix in SUFFIXES or archives.is_archive(child.name) or child.is_dir())
    )
    if not found:
        raise SubmissionError(f"{path}: holds no .py file, notebook or folder with one")
    return found


def name(path: Path) -> str:
    """What a submission is called: its folder's name where every file is called ag."""
    if path.is_dir():
        return spelled(path.resolve().name)
    stem = archives.stem(path.name)
    return spelled((path.resolve().parent.name if stem == "ag" else "") or stem)


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
    if path.suffix not in SUFFIXES and not archives.is_archive(path.name):
        if not path.exists():
            raise SubmissionError(f"{path}: there is no such file")
        raise SubmissionError(
            f"{path}: is neither a .py file, a .ipynb notebook, a folder nor a zip of one"
        )
    return Files(str(path), {path.name: str(path)}, lambda _, most: bytes_of(path, most))


def of(files: Files, called: str) -> Submission:
    """The submission that files are.

    Args:
        files: what was handed in.
        called: the submission's name.

    Raises:
        SubmissionError: it cannot be read, as for `read`.
    """
    files, main = graded(files)
    if main.endswith(".ipynb"):
        cells, module = _notebook(files, main), "ag"
    else:
        cells, module = (Source(spelled(main), _text(files, main, LARGEST_MODULE)),), ""
    package = "submission" if "__init__.py" in files.members else ""
    siblings = []
    python = sorted((n for n in files.members if _is_python(n)), key=lambda n: n.split("/"))
    if len(python) > MOST_FILES:
        raise SubmissionError(
            f"{files.where}: has {len(python)} Python files; at most {MOST_FILES} are read"
        )
    for file in python:
        # A name that had to be escaped is no name that anything can import.
        parts = [*([package] if package else []), *spelled(file).removesuffix(".py").split("/")]
        dotted = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if file == main:
            module = dotted
        else:
            text = _text(files, file, LARGEST_MODULE, may_be_empty=True)
            siblings.append((dotted, Source(spelled(file), text)))
    return _submission(called, cells, module or "ag", tuple(siblings))


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
    code = [n for n in files.members if PurePosixPath(n).suffix in SUFFIXES]
    packed = [n for n in files.members if archives.is_archive(n)]
    if not code and len(packed) == 1:
        place = files.members[packed[0]]
        if around == DEEPEST:
            raise SubmissionError(f"{place}: is packed more than {DEEPEST} times; pack it once")
        data = files.read(packed[0], archives.LARGEST_ARCHIVE)
        return graded(archives.open_archive(data, place), around + 1)
    top = ""
    while (main := main_file(_names_in(code, top))) is None:
        below = {n[len(top) :].split("/")[0] for n in code if n.startswith(top)}
        # What is there alone is a folder here: a module that is alone would be the one to grade.
        if len(below) != 1:
            raise SubmissionError(
                f"{files.where}: has no module to grade; "
                "expected ag.py, ag.ipynb, __init__.py or one .py file"
            )
        top += f"{min(below)}/"
    if top:
        inside = {n[len(top) :]: n for n in files.members if n.startswith(top)}
        files = part(files, inside, f"{files.where}/{top[:-1]}")
    return files, main


def main_file(names: Iterable[str]) -> str | None:
    """The file of a folder that is graded, or None where that is not clear."""
    names = set(names)
    for name in MAIN:
        if name in names:
            return name
    for suffix in SUFFIXES:
        found = [name for name in names if PurePosixPath(name).suffix == suffix]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _is_python(name: str) -> bool:
    return PurePosixPath(name).suffix == ".py"


def _names_in(names: list[str], top: str) -> Iterable[str]:
    """The names of the files that lie in one folder; `top` is empty or ends in a slash."""
    return (n[len(top) :] for n in names if n.startswith(top) and "/" not in n[len(top) :])


def _submission(
    called: str,
    main: tuple[Source, ...],
    module: str,
    siblings: tuple[tuple[str, Source], ...],
) -> Submission:
    texts = [*main, *(source for _, source in siblings)]
    digest = hashlib.sha256()
    for source in texts:
        # The text of a notebook may hold surrogates.
        digest.update(f"{source.name}\0{source.text}\0".encode("utf-8", "surrogatepass"))
    stubs = frozenset[str]().union(*(unwritten(source.text) for source in texts))
    return Submission(called, main, module, siblings, stubs, digest.hexdigest())


def _text(files: Files, name: str, most: int, *, may_be_empty: bool = False) -> str:
    """A file's text, with plain line ends."""
    data, place = files.read(name, most), files.members[name]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        raise SubmissionError(
            f"{place}: line {line} is not UTF-8; save the file as UTF-8"
        ) from None
    if "\0" in text:
        raise SubmissionError(f"{place}: holds NUL characters; save it as plain text")
    if not text.strip() and not may_be_empty:
        raise SubmissionError(f"{place}: is empty; hand in the file with your code")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _notebook(files: Files, name: str) -> tuple[Source, ...]:
    """The code cells of a notebook, in order, without magics."""
    import nbformat  # here, because most submissions are not notebooks

    text, place = _text(files, name, LARGEST_NOTEBOOK), files.members[name]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # older notebooks lack ids, which is no concern of ours
            book = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]  # unannotated
        cells = [cell for cell in book.cells if cell.cell_type == "code"]
        sources = [Source(f"cell {n}", _python("".join(c.source))) for n, c in enumerate(cells, 1)]
        "".join(source.text for source in sources).encode()  # a lone surrogate is no text
    except RecursionError:
        raise SubmissionError(f"{place}: is not a notebook (nested too deep)") from None
    except (
        Exception
    ) as problem:  # nbformat raises what its parts raise: whatever it is, it is unreadable
        reason = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
        raise SubmissionError(
            f"{place}: is not a notebook that can be read ({reason[:120]})"
        ) from None
    sources = [source for source in sources if source.text.strip()]
    if not sources:
        raise SubmissionError(f"{place}: has no code cells; hand in the notebook with your code")
    return tuple(sources)


def _python(cell: str) -> str:
    """A cell without IPython's magics and shell lines; line numbers stay."""
    lines = cell.split("\n")
    first = next((line for line in lines if line.strip()), "")
    if first.startswith("%%") and first[2:].split(" ")[0].strip() not in PYTHON_CELLS:
        return ""
    kept, depth = [], 0
    for line in lines:
        # Inside brackets a line may well begin with the remainder operator.
        magic = _MAGIC.match(line) if depth <= 0 else None
        kept.append(f"{magic[1]}pass" if magic else line)
        code = kept[-1].split("#")[0]
        depth += sum(code.count(c) for c in "([{") - sum(code.count(c) for c in ")]}")
    return "\n".join(kept)
