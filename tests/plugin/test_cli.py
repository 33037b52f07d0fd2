"""The command: what it says, and with which exit code."""

import json
import os
import subprocess
import sys

import pytest

from support.class_runs import LAB, few
from support.commands import adjudge, adjudge_alone
from support.long import sample

MUL = few("gradient_mul", "values")


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


@pytest.fixture(scope="module")
def wrong(specimens, tmp_path_factory):
    """What is said of a wrong one: in the terminal, as JSON, and where the page of it is."""
    page = tmp_path_factory.mktemp("page") / "page.html"
    asked = (specimens / "mul_swapped", *MUL)
    return check(*asked, "--html", page), check(*asked, "--json"), page


def test_a_wrong_submission_exits_with_1_and_says_what_is_wrong_on_a_page_too(wrong):
    done, _, page = wrong

    assert 1 == done.returncode
    for told in (done.stdout, page.read_text(encoding="utf-8")):
        assert "x2.grad is 3.0, but torch and jax say 2.0." in told
    assert "print(x2.grad)  # yours: 3.0; torch and jax: 2.0" in done.stdout


@pytest.mark.long
def test_thorough_draws_more_and_comes_to_the_same(specimens):
    some = few("order_random", "order_lecture", "relu_gradient")
    asked = (specimens / "relu_leaky", "--json", *some)
    fewer, many = (
        {v["check"]: v for v in json.loads(done.stdout)["grades"][0]["verdicts"]}
        for done in (check(*asked), check(*asked, "--thorough", "2", without=["jax"]))
    )

    assert {n: v["status"] for n, v in fewer.items()} == {n: v["status"] for n, v in many.items()}
    assert 2 * fewer["order_random"]["tried"] == many["order_random"]["tried"]
    assert fewer["order_lecture"]["tried"] == many["order_lecture"]["tried"]


def test_one_exercise_is_shown_alone_and_decides_the_exit_code(specimens):
    done = check(specimens / "mul_swapped", "--exercise", "2.A", *LAB)

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


@pytest.mark.parametrize(("hidden", "left"), sample(2, [("jax", "torch"), ("torch", "jax")]))
def test_one_oracle_alone_judges_and_says_which_was_not_asked(answer_key, hidden, left):
    done = check(answer_key, "--live", *few("gradient_add"), without=[hidden])

    assert 0 == done.returncode
    assert f"judged by {left} " in done.stdout
    assert f"not asked: {hidden}: import of {hidden} halted" in done.stdout


@pytest.mark.parametrize(
    ("specimen", "some"),
    sample(2, [("mse_half", few("mse", of="mlp_training")), ("mul_swapped", MUL)]),
)
def test_without_an_oracle_a_self_check_goes_by_what_is_recorded(specimen, some, specimens):
    asked = (specimens / specimen, "--json", *some)
    without = check(*asked, without=["torch", "jax"])

    assert json.loads(without.stdout) == json.loads(check(*asked, "--live").stdout)
    assert "torch and jax" in without.stdout


def test_a_page_tells_no_more_than_the_feedback(specimens, tmp_path):
    to = tmp_path / "page.html"
    check(specimens / "mul_swapped", "--html", to, "--feedback", "exercise", *MUL)

    assert "x2.grad" not in to.read_text(encoding="utf-8")


def test_a_page_that_cannot_be_written_is_bad_usage(answer_key, tmp_path):
    to = tmp_path / "nowhere" / "page.html"
    done = check(answer_key, "--html", to, *MUL)

    assert 2 == done.returncode
    assert "the page cannot be written" in done.stderr


HEAVY = {"torch", "jax", "numpy", "scipy", "PIL", "networkx", "jinja2", "nbformat", "pytest"}
HEAVY |= {"hypothesis", "IPython"}


def test_a_self_check_imports_nothing_heavy(answer_key):
    code = "import sys; from harness.commands.app import main; main(); "
    command = [sys.executable, "-c", f"{code}print({HEAVY} & sys.modules.keys())"]
    done = subprocess.run(
        [*command, "check", str(answer_key), *LAB], capture_output=True, text=True
    )

    assert "set()" == done.stdout.splitlines()[-1]


def test_without_an_oracle_and_without_a_recording_nothing_is_judged(answer_key):
    done = check(answer_key, "--seed", "secret", without=["torch", "jax"])

    assert 3 == done.returncode
    assert 1 == len(done.stderr.splitlines())
    assert "no oracle can be asked" in done.stderr


def test_json_holds_what_the_tables_show(wrong):
    _, done, _ = wrong
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
