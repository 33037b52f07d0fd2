"""What surrounds a student's module: the files beside it, allowed libraries, what IPython gives.

Stands beside worker.py, started by path; imports nothing of adjudge.
"""

import ast
import builtins
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys

OTHER = frozenset(
    (
        *("bash", "sh", "shell", "script", "cmd", "system", "sx", "!", "perl", "ruby", "R", "sql"),
        *("html", "HTML", "javascript", "js", "svg", "SVG", "latex", "markdown", "bigquery"),
        *("python", "python2", "python3", "pypy", "cython", "julia", "debug", "ai"),
    )
)
"""Cell magics whose cell is no Python of the notebook's."""

UNPARSED = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)
"""What compile() raises."""


class Allowed(importlib.abc.MetaPathFinder):
    """Finds the libraries that the course allows: the folder around them cannot be listed."""

    def __init__(self, libraries):
        self._places = {name: (origin, folder) for name, origin, folder in libraries}

    def find_spec(self, fullname, path=None, target=None):
        """Finds one of them."""
        if fullname not in self._places:
            return None
        origin, folder = self._places[fullname]
        return importlib.util.spec_from_file_location(
            fullname, origin, submodule_search_locations=[folder] if folder else None
        )


class Siblings(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports the files of a submission from memory, statement by statement.

    Args:
        sources: module, file name and text of each that the main module may import.
        runner: runs the statements.
        folder: where the files are said to lie.
        name: the import name of the main module.
        stem: the name by which files beside a notebook import it, if it is one.
        main: file or cell name and text of each part of the main module.
    """

    def __init__(self, sources, runner, folder, name, stem, main):
        self.sources = {}
        for module, file, text in sources:
            self.sources.setdefault(module, []).append((file, text))
        self._runner = runner
        self._folder = folder
        self._name = name
        self._stem = stem
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
            if self._stem:
                sys.modules.setdefault(self._stem, module)
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
        if fullname == "numpy" or fullname in sys.stdlib_module_names:
            return None
        deeper = [module for module in self.sources if module.endswith(f".{fullname}")]
        if len(deeper) != 1:
            return None
        # In a folder that the submission puts on the path: no real one is there.
        self.sources[fullname] = self.sources[deeper[0]]
        return self._spec(fullname)

    def exec_module(self, module):
        """Runs the file in the new module."""
        if module.__name__ == self._name:
            self._run_main(module)
            return
        parts = self.sources.get(module.__name__, ())
        for file, text in parts:
            try:
                self._runner.run_beside(file, text, module.__dict__)
            except UNPARSED as problem:
                if len(parts) == 1:
                    raise
                self._runner.note(problem, file, getattr(problem, "lineno", 0) or 0, ())

    def _run_main(self, module):
        for file, text in self._main:
            try:
                self._runner.run_main(file, text, module.__dict__)
            except UNPARSED as problem:
                if len(self._main) == 1:
                    raise
                self._runner.note(problem, file, getattr(problem, "lineno", 0) or 0, ())

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


class Lines(list):
    """The lines that a command prints, under the names that IPython has for them: none."""

    l = p = ()  # noqa: E741  its name there
    n = s = ""

    def grep(self, *more, **kwargs):
        """Those of the lines that match."""
        return self

    fields = grep


class Shell:
    """What get_ipython() returns: runs the Python in a magic, and nothing else.

    Args:
        namespace: the notebook's.
        siblings: the finder of the files that may be imported.
        run: runs a text under a name in a namespace.
        stand_in: makes what takes any use and does nothing.
        left_out: the exception for a cell that is not run.
    """

    def __init__(self, namespace, siblings, run, stand_in, left_out):
        self.user_ns = namespace
        self._siblings = siblings
        self._run = run
        self._stand_in = stand_in
        self._left_out = left_out

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self._stand_in(name)

    def run_line_magic(self, name, line="", *more):
        """Runs what stands behind %time, and the file behind %run."""
        if name == "time":
            return self._time(line)
        if name == "run":
            self._run_file(line.split()[0] if line.split() else "")
        return self._stand_in(name)

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
        return Lines()

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


def enter(namespace, siblings, run, stand_in, left_out):
    """Gives a module what it may count on: IPython's names, exit(), and an input() that says no."""
    shell = Shell(namespace, siblings, run, stand_in, left_out)
    builtins.get_ipython = lambda: shell
    builtins.display = _display
    builtins.input = _no_input
    builtins.exit = builtins.quit = sys.exit
    for name in ("help", "license", "credits", "copyright"):
        setattr(builtins, name, _display)
    if namespace["__name__"] == "__main__":
        namespace.update(In=[], Out={}, _="", __="", ___="")


def _display(*things, **kwargs):
    """Shows nothing."""


def _no_input(prompt=""):
    raise EOFError("there is nobody to answer input() here")
