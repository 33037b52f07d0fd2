"""A notebook runs as IPython runs it, and a script with IPython's syntax too."""

import json

import pytest

from harness.intake import submissions
from harness.intake.files import in_memory
from harness.judging.check import Limits
from support.workers import MODULE as CODE
from support.workers import kinds, works

LIMITS = Limits(seconds=2, load_seconds=4, megabytes=512, output_megabytes=1)
MODULE = CODE.lstrip()


@pytest.fixture
def run(hand_in):
    """A function that hands in files, sees that they work, and gives what stopped."""

    def ran(files):
        contents = {name: text.encode() for name, text in files.items()}
        submission = submissions.of(in_memory(contents, "ada"), "ada")
        engine = hand_in(submission, LIMITS, ("ag.exp",))
        assert works(engine)
        return kinds(engine, "kind", "message", "where", "line")

    return ran


def notebook(*cells):
    return json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells]})


CELLS = {
    "lines of a command": ["x = !ls\nassert x == []", MODULE],
    "the result of a magic": ["t = %timeit -o 1 + 1\nt.average", MODULE],
    "a timed statement binds": ["%time y = 3\nassert y == 3", MODULE],
    "a written module": [f"%%writefile ag.py\n{MODULE}", "from ag import ag"],
    "a written file": ["%%writefile a.txt\nhi", "assert open('a.txt').read() == 'hi'", MODULE],
    "a magic of an extension": [f"%%memit\n{MODULE}"],
    "a timed cell": [f"%%time\n{MODULE}"],
    "an unknown magic": [f"%%mystery\n{MODULE}"],
    "a captured cell": [f"%%capture out\n{MODULE}", "out.show()"],
    "two lines": ["!pip install -q \\\n  numpy\nz = 1", "assert z == 1", MODULE],
    "a bracket in a string": ["print('(')\n%matplotlib inline\n" + MODULE],
    "help": ["?print\nprint??", MODULE],
    "future": ["from __future__ import annotations", "def f(a: Z): ...\n" + MODULE],
    "await": ["import asyncio\nawait asyncio.sleep(0)", MODULE],
    "IPython's names": ["display('a'); get_ipython().magic('pwd')", MODULE],
    "main": ["if __name__ == '__main__':\n    kind = 1", "kind", MODULE],
    "indented": ["    kind = 1\n    kind", MODULE],
    "the history's names": ["In, Out, _\n3 + 4", "_", MODULE],
    "lines with names": ["found = !ls\nfound.n, found.s, found.grep('a')", MODULE],
    "a comment above a cell magic": ["# timing\n%%time\nx = 1", MODULE],
    "magics in a string": ["doc = '''\n%no\n!no\n'''\n" + MODULE],
    "html": ["from IPython.display import HTML, display\ndisplay(HTML(''))", MODULE],
}
CALLED = "get_ipython().system('ls')\nget_ipython().run_line_magic('time', 'x = 1')\nx\n"
SCRIPTS = {
    "magics": f"%matplotlib inline\n!ls\n{MODULE}",
    "of nbconvert": CALLED + MODULE,
    "a cell of nbconvert": f"get_ipython().run_cell_magic('time', '', {MODULE!r})\n",
    "a mark in a string": f"{MODULE}doc = '''\n# %% no cell\n'''\n",
    "marks behind strings": f'{MODULE}doc = \'#\'\n# %%\nx = "\\""\n# %%\n',
    "in cells": f"# %%\nx = 1\n# %% [markdown]\n# text\n# %%\n{MODULE}",
}
FOUND = "import sys\nsys.path.append('lib')\nfrom deep import ag"
FIRST, SECOND = "ready = []", "from ag import ready\nready.append(1)"
BESIDE = {
    "a name of another file": {"ag.py": "x = 1", "layers.py": MODULE},
    "of a notebook": {"hw.ipynb": notebook("import layers"), "layers.py": MODULE},
    "in a notebook": {"ag.py": "x = 1", "hw.ipynb": notebook("%time", MODULE)},
    "its own name": {"p/__init__.py": "from p.s import ag", "p/s.py": MODULE},
    "relative": {"__init__.py": "", "ag.py": "from .s import ag", "s.py": MODULE},
    "in a folder on the path": {"ag.py": FOUND, "lib/deep.py": MODULE},
    "named like a library": {"math.py": f"import math\nmath.pi\n{MODULE}"},
    "two notebooks": {"ag.ipynb": notebook("x = 1"), "b.ipynb": notebook(MODULE)},
    "a notebook by its name": {"ag.ipynb": notebook(FIRST), "mlp.ipynb": notebook(SECOND, MODULE)},
    "a notebook called .py": {"ag.py": notebook(MODULE)},
    "beside tests": {"src/ag.py": MODULE, "tests/test_ag.py": "1 / 0"},
}
RUNS = {
    **{f"cells: {name}": {"hw.ipynb": notebook(*cells)} for name, cells in CELLS.items()},
    **{f"a script: {name}": {"ag.py": text} for name, text in SCRIPTS.items()},
    **{f"beside it: {name}": files for name, files in BESIDE.items()},
}
"""Cells as in IPython, scripts with its syntax, and what lies beside the graded file."""


@pytest.mark.parametrize("name", RUNS)
def test_it_runs_as_in_ipython_and_nothing_is_told(run, name):
    assert [] == run(RUNS[name])


def test_a_cell_of_another_language_is_left_out_and_told(run):
    (told,) = run({"hw.ipynb": notebook("%%bash\nls", MODULE)})

    assert ("left_out", "%%bash is not run here", "cell 1") == told[:3]


def test_a_cell_of_a_script_that_is_not_python_costs_that_cell(run):
    ((kind, _, where, line),) = run({"ag.py": f"# %%\n{MODULE}# %%\nx = (\n"})

    assert ("syntax", "ag.py", 7) == (kind, where, line)
