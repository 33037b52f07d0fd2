"""A submission is as large as homework is, and a notebook is read without what is not code."""

import json
import tracemalloc

import pytest

from harness.intake import bounds, submissions
from harness.records.errors import SubmissionError


def cell(source="x = 1", **more):
    return {"cell_type": "code", "metadata": {}, "outputs": [], "source": source} | more


def notebook(cells, **more):
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells} | more)


def refused(path, text):
    path.write_text(text)
    with pytest.raises(SubmissionError) as told:
        submissions.read(path)
    return str(told.value)


STREAM = {"output_type": "stream", "name": "stdout", "text": "a"}
CELLS = {
    "cells": ([cell()] * 50_000, "has 50,000 code cells; at most 1,000 are read"),
    "a great many cells": ([cell()] * 140_000, "has more than 200,000 parts"),
    "one long line": ([cell("a" * 2_000_000)], "holds more than 1 MiB of Python"),
    "many short lines": ([cell(["a\n"] * 900_000)], "holds more than 1 MiB of Python"),
    "outputs": ([cell(outputs=[STREAM] * 250_000)], "has more than 200,000 parts"),
}


@pytest.mark.parametrize("name", CELLS)
def test_a_notebook_of_too_much_is_refused_in_one_sentence(name, tmp_path):
    cells, says = CELLS[name]
    sentence = refused(tmp_path / "ag.ipynb", notebook(cells))

    assert says in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize("text", ["[" * 2_000_000, f"[{'[],' * 999_999}[]]"], ids=["deep", "wide"])
def test_lists_without_end_are_no_notebook(text, tmp_path):
    assert "is not a notebook that can be read" in refused(tmp_path / "ag.ipynb", text)


def test_what_is_not_code_is_passed_over_without_being_built():
    text = notebook([cell(outputs=[{"data": [[]] * 1_000_000}])], metadata={"a": [[0]] * 1_000_000})
    tracemalloc.start()
    codes = bounds.code_cells(text, "ag.ipynb")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert ["x = 1"] == codes
    assert peak < len(text) / 10


def test_many_files_may_hold_no_more_than_one(tmp_path):
    (tmp_path / "ag.py").write_text("x = 1\n")
    for k in range(95):
        (tmp_path / f"m{k}.py").write_text("x = 1\n" * 170_000)
    with pytest.raises(SubmissionError, match="holds more than 1 MiB of Python; hand in your own"):
        submissions.read(tmp_path)
