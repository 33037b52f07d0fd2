"""pytest --submission=PATH makes one item of each submission and check, and nothing else."""

import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest

from harness.judging.check import find
from support.commands import LEVEL

LAB = "--assignment=scalar_autograd"
CHECKS = len(find("scalar_autograd").active)
OUTCOMES = {"passed": "passed", "failed": "failure", "faulted": "failure"}
"""What becomes of an item by its verdict; the others are skipped."""
MINE = """from harness.authoring import Apply, Backward, Expression


def test_mine(adjudge_student, adjudge_programs):
    assert 4 == len(adjudge_programs(4))
    square = Expression((3.0,), (Apply("mul", (0, 0)), Backward(1)))
    assert (6.0, 1.0) == adjudge_student.run(square).numbers("grad", step=1)
"""
"""A test of one's own; `adjudge_oracles` is asked on the page own-tests.md."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory, answer_key, specimens):
    """A class: a right submission, a wrong one, and one that cannot be read."""
    place = tmp_path_factory.mktemp("lab") / "class"
    for name, text in (
        ("alice", answer_key.read_text()),
        ("bob", (specimens / "mul_overwrites" / "ag.py").read_text()),
        ("carol", ""),
    ):
        (place / name).mkdir(parents=True)
        (place / name / "ag.py").write_text(text)
    (place.parent / "test_other.py").write_text("def test_other(): pass\n")
    return place.parent


def run(folder, *arguments):
    walls = [] if LEVEL == "S3" else [f"--min-isolation={LEVEL}"]
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments, *walls]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


def outcomes(report):
    """Each item of a JUnit file and what became of it."""
    told = {}
    for case in ElementTree.parse(report).iter("testcase"):
        kinds = {child.tag for child in case} - {"properties"}
        told[case.get("name")] = kinds.pop() if kinds else "passed"
    return told


@pytest.fixture(scope="module")
def alone(folder):
    report = folder / "alone.xml"
    done = run(folder, "--submission=class", f"--junit-xml={report}", LAB, "-W", "error")
    return done, outcomes(report)


def test_a_class_is_one_item_for_each_submission_and_check(alone):
    done, told = alone
    names = {name.partition("[")[2].partition("-")[0] for name in told}

    assert 1 == done.returncode
    assert {"alice", "bob", "carol"} == names
    assert 3 * CHECKS == len(told)
    assert "test_check[alice-2.A-order_random]" in told
    assert "test_other" not in done.stdout


def test_verdicts_are_those_of_the_library(alone, folder, grader):
    _, told = alone
    for name in ("alice", "bob"):
        for v in grader.grade(folder / "class" / name, "scalar_autograd").verdicts:
            ours = told[f"test_check[{name}-{v.exercise}-{v.check}]"]
            assert OUTCOMES.get(v.status, "skipped") == ours, v.check


@pytest.mark.long
def test_two_processes_give_the_same_verdicts_as_one(folder, alone):
    report = folder / "two.xml"
    some = ("-n", "2", "-k", "gradient_mul or constructor or order_random")
    run(folder, "--submission=class/bob", f"--junit-xml={report}", LAB, *some)
    two = outcomes(report)

    assert 3 == len(two)
    assert two.items() <= alone[1].items()


def test_what_cannot_be_read_fails_with_its_sentence(alone):
    done, told = alone

    assert {"failure"} == {kind for name, kind in told.items() if "[carol-" in name}
    assert "is empty; hand in the file with your code" in done.stdout


def test_a_table_of_points_stands_at_the_end(alone):
    done, _ = alone
    table = done.stdout.partition("= points =")[2]

    assert "alice: scalar_autograd  100/100" in table
    assert "carol: scalar_autograd  0/100" in table
    assert "2.B 35/40" in next(line for line in table.splitlines() if line.startswith("bob"))
    assert "The seed is public" in table


def test_a_failure_shows_the_program_without_a_traceback(alone):
    done, _ = alone

    assert "x1.grad is 2.0, but torch and jax say 4.0." in done.stdout
    assert "print(x1.grad)  # yours: 2.0; torch and jax: 4.0" in done.stdout
    assert "Traceback" not in done.stdout


def test_a_failure_names_the_line_of_the_submission_and_the_command_for_it(folder, alone):
    said = alone[0].stdout
    text = (folder / "class" / "bob" / "ag.py").read_text().splitlines()
    line = 1 + next(k for k, code in enumerate(text) if "def __mul__" in code)

    failed = [told for told in said.splitlines() if told.startswith("FAILED")]
    summary = next(told for told in failed if "gradient_mul" in told)
    assert f"gradient_mul] - class/bob/ag.py:{line}: x1.grad is" in summary.replace("...", " is")
    assert f"class/bob/ag.py:{line}: x1.grad is 2.0, but torch and jax say 4.0." in said
    assert "run again: adjudge check class/bob --exercise gradient_mul" in said


@pytest.mark.long
def test_k_and_x_and_a_path_of_ones_own_work_as_they_always_do(folder):
    done = run(folder, "--submission=class/bob", "test_other.py", "-k", "other or 2.B", "-x", LAB)

    assert "1 failed, 2 passed" in done.stdout
    assert "test_other.py ." in done.stdout
    assert "gradient_mul" in done.stdout
    assert f"{CHECKS - 8} deselected" in done.stdout


def test_an_unknown_assignment_is_a_usage_error(folder):
    done = run(folder, "--submission=class/alice", "--assignment=nothing")

    assert 4 == done.returncode
    assert 'there is no assignment "nothing"; installed: ' in done.stderr


@pytest.mark.long
def test_an_empty_folder_is_a_usage_error(tmp_path):
    (tmp_path / "class").mkdir()
    done = run(tmp_path, "--submission=class")

    assert 4 == done.returncode
    assert "holds no .py file, notebook or folder with one" in done.stdout + done.stderr


def test_own_tests_fail_on_a_wrong_submission(folder):
    (folder / "test_mine.py").write_text(MINE)
    done = run(folder, "--submission=class", "test_mine.py", "-k", "test_mine", "-rA")

    assert "PASSED test_mine.py::test_mine[alice]" in done.stdout
    assert "FAILED test_mine.py::test_mine[bob]" in done.stdout
    assert "ERROR test_mine.py::test_mine[carol]" in done.stdout


@pytest.mark.long
def test_own_tests_without_a_submission_say_what_they_need(folder):
    (folder / "test_needs.py").write_text("def test_needs(adjudge_student): pass\n")
    done = run(folder, "test_needs.py")

    assert "this test needs --submission=PATH" in done.stdout


LOADED = "import sys; {act}; print([n for n in ('torch', 'jax', 'numpy') if n in sys.modules])"


@pytest.mark.parametrize(
    ("act", "heavy"),
    [
        ("import harness.plugin.hooks", []),
        ("import pytest; pytest.main(['--version'])", []),
        ("import harness.plugin.hooks, numpy", ["numpy"]),
    ],
    ids=["the plugin", "pytest with it", "what would be seen"],
)
def test_loading_the_plugin_loads_nothing_heavy(act, heavy):
    command = [sys.executable, "-c", LOADED.format(act=act)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert str(heavy) == done.stdout.splitlines()[-1]
