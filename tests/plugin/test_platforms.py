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
from support.commands import adjudge
from support.long import sample

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


UNREADABLE = "no python here"


@pytest.fixture(scope="module")
def right(answer_key):
    return answer_key.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def wrong(specimens):
    return (specimens / "mul_swapped" / "ag.py").read_text(encoding="utf-8")


@pytest.fixture
def module(request, right, wrong):
    """A module by what is right about it."""
    texts = {"right": right, "wrong": wrong, "exits": right + EXITS, "unreadable": UNREADABLE}
    return texts[request.param]


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
def uploaded(tmp_path_factory):
    """What `init` writes for Gradescope."""
    to = tmp_path_factory.mktemp("gradescope") / "autograder.zip"
    done = adjudge("init", "gradescope", "--to", to)
    assert 0 == done.returncode, done.stderr
    assert "Autograder Points 200." in done.stdout
    return to


@pytest.fixture(scope="module")
def autograder(uploaded):
    """Gradescope's folder, built from the zip; the dependencies are those of this environment."""
    root = uploaded.with_name("autograder")
    built = made_in(root, uploaded, PIP_NO_DEPS=1, PIP_NO_INDEX=1)
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


def told_in(root, platform="gradescope"):
    """The results that were written, which are as the platform's schema has them."""
    text = (root / "results" / "results.json").read_text(encoding="utf-8")
    return valid(text, f"{platform}.json")


def on_gradescope(root, module):
    handed_in(root / "submission", module)
    done = shell([str(root / "run_autograder")], cwd=root, AUTOGRADER_ROOT=root)
    return done, told_in(root)


# --- Gradescope ------------------------------------------------------------------------------


@pytest.mark.long
def test_what_runs_on_gradescope_is_what_was_in_the_zip(autograder):
    python = autograder / "venv" / "bin" / "python"
    done = shell([str(python), "-c", "import harness; print(harness.__file__)"], cwd=autograder)

    assert done.stdout.startswith(str(autograder / "venv")), done.stderr


@pytest.mark.long
def test_gradescope_gives_a_right_module_every_point(autograder, right):
    done, results = on_gradescope(autograder, right)

    assert 0 == done.returncode, done.stderr
    assert 200.0 == results["score"]
    assert {"passed"} == {test["status"] for test in results["tests"]}


@pytest.mark.parametrize(
    ("module", "says"),
    sample(2, [("wrong", "x2.grad is 3.0, but"), ("exits", "with exit code 0")]),
    indirect=["module"],
)
def test_gradescope_takes_points_from_a_module_for_what_is_wrong(secret, module, says):
    handed_in(secret / "submission", module)
    code, results = runtime.run_gradescope(secret), told_in(secret)
    failed = [test for test in results["tests"] if test["status"] == "failed"]

    assert 0 == code
    assert {"passed", "failed"} == {test["status"] for test in results["tests"]}
    assert 0 < results["score"] <= 100.0 - failed[0]["max_score"]
    assert any(says in test["output"] for test in failed)


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        (UNREADABLE, "ag.py", "line 1 is not Python"),
        ("notes", "notes.txt", "has no module to grade"),
    ],
)
def test_gradescope_is_told_why_an_upload_cannot_be_read(tmp_path, secret, text, name, says):
    handed_in(secret / "submission", text, name)

    assert 0 == runtime.run_gradescope(secret)
    assert 0.0 == told_in(secret)["score"]
    assert says in told_in(secret)["output"]


@pytest.mark.long
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


@pytest.mark.long
def test_gradescope_has_results_where_adjudge_was_killed(autograder, right):
    command = autograder / "venv" / "bin" / "adjudge"
    kept = command.read_bytes()
    command.write_text("#!/bin/sh\nkill -9 $$\n")
    done, results = on_gradescope(autograder, right)
    command.write_bytes(kept)

    assert 128 + 9 == done.returncode
    assert results["output"] == runtime.WITHHELD


def test_a_zip_of_the_same_content_has_the_same_bytes(uploaded, tmp_path):
    (bundle.TEMPLATES / "gradescope" / "setup.sh").touch()
    again = bundle.gradescope(bundle.Course(LECTURE), tmp_path / "again.zip")

    assert uploaded.read_bytes() == again.read_bytes()


def test_the_scripts_of_the_zip_may_be_executed(uploaded):
    with zipfile.ZipFile(uploaded) as packed:
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

    assert 0 == runtime.run_gradescope(secret)
    assert 100.0 == told_in(secret)["score"]
    assert SECRET not in (secret / "results" / "results.json").read_text(encoding="utf-8")


SETTINGS = '{"assignments": ["scalar_autograd"], "min_isolation": "S3"}'


