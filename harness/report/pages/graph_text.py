"""A program's graph in text: as a tree on a terminal, and in Mermaid for GitHub.

https://mermaid.js.org/syntax/flowchart.html names the signs.
"""

from __future__ import annotations

import string

from rich.text import Text
from rich.tree import Tree

from harness.records.program import Expression
from harness.records.verdict import Evidence
from harness.report.pages import pictures
from harness.report.pages.pictures import MOST_DRAWN, Row
from harness.report.words import wording

PLAIN = frozenset(string.ascii_letters + string.digits + " .,=+-*/()_")
"""What Mermaid shows as it is; anything else goes by its number."""
WRONG = "stroke:#b3261e,stroke-width:3px"


def tree(evidence: Evidence) -> Tree | None:
    """The graph from the output down to the leaves, each node once; None where none is drawn."""
    program = _drawn(evidence)
    if program is None:
        return None
    shown = pictures.rows(evidence, program)
    used = {i for node in program.nodes for i in node.inputs}
    top = Tree(Text(wording.say("graph"), style="bold"), guide_style="dim")
    known: set[int] = set()
    waiting = [(top, i) for i in range(len(shown)) if i not in used]
    while waiting:
        above, i = waiting.pop()
        if i in known:
            above.add(Text(wording.say("graph_again", node=shown[i].name), style="dim"))
            continue
        known.add(i)
        branch = above.add(_line(shown[i]))
        waiting += [(branch, below) for below in reversed(program.nodes[i].inputs)]
    return top


def mermaid(evidence: Evidence) -> str:
    """The graph as a Mermaid flowchart, inputs above outputs; nothing where none is drawn."""
    program = _drawn(evidence)
    if program is None:
        return ""
    shown = pictures.rows(evidence, program)
    lines = ["flowchart TB"]
    for i, row in enumerate(shown):
        texts = [text for text, _ in pictures.lines(row)] + ([f"▲ {row.tag}"] if row.tag else [])
        lines.append(f'  n{i}["{"<br>".join(map(_escaped, texts))}"]')
    lines += [f"  n{i} --> n{n}" for n, node in enumerate(program.nodes) for i in node.inputs]
    lines += [f"  style n{i} {WRONG}" for i, row in enumerate(shown) if row.first or row.wrong]
    return "\n".join(lines)


def _drawn(evidence: Evidence) -> Expression | None:
    program = pictures.graph(evidence)
    return program if program is not None and len(program.nodes) <= MOST_DRAWN else None


def _line(row: Row) -> Text:
    """A node and its numbers on one line, what is wrong in red."""
    line = Text()
    for text, style in pictures.lines(row):
        kind = style.split()[0]
        shade = {"name": "bold", "wrong": "bold red", "expected": "green"}.get(kind, "")
        line.append("  " if len(line) else "").append(text, shade)
    return line.append(f"  <- {row.tag}", "bold red") if row.tag else line


def _escaped(text: str) -> str:
    return "".join(c if c in PLAIN else f"#{ord(c)};" for c in text)
