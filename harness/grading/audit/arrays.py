"""Operators on code that computes with arrays: axes, shapes, scales, orders of a product.

They make the mistakes of array code that the operators on scalars do not make: a sum over another
axis, a transpose too few, a mean for a sum, a largest score that is not taken off, an argument that
is computed in.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

from harness.grading.audit.wiring import Function, Operator, arguments, literal, parts, with_fields

AXES = (0, 1, 2)
"""The axes of what such courses compute with."""
REDUCTIONS = {
    "sum": ("mean",),
    "mean": ("sum",),
    "max": ("min", "mean"),
    "min": ("max",),
    "argmax": ("argmin",),
    "argmin": ("argmax",),
}
"""What leaves out an axis, and what is taken for it."""
PRODUCTS = ("matmul", "dot")
MOVES = ("moveaxis", "swapaxes", "transpose")
OF_ARRAYS = ("T", "shape", "reshape")
"""Attributes that a number lacks."""


def _on_arrays(function: Function) -> bool:
    """Whether a function computes with arrays, as far as its text tells."""
    return any(
        (isinstance(part, ast.Name) and part.id == "np")
        or (isinstance(part, ast.Attribute) and part.attr in OF_ARRAYS)
        or (isinstance(part, ast.keyword) and part.arg == "axis")
        for part in ast.walk(function)
    )


def _called(node: ast.AST, *names: str) -> bool:
    """Whether it calls a function or a method of one of these names: np.sum(x) or x.sum()."""
    named = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    return named and isinstance(node, ast.Call) and getattr(node.func, "attr", "") in names


def _numpy(name: str, *given: ast.expr) -> ast.Call:
    return ast.Call(ast.Attribute(ast.Name("np"), name, ast.Load()), list(given), [])


def _other_axis(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """Another axis of a reduction or for a new axis, or none."""
    if isinstance(node, ast.keyword) and node.arg == "axis":
        if isinstance(node.value, ast.Constant):
            others = (axis for axis in AXES if axis != node.value.value)
            yield from (with_fields(node, value=ast.Constant(axis)) for axis in others)
    elif isinstance(node, ast.Call):
        yield from _without(node, "axis")


def _without(call: ast.Call, name: str) -> Iterator[ast.AST]:
    """A call without one of the arguments that it is given by name."""
    rest = [given for given in call.keywords if given.arg != name]
    if len(rest) < len(call.keywords):
        yield with_fields(call, keywords=rest)


def _dimension_lost(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """What is summed loses its axis where it should keep it, or an index keeps one."""
    if isinstance(node, ast.Call):
        yield from _without(node, "keepdims")
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple):
        for k, index in enumerate(node.slice.elts):
            number = _whole(index)
            if number is not None:
                end = literal(number + 1) if number != -1 else None
                kept = ast.Slice(literal(number), end)
                yield with_fields(node, slice=_with(node.slice, k, kept))


def _whole(node: ast.AST) -> int | None:
    """The integer that is written there, if it is one."""
    try:
        number = ast.literal_eval(node) if isinstance(node, ast.Constant | ast.UnaryOp) else None
    except ValueError:
        return None
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def _with(row: ast.Tuple, k: int, element: ast.expr) -> ast.Tuple:
    """A tuple with another element at one place."""
    return with_fields(row, elts=[*row.elts[:k], element, *row.elts[k + 1 :]])


def _other_index(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """An index is off by one, on either side."""
    if not isinstance(node, ast.Subscript):
        return
    for k, index in enumerate(parts(node.slice)):
        number = _whole(index)
        for other in (number - 1, number + 1) if number is not None else ():
            changed: ast.expr = literal(other)
            if isinstance(node.slice, ast.Tuple):
                changed = _with(node.slice, k, changed)
            yield with_fields(node, slice=changed)


def _other_reduction(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """A mean for a sum, a smallest for a largest."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        for other in REDUCTIONS.get(node.func.attr, ()):
            yield with_fields(node, func=with_fields(node.func, attr=other))


