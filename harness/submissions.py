"""Read what was handed in, as text that is never run here.

A submission is a .py file, a .ipynb notebook, or a folder with a module in it. Everything is
read once, without following links, up to a size; what cannot be read gets one sentence.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import warnings
from collections import defaultdict
from pathlib import Path

from harness.errors import SubmissionError
from harness.model import Source, Submission

LARGEST_MODULE = 1 << 20
"""Bytes of one .py file."""
LARGEST_NOTEBOOK = 16 << 20
"""Bytes of one notebook: its outputs may hold pictures."""
LONGEST_DEF = 2000
"""Characters of a line that are searched for the body of a function."""
MOST_FILES = 100
"""Files of one folder."""
PYTHON_CELLS = ("time", "timeit", "capture", "prun")
"""Cell magics whose cell is Python; a cell under any other is not."""
SUFFIXES = (".py", ".ipynb")

_MAGIC = re.compile(r"^(\s*)(%[A-Za-z_%]|!|\?|[\w.]+\?{1,2}\s*$)")
_DEF = re.compile(r"^(\s*)(?:async\s+)?def\s+(\w+)")
_ONE_LINE = re.compile(r"\)\s*(?:->[^:)]*)?:\s*(.*)$")
_IDLE = re.compile(
    r"pass|\.\.\.|return( None)?|return (loss|output)|raise NotImplementedError\b.*"
    r"|return \[ag\.Scalar\(0\.0\) for \w+ in range\(\w+\)\]"
    r"|loss = ag\.Scalar\(0\.0\)|n_samples = len\(\w+\)|assert .*|output = ag\.Scalar\(.*"
    r"|x_scalar = \[ag\.Scalar\(\w+\) for \w+ in \w+\]|output\._backward = _backward|inputs=.*"
)
"""The lines that the lecture's starter has in a function that is still to be written."""


def find(path: Path) -> tuple[Path, ...]:
    """The submissions at a path: itself, or those in a folder of submissions.

    Raises:
        SubmissionError: there is nothing there.
    """
    if not path.is_dir() or path.is_symlink() or _main_file(path) is not None:
        return (path,)
    children = sorted(child for child in path.iterdir() if not child.name.startswith((".", "_")))
    found = tuple(child for child in children if child.suffix in SUFFIXES or child.is_dir())
    if not found:
        raise SubmissionError(f"{path}: holds no .py file, notebook or folder with one")
    return found


def name(path: Path) -> str:
    """What a submission is called: its folder's name where every file is called ag."""
    if path.is_dir():
        return path.resolve().name
    own = path.resolve().parent.name if path.stem == "ag" else ""
    return own or path.stem


def read(path: Path) -> Submission:
    """Reads one submission.

    Raises:
        SubmissionError: it cannot be read; one sentence says what, where and what to do.
    """
    if path.is_symlink():
        raise SubmissionError(f"{path}: is a symbolic link; hand in the file itself")
    if path.is_dir():
        return _folder(path)
    if path.suffix == ".ipynb":
        return _submission(name(path), _notebook(path))
    if path.suffix != ".py" and path.exists():
        raise SubmissionError(f"{path}: is neither a .py file, a .ipynb notebook nor a folder")
    return _submission(name(path), (Source(path.name, _text(path, LARGEST_MODULE)),), path.stem)


def _folder(path: Path) -> Submission:
    main = _main_file(path)
    if main is None:
        raise SubmissionError(
            f"{path}: has no module to grade; expected ag.py, ag.ipynb, __init__.py or one .py file"
        )
    if main.suffix == ".ipynb":
        cells, module = _notebook(main), "ag"
    else:
        cells, module = (Source(main.name, _text(main, LARGEST_MODULE)),), ""
    package = "submission" if (path / "__init__.py").exists() else ""
    siblings = []
    files = sorted(p for p in path.rglob("*.py") if "__pycache__" not in p.parts)
    if len(files) > MOST_FILES:
        raise SubmissionError(
            f"{path}: has {len(files)} Python files; at most {MOST_FILES} are read"
        )
    for file in files:
        parts = [*([package] if package else []), *file.relative_to(path).with_suffix("").parts]
        dotted = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if file == main:
            module = dotted
        else:
            text = _text(file, LARGEST_MODULE, may_be_empty=True)
            siblings.append((dotted, Source(str(file.relative_to(path)), text)))
    return _submission(name(path), cells, module or "ag", tuple(siblings))


