"""An assignment of one's own: the guide's file, and what it lacks; `tests/docs` runs the guide."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from support.commands import adjudge

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "write-an-assignment.md"
TEXT = GUIDE.read_text(encoding="utf-8")


def run(line, room):
    done = adjudge(*shlex.split(line)[1:], cwd=room)
    return done.returncode, " ".join(done.stdout.split()), done.stderr


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """The files of the guide."""
    folder = tmp_path_factory.mktemp("lab")
    for name, text in re.findall(r"^`(\w+\.py)`:\n\n```python\n(.*?)```", TEXT, re.DOTALL | re.M):
        (folder / name).write_text(text)
    return folder


def test_without_the_entry_the_audit_ends_with_1(room):
    text = (room / "distance.py").read_text()
    start = text.index("        equivalent=(")
    (room / "blunt.py").write_text(text[:start] + "    ),\n)\n")

    code, said, _ = run("adjudge audit --assignment blunt.py", room)

    assert (1, True) == (code, "1 survived" in said), said


def test_pytest_takes_the_file_just_so(room):
    command = [sys.executable, "-m", "pytest", "-q", "--submission=right.py"]
    done = subprocess.run(
        [*command, "--assignment=distance.py"], capture_output=True, text=True, cwd=room
    )

    assert 0 == done.returncode, done.stdout
    assert "1 passed" in done.stdout


def test_a_file_that_is_not_there_or_defines_nothing_is_told_in_a_sentence(room):
    (room / "empty.py").write_text("assignments = ()\n")

    missing = run("adjudge check right.py --assignment nowhere.py", room)
    empty = run("adjudge check right.py --assignment empty.py", room)

    assert (2, 1) == (missing[0], missing[2].count("\n"))
    assert "nowhere.py: there is no such file" in missing[2]
    assert (2, 1) == (empty[0], empty[2].count("\n"))
    assert "defines no assignment" in empty[2]


ARRAYS = GUIDE.with_name("array-functions.md").read_text(encoding="utf-8")


def test_the_guide_to_functions_of_arrays_does_what_it_says_in_forty_lines(tmp_path):
    files = dict(re.findall(r"^`(\w+\.py)`:\n\n```python\n(.*?)```", ARRAYS, re.DOTALL | re.M))
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    text = files["softmax.py"]
    (key,) = re.findall(r'KEY = """(.*?)"""', text, re.DOTALL)
    (tmp_path / "right.py").write_text(key)
    (block,) = re.findall(r"```sh\n(.*?)```", ARRAYS, re.S)
    wrong, audited = (run(line, tmp_path) for line in block.splitlines())
    right = run("adjudge check right.py --assignment softmax.py", tmp_path)

    assert text.count("\n") <= 40
    assert (0, True) == (right[0], "10/10" in right[1]), right
    shown = "x = np.array([[1.4, 1.6]]) p, q = softmax(x), softmax(999 * x) print(p[0, 0])"
    assert (1, True) == (wrong[0], shown in wrong[1]), wrong
    assert (1, True) == (audited[0], "57 of 60 mutants killed" in audited[1]), audited
