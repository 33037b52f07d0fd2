"""Mutants of a module: one change each, made by operators on its syntax tree.

The operators make the mistakes that students make: a gradient overwritten, a factor left out, an
operand taken for the other, a visited set that forgets. They know nothing of automatic
differentiation but that a number has a value and a grad.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from harness.grading.audit.arrays import ARRAYS
from harness.grading.audit.wiring import (
    WIRING,
    Function,
    Operator,
    all_but_one,
    literal,
    parts,
    with_fields,
)

OTHER_OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add, ast.Div),
    ast.Div: (ast.Mult,),
    ast.Pow: (ast.Mult,),
}
OTHER_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
TWINS = {"value": "grad", "grad": "value"}
"""Attributes that are taken for each other."""


@dataclass(frozen=True)
class Mutation:
    """A module with one change in it."""

    name: str
    """Where and what: "exp: return output -> return None"."""
    operator: str
    """Which kind of change it is: a key of OPERATORS."""
    where: str
    """The dotted function: "Value.__mul__"; what is nested in it counts as its own."""
    change: str
    """The statement as it stood there, and as it stands there now."""
    text: str


@dataclass(frozen=True)
class _Slot:
    """A place in the tree where one node stands."""

    holder: ast.AST
    field: str
    at: int | None
    statement: ast.stmt
    """The statement that the node is, or is a part of."""

    def put(self, node: ast.AST) -> None:
        """Puts a node there."""
        if self.at is None:
            setattr(self.holder, self.field, node)
        else:
            getattr(self.holder, self.field)[self.at] = node


@lru_cache(maxsize=8)
def mutations(text: str) -> tuple[Mutation, ...]:
    """Every mutant of the module's functions, in the order of the text; no two are the same.

    Each text is what ast.unparse makes of the tree: comments and blank lines are not in it.
    """
    tree = ast.parse(text)
    seen, taken = {ast.unparse(tree)}, Counter[str]()
    found: list[Mutation] = []
    for where, operator, change, changed in _changes(tree):
        if changed not in seen:
            seen.add(changed)
            name = f"{where}: {change}"
            taken[name] += 1
            name += f" ({taken[name]})" if taken[name] > 1 else ""
            found.append(Mutation(name, operator, where, change, changed))
    return tuple(found)


def _changes(tree: ast.Module) -> Iterator[tuple[str, str, str, str]]:
    """Where, by which operator, the statement before and after, and the whole text."""
    for where, own, function in _functions(tree, ""):
        for slot, node in [(own, function), *_slots(function, function)]:
            before = _headline(slot.statement)
            for operator, make in OPERATORS.items():
                for new in make(node, function):
                    slot.put(new)
                    after = _headline(new if node is slot.statement else slot.statement)
                    changed = ast.unparse(tree)
                    slot.put(node)
                    if after == before and node is slot.statement:
                        after = _new_lines(node, new)
                    yield where, operator, f"{before} -> {after}", changed


def _functions(
    tree: ast.Module | ast.ClassDef, owner: str
) -> Iterator[tuple[str, _Slot, Function]]:
    """The functions and methods of a module, nested ones left to those they stand in."""
    for at, node in enumerate(tree.body):
        if isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{owner}{node.name}.")
        elif isinstance(node, Function):
            yield owner + node.name, _Slot(tree, "body", at, node), node


def _slots(node: ast.AST, statement: ast.stmt) -> Iterator[tuple[_Slot, ast.AST]]:
    """Each node below one, with the place where it stands."""
    for field, value in ast.iter_fields(node):
        rows = enumerate(value) if isinstance(value, list) else ((None, value),)
        for at, child in rows:
            if isinstance(child, ast.AST):
                inside = child if isinstance(child, ast.stmt) else statement
                yield _Slot(node, field, at, inside), child
                yield from _slots(child, inside)


def _headline(node: ast.AST) -> str:
    """A statement as its first line."""
    return ast.unparse(node).strip().partition("\n")[0]


def _new_lines(node: ast.AST, new: ast.AST) -> str:
    """What stands in a changed statement and did not before, on one line; all if but the order."""
    before, after = (ast.unparse(one).splitlines() for one in (node, new))
    added = [line for line in after if line not in before]
    return " ".join(line.strip() for line in added or after)


# --- operators: a node, and the outermost function that it stands in ------------------------


def _assigned(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """`+=` becomes `=`, and `-=`."""
    if isinstance(node, ast.AugAssign):
        target = ast.Assign([node.target], node.value, lineno=node.lineno)
        other = {ast.Add: ast.Sub, ast.Sub: ast.Add}.get(type(node.op))
        yield target
        if other is not None:
            yield with_fields(node, op=other())


def _statement_dropped(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """A statement is left out; without its return a function returns None, which is made below."""
    kept = isinstance(node, Function | ast.ClassDef | ast.Pass | ast.Return)
    docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    if isinstance(node, ast.stmt) and not kept and not docstring:
        yield ast.Pass()


def _upstream_dropped(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """A product without the gradient that comes from above."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
        for kept, left_out in ((node.left, node.right), (node.right, node.left)):
            if isinstance(left_out, ast.Attribute) and left_out.attr == "grad":
                yield kept if kept is node.left or isinstance(node.op, ast.Mult) else _inverse(kept)


def _inverse(node: ast.expr) -> ast.expr:
    return ast.BinOp(ast.Constant(1.0), ast.Div(), node)


