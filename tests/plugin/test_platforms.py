"""What is uploaded to a platform, run as the platform runs it, in folders laid out as its own."""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import jsonschema
import pytest

from harness.classes.platforms import bundle, runtime
from harness.judging.check import find
from harness.oracles import recording
from harness.records.errors import RecordingError, UsageError
from harness.sandbox.launch import Launcher
from support.commands import adjudge, adjudge_alone

SCHEMAS = Path(__file__).parents[1] / "support" / "schemas"
GUIDES = Path(__file__).parents[2] / "docs" / "guides"
LECTURE = ("scalar_autograd", "mlp_training")
SCALARS = ("scalar_autograd",)
ONE = ("--assignment", *SCALARS)
"""Gradescope judges both of the lecture's, the others one: what they share is tested once."""
SECRET = "a secret of ours"
EXITS = """
import os

_backward = ag.Scalar.backward
_calls = 0

def _sixth_exits(self):
    global _calls
    _calls += 1
    if _calls == 6:
        os._exit(0)
    return _backward(self)

ag.Scalar.backward = _sixth_exits
"""
COMMANDS = """
class Loud(Exception):
    pass

def _loud(self):
    raise Loud("x\\n::error::pwned\\n::add-mask::pwned\\r\\n::set-output name=result::pwned")

ag.Scalar.backward = _loud
"""


@pytest.fixture(scope="module")
def right(answer_key):
    return answer_key.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def wrong(specimens):
    return (specimens / "mul_swapped" / "ag.py").read_text(encoding="utf-8")


def unzipped(archive, folder):
    """Unpacks as unzip does: with the modes."""
    with zipfile.ZipFile(archive) as packed:
        for entry in packed.infolist():
            path = Path(packed.extract(entry, folder))
            path.chmod(entry.external_attr >> 16 & 0o777)


def shell(script, *, cwd, **environment):
    """Runs a platform's script, in an environment that has nothing of ours in it."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "ADJUDGE"))}
    path = os.pathsep.join([str(Path(sys.executable).parent), kept["PATH"]])
    return subprocess.run(
        script,
        cwd=cwd,
        env={**kept, "PATH": path, **{k: str(v) for k, v in environment.items()}},
        capture_output=True,
        text=True,
        check=False,
    )


def made_in(root, archive, *, offline=True, **environment):
    """Builds Gradescope's image, as far as it is a folder; offline it installs adjudge alone."""
    unzipped(archive, root / "source")
    if offline:
        (root / "source" / "requirements.txt").write_text("# those of this environment\n")
    shutil.copy(root / "source" / "run_autograder", root)
    return shell(["bash", "source/setup.sh"], cwd=root, AUTOGRADER_ROOT=root, **environment)


@pytest.fixture(scope="module")
def autograder(tmp_path_factory):
    """Gradescope's folder, built from the zip; the dependencies are those of this environment."""
    room = tmp_path_factory.mktemp("gradescope")
    done = adjudge_alone("init", "gradescope", "--to", room / "autograder.zip")
    assert 0 == done.returncode, done.stderr
    assert "Autograder Points 200." in done.stdout
    root = room / "autograder"
    built = made_in(root, room / "autograder.zip", PIP_NO_DEPS=1, PIP_NO_INDEX=1)
    assert 0 == built.returncode, built.stderr
    (home,) = (root / "venv").glob("lib/python*/site-packages")
    (home / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return root


def handed_in(folder, module, name="ag.py"):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / name).write_text(module, encoding="utf-8")


def valid(text, schema):
    document = json.loads(text)
    jsonschema.validate(document, json.loads((SCHEMAS / schema).read_text(encoding="utf-8")))
    return document


def on_gradescope(root, module, name="ag.py"):
    handed_in(root / "submission", module, name)
    done = shell([str(root / "run_autograder")], cwd=root, AUTOGRADER_ROOT=root)
    text = (root / "results" / "results.json").read_text(encoding="utf-8")
    return done, valid(text, "gradescope.json")


