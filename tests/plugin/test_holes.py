"""What a submission's folder brings along runs nowhere in the process that grades."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support import brief
from support.long import sample

PLANT = "open({canary!r}, 'a').write({name!r} + ' ran;')\n"


@pytest.fixture
def canary(tmp_path):
    return tmp_path / "canary"


@pytest.fixture
def planted(tmp_path, canary, answer_key):
    """A submission beside files that write to the canary when Python or pytest runs them."""
    folder = tmp_path / "class" / "mallory"
    folder.mkdir(parents=True)
    (folder / "ag.py").write_text(answer_key.read_text())
    brief.write(tmp_path)

    def plant(*names):
        for name in names:
            place = folder / name
            place.parent.mkdir(exist_ok=True)
            place.write_text(PLANT.format(canary=str(canary), name=name))

    plant("conftest.py", "sitecustomize.py", "usercustomize.py", "evil.py", "test_evil.py")
    plant("json.py", "numpy.py", "harness/__init__.py", "reference_impls/__init__.py")
    (folder / "evil.pth").write_text("import evil\n")
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -p evil\npythonpath = .\n")
    return folder


def called(folder, *command):
    """Runs a command in a folder as a shell would, without the marks of the test run around it."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "COV"))}
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=folder, env=clean
    )


def script(name):
    return str(Path(sys.executable).with_name(name))


@pytest.mark.parametrize("given", sample(3, ["class", "class/mallory", "class/mallory/ag.py"]))
def test_pytest_from_a_folder_of_ones_own_runs_nothing_of_a_submission(
    tmp_path, planted, canary, given
):
    done = called(
        tmp_path, script("pytest"), f"--submission={given}", "--assignment=brief.py",
        "-p", "no:cacheprovider",
    )  # fmt: skip

    assert not canary.exists()
    assert "1 passed" in done.stdout


@pytest.mark.parametrize("ini", [True, False])
@pytest.mark.parametrize("command", [[script("pytest")], [sys.executable, "-m", "pytest"]])
def test_pytest_in_the_submissions_own_folder_is_refused(planted, canary, command, ini):
    if not ini:
        (planted / "pytest.ini").unlink()
    done = called(planted, *command, "--submission=ag.py", "-p", "no:cacheprovider")

    assert not canary.exists()
    assert "would run in the process that grades" in done.stderr
    assert 4 == done.returncode


def test_a_space_in_place_of_the_equals_sign_is_refused(tmp_path, planted, canary):
    done = called(
        tmp_path, script("pytest"), "--submission", "class/mallory", "-p", "no:cacheprovider"
    )

    assert not canary.exists()
    assert "write --submission=PATH, with a = and no space" in done.stderr
    assert 4 == done.returncode


@pytest.mark.parametrize("given", sample(2, [".", "ag.py"]))
def test_the_command_in_the_submissions_own_folder_runs_nothing_of_it(planted, canary, given):
    done = called(planted, script("adjudge"), "check", given, "--exercise", "ag")

    assert not canary.exists()
    assert 0 == done.returncode
