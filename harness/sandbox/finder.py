"""Find under which names a module spells a scalar engine, by running x * y + x.

Runs in a worker of its own that is thrown away, behind the student's module; imports nothing of
adjudge. It answers with names and with words of its own; the other side takes them for nothing
else and puts them into its own templates. A module that lies here is judged under the names that
it gave, and harms only itself.
"""

import signal
import time

SECONDS = 1.5
"""Of trying; a call that never returns is ended from outside."""
MOMENT = 0.2
"""Seconds of one call, where it is a method of which nothing is known."""
MOST_CLASSES = 24
MOST_METHODS = 32
X, Y = 2.5, 3.25
BACKWARD = ("backward", "backprop", "back", "backpropagate", "backpropagation", "backwardpass")
SORT = ("topologicalsort", "toposort", "topo", "topologicalorder", "buildtopo")
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
POWER = ("pow", "power")
LEAVES = {
    "plain": lambda cls, value: cls(value),
    "requires_grad": lambda cls, value: cls(value, requires_grad=True),
    "operands": lambda cls, value: cls(value, ()),
    "name": lambda cls, value: cls(value, "x"),
}
"""The ways to make a leaf that are tried, in this order."""
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


def find(module):
    """The names under which a module spells an engine; nothing where it has none."""
    end = time.monotonic() + SECONDS
    best = {}
    for path, cls in _classes(module):
        for leaf in LEAVES:
            if time.monotonic() > end:
                return best
            facts = _quiet(_engine, module, path, cls, leaf, end)
            if facts and _rank(facts) > _rank(best):
                best = facts
            if best and _rank(best) == 3:
                break
        if best and _rank(best) == 3:
            break
    return best


def _rank(facts):
    """How well an engine is known: its gradients by running, by name, or its values alone."""
    if not facts:
        return 0
    return {"sum": 3, "product": 3, "name": 2, "": 1}[facts["known"]]


def _quiet(function, *arguments):
    """What a call returns; None for whatever it raises."""
    try:
        return function(*arguments)
    except BaseException:
        return None


def _brief(function, *arguments):
    """The same for a call that may never return: it is ended after a moment."""
    signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, MOMENT, MOMENT)
    try:
        return _quiet(function, *arguments)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _ring(number, frame):
    raise TimeoutError


# --- the class and its value ----------------------------------------------------------------


def _classes(module):
    """Classes with their own + and *, those of the module first, then those a step deeper."""
    found, deeper = [], []
    for name, thing in list(vars(module).items()):
        if isinstance(thing, type):
            if _adds(thing):
                found.append((name, thing))
            deeper += [(f"{name}.{n}", t) for n, t in list(vars(thing).items())]
    found += [(path, t) for path, t in deeper if isinstance(t, type) and _adds(t)]
    own = [(path, t) for path, t in found if t.__module__ == module.__name__]
    return (own + [pair for pair in found if pair not in own])[:MOST_CLASSES]


def _adds(cls):
    """Whether a class has + and * that a student wrote."""
    written = [c for c in cls.__mro__ if c.__module__ not in ("builtins", "numpy", "enum")]
    return all(any(name in vars(c) for c in written) for name in ("__add__", "__mul__"))


def _number(thing):
    """A number as a float, or None; a boolean is none, nor is an array with axes."""
    if isinstance(thing, bool) or getattr(thing, "shape", ()) != ():
        return None
    if isinstance(thing, (int, float)) or hasattr(thing, "dtype"):
        return _quiet(float, thing)
    return None


def _holds(thing, expected):
    number = _number(thing)
    return number is not None and abs(number - expected) <= 1e-5 * abs(expected)


def _attributes(node):
    """The names of what a node holds, methods left out."""
    names = [name for name in dir(node) if not name.startswith("__")]
    return [n for n in names if not callable(_quiet(getattr, node, n))]


def _value(cls, make):
    """The attribute that holds a node's value."""
    x, y = make(X), make(Y)
    rows = [(x, X), (y, Y), (x * y, X * Y), (x + y, X + Y)]
    for name in _attributes(x):
        if all(_holds(_quiet(getattr, node, name), number) for node, number in rows):
            return name
    return None


# --- the gradient ---------------------------------------------------------------------------


def _engine(module, path, cls, leaf, end):
    """Every fact about one class."""

    def make(number):
        return LEAVES[leaf](cls, number)

    value = _value(cls, make)
    if value is None:
        return None
    facts = {"class": path, "leaf": leaf, "value": value, "known": ""}
    facts.update(_gradient(cls, make, value, end) or {})
    if any(type(held).__name__ == "ndarray" for held in _held(make, value, facts)):
        facts["arrays"] = "yes"
    facts["operands"] = _operands(make)
    facts.update(_sort(module, cls, make, facts.get("backward")))
    there = _operations(module, path, cls, make, value, end)
    facts.update(there)
    facts.update(_uses(module, cls, make, there, end))
    return facts


