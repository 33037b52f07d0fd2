"""Find operations on whole arrays: products of matrices, sums along axes, other shapes.

Stands beside the finder in a worker that is thrown away; imports nothing of adjudge. An engine has
arrays for the values of its nodes where one of these operations is there.
"""

import os
import runpy
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
_attempts = runpy.run_path(os.path.join(HERE, "attempts.py"))
quiet, brief, family, method_names, is_value = (
    _attempts[name] for name in ("quiet", "brief", "family", "method_names", "is_value")
)
wants_of, written = _attempts["wants_of"], _attempts["written"]

SHAPE = 2, 3
ROWS = ((1.5, -0.5, 2.0), (0.75, 3.0, -1.25)), ((0.5, 2.5, -2.0), (1.25, -0.75, 1.75))


def _numpy():
    return sys.modules.get("numpy")


def numbers():
    """The values of two leaves; NumPy is loaded after this file."""
    return [_numpy().array(rows) for rows in ROWS]


ANY_NUMBER = 0x04
"""The flag of a function that takes any number of arguments, and may need some."""
OF_NUMBERS = ("op.sum", "op.max", "op.min")
"""Operations of several numbers; an array's own methods of those names are others."""
REDUCED = {
    "sum": ("sum", "summation"),
    "mean": ("mean", "avg", "average"),
    "max": ("max", "amax"),
}
"""What makes one element of several, and its names."""
PLACES = {"all": None, "first": 0, "last": 1}
"""What is reduced: all elements, or those along an axis of two."""
ARGUMENTS = {
    "nothing": lambda axis, keep: ((), {}),
    "axis": lambda axis, keep: ((), {"axis": axis}),
    "dim": lambda axis, keep: ((), {"dim": axis}),
    "plain": lambda axis, keep: ((axis,), {}),
    "axes": lambda axis, keep: ((), {"axes": (axis,)}),
    "axis_keepdims": lambda axis, keep: ((), {"axis": axis, "keepdims": keep}),
    "dim_keepdim": lambda axis, keep: ((), {"dim": axis, "keepdim": keep}),
    "plain_both": lambda axis, keep: ((axis, keep), {}),
}
"""How an axis may be named, and whether it stays with the length 1."""
SWAPPED = {"nothing": (), "spread": (1, 0), "tuple": ((1, 0),)}
"""How a transpose is told which axes change places."""
MEANT = ("sum", "mean", "matmul")
"""What only an engine of arrays has."""


def uses_numpy(spaces):
    """Whether a class is written beside NumPy, by what stands in it and in its bases."""
    written_in = [getattr(space.get("__add__"), "__globals__", {}) for space in spaces]
    return any(thing is _numpy() for space in written_in for thing in list(space.values()))


def leaves(make):
    """Makes a leaf of an array; of a number, one that has it in every place."""
    return lambda number: make(_numpy().full(getattr(number, "shape", SHAPE), number))


def operations(module, cls, make, value, end):
    """For each operation on whole arrays that is there: how it is called; nothing for others."""
    found, kind = {}, family(cls)

    def shape_of(thing):
        held = quiet(getattr, thing, value) if isinstance(thing, kind) else None
        return getattr(held, "shape", ()) if is_value(held) else None

    if time.monotonic() < end:
        found.update(_reductions(module, cls, make, shape_of))
        found.update(_products(module, cls, make, shape_of))
    if not any(name.partition("_")[0] in MEANT for name in found):
        return {}
    found.update(_shapes(module, cls, make, shape_of))
    found.update(_broken(cls, make, found))
    return {f"op.{name}": form for name, form in found.items()}


def _reductions(module, cls, make, shape_of):
    """Sums and means: each by the first call that leaves the shape that is meant."""
    found = {}
    for op, aliases in REDUCED.items():
        for form, call in _callables(module, cls, aliases):
            declared = _declared(module, cls, form)
            for place, axis in PLACES.items():
                for keep in (False, True)[: 1 + (axis is not None)]:
                    name = f"{op}_{place}" + ("_kept" if keep else "")
                    style = _style(call, declared, make, shape_of, axis, keep)
                    if style:
                        found.setdefault(name, f"{form}:{style}")
    return found


def _reduced(axis, keep):
    """The shape that is left; None for one element, in whatever shape."""
    if axis is None:
        return None
    return tuple(1 if a == axis else n for a, n in enumerate(SHAPE) if keep or a != axis)


def _declared(module, cls, form):
    """The names of the arguments of a method or a function."""
    kind, name = form.split(":")
    code = getattr(getattr(cls if kind == "method" else module, name), "__code__", None)
    if code is None:
        return ()
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def _style(call, declared, make, shape_of, axis, keep):
    """How an axis is named in a call so that the wanted shape is left.

    Where the names are declared, and a node of no shape that they may mean is left, it is wrong.
    """
    ignored, wanted = "", _reduced(axis, keep)
    meant = () if axis is None else (wanted, _reduced(axis, not keep))
    for style, arguments in ARGUMENTS.items():
        if (axis is None) is (style == "nothing"):
            positional, named = arguments(axis, keep)
            shape = shape_of(brief(_applied, call, make, positional, named))
            if shape is not None and (shape == wanted or (wanted is None and set(shape) <= {1})):
                return style
            both = len(named) == 2
            if shape is not None and named and {*named} <= {*declared}:
                ignored = style if both or (shape not in meant and not keep) else ignored
    return ignored