def _main_file(path: Path) -> Path | None:
    """The file of a folder that is graded, or None where that is not clear."""
    for name in ("ag.py", "ag.ipynb", "__init__.py"):
        if (path / name).exists() or (path / name).is_symlink():
            return path / name
    for suffix in SUFFIXES:
        found = [p for p in path.iterdir() if p.suffix == suffix]
        if len(found) == 1:
            return found[0]
        if found:
            return None
    return None


def _submission(
    called: str,
    main: tuple[Source, ...],
    module: str = "ag",
    siblings: tuple[tuple[str, Source], ...] = (),
) -> Submission:
    texts = [*main, *(source for _, source in siblings)]
    digest = hashlib.sha256()
    for source in texts:
        # A file name that is no UTF-8 comes as surrogates, and so may the text of a notebook.
        digest.update(f"{source.name}\0{source.text}\0".encode("utf-8", "surrogatepass"))
    unwritten = frozenset[str]().union(*(_unwritten(source.text) for source in texts))
    return Submission(called, main, module, siblings, unwritten, digest.hexdigest())


def _text(path: Path, most: int, *, may_be_empty: bool = False) -> str:
    """A file's text, with plain line ends."""
    data = _bytes(path, most)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        raise SubmissionError(f"{path}: line {line} is not UTF-8; save the file as UTF-8") from None
    if "\0" in text:
        raise SubmissionError(f"{path}: holds NUL characters; save it as plain text")
    if not text.strip() and not may_be_empty:
        raise SubmissionError(f"{path}: is empty; hand in the file with your code")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _bytes(path: Path, most: int) -> bytes:
    """A regular file's bytes, read once and without following a link."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
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
        data = file.read(most + 1)
    if len(data) > most:
        raise SubmissionError(f"{path}: is larger than {most >> 20} MiB; hand in the code alone")
    return data


def _notebook(path: Path) -> tuple[Source, ...]:
    """The code cells of a notebook, in order, without magics."""
    import nbformat  # here, because most submissions are not notebooks

    text = _text(path, LARGEST_NOTEBOOK)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # older notebooks lack ids, which is no concern of ours
            book = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]  # unannotated
        cells = [cell for cell in book.cells if cell.cell_type == "code"]
        sources = [Source(f"cell {n}", _python("".join(c.source))) for n, c in enumerate(cells, 1)]
        "".join(source.text for source in sources).encode()  # a lone surrogate is no text
    except RecursionError:
        raise SubmissionError(f"{path}: is not a notebook (nested too deep)") from None
    except (
        Exception
    ) as problem:  # nbformat raises what its parts raise: whatever it is, it is unreadable
        reason = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
        raise SubmissionError(
            f"{path}: is not a notebook that can be read ({reason[:120]})"
        ) from None
    sources = [source for source in sources if source.text.strip()]
    if not sources:
        raise SubmissionError(f"{path}: has no code cells; hand in the notebook with your code")
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


def _unwritten(text: str) -> frozenset[str]:
    """The functions whose body is the starter's stub, found line by line without parsing."""
    lines = [
        line for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#")
    ]
    bodies: dict[int, list[str]] = {}
    open_defs: list[tuple[int, int]] = []
    names: dict[int, tuple[str, int | None]] = {}
    for at, line in enumerate(lines):
        depth = len(line) - len(line.lstrip())
        while open_defs and depth <= open_defs[-1][0]:
            open_defs.pop()
        start = _DEF.match(line)
        if start:
            names[at] = (start[2], open_defs[-1][1] if open_defs else None)
            bodies[at] = []
            open_defs.append((depth, at))
            tail = _ONE_LINE.search(line[:LONGEST_DEF])
            if tail and tail[1] and not tail[1].startswith("#"):
                bodies[at].append(tail[1].strip())
        elif open_defs:
            bodies[open_defs[-1][1]].append(line.split("#")[0].strip())
    idle = {at for at, body in bodies.items() if _is_idle(body)}
    children: dict[int | None, list[int]] = defaultdict(list)
    for at, (_, parent) in names.items():
        children[parent].append(at)
    found = set()
    for at in idle:
        name, parent = names[at]
        # A stub of a closure makes its function unwritten; a stub beside written closures does not.
        if name == "_backward" and parent is not None:
            found.add(names[parent][0])
        elif all(child in idle for child in children[at]):
            found.add(name)
    # An empty method of a base class does not make the written one of its heir a stub.
    written = {name for at, (name, _) in names.items() if at not in idle and at not in children}
    return frozenset(found - written)


def _is_idle(body: list[str]) -> bool:
    without_doc = [line for line in body if line and not line.startswith(('"""', "'''"))]
    return all(_IDLE.fullmatch(line) for line in without_doc)
