"""Where the time of grading goes, as ratios inside one run: tox -e bench.

Each benchmark measures two things side by side and prints their ratio; it asserts nothing about
seconds.
"""

from within import seconds

from harness.assignments.lecture6.parts import ALL
from harness.grading.grader import Grader
from harness.intake import submissions
from harness.judging.check import find
from harness.oracles.load import Oracles
from harness.programs.generate import expression
from harness.sandbox.launch import Launcher
from harness.sandbox.level import REMEDIES
from reference_impls.jax_engine import JaxEngine


def test_grading_again_against_the_first_time(benchmark, grader, answer_key, tell):
    first = seconds(lambda: grader.grade(answer_key, "scalar_autograd", "bench"))
    benchmark.pedantic(grader.grade, (answer_key, "scalar_autograd", "bench"), rounds=5)
    tell("first / again", first)


def test_a_warm_worker_against_a_spawned_one(benchmark, answer_key, tell):
    program = expression("bench", ALL)
    assignment, submission = find("scalar_autograd"), submissions.read(answer_key)

    def run(launcher):
        with Grader(launcher=launcher).student(submission, assignment) as student:
            assert student.run(program).fault is None

    with Launcher(fork=True) as warm, Launcher(fork=False) as cold:
        run(warm)
        spawned = min(seconds(lambda: run(cold)) for _ in range(5))
        benchmark.pedantic(run, (warm,), rounds=10)
    tell("spawned / warm", spawned)


def test_jax_together_against_one_by_one(benchmark, tell):
    engine = JaxEngine()
    programs = tuple(expression(f"bench/{i}", ALL) for i in range(64))
    engine.run_all(programs)
    single = seconds(lambda: [engine.run(program) for program in programs])
    benchmark.pedantic(engine.run_all, (programs,), rounds=5)
    tell("one by one / together", single)


def test_remembered_answers_against_asked_ones(benchmark, grader, tell):
    programs = tuple(expression(f"bench/{i}", ALL) for i in range(64))
    asked = Oracles(grader.oracles.engines)
    first = seconds(lambda: asked.prepare(programs))
    benchmark.pedantic(asked.prepare, (programs,), rounds=5)
    tell("asked / remembered", first)


def test_a_locked_worker_against_an_unlocked_one(benchmark, tell):
    with Launcher(skip=tuple(REMEDIES)) as unlocked, Launcher() as locked:
        bare = min(seconds(lambda: unlocked.worker(512).kill()) for _ in range(20))
        benchmark.pedantic(lambda: locked.worker(512).kill(), rounds=50)
    tell("unlocked / locked", bare)
