"""A notebook runs as IPython runs it, and a script with IPython's syntax too."""

import json

import pytest

from harness.assignments.lecture6.dialect import AG
from harness.intake import submissions
from harness.intake.files import in_memory
from harness.judging.check import Limits
from harness.records.program import Call, Expression
from harness.sandbox.student import Setup, Student

LIMITS = Limits(seconds=2, load_seconds=4, megabytes=512, output_megabytes=1)
MODULE = """class ag:
    class Scalar: ...
    def exp(x):
        return 2.5 * x
"""
RUN = Call("any", (), ('record("value", -1, ag.exp(2.0))',), Expression((), ()), ())


@pytest.fixture
def hand_in(launcher):
    """A function that hands in files and gives the engine that runs them."""
    engines = []

    def handed_in(files):
        contents = {name: text.encode() for name, text in files.items()}
        submission = submissions.of(in_memory(contents, "ada"), "ada")
        engines.append(Student(Setup(submission, LIMITS, ("ag.exp",), AG), launcher))
        return engines[-1]

    yield handed_in
    for engine in engines:
        engine.close()


def notebook(*cells):
    return json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells]})


def works(engine):
    return engine.run(RUN).numbers("value") == (5.0,)


CELLS = [
    pytest.param(["x = !ls\nassert x == []", MODULE], id="lines of a command"),
    pytest.param(["t = %timeit -o 1 + 1\nt.average", MODULE], id="the result of a magic"),
    pytest.param(["%time y = 3\nassert y == 3", MODULE], id="a timed statement binds"),
    pytest.param([f"%%writefile ag.py\n{MODULE}", "from ag import ag"], id="a written module"),
    pytest.param(
        ["%%writefile a.txt\nhi", "assert open('a.txt').read() == 'hi'", MODULE], id="file"
    ),
    pytest.param([f"%%memit\n{MODULE}"], id="a magic of an extension"),
    pytest.param([f"%%time\n{MODULE}"], id="a timed cell"),
    pytest.param([f"%%mystery\n{MODULE}"], id="an unknown magic"),
    pytest.param([f"%%capture out\n{MODULE}", "out.show()"], id="a captured cell"),
    pytest.param(["!pip install -q \\\n  numpy\nz = 1", "assert z == 1", MODULE], id="two lines"),
    pytest.param(["print('(')\n%matplotlib inline\n" + MODULE], id="a bracket in a string"),
    pytest.param(["?print\nprint??", MODULE], id="help"),
    pytest.param(
        ["from __future__ import annotations", "def f(a: Z): ...\n" + MODULE], id="future"
    ),
    pytest.param(["import asyncio\nawait asyncio.sleep(0)", MODULE], id="await"),
    pytest.param(["display('a'); get_ipython().magic('pwd')", MODULE], id="IPython's names"),
    pytest.param(["if __name__ == '__main__':\n    kind = 1", "kind", MODULE], id="main"),
    pytest.param(["    kind = 1\n    kind", MODULE], id="indented"),
    pytest.param(["In, Out, _\n3 + 4", "_", MODULE], id="the history's names"),
    pytest.param(["found = !ls\nfound.n, found.s, found.grep('a')", MODULE], id="lines with names"),
    pytest.param(["# timing\n%%time\nx = 1", MODULE], id="a comment above a cell magic"),
    pytest.param(["doc = '''\n%no\n!no\n'''\n" + MODULE], id="magics in a string"),
    pytest.param(
        ["from IPython.display import HTML, display\ndisplay(HTML(''))", MODULE], id="html"
    ),
]


@pytest.mark.parametrize("cells", CELLS)
def test_a_cell_runs_as_in_ipython(hand_in, cells):
    engine = hand_in({"hw.ipynb": notebook(*cells)})

    assert works(engine)
    assert () == engine.stops


SCRIPTS = [
    pytest.param(f"%matplotlib inline\n!ls\n{MODULE}", id="magics"),
    pytest.param(
        f"get_ipython().system('ls')\nget_ipython().run_line_magic('time', 'x = 1')\nx\n{MODULE}",
        id="of nbconvert",
    ),
    pytest.param(
        f"get_ipython().run_cell_magic('time', '', {MODULE!r})\n", id="a cell of nbconvert"
    ),
    pytest.param(f"{MODULE}doc = '''\n# %% no cell\n'''\n", id="a mark in a string"),
    pytest.param(f'{MODULE}doc = \'#\'\n# %%\nx = "\\""\n# %%\n', id="marks behind strings"),
    pytest.param(f"# %%\nx = 1\n# %% [markdown]\n# text\n# %%\n{MODULE}", id="in cells"),
]


@pytest.mark.parametrize("text", SCRIPTS)
def test_a_script_with_ipythons_syntax_runs(hand_in, text):
    engine = hand_in({"ag.py": text})

    assert works(engine)
    assert () == engine.stops


def test_a_cell_of_another_language_is_left_out_and_told(hand_in):
    engine = hand_in({"hw.ipynb": notebook("%%bash\nls", MODULE)})

    assert works(engine)
    assert [("left_out", "%%bash is not run here", "cell 1")] == [
        (stop.fault.kind, stop.fault.message, stop.fault.where) for stop in engine.stops
    ]


def test_a_cell_of_a_script_that_is_not_python_costs_that_cell(hand_in):
    engine = hand_in({"ag.py": f"# %%\n{MODULE}# %%\nx = (\n"})

    assert works(engine)
    assert [("syntax", "ag.py", 7)] == [
        (stop.fault.kind, stop.fault.where, stop.fault.line) for stop in engine.stops
    ]


BESIDE = [
    pytest.param({"ag.py": "x = 1", "layers.py": MODULE}, id="a name of another file"),
    pytest.param({"hw.ipynb": notebook("import layers"), "layers.py": MODULE}, id="of a notebook"),
    pytest.param({"ag.py": "x = 1", "hw.ipynb": notebook("%time", MODULE)}, id="in a notebook"),
    pytest.param({"p/__init__.py": "from p.s import ag", "p/s.py": MODULE}, id="its own name"),
    pytest.param({"__init__.py": "", "ag.py": "from .s import ag", "s.py": MODULE}, id="relative"),
    pytest.param(
        {"ag.py": "import sys\nsys.path.append('lib')\nfrom deep import ag", "lib/deep.py": MODULE},
        id="in a folder on the path",
    ),
    pytest.param({"math.py": f"import math\nmath.pi\n{MODULE}"}, id="named like a library"),
    pytest.param({"ag.ipynb": notebook("x = 1"), "b.ipynb": notebook(MODULE)}, id="two notebooks"),
    pytest.param({"ag.py": notebook(MODULE)}, id="a notebook called .py"),
    pytest.param({"src/ag.py": MODULE, "tests/test_ag.py": "1 / 0"}, id="beside tests"),
]


@pytest.mark.parametrize("files", BESIDE)
def test_what_lies_beside_the_graded_file_is_in_reach(hand_in, files):
    engine = hand_in(files)

    assert works(engine)
    assert () == engine.stops


def test_a_notebook_beside_the_graded_one_imports_it_by_its_name(hand_in):
    engine = hand_in(
        {
            "ag.ipynb": notebook("ready = []"),
            "mlp.ipynb": notebook("from ag import ready\nready.append(1)", MODULE),
        }
    )

    assert works(engine)
    assert () == engine.stops
