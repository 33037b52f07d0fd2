"""Find under which names a module spells a scalar engine, by running x * y + x.

Runs in a worker of its own that is thrown away, behind the student's module; imports nothing of
adjudge. It answers with names and with words of its own; the other side takes them for nothing
else and puts them into its own templates. A module that lies here is judged under the names that
it gave, and harms only itself.
"""

import os
import runpy
import time

HERE = os.path.dirname(os.path.abspath(__file__))
_attempts = runpy.run_path(os.path.join(HERE, "attempts.py"))
_grids = runpy.run_path(os.path.join(HERE, "grids.py"))
_networks = runpy.run_path(os.path.join(HERE, "networks.py"))
_spellings = runpy.run_path(os.path.join(HERE, "spellings.py"))
quiet, brief, as_number, holds, is_value = (
    _attempts[name] for name in ("quiet", "brief", "as_number", "holds", "is_value")
)
attributes, method_names, wants_of = (
    _attempts[name] for name in ("attributes", "method_names", "wants_of")
)

SECONDS = 1.5
"""Of trying; a call that never returns is ended from outside."""
MORE = 0.5
"""Seconds of trying networks on top."""
MOST_CLASSES = 24
NUMBERS = 2.5, 3.25
"""The values of two leaves."""
BACKWARD = ("backward", "backprop", "back", "backpropagate", "backpropagation", "backwardpass")
SEEDINGS = ("none", "argument", "set")
"""How backward() learns where to start: by itself, by 1.0, by the gradient that a caller sets."""
SORT = ("topologicalsort", "toposort", "topo", "topologicalorder", "buildtopo")
LEAVES = {
    "plain": lambda cls, value: cls(value),
    "requires_grad": lambda cls, value: cls(value, requires_grad=True),
    "operands": lambda cls, value: cls(value, ()),
    "name": lambda cls, value: cls(value, "x"),
}
"""The ways to make a leaf that are tried, in this order."""


def find(module):
    """The names under which a module spells an engine; nothing where it has none.

    What is known of nodes that hold arrays has a name that begins with `arrays.`.
    """
    found = _best(module, _engine, _classes(module), time.monotonic() + SECONDS)
    with_numpy = [(path, t) for path, t in _classes(module) if _grids["uses_numpy"](_spaces(t))]
    end = time.monotonic() + SECONDS
    of_arrays = _best(module, _array_engine, with_numpy, end) if with_numpy else {}
    return found | {f"arrays.{name}": fact for name, fact in of_arrays.items()}


def _best(module, engine, classes, end):
    """The facts of the class and the kind of leaf of which most is known."""
    best = {}
    tries = [(path, cls, leaf) for path, cls in classes for leaf in LEAVES]
    below = [(p, c, leaf) for p, c, leaf in tries if _is_whole(c, classes, leaf)]
    for path, cls, leaf in (*below, *tries):
        if time.monotonic() > end:
            break
        facts = quiet(engine, module, path, cls, leaf, end)
        if facts and _rank(facts) > _rank(best):
            best = facts
        if _rank(best) == 3:
            break
    return best


def _is_whole(cls, classes, leaf):
    """Whether a class builds on another engine and its operations give objects of its own."""
    if not any(other is not cls and issubclass(cls, other) for _, other in classes):
        return False
    x, y = NUMBERS
    return isinstance(quiet(lambda: LEAVES[leaf](cls, x) * LEAVES[leaf](cls, y)), cls)


def _rank(facts):
    """How well an engine is known: its gradients by running, by name, or its values alone."""
    if not facts:
        return 0
    return {"sum": 3, "product": 3, "name": 2, "": 1}[facts["known"]]


# --- the class and its value ----------------------------------------------------------------


def _classes(module):
    """Classes with their own + and *, those of the module first, then those a step deeper."""
    top = [(name, t) for name, t in list(vars(module).items()) if issubclass(type(t), type)]
    deeper = [(f"{name}.{n}", t) for name, thing in top for n, t in list(_space(thing).items())]
    every = [*top, *((path, t) for path, t in deeper if issubclass(type(t), type))]
    found = [(path, t) for path, t in every if _adds(t)]
    own = [_space(t).get("__module__") == module.__name__ for _, t in found]
    first = [pair for pair, is_own in zip(found, own, strict=True) if is_own]
    others = [pair for pair, is_own in zip(found, own, strict=True) if not is_own]
    return [*first, *others][:MOST_CLASSES]


