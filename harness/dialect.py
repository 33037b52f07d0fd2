"""Under which names a module spells the lecture's contract.

A submission may hold `class ag:` as in the lecture, an object `ag`, or the names at module
level (a file ag.py with Scalar, exp, log, relu). Programs always say ag.Scalar and ag.exp;
the prelude below, which the worker executes once behind the module, makes that work.
"""

from __future__ import annotations

from harness.model import Submission

FUNCTIONS = ("exp", "log", "relu")
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


def import_line(submission: Submission) -> str:
    """The line that a student puts above a program to reach the submission's names."""
    if submission.main[0].name.startswith("cell"):
        return "# in a cell at the end of your notebook"
    module = submission.module.rpartition(".")[2]
    text = "\n".join(source.text for source in submission.main)
    lines = text.splitlines()
    has_ag = any(line.startswith(("class ag:", "class ag(", "ag =", "ag:")) for line in lines)
    classes = [name for name in CLASSES if any(x.startswith(f"class {name}") for x in lines)]
    first = f"from {module} import " if has_ag else f"import {module} as ag"
    if not has_ag:
        if module == "ag":
            first = "import ag"
        return first + (f"\nfrom {module} import {', '.join(classes)}" if classes else "")
    return first + ", ".join(["ag", *classes])
