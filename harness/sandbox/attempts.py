"""Try something on an object of a student's: whatever it raises, and however long it takes.

Stands beside the finder in a worker that is thrown away; imports nothing of adjudge.
"""

import signal

MOMENT = 0.2
"""Seconds of one call, where it is a method of which nothing is known."""
MOST_METHODS = 32


def quiet(function, *arguments):
    """What a call returns; None for whatever it raises."""
    try:
        return function(*arguments)
    except BaseException:
        return None


def brief(function, *arguments, seconds=MOMENT):
    """The same for a call that may never return: it is ended after a moment."""
    signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, MOMENT)
    try:
        return quiet(function, *arguments)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _ring(signum, frame):
    raise TimeoutError


def as_number(thing):
    """A number as a float, or None; a boolean is none, nor is an array with axes."""
    if isinstance(thing, bool) or getattr(thing, "shape", ()) != ():
        return None
    if isinstance(thing, (int, float)) or hasattr(thing, "dtype"):
        return quiet(float, thing)
    return None


def is_value(thing):
    """Whether a thing is a number, or an array of numbers."""
    return as_number(thing) is not None or _kind(thing) in ("f", "i")


def _kind(thing):
    """The letter by which NumPy calls what an array holds; nothing of anything else."""
    return thing.dtype.kind if type(thing).__name__ == "ndarray" else ""


def holds(thing, expected):
    """Whether a thing is that number, or that array."""
    if getattr(expected, "shape", ()) != ():
        alike = _kind(thing) == "f" and thing.shape == expected.shape
        return alike and bool((abs(thing - expected) <= 1e-5 * abs(expected)).all())
    number = as_number(thing)
    return number is not None and abs(number - expected) <= 1e-5 * abs(expected)


def attributes(node):
    """The names of what a node holds, methods left out, those without an underscore first."""
    names = [name for name in dir(node) if not name.startswith("__")]
    names.sort(key=lambda name: name.startswith("_"))
    return [n for n in names if not callable(quiet(getattr, node, n))]


def method_names(cls, first):
    """The names of the methods of a class, likely ones first."""
    names = [n for n in dir(cls) if not n.startswith("__") and callable(getattr(cls, n, None))]
    likely = [n for n in names if n.replace("_", "").lower() in first]
    likely.sort(key=lambda n: first.index(n.replace("_", "").lower()))
    return (likely + [n for n in names if n not in likely])[:MOST_METHODS]


def family(cls):
    """The class to which all nodes belong: the one furthest up whose + a student wrote."""
    own = [c for c in cls.__mro__ if c.__module__ != "builtins" and "__add__" in vars(c)]
    return own[-1] if own else cls


def written(cls, name):
    """Whether a class has a method that a student wrote."""
    return any(name in vars(c) for c in cls.__mro__ if c.__module__ != "builtins")


def wants_of(method):
    """The arguments beside self that a call cannot do without."""
    code = getattr(method, "__code__", None)
    if code is None:
        return ()
    count = code.co_argcount - len(method.__defaults__ or ())
    return code.co_varnames[1:count]
