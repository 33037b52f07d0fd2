"""IPython's syntax as Python: magics, shell lines and help become calls; line numbers stay.

The worker has a get_ipython() for those calls. What may hold such syntax is told by a pattern
first, so that IPython is imported only where it is needed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

MOST_WORK = 4_000_000
"""Characters of a cell times its lines that may be magics: IPython reads all of it for each."""
PYTHON_MAGICS = frozenset(
    {"time", "timeit", "capture", "prun", "memit", "mprun", "lprun", "snakeviz", "scalene"}
)
"""Cell magics that run the cell as the Python that it is."""
_CANDIDATE = re.compile(
    r"^[ \t]*(?:%|!|\?|>>> |\.\.\. |In \[\d*\]:)|=[ \t]*[%!]|\?[ \t]*(?:#.*)?$", re.MULTILINE
)
_INDENTED = re.compile(r"(?:[ \t]*(?:#.*)?\n)*[ \t]+[^\s#]")
_CELL = re.compile(r"\s*%%(\S+)[ \t]*(.*)")


def cell_magic(text: str) -> tuple[str, str, str]:
    """The name, the arguments and the body of a cell's magic; three times nothing without one."""
    stripped = text.lstrip("\n")
    first, _, body = stripped.partition("\n")
    found = _CELL.fullmatch(first)
    return (found[1], found[2].strip(), body) if found else ("", "", "")


def cell(text: str) -> str:
    """A notebook's cell as Python."""
    name, arguments, body = cell_magic(text)
    if not name:
        return _python(text, leading=True)
    above = text[: len(text) - len(text.lstrip("\n"))]
    if name not in PYTHON_MAGICS:
        call = f"get_ipython().run_cell_magic({name!r}, {arguments!r}, {body!r})"
        return above + call + "\n" * body.count("\n")
    bound = arguments.split()[-1] if arguments else ""
    first = (
        f"{bound} = get_ipython().captured" if name == "capture" and bound.isidentifier() else ""
    )
    return f"{above}{first}\n{_python(body, leading=True)}"


def script(text: str) -> str:
    """A .py file as Python: Colab and others write magics into it as they are."""
    return _python(text, leading=False)


def _python(text: str, *, leading: bool) -> str:
    candidates = sum(1 for _ in _CANDIDATE.finditer(text))
    work = len(text) * (candidates or (leading and _INDENTED.match(text) is not None))
    if not 0 < work <= MOST_WORK:
        return text
    try:
        return _transformed(text, leading=leading)
    except Exception:  # whatever IPython cannot read, Python will refuse with a line
        return text


def _transformed(text: str, *, leading: bool) -> str:
    """The text after IPython's own transformations; none of them changes the count of lines."""
    from IPython.core import inputtransformer2 as ipython  # here: it takes a third of a second

    manager: Any = ipython.TransformerManager  # it has no types
    one = manager().do_one_token_transform
    lines = text.split("\n")
    parts = [line + "\n" for line in lines]
    cleaning: tuple[Callable[[list[str]], list[str]], ...] = (
        ipython.leading_indent,
        ipython.classic_prompt,
        ipython.ipython_prompt,
    )
    for clean in cleaning if leading else ():
        parts = clean(parts)
    for _ in range(len(lines)):
        changed, new = one(parts)
        if not changed:
            break
        same = next(
            (n for n, pair in enumerate(zip(parts, new, strict=False)) if len({*pair}) == 2), 0
        )
        parts = [*new[: same + 1], *["\n"] * (len(parts) - len(new)), *new[same + 1 :]]
    return "".join(parts)[:-1]
