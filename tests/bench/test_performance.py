"""The ratios of performance.py that cost little: tox -e bench."""

import json

import graders
import performance
import programs
import pytest
import within

from harness.assignments.lecture6.parts import SMOOTH
from harness.grading.grader import PUBLIC_SEED
from harness.intake import submissions
from harness.judging.check import find, programs_of
from harness.programs.generate import expression
from reference_impls.torch_engine import TorchEngine


@pytest.fixture(scope="module")
def cold(tmp_path_factory):
    """adjudge, the bare run and the naive harness, each as a process."""
    work = tmp_path_factory.mktemp("cold")
    told = work / "programs.json"
    told.write_text(json.dumps(programs.dumped(PUBLIC_SEED)), encoding="utf-8")
    return {one.name: one for one in graders.ours(told, work)}


def test_a_self_check_against_running_the_code(benchmark, cold, answer_key, tell):
    checks = [graders.run(cold["adjudge check"], answer_key) for _ in range(5)]
    benchmark.pedantic(graders.run, (cold["bare run"], answer_key), rounds=5)
    assert all(check.passed for check in checks)
    tell("adjudge check / bare run", performance.median(check.wall for check in checks))


def test_the_naive_harness_against_a_self_check(benchmark, cold, answer_key, tell):
    naive = [graders.run(cold["naive harness"], answer_key) for _ in range(3)]
    benchmark.pedantic(graders.run, (cold["adjudge check"], answer_key), rounds=3)
    assert all(one.passed for one in naive)
    tell("naive harness / adjudge check", performance.median(one.wall for one in naive))


@pytest.mark.parametrize("name", performance.WRONG)
def test_the_naive_harness_tells_wrong_from_right(benchmark, cold, specimens, name):
    wrong = specimens / name / "ag.py"
    spent = benchmark.pedantic(graders.run, (cold["naive harness"], wrong), rounds=1)
    assert not spent.passed


def test_a_node_of_a_large_program_against_one_of_a_small(benchmark, grader, answer_key, tell):
    small, large = (expression(f"bench/{n}", SMOOTH, (n, n)) for n in (64, 1024))
    with grader.student(submissions.read(answer_key), find("scalar_autograd")) as student:
        for program in (small, large):
            grader.oracles.expected(program)
            student.run(program)

        def both(program):
            return sum(within.run_and_compare(program, student, grader.oracles))

        spent = performance.median(both(large) for _ in range(9))
        benchmark.pedantic(both, (small,), rounds=50)
    tell("1024 nodes / 64 nodes, per node", spent * len(small.nodes) / len(large.nodes))


def test_assert_close_against_our_comparison(benchmark, grader, answer_key, tell):
    assignment, engine = find("scalar_autograd"), TorchEngine()
    (check,) = (c for c in assignment.checks if c.name == "gradient_random")
    drawn = programs_of(check, "bench")
    grader.oracles.prepare(drawn)
    with grader.student(submissions.read(answer_key), assignment) as student:
        pairs = tuple((program, student.run(program)) for program in drawn)
    told = tuple(engine.run(program) for program in drawn)

    def ours():
        for program, seen in pairs:
            within.compared(program, seen, grader.oracles)

    def theirs():
        for (program, seen), by in zip(pairs, told, strict=True):
            within.assert_close(program, seen, by)

    ours(), theirs()
    spent = performance.median(within.seconds(theirs) for _ in range(9))
    benchmark.pedantic(ours, rounds=20)
    tell("assert_close / harness.judging.compare", spent)