def _space(cls):
    """What stands in a class, whatever its metaclass says."""
    return type.__dict__["__dict__"].__get__(cls)


def _spaces(cls):
    """What stands in a class and in those that it builds on."""
    return [_space(c) for c in type.__dict__["__mro__"].__get__(cls)]


def _adds(cls):
    """Whether a class has + and * that a student wrote."""
    spaces = _spaces(cls)
    written = [s for s in spaces if s.get("__module__") not in ("builtins", "numpy", "enum", None)]
    return all(any(name in space for space in written) for name in ("__add__", "__mul__"))


def _value(make, numbers):
    """The attribute that holds a node's value: a product or a sum of a wrong engine holds any."""
    (x, y), (first, second) = map(make, numbers), numbers
    leaves, made = [(x, first), (y, second)], [(x * y, first * second), (x + y, first + second)]
    for rows in ([*leaves, *made], leaves):
        for name in attributes(x):
            results = [quiet(getattr, node, name) for node, _ in made]
            right = all(holds(quiet(getattr, node, name), number) for node, number in rows)
            if right and all(map(is_value, results)):
                return name
    return None


# --- the gradient ---------------------------------------------------------------------------


def _engine(module, path, cls, leaf, end):
    """Every fact about one class whose nodes hold numbers."""

    def make(number):
        return LEAVES[leaf](cls, number)

    value = _value(make, NUMBERS)
    if value is None:
        return None
    facts = {"class": path, "leaf": leaf, "value": value, "known": ""}
    facts.update(_gradient(cls, make, NUMBERS, value, end) or {})
    if any(type(held).__name__ == "ndarray" for held in _held(make, value, facts)):
        facts["arrays"] = "yes"
    facts["operands"] = _operands(make)
    facts.update(_sort(module, cls, make, facts.get("backward")))
    there = _spellings["operations"](module, path, cls, make, value, end)
    facts.update(there)
    facts.update(_spellings["uses"](module, cls, make, there, end))
    facts.update(_networks["find"](module, cls, make, value, end + MORE))
    return facts


def _array_engine(module, path, cls, leaf, end):
    """Every fact about one class whose nodes hold arrays; nothing where it treats them as numbers.

    An engine that multiplies matrices or sums along an axis means arrays. Any other computes on
    them only because NumPy does.
    """
    make, numbers = _grids["leaves"](lambda grid: LEAVES[leaf](cls, grid)), _grids["numbers"]()
    value = _value(make, numbers)
    if value is None:
        return None
    whole = _grids["operations"](module, cls, make, value, end)
    if not whole:
        return None
    facts = {"class": path, "leaf": leaf, "value": value, "known": ""}
    total = _grids["total"](module, whole)
    facts.update(_gradient(cls, make, numbers, value, end, total) or {})
    facts["inner"] = _grids["inner"](make, facts, total)
    there = _spellings["operations"](module, path, cls, make, value, end)
    there = {op: form for op, form in there.items() if op not in _grids["OF_NUMBERS"]}
    called = _grids["calls"](module, whole, make)
    uses = _spellings["uses"](module, cls, make, there, end, called)
    return {**facts, **there, **uses, **whole}


def _held(make, value, facts):
    """The numbers that a node holds after a walk backward."""
    x, y = map(make, NUMBERS)
    root = x * y + x
    if facts.get("backward") and facts.get("seeding") == "none":
        brief(getattr(root, facts["backward"]))
    first, _, inner = facts.get("gradient", "").partition(".")
    gradient = quiet(getattr, x, first)
    return getattr(root, value), getattr(gradient, inner, None) if inner else gradient