@pytest.mark.parametrize(
    ("skip", "file", "text", "says"),
    [
        (("landlock", "uid"), "", "", "a submission could read the seed or write its own score"),
        (("seccomp",), runtime.SETTINGS, SETTINGS, "and S3 is asked for"),
        ((), runtime.SEED, "another", "scalar_autograd.answers are for another seed"),
    ],
    ids=["the seed is in reach", "more isolation is asked for", "answers of another seed"],
)
def test_where_something_of_ours_is_wrong_there_is_no_score(
    secret, right, capsys, skip, file, text, says
):
    handed_in(secret / "submission", right)
    if file:
        (secret / "source" / file).write_text(text)
    with Launcher(skip=skip) as launcher:
        code = runtime.run_gradescope(secret, launcher)

    assert 3 == code
    assert "score" not in told_in(secret)
    assert says in capsys.readouterr().err


def test_that_module_would_find_the_seed_were_nothing_in_its_way(secret, right, monkeypatch):
    handed_in(secret / "submission", right + read_by_the_student(secret))
    monkeypatch.setattr(runtime, "_need_wall", lambda layers: None)
    with Launcher(skip=("landlock", "uid")) as launcher:
        runtime.run_gradescope(secret, launcher)

    assert 0.0 == told_in(secret)["score"]


def test_damaged_recordings_are_refused_before_anything_is_written(seed_file, tmp_path):
    here = Path(shutil.copytree(seed_file.parent, tmp_path / "secret"))
    path = here / recording.shipped(find("scalar_autograd"), SECRET).name
    path.write_bytes(path.read_bytes()[:-1])

    with pytest.raises(RecordingError, match="are damaged"):
        bundle.gradescope(bundle.Course(SCALARS, here / "seed"), tmp_path / "a.zip")
    assert not (tmp_path / "a.zip").exists()


MORNING, DUE = "2026-11-02T10:00:00-05:00", "2026-11-02T23:59:00-05:00"
AFTER = "2026-11-03T06:00:00+01:00"
"""A minute after it, by a clock of another zone."""


@pytest.mark.parametrize(
    ("created", "due", "own", "late"),
    [
        (MORNING, DUE, {}, False),
        (AFTER, DUE, {}, True),
        (AFTER, DUE, {"due_date": "2026-11-04T23:59:00-05:00"}, False),
        ("yesterday", DUE, {}, False),
        (MORNING, None, {}, False),
    ],
)
def test_lateness_is_told_by_the_dates_of_gradescope(created, due, own, late, secret):
    told = {
        "id": 123,
        "created_at": created,
        "assignment": {"due_date": due, "title": "HW3", "total_points": "200.0"},
        "users": [{"email": "ada@uni.example", "id": 4711, "name": "Ada", "assignment": own}],
        "previous_submissions": [],
    }
    handed_in(secret / "submission", "")
    (secret / "submission_metadata.json").write_text(json.dumps(told))

    assert 0 == runtime.run_gradescope(secret)
    assert late == ("Handed in late." in told_in(secret)["output"])


# --- the rubric ------------------------------------------------------------------------------

RUBRIC = """
feedback = "sentence"

[scalar_autograd]
hidden = ["gradient_mul"]
total = 50
"""


@pytest.mark.long
def test_a_rubric_holds_inside_the_platform(tmp_path, wrong, right):
    (tmp_path / "mine.toml").write_text(RUBRIC)
    root = tmp_path / "autograder"
    bundle.gradescope(
        bundle.Course(SCALARS, rubric_file=tmp_path / "mine.toml"), tmp_path / "a.zip"
    )
    unzipped(tmp_path / "a.zip", root / "source")
    told, codes = [], []
    for text in (right, wrong):
        handed_in(root / "submission", text)
        codes.append(runtime.run_gradescope(root))
        told.append(told_in(root))
    full, less = told
    (failed,) = (test for test in less["tests"] if test["status"] == "failed")

    assert [0, 0] == codes
    assert 50.0 == full["score"] == bundle.points(SCALARS, tmp_path / "mine.toml")
    assert "gradient_mul" in failed["name"]
    assert failed["output"].startswith("Hidden check: ")
    assert "x2.grad" not in json.dumps(less)


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
def graded_there(question, request, tmp_path):
    """Grades one module as PrairieLearn does; the image is stood in for by the environment."""

    def graded(module, *, settings=None, script=False):
        root = tmp_path / "grade"
        shutil.copytree(question / "question" / "tests", root / "tests")
        if settings is not None:
            (root / "tests" / runtime.SETTINGS).write_text(settings)
        handed_in(root / "student", module)
        if not script:
            return runtime.run_prairielearn(root), told_in(root, "prairielearn")
        (root / "data").mkdir()
        (root / "data" / "data.json").write_text("{}")
        venv = request.getfixturevalue("autograder") / "venv"
        path = os.pathsep.join([str(venv / "bin"), os.environ["PATH"]])
        command = [str(root / "tests" / "entrypoint.sh")]
        done = shell(command, cwd="/", GRADE_ROOT=root, PATH=path)
        return done.returncode, told_in(root, "prairielearn")

    return graded


