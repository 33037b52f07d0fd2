"""A right module with a harmless first or last statement gets full marks, each stop told once."""

from dataclasses import replace

import pytest

from harness.judging import rubric
from harness.judging.check import Limits, find
from harness.records.handed_in import Source, Submission
from harness.records.people import Person, Result
from harness.records.verdict import Status
from harness.report.pages.tally import Tally
from harness.report.words import wording
from support.long import sample

CHECKS = ("constructor", "values", "order_random", "gradient_mul")

STATEMENTS = {
    # what it says, or nothing where nothing stops
    "import torch": "imports torch; graded code has only Python's standard library and NumPy",
    "import jax.numpy as jnp": "imports jax; graded code has only",
    "from google.colab import drive": "imports google; graded code has only",
    "import pandas as pd, seaborn as sns": "imports pandas; graded code has only",
    "from sklearn.datasets import make_moons": "imports sklearn; graded code has only",
    "import my_course_utils": "imports my_course_utils; graded code has only",
    "assert 1 + 1 == 3, 'own test'": "stopped with AssertionError: own test",
    "import sys; sys.exit(0)": "stopped with SystemExit: 0",
    "exit()": "stopped with SystemExit",
    "quit()": "stopped with SystemExit",
    "raise SystemExit": "stopped with SystemExit",
    "raise KeyboardInterrupt": "stopped with KeyboardInterrupt",
    "raise RuntimeError('scratch')": "stopped with RuntimeError: scratch",
    "name = input('name? ')": "stopped with EOFError: there is nobody to answer input() here",
    "import numpy; numpy.loadtxt('data.csv')": "stopped with FileNotFoundError: data.csv not found",
    "open('weights.pkl', 'rb')": "stopped with FileNotFoundError",
    "import unittest; unittest.main(argv=['ag'])": "stopped with SystemExit",
    "print(undefined_name)": "stopped with NameError: name 'undefined_name' is not defined",
    "import os; os._exit(0)": "ended the process, so it is left out",
    "import subprocess; subprocess.run(['ls'])": "stopped with PermissionError",
    "import urllib.request; urllib.request.urlopen('http://127.0.0.1')": "stopped with URLError",
    "import tensorflow as tf": "imports tensorflow; graded code has only",
    "import otter": "imports otter; graded code has only",
    "import argparse; p = argparse.ArgumentParser(); p.add_argument('f'); p.parse_args()": (
        "stopped with SystemExit: 2"
    ),
    "import multiprocessing; multiprocessing.Pool(2)": "stopped with PermissionError",
    "import logging; logging.FileHandler('/tmp/train.log')": "stopped with PermissionError",
    "breakpoint()": "stopped with BdbQuit",
    "return 5": "is left out: 'return' outside function",
    "break": "is left out: 'break' outside loop",
    "while True: pass": "seconds of processor time",
    "import time; time.sleep(65)": "seconds by the clock: it was waiting",
    "print('x' * 10**8)": "printed more than 8 MiB, so it is left out",
    "open('results.csv', 'w').write('a,b')": "",
    "import numpy as n; n.savetxt('a.csv', n.eye(2)); n.loadtxt('a.csv')": "",
    "import logging; logging.basicConfig(filename='run.log'); logging.warning('hello')": "",
    "import tempfile; tempfile.NamedTemporaryFile('w').write('x')": "",
    "import os; os.chdir(os.path.dirname(__file__)); os.makedirs('out/deep')": "",
    "import matplotlib.pyplot as plt; fig, axes = plt.subplots(1, 3); axes[2].plot([1])": "",
    "import matplotlib.pyplot as plt; n, bins, patches = plt.hist([1]); plt.savefig('a.png')": "",
    "import graphviz\nclass Drawn(graphviz.Digraph): pass\nDrawn('g').edge('a', 'b')": "",
    "import networkx as nx; nx.draw(nx.DiGraph([(1, 2)]), with_labels=True)": "",
    "from tqdm import tqdm\nassert [n for n in tqdm([1, 2])] == [1, 2]": "",
    "get_ipython().run_line_magic('matplotlib', 'inline'); display('start')": "",
    "if __name__ == '__main__': raise ValueError('only when it is run')": "",
    "import threading; t = threading.Thread(target=print); t.start(); t.join()": "",
    "import asyncio\nawait asyncio.sleep(0)": "",
    "import warnings; warnings.warn('deprecated')": "",
    "help(print); credits": "",
    "import signal; signal.signal(signal.SIGALRM, signal.SIG_IGN); signal.alarm(1)": "",
    "import threading as t, time; t.Thread(target=time.sleep, args=(99,), daemon=True).start()": "",
    "import pickle; pickle.dump(1, open('m.pkl', 'wb')); pickle.load(open('m.pkl', 'rb'))": "",
    "import seaborn as sns; sns.set_theme(); sns.lineplot(x=[1], y=[2]).set(title='loss')": "",
}