def _applied(call, make, positional, named):
    return call(make(numbers()[0]), *positional, **named)


def _callables(module, cls, aliases):
    """What is called by one of some names: methods first, those without an underscore before."""
    for name in sorted(method_names(cls, aliases), key=lambda name: name.startswith("_")):
        if name.replace("_", "").lower() in aliases:
            yield f"method:{name}", _method(name)
    for name, thing in list(vars(module).items()):
        if name.replace("_", "").lower() in aliases and callable(thing):
            yield f"function:{name}", thing


def _called(call, make, *arrays):
    return call(*map(make, arrays))


def _method(name):
    return lambda first, *positional, **named: getattr(first, name)(*positional, **named)


def _products(module, cls, make, shape_of):
    """A product of matrices: the operator, or what is called so and gives the right shape."""
    if written(cls, "__matmul__"):
        return {"matmul": "operator"}
    for form, call in _callables(module, cls, ("matmul", "dot", "mm")):
        x, y = numbers()
        if shape_of(brief(_called, call, make, x, y.T)) == (len(x), len(y)):
            return {"matmul": form}
    return {}


def _shapes(module, cls, make, shape_of):
    """The transpose, and the same elements in a shape turned round."""
    found, turned = {}, SHAPE[::-1]
    if shape_of(quiet(getattr, make(numbers()[0]), "T")) == turned:
        found["transpose"] = "property:T"
    for form, call in _callables(module, cls, ("transpose", "t")):
        for style, positional in SWAPPED.items():
            if shape_of(brief(_applied, call, make, positional, {})) == turned:
                found.setdefault("transpose", f"{form}:{style}")
    for form, call in _callables(module, cls, ("reshape", "view")):
        for style, positional in (("tuple", (turned,)), ("spread", turned)):
            if shape_of(brief(_applied, call, make, positional, {})) == turned:
                found.setdefault("reshape", f"{form}:{style}")
    return found


def _broken(cls, make, found):
    """Methods that a student wrote and that give no node: they are judged, and wrong.

    One that gives a plain number or an array is a helper, and no operation.
    """
    for op, aliases in REDUCED.items():
        names = () if f"{op}_all" in found else aliases
        for name in (name for name in names if _stops(cls, make, name)):
            yield f"{op}_all", f"method:{name}:nothing"
    if "transpose" not in found:
        if written(cls, "T") and not is_value(quiet(getattr, make(numbers()[0]), "T")):
            yield "transpose", "property:T"
        elif _stops(cls, make, "transpose"):
            yield "transpose", "method:transpose:nothing"
    if "reshape" not in found and written(cls, "reshape"):
        turned = brief(_applied, _method("reshape"), make, (SHAPE[::-1],), {})
        if not is_value(turned):
            yield "reshape", "method:reshape:tuple"


def _stops(cls, make, name):
    """Whether a method can be called on a node alone, and gives nothing that is of use then."""
    method = getattr(cls, name, None)
    code = getattr(method, "__code__", None)
    if not written(cls, name) or code is None or code.co_flags & ANY_NUMBER or wants_of(method):
        return False
    return not is_value(brief(_applied, _method(name), make, (), {}))


def calls(module, found, make):
    """Each operation on whole arrays, to be called on new leaves."""
    return {op: _again(module, op, form, make) for op, form in found.items()}


def _again(module, op, form, make):
    kind, name, style = (form + "::").split(":")[:3]

    def call():
        x, y = map(make, numbers())
        if kind == "property":
            return getattr(x, name)
        if op == "op.matmul":
            y = make(numbers()[1].T)
            return x @ y if kind == "operator" else _call(module, kind, name)(x, y)
        if op == "op.transpose":
            return _call(module, kind, name)(x, *SWAPPED[style])
        if op == "op.reshape":
            turned = SHAPE[::-1]
            return _call(module, kind, name)(x, *((turned,) if style == "tuple" else turned))
        place = op.split("_")[1] if "_" in op else "all"
        positional, named = ARGUMENTS.get(style, ARGUMENTS["nothing"])(
            PLACES[place], op.endswith("_kept")
        )
        return _call(module, kind, name)(x, *positional, **named)

    return call


def _call(module, kind, name):
    return _method(name) if kind == "method" else getattr(module, name)


# --- a sum of all elements, and what is seen after a walk backward --------------------------------


def total(module, found):
    """What adds up all elements of a node, if anything does."""
    kind, name = (found.get("op.sum_all", "") + "::").split(":")[:2]
    if not name:
        return None
    return _call(module, kind, name)


def inner(make, facts, total):
    """Whether a node between the root and the leaves keeps its gradient."""
    if not facts.get("backward"):
        return "yes"
    x, y = map(make, numbers())
    product = x * y
    root, name = product + x, facts["backward"]
    ones = numbers()[0] * 0.0 + 1.0
    if facts.get("seeding") == "argument":
        brief(getattr(root, name), ones)
    elif facts.get("seeding") == "total":
        brief(lambda: getattr(total(root), name)())
    else:
        brief(getattr(root, name))
    held = product
    for part in facts["gradient"].split("."):
        held = quiet(getattr, held, part)
    return "no" if held is None else "yes"
