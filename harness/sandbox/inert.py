"""Stand-ins for libraries that show things: whatever people do with a figure has no effect.

Stands beside worker.py, started by path; imports nothing of adjudge. A figure unpacks, indexes,
iterates and is inherited from as usual, and nothing is drawn.
"""

import dis
import importlib.abc
import importlib.machinery
import itertools
import sys
import types

INERT = (
    *("matplotlib", "mpl_toolkits", "seaborn", "plotly", "bokeh", "altair", "graphviz", "pydot"),
    *("networkx", "IPython", "ipywidgets", "tqdm", "harness"),
)
"""Libraries that only show things; a stand-in takes their place, and nothing is drawn."""
DRAWING = ("draw", "layout", "Graph", "nx_", "read", "write")
"""What a name of networkx holds that only draws; its algorithms are not here."""
SEVERAL = 3
"""Axes of a figure that are made where nobody says how many."""


class Inert(types.ModuleType):
    """Stands for a library that shows things, and for all it returns: takes any use, does nothing.

    Unpacked, it gives as many as are asked for; iterated, none.
    """

    __path__ = ()

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        known = vars(self)["__name__"]
        if known == "networkx" and not any(part in name for part in DRAWING):
            message = "networkx is not available here"
            raise ModuleNotFoundError(message, name="networkx")
        return Inert(name)

    def __call__(self, *args, **kwargs):
        """Does nothing; gives back a function that it decorates, or what it shows progress of."""
        name = vars(self)["__name__"]
        if name == "subplots":
            return Inert("figure"), _axes(*args, **kwargs)
        if name in ("tqdm", "trange", "track") and args:
            return _Progress(range(*args) if name == "trange" else args[0])
        if len(args) == 1 and isinstance(args[0], types.FunctionType) and not kwargs:
            return args[0]
        return Inert("nothing")

    def __iter__(self):
        return iter([Inert("item") for _ in range(_unpacked(sys._getframe(1)))])

    def __getitem__(self, key):
        return Inert("item")

    def __setitem__(self, key, value):
        pass

    def __delitem__(self, key):
        pass

    def __contains__(self, thing):
        return False

    def __len__(self):
        return 0

    def __bool__(self):
        return True

    def __float__(self):
        return 0.0

    def __int__(self):
        return 0

    def __index__(self):
        return 0

    def __str__(self):
        return ""

    def __format__(self, how):
        return ""

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        return False

    def __mro_entries__(self, bases):
        return (Heir,)

    def __instancecheck__(self, thing):
        return False

    def __subclasscheck__(self, thing):
        return False


class Heir:
    """What a class inherits from where its base is of a library that shows things."""

    def __init__(self, *args, **kwargs):
        pass

    def __init_subclass__(cls, **kwargs):
        pass

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Inert(name)


def _nothing(self, *others):
    return Inert("nothing")


def _no(self, other):
    return False


for _name in (
    *("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor"),
    *("lshift", "rshift"),
):
    setattr(Inert, f"__{_name}__", _nothing)
    setattr(Inert, f"__r{_name}__", _nothing)
for _name in ("neg", "pos", "abs", "invert", "round"):
    setattr(Inert, f"__{_name}__", _nothing)
for _name in ("lt", "le", "gt", "ge"):
    setattr(Inert, f"__{_name}__", _no)


class _Progress(Inert):
    """Shows no progress of what it goes through."""

    def __init__(self, things):
        super().__init__("progress")
        vars(self)["_things"] = things

    def __iter__(self):
        return iter(vars(self)["_things"])

    def __len__(self):
        return len(vars(self)["_things"])


def _unpacked(frame):
    """How many items the instruction that iterates asks for; none where it is a loop."""
    code, at = frame.f_code.co_code, frame.f_lasti
    name = dis.opname[code[at]] if 0 <= at < len(code) else ""
    count = code[at + 1] if name else 0
    if name == "UNPACK_SEQUENCE":
        return count
    return count + SEVERAL if name == "UNPACK_EX" else 0


def _axes(rows=1, columns=1, *rest, nrows=None, ncols=None, squeeze=True, **more):
    """What subplots() returns beside the figure: one, or an array of them."""
    shape = [nrows or rows, ncols or columns]
    if not all(type(n) is int and 0 < n <= 100 for n in shape) or "numpy" not in sys.modules:
        return Inert("axes")
    if squeeze:
        shape = [n for n in shape if n > 1]
    if not shape:
        return Inert("axes")
    grid = sys.modules["numpy"].empty(shape, dtype=object)
    for place in itertools.product(*map(range, shape)):
        grid[place] = Inert("axes")
    return grid


class InertFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Puts Inert in the place of each library in INERT that the course does not allow."""

    def __init__(self, allowed):
        self._allowed = allowed

    def find_spec(self, fullname, path=None, target=None):
        """Finds the libraries that only show things."""
        first = fullname.partition(".")[0]
        if first not in INERT or first in self._allowed:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec):
        """Makes the stand-in."""
        return Inert(spec.name)

    def exec_module(self, module):
        """Does nothing."""