@pytest.fixture(scope="module")
def few():
    """An assignment of some checks, with little time to load."""
    whole = find("scalar_autograd")
    checks = tuple(check for check in whole.checks if check.name in CHECKS)
    return replace(whole, checks=checks, limits=Limits(load_seconds=3), probes=(), reverse=None)


def graded(grader, assignment, text):
    submission = Submission("ada", (Source("ag.py", text),), digest=str(hash(text)))
    grade = grader.grade(submission, assignment)
    return grade, [v.problem for v in grade.verdicts if v.status is Status.NOTED]


@pytest.mark.parametrize("statement", sample(2, STATEMENTS), ids=[s[:50] for s in STATEMENTS])
def test_a_right_module_with_a_harmless_last_statement_gets_full_marks(
    grader, few, answer_key, statement
):
    grade, notes = graded(grader, few, f"{answer_key.read_text()}\n{statement}\n")
    says = STATEMENTS[statement]

    assert grade.points == grade.out_of > 0
    assert [says] == [s for s in [says] if any(s in wording.problem(n) for n in notes)] or not says
    assert bool(says) == len(notes), [wording.problem(note) for note in notes]


FIRST = [s for s in STATEMENTS if s not in ("while True: pass", "import time; time.sleep(65)")]


@pytest.mark.parametrize("statement", sample(3, FIRST), ids=[s[:50] for s in FIRST])
def test_a_right_module_with_a_harmless_first_statement_gets_full_marks(
    grader, few, answer_key, statement
):
    grade, notes = graded(grader, few, f"{statement}\n{answer_key.read_text()}\n")

    assert grade.points == grade.out_of > 0
    assert bool(STATEMENTS[statement]) == len(notes)


def test_a_rubric_can_make_stopping_cost_points(grader, few, answer_key):
    costly = rubric.loads("stopping = 7", "rubric.toml", few)
    text = answer_key.read_text()
    fine, _ = graded(grader, costly, text)
    stops, _ = graded(grader, costly, f"import torch\n{text}")

    assert (fine.out_of, fine.points) == (stops.out_of, stops.points + 7)
    assert fine.points == fine.out_of == sum(check.points for check in few.checks) + 7
    assert ("loads", Status.FAILED) == (stops.verdicts[0].check, stops.verdicts[0].status)


def test_a_library_that_the_rubric_allows_can_be_imported_and_another_cannot(
    grader, few, answer_key
):
    allowing = rubric.loads('libraries = ["rich"]', "rubric.toml", few)
    text = f"import rich.text\nrich.text.Text('x')\nimport torch\n{answer_key.read_text()}"
    grade, notes = graded(grader, allowing, text)

    assert grade.points == grade.out_of
    assert [("3", "Python's standard library, NumPy and rich")] == [
        (note["line"], note["library"]) for note in notes
    ]


def test_a_note_is_no_column_of_the_page_of_a_class(grader, few, answer_key):
    grade, notes = graded(grader, few, f"import torch\n{answer_key.read_text()}")
    tally = Tally()
    tally.add(Result(Person("ada"), (grade,)))

    assert 1 == len(notes)
    assert not any(check.startswith("stopped") for _, _, check in tally.checks)
