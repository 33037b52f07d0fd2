"""What surrounds a student's module: its files, what IPython gives, stand-ins for plots.

Stands beside worker.py, started by path; imports nothing of adjudge. Nothing is drawn, shown or
asked here; whatever people do with a figure (unpack it, index it, inherit from it) works and has
no effect.
"""

import ast
import builtins
import dis
import importlib.abc
import importlib.machinery
import importlib.util
import itertools
import os
import sys
import types

INERT = (
    *("matplotlib", "mpl_toolkits", "seaborn", "plotly", "bokeh", "altair", "graphviz", "pydot"),
    *("networkx", "IPython", "ipywidgets", "tqdm"),
)
"""Libraries that only show things; a stand-in takes their place, and nothing is drawn."""
OTHER = frozenset(
    (
        *("bash", "sh", "shell", "script", "cmd", "system", "sx", "!", "perl", "ruby", "R", "sql"),
        *("html", "HTML", "javascript", "js", "svg", "SVG", "latex", "markdown", "bigquery"),
        *("python", "python2", "python3", "pypy", "cython", "julia", "debug", "ai"),
    )
)
"""Cell magics whose cell is no Python of the notebook's."""
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
    """Puts Inert in the place of each library in INERT."""

    def find_spec(self, fullname, path=None, target=None):
        """Finds the libraries that only show things."""
        if fullname.partition(".")[0] not in INERT:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec):
        """Makes the stand-in."""
        return Inert(spec.name)

    def exec_module(self, module):
        """Does nothing."""


class Siblings(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports the files of a submission from memory, statement by statement.

    Args:
        sources: module, file name and text of each that the main module may import.
        runner: runs the statements.
        folder: where the files are said to lie.
        name: the import name of the main module.
        main: file or cell name and text of each part of the main module.
    """

    def __init__(self, sources, runner, folder, name, main):
        self.sources = {}
        for module, file, text in sources:
            self.sources.setdefault(module, []).append((file, text))
        self._runner = runner
        self._folder = folder
        self._name = name
        self._main = main

    def module(self):
        """The main module, empty."""
        module = importlib.util.module_from_spec(self._spec(self._name))
        module.__file__ = module.__spec__.origin
        return module

    def load(self, module):
        """Runs the main module, its packages first.

        Raises:
            SyntaxError: it is one file, and not Python.
        """
        parts = self._name.split(".")[:-1]
        for n in range(len(parts)):
            importlib.import_module(".".join(parts[: n + 1]))
        if sys.modules.setdefault(self._name, module) is module or self._name == "__main__":
            sys.modules[self._name] = module
            self.exec_module(module)

    def share(self, module, names):
        """Gives a module what others define and it does not.

        Args:
            module: the main module.
            names: the modules to look into, in their order.
        """
        for name in names:
            try:
                other = importlib.import_module(name)
            except BaseException as problem:
                self._runner.note(problem, self.sources[name][0][0], 0, ())
                continue
            for known, thing in list(vars(other).items()):
                if not known.startswith("_"):
                    module.__dict__.setdefault(known, thing)

    def find_spec(self, fullname, path=None, target=None):
        """Finds a module among the files that were handed in."""
        known = (*self.sources, self._name)
        if fullname in known or any(module.startswith(fullname + ".") for module in known):
            return self._spec(fullname)
        return None

    def exec_module(self, module):
        """Runs the file in the new module."""
        if module.__name__ == self._name:
            self._run_main(module)
            return
        parts = self.sources.get(module.__name__, ())
        for file, text in parts:
            try:
                self._runner.run_beside(file, text, module.__dict__)
            except SyntaxError as problem:
                if len(parts) == 1:
                    raise
                self._runner.note(problem, file, problem.lineno or 0, ())

    def _run_main(self, module):
        for file, text in self._main:
            try:
                self._runner.run_main(file, text, module.__dict__)
            except SyntaxError as problem:
                if len(self._main) == 1:
                    raise
                self._runner.note(problem, file, problem.lineno or 0, ())

    def _spec(self, name):
        known = (*self.sources, self._name)
        is_package = any(module.startswith(name + ".") for module in known)
        spec = importlib.machinery.ModuleSpec(name, self, is_package=is_package)
        parts = self._main if name == self._name else self.sources.get(name, (("",),))
        file = parts[0][0]
        if file:
            spec.origin = f"{self._folder.rstrip('/')}/{file}"
            spec.has_location = True
        return spec


class Shell:
    """What get_ipython() returns: runs the Python in a magic, and nothing else.

    Args:
        namespace: the notebook's.
        siblings: the finder of the files that may be imported.
        run: runs a text under a name in a namespace.
        left_out: the exception for a cell that is not run.
    """

    def __init__(self, namespace, siblings, run, left_out):
        self.user_ns = namespace
        self._siblings = siblings
        self._run = run
        self._left_out = left_out

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Inert(name)

    def run_line_magic(self, name, line="", *more):
        """Runs what stands behind %time, and the file behind %run."""
        if name == "time":
            return self._time(line)
        if name == "run":
            self._run_file(line.split()[0] if line.split() else "")
        return Inert(name)

    magic = run_line_magic

    def run_cell_magic(self, name, line, cell):
        """Writes the file of %%writefile, runs Python, leaves out what is not Python."""
        if name in ("writefile", "file"):
            self._write(line.split(), cell)
        elif name in OTHER:
            raise self._left_out(f"%%{name} is not run here")
        else:
            self._run(f"%%{name}", cell, self.user_ns)

    def system(self, command):
        """Runs no command."""
        return

    system_raw = system_piped = system

    def getoutput(self, command, *more, **kwargs):
        """The lines that a command prints: none."""
        return []

    def _time(self, line):
        tree = ast.parse(line)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "magic", "exec"), self.user_ns)
        if last is None:
            return None
        return eval(compile(ast.Expression(last.value), "magic", "eval"), self.user_ns)

    def _run_file(self, name):
        for parts in self._siblings.sources.values():
            for known, text in parts:
                if known == name.strip("'\""):
                    self._run(known, text, self.user_ns)

    def _write(self, words, text):
        name = next((word.strip("'\"") for word in words if not word.startswith("-")), "")
        with open(name, "a" if "-a" in words else "w") as file:
            file.write(text)


def enter(namespace, siblings, run, left_out):
    """Gives a module what it may count on: IPython's names, exit(), and an input() that says no."""
    shell = Shell(namespace, siblings, run, left_out)
    builtins.get_ipython = lambda: shell
    builtins.display = _display
    builtins.input = _no_input
    builtins.exit = builtins.quit = sys.exit
    sys.argv = [os.path.basename(namespace.get("__file__", ""))]
    sys.meta_path.insert(0, InertFinder())


def _display(*things, **kwargs):
    """Shows nothing."""


def _no_input(prompt=""):
    raise EOFError("there is nobody to answer input() here")
