"""Which functions of a text are still the starter's stubs, found without parsing it."""

from __future__ import annotations

import re
from collections import defaultdict

from harness.records.handed_in import Submission

LONGEST_DEF = 2000
"""Characters of a line that are searched for the body of a function."""

_DEF = re.compile(r"^(\s*)(?:async\s+)?def\s+(\w+)")
_ONE_LINE = re.compile(r"\)\s*(?:->[^:)]*)?:\s*(.*)$")
IDLE = r"pass|\.\.\.|return( None)?|raise NotImplementedError\b.*"
"""The lines of a function that is still to be written, in whatever starter."""


def of(submission: Submission, idle: str) -> frozenset[str]:
    """The functions of a submission that still are the starter's stubs.

    Args:
        submission: its main text, and what that may import.
        idle: a pattern of the lines that the starter has in such a function besides IDLE.
    """
    texts = (*submission.main, *(source for _, source in submission.siblings))
    return frozenset[str]().union(*(unwritten(source.text, idle) for source in texts))


def unwritten(text: str, idle: str) -> frozenset[str]:
    """The functions whose body is the starter's stub, found line by line without parsing."""
    known = re.compile(f"{IDLE}|{idle}" if idle else IDLE)
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
    stubs = {at for at, body in bodies.items() if _is_idle(body, known)}
    children: dict[int | None, list[int]] = defaultdict(list)
    for at, (_, parent) in names.items():
        children[parent].append(at)
    found = set()
    for at in stubs:
        name, parent = names[at]
        # A stub of a closure makes its function unwritten; a stub beside written closures does not.
        if name == "_backward" and parent is not None:
            found.add(names[parent][0])
        elif all(child in stubs for child in children[at]):
            found.add(name)
    # An empty method of a base class does not make the written one of its heir a stub.
    written = {name for at, (name, _) in names.items() if at not in stubs and at not in children}
    return frozenset(found - written)


def _is_idle(body: list[str], known: re.Pattern[str]) -> bool:
    without_doc = [line for line in body if line and not line.startswith(('"""', "'''"))]
    return all(known.fullmatch(line) for line in without_doc)
