"""The code of a notebook, cell by cell, and of a script that is written in cells."""

from __future__ import annotations

import json
import re
from typing import Any

from harness.intake import bounds, magics
from harness.records.errors import SubmissionError
from harness.records.handed_in import MODULE, Source

MOST_PADDING = 16 << 20
"""Characters that keep the line numbers of a script's cells."""
WRITES = ("writefile", "file")
"""Cell magics that make a file of the cell."""
_MARK = re.compile(r"^# ?(?:%%|In ?\[[ \d]*\]:)", re.MULTILINE)
_QUOTE_OR_COMMENT = re.compile(r"\'\'\'|\"\"\"|[\'\"]|#[^\n]*")
_END = {
    quote: re.compile(rf"(?:\\.|(?!{last})[^\\])*+(?:{last})", re.DOTALL)
    for quote, last in {"'": "'|\n", '"': '"|\n', "'''": "'''", '"""': '"""'}.items()
}
"""Up to the end of a string, by the quote that began it; one on a line ends with the line."""


def cells(text: str, place: str, prefix: str = "") -> tuple[tuple[Source, ...], dict[str, Source]]:
    """The code cells of a notebook in their order, as Python, and the modules that it writes.

    Args:
        text: the notebook's file.
        place: how a message names it.
        prefix: what stands before "cell 3" where the notebook is not alone.

    Raises:
        SubmissionError: it is not a notebook, or has no code.
    """
    try:
        found = bounds.code_cells(text, place)
        codes = _codes(json.loads(text)) if found is None else [_clean(code) for code in found]
        "".join(codes).encode()  # a lone surrogate is no text
    except RecursionError:
        raise SubmissionError(f"{place}: is not a notebook (nested too deep)") from None
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise SubmissionError(
            f"{place}: is not a notebook that can be read ({_reason(text, problem)})"
        ) from None
    kept, written = list[Source](), dict[str, Source]()
    for number, code in enumerate(codes, start=1):
        called = f"{prefix}cell {number}"
        name, arguments, body = magics.cell_magic(code)
        file = arguments.split()[-1].strip("'\"") if arguments else ""
        if name in WRITES and file.endswith(".py"):
            module = file.removeprefix("./").removesuffix(".py").replace("/", ".")
            old = written[module].text if "-a" in arguments.split() and module in written else "\n"
            written[module] = Source(called, old + magics.script(body))
        elif code.strip():
            kept.append(Source(called, magics.cell(code)))
    if not kept and written:
        kept = [written.pop(MODULE if MODULE in written else min(written))]
    if not kept:
        raise SubmissionError(f"{place}: has no code cells; hand in the notebook with your code")
    return tuple(kept), written


def is_one(text: str) -> bool:
    """Whether a text is a notebook's, whatever its file is called."""
    return text.lstrip()[:1] == "{" and '"cell_type"' in text


def _reason(text: str, problem: Exception) -> str:
    """Why a text is no notebook, in a few words."""
    start = text.lstrip()[:20].lower()
    if start.startswith(("<!doctype", "<html")):
        return "it is a web page; download the notebook itself"
    if "<<<<<<< " in text and ">>>>>>> " in text:
        return "it holds the marks of a merge conflict"
    if isinstance(problem, json.JSONDecodeError) and not start.startswith("{"):
        return "it is not JSON; is it a .py file?"
    return ((str(problem).splitlines() or [""])[0] or type(problem).__name__)[:120]


def _codes(book: Any) -> list[str]:
    """The text of each code cell; what else a notebook should hold is not asked for."""
    if not isinstance(book, dict):
        raise ValueError("it is not a JSON object")
    found = book.get("cells")
    if found is None:  # the format before 2015
        found = [cell for sheet in book.get("worksheets", ()) for cell in sheet["cells"]]
        if "worksheets" not in book:
            raise ValueError("it has no cells")
    if not isinstance(found, list):
        raise ValueError("its cells are not a list")
    return [_joined(cell) for cell in found if cell.get("cell_type") == "code"]


def _joined(cell: dict[str, Any]) -> str:
    source = cell.get("source", cell.get("input", "")) or ""
    return _clean(source if isinstance(source, str) else "".join(source))


def _clean(text: str) -> str:
    """A cell's text with plain line ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def script(name: str, text: str) -> tuple[Source, ...]:
    """A .py file as Python; in cells where it is written in cells, as editors and nbconvert do.

    Each cell has the file's name and the line numbers of the file.
    """
    text = magics.script(text)
    starts = _marks(text)
    edges = [0, *(start for start in starts if start), len(text)]
    lines = [text.count("\n", 0, edge) for edge in edges]
    if len(edges) == 2 or sum(lines) > MOST_PADDING:
        return (Source(name, text),)
    parts = zip(edges, edges[1:], lines, strict=False)
    found = [(text[start:end], line) for start, end, line in parts]
    return tuple(Source(name, "\n" * line + part) for part, line in found if part.strip())


def _marks(text: str) -> list[int]:
    """Where the cells of a script begin: the marks among its comments, not those in a string."""
    if _MARK.search(text) is None:
        return []
    found, at = list[int](), 0
    while (start := _QUOTE_OR_COMMENT.search(text, at)) is not None:
        at = start.end()
        if start[0].startswith("#"):
            found += [start.start()] if _MARK.match(text, start.start()) else []
        else:
            end = _END[start[0]].search(text, at)
            at = len(text) if end is None else end.end()
    return found
