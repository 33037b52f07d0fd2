"""Which operations a class of a student's has, how each is written, and of what it is made.

Stands beside the finder in a worker that is thrown away; imports nothing of adjudge.
"""

import os
import runpy
import time

HERE = os.path.dirname(os.path.abspath(__file__))
_attempts = runpy.run_path(os.path.join(HERE, "attempts.py"))
quiet, brief = _attempts["quiet"], _attempts["brief"]
as_number, is_value, family, method_names, written = (
    _attempts[name] for name in ("as_number", "is_value", "family", "method_names", "written")
)

UNARY = {
    "exp": ("exp", "eto"),
    "log": ("log", "ln"),
    "relu": ("relu",),
    "tanh": ("tanh",),
    "sigmoid": ("sigmoid", "sigm", "logistic"),
    "sqrt": ("sqrt", "squareroot"),
    "sin": ("sin", "sine"),
    "cos": ("cos", "cosine"),
    "abs": ("abs", "absolute"),
    "neg": ("neg", "negative", "negate"),
}
BINARY = {
    "sub": ("sub", "subtract", "minus"),
    "div": ("div", "divide", "truediv"),
    "max": ("maximum", "max"),
    "min": ("minimum", "min"),
}
ALWAYS = ("add", "mul")
"""Operations without which there is no engine: they are judged whatever they return."""
BESIDE = {"pow": ("pow", "power", "powconst")}
"""Operations with a number beside a node that may be methods."""
FORMS = {
    "add": lambda x, y: x + y,
    "mul": lambda x, y: x * y,
    "sub": lambda x, y: x - y,
    "div": lambda x, y: x / y,
    "neg": lambda x, y: -x,
    "abs": lambda x, y: abs(x),
    "pow_node": lambda x, y: x**y,
    "sum": lambda x, y: sum([x, y]),
    "max": lambda x, y: max(x, y),
    "min": lambda x, y: min(x, y),
}
NUMBERS = {
    "add_number": lambda x, n: x + n,
    "number_add": lambda x, n: n + x,
    "mul_number": lambda x, n: x * n,
    "number_mul": lambda x, n: n * x,
    "sub_number": lambda x, n: x - n,
    "number_sub": lambda x, n: n - x,
    "div_number": lambda x, n: x / n,
    "number_div": lambda x, n: n / x,
    "pow": lambda x, n: x**n,
    "number_pow": lambda x, n: n**x,
}
DUNDER = {
    "pow_node": "__pow__",
    "pow": "__pow__",
    "number_pow": "__rpow__",
    "sum": "__radd__",
    "neg": "__neg__",
    "abs": "__abs__",
    "sub": "__sub__",
    "div": "__truediv__",
    **{f"{name}_number": f"__{name}__" for name in ("add", "mul", "sub")},
    **{f"number_{name}": f"__r{name}__" for name in ("add", "mul", "sub")},
    "div_number": "__truediv__",
    "number_div": "__rtruediv__",
}
"""The method behind an operator: where it is there and refuses, the domain is meant to be so."""


def operations(module, path, cls, make, value, end):
    """For each operation that is there: how it is written; for those that refuse: that they do."""
    found, kind = {}, family(cls)

    def is_node(thing):
        return isinstance(thing, kind) and is_value(quiet(getattr, thing, value))

    for op, form in FORMS.items():
        pair = make(2.0), make(0.5)
        out, refusal = _called(form, *pair)
        if op in ALWAYS or (is_node(out) and not any(out is one for one in pair)):
            found[f"op.{op}"] = "operator"
        elif op in DUNDER and written(cls, DUNDER[op]):
            is_plain = op == "abs" and as_number(out) is not None
            found.update({} if is_plain else {f"op.{op}": refusal})
    for op, form in NUMBERS.items():
        out, refusal = _called(form, make(2.0), 2.5)
        if is_node(out):
            found[f"op.{op}"] = "operator"
        elif is_node(quiet(form, make(2.0), 2)):
            found[f"op.{op}"] = "whole"
        elif written(cls, DUNDER[op]):
            found[f"op.{op}"] = refusal
    for op, aliases in BESIDE.items():
        if f"op.{op}" not in found:
            form = _named(module, path, cls, aliases, lambda: [make(2.0), 2], is_node)
            found.update({f"op.{op}": form} if form else {})
    for op, aliases in (*UNARY.items(), *BINARY.items()):
        operands = (0.5, 0.25)[: 1 + (op in BINARY)]
        if found.get(f"op.{op}") in ("operator", "refused") and op not in ("max", "min"):
            continue
        if time.monotonic() > end:
            break
        form = _named(module, path, cls, aliases, _leaves(make, operands), is_node)
        if form:
            found[f"op.{op}"] = form
    return found


