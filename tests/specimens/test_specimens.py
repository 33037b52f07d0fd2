"""Specimens define what a correct grader is: each must get exactly the verdicts that it states."""

import json
import math
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from harness.intake import submissions
from harness.judging.check import Limits, find
from harness.records.verdict import WRONG as WRONG_STATUS
from harness.records.verdict import Comparison
from harness.report.words import listing, wording
from support.specimens import ATTENTION, FREE, RIGHT, SPECIMENS, WRONG, costs

SHORT = Limits(seconds=1)
"""A shorter limit than students get: how it is told is the same."""
ENDLESS = ("inputs_shared", "order_no_visited")
"""Specimens that compute for seconds in one check."""
SLOW = (
    *("add_and_mul", "backward_clears_inner", "backward_forwards", "backward_no_seed"),
    *("backward_null", "backward_one_level", "exp_unconnected", "gradients_by_id"),
    *("gradients_rounded", "mul_no_return", "order_lists_kept", "root_missing_and_relu"),
)
"""What takes seconds to explain."""
OFTEN = {s.name for s in (*RIGHT, *WRONG[::4], *ATTENTION[::2])} - {*ENDLESS, *SLOW}
"""Specimens that the suite judges too: briefly, which is where they lose."""


def parameters(specimen):
    """A specimen briefly, if it is of the suite, and in each of its assignments."""
    if specimen.name in OFTEN:
        yield pytest.param(specimen, specimen.verdicts or specimen.assignments, id=specimen.name)
    whole = (specimen, specimen.assignments)
    yield pytest.param(*whole, id=f"{specimen.name} whole", marks=pytest.mark.long)


def judged_by(specimen, names):
    """The assignments of those names, with a short limit for what would use the whole of one."""
    short = {"limits": SHORT} if specimen.name in ENDLESS else {}
    return [replace(find(name), **short) for name in names]


def test_there_are_enough_specimens_of_every_kind():
    exercises = {specimen.exercise for specimen in WRONG}

    assert len(RIGHT) >= 11
    assert len(WRONG) >= 30
    assert exercises == {"ag", "2.A", "2.B", "2.C", "Model", "Loss", "Optimizer", "Training"}


@pytest.mark.parametrize(
    ("specimen", "names"),
    [case for specimen in (*SPECIMENS, *ATTENTION) for case in parameters(specimen)],
)
def test_a_specimen_gets_exactly_the_verdicts_it_states(specimen, names, grader, prompt):
    grades = [grader.grade(specimen.path, chosen) for chosen in judged_by(specimen, names)]

    assert costs(specimen, grades)
    assert [[] for _ in grades] == [silent_alone(specimen, grade, grader) for grade in grades]
    assert [wrong_numbers(grade) for grade in grades] == [
        pasted(specimen, grade, prompt) for grade in grades
    ]

    for grade in grades:
        stated = specimen.verdicts.get(grade.assignment, {})
        statuses = {v.check: v.status.value for v in grade.verdicts if v.status not in FREE}

        passed = {v.check for v in grade.verdicts if v.status == "passed"}
        either = {check for check, told in stated.items() if told.get("or_passed")} & passed
        assert {c: told["status"] for c, told in stated.items() if c not in either} == statuses

        for verdict in grade.verdicts:
            if verdict.check in stated.keys() - either:
                assert stated[verdict.check]["says"] in wording.sentence(verdict)
                perhaps = stated[verdict.check].get("or_named", [])
                named = [d.name for d in verdict.diagnosis if d.name not in perhaps]
                assert stated[verdict.check].get("named", []) == named


FATAL = ("timeout", "waited", "budget", "output", "exited", "crashed", "broken", "memory")


