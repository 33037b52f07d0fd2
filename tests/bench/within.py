"""Time inside one process: a node of a program, and the comparison of one number."""

import statistics
import time
from contextlib import ExitStack
from pathlib import Path

import torch

from harness.assignments.lecture6.parts import SMOOTH
from harness.grading.grader import Grader
from harness.intake import submissions
from harness.judging import compare
from harness.judging.check import find, programs_of, seed_of
from harness.programs.generate import expression
from harness.records.program import Expression
from reference_impls.torch_engine import TorchEngine

KEY = Path(__file__).parents[2] / "reference_impls" / "answer_key.py"
SEED = "bench"
"""The seed of all but the self-check: no answers are shipped for it."""


def seconds(function):
    """Wall-clock seconds of one call."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def table(head, rows):
    """A Markdown table; every column but the first to the right."""
    side = ":---" if head[1] == "command" else "---:"
    lines = [head, ["---", *[side] * (len(head) - 1)], *rows]
    return ["| " + " | ".join(map(str, line)) + " |" for line in lines] + [""]


def nodes(plan):
    """Time per node as one program grows."""
    sizes = plan.count((16, 64, 256, 1024, 4096), (16, 256))
    rows = []
    with ExitStack() as stack:
        grader = stack.enter_context(Grader(live=True))
        student = grader.student(submissions.read(KEY), find("scalar_autograd"))
        stack.enter_context(student)
        student.load()
        for size in sizes:
            program = expression(f"{SEED}/nodes", SMOOTH, (size, size))
            count = len(program.nodes)
            first = seconds(lambda: grader.oracles.expected(program))  # noqa: B023  called at once
            rounds = range(plan.count(9, 3))
            pairs = [run_and_compare(program, student, grader.oracles) for _ in rounds]
            run, held = (statistics.median(column) for column in zip(*pairs, strict=True))
            row = [f"{1e6 * part / count:.1f}" for part in (run, held, run + held, first)]
            rows.append([count, *row])
    head = ["nodes", "in the worker", "comparing", "together", "oracles and bounds, once"]
    return [
        "Microseconds per node of one random program with one backward(): there and back through "
        "a worker, and value and gradient of every node held against both oracles. What the "
        "oracles say and how far two right answers may differ is worked out once for a class.",
        "",
        *table(head, rows),
    ]


def run_and_compare(program, student, oracles):
    """Seconds in the worker, and seconds of comparing."""
    start = time.perf_counter()
    seen = student.run(program)
    there = time.perf_counter()
    problem = compare.values(program, seen, oracles) or compare.gradients(program, seen, oracles)
    assert problem is None, problem
    return there - start, time.perf_counter() - there


def comparisons(plan):
    """Numbers compared a second, against torch."""
    assignment = find("scalar_autograd")
    drawn = [
        program
        for check in assignment.active
        if check.name in ("gradient_random", "gradient_sessions")
        for program in programs_of(check, seed_of(check, assignment, SEED))
        if isinstance(program, Expression)
    ]
    with Grader(live=True) as grader:
        with grader.student(submissions.read(KEY), assignment) as student:
            seen = [student.run(program) for program in drawn]
        oracles = grader.oracles
        oracles.prepare(drawn)
        pairs = list(zip(drawn, seen, strict=True))
        for program, told in pairs:
            compared(program, told, oracles)
        numbers = sum(len(p.nodes) for p in drawn)
        numbers += sum(len(p.settled(step)) for p in drawn for step, _ in p.backwards)
        engine = TorchEngine()
        ready = [engine.run(program) for program in drawn]
        ways = {
            "harness.judging.compare": lambda: [compared(p, told, oracles) for p, told in pairs],
            "assert_close, torch's numbers ready": lambda: [
                assert_close(p, told, by) for (p, told), by in zip(pairs, ready, strict=True)
            ],
            "torch eager, then assert_close": lambda: [
                assert_close(p, told, engine.run(p)) for p, told in pairs
            ],
        }
        for way in ways.values():
            way()  # torch.testing imports half of torch at its first use
        rounds = [
            {name: seconds(way) for name, way in ways.items()} for _ in range(plan.count(7, 2))
        ]
    rows = []
    for name in ways:
        ratio = statistics.median(row[name] / row["harness.judging.compare"] for row in rounds)
        rate = numbers / statistics.median(row[name] for row in rounds)
        rows.append([name, f"{rate:,.0f}", f"{ratio:.1f}"])
    return [
        f"{numbers:,} numbers of {len(drawn)} programs: each value and each gradient of every "
        "node. adjudge holds each against two oracles, with a bound of its own; assert_close "
        "holds a row of numbers against one, with one tolerance.",
        "",
        *table(["how", "numbers a second", "harness.judging.compare's time, times"], rows),
    ]


def compared(program, seen, oracles):
    """Holds every value and gradient against the oracles."""
    assert compare.values(program, seen, oracles) is None
    assert compare.gradients(program, seen, oracles) is None


def assert_close(program, seen, expected):
    """The same numbers by torch.testing.assert_close."""
    _close(seen.numbers("value"), expected.numbers("value"), range(len(program.nodes)))
    for step, _ in program.backwards:
        _close(seen.numbers("grad", step), expected.numbers("grad", step), program.settled(step))


def _close(actual, expected, places):
    one, other = (
        torch.tensor([row[i] for i in places], dtype=torch.float64) for row in (actual, expected)
    )
    torch.testing.assert_close(one, other)
