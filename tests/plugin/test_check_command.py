"""`adjudge check` as a person runs it: in a terminal of 80 by 24, in any encoding, by any name."""

import os
import pty
import subprocess
import sys
import termios
from contextlib import nullcontext
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from harness.commands import app, check
from harness.commands.progress import waiting
from harness.judging.check import find, with_exercise
from harness.records.errors import UsageError
from support import brief
from support.commands import adjudge
from support.long import sample

KEY = Path(__file__).parents[2] / "reference_impls" / "answer_key.py"
ADJUDGE = (str(Path(sys.executable).with_name("adjudge")),)


def run(*arguments, cwd=None, **env):
    told = {**os.environ, **env}
    return subprocess.run(
        (*ADJUDGE, *arguments), cwd=cwd, env=told, capture_output=True, check=False
    )


def in_terminal(*arguments, cwd):
    """What a terminal of 80 by 24 shows at the end."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    env = {**os.environ, "TERM": "dumb"}
    env.pop("COLUMNS", None)
    command = subprocess.Popen((*ADJUDGE, *arguments), cwd=cwd, env=env, stdout=theirs)
    os.close(theirs)
    parts = []
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # Linux says so where the other end is closed
            break
        if not part:
            break
        parts.append(part)
    os.close(ours)
    command.wait()
    return b"".join(parts).decode().replace("\r\n", "\n").rstrip().split("\n")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with one wrong submission and nothing else."""
    made = tmp_path_factory.mktemp("homework")
    text = KEY.read_text()
    wrong = text.replace("math.log(input.value)", "math.log(input.value) + 1.0")
    assert wrong != text
    (made / "ag.py").write_text(wrong)
    return made


@pytest.fixture(scope="module")
def screen(folder):
    return in_terminal("check", cwd=folder)


def test_the_last_screen_has_the_grand_total_and_what_to_fix_first(screen):
    last = "\n".join(screen[-23:])

    assert "grand total" in last
    assert "Fix first: ag value_log. v1.value is" in last


def test_no_line_is_wider_than_the_terminal_and_no_word_is_broken(screen, folder, monkeypatch):
    assert max(map(len, screen)) <= 80
    monkeypatch.setenv("COLUMNS", "400")
    wide = adjudge("check", cwd=folder).stdout
    assert {*" ".join(screen).split()} <= {*wide.split()} | {"─" * n for n in range(81)}


@pytest.mark.parametrize("encoding", sample(3, ["latin-1", "ascii", "cp1252"]))
def test_a_terminal_of_any_encoding_can_show_it(tmp_path, encoding):
    brief.write(tmp_path)
    (tmp_path / "ag.py").write_text("class Scalar:\n    pass\n")
    asked = ("check", "ag.py", "--assignment", "brief.py")
    shown = run(*asked, cwd=tmp_path, PYTHONIOENCODING=encoding)

    assert app.FAILED == shown.returncode
    assert b"" == shown.stderr
    assert b"grand total" in shown.stdout.decode(encoding).encode()


def test_a_line_that_is_not_python_is_shown_with_a_mark_below_it(tmp_path):
    (tmp_path / "ag.py").write_text("x = 1\ny = (1, 2\n")
    refused = adjudge("check", cwd=tmp_path).stderr.splitlines()

    assert "error: ag.py: line 2 is not Python ('(' was never closed)" == refused[0]
    assert ["    y = (1, 2", "        ^"] == refused[1:]


def test_a_folder_with_several_submissions_says_which_there_are(tmp_path):
    for name in ("one.py", "two.py"):
        (tmp_path / name).write_text("x = 1\n")
    refused = adjudge("check", cwd=tmp_path)

    assert app.BAD_USAGE == refused.returncode
    assert "one.py and two.py" in refused.stderr


@pytest.mark.parametrize(
    ("wanted", "name", "assignments"),
    [
        ("2.b", "2.B", ["scalar_autograd"]),
        ("RELU_Gradient", "relu_gradient", ["scalar_autograd"]),
        ("training", "Training", ["mlp_training"]),
    ],
)
def test_an_exercise_or_a_check_is_found_in_any_case(wanted, name, assignments):
    lecture = [find("scalar_autograd"), find("mlp_training")]
    found, spelled = with_exercise(lecture, wanted)

    assert (name, assignments) == (spelled, [a.name for a in found])


def test_a_check_that_the_rubric_does_not_show_yet_counts_and_is_not_told(specimens, tmp_path):
    rubric = tmp_path / "rubric.toml"
    rubric.write_text('[scalar_autograd.visibility]\ngradient_mul = "after_due"\n')
    done = adjudge(
        "check", specimens / "mul_overwrites", "--rubric", rubric, "--assignment", "scalar_autograd"
    )

    assert app.FAILED == done.returncode
    assert "Checks that count and are not shown: 1." in done.stdout
    assert "gradient_mul" not in done.stdout
    assert "95/100" in done.stdout


def test_an_unknown_exercise_is_answered_by_what_there_is():
    with pytest.raises(UsageError, match=r'"9.Z"; exercises: .*2\.A.*; checks: .*gradient_mul'):
        with_exercise([find("scalar_autograd")], "9.Z")


def test_the_version_is_told():
    assert adjudge("--version").stdout.startswith("adjudge ")


def test_the_shell_completes_commands():
    told = run(
        _ADJUDGE_COMPLETE="complete_bash",
        COMP_WORDS="adjudge doc",
        COMP_CWORD="1",
    )

    assert b"doctor" == told.stdout.strip()


@pytest.mark.parametrize(
    ("after", "terminal", "says"),
    [(60.0, True, False), (0.0, True, True), (0.0, False, False)],
    ids=["a fast one", "a slow one", "into a file"],
)
def test_a_slow_run_alone_says_in_a_terminal_that_it_goes_on(after, terminal, says):
    console = Console(file=StringIO(), force_terminal=terminal)
    with waiting("Checking ada ...", console, after=after):
        while says and "Checking" not in console.file.getvalue():
            pass

    assert says == ("Checking" in console.file.getvalue())
    assert terminal or "" == console.file.getvalue()


@pytest.mark.parametrize(("seed", "times"), [((), 1), (("--seed", "secret"), 0)])
def test_compiled_programs_are_kept_under_the_public_seed_alone(seed, times, tmp_path, monkeypatch):
    keeping = []
    monkeypatch.setattr(check, "kept", lambda: keeping.append(seed) or nullcontext())
    brief.write(tmp_path)
    (tmp_path / "ag.py").write_text(KEY.read_text())
    asked = ("check", "ag.py", "--assignment", "brief.py", *seed)
    adjudge(*asked, cwd=tmp_path, without=("torch", "jax"))

    assert times == len(keeping)
