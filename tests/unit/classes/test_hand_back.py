"""What goes back to students is what the platforms take, and says whose it is.

The readers follow Moodle's mod/assign/feedback/file/importziplib.php and Canvas's
Assignment#infer_comment_context_from_filename.
"""

import json
import zipfile

import pytest

from support.small_class import exported, graded, refused, results_of

CODE = "class ag:\n    class Scalar:\n        def __mul__(self, other):\n            return 1\n"
HALF = graded("gradient_add")
CANVAS_ROSTER = "Student,ID,Section\n" + "".join(
    f'"{name}",{number},A\n' for name, number in (("Lovelace, Ada", 41), ("Babbage, Bob", 42))
)
CANVAS = {"lovelaceada_41_901_ag.py": CODE, "babbagebob_LATE_42_902_hw.ipynb": "{}"}
MOODLE_ROSTER = (
    "Identifier,Full name,Email address\n"
    "Participant 101,Ada_von Lovelace,a@b\nParticipant 102,Bob Babbage,b@b\n"
)
MOODLE = {
    "Ada_von Lovelace_101_assignsubmission_file_/ag.py": CODE,
    "Bob Babbage_102_assignsubmission_file_/ag.py": CODE,
}


def packed(results, form):
    """The files of the archive that goes back."""
    place = results.with_suffix(".zip")
    exported(results, form, "--to", place)
    with zipfile.ZipFile(place) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def moodle_reads(files, participants):
    """Whose each file is: the second part of a path's part that has at least four."""
    found = {}
    for name, content in files.items():
        for part in name.split("/"):
            info = part.split("_", 4)
            if len(info) >= 4 and info[1] in participants and info[2] == "assignfeedback":
                found[info[1]] = content
                break
    return found


def canvas_reads(files, attachments):
    """Whose each file is: the first two whole numbers between underscores, user and attachment."""
    found = {}
    for name, content in files.items():
        user, attachment = [part for part in name.split("_") if part.isdigit()][:2]
        if attachments.get(attachment) == user:
            found[user] = content
    return found


def test_moodle_takes_the_pages_of_its_feedback_zip(tmp_path):
    results = results_of(tmp_path, MOODLE, MOODLE_ROSTER, grades={"Participant 101": HALF})
    pages = moodle_reads(packed(results, "moodle-feedback"), {"101", "102"})

    assert {"101", "102"} == set(pages)
    assert "Ada_von Lovelace" in pages["101"]
    assert "Bob Babbage" in pages["102"]


def test_canvas_takes_comments_in_the_form_of_the_students_own_file(tmp_path):
    results = results_of(tmp_path, CANVAS, CANVAS_ROSTER, grades={"41": HALF, "42": HALF})
    comments = canvas_reads(packed(results, "canvas-comments"), {"901": "41", "902": "42"})

    assert {"41", "42"} == set(comments)
    compile(comments["41"], "ag.py", "exec")
    assert "points." in comments["41"].splitlines()[0]


def test_a_notebook_gets_its_report_as_a_notebook(tmp_path):
    notebook = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    results = results_of(tmp_path, {"lovelaceada_41_901_hw.ipynb": notebook}, CANVAS_ROSTER)
    (content,) = packed(results, "canvas-comments").values()

    assert "points." in json.loads(content)["cells"][0]["source"]


def test_each_student_gets_a_folder(tmp_path):
    results = results_of(tmp_path, MOODLE, MOODLE_ROSTER, grades={"Participant 101": HALF})
    exported(results, "folders", "--to", tmp_path / "out")

    assert 2 == len(list((tmp_path / "out").glob("*/feedback.html")))
    assert 2 == len(list((tmp_path / "out").glob("*/feedback.txt")))


@pytest.mark.parametrize("form", ["moodle-feedback", "canvas-comments"])
def test_who_is_not_of_that_platform_is_refused(tmp_path, form):
    results = results_of(tmp_path, {"ada.py": CODE}, "key,name\nada,Ada\n")

    assert refused("export", results, "--format", form, "--to", tmp_path / "out.zip")
    assert not (tmp_path / "out.zip").exists()


@pytest.mark.parametrize("depth", ["none", "exercise", "sentence", "program"])
def test_no_form_tells_more_than_the_rubrics_feedback(tmp_path, depth):
    text = f'feedback = "{depth}"\n[scalar_autograd.visibility]\norder_random = "never"\n'
    results = results_of(tmp_path, CANVAS, CANVAS_ROSTER, grades={"41": HALF}, rubric=text)
    exported(results, "folders", "--to", tmp_path / "out")
    exported(results, "prairielearn", "--to", tmp_path / "out" / "pl")
    told = "".join(p.read_text() for p in (tmp_path / "out").rglob("*.*") if "41" in str(p))
    told += exported(results, "moodle")

    assert ("gradient_mul" in told) == (depth in ("sentence", "program"))
    assert ("2.B" in told) == (depth != "none")
    assert "order_random" not in told


def test_gradescope_is_told_when_a_student_may_see_a_test(tmp_path):
    words = {"order_random": "after_due", "order_deep": "after_published", "gradient_mul": "never"}
    table = "".join(f'{name} = "{word}"\n' for name, word in words.items())
    rubric = f"[scalar_autograd.visibility]\n{table}"
    results = results_of(tmp_path, CANVAS, CANVAS_ROSTER, rubric=rubric)
    exported(results, "gradescope", "--to", tmp_path / "out")
    tests = json.loads((tmp_path / "out" / "41.json").read_text())["tests"]
    seen = {test["name"].split()[1].rstrip(":"): test["visibility"] for test in tests}

    assert {
        "order_random": "after_due_date",
        "order_deep": "after_published",
        "gradient_mul": "hidden",
    } == {name: term for name, term in seen.items() if term != "visible"}
