"""Operators on how the objects of a module hang together, and on what it keeps between calls.

A node that does not know its operands, a function stored where it does not belong, a shortcut where
an operand is 0 or 1, objects taken for one because they look alike, a result that is kept: one
program alone seldom shows them, so each check must ask for more than one use of what it is about.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from typing import TypeVar

Node = TypeVar("Node", bound=ast.AST)
Function = ast.FunctionDef | ast.AsyncFunctionDef
Operator = Callable[[ast.AST, Function], Iterator[ast.AST]]
"""What may stand in the place of a node, given the outermost function around it."""

MUTABLE = ("list", "set", "dict")
"""Calls that make something a default argument would keep."""
LOOKS = ("label", "value")
"""Attributes by which two objects may look alike."""
SPECIAL = (0, 1)
"""Numbers for which a shortcut suggests itself."""
KEPT = "kept"
"""The attribute in which a mutant keeps what it made before."""


def with_fields(node: Node, **fields: object) -> Node:
    """The same node with some fields changed."""
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def all_but_one(items: list[Node]) -> list[list[Node]]:
    """The list without each of its elements in turn."""
    return [items[:k] + items[k + 1 :] for k in range(len(items))]


def parts(node: ast.expr) -> list[ast.expr]:
    """The elements of a tuple, or a single expression."""
    return node.elts if isinstance(node, ast.Tuple) else [node]


def literal(number: float) -> ast.expr:
    """A number as Python reads it: a minus is an operation of its own."""
    constant = ast.Constant(abs(number))
    return ast.UnaryOp(ast.USub(), constant) if number < 0 else constant


def _unconnected(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """What is made is not told of the others, or of one of them."""
    if not isinstance(node, ast.Call):
        return
    for k, given in enumerate(node.keywords):
        if isinstance(given.value, ast.List) and given.value.elts:
            yield with_fields(node, keywords=[*node.keywords[:k], *node.keywords[k + 1 :]])
            for rest in all_but_one(given.value.elts) if len(given.value.elts) > 1 else ():
                fewer = with_fields(given, value=with_fields(given.value, elts=rest))
                yield with_fields(
                    node, keywords=[*node.keywords[:k], fewer, *node.keywords[k + 1 :]]
                )


def _registered_elsewhere(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """A function of its own is stored on an argument, or is called where it should be stored."""
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return
    target, nested = node.targets[0], {part.name for part in _inner(function)}
    if not isinstance(target, ast.Attribute) or not isinstance(target.value, ast.Name):
        return
    if not isinstance(node.value, ast.Name) or node.value.id not in nested:
        return
    for name in arguments(function):
        if name != target.value.id:
            yield with_fields(node, targets=[with_fields(target, value=ast.Name(name))])
    yield with_fields(node, value=ast.Call(node.value, [], []))


def _inner(function: Function) -> Iterator[Function]:
    """The functions that are defined in another."""
    return (s for s in ast.walk(function) if isinstance(s, Function) and s is not function)


def arguments(function: Function) -> list[str]:
    """The names of what a function is given."""
    return [argument.arg for argument in function.args.args]


def _shortcut(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """Where an operand is 0 or 1, one of the operands is returned, or a result that knows none."""
    made = _made_first(node) if node is function else None
    if made is None or not isinstance(node, Function):
        return
    read = [name for name in arguments(node) if _reads(made, name)]
    results = [ast.Name(name) for name in read if f"{name}.value" in ast.unparse(made)]
    bare = with_fields(made, keywords=[])
    for name in read:
        spelled = f"{name}.value" if f"{name}.value" in ast.unparse(made) else name
        for number in SPECIAL:
            test = ast.parse(f"{spelled} == {number}", mode="eval").body
            for result in (*results, bare):
                early = ast.If(test, [ast.Return(result)], [])
                yield with_fields(node, body=_below_docstring(node.body, early))


def _made_first(node: ast.AST) -> ast.Call | None:
    """The call that makes what a function begins with and returns."""
    if not isinstance(node, Function):
        return None
    body = [s for s in node.body if not _is_docstring(s)]
    first = body[0] if body else None
    ends = body[-1] if body else None
    if not isinstance(first, ast.Assign) or not isinstance(first.value, ast.Call):
        return None
    if not isinstance(ends, ast.Return) or ends.value is None or not first.value.keywords:
        return None
    same = ast.unparse(ends.value) == ast.unparse(first.targets[0])
    return first.value if same else None


def _reads(call: ast.Call, name: str) -> bool:
    """Whether the first argument of a call is computed from a name."""
    named = (part for part in ast.walk(call.args[0]) if isinstance(part, ast.Name))
    return bool(call.args) and any(part.id == name for part in named)


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _below_docstring(body: list[ast.stmt], *first: ast.stmt) -> list[ast.stmt]:
    """A body that begins with other statements, behind its docstring."""
    at = 1 if body and _is_docstring(body[0]) else 0
    return [*body[:at], *first, *body[at:]]


def _looks_alike(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """Objects are told apart by their label or their value, where it was by what they are."""
    if node is not function or not any(_is_identity(part) for part in ast.walk(node)):
        return
    for attribute in LOOKS:
        yield _Looks(attribute).visit(copy.deepcopy(node))


def _is_identity(node: ast.AST) -> bool:
    """Whether it is id(name)."""
    named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "id"
    return named and isinstance(node, ast.Call) and isinstance(node.args[0], ast.Name)


class _Looks(ast.NodeTransformer):
    """Puts an attribute of an object in the place of what the object is."""

    def __init__(self, attribute: str) -> None:
        self._attribute = attribute

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """An id() becomes the attribute; any other call is looked into."""
        if _is_identity(node):
            return ast.Attribute(node.args[0], self._attribute, ast.Load())
        return self.generic_visit(node)


def _kept_state(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """A container that a function begins with is a default argument, or its object keeps it."""
    if not isinstance(node, Function):
        return
    for at, statement in enumerate(node.body):
        if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
            continue
        names, values = parts(statement.targets[0]), parts(statement.value)
        for k, (name, value) in enumerate(zip(names, values, strict=False)):
            if not isinstance(name, ast.Name) or not _is_fresh(value):
                continue
            left = _without(names, values, k)
            before, after = node.body[:at], node.body[at + 1 :]
            given, defaults = node.args.args, node.args.defaults
            arguments = with_fields(
                node.args, args=[*given, ast.arg(name.id)], defaults=[*defaults, value]
            )
            yield with_fields(node, args=arguments, body=[*before, left, *after])
            if _is_method(node):
                keeping = _statement(
                    f"{name.id} = self.{KEPT} = getattr(self, '{KEPT}', None) or X"
                )
                assert isinstance(keeping, ast.Assign)
                assert isinstance(keeping.value, ast.BoolOp)
                keeping.value.values[1] = value
                yield with_fields(node, body=[*before, left, keeping, *after])


def _is_method(node: Function) -> bool:
    return arguments(node)[:1] == ["self"]


def _is_fresh(node: ast.expr) -> bool:
    """Whether it makes a new container out of nothing that the function knows."""
    if isinstance(node, ast.Call):
        named = isinstance(node.func, ast.Name) and node.func.id in MUTABLE
        return named and not node.args and not node.keywords
    shown = isinstance(node, ast.List | ast.Set | ast.Dict)
    return shown and not any(isinstance(part, ast.Name) for part in ast.walk(node))


def _without(names: list[ast.expr], values: list[ast.expr], k: int) -> ast.stmt:
    """The assignment of all names but one."""
    left = [pair for i, pair in enumerate(zip(names, values, strict=True)) if i != k]
    if not left:
        return ast.Pass()
    target, value = (ast.Tuple([pair[side] for pair in left]) for side in (0, 1))
    return ast.Assign([target], value, lineno=0)


def _result_kept(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """A method gives what it gave the first time."""
    if node is not function or not isinstance(node, Function) or not _is_method(node):
        return
    ends = node.body[-1]
    if not isinstance(ends, ast.Return) or ends.value is None or node.name.startswith("__"):
        return
    keep = _statement(f"self.{KEPT} = X")
    assert isinstance(keep, ast.Assign)
    keep.value = ends.value
    early = _statement(f"if hasattr(self, '{KEPT}'):\n    return self.{KEPT}")
    again = ast.Return(ast.parse(f"self.{KEPT}", mode="eval").body)
    yield with_fields(node, body=[*_below_docstring(node.body[:-1], early), keep, again])


def _statement(text: str) -> ast.stmt:
    return ast.parse(text).body[0]


WIRING: dict[str, Operator] = {
    "node unconnected": _unconnected,
    "registered elsewhere": _registered_elsewhere,
    "shortcut": _shortcut,
    "told apart by looks": _looks_alike,
    "state kept": _kept_state,
    "result kept": _result_kept,
}
"""Each kind of change, in the order in which they are made at one place of the text."""
