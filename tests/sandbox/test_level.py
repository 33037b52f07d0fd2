"""The level of isolation is what was refused, and it is said wherever it matters."""

import pytest

from harness.grading.grader import Grader
from harness.intake.submissions import read
from harness.judging.check import find
from harness.records.errors import SandboxError, UsageError
from harness.records.program import Apply, Backward, Expression
from harness.sandbox.launch import Launcher
from harness.sandbox.level import PROBES, REMEDIES, STOPPED_BY, measure
from support.commands import adjudge


@pytest.fixture(scope="module", params=[True, False], ids=["zygote", "spawner"])
def fork(request):
    return request.param


def test_a_linux_machine_with_landlock_and_seccomp_is_s3(fork):
    with Launcher(fork=fork) as launcher:
        isolation = measure(launcher)

    assert dict.fromkeys(PROBES, True) == isolation.refused
    assert "S3" == isolation.level


@pytest.mark.parametrize(
    ("layer", "opened"),
    [
        ("landlock", {"read", "create"}),
        ("seccomp", {"chmod", "udp", "unix", "fork", "clone", "exec"}),
        ("limits", {"allocate"}),
    ],
)
def test_a_missing_layer_is_found_by_what_it_no_longer_refuses(fork, layer, opened):
    with Launcher(fork=fork, skip=(layer,)) as launcher:
        isolation = measure(launcher)
    done = {name for name, refused in isolation.refused.items() if not refused}

    assert opened <= done
    assert "S1" == isolation.level
    assert layer in isolation.missing


def test_every_probe_and_layer_is_explained():
    with Launcher() as launcher:
        assert list(REMEDIES) == list(launcher.layers)

    assert set(PROBES) == set(STOPPED_BY)


def test_a_class_is_refused_below_the_level_asked_for(answer_key):
    with (
        Grader(launcher=Launcher(skip=("landlock",)), min_isolation="S3") as grader,
        pytest.raises(UsageError, match=r"isolation here is S1, and S3 is asked for.*landlock"),
    ):
        grader.grade(answer_key, "scalar_autograd")


def test_an_unknown_level_is_refused():
    with pytest.raises(UsageError, match="there are S0, S1, S2, S3"):
        Grader(min_isolation="S4")


def test_a_layer_that_is_lost_after_the_start_is_our_error():
    with Launcher() as launcher:
        launcher.worker(256).kill()
        launcher._skip = ("seccomp",)
        with pytest.raises(SandboxError, match="lock-down changed"):
            launcher.worker(256)


def test_a_dead_zygote_is_replaced(answer_key):
    with Launcher(fork=True) as launcher:
        launcher.worker(256).kill()
        launcher._starter._process.kill()
        launcher._starter._process.wait()
        worker = launcher.worker(256)

        assert worker.kill() < 0


def test_a_zygote_that_dies_under_a_worker_costs_the_student_nothing(answer_key):
    with Launcher(fork=True) as launcher:
        student = Grader(launcher=launcher).student(read(answer_key), find("scalar_autograd"))
        program = Expression((3.0,), (Apply("mul", (0, 0)), Backward(1)))
        student.load()
        launcher._starter._process.kill()
        launcher._starter._process.wait()
        seen = student.run(program)
        student.close()

    assert (6.0, 1.0) == seen.numbers("grad", 1)
    assert 1 == student.killed


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(
            [], ["isolation S3", "refused", "landlock", "on"], id="all", marks=pytest.mark.long
        ),
        pytest.param(["--without", "landlock"], ["isolation S1", "done", "left out"], id="masked"),
    ],
)
def test_doctor_shows_what_was_tried_and_what_is_missing(arguments, words):
    done = adjudge("doctor", *arguments)

    assert 0 == done.returncode
    assert [] == [word for word in words if word not in done.stdout]


def test_doctor_knows_its_layers():
    done = adjudge("doctor", "--without", "magic")

    assert 2 == done.returncode
    assert 'there is no layer "magic"' in done.stderr