@pytest.mark.parametrize(
    ("module", "script", "least", "most", "says"),
    [
        ("right", False, 1, 1, ""),
        ("wrong", False, 0.5, 1, "torch and jax say 2.0"),
        pytest.param("right", True, 1, 1, "", marks=pytest.mark.long),
        pytest.param("exits", False, 0, 1, "", marks=pytest.mark.long),
    ],
    indirect=["module"],
)
def test_prairielearn_gives_a_module_what_it_got_right(
    graded_there, module, script, least, most, says
):
    code, results = graded_there(module, script=script)

    assert 0 == code
    assert results["gradable"]
    assert least < results["score"] < most or least == results["score"] == most
    assert any(says in test["message"] for test in results["tests"])


@pytest.mark.parametrize(
    ("module", "settings", "code", "says"),
    [
        ("unreadable", None, 0, "line 1 is not Python"),
        pytest.param("right", "[]", 3, runtime.WITHHELD, marks=pytest.mark.long),
    ],
    indirect=["module"],
    ids=["an unreadable module", "our failure"],
)
def test_what_is_not_graded_costs_no_attempt_on_prairielearn(
    graded_there, module, settings, code, says
):
    ended, results = graded_there(module, settings=settings, script=code != 0)

    assert code == ended
    assert not results["gradable"]
    assert says in results["format_errors"][0]
    assert 1 == len(results["format_errors"])


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
def pushed(request, tmp_path, capfd):
    """Grades one module as the workflow does; the interpreter is the one that was installed.

    Where the script is not what is tested, the function that it runs is called here.
    """

    def graded(module, *, settings=None, script=False):
        repository = tmp_path / "submission"
        bundle.github(bundle.Course(SCALARS), repository)
        (repository / "ag.py").write_text(module, encoding="utf-8")
        if settings is not None:
            (repository / ".github" / "adjudge" / runtime.SETTINGS).write_text(settings)
        told = {n: str(tmp_path / n) for n in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        if script:
            (tmp_path / "runner").mkdir()
            venv = request.getfixturevalue("autograder") / "venv"
            (tmp_path / "runner" / "adjudge").symlink_to(venv)
            workflow = (repository / ".github" / "workflows" / "classroom.yml").read_text()
            (line,) = re.findall(r"id: adjudge\n +run: '(.*)'\n", workflow)
            done = shell(["bash", "-e", "-c", line], cwd=tmp_path, RUNNER_TEMP="runner", **told)
            code, said = done.returncode, done.stdout
        else:
            code = runtime.run_github(repository, environment=told)
            said = "".join(capfd.readouterr())
        files = {name: Path(path) for name, path in told.items() if Path(path).exists()}
        return code, said, {name: path.read_text("utf-8") for name, path in files.items()}

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


@pytest.mark.parametrize("script", sample(2, [False, True]))
def test_github_is_told_the_points_of_a_right_module(pushed, right, script):
    code, said, told = pushed(right, script=script)

    assert 0 == code, said
    assert "::notice title=Autograding complete::Points 100/100" == obeyed(said)[0]
    assert 2 == len(obeyed(said))
    assert "pass" == result_of(told)["status"]
    assert "100 of 100 points" in told["GITHUB_STEP_SUMMARY"]


def test_github_marks_what_is_wrong(pushed, wrong):
    code, said, told = pushed(wrong)
    first, *_, complete, report = obeyed(said)

    assert 1 == code, said
    line = 1 + next(k for k, code in enumerate(wrong.splitlines()) if "def __mul__" in code)
    assert first.startswith(f"::error file=ag.py,line={line},title=2.B gradient_mul")
    assert "x2.grad is 3.0, but torch and jax say 2.0." in first
    assert complete.startswith("::notice title=Autograding complete::Points ")
    assert report.endswith('"maxPoints":100.0}')
    assert "fail" == result_of(told)["status"]
    assert "print(x2.grad)  # yours: 3.0" in said


@pytest.mark.long
def test_github_is_told_what_a_module_that_exits_got_right(pushed, right):
    code, said, told = pushed(right + EXITS)

    assert 1 == code, said
    assert 0 < sum(test["score"] for test in result_of(told)["tests"]) < 100


@pytest.mark.long
def test_github_is_told_why_a_module_cannot_be_read(pushed):
    code, said, told = pushed(UNREADABLE, script=True)

    assert 1 == code, said
    assert "error" == result_of(told)["status"]
    assert "line 1 is not Python" in said


def test_what_a_module_says_is_no_command_to_github(pushed, right):
    _, said, _ = pushed(right + COMMANDS)

    assert "pwned" in said
    assert {"error", "notice"} == {command[2:].split(" ")[0] for command in obeyed(said)}
    assert 12 >= len(obeyed(said))


@pytest.mark.long
def test_our_failure_on_github_gives_no_result(pushed, right):
    code, said, told = pushed(right, settings="[]", script=True)

    assert 3 == code
    assert [f"::error title=adjudge::{runtime.WITHHELD}"] == obeyed(said)
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


@pytest.mark.long
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
