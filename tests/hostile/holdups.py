"""Modules and folders that try to hold the judge up: each in its own way, none for long."""

import json
from pathlib import Path

from support.workers import ANSWER

KEY = (Path(__file__).parents[2] / "reference_impls" / "answer_key.py").read_text()


def in_backward(act, before=ANSWER):
    """The answer key whose backward() does something first."""
    at = KEY.index("        def backward(self")
    body = KEY.index("\n", at) + 1
    lines = "".join(f"            {line}\n" for line in act.splitlines())
    return f"{before}\n{KEY[:body]}{lines}{KEY[body:]}"


def notebook(cells):
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


CELL = {"cell_type": "code", "metadata": {}, "outputs": [], "source": "x = 1"}
WAIT = "\n_time.sleep(99)"
MODULES = {
    "50,000 quantities in a reply": in_backward("_write(_told([_quantity()] * 50_000))" + WAIT),
    "a reply of 4 MB of nulls": in_backward(
        "_write(_told([_quantity(values=[None] * 900_000)]))" + WAIT
    ),
    "a reply of small strings": in_backward(
        "_write(_told([_quantity(types=['a'] * 800_000)]))" + WAIT
    ),
    "a reply that is a number of 3 MB": in_backward(
        "_write(_told([_quantity(values=['0x1' * 1_000_000])]))" + WAIT
    ),
    "a reply that never ends": in_backward("_write(_told([], 3_000_000))" + WAIT),
    "a reply that drips": in_backward(
        "for byte in _told([_quantity()] * 100):\n    _os.write(3, bytes([byte]))\n"
        "    _time.sleep(0.01)"
    ),
    "brackets for a reply": in_backward("_write(_struct.pack('!I', 3 << 20) + b'[' * (3 << 20))"),
    "backward just under its time": in_backward(
        "_end = _time.process_time() + 0.8\nwhile _time.process_time() < _end: pass"
    ),
    "backward that sleeps": in_backward("_time.sleep(0.9)"),
    "backward that hangs": in_backward("while True: pass"),
    "backward that dies": in_backward("_os._exit(3)"),
    "backward that recurses": in_backward("def deeper(): return deeper() + 1\ndeeper()"),
    "backward that prints just under the limit": in_backward("print('x' * 900_000)"),
    "backward that fills the memory": in_backward("bytearray(300 << 20)"),
    "backward that raises what never prints": in_backward(
        "raise _Bomb()",
        "class _Bomb(Exception):\n    def __str__(self):\n        while True: pass\n",
    ),
    "numbers whose __float__ loops": in_backward(
        "self.value = _Number(self.value)",
        "import numpy as _np\nclass _Number(_np.float64):\n"
        "    def __float__(self):\n        while True: pass\n",
    ),
    "gradients of noise": KEY + "\nimport random as _random\n_walk = ag.Scalar.backward\n"
    "def _noisy(self):\n    _walk(self)\n    self.grad += _random.random()\n"
    "    for node in self.topological_sort(): node.grad *= 1 + _random.random()\n"
    "ag.Scalar.backward = _noisy\n",
    "wrong on large graphs alone": KEY + "\n_walk = ag.Scalar.backward\n"
    "def _odd(self):\n    _walk(self)\n    order = self.topological_sort()\n"
    "    if len(order) > 6: order[0].grad += len(order)\n"
    "ag.Scalar.backward = _odd\n",
    "a statement that stops, a hundred thousand times": "1 / 0\n" * 100_000 + KEY,
    "a load that never ends": KEY + "\nwhile True: pass\n",
    "exceptions of a megabyte": in_backward("raise ValueError('x' * 1_000_000)"),
    "every operation a little slow": KEY + "\nimport time as _time\n_make = ag.Scalar.__init__\n"
    "def _slow(self, *args, **more):\n    _time.sleep(0.004)\n    _make(self, *args, **more)\n"
    "ag.Scalar.__init__ = _slow\n",
    "nested f-strings": KEY + "\ndef late():\n    x = " + "f'{" * 300_000 + "\n",
    "a megabyte of names": KEY + "\nlate = lambda: (" + "a or " * 180_000 + "1)\n",
    "a megabyte of functions": KEY + "\n" + "def f(): pass\n" * 60_000,
    "a megabyte of brackets": KEY + "\nlate = lambda: " + "(" * 900_000 + "\n",
}
"""The text of a module, which loads and then holds up."""


def files(folder):
    """Submissions that hold up who reads them, by name."""
    many = folder / "many"
    many.mkdir()
    (many / "ag.py").write_text(KEY)
    for k in range(95):
        (many / f"m{k}.py").write_text("a = 1\n" * 170_000)
    books = {
        "140,000 cells": notebook([CELL] * 140_000),
        "a million lines": notebook([CELL | {"source": ["a\n"] * 1_000_000}]),
        "lists in outputs": notebook([CELL | {"outputs": [[[]] * 3_000_000]}]),
    }
    for name, text in books.items():
        (folder / f"{name}.ipynb").write_text(text)
    return {"95 files of 1 MB": many, **{name: folder / f"{name}.ipynb" for name in books}}
