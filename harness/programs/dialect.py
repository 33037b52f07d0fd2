"""Under which names a module spells the lecture's contract.

A submission may hold `class ag:` as in the lecture, an object `ag`, or the names at module
level (a file ag.py with Scalar, exp, log, relu). Programs always say ag.Scalar and ag.exp;
the prelude below, which the worker executes once behind the module, makes that work.
"""

from __future__ import annotations

import ast

from harness.records.handed_in import Submission

FUNCTIONS = ("exp", "log", "relu")
METHODS = ("__init__", "__add__", "__mul__", "__pow__", "topological_sort", "backward")
REPLACEMENT = "answer key"
"""Where a fault is located that stopped in a part of ours."""
CLASSES = ("Model", "Loss", "Optimizer")

PRELUDE = f"""
import types as _types
_absent = object()
_holder = getattr(module, "ag", None)
if not hasattr(_holder, "Scalar"):
    _holder = module
_scalar = getattr(_holder, "Scalar", _absent)
_found = {{}}
for _name in {FUNCTIONS!r}:
    for _place in (_holder, module, _scalar):
        _thing = getattr(_place, _name, _absent)
        if _thing is not _absent and callable(_thing):
            _found[_name] = _thing
            break
if all(getattr(_holder, _name, None) is not None or _name not in _found for _name in {FUNCTIONS!r}):
    ag = _holder
else:
    ag = _types.SimpleNamespace(**_found)
    if _scalar is not _absent:
        ag.Scalar = _scalar
names = {{"ag": ag}}
for _name in {CLASSES!r}:
    for _place in (module, _holder):
        if hasattr(_place, _name):
            names[_name] = getattr(_place, _name)
            break
"""
"""Binds `names`, the namespace of every program, from `module`."""
FLAT = """
names = {name: thing for name, thing in vars(module).items() if callable(thing)}
"""
"""The same for an assignment whose programs call the module's functions by their bare names."""


WHOLE = (*(f"ag.Scalar.{name}" for name in METHODS), *(f"ag.{name}" for name in FUNCTIONS))
"""What stands for the part "ag": the student's Scalar stays, with our functions in it, so that
operators of the student's own keep working."""

_PUT = """
def _put(holder, name, new):
    old = getattr(holder, name, None)
    setattr(holder, name, new)
    for place in (module, *siblings):
        for known, thing in list(vars(place).items()):
            if old is not None and thing is old:
                setattr(place, known, new)

def _coerced(method):
    def operator(self, other):
        return method(self, other if hasattr(other, "value") else ag.Scalar(other))
    return operator
"""
"""Puts a function of ours under every name that the student's has, aliases included. Operators
take plain numbers too, as some students' do."""


def replacement(key: str, parts: tuple[str, ...]) -> str:
    """Python that puts parts of the answer key in the place of the student's own.

    Only the text of those parts is in it: what is judged beside them cannot be read off. It is
    run behind the prelude.

    Args:
        key: the answer key's text.
        parts: dotted names; "ag" for the whole module, else a method or a function.
    """
    tree = ast.parse(key)
    lines = [ast.unparse(node) for node in tree.body if isinstance(node, ast.Import)]
    lines += [_PUT, "globals().update(names)"]  # what stays of the student's, ours may call
    whole = tuple(part for part in WHOLE if "ag" in parts and _found(tree, part) is not None)
    for part in (*whole, *(part for part in parts if part != "ag")):
        found = _found(tree, part)
        assert found is not None, f"the answer key has no {part}"
        lines.append(ast.unparse(found))
        owner, _, name = part.rpartition(".")
        if not owner:
            lines.append(f"_put(module, {name!r}, {name})\nnames[{name!r}] = {name}")
            continue
        holder = owner if owner.startswith("ag") else f"names[{owner!r}]"
        new = f"_coerced({name})" if name in ("__add__", "__mul__") else name
        lines.append(f"_put({holder}, {name!r}, {new})")
    return "\n".join(lines) + "\n"


def functions(parts: tuple[str, ...]) -> frozenset[str]:
    """The bare names of the functions that are replaced with some parts."""
    names = {part.rpartition(".")[2] for part in parts}
    return frozenset(names | {*FUNCTIONS, *METHODS} if "ag" in names else names)


def _found(tree: ast.AST, part: str) -> ast.stmt | None:
    """The definition of a dotted name, or None."""
    body: list[ast.stmt] = getattr(tree, "body", [])
    first, _, rest = part.partition(".")
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == first:
            return _found(node, rest) if rest else node
    return None


def import_line(submission: Submission, *, flat: bool = False) -> str:
    """The line that a student puts above a program to reach the submission's names."""
    if submission.main[0].name.startswith("cell"):
        return "# in a cell at the end of your notebook"
    module = submission.module.rpartition(".")[2]
    if flat:
        return f"from {module} import *"
    lines = [line for source in submission.main for line in source.lines]
    has_ag = any(line.startswith(("class ag:", "class ag(", "ag =", "ag:")) for line in lines)
    classes = [name for name in CLASSES if any(x.startswith(f"class {name}") for x in lines)]
    first = f"from {module} import " if has_ag else f"import {module} as ag"
    if not has_ag:
        if module == "ag":
            first = "import ag"
        return first + (f"\nfrom {module} import {', '.join(classes)}" if classes else "")
    return first + ", ".join(["ag", *classes])
