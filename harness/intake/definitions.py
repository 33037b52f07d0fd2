"""Where a text defines its functions and classes, found by parsing it; nothing is run."""

from __future__ import annotations

import ast
from functools import lru_cache

from harness.records.handed_in import Source


@lru_cache(maxsize=64)
def definitions(source: Source) -> dict[str, int]:
    """The line of each function and class of a source by its dotted name; of two, the last."""
    found: dict[str, int] = {}
    try:
        todo: list[tuple[str, ast.AST]] = [("", ast.parse(source.text))]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return found
    while todo:
        owner, tree = todo.pop(0)
        for node in getattr(tree, "body", ()):
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                found[owner + node.name] = node.lineno
                if isinstance(node, ast.ClassDef):
                    todo.append((f"{owner}{node.name}.", node))
    return found
