"""On a kernel without Landlock: doctor says so, a class is refused, one submission is not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support import brief

MASK = [sys.executable, str(Path(__file__).with_name("without_landlock.py")), sys.executable]


def run(folder, *arguments):
    command = [*MASK, "-m", *arguments]
    wide = {**os.environ, "COLUMNS": "200"}
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=folder, env=wide
    )


@pytest.fixture
def class_of_two(tmp_path, answer_key):
    """A class whose assignment has one check."""
    for name in ("one", "two"):
        folder = tmp_path / "class" / name
        folder.mkdir(parents=True)
        (folder / "ag.py").write_text(answer_key.read_text())
    brief.write(tmp_path)
    return tmp_path


@pytest.mark.long
def test_doctor_names_the_missing_layer_and_its_remedy(tmp_path):
    told = run(tmp_path, "harness", "doctor").stdout

    assert "isolation S1" in told
    assert "this kernel has no Landlock" in " ".join(told.split())
    assert "use Linux 5.13" in " ".join(told.split())


def test_a_class_is_refused_with_one_sentence_and_exit_code_2(class_of_two):
    done = run(
        class_of_two, "pytest", "--submission=class", "--assignment=brief.py",
        "-p", "no:cacheprovider",
    )  # fmt: skip
    said = [line for line in done.stdout.splitlines() if "isolation here is" in line]

    assert 2 == done.returncode
    assert 1 == len(said)
    assert "S1, and S3 is asked for; missing:" in said[0]
    assert "landlock (this kernel has no Landlock" in said[0]


@pytest.mark.long
def test_a_class_is_graded_where_the_instructor_says_so(class_of_two):
    done = run(
        class_of_two, "pytest", "--submission=class", "--min-isolation=S1",
        "--assignment=brief.py", "-p", "no:cacheprovider",
    )  # fmt: skip

    assert 0 == done.returncode
    assert "2 passed" in done.stdout


@pytest.mark.long
def test_a_self_check_goes_on_and_prints_one_line(class_of_two):
    done = run(class_of_two, "harness", "check", "class/one", "--assignment", "brief.py")
    told = [line for line in done.stdout.splitlines() if line.startswith("isolation")]

    assert 0 == done.returncode
    assert [
        "isolation S1: files and network are NOT protected; use it for your own code only"
    ] == told