# --- Gradescope ------------------------------------------------------------------------------


def test_what_runs_on_gradescope_is_what_was_in_the_zip(autograder):
    python = autograder / "venv" / "bin" / "python"
    done = shell([str(python), "-c", "import harness; print(harness.__file__)"], cwd=autograder)

    assert done.stdout.startswith(str(autograder / "venv")), done.stderr


def test_gradescope_gives_a_right_module_every_point(autograder, right):
    done, results = on_gradescope(autograder, right)

    assert 0 == done.returncode, done.stderr
    assert 200.0 == results["score"]
    assert {"passed"} == {test["status"] for test in results["tests"]}


def test_gradescope_takes_points_from_a_wrong_module_and_says_why(autograder, wrong):
    done, results = on_gradescope(autograder, wrong)
    (failed,) = (test for test in results["tests"] if test["status"] == "failed")

    assert 0 == done.returncode, done.stderr
    assert 200.0 - failed["max_score"] == results["score"]
    assert "x2.grad is 3.0, but torch and jax say 2.0." in failed["output"]


def test_gradescope_still_judges_what_a_module_that_exits_got_right(autograder, right):
    done, results = on_gradescope(autograder, right + EXITS)
    statuses = {test["status"] for test in results["tests"]}

    assert 0 == done.returncode, done.stderr
    assert {"passed", "failed"} == statuses
    assert 0 < results["score"] < 200


def test_gradescope_is_told_why_a_module_cannot_be_read(autograder):
    done, results = on_gradescope(autograder, "no python here")

    assert 0 == done.returncode, done.stderr
    assert 0.0 == results["score"]
    assert "line 1 is not Python" in results["output"]


def test_gradescope_is_told_what_is_missing_from_an_upload(autograder):
    done, results = on_gradescope(autograder, "notes", name="notes.txt")

    assert 0 == done.returncode, done.stderr
    assert 0.0 == results["score"]
    assert "has no module to grade" in results["output"]


def test_our_failure_on_gradescope_is_told_and_gives_no_score(autograder, right, tmp_path):
    settings = autograder / "source" / runtime.SETTINGS
    kept = settings.read_text(encoding="utf-8")
    settings.write_text('{"assignments": ["nothing"]}')
    done, results = on_gradescope(autograder, right)
    settings.write_text(kept)

    assert 3 == done.returncode
    assert 'there is no assignment "nothing"' in done.stderr
    assert results["output"] == runtime.WITHHELD
    assert "score" not in results
    assert [] == [test for test in results["tests"] if "score" in test]


def test_gradescope_has_results_where_adjudge_was_killed(autograder, right):
    command = autograder / "venv" / "bin" / "adjudge"
    kept = command.read_bytes()
    command.write_text("#!/bin/sh\nkill -9 $$\n")
    done, results = on_gradescope(autograder, right)
    command.write_bytes(kept)

    assert 128 + 9 == done.returncode
    assert results["output"] == runtime.WITHHELD


def test_a_zip_of_the_same_content_has_the_same_bytes(autograder, tmp_path):
    (bundle.TEMPLATES / "gradescope" / "setup.sh").touch()
    again = bundle.gradescope(bundle.Course(LECTURE), tmp_path / "again.zip")

    assert (autograder.parent / "autograder.zip").read_bytes() == again.read_bytes()


def test_the_scripts_of_the_zip_may_be_executed(autograder):
    with zipfile.ZipFile(autograder.parent / "autograder.zip") as packed:
        modes = {entry.filename: entry.external_attr >> 16 for entry in packed.infolist()}

    assert {"run_autograder", "setup.sh"} == {name for name, mode in modes.items() if mode & 0o111}