def silent_alone(specimen, grade, grader):
    """The verdicts whose shown program passes where nothing ran before it."""
    assignment = find(grade.assignment)
    checks = {check.name: check for check in assignment.active}
    answers, _ = grader.answers(assignment, grade.seed)
    silent = []
    with grader.student(submissions.read(specimen.path), assignment) as student:
        for verdict in grade.verdicts:
            fatal = getattr(verdict.problem, "kind", "") in FATAL
            if verdict.status not in WRONG_STATUS or verdict.program is None or fatal:
                continue
            if verdict.keeps_state and not verdict.before:
                continue  # it is told that other calls are needed
            actual = student.alone((*verdict.before, verdict.program))
            if checks[verdict.check].compare(verdict.program, actual, answers) is None:
                silent.append(verdict.check)
    return silent


PASTE = """
import json, os, sys
import numpy
for line in sys.stdin:
    home, texts = json.loads(line)
    os.chdir(home)
    for text in texts:
        print("paste", flush=True)
        if os.fork() == 0:
            exec(text, {})
            sys.stdout.flush()
            os._exit(0)
        os.wait()
    print("end", flush=True)
"""
"""Runs each text in a process in which nothing of a student's was imported before."""


@pytest.fixture(scope="module")
def prompt():
    """Where a student pastes a program: one Python for all of them, as NumPy takes a while."""
    # It forks; a run without what Windows lacks takes that from graders, not from this.
    env = {name: value for name, value in os.environ.items() if name != "ADJUDGE_TAKEN"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", PASTE], env=env, **pipes) as python:
        yield python


def with_numbers(grade):
    """Each shown program that prints a wrong number, whole, and that number."""
    shown = [
        (listing.program(replace(verdict, evidence=None), grade), verdict.problem.actual)
        for verdict in grade.verdicts
        if verdict.status in WRONG_STATUS
        and isinstance(verdict.problem, Comparison)
        and isinstance(verdict.problem.actual, float)
        and verdict.problem.actual_type == "float"
        and not math.isnan(verdict.problem.actual)
        and not grade.import_line.startswith("#")
    ]
    return [(text, number) for text, number in shown if text and "more lines like" not in text]


def wrong_numbers(grade):
    return [number for _, number in with_numbers(grade)]


def pasted(specimen, grade, prompt):
    """The last number printed where a student pastes each of those programs into a file."""
    texts = [text for text, _ in with_numbers(grade)]
    home = specimen.path if specimen.path.is_dir() else specimen.path.parent
    print(json.dumps([str(home), texts]), file=prompt.stdin, flush=True)
    printed = "".join(iter(prompt.stdout.readline, "end\n"))
    return [float(block.split()[-1]) for block in printed.split("paste\n")[1:]]


SORT = ("order_breadth_first", "order_by_value", "order_no_visited", "order_preorder", "order_set")
RELU = ("relu_always_passes", "relu_by_upstream", "relu_leaky", "relu_overwrites", "relu_threshold")
MSE = ("mse_half", "mse_n_minus_1", "mse_not_squared", "mse_sum", "mse_detached")


@pytest.mark.parametrize(
    ("names", "exercise", "checks"),
    [(SORT, "2.A", None), (RELU, "2.C", None), (MSE, "Loss", {"mse"})],
)
def test_one_mistake_costs_once(names, exercise, checks):
    """What they state; that they get it is tested above."""
    for specimen in (s for s in SPECIMENS if s.name in names):
        stated = {check: told for one in specimen.verdicts.values() for check, told in one.items()}
        failed = {check for check, told in stated.items() if told["status"] != "credited"}

        assert (exercise, frozenset()) == (specimen.exercise, specimen.elsewhere)
        assert checks in (None, failed)


def test_strict_counts_only_what_passes_as_it_stands(grader):
    (specimen,) = (s for s in SPECIMENS if s.name == "relu_leaky")
    kind = grader.grade(specimen.path, "mlp_training")
    strict = grader.grade(specimen.path, replace(find("mlp_training"), strict=True))
    credited = [v.check for v in kind.verdicts if v.status == "credited"]

    assert (100.0, 100.0) == (kind.points, kind.out_of)
    assert credited == [v.check for v in strict.verdicts if v.status == "skipped"]
    assert 100.0 - sum(v.out_of for v in kind.verdicts if v.check in credited) == strict.points