def _operand_dropped(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """A factor, a term, a divisor, an exponent or a sign is left out."""
    if isinstance(node, ast.BinOp):
        yield node.left
        yield node.right
    elif isinstance(node, ast.BoolOp):
        yield from node.values
    elif isinstance(node, ast.UnaryOp):
        yield node.operand


def _swapped(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """Operands of what is not commutative, and the two arguments of a call, change places."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub | ast.Div | ast.Pow):
        yield with_fields(node, left=node.right, right=node.left)
    elif isinstance(node, ast.Call) and len(node.args) == 2 and not node.keywords:
        yield with_fields(node, args=node.args[::-1])


def _other_operator(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    if isinstance(node, ast.BinOp):
        for other in OTHER_OPERATORS.get(type(node.op), ()):
            yield with_fields(node, op=other())


def _other_constant(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """A number is off by one, negated or doubled; a truth is a lie."""
    if not isinstance(node, ast.Constant):
        return
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int | float):
        number = node.value
        changed = (number + 1, number - 1, -number, 2 * number)
        yield from (literal(new) for new in changed if new != number)


def _billionth(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """What is added or taken away is too much by one part in a billion."""
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add | ast.Sub):
        factor = ast.BinOp(ast.Constant(1), ast.Add(), ast.Constant(1e-9))
        yield with_fields(node, value=ast.BinOp(node.value, ast.Mult(), factor))


def _other_comparison(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for other in OTHER_COMPARISONS.get(type(node.ops[0]), ()):
            yield with_fields(node, ops=[other()])


def _other_condition(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """A condition is negated, or always true, or never; `not in visited` as well."""
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        tests = (ast.UnaryOp(ast.Not(), node.test), ast.Constant(True), ast.Constant(False))
        yield from (with_fields(node, test=test) for test in tests)


def _other_order(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """reversed() is left out or put in; pop() takes the other end."""
    if isinstance(node, ast.For | ast.comprehension):
        if isinstance(node.iter, ast.Call) and _is_call(node.iter, "reversed"):
            yield with_fields(node, iter=node.iter.args[0])
        else:
            yield with_fields(node, iter=_call("reversed", _call("list", node.iter)))
    elif isinstance(node, ast.Call) and _pops_last(node):
        yield with_fields(node, args=[ast.Constant(0)])


def _pops_last(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and node.func.attr == "pop" and not node.args


def _shortened(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """A loop leaves out the last round, or the first."""
    if isinstance(node, ast.For | ast.comprehension):
        for part in (ast.Slice(upper=literal(-1)), ast.Slice(lower=literal(1))):
            listed = _call("list", node.iter)
            yield with_fields(node, iter=ast.Subscript(listed, part, ast.Load()))


def _other_return(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """None is returned, an argument, or another local."""
    if isinstance(node, ast.Return) and node.value is not None:
        assigned = (
            part
            for statement in function.body
            if isinstance(statement, ast.Assign)
            for target in statement.targets
            for part in parts(target)
        )
        names = [argument.arg for argument in function.args.args]
        names += [part.id for part in assigned if isinstance(part, ast.Name)]
        yield with_fields(node, value=ast.Constant(None))
        yield from (with_fields(node, value=ast.Name(name)) for name in dict.fromkeys(names))


def _argument_dropped(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """An argument of a call or an element of a list is left out.

    A call without its only argument would stop at once: everybody finds that.
    """
    if isinstance(node, ast.Call):
        if len(node.args) > 1:
            yield from (with_fields(node, args=rest) for rest in all_but_one(node.args))
        yield from (with_fields(node, keywords=rest) for rest in all_but_one(node.keywords))
    elif isinstance(node, ast.List):
        yield from (with_fields(node, elts=rest) for rest in all_but_one(node.elts))


def _call_dropped(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """A call gives its only argument back as it is."""
    if isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:
        yield node.args[0]


def _other_attribute(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    if isinstance(node, ast.Attribute) and node.attr in TWINS:
        yield with_fields(node, attr=TWINS[node.attr])


def _other_owner(node: ast.AST, function: Function) -> Iterator[ast.AST]:
    """The same attribute of another object of the function: other.value for self.value."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        owners = [
            part.value.id
            for part in ast.walk(function)
            if isinstance(part, ast.Attribute)
            and part.attr == node.attr
            and isinstance(part.value, ast.Name)
        ]
        yield from (with_fields(node, value=ast.Name(owner)) for owner in dict.fromkeys(owners))


def _call(name: str, argument: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name), [argument], [])


def _is_call(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


OPERATORS: dict[str, Operator] = {
    **WIRING,
    **ARRAYS,
    "other assignment": _assigned,
    "statement left out": _statement_dropped,
    "upstream gradient left out": _upstream_dropped,
    "operand left out": _operand_dropped,
    "operands swapped": _swapped,
    "other operator": _other_operator,
    "other constant": _other_constant,
    "a billionth too much": _billionth,
    "other comparison": _other_comparison,
    "other condition": _other_condition,
    "other order": _other_order,
    "loop shortened": _shortened,
    "other return value": _other_return,
    "argument left out": _argument_dropped,
    "call left out": _call_dropped,
    "other attribute": _other_attribute,
    "other owner": _other_owner,
}
"""Each kind of change, in the order in which they are made at one place of the text."""
