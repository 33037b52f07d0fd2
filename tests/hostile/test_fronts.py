"""Started in a folder that holds a file of every module's name, no front runs one of them."""

import contextlib
import os
import signal
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from harness.sandbox.start import STARTUP
from support import brief
from support.long import long_where

ROOM = Path(sys.executable).parent
PLANT = """import _io
with _io.open({log!r}, "ab") as file:
    file.write({name!r})
"""
"""Needs nothing but what is built in: it must run however early it is imported."""
ENTRY_POINTS = "\n".join(
    f"[{group}]\nplanted = planted_plugin:planted\n"
    for group in ("pytest11", "adjudge.engines", "adjudge.assignments", "adjudge.answer_keys")
)


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """A folder with a file of every name, a class of two in it, and the file that tells on them."""
    room = tmp_path_factory.mktemp("fronts")
    here, log = room / "planted", room / "log"
    names = {*sys.stdlib_module_names, *packages_distributions(), "planted_plugin"}
    names |= {"harness", "reference_impls", "sitecustomize", "usercustomize"}
    here.mkdir()
    for name in names:
        (here / f"{name}.py").write_text(PLANT.format(log=str(log), name=f"{name} ".encode()))
    about = here / "planted-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: planted\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(ENTRY_POINTS)
    for student in ("ada", "bob"):
        (here / "class" / student).mkdir(parents=True)
        (here / "class" / student / "ag.py").write_text("class Scalar:\n    pass\n")
    brief.write(room)
    return here, log


@pytest.fixture
def front(planted, tmp_path):
    """Starts something in that folder; gives what it said, and what it ran of the folder."""
    here, log = planted

    def start(*command, code=0, **variables):
        log.unlink(missing_ok=True)
        words = [str(word).format(out=tmp_path, room=here.parent) for word in command]
        done = subprocess.run(
            words, cwd=here, env=plain(variables), capture_output=True, text=True, check=False
        )
        assert code == done.returncode, done.stdout + done.stderr
        return done.stdout + done.stderr, log.read_text() if log.exists() else ""

    return start


def plain(more):
    """The environment without what the run of these tests has put there."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("PY", "COV"))} | more


BRIEF = ("--assignment", "{room}/brief.py")
COMMAND = (str(ROOM / "adjudge"),)
MODULE = (sys.executable, "-m", "harness")
GRADE = (*COMMAND, "grade", "class", "-o", "{out}/results.db", *BRIEF)
CHECK = ("check", "class/ada", *BRIEF)
PYTEST = ("--submission=class", "--assignment={room}/brief.py", "-p", "no:cacheprovider")


def test_the_files_run_where_nothing_is_done_about_them(front):
    _, ran = front(sys.executable, "-c", "import colorsys, msgspec")

    assert "colorsys msgspec " == ran


def test_what_python_obeys_when_it_starts_is_installed():
    import sysconfig

    assert (Path(sysconfig.get_path("purelib")) / STARTUP).is_file()


FRONTS = [
    ((*MODULE, *CHECK, "--html", "{out}/page.html"), 1),
    ((ROOM / "pytest", *PYTEST), 1),
    ((*MODULE, *GRADE[1:], "--jobs", "2"), 0),
]
"""Each way to start something, and their exit codes."""
OTHER_FRONTS = [
    ((*COMMAND, *CHECK), 1),
    ((sys.executable, "-m", "pytest", *PYTEST), 1),
    ((*COMMAND, "doctor"), 0),
    ((*COMMAND, "--help"), 0),
    ((*MODULE, *CHECK, "--live"), 1),
    ((*COMMAND, *CHECK, "--html", "{out}/page.html"), 1),
    ((sys.executable, "-X", "utf8", "-mharness", *CHECK), 1),
    ((*COMMAND, "init", "gradescope", "-o", "{out}/autograder.zip"), 0),
    ((*COMMAND, "rubric", "show", *BRIEF), 0),
    ((ROOM / "pytest", *PYTEST, "-n", "2"), 1),
    ((sys.executable, "-m", "pytest", *PYTEST, "-n", "2"), 1),
    ((*COMMAND, "record", *BRIEF, "--to", "{out}"), 0),
    ((*COMMAND, "audit", *BRIEF), 1),
]
"""Those that start as one of them does."""


@pytest.mark.parametrize(
    ("command", "code"),
    long_where([*FRONTS, *OTHER_FRONTS], OTHER_FRONTS.__contains__),
    ids=lambda given: (
        " ".join(Path(str(w)).name for w in given) if isinstance(given, tuple) else ""
    ),
)
def test_no_front_runs_a_file_of_the_current_folder(front, command, code):
    said, ran = front(*command, code=code)

    assert "" == ran, said


@pytest.mark.long
def test_no_command_on_results_runs_a_file_of_the_current_folder(front):
    for command in (
        (*GRADE[1:], "--jobs", "2"),
        ("report", "{out}/results.db", "-o", "{out}/site", "--jobs", "2"),
        ("export", "{out}/results.db", "--format", "gradescope", "-o", "{out}/files"),
        ("export", "{out}/results.db", "--format", "csv"),
        ("show", "{out}/results.db", "ada"),
        ("compare", "{out}/results.db", "{out}/results.db"),
    ):
        said, ran = front(*COMMAND, *command)

        assert "" == ran, said


@pytest.mark.long
def test_a_cluster_runs_no_file_of_the_folder_where_it_was_started(planted, front):
    pytest.importorskip("distributed")
    here, _ = planted
    book = here.parent / "scheduler.json"
    with contextlib.ExitStack() as running:
        for words in (("scheduler", "--port", "0"), ("worker", "--nworkers", "1")):
            process = subprocess.Popen(
                [ROOM / "dask", *words, "--no-dashboard", "--scheduler-file", book],
                cwd=here,
                env=plain({}),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            running.callback(process.wait)
            running.callback(os.killpg, process.pid, signal.SIGTERM)
        address = running.enter_context(client_of(book)).scheduler.address
        said, ran = front(*GRADE, "--scheduler", address)

    assert "" == ran, said


LOCAL = """from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        print(cluster.scheduler_address, flush=True)
        input()
"""


@pytest.mark.long
def test_a_cluster_that_may_have_run_a_students_file_is_refused(front, tmp_path):
    pytest.importorskip("distributed")
    (tmp_path / "cluster.py").write_text(LOCAL)
    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "ag.py").write_text("class Scalar:\n    pass\n")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    command = [sys.executable, tmp_path / "cluster.py"]
    with subprocess.Popen(command, cwd=folder, env=plain({}), **pipes) as process:
        address = process.stdout.readline().strip()
        said, _ = front(*GRADE, "--scheduler", address, code=2)
        process.communicate("\n", timeout=60)

    assert f"was started in {folder}, whose Python files it may have run" in said


def client_of(book):
    """A client of the cluster, once there is a worker."""
    import distributed

    client = distributed.Client(scheduler_file=str(book), timeout=60)
    client.wait_for_workers(1, timeout=60)
    return client


@pytest.mark.parametrize(
    "command",
    [
        pytest.param((*COMMAND, *CHECK), id="check"),
        pytest.param((ROOM / "pytest", *PYTEST, "-n", "2"), id="pytest", marks=pytest.mark.long),
    ],
)
def test_a_path_in_the_environment_is_not_used(planted, front, command):
    # Python itself needs encodings before it can be told anything.
    here, _ = planted
    spared = here / "encodings.py"
    text = spared.read_text()
    spared.unlink()
    try:
        said, ran = front(*command, code=1, PYTHONPATH=".")
    finally:
        spared.write_text(text)

    assert "" == ran, said