def _held(make, value, facts):
    """The numbers that a node holds after a walk backward."""
    x, y = make(X), make(Y)
    root = x * y + x
    if facts.get("backward") and facts.get("seeding") == "none":
        _brief(getattr(root, facts["backward"]))
    first, _, inner = facts.get("gradient", "").partition(".")
    gradient = _quiet(getattr, x, first)
    return getattr(root, value), getattr(gradient, inner, None) if inner else gradient


def _methods(cls, first):
    """The names of the methods of a class, likely ones first."""
    names = [n for n in dir(cls) if not n.startswith("__") and callable(getattr(cls, n, None))]
    likely = [n for n in names if n.replace("_", "").lower() in first]
    likely.sort(key=lambda n: first.index(n.replace("_", "").lower()))
    return (likely + [n for n in names if n not in likely])[:MOST_METHODS]


def _gradient(cls, make, value, end):
    """The method that works the gradients out, what holds them, and how that is known."""
    for known in ("sum", "product"):
        for name in _methods(cls, BACKWARD):
            for seeding in ("none", "argument", "set"):
                if time.monotonic() > end:
                    break
                gradient = _brief(_tried, make, value, known, name, seeding)
                if gradient:
                    zero = _zero(make, gradient)
                    names = {"backward": name, "gradient": gradient, "seeding": seeding}
                    return {**names, "known": known, "zero": zero}
    return _by_name(cls, make, value)


def _tried(make, value, known, name, seeding):
    """The attribute that holds the gradients after a call of that method; None where none does."""
    x, y = make(X), make(Y)
    root = x * y + x if known == "sum" else x * y
    wanted = (Y + (known == "sum"), X)
    method = getattr(root, name)
    if seeding == "set":
        for attribute in _attributes(root):
            empty = getattr(root, attribute)
            if attribute != value and (empty is None or _number(empty) == 0.0):
                _quiet(setattr, root, attribute, 1.0)
                _quiet(method)
                if _holds(getattr(x, attribute), wanted[0]) and _holds(
                    getattr(y, attribute), wanted[1]
                ):
                    return attribute
                return None
        return None
    method() if seeding == "none" else method(1.0)
    for attribute in _attributes(x):
        if attribute == value:
            continue
        held = _quiet(getattr, x, attribute), _quiet(getattr, y, attribute)
        if all(_holds(h, w) for h, w in zip(held, wanted, strict=True)):
            return attribute
        inner = [_quiet(getattr, h, value) for h in held]
        if all(_holds(h, w) for h, w in zip(inner, wanted, strict=True)):
            return f"{attribute}.{value}"
    return None


def _by_name(cls, make, value):
    """What the names alone say: enough to run it, and said so."""
    methods = [n for n in _methods(cls, BACKWARD) if n.replace("_", "").lower() in BACKWARD]
    held = [n for n in _attributes(make(X)) if n != value]
    likely = [
        n for n in held if n.replace("_", "").lower() in ("grad", "gradient", "adjoint", "g", "d")
    ]
    if not methods or not likely:
        return None
    seeding, wants = "none", _wants(getattr(cls, methods[0]))
    if wants:
        return {"backward": methods[0], "gradient": likely[0], "asks": wants[0]}
    names = {"backward": methods[0], "gradient": likely[0], "seeding": seeding}
    return {**names, "known": "name", "zero": _zero(make, likely[0])}


def _wants(method):
    """The arguments beside self that a call cannot do without."""
    code = getattr(method, "__code__", None)
    if code is None:
        return ()
    count = code.co_argcount - len(method.__defaults__ or ())
    return code.co_varnames[1:count]


def _zero(make, gradient):
    """What a gradient is before any backward(): a number, or None."""
    first = gradient.partition(".")[0]
    return "none" if getattr(make(X), first, 0.0) is None else "number"


# --- operands and order -----------------------------------------------------------------------


def _operands(make):
    """The attribute that leads from a node to its operands; nothing where only a closure does."""
    x, y = make(X), make(Y)
    product = _quiet(lambda: x * y)
    alone = []
    for name in _attributes(product):
        inside = list(_inside(getattr(product, name, None), 2))
        if any(t is x for t in inside) and any(t is y for t in inside):
            return name
        if any(t is x or t is y for t in inside):
            alone.append(name)
    return " ".join(alone) if len(alone) == 2 else ""