def _gradient(cls, make, numbers, value, end, total=None):
    """The method that works the gradients out, what holds them, and how that is known.

    Where nodes hold arrays, total adds up the elements of one: backward() may ask for a number.
    """
    for known in ("sum", "product"):
        for name in method_names(cls, BACKWARD):
            for seeding in (*SEEDINGS, "total")[: 4 if total else 3]:
                if time.monotonic() > end:
                    break
                gradient = brief(_tried, make, numbers, value, known, name, seeding, total)
                if gradient:
                    zero = _zero(make, gradient)
                    names = {"backward": name, "gradient": gradient, "seeding": seeding}
                    return {**names, "known": known, "zero": zero}
    return _by_name(cls, make, value, total)


def _tried(make, numbers, value, known, name, seeding, total):
    """The attribute that holds the gradients after a call of that method; None where none does."""
    x, y = map(make, numbers)
    root = x * y + x if known == "sum" else x * y
    ones = numbers[0] * 0.0 + 1.0
    wanted = (numbers[1] + ones if known == "sum" else numbers[1], numbers[0])
    method = getattr(root, name)
    if seeding == "set":
        for attribute in attributes(root):
            empty = getattr(root, attribute)
            if attribute != value and (empty is None or as_number(empty) == 0.0):
                quiet(setattr, root, attribute, ones)
                quiet(method)
                if holds(getattr(x, attribute), wanted[0]) and holds(
                    getattr(y, attribute), wanted[1]
                ):
                    return attribute
                return None
        return None
    if seeding == "argument":
        method(ones)
    else:
        method() if seeding == "none" else getattr(total(root), name)()
    for attribute in attributes(x):
        if attribute == value:
            continue
        held = quiet(getattr, x, attribute), quiet(getattr, y, attribute)
        if all(holds(h, w) for h, w in zip(held, wanted, strict=True)):
            return attribute
        inner = [quiet(getattr, h, value) for h in held]
        if all(holds(h, w) for h, w in zip(inner, wanted, strict=True)):
            return f"{attribute}.{value}"
    return None


def _by_name(cls, make, value, total=None):
    """What the names alone say: enough to run it, and said so."""
    methods = [n for n in method_names(cls, BACKWARD) if n.replace("_", "").lower() in BACKWARD]
    held = [n for n in attributes(make(NUMBERS[0])) if n != value]
    likely = [
        n for n in held if n.replace("_", "").lower() in ("grad", "gradient", "adjoint", "g", "d")
    ]
    if not methods or not likely:
        return None
    seeding, wants = "total" if total else "none", wants_of(getattr(cls, methods[0]))
    if wants:
        return {"backward": methods[0], "gradient": likely[0], "asks": wants[0]}
    names = {"backward": methods[0], "gradient": likely[0], "seeding": seeding}
    return {**names, "known": "name", "zero": _zero(make, likely[0])}


def _zero(make, gradient):
    """What a gradient is before any backward(): a number, or None."""
    first = gradient.partition(".")[0]
    return "none" if getattr(make(NUMBERS[0]), first, 0.0) is None else "number"


# --- operands and order -----------------------------------------------------------------------


def _operands(make):
    """The attribute that leads from a node to its operands; nothing where only a closure does."""
    x, y = map(make, NUMBERS)
    product = quiet(lambda: x * y)
    alone = []
    for name in attributes(product):
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
    methods = [n for n in method_names(cls, SORT) if n != backward]
    likely = [n for n in methods if n.replace("_", "").lower() in SORT]
    functions = [n for n, t in list(vars(module).items()) if _is_function(t)]
    functions = [n for n in functions if n.replace("_", "").lower() in SORT]
    tries = [("method", n) for n in likely] + [("function", n) for n in functions]
    tries += [("method", n) for n in methods if n not in likely]
    for form, name in tries:
        x, y = map(make, NUMBERS)
        product = x * y
        root = product + x
        listed = brief(_listed, module, root, form, name)
        if type(listed) in (list, tuple) and len(listed) < 64:
            there = [any(item is node for item in listed) for node in (x, y, product, root)]
            if all(there) or (any(there) and (form, name) in tries[: len(likely)]):
                return {"sort": name, "sort_form": form}
    return {}


def _listed(module, root, form, name):
    return getattr(root, name)() if form == "method" else getattr(module, name)(root)


def _is_function(thing):
    return callable(thing) and not isinstance(thing, type)
