"""Put parts of the answer key in the place of a student's own, as Python for the worker."""

from __future__ import annotations

import ast

from harness.records.dialect import Dialect

REPLACEMENT = "answer key"
"""Where a fault is located that stopped in a part of ours."""
_OPERATORS = frozenset(f"__{side}{name}__" for side in ("", "r") for name in ("add", "sub", "mul"))
OPERATORS = _OPERATORS | {"__truediv__", "__rtruediv__"}
"""Methods whose other operand may be a plain number, as some students' take it."""

RETURNS = "returns "
"""Before a dotted name: the student's own function, which gives back the node that it made."""

_PUT = """
def _put(holder, name, new):
    old = getattr(holder, name, None)
    setattr(holder, name, new)
    for place in (module, *siblings):
        for known, thing in list(vars(place).items()):
            if old is not None and thing is old:
                setattr(place, known, new)

"""
"""Puts a function of ours under every name that the student's has, aliases included."""
_OWNER = """
def _owner(first, *rest):
    place = names.get(first)
    if place is None:
        place = names[first] = type(first, (), {})
    if not hasattr(module, first):
        setattr(module, first, place)
    for name in rest:
        if not hasattr(place, name):
            setattr(place, name, type(name, (), {}))
        place = getattr(place, name)
    return place

"""
"""The class that a method of ours belongs to: an empty one where the module lacks it."""
_COERCED = """
import numbers as _numbers

def _is_node(thing):
    if isinstance(thing, _numbers.Number) or type(thing).__module__ == "numpy":
        return False
    try:
        {value}
    except AttributeError:
        return False
    return True

def _coerced(method):
    def operator(self, other):
        return method(self, other if _is_node(other) else {leaf})
    return operator
"""
"""Lets an operator of ours take what is no node, by a leaf in the student's dialect."""
_RETURNING = """
def _returning(function, node):
    def returned(*arguments):
        made, init = [], node.__init__
        def noting(self, *args, **named):
            made.append(self)
            init(self, *args, **named)
        node.__init__ = noting
        try:
            result = function(*arguments)
        finally:
            node.__init__ = init
        return result if isinstance(result, node) or not made else made[-1]
    return returned

"""
"""Has a function of the student's return the last node that it made, where it returns none."""
_ATTRIBUTES = """
def _is_kept(name):
    try:
        one, other = {leaf}, {leaf}
        setattr(one, name, 1.5)
        setattr(other, name, 2.5)
        return (1.5, 2.5) == (getattr(one, name), getattr(other, name))
    except Exception:
        return False

for _name in {names}:
    for _place in {node}.__mro__:
        if isinstance(vars(_place).get(_name), property) and not _is_kept(_name):
            delattr(_place, _name)
"""
"""Takes away a property that does not keep for each node what a constructor of ours sets."""


def replacement(key: str, parts: tuple[str, ...], dialect: Dialect) -> str:
    """Python that puts parts of the answer key in the place of the student's own.

    Only the text of those parts is in it: what is judged beside them cannot be read off. It is
    run behind the dialect's prelude.

    Args:
        key: the answer key's text, written in that dialect.
        parts: dotted names; the dialect's holder for the whole module, else a method or a
            function. One behind RETURNS stays the student's own, and only returns what it made.
        dialect: how the student's module spells a node.
    """
    tree = ast.parse(key)
    lines = [ast.unparse(node) for node in tree.body if isinstance(node, ast.Import)]
    lines += [_PUT, _OWNER, "globals().update(names)"]  # what stays of the student's, ours may call
    whole = dialect.whole if dialect.holder in parts else ()
    chosen = [part for part in whole if definition(tree, part) is not None]
    chosen += [part for part in parts if part != dialect.holder and not part.startswith(RETURNS)]
    if any(_is_operator(part, dialect) for part in chosen):
        value, leaf = dialect.value.format("thing"), dialect.leaf.format("other")
        lines.append(_COERCED.format(value=value, leaf=leaf))
    for part in chosen:
        found = definition(tree, part)
        assert found is not None, f"the answer key has no {part}"
        lines.append(ast.unparse(found))
        owner, _, name = part.rpartition(".")
        if not owner:
            lines.append(f"_put(module, {name!r}, {name})\nnames[{name!r}] = {name}")
            continue
        place = _spelled(owner)
        new = f"_coerced({name})" if _is_operator(part, dialect) else name
        lines.append(f"_put({place}, {name!r}, {new})")
    if dialect.holder in parts and dialect.leaf:
        lines.append(_attributes(tree, dialect))
    silent = [part.removeprefix(RETURNS) for part in parts if part.startswith(RETURNS)]
    lines += [_RETURNING] if silent else []
    for part in silent:
        owner, _, name = part.rpartition(".")
        place, node = _spelled(owner), _spelled(dialect.node)
        lines.append(f"_put({place}, {name!r}, _returning(getattr({place}, {name!r}), {node}))")
    lines.append("globals().update(names)")  # a class that was made for a method of ours
    return "\n".join(lines) + "\n"


def _attributes(tree: ast.AST, dialect: Dialect) -> str:
    """Python after which a node has plain attributes where the answer key's has."""
    init = definition(tree, f"{dialect.node}.__init__")
    names = [
        part.attr
        for part in (ast.walk(init) if init is not None else ())
        if isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store)
    ]
    leaf, node = dialect.leaf.format("1.0"), _spelled(dialect.node)
    return _ATTRIBUTES.format(leaf=leaf, names=names, node=node)


def _spelled(owner: str) -> str:
    """A dotted class as Python that finds it."""
    return f"_owner({', '.join(map(repr, owner.split('.')))})"


def functions(parts: tuple[str, ...], dialect: Dialect) -> frozenset[str]:
    """The bare names of the functions that are replaced with some parts."""
    every = (*parts, *(dialect.whole if dialect.holder in parts else ()))
    return frozenset(part.rpartition(".")[2] for part in every)


def _is_operator(part: str, dialect: Dialect) -> bool:
    """Whether a part is an operator of the class whose objects are nodes."""
    owner, _, name = part.rpartition(".")
    return bool(dialect.leaf) and owner == dialect.node and name in OPERATORS


def definition(tree: ast.AST, part: str) -> ast.stmt | None:
    """The function or class of a dotted name in a module's tree, or None."""
    body: list[ast.stmt] = getattr(tree, "body", [])
    first, _, rest = part.partition(".")
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == first:
            return definition(node, rest) if rest else node
    return None
