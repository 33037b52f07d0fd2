"""An assignment of one's own: the guide's file, and what it lacks; `tests/docs` runs the guide."""

import shlex
import subprocess
import sys

import pytest

from support.blocks import files_of
from support.commands import adjudge


def run(line, room):
    done = adjudge(*shlex.split(line)[1:], cwd=room)
    return done.returncode, " ".join(done.stdout.split()), done.stderr


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """The files of the guide."""
    folder = tmp_path_factory.mktemp("lab")
    for name, text in files_of("write-an-assignment.md").items():
        (folder / name).write_text(text)
    return folder


def test_without_the_entry_the_audit_ends_with_1(room):
    text = (room / "distance.py").read_text()
    start = text.index("        equivalent=(")
    (room / "blunt.py").write_text(text[:start] + "    ),\n)\n")

    code, said, _ = run("adjudge audit --assignment blunt.py", room)

    assert (1, True) == (code, "1 survived" in said), said


def test_pytest_takes_the_file_just_so(room):
    recorded = run("adjudge record --assignment distance.py", room)
    assert 0 == recorded[0], recorded  # so that nothing imports PyTorch and JAX once more
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
