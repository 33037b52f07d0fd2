"""adjudge, a bare run, the naive harness and three peers as commands that grade one file."""

import json
import os
import subprocess
import sys
import tempfile
import venv
import zipfile
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PINNED = (
    *("torch==2.13.0", "otter-grader==7.0.0", "gradescope-utils==0.5.0", "pytest==9.2.0"),
    *("pytest-prairielearn-grader==0.3.1", "plot-serializer==0.2.3", "ipykernel==7.4.0"),
    *("numpy==2.4.6", "pandas==3.1.1", "networkx"),
)
"""What the peers' environment holds: otter runs the kernel of ipykernel, and the plugin for
PrairieLearn imports plot-serializer, pandas and networkx without asking for them."""


@dataclass(frozen=True)
class Grader:
    """One way to grade a file."""

    name: str
    command: tuple[str, ...]
    """With {submission} where the file goes."""
    environment: dict[str, str] = field(default_factory=dict)
    cwd: Path = ROOT
    results: str = ""
    """The file in cwd that holds the score; the exit code tells where there is none."""


@dataclass(frozen=True)
class Spent:
    """What one run of a command took."""

    wall: float
    cpu: float
    """Seconds of the process and of all its children."""
    peak: float
    """Megabytes of the largest process."""
    passed: bool
    printed: str


def run(grader, submission):
    """Grades one file, at the priority of the caller."""
    if grader.results:
        (grader.cwd / grader.results).unlink(missing_ok=True)
    command = [part.format(submission=submission) for part in grader.command]
    environment = {**os.environ, **grader.environment, "SUBMISSION": str(submission)}
    with tempfile.NamedTemporaryFile() as told:
        small = (sys.executable, "-I", "-S", str(HERE / "spend.py"), told.name)
        done = subprocess.run(
            [*small, *command],
            cwd=grader.cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=True,
        )
        took = json.load(told)
    passed = took.pop("code") == 0
    if grader.results:
        passed = _full_marks(grader.cwd / grader.results)
    return Spent(**took, passed=passed, printed=done.stdout)


def _full_marks(path):
    """Whether every test of a results.json has its points."""
    if not path.exists():
        return False
    tests = json.loads(path.read_text(encoding="utf-8"))["tests"]
    return bool(tests) and all(t["score"] == t["max_score"] for t in tests if "max_score" in t)


def ours(programs, work):
    """adjudge, the bare run and two ways with torch, in the environment of the project."""
    adjudge = (str(Path(sys.executable).with_name("adjudge")), "check", "{submission}")
    bare = (sys.executable, str(HERE / "bare_run.py"), "{submission}", str(programs), "off")
    naive = (*_pytest(sys.executable), _copied("naive_harness.py", work / "naive"))
    careful = (sys.executable, str(HERE / "careful_harness.py"))
    alone = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PROGRAMS": str(programs)}
    return (
        Grader("adjudge check", adjudge),
        Grader("bare run", bare),
        Grader("naive harness", naive, alone, work / "naive"),
        Grader("careful torch script", careful, alone, HERE),
    )


def peers(folder, programs, work):
    """The peers that can be installed, and for each that cannot, its name and the reason."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    install = [str(python), "-m", "pip", "install", "--quiet", *PINNED]
    failed = subprocess.run(install, capture_output=True, text=True, check=False)
    if failed.returncode:
        reason = failed.stderr.strip().splitlines()[-1]
        return (), {name: reason for name in ("otter", "gradescope-utils", "prairielearn")}
    shared = {"NAIVE": str(HERE), "PROGRAMS": str(programs)}
    made = (_otter(python, shared, work / "otter"),)
    made += (_gradescope(python, shared, work / "gradescope"),)
    return (*made, _prairielearn(python, shared, work / "prairielearn")), {}


def versions(folder):
    """The versions that are installed in the peers' environment."""
    names = ("torch", "otter-grader", "gradescope-utils", "pytest-prairielearn-grader", "pytest")
    found = metadata.distributions(path=[str(next(folder.glob("lib/python*/site-packages")))])
    told = {d.metadata["Name"].lower().replace("_", "-"): d.version for d in found}
    return {name: told.get(name, "not installed") for name in names}


def _otter(python, shared, work):
    work.mkdir(parents=True)
    with zipfile.ZipFile(work / "autograder.zip", "w") as archive:
        archive.write(HERE / "peers" / "otter_assignment.py", "tests/autograd.py")
        archive.writestr("otter_config.json", json.dumps({"lang": "python", "print_score": False}))
    command = (*(str(python), "-m", "otter", "run", "--no-logo", "-a", "autograder.zip"),)
    return Grader("otter run", (*command, "{submission}"), shared, work, "results.json")


def _gradescope(python, shared, work):
    work.mkdir(parents=True)
    command = (str(python), str(HERE / "peers" / "gradescope_tests.py"))
    return Grader("gradescope-utils", command, shared, work, "results.json")


def _prairielearn(python, shared, work):
    """The plugin reads the submission beside the tests, so a shell copies it there first."""
    test = _copied("peers/prairielearn_tests.py", work, "test_assignment.py")
    beside = work / "test_assignment"
    beside.mkdir()
    _copied("peers/trailing_code.py", beside)
    (beside / "data.json").write_text('{"params": {}}', encoding="utf-8")
    copy = f'cp "$1" {beside}/student_code.py && shift && exec "$@"'
    plugins = ("-p", "pytest_prairielearn_grader.plugin")
    command = ("sh", "-c", copy, "sh", "{submission}", *_pytest(str(python)), *plugins, test)
    alone = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return Grader("pytest-prairielearn-grader", command, {**shared, **alone}, work)


def _pytest(python):
    options = ("-q", "-c", os.devnull, "-p", "no:cacheprovider", "--no-header", "--tb=line")
    return (python, "-m", "pytest", *options, "--rootdir=.")


def _copied(name, folder, to=None):
    """A file of ours away from our configuration of pytest, under a name that pytest collects."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (to or Path(name).name)
    path.write_text((HERE / name).read_text(encoding="utf-8"), encoding="utf-8")
    return str(path)
