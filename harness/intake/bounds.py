"""How much Python a submission may hold, and the code of a notebook without all else it holds.

A notebook's outputs and metadata may be anything, and nothing of them is graded: they are passed
over without being built.
"""

from __future__ import annotations

import msgspec

from harness.records.errors import SubmissionError

LARGEST_PYTHON = 1 << 20
"""Characters of Python in one submission, all files or cells together; homework has 30,000."""
MOST_CELLS = 1000
"""Code cells of one notebook."""
MOST_PARTS = 200_000
"""Objects of a notebook's JSON, outputs included."""
SMALL = 1 << 20
"""Characters of a notebook that may be of any shape: it is quickly found wrong."""


class _Cell(msgspec.Struct):
    cell_type: str
    source: str | list[str] = ""
    input: str | list[str] = ""
    """What version 3 of the format calls the source."""


class _Sheet(msgspec.Struct):
    cells: list[_Cell]


class _Book(msgspec.Struct):
    cells: list[_Cell] | None = None
    worksheets: list[_Sheet] | None = None


def within(size: int, where: str) -> None:
    """Checks the characters of Python of a submission.

    Raises:
        SubmissionError: they are too many.
    """
    if size > LARGEST_PYTHON:
        raise SubmissionError(
            f"{where}: holds more than {LARGEST_PYTHON >> 20} MiB of Python; hand in your own code"
        )


def code_cells(text: str, place: str) -> list[str] | None:
    """The text of a notebook's code cells, its outputs and metadata passed over.

    Args:
        text: the notebook as JSON.
        place: where it stands, for a message.

    Returns:
        The texts in their order; None where a small text has another shape.

    Raises:
        SubmissionError: it has too many parts, cells or bytes of code.
    """
    if text.count("{") > MOST_PARTS:
        raise SubmissionError(
            f"{place}: has more than {MOST_PARTS:,} parts; clear its outputs and save it again"
        )
    try:
        book = msgspec.json.decode(text, type=_Book)
    except (msgspec.MsgspecError, UnicodeError):
        book = _Book()
    if book.cells is None and book.worksheets is None:
        if len(text) <= SMALL:
            return None
        raise SubmissionError(
            f"{place}: is not a notebook that can be read; clear its outputs and save it again"
        )
    sheets = [_Sheet(book.cells)] if book.cells is not None else book.worksheets or []
    code = [cell for sheet in sheets for cell in sheet.cells if cell.cell_type == "code"]
    if len(code) > MOST_CELLS:
        raise SubmissionError(
            f"{place}: has {len(code):,} code cells; at most {MOST_CELLS:,} are read"
        )
    within(sum(len(cell.source) + len(cell.input) for cell in code), place)
    sources = ["".join(cell.source) or "".join(cell.input) for cell in code]
    within(sum(map(len, sources)), place)
    return sources