# --- secret seeds ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def seed_file(tmp_path_factory):
    """A secret seed, and beside it a recording in which calculus answers everything."""
    file = tmp_path_factory.mktemp("secret") / "seed"
    file.write_text(f"{SECRET}\n")
    assignment = find(SCALARS[0])
    oracles = [("torch", "2"), ("jax", "1")]
    packed = recording.pack(assignment, SECRET, oracles, {}, {})
    recording.write(file.parent / recording.shipped(assignment, SECRET).name, packed)
    return file


@pytest.fixture(scope="module")
def secret_zip(tmp_path_factory, seed_file):
    """What is uploaded to Gradescope with a secret seed."""
    to = tmp_path_factory.mktemp("uploaded") / "secret.zip"
    bundle.gradescope(bundle.Course(SCALARS, seed_file), to)
    return to


@pytest.fixture
def secret(tmp_path, secret_zip):
    """Gradescope's folder with a secret seed, before anything is handed in."""
    root = tmp_path / "autograder"
    unzipped(secret_zip, root / "source")
    return root


def read_by_the_student(root):
    return f"""
import os
for path in {[str(root / "source" / name) for name in ("seed.txt", "scalar_autograd.answers")]!r}:
    try:
        open(path, "rb").read()
    except OSError:
        continue
    ag = Model = Loss = Optimizer = None
"""


def test_a_secret_seed_and_its_answers_go_along_and_are_nobody_elses(secret):
    modes = {path.name: path.stat().st_mode & 0o777 for path in (secret / "source").iterdir()}
    private = {name for name, mode in modes.items() if mode == 0o600}

    assert {"seed.txt", "scalar_autograd.answers"} == private
    assert [] == [name for name in modes if SECRET in name]


def test_a_module_that_looks_for_the_secret_seed_does_not_find_it(secret, right):
    handed_in(secret / "submission", right + read_by_the_student(secret))
    code = runtime.run_gradescope(secret)
    text = (secret / "results" / "results.json").read_text(encoding="utf-8")

    assert 0 == code
    assert 100.0 == valid(text, "gradescope.json")["score"]
    assert SECRET not in text


def test_where_a_module_could_read_the_seed_nothing_is_run(secret, right, capsys):
    handed_in(secret / "submission", right)
    with Launcher(skip=("landlock", "uid")) as launcher:
        code = runtime.run_gradescope(secret, launcher)
    text = (secret / "results" / "results.json").read_text(encoding="utf-8")

    assert 3 == code
    assert "score" not in valid(text, "gradescope.json")
    assert "a submission could read the seed or write its own score" in capsys.readouterr().err


def test_that_module_would_find_the_seed_were_nothing_in_its_way(secret, right, monkeypatch):
    handed_in(secret / "submission", right + read_by_the_student(secret))
    monkeypatch.setattr(runtime, "_need_wall", lambda layers: None)
    with Launcher(skip=("landlock", "uid")) as launcher:
        runtime.run_gradescope(secret, launcher)
    results = json.loads((secret / "results" / "results.json").read_text(encoding="utf-8"))

    assert 0.0 == results["score"]


def test_settings_may_ask_for_more_isolation(secret, right, capsys):
    handed_in(secret / "submission", right)
    settings = '{"assignments": ["scalar_autograd"], "min_isolation": "S3"}'
    (secret / "source" / runtime.SETTINGS).write_text(settings)
    with Launcher(skip=("seccomp",)) as launcher:
        code = runtime.run_gradescope(secret, launcher)

    assert 3 == code
    assert "and S3 is asked for" in capsys.readouterr().err


def test_answers_of_another_seed_are_our_failure_and_no_zero(secret, right, capsys):
    handed_in(secret / "submission", right)
    (secret / "source" / runtime.SEED).write_text("another")
    code = runtime.run_gradescope(secret)
    text = (secret / "results" / "results.json").read_text(encoding="utf-8")

    assert 3 == code
    assert "score" not in valid(text, "gradescope.json")
    assert "scalar_autograd.answers are for another seed" in capsys.readouterr().err


