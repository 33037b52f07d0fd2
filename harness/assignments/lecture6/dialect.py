"""Under which names a module spells the lecture's contract.

A submission may hold `class ag:` as in the lecture, an object `ag`, or the names at module
level (a file ag.py with Scalar, exp, log, relu). Programs always say ag.Scalar and ag.exp;
the prelude below, which the worker executes once behind the module, makes that work.
"""

from __future__ import annotations

from harness.records.dialect import Dialect, Operation
from harness.records.handed_in import Submission

FUNCTIONS = ("exp", "log", "relu")
METHODS = ("__init__", "__add__", "__mul__", "__pow__", "topological_sort", "backward")
CLASSES = ("Model", "Loss", "Optimizer")

PRELUDE = f"""
import types as _types
_absent = object()
_holder = getattr(module, "ag", module)
if not hasattr(_holder, "Scalar") and (
    hasattr(module, "Scalar") or not any(hasattr(_holder, _name) for _name in {FUNCTIONS!r})
):
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

AG = Dialect(
    name="lecture",
    node="ag.Scalar",
    leaf="ag.Scalar({0})",
    labelled='ag.Scalar({0}, label="{1}")',
    label='{0}.label = "{1}"',
    order="{0}.topological_sort()",
    operations=(
        *(Operation(name) for name in ("add", "mul", "pow")),
        *(Operation(name, f"ag.{name}({{0}})") for name in FUNCTIONS),
    ),
    prelude=PRELUDE,
    holder="ag",
    whole=(*(f"ag.Scalar.{name}" for name in METHODS), *(f"ag.{name}" for name in FUNCTIONS)),
)
"""What stands for the part "ag" leaves the student's Scalar where it is, with our functions in it,
so that operators of the student's own keep working."""


def import_line(submission: Submission) -> str:
    """The line that a student puts above a program to reach the submission's names."""
    module = submission.module.rpartition(".")[2]
    lines = [line for source in submission.main for line in source.lines]
    has_ag = any(line.startswith(("class ag:", "class ag(", "ag =", "ag:")) for line in lines)
    classes = [name for name in CLASSES if any(x.startswith(f"class {name}") for x in lines)]
    if has_ag:
        return f"from {module} import " + ", ".join(["ag", *classes])
    first = "import ag" if module == "ag" else f"import {module} as ag"
    return first + (f"\nfrom {module} import {', '.join(classes)}" if classes else "")
