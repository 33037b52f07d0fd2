"""A submission is loaded statement by statement: what stops is told once and costs nothing else."""

from dataclasses import replace

import pytest

from harness.judging.check import Limits
from harness.records.handed_in import Source, Submission
from harness.sandbox.loads import Loading
from support.long import sample
from support.workers import MODULE, RUN, kinds, works

LIMITS = Limits(seconds=2, load_seconds=4, megabytes=512, output_megabytes=1)


@pytest.fixture
def load(hand_in):
    """A function that loads a module, or the cells of a notebook, and gives the engine."""

    def loaded(*parts, siblings=(), loading=None):
        called = ["ag.py"] if len(parts) == 1 else [f"cell {n}" for n in range(1, len(parts) + 1)]
        main = tuple(Source(name, text) for name, text in zip(called, parts, strict=True))
        submission = Submission("ada", main, "ag", tuple(siblings))
        return hand_in(submission, LIMITS, ("ag.exp",), loading=loading)

    return loaded


STOPS = [  # more of them, as a student is told of them, in test_harmless_statements
    ("from google.colab import drive", "library", "ModuleNotFoundError"),
    ("assert ag.exp(2.0) == 7, 'own test'", "raised", "AssertionError"),
    ("quit(1)", "raised", "SystemExit"),
    ("raise GeneratorExit", "raised", "GeneratorExit"),
    ("input('name? ')", "raised", "EOFError"),
    ("1 / 0", "raised", "ZeroDivisionError"),
    ("print(undefined)", "raised", "NameError"),
    ("import math; math.exp('x')", "raised", "TypeError"),
    ("from math import missing", "raised", "ImportError"),
    ("open('data.csv').read()", "raised", "FileNotFoundError"),
    ("bytearray(16 << 30)", "memory", "MemoryError"),
    ("def f(): return f()\nf()", "raised", "RecursionError"),
    ("class Broken:\n    x = missing", "raised", "NameError"),
    ("for i in range(3):\n    assert i < 2", "raised", "AssertionError"),
]


@pytest.mark.parametrize("last", [True, False], ids=["last", "first"])
@pytest.mark.parametrize(("text", "kind", "exception"), STOPS, ids=[s[0][:30] for s in STOPS])
def test_a_statement_that_stops_is_told_once_and_the_rest_is_run(load, text, kind, exception, last):
    engine = load(f"{MODULE}\n{text}\n" if last else f"{text}\n{MODULE}")

    assert engine.load() is None
    if not last and "ag." in text:
        exception = "NameError"
    assert [(kind, exception)] == kinds(engine, "kind", "exception")
    assert 1 == engine.stopped
    assert engine.missing == ()
    assert works(engine)


def test_a_statement_that_stops_is_told_with_its_own_line(load):
    engine = load(f"{MODULE}\nfor i in range(2):\n    x = i\n    ag.exp(None)\n")

    assert [("raised", "TypeError", 9)] == kinds(engine, "kind", "exception", "line")


def test_every_statement_that_stops_is_counted_and_the_first_twenty_are_listed(load):
    engine = load(MODULE + "1 / 0\n" * 30)

    assert (20, 30) == (len(engine.stops), engine.stopped)
    assert works(engine)


def test_a_later_name_error_names_the_statement_that_would_have_defined_the_name(load):
    engine = load("import torch, math\n" + MODULE.replace("2.5", "math.e") + "\nprint(torch)\n")

    message = kinds(engine, "message")[1]
    reason = "ag.py, line 1 imports torch; graded code has only Python's standard library and NumPy"
    assert f"name 'torch' is not defined; {reason}" == message
    assert engine.run(RUN).fault.message == f"name 'math' is not defined; {reason}"


def test_a_name_that_is_lost_at_third_hand_goes_back_to_the_first_reason(load):
    engine = load(f"import pandas as pd\nframe = pd.read_csv('a')\nframe.head()\n{MODULE}")

    reason = (
        "ag.py, line 1 imports pandas; graded code has only Python's standard library and NumPy"
    )
    lost = [f"name {name!r} is not defined; {reason}" for name in ("pd", "frame")]
    assert lost == kinds(engine, "message")[1:]


HELD = [
    ("self.data = value", "thing.value", "; it has `data`"),
    ("self.data, self._hidden, self.name = value, 1.0, 'x'", "thing.value", "; it has `data`"),
    ("self.a, self.b = 1, 2.0", "thing.value", "; it has `a` and `b`"),
    ("self.a = self.b = self.c = 1", "thing.value", ""),
    ("self.data = value", "thing.value()", ""),
    ("pass", "thing.value", ""),
]


@pytest.mark.parametrize(("keeps", "asks", "says"), HELD)
def test_an_object_that_lacks_a_number_is_told_with_the_numbers_it_has(load, keeps, asks, says):
    init = f"class Scalar:\n        def __init__(self, value):\n            {keeps}"
    engine = load(MODULE.replace("class Scalar: ...", init))
    fault = engine.run(replace(RUN, lines=("thing = ag.Scalar(2.0)", asks))).fault

    assert f"'Scalar' object has no attribute 'value'{says}" == fault.message