def test_damaged_recordings_are_refused_before_anything_is_written(seed_file, tmp_path):
    here = Path(shutil.copytree(seed_file.parent, tmp_path / "secret"))
    path = here / recording.shipped(find("scalar_autograd"), SECRET).name
    path.write_bytes(path.read_bytes()[:-1])

    with pytest.raises(RecordingError, match="are damaged"):
        bundle.gradescope(bundle.Course(SCALARS, here / "seed"), tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()


@pytest.mark.parametrize(
    ("metadata", "late"),
    [
        ({"created_at": "2026-11-02T10:00:00-05:00", "due": "2026-11-02T23:59:00-05:00"}, False),
        ({"created_at": "2026-11-03T06:00:00+01:00", "due": "2026-11-02T23:59:00-05:00"}, True),
        (
            {
                "created_at": "2026-11-03T06:00:00+01:00",
                "due": "2026-11-02T23:59:00-05:00",
                "own": "2026-11-04T23:59:00-05:00",
            },
            False,
        ),
        ({"created_at": "yesterday", "due": "2026-11-02T23:59:00-05:00"}, False),
        ({"created_at": "2026-11-02T10:00:00-05:00", "due": None}, False),
    ],
)
def test_lateness_is_told_by_the_dates_of_gradescope(metadata, late, secret, right):
    own = {"assignment": {"due_date": metadata["own"]}} if "own" in metadata else {}
    told = {
        "id": 123,
        "created_at": metadata["created_at"],
        "assignment": {"due_date": metadata["due"], "title": "HW3", "total_points": "200.0"},
        "users": [{"email": "ada@uni.example", "id": 4711, "name": "Ada", **own}],
        "previous_submissions": [],
    }
    handed_in(secret / "submission", "")
    (secret / "submission_metadata.json").write_text(json.dumps(told))
    code = runtime.run_gradescope(secret)
    output = json.loads((secret / "results" / "results.json").read_text())["output"]

    assert 0 == code
    assert late == ("Handed in late." in output)


# --- the rubric ------------------------------------------------------------------------------

RUBRIC = """
feedback = "sentence"

[scalar_autograd]
hidden = ["gradient_mul"]
total = 50
"""


def test_a_rubric_holds_inside_the_platform(tmp_path, wrong, right):
    (tmp_path / "mine.toml").write_text(RUBRIC)
    root = tmp_path / "autograder"
    bundle.gradescope(
        bundle.Course(SCALARS, rubric_file=tmp_path / "mine.toml"), tmp_path / "a.zip"
    )
    unzipped(tmp_path / "a.zip", root / "source")
    handed_in(root / "submission", right)
    codes = [runtime.run_gradescope(root)]
    full = valid((root / "results" / "results.json").read_text(), "gradescope.json")
    handed_in(root / "submission", wrong)
    codes.append(runtime.run_gradescope(root))
    text = (root / "results" / "results.json").read_text(encoding="utf-8")
    (failed,) = (test for test in json.loads(text)["tests"] if test["status"] == "failed")

    assert [0, 0] == codes
    assert 50.0 == full["score"] == bundle.points(SCALARS, tmp_path / "mine.toml")
    assert "gradient_mul" in failed["name"]
    assert failed["output"].startswith("Hidden check: ")
    assert "x2.grad" not in text


def test_a_mistake_in_a_rubric_is_told_before_anything_is_written(tmp_path):
    (tmp_path / "mine.toml").write_text("[scalar_autograd.points]\ngradient_null = 3\n")
    done = adjudge("init", "github", "--to", tmp_path / "made", "--rubric", tmp_path / "mine.toml")

    assert 2 == done.returncode
    assert "gradient_null" in done.stderr
    assert not (tmp_path / "made").exists()


# --- PrairieLearn ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def question(tmp_path_factory):
    """What `init` writes for PrairieLearn."""
    to = tmp_path_factory.mktemp("prairielearn") / "made"
    image = "registry.example/course/adjudge:1"
    done = adjudge("init", "prairielearn", "--to", to, "--image", image, *ONE)
    assert 0 == done.returncode, done.stderr
    return to


@pytest.fixture
def graded_there(question, autograder, tmp_path):
    """Grades one module as PrairieLearn does; the image is stood in for by the environment."""

    def graded(module, *, settings=None):
        root = tmp_path / "grade"
        shutil.copytree(question / "question" / "tests", root / "tests")
        if settings is not None:
            (root / "tests" / runtime.SETTINGS).write_text(settings)
        handed_in(root / "student", module)
        (root / "data").mkdir()
        (root / "data" / "data.json").write_text("{}")
        path = os.pathsep.join([str(autograder / "venv" / "bin"), os.environ["PATH"]])
        script = [str(root / "tests" / "entrypoint.sh")]
        done = shell(script, cwd="/", GRADE_ROOT=root, PATH=path)
        text = (root / "results" / "results.json").read_text(encoding="utf-8")
        return done, valid(text, "prairielearn.json")

    return graded


def test_prairielearn_gives_a_right_module_everything(graded_there, right):
    done, results = graded_there(right)

    assert 0 == done.returncode, done.stderr
    assert 1.0 == results["score"]
    assert results["gradable"]


def test_prairielearn_gives_a_wrong_module_a_share(graded_there, wrong):
    done, results = graded_there(wrong)

    assert 0 == done.returncode, done.stderr
    assert 0.5 < results["score"] < 1
    assert any("torch and jax say 2.0" in test["message"] for test in results["tests"])


def test_prairielearn_gives_a_module_that_exits_what_it_got_right(graded_there, right):
    done, results = graded_there(right + EXITS)

    assert 0 == done.returncode, done.stderr
    assert 0 < results["score"] < 1


def test_an_unreadable_module_costs_no_attempt_on_prairielearn(graded_there):
    done, results = graded_there("no python here")

    assert 0 == done.returncode, done.stderr
    assert not results["gradable"]
    assert "line 1 is not Python" in results["format_errors"][0]


def test_our_failure_costs_no_attempt_on_prairielearn(graded_there, right):
    done, results = graded_there(right, settings="[]")

    assert 3 == done.returncode
    assert not results["gradable"]
    assert [runtime.WITHHELD] == results["format_errors"]


def test_the_question_names_the_image_and_an_entrypoint_that_is_there(question):
    info = json.loads((question / "question" / "info.json").read_text(encoding="utf-8"))
    options = info["externalGradingOptions"]

    assert "registry.example/course/adjudge:1" == options["image"]
    assert 180 == options["timeout"]
    assert re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", info["uuid"])
    entrypoint = options["entrypoint"].removeprefix("/grade/")
    assert os.access(question / "question" / entrypoint, os.X_OK)
    assert [bundle.wheel()[0]] == [path.name for path in (question / "image").glob("*.whl")]


# --- GitHub ----------------------------------------------------------------------------------


@pytest.fixture
def pushed(autograder, tmp_path):
    """Grades one module as the workflow does; the interpreter is the one that was installed."""

    def graded(module, *, settings=None):
        repository = tmp_path / "submission"
        done = adjudge("init", "github", "--to", repository, *ONE)
        assert 0 == done.returncode, done.stderr
        (repository / "ag.py").write_text(module, encoding="utf-8")
        if settings is not None:
            (repository / ".github" / "adjudge" / runtime.SETTINGS).write_text(settings)
        (tmp_path / "runner").mkdir()
        (tmp_path / "runner" / "adjudge").symlink_to(autograder / "venv")
        workflow = (repository / ".github" / "workflows" / "classroom.yml").read_text()
        (script,) = re.findall(r"id: adjudge\n +run: '(.*)'\n", workflow)
        told = {name: tmp_path / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        done = shell(["bash", "-e", "-c", script], cwd=tmp_path, RUNNER_TEMP="runner", **told)
        return done, {n: p.read_text(encoding="utf-8") for n, p in told.items() if p.exists()}

    return graded


def obeyed(log):
    """The lines of a log that GitHub's runner takes for commands."""
    token, commands = None, []
    for line in log.splitlines():
        stopped = re.fullmatch("::stop-commands::(.+)", line)
        if token is not None:
            token = None if line == f"::{token}::" else token
        elif stopped:
            token = stopped[1]
        elif line.lstrip().startswith(("::", "##[")):
            commands.append(line)
    assert token is None, "commands stay stopped"
    return commands


def result_of(told):
    (encoded,) = re.findall("^result=(.*)$", told["GITHUB_OUTPUT"], re.MULTILINE)
    return valid(base64.b64decode(encoded), "github_runner.json")


def test_github_is_told_the_points_of_a_right_module(pushed, right):
    done, told = pushed(right)

    assert 0 == done.returncode, done.stdout
    assert "::notice title=Autograding complete::Points 100/100" == obeyed(done.stdout)[0]
    assert 2 == len(obeyed(done.stdout))
    assert "pass" == result_of(told)["status"]
    assert "100 of 100 points" in told["GITHUB_STEP_SUMMARY"]


def test_github_marks_what_is_wrong(pushed, wrong):
    done, told = pushed(wrong)
    first, *_, complete, report = obeyed(done.stdout)

    assert 1 == done.returncode, done.stdout
    line = 1 + next(k for k, code in enumerate(wrong.splitlines()) if "def __mul__" in code)
    assert first.startswith(f"::error file=ag.py,line={line},title=2.B gradient_mul")
    assert "x2.grad is 3.0, but torch and jax say 2.0." in first
    assert complete.startswith("::notice title=Autograding complete::Points ")
    assert report.endswith('"maxPoints":100.0}')
    assert "fail" == result_of(told)["status"]
    assert "print(x2.grad)  # yours: 3.0" in done.stdout


def test_github_is_told_what_a_module_that_exits_got_right(pushed, right):
    done, told = pushed(right + EXITS)
    result = result_of(told)

    assert 1 == done.returncode, done.stdout
    assert 0 < sum(test["score"] for test in result["tests"]) < 100


def test_github_is_told_why_a_module_cannot_be_read(pushed):
    done, told = pushed("no python here")

    assert 1 == done.returncode, done.stdout
    assert "error" == result_of(told)["status"]
    assert "line 1 is not Python" in done.stdout


def test_what_a_module_says_is_no_command_to_github(pushed, right):
    done, _ = pushed(right + COMMANDS)
    commands = obeyed(done.stdout + done.stderr)

    assert "pwned" in done.stdout
    assert {"error", "notice"} == {command[2:].split(" ")[0] for command in commands}
    assert 12 >= len(commands)


def test_our_failure_on_github_gives_no_result(pushed, right):
    done, told = pushed(right, settings="[]")

    assert 3 == done.returncode
    assert [f"::error title=adjudge::{runtime.WITHHELD}"] == obeyed(done.stdout)
    assert {} == told


# --- writing ---------------------------------------------------------------------------------


def test_nothing_that_is_there_is_overwritten(tmp_path):
    workflow = tmp_path / ".github" / "workflows" / "classroom.yml"
    workflow.parent.mkdir(parents=True)
    workflow.write_text("mine")

    with pytest.raises(UsageError, match=r"classroom\.yml: is there already"):
        bundle.github(bundle.Course(LECTURE), tmp_path)
    assert "mine" == workflow.read_text()
    assert [workflow] == [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["moodle", "--to", "x"], 'there is no platform "moodle"'),
        (["github", "--to", "x", "--seed-file", "seed"], "use the public seed there"),
        (["prairielearn", "--to", "x"], "needs the name of an image"),
        (["gradescope", "--to", "x", "--seed-file", "/nowhere/seed"], "no seed can be read"),
        (["gradescope", "--to", "x", "--assignment", "none"], 'there is no assignment "none"'),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(arguments, sentence):
    done = adjudge("init", *arguments)

    assert 2 == done.returncode
    assert sentence in done.stderr
    assert 1 == done.stderr.count("\n")


def test_the_command_that_platforms_run_is_not_in_the_help():
    assert "run-on" not in adjudge("--help").stdout
    assert 0 == adjudge("run-on", "--help").returncode


def test_every_platform_installs_exact_versions_with_hashes_and_nothing_else(tmp_path):
    course = bundle.Course(SCALARS)
    bundle.gradescope(course, tmp_path / "a.zip")
    bundle.github(course, tmp_path / "starter")
    bundle.prairielearn(course, tmp_path / "pl", "registry/image:1")
    unzipped(tmp_path / "a.zip", tmp_path / "gs")
    files = {p for p in tmp_path.rglob("*") if p.is_file() and p.suffix in (".sh", ".yml", "")}
    lines = [line for p in files for line in p.read_text("utf-8", "replace").splitlines()]
    installs = [line for line in lines if "pip install" in line]
    pins = [*tmp_path.rglob("requirements.txt")]

    assert 3 == len(pins)
    assert 6 == len(installs)
    assert [] == [x for x in installs if "--require-hashes" not in x and "--no-index" not in x]
    assert [] == [x for x in lines if re.search(r"uses: \S+@(?![0-9a-f]{40})", x)]
    assert [] == [x for x in lines if re.match(r"FROM (?!\S+@sha256:[0-9a-f]{64})", x)]
    wanted = {
        re.match(r"[\w.-]+", each)[0].lower()
        for each in metadata.requires("adjudge")
        if "extra ==" not in each
    }
    for pin in pins:
        blocks = re.split(r"\n(?=\S)", pin.read_text(encoding="utf-8"))
        packages = [block for block in blocks if not block.startswith("#")]
        assert [] == [b for b in packages if not re.match(r"[\w.-]+==\S+", b) or "--hash" not in b]
        assert wanted <= {block.split("==")[0] for block in packages}


def test_a_library_without_an_exact_version_is_refused(tmp_path):
    (tmp_path / "rubric.toml").write_text('libraries = ["scipy"]\n')
    (tmp_path / "loose.txt").write_text("scipy>=1\n")
    (tmp_path / "exact.txt").write_text("scipy==1.16.0 \\\n    --hash=sha256:00\n")
    course = bundle.Course(SCALARS, rubric_file=tmp_path / "rubric.toml")
    for requirements, says in ((None, "no exact version of scipy"), ("loose.txt", "scipy>=1")):
        given = tmp_path / requirements if requirements else None
        with pytest.raises(UsageError, match=re.escape(says)):
            bundle.github(replace(course, requirements=given), tmp_path / "out")
    bundle.github(replace(course, requirements=tmp_path / "exact.txt"), tmp_path / "out")

    assert "scipy==1.16.0" in (tmp_path / "out/.github/adjudge/requirements.txt").read_text()


@pytest.mark.skipif(
    os.environ.get("ADJUDGE_SLOW") != "1", reason="installs from the network: set ADJUDGE_SLOW=1"
)
def test_the_whole_of_gradescope_with_its_own_environment(tmp_path, right):
    root = tmp_path / "autograder"
    bundle.gradescope(bundle.Course(LECTURE), tmp_path / "autograder.zip")
    built = made_in(root, tmp_path / "autograder.zip", offline=False)
    python = root / "venv" / "bin" / "python"
    torch = shell([str(python), "-c", "import torch"], cwd=root)
    done, results = on_gradescope(root, right)

    assert 0 == built.returncode, built.stderr
    assert "S3" in built.stdout
    assert 1 == torch.returncode, "nothing but the dependencies is installed"
    assert 0 == done.returncode, done.stderr
    assert 200.0 == results["score"]
