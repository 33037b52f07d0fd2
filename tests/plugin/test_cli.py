"""The command: what it says, and with which exit code."""

import json
import os
import subprocess
import sys

import pytest

from support.commands import adjudge, adjudge_alone


def check(*arguments, **more):
    return adjudge("check", *arguments, **more)


@pytest.fixture(scope="module")
def right(answer_key):
    return adjudge_alone("check", answer_key)


def test_a_right_submission_exits_with_0_and_shows_every_point(right):
    assert 0 == right.returncode
    assert 4 == right.stdout.count("100/100")
    assert "judged by torch" in right.stdout
    assert "isolation S3" in right.stdout
    assert "" == right.stderr


def test_the_same_seed_prints_the_same_bytes(right, answer_key):
    assert right.stdout == check(answer_key).stdout


def test_a_wrong_submission_exits_with_1_and_says_what_is_wrong(specimens):
    done = check(specimens / "mul_swapped")

    assert 1 == done.returncode
    assert "x2.grad is 3.0, but torch and jax say 2.0." in done.stdout
    assert "print(x2.grad)  # yours: 3.0; torch and jax: 2.0" in done.stdout


def test_thorough_draws_more_and_comes_to_the_same(specimens):
    asked = ("check", specimens / "relu_leaky", "--json", "--assignment", "scalar_autograd")
    few, many = (
        {v["check"]: v for v in json.loads(done.stdout)["grades"][0]["verdicts"]}
        for done in (adjudge(*asked), adjudge(*asked, "--thorough", "2", without=["jax"]))
    )

    assert {name: v["status"] for name, v in few.items()} == {
        name: v["status"] for name, v in many.items()
    }
    assert 2 * few["order_random"]["tried"] == many["order_random"]["tried"]
    assert few["order_lecture"]["tried"] == many["order_lecture"]["tried"]


def test_one_exercise_is_shown_alone_and_decides_the_exit_code(specimens):
    done = check(specimens / "mul_swapped", "--exercise", "2.A")

    assert 0 == done.returncode
    assert "order_random" in done.stdout
    assert "gradient_mul" not in done.stdout


@pytest.fixture
def inputs(tmp_path):
    (tmp_path / "empty.py").write_text("")
    (tmp_path / "syntax.py").write_text("x = 1\ndef f(:\n    pass\n")
    (tmp_path / "latin.py").write_bytes(b"# \xe9\n")
    (tmp_path / "link.py").symlink_to("empty.py")
    (tmp_path / "book.ipynb").write_text("{")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "fifo.py")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nothing.py"], "nothing.py: there is no such file"),
        (["empty.py"], "empty.py: is empty"),
        (["syntax.py"], "syntax.py: line 2 is not Python"),
        (["latin.py"], "latin.py: line 1 is not UTF-8"),
        (["link.py"], "link.py: is a symbolic link"),
        (["fifo.py"], "fifo.py: is not a regular file"),
        (["book.ipynb"], "book.ipynb: is not a notebook"),
        (["folder"], "folder: has no module to grade"),
        (["syntax.py", "--assignment", "magic"], 'there is no assignment "magic"'),
        (["syntax.py", "--exercise", "9.Z"], 'there is no exercise or check "9.Z"'),
        (["syntax.py", "--magic"], "No such option"),
        ([], "book.ipynb: is not a notebook"),
    ],
)
def test_bad_input_gets_one_sentence_and_exit_code_2(inputs, arguments, says):
    done = check(*arguments, cwd=inputs)

    assert 2 == done.returncode
    assert says in done.stderr
    shown = [line for line in done.stderr.splitlines() if line.startswith("    ")]
    assert 1 == len(done.stderr.splitlines()) - len(shown)


@pytest.mark.parametrize(("hidden", "left"), [("torch", "jax"), ("jax", "torch")])
def test_one_oracle_alone_judges_and_says_which_was_not_asked(answer_key, hidden, left):
    asked = ("--live", "--assignment", "scalar_autograd")
    done = check(answer_key, *asked, without=[hidden])

    assert 0 == done.returncode
    assert f"judged by {left} " in done.stdout
    assert f"not asked: {hidden}: import of {hidden} halted" in done.stdout


@pytest.mark.parametrize(
    ("specimen", "assignment"), [("mul_swapped", "scalar_autograd"), ("mse_half", "mlp_training")]
)
def test_without_an_oracle_a_self_check_goes_by_what_is_recorded(specimen, assignment, specimens):
    asked = (specimens / specimen, "--json", "--assignment", assignment)
    without = check(*asked, without=["torch", "jax"])
    live = check(*asked, "--live")

    assert json.loads(without.stdout) == json.loads(live.stdout)
    assert "torch and jax" in without.stdout


HEAVY = (
    "torch",
    "jax",
    "numpy",
    "scipy",
    "PIL",
    "networkx",
    "jinja2",
    "nbformat",
    "pytest",
    "hypothesis",
    "IPython",
)


def test_a_page_is_written_beside_the_tables(specimens, tmp_path):
    to = tmp_path / "page.html"
    done = check(specimens / "mul_swapped", "--html", to)

    assert 1 == done.returncode
    assert "x2.grad is 3.0" in done.stdout
    assert "x2.grad is 3.0, but torch and jax say 2.0." in to.read_text(encoding="utf-8")


def test_a_page_tells_no_more_than_the_feedback(specimens, tmp_path):
    to = tmp_path / "page.html"
    check(specimens / "mul_swapped", "--html", to, "--feedback", "exercise")

    assert "x2.grad" not in to.read_text(encoding="utf-8")


def test_a_page_that_cannot_be_written_is_bad_usage(answer_key, tmp_path):
    done = check(answer_key, "--html", tmp_path / "nowhere" / "page.html")

    assert 2 == done.returncode
    assert "the page cannot be written" in done.stderr


def test_a_self_check_imports_nothing_heavy(answer_key):
    code = (
        "import sys; from harness.commands.app import main; main(); "
        f"print({HEAVY} & sys.modules.keys())"
    )
    code = code.replace(str(HEAVY), str(set(HEAVY)))
    done = subprocess.run(
        [sys.executable, "-c", code, "check", str(answer_key)], capture_output=True, text=True
    )

    assert "set()" == done.stdout.splitlines()[-1]


def test_without_an_oracle_and_without_a_recording_nothing_is_judged(answer_key):
    done = check(answer_key, "--seed", "secret", without=["torch", "jax"])

    assert 3 == done.returncode
    assert 1 == len(done.stderr.splitlines())
    assert "no oracle can be asked" in done.stderr


def test_json_holds_what_the_tables_show(specimens):
    done = check(specimens / "mul_swapped", "--json", "--assignment", "scalar_autograd")
    (grade,) = json.loads(done.stdout)["grades"]
    verdict = next(v for v in grade["verdicts"] if v["check"] == "gradient_mul")

    assert 1 == done.returncode
    assert "S3" == grade["isolation"]
    assert "failed" == verdict["status"]
    assert (2.0, 3.0) == (verdict["problem"]["expected"], verdict["problem"]["actual"])


def test_unreadable_input_is_json_too(inputs):
    done = check("empty.py", "--json", cwd=inputs)

    assert 2 == done.returncode
    assert "is empty" in json.loads(done.stdout)["grades"][0]["unreadable"]