def test_a_definition_whose_own_statement_stopped_is_missing(load):
    engine = load("class ag:\n    exp = undefined\n")

    assert ("ag.exp",) == engine.missing
    assert [("NameError", 2)] == kinds(engine, "exception", "line")
    assert ("ag",) == engine.stops[0].binds


def test_a_module_that_is_not_python_says_so_and_is_not_loaded_again(load):
    engine = load("x = 1\ny = (\n")
    first, second = engine.load(), engine.run(RUN).fault

    assert ("syntax", 2) == (first.kind, first.line)
    assert first is second


def test_what_is_missing_is_told_by_name(hand_in):
    engine = hand_in("class ag:\n    class Scalar: pass\n", names=("ag.Scalar", "ag.exp", "Model"))

    assert engine.load() is None
    assert ("ag.exp", "Model") == engine.missing


def test_a_cell_that_is_not_python_costs_that_cell(load):
    engine = load("x = 1", "y = (", MODULE)

    assert [("syntax", "SyntaxError", 1)] == kinds(engine, "kind", "exception", "line")
    assert works(engine)


def test_what_a_file_imports_is_loaded_statement_by_statement_too(load):
    beside = Source("layers.py", f"import torch\n{MODULE}\nassert False\n")
    engine = load("from layers import ag\n", siblings=[("layers", beside)])

    assert [("layers.py", 1), ("layers.py", 8)] == kinds(engine, "where", "line")
    assert works(engine)


HANGS = [
    ("while True:\n    pass", "timeout"),
    ("while True:\n    try:\n        x = 1\n    except:\n        pass", "timeout"),
    ("import time; time.sleep(65)", "waited"),
    ("[x for x in iter(int, 1)]", "timeout"),
]


@pytest.mark.parametrize(
    ("text", "kind"), sample(2, HANGS), ids=["loops", "swallows", "sleeps", "never ends"]
)
def test_a_statement_that_takes_too_long_is_cut_and_the_next_load_leaves_it_out(load, text, kind):
    loading = Loading()
    engine = load(f"{MODULE}\n{text}\nafter = 1\n", loading=loading)

    assert works(engine)
    assert (kind, "TooLong", 7) == kinds(engine, "kind", "exception", "line")[0]
    assert 1 == engine.stopped
    assert 1 == len(loading.skip)
    again = load(f"{MODULE}\n{text}\nafter = 1\n", loading=loading)
    assert works(again)
    assert 1 == again.stopped


ENDS = [
    ("import os\nos._exit(0)", "exited"),
    ("import ctypes\nctypes.string_at(0)", "crashed"),
    ("import os\nos.write(3, b'x' * 100)", "malformed"),
    ("for i in range(4):\n    print('x' * 10**6)", "output"),
    ("10 ** 10 ** 9", "timeout"),
]


@pytest.mark.parametrize(("text", "kind"), ENDS, ids=[kind for _, kind in ENDS])
def test_a_statement_that_ends_the_process_is_left_out_and_the_module_loaded_again(
    load, text, kind
):
    engine = load(f"{MODULE}\n{text}\n")

    assert works(engine)
    assert [kind] == kinds(engine, "kind")
    assert engine.stops[0].fault.text in text


def test_a_slow_statement_that_no_definition_needs_is_left_out_of_the_next_load(load):
    slow = "import time\nfor step in range(4):\n    time.sleep(0.1)\n"
    loading = Loading()

    assert works(load(MODULE + slow, loading=loading))
    assert 1 == len(loading.skip)
    assert () == loading.stops


@pytest.mark.parametrize(
    "slow",
    [
        "import time\nfor i in range(4):\n    time.sleep(0.1)\n    factor = 2.5\n",
        "import time\nfactor = []\nfor i in range(4):\n    time.sleep(0.1)\n    factor.append(i)",
        "import time\nt = time.sleep(0.4)\nfactor = t or 2.5\n",
        "import time\ndef set():\n    global factor\n    factor = time.sleep(0.4) or 2.5\nset()\n",
    ],
    ids=["binds", "changes", "leads to", "sets a global"],
)
def test_a_slow_statement_that_a_definition_needs_is_run_every_time(load, slow):
    loading = Loading()
    load(f"{slow}\n{MODULE.replace('2.5', 'factor')}", loading=loading).load()

    assert frozenset() == loading.skip
    assert () == loading.stops


def test_future_imports_of_an_early_cell_hold_for_later_ones(load):
    later = "def f(x: Undefined): return x\n" + MODULE
    engine = load("from __future__ import annotations", later)

    assert works(engine)
    assert () == engine.stops


def test_await_runs_at_the_top_of_a_cell(load):
    engine = load(
        "import asyncio\nawait asyncio.sleep(0.01)",
        "async def f(): return 2.5\nfactor = await f()",
        MODULE.replace("2.5", "factor"),
    )

    assert works(engine)
    assert () == engine.stops
