"""A class from its archive to its gradebook, by the commands that an instructor types."""

import csv
import io
import json
import re
import shutil
import sqlite3

import pytest

from support.class_runs import FEW, LAB, exported, few, off
from support.commands import LEVEL, SECRET, adjudge, adjudge_alone

ASSIGNMENTS = {"scalar_autograd", "mlp_training"}


def told_of(results):
    """What the export says of each, by the key."""
    lines = [json.loads(line) for line in exported(results).splitlines()]
    return {line["person"]["key"]: line for line in lines}


def grade(handed_in, results, *more, **where):
    words = (handed_in / "submissions.zip", "-o", results, "--roster", handed_in / "roster.csv")
    return adjudge("grade", *words, *more, **where)


def test_everybody_is_told_of_once(graded):
    results, said = graded
    told = csv.DictReader(io.StringIO(exported(results, "csv")))

    assert [str(key) for key in range(101, 109)] == sorted(row["key"] for row in told)
    assert "judged by" in said
    assert "The seed is public: a submission that has learnt its answers by heart passes." in said
    assert f"isolation {LEVEL}" in said
    lines = [" ".join(line.split()) for line in said.splitlines()]
    assert [line for line in lines if line.startswith("unreadable 107 Gus, Gus")]
    assert "absent 108 Hal, Hal" in lines
    assert "`relu`" in said


def test_nobody_is_lost_to_the_one_who_ends_his_process(graded):
    told = told_of(graded[0])
    points = {key: [g["points"] for g in told[key]["grades"]] for key in ("101", "106", "107")}

    assert {"101": [100.0, 100.0], "106": [0.0, 0.0], "107": [0.0, 0.0]} == points


def test_the_late_are_told_and_lose_nothing_by_it(graded):
    assert ["102"] == [key for key, line in told_of(graded[0]).items() if line["late"]]


def test_a_gradebook_runs_no_formula(graded):
    for form in ("csv", "canvas"):
        for row in csv.reader(io.StringIO(exported(graded[0], form))):
            assert not [
                cell
                for cell in row
                if cell.lstrip(" '\"").startswith(("=", "+", "@")) and not cell.startswith("'")
            ]


def test_a_second_run_grades_nothing_anew_and_changes_nothing(graded, handed_in):
    results, _ = graded
    before = exported(results)
    again = grade(handed_in, results, "--jobs", "1")

    assert 0 == again.returncode
    assert before == exported(results)
    assert " of 7:" not in again.stdout


def test_another_rubric_runs_nothing_and_compare_says_who_changed(graded, tmp_path):
    strict = tmp_path / "strict.db"
    shutil.copy(graded[0], strict)
    done = adjudge("regrade", strict, "--strict")
    told = adjudge("compare", graded[0], strict).stdout

    assert 0 == done.returncode
    assert "7 of 8 are graded" in done.stdout
    assert "Cyc, Cyc" in told
    assert "rubric -" in told
    assert "Ada, Ada" not in told
    assert "0 changed" in adjudge("compare", graded[0], graded[0]).stdout


def test_one_student_can_be_shown_with_the_graph_of_what_failed(graded):
    told = adjudge("show", graded[0], "103").stdout

    assert "Cyc, Cyc: 195/200" in told
    assert "gradient_add" in told
    assert "`__add__` overwrites the gradient" in told
    assert "The graph of this program" in told
    assert "differs first" in " ".join(told.split())


@pytest.fixture(scope="module")
def site(graded, tmp_path_factory):
    """The pages of the class, and what the command that wrote them did."""
    room = tmp_path_factory.mktemp("site")
    return room, adjudge_alone("report", graded[0], "-o", room, "--jobs", "2")


def test_a_class_becomes_pages_that_link_to_each_other(site):
    room, done = site
    index = (room / "index.html").read_text(encoding="utf-8")
    links = set(re.findall(r'href="(students/[^"]+)"', index))
    pages = {f"students/{path.name}" for path in (room / "students").iterdir()}

    assert (0, "") == (done.returncode, done.stderr)
    assert "with 7 pages of students" in done.stdout
    assert links == pages
    assert "108" in index  # who handed in nothing is in the class and has no page
    for page in pages:
        assert (room / page).stat().st_size < 500_000