def _called(form, *operands):
    """What an operation returns, and whether it refuses: what stops by a slip does not."""
    try:
        return form(*operands), "operator"
    except (NameError, RecursionError):
        return None, "operator"
    except BaseException:
        return None, "refused"


def _leaves(make, numbers):
    return lambda: [make(number) for number in numbers]


def _method(first, name, rest):
    return getattr(first, name)(*rest)


def _applied(call, operands):
    return call(*operands())


def _named(module, path, cls, aliases, operands, is_node):
    """How a function is called: as a method, by a bare name, or in the class's own namespace."""
    for name in method_names(cls, aliases):
        if name.replace("_", "").lower() in aliases:
            first, *rest = operands()
            if is_node(brief(_method, first, name, rest)):
                return f"method:{name}"
    places, broken = [("", module)], []
    holder = path.rpartition(".")[0]
    if holder:
        places.insert(0, (f"{holder}.", getattr(module, holder)))
    for prefix, place in places:
        for name, thing in list(vars(place).items()):
            if name.replace("_", "").lower() in aliases and callable(thing):
                call = getattr(place, name)
                if is_node(brief(_applied, call, operands)):
                    return f"function:{prefix}{name}"
                if _is_for_nodes(module, call):
                    broken.append(f"function:{prefix}{name}")
    for name in method_names(cls, aliases):
        if name.replace("_", "").lower() in aliases and written(cls, name):
            return f"method:{name}"
    return broken[0] if broken else None


def _is_for_nodes(module, call):
    """Whether a function of the student's own stops on plain numbers, so that nodes are meant."""
    own = getattr(call, "__globals__", None) is vars(module)
    return own and as_number(brief(call, 0.5)) is None


# --- what an operation is made of -------------------------------------------------------------


def uses(module, cls, make, there, end, more=None):
    """For each operation, the others that it calls: those without which it stops.

    Further operations, of which others are not made, are handed over as calls.
    """
    own = {op: _call(module, make, op, form) for op, form in there.items() if form != "refused"}
    calls = own | (more or {})
    found = {}
    for inner, form in list(there.items()):
        holder, name = _place(module, cls, inner, form)
        if holder is None or inner == "op.sum" or time.monotonic() > end:
            continue
        own = vars(holder).get(name)
        if own is None:
            continue
        quiet(setattr, holder, name, _stops)
        for op, call in calls.items():
            apart = op != inner and _place(module, cls, op, there.get(op, ""))[1] != name
            if apart and brief(call) is None:
                found.setdefault(op.replace("op.", "uses."), []).append(inner[3:])
        quiet(setattr, holder, name, own)
    return {op: " ".join(others) for op, others in found.items()}


def _stops(*arguments, **named):
    raise ArithmeticError("this operation is taken away")


def _place(module, cls, op, form):
    """What holds the function behind an operation, and its name there."""
    kind, _, called = form.partition(":")
    if kind in ("operator", "whole"):
        name = op[3:]
        return cls, DUNDER.get(name, f"__{name}__")
    if kind == "method":
        return cls, called
    if kind == "function":
        holder, _, name = called.rpartition(".")
        return (getattr(module, holder) if holder else module), name
    return None, ""


def _call(module, make, op, form):
    """An operation on new leaves."""
    name = op[3:]
    kind, _, called = form.partition(":")

    def call():
        first, second = make(2.0), make(0.5)
        if kind in ("operator", "whole"):
            return NUMBERS[name](first, 2) if name in NUMBERS else FORMS[name](first, second)
        operands = (first, 2) if name in BESIDE else (first, second)[: 1 + (name in BINARY)]
        if kind == "method":
            return getattr(first, called)(*operands[1:])
        holder, _, last = called.rpartition(".")
        return getattr(getattr(module, holder) if holder else module, last)(*operands)

    return call