def _transposed(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """A transpose is left out, or an operand of a matrix product is transposed."""
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield node.value
    elif isinstance(node, ast.Call) and _called(node, *MOVES) and node.args:
        yield node.args[0]
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        if not _is_turned(node.left):
            yield with_fields(node, left=_turned(node.left))
        if not _is_turned(node.right):
            yield with_fields(node, right=_turned(node.right))
    elif isinstance(node, ast.Call) and _called(node, *PRODUCTS) and len(node.args) == 2:
        left, right = node.args
        if not _is_turned(left):
            yield with_fields(node, args=[_turned(left), right])
        if not _is_turned(right):
            yield with_fields(node, args=[left, _turned(right)])


def _is_turned(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "T"


def _turned(node: ast.expr) -> ast.expr:
    return ast.Attribute(node, "T", ast.Load())


def _other_product(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """A matrix product in the other order, or element by element."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        yield with_fields(node, left=node.right, right=node.left)
        yield with_fields(node, op=ast.Mult())
    elif isinstance(node, ast.Call) and _called(node, *PRODUCTS) and len(node.args) == 2:
        yield with_fields(node, args=node.args[::-1])
        yield ast.BinOp(node.args[0], ast.Mult(), node.args[1])


def _other_subscripts(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """The last two letters of one part of an einsum change places."""
    if not isinstance(node, ast.Call) or not _called(node, "einsum") or not node.args:
        return
    told = node.args[0]
    if not isinstance(told, ast.Constant) or not isinstance(told.value, str):
        return
    given, arrow, result = told.value.partition("->")
    terms = [*given.split(","), result]
    for k, term in enumerate(terms):
        if len(term.strip()) > 1:
            other = [*terms[:k], term[:-2] + term[-1] + term[-2], *terms[k + 1 :]]
            text = ",".join(other[:-1]) + arrow + other[-1]
            yield with_fields(node, args=[ast.Constant(text), *node.args[1:]])


def _other_scale(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """What is divided by a count is not, or is twice."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Div):
        return
    if isinstance(node.right, ast.Name | ast.Subscript) and _on_arrays(function):
        yield node.left
        yield ast.BinOp(node, ast.Div(), node.right)


def _overflow(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """What keeps exp from overflowing is left out: the largest taken off, a logaddexp."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and _called(node.right, "max"):
        yield node.left
    elif isinstance(node, ast.Call) and _called(node, "logaddexp") and len(node.args) == 2:
        one, other = (_numpy("exp", given) for given in node.args)
        yield _numpy("log", ast.BinOp(one, ast.Add(), other))


def _negated(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """A minus is left out, or what is returned or assigned gets one."""
    if not _on_arrays(function):
        return
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        if not isinstance(node.operand, ast.Constant):
            yield node.operand
    elif isinstance(node, ast.Assign | ast.Return) and isinstance(node.value, ast.BinOp):
        yield with_fields(node, value=ast.UnaryOp(ast.USub(), node.value))


def _inexact(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """What is returned is too much by one part in a billion, or has been single precision."""
    if not isinstance(node, ast.Return) or node.value is None or not _on_arrays(function):
        return
    factor = ast.BinOp(ast.Constant(1), ast.Add(), ast.Constant(1e-9))
    for k, returned in enumerate(parts(node.value)):
        if isinstance(returned, ast.Tuple | ast.Constant):
            continue
        for other in (ast.BinOp(returned, ast.Mult(), factor), _numpy("float32", returned)):
            whole = _with(node.value, k, other) if isinstance(node.value, ast.Tuple) else other
            yield with_fields(node, value=whole)


def _in_place(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """An argument is computed in, where something new should be made of it."""
    names = arguments(function)
    if not _on_arrays(function):
        return
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp):
        (target,), value = node.targets, node.value
        same = isinstance(target, ast.Name) and ast.unparse(target) == ast.unparse(value.left)
        if same and isinstance(target, ast.Name) and target.id in names:
            yield ast.AugAssign(target, value.op, value.right)
    elif node is function and isinstance(node, Function):
        for at, statement in enumerate(node.body):
            for name, operation, other in _computed(statement, names):
                changed = ast.AugAssign(ast.Name(name), operation.op, other)
                rest = copy.deepcopy(statement, {id(operation): ast.Name(name)})
                yield with_fields(node, body=[*node.body[:at], changed, rest, *node.body[at + 1 :]])


def _computed(statement: ast.stmt, names: list[str]) -> Iterator[tuple[str, ast.BinOp, ast.expr]]:
    """What a statement computes of an argument: its name, the operation, the other operand."""
    if not isinstance(statement, ast.Assign | ast.Return):
        return
    if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) in names:
        return  # an assignment to the argument becomes another one, above
    for part in ast.walk(statement):
        if isinstance(part, ast.BinOp) and not isinstance(part.op, ast.MatMult):
            either = isinstance(part.op, ast.Add | ast.Mult)
            if isinstance(part.left, ast.Name) and part.left.id in names:
                yield part.left.id, part, part.right
            elif either and isinstance(part.right, ast.Name) and part.right.id in names:
                yield part.right.id, part, part.left


def _moved(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """The first statement of a loop comes last, or what it asks anew is asked once before it."""
    if isinstance(node, ast.For) and len(node.body) > 1:
        yield with_fields(node, body=[*node.body[1:], node.body[0]])
    elif node is function and isinstance(node, Function):
        for at, loop in enumerate(node.body):
            if not isinstance(loop, ast.For):
                continue
            for k, asked in enumerate(loop.body):
                if isinstance(asked, ast.Assign) and isinstance(asked.value, ast.Call):
                    left = with_fields(loop, body=[*loop.body[:k], *loop.body[k + 1 :]])
                    yield with_fields(
                        node, body=[*node.body[:at], asked, left, *node.body[at + 1 :]]
                    )


ARRAYS: dict[str, Operator] = {
    "other axis": _other_axis,
    "dimension lost or kept": _dimension_lost,
    "other index": _other_index,
    "other reduction": _other_reduction,
    "transposed": _transposed,
    "other product": _other_product,
    "other subscripts": _other_subscripts,
    "other scale": _other_scale,
    "overflow": _overflow,
    "sign changed": _negated,
    "inexact": _inexact,
    "argument changed": _in_place,
    "statement moved": _moved,
}
"""Each kind of change, in the order in which they are made at one place of the text."""