def test_the_same_results_give_the_same_pages_whatever_the_processes(graded, site, tmp_path):
    adjudge("report", graded[0], "-o", tmp_path, "--jobs", "1")
    one, two = (
        {str(p.relative_to(room)): p.read_bytes() for p in room.rglob("*.html")}
        for room in (tmp_path, site[0])
    )

    assert 9 == len(one)
    assert one == two


@pytest.mark.parametrize("who", ["nobody", "a"])
def test_a_student_who_is_not_one_is_not_shown(graded, who):
    done = adjudge("show", graded[0], who)

    assert 2 == done.returncode
    assert 1 == len(done.stderr.splitlines())


@pytest.mark.long
def test_a_secret_seed_makes_other_programs_and_never_reaches_a_student(handed_in, tmp_path):
    results, secret = tmp_path / "secret.db", tmp_path / "seed"
    secret.write_text(SECRET)
    some = ("--only", "102", "--jobs", "1", *few("gradient_mul"))
    done = grade(handed_in, results, *some, "--seed-file", secret, without=["jax"])
    to = tmp_path / "out"
    adjudge("export", results, "--format", "gradescope", "--to", to)

    assert 0 == done.returncode, done.stderr
    assert "The seed is public" not in done.stdout
    assert [] == [p for p in to.iterdir() if "a secret" in p.read_text(encoding="utf-8")]
    assert "a secret" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere.zip", "-o", "r.db"], "nowhere.zip"),
        (["submissions.zip", "-o", "nowhere/r.db"], "cannot be read or written"),
        (["submissions.zip", "-o", "r.db", "--only", "999"], 'nobody in this class is "999"'),
        (["submissions.zip", "-o", "r.db", "--seed-file", "none"], "no seed can be read"),
        (["submissions.zip", "-o", "r.db", "--adjustments", "by.csv"], "has no column 'by'"),
    ],
)
def test_bad_usage_gets_one_sentence(handed_in, tmp_path, arguments, says):
    (tmp_path / "submissions.zip").write_bytes((handed_in / "submissions.zip").read_bytes())
    (tmp_path / "by.csv").write_text("key,points,reason\n102,1,x\n")
    done = adjudge("grade", *arguments, cwd=tmp_path)

    assert (2, 1) == (done.returncode, len(done.stderr.splitlines())), done.stderr
    assert says in done.stderr


SCALARS = LAB[:2]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(
            [*LAB, "--seed-file", "seed"], "made with another seed", marks=pytest.mark.long
        ),
        ([*SCALARS, "--rubric", "fewer.toml"], "made with another rubric"),
        ([*SCALARS, "--rubric", "points.toml"], "made with another rubric"),
        ([*LAB, "--strict"], "made with another --strict"),
        (["--assignment", "mlp_training"], "made with another assignment"),
    ],
)
def test_two_kinds_of_grades_never_stand_in_one_file(
    graded_lab, handed_in, tmp_path, arguments, says
):
    shutil.copy(graded_lab, tmp_path / "r.db")
    (tmp_path / "seed").write_text(SECRET)
    (tmp_path / "fewer.toml").write_text(off(*FEW[1:]))
    (tmp_path / "points.toml").write_text(off(*FEW) + "relu_values = 1\n")
    done = grade(handed_in, "r.db", "--only", "gus", *arguments, cwd=tmp_path, without=["jax"])

    assert (2, True) == (done.returncode, says in done.stderr), done.stderr
    assert exported(graded_lab) == exported(tmp_path / "r.db")


def test_the_results_hold_no_half_file(graded):
    base = sqlite3.connect(graded[0])
    assert [("ok",)] == base.execute("PRAGMA integrity_check").fetchall()
    base.close()