def _inside(thing, depth):
    yield thing
    if depth and isinstance(thing, (list, tuple, set, frozenset, dict)):
        for item in list(thing)[:8]:
            yield from _inside(item, depth - 1)
        if isinstance(thing, dict):
            for item in list(thing.values())[:8]:
                yield from _inside(item, depth - 1)


def _sort(module, cls, make, backward):
    """The method or function that lists the nodes of a graph."""
    methods = [n for n in _methods(cls, SORT) if n != backward]
    likely = [n for n in methods if n.replace("_", "").lower() in SORT]
    functions = [n for n, t in list(vars(module).items()) if _is_function(t)]
    functions = [n for n in functions if n.replace("_", "").lower() in SORT]
    tries = [("method", n) for n in likely] + [("function", n) for n in functions]
    tries += [("method", n) for n in methods if n not in likely]
    for form, name in tries:
        x, y = make(X), make(Y)
        product = x * y
        root = product + x
        listed = _brief(_listed, module, root, form, name)
        if type(listed) in (list, tuple) and len(listed) < 64:
            there = [any(item is node for item in listed) for node in (x, y, product, root)]
            if all(there) or (any(there) and (form, name) in tries[: len(likely)]):
                return {"sort": name, "sort_form": form}
    return {}


def _listed(module, root, form, name):
    return getattr(root, name)() if form == "method" else getattr(module, name)(root)


def _is_function(thing):
    return callable(thing) and not isinstance(thing, type)


# --- operations -------------------------------------------------------------------------------


def _operations(module, path, cls, make, value, end):
    """For each operation that is there: how it is written; for those that refuse: that they do."""
    found = {}

    def is_node(thing):
        return isinstance(thing, cls) and _number(_quiet(getattr, thing, value)) is not None

    for op, form in FORMS.items():
        pair = make(2.0), make(0.5)
        out = _quiet(form, *pair)
        if is_node(out) and not any(out is one for one in pair):
            found[f"op.{op}"] = "operator"
        elif op in DUNDER and _written(cls, DUNDER[op]):
            found[f"op.{op}"] = "refused"
    for op, form in NUMBERS.items():
        if is_node(_quiet(form, make(2.0), 2.5)):
            found[f"op.{op}"] = "operator"
        elif is_node(_quiet(form, make(2.0), 2)):
            found[f"op.{op}"] = "whole"
        elif _written(cls, DUNDER[op]):
            found[f"op.{op}"] = "refused"
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


def _leaves(make, numbers):
    return lambda: [make(number) for number in numbers]


def _method(first, name, rest):
    return getattr(first, name)(*rest)


def _applied(call, operands):
    return call(*operands())


def _written(cls, name):
    """Whether a class has a method that a student wrote."""
    return any(name in vars(c) for c in cls.__mro__ if c.__module__ != "builtins")


def _named(module, path, cls, aliases, operands, is_node):
    """How a function is called: as a method, by a bare name, or in the class's own namespace."""
    for name in _methods(cls, aliases):
        if name.replace("_", "").lower() in aliases:
            first, *rest = operands()
            if is_node(_brief(_method, first, name, rest)):
                return f"method:{name}"
    places = [("", module)]
    holder = path.rpartition(".")[0]
    if holder:
        places.insert(0, (f"{holder}.", getattr(module, holder)))
    for prefix, place in places:
        for name, thing in list(vars(place).items()):
            if name.replace("_", "").lower() in aliases and callable(thing):
                call = getattr(place, name)
                if is_node(_brief(_applied, call, operands)):
                    return f"function:{prefix}{name}"
    for name in _methods(cls, aliases):
        if name.replace("_", "").lower() in aliases and _written(cls, name):
            return f"method:{name}"
    return None


# --- what an operation is made of -------------------------------------------------------------


def _uses(module, cls, make, there, end):
    """For each operation, the others that it calls: those without which it stops."""
    calls = {op: _call(module, make, op, form) for op, form in there.items() if form != "refused"}
    found = {}
    for inner, form in list(there.items()):
        holder, name = _place(module, cls, inner, form)
        if holder is None or inner == "op.sum" or time.monotonic() > end:
            continue
        own = vars(holder).get(name)
        if own is None:
            continue
        _quiet(setattr, holder, name, _stops)
        for op, call in calls.items():
            apart = op != inner and _place(module, cls, op, there[op])[1] != name
            if apart and _brief(call) is None:
                found.setdefault(op.replace("op.", "uses."), []).append(inner[3:])
        _quiet(setattr, holder, name, own)
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
        operands = (first, second)[: 1 + (name in BINARY)]
        if kind == "method":
            return getattr(first, called)(*operands[1:])
        holder, _, last = called.rpartition(".")
        return getattr(getattr(module, holder) if holder else module, last)(*operands)

    return call
