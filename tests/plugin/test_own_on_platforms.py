"""An assignment of one's own, packed for each platform and graded there by recorded answers."""

import json
import re
import shutil
import zipfile

import pytest

from harness.classes.platforms import bundle, runtime
from harness.judging.check import find
from harness.oracles import load, recording
from harness.records.errors import OracleError, UsageError
from support.blocks import files_of
from support.commands import adjudge

FILES = files_of("write-an-assignment.md")
WRONG_SAYS = "torch and jax say"


@pytest.fixture(scope="module")
def author(tmp_path_factory):
    """The folder of an author whose key lies beside the assignment, with recorded answers."""
    room = tmp_path_factory.mktemp("author")
    key = FILES["distance.py"].split('KEY = """\n')[1].split('"""')[0]
    beside = FILES["distance.py"].replace(
        f'KEY = """\n{key}"""',
        'from pathlib import Path\n\nKEY = (Path(__file__).parent / "key.py.txt").read_text()',
    )
    beside = beside.replace(
        'name="distance",\n    title', 'name="distance",\n    beside=("key.py.txt",),\n    title'
    )
    (room / "distance.py").write_text(beside)
    (room / "key.py.txt").write_text(key)
    packed = adjudge("record", "--assignment", "distance.py", "--to", ".", cwd=room)
    assert 0 == packed.returncode, packed.stderr
    return room


@pytest.fixture
def no_oracle(monkeypatch):
    """A machine on which neither PyTorch nor JAX can be asked."""

    def none():
        raise OracleError("no oracle is installed")

    monkeypatch.setattr(load, "load", none)


def handed_in(folder, name):
    folder.mkdir(parents=True)
    (folder / "mine.py").write_text(FILES[name])


def course(author, seed_file=None):
    return bundle.Course((str(author / "distance.py"),), seed_file)


def on_gradescope(author, room, name):
    bundle.gradescope(course(author), room / "autograder.zip")
    with zipfile.ZipFile(room / "autograder.zip") as packed:
        packed.extractall(room / "root" / "source")
    handed_in(room / "root" / "submission", name)
    return runtime.run_gradescope(room / "root"), results(room)


def on_prairielearn(author, room, name):
    bundle.prairielearn(course(author), room / "made", "registry.example/course/adjudge:1")
    shutil.copytree(room / "made" / "question" / "tests", room / "root" / "tests")
    handed_in(room / "root" / "student", name)
    return runtime.run_prairielearn(room / "root"), results(room)


def results(room):
    return json.loads((room / "root" / "results" / "results.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("platform", "name", "score"),
    [
        (on_gradescope, "right.py", 10),
        (on_gradescope, "squared.py", 0),
        (on_prairielearn, "right.py", 1),
        (on_prairielearn, "squared.py", 0),
    ],
)
def test_a_platform_grades_an_own_assignment(author, no_oracle, tmp_path, platform, name, score):
    code, told = platform(author, tmp_path, name)

    assert runtime.GRADED == code
    assert score == told["score"]
    assert (score == 0) is (WRONG_SAYS in str(told))


@pytest.mark.parametrize(
    ("handed", "code"), [("right.py", runtime.GRADED), ("squared.py", runtime.BROKEN)]
)
def test_github_grades_an_own_assignment(author, no_oracle, tmp_path, capfd, handed, code):
    bundle.github(course(author), tmp_path / "repository")
    (tmp_path / "repository" / "mine.py").write_text(FILES[handed])

    assert code == runtime.run_github(tmp_path / "repository", environment={})
    told = capfd.readouterr().out
    assert (code == runtime.BROKEN) is ("::error file=mine.py,line=1,title=1 distance" in told)
    assert (code == runtime.BROKEN) is (WRONG_SAYS in told)


def test_a_secret_seed_takes_its_answers_along(author, tmp_path):
    (tmp_path / "seed.txt").write_text("a secret of ours")
    bundle.gradescope(course(author, tmp_path / "seed.txt"), tmp_path / "autograder.zip")
    with zipfile.ZipFile(tmp_path / "autograder.zip") as packed:
        inside = set(packed.namelist())

    assert {"distance.py", "key.py.txt", "distance.answers", "seed.txt"} < inside
    assert "distance-577.answers" not in inside


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('    beside=("key.py.txt",),\n', "", "cannot be read without what lies beside it"),
        ("key.py.txt", "key.txt", 'there is no "key.txt" beside it'),
        ('("key.py.txt",)', '("../author/key.py.txt",)', 'there is no "../author/key.py.txt"'),
    ],
)
def test_a_file_that_cannot_travel_is_refused_before_anything_is_written(
    author, tmp_path, old, new, why
):
    text = (author / "distance.py").read_text()
    room = tmp_path / "author"
    room.mkdir()
    (room / "key.py.txt").write_text((author / "key.py.txt").read_text())
    at = text.index(old) if old.startswith(" ") else text.index(old, text.index("beside="))
    (room / "distance.py").write_text(text[:at] + new + text[at + len(old) :])

    with pytest.raises(UsageError, match=re.escape(why)):
        bundle.github(course(room), tmp_path / "made")
    assert not (tmp_path / "made").exists()


def test_answers_are_recorded_beside_the_file_and_found_there(author, no_oracle):
    assignment = find(str(author / "distance.py"))

    assert author / "distance-577.answers" == recording.shipped(assignment, "577")
    assert ("torch", "jax") == recording.read(
        author / "distance-577.answers", assignment, "577"
    ).names


def test_check_goes_by_the_answers_in_a_file(author, tmp_path):
    for name in ("distance.py", "key.py.txt"):
        shutil.copy(author / name, tmp_path)
    (tmp_path / "squared.py").write_text(FILES["squared.py"])
    words = ("check", "squared.py", "--assignment", "distance.py", "--answers")
    (tmp_path / "none.answers").write_bytes(b"no answers")
    shutil.copy(author / "distance-577.answers", tmp_path / "of_the_course.answers")
    good = adjudge(*words, "of_the_course.answers", cwd=tmp_path)
    bad = adjudge(*words, "none.answers", cwd=tmp_path)
    other = adjudge(*words, "of_the_course.answers", "--seed", "578", cwd=tmp_path)

    assert (1, True) == (good.returncode, WRONG_SAYS in " ".join(good.stdout.split())), good
    assert (2, 1, True) == (bad.returncode, bad.stderr.count("\n"), "are damaged" in bad.stderr)
    assert (2, True) == (other.returncode, "are for another seed" in other.stderr), other


def test_doctor_and_rubric_take_the_file_and_say_which_need_is_left_out(author):
    text = files_of("array-functions.md")["softmax.py"]
    (author / "softmax.py").write_text(text.replace(', ("rows",)', ""))
    doctor = adjudge("doctor", "--assignment", "softmax.py", cwd=author)
    rubric = adjudge("rubric", "show", "--assignment", "distance.py", cwd=author)

    assert (0, True) == (doctor.returncode, "graded code may import" in doctor.stdout)
    assert 'the check "gradient" use softmax, but it does not need "rows"' in doctor.stdout
    assert (0, True) == (rubric.returncode, "distance" in rubric.stdout), rubric
