"""Exports of Canvas and Moodle go in, and grades come out as their own importers read them.

The readers here follow Canvas's lib/gradebook_importer.rb and Moodle's mod/assign/feedback/offline.
"""

import csv
import io
import re

import pytest

from support.commands import adjudge
from support.small_class import graded, results_of

CODE = "class ag:\n    x = 1\n"
WHOLE = 100.0
"""The points of the assignment."""
HALF = graded("gradient_mul", "gradient_add")


def canvas_reads(text, header):
    """What Canvas takes from a file: by the ID of each student, the score in the named column.

    The first column holds Student, the second ID, the last of a student's own Section; a row whose
    first cell has "Points Possible" sets points.
    """
    rows = list(csv.reader(io.StringIO(text)))
    names = rows[0]
    assert "Student" in names[0]
    assert "ID" in names[1]
    assert names.index(header) > names.index("Section")
    at, possible, scores = names.index(header), None, {}
    for row in rows[1:]:
        if "Points Possible" in row[0]:
            possible = float(row[at])
        else:
            scores[row[1]] = float(row[at])
    return possible, scores


def moodle_reads(text, downloaded):
    """What Moodle takes from a worksheet: by participant, the grade and the comment.

    A row counts for a participant of the assignment alone, and only where nobody has graded since
    the worksheet was downloaded.
    """
    was = {row["Identifier"]: row for row in csv.DictReader(io.StringIO(downloaded))}
    now = list(csv.DictReader(io.StringIO(text)))
    taken = {}
    for row in now:
        number = row["Identifier"][len("Participant ") :]
        same = row["Last modified (grade)"] == was[row["Identifier"]]["Last modified (grade)"]
        if number.isdigit() and same and row["Grade"] not in ("", "-"):
            taken[number] = (float(row["Grade"]), row["Feedback comments"])
    assert list(was) == [row["Identifier"] for row in now]
    return taken


# --- Canvas ---------------------------------------------------------------------------------

CANVAS_FILES = {
    "lovelaceada_4711_901_ag.py": CODE,
    "babbagecharles_LATE_4712_902_ag-1.py": CODE,
}
PEOPLE = (
    ("Lovelace, Ada", "4711", "u0815", "ada", "DL-01"),
    ("Babbage, Charles", "4712", "u0816", "cbab", "DL-01"),
    ("Somerville, Mary", "4713", "u0817", "msom", "DL-02"),
    ("Student, Test", "4799", "", "f00dfeed", "DL-01"),
)


def roster(columns, possible, *, separator=","):
    """Canvas's gradebook with the named columns of a student and one column of an assignment."""
    known = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
    out = io.StringIO()
    write = csv.writer(out, delimiter=separator).writerow
    write([*columns, "HW3 (99)", "Final Score"])
    cells = {known[0]: "    Points Possible"}
    write([*(cells.get(name, "") for name in columns), possible, "(read only)"])
    for person in PEOPLE:
        own = dict(zip(known, person, strict=True))
        write([*(own.get(name, "") for name in columns), "", ""])
    return out.getvalue()


CANVAS = {
    "whole": roster(("Student", "ID", "SIS User ID", "SIS Login ID", "Section"), "100.00"),
    "without SIS": roster(("Student", "ID", "Section"), "100.00"),
    "semicolons": roster(("Student", "ID", "SIS Login ID", "Section"), "100,00", separator=";"),
}


@pytest.mark.parametrize("layout", CANVAS)
def test_canvas_takes_back_what_it_exported(tmp_path, layout):
    results = results_of(tmp_path, CANVAS_FILES, CANVAS[layout], grades={"4712": HALF})
    done = adjudge("export", results, "--format", "canvas")
    possible, scores = canvas_reads(done.stdout, "HW3 (99)")

    assert (0, WHOLE) == (done.returncode, possible)
    assert {"4711": WHOLE, "4712": HALF.points} == scores


def test_points_that_are_not_canvass_are_refused_until_they_are_brought_to_them(tmp_path):
    text = CANVAS["whole"].replace("100.00", "10.00")
    results = results_of(tmp_path, CANVAS_FILES, text, grades={"4712": HALF})
    refused = adjudge("export", results, "--format", "canvas")
    done = adjudge("export", results, "--format", "canvas", "--out-of", "10")

    assert 2 == refused.returncode
    assert "10 points, and these results have 100; bring" in refused.stderr
    assert (10.0, {"4711": 10.0, "4712": round(HALF.points / 10, 2)}) == canvas_reads(
        done.stdout, "HW3 (99)"
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--column", "HW3 (98)"], "the roster has no column 'HW3 (98)'; did you mean 'HW3 (99)'?"),
        (["--column", "Autodiff"], "the roster has no column 'Autodiff'; there are 'HW3 (99)'"),
    ],
)
def test_a_column_that_the_roster_does_not_have_is_refused(tmp_path, arguments, says):
    results = results_of(tmp_path, CANVAS_FILES, CANVAS["whole"])
    refused = adjudge("export", results, "--format", "canvas", *arguments)

    assert (2, True) == (refused.returncode, says in refused.stderr), refused.stderr
    assert 0 == adjudge("export", results, "--format", "canvas", *arguments, "--new").returncode


def test_a_test_student_is_no_absentee(tmp_path):
    results = results_of(tmp_path, CANVAS_FILES, CANVAS["whole"])
    shown = adjudge("export", results, "--format", "csv").stdout

    assert "Somerville" in shown
    assert "Student, Test" not in shown


def test_what_one_of_a_canvas_group_hands_in_is_everybodys_in_it(tmp_path):
    groups = "name,canvas_user_id,user_id,login_id,sections,group_name\n"
    groups += "Ada Lovelace,4711,u0815,ada,DL-01,Team 1\n"
    groups += "Mary Somerville,4713,u0817,msom,DL-02,Team 1\n"
    files = {"team1_LATE_4711_901_ag.py": CODE}
    results = results_of(
        tmp_path, files, CANVAS["whole"], groups=groups, grades={"4711": HALF, "4713": HALF}
    )
    done = adjudge("export", results, "--format", "canvas")

    assert {"4711": HALF.points, "4713": HALF.points} == canvas_reads(done.stdout, "HW3 (99)")[1]
    late = csv.DictReader(io.StringIO(adjudge("export", results, "--format", "csv").stdout))
    assert {"4711": "late", "4712": "", "4713": "late"} == {r["key"]: r["late"] for r in late}


# --- Moodle ---------------------------------------------------------------------------------

MOODLE_FILES = {
    "Ada Lovelace_101_assignsubmission_file_/ag.py": CODE,
    "Charles Babbage_102_assignsubmission_file_/ag.py": CODE,
}
HEAD = "Identifier,Full name,{more}Email address,Status,Grade,Maximum Grade,Grade can be changed,"
HEAD += "Last modified (submission),Last modified (grade),Feedback comments\n"
DATE = '"Friday, 20 November 2026, 11:50 PM"'
LATER = '"Sunday, 22 November 2026, 9:15 AM"'


def worksheet(more="", cells=("", "", ""), comments=True, locked="Yes"):
    """Moodle's grading worksheet, with more columns of a person behind the name."""
    text = HEAD.format(more=more)
    late = '"Submitted for grading, 1 day 9 hours late"'
    text += f"Participant 101,Ada Lovelace,{cells[0]}ada@uni.edu,Submitted for grading,,100.00,"
    text += f"Yes,{DATE},-,\n"
    text += f"Participant 102,Charles Babbage,{cells[1]}cb@uni.edu,{late},,100.00,{locked},"
    text += f'{LATER},"Monday, 23 November 2026, 8:00 AM","see me"\n'
    text += f"Participant 103,Mary Somerville,{cells[2]}ms@uni.edu,No submission,,100.00,Yes,-,-,\n"
    return text


MOODLE = {
    "plain": worksheet(),
    "with ID numbers": worksheet("ID number,", ("u0815,", "u0816,", "u0817,")),
    "with usernames": worksheet("Username,ID number,", ("ada,1,", "cb,2,", "ms,3,")),
}


@pytest.mark.parametrize("layout", MOODLE)
def test_moodle_takes_back_its_worksheet(tmp_path, layout):
    results = results_of(tmp_path, MOODLE_FILES, MOODLE[layout], grades=_by_key(MOODLE[layout]))
    done = adjudge("export", results, "--format", "moodle-worksheet")
    taken = moodle_reads(done.stdout, MOODLE[layout])

    assert 0 == done.returncode, done.stderr
    assert {"101": WHOLE, "102": HALF.points} == {key: grade for key, (grade, _) in taken.items()}
    assert "2.B" in taken["102"][1]


def _by_key(text):
    return {key: HALF for key in ("102", "u0816", "2", "Participant 102") if key in text}


def test_a_grade_that_moodle_has_locked_stays(tmp_path):
    text = worksheet(locked="No")
    results = results_of(tmp_path, MOODLE_FILES, text)
    done = adjudge("export", results, "--format", "moodle-worksheet")

    assert {"101"} == set(moodle_reads(done.stdout, text))


def test_a_worksheet_with_another_maximum_is_refused_until_the_points_are_brought_to_it(tmp_path):
    text = MOODLE["plain"].replace("100.00", "20.00")
    results = results_of(tmp_path, MOODLE_FILES, text)
    refused = adjudge("export", results, "--format", "moodle-worksheet")
    done = adjudge("export", results, "--format", "moodle-worksheet", "--out-of", "20")

    assert (2, True) == (refused.returncode, "by --out-of 20" in refused.stderr)
    assert {"101": 20.0, "102": 20.0} == {
        k: v for k, (v, _) in moodle_reads(done.stdout, text).items()
    }


def test_a_username_is_the_rosters_and_never_a_participants_number(tmp_path):
    for layout, expected in (("plain", False), ("with usernames", True)):
        results = results_of(tmp_path / layout.replace(" ", "_"), MOODLE_FILES, MOODLE[layout])
        rows = list(csv.DictReader(io.StringIO(
            adjudge("export", results, "--format", "moodle").stdout
        )))  # fmt: skip

        assert expected == ("Username" in rows[0])
        assert not [row for row in rows if re.fullmatch(r"\d+", row.get("Username", ""))]
        assert {"ada@uni.edu", "cb@uni.edu"} == {row["Email address"] for row in rows}


def test_another_roster_cannot_become_a_worksheet(tmp_path):
    results = results_of(tmp_path, CANVAS_FILES, CANVAS["whole"])
    refused = adjudge("export", results, "--format", "moodle-worksheet")

    assert (2, True) == (refused.returncode, "no column 'Identifier'" in refused.stderr)


# --- lateness -------------------------------------------------------------------------------

RULE = "[lateness]\ndue = 2026-11-20T23:59:00+01:00\nper_day = 10\ngrace_minutes = 5\nmost = 50\n"


def penalties(results):
    rows = csv.DictReader(io.StringIO(adjudge("export", results, "--format", "csv").stdout))
    return {row["key"]: (float(row["lateness"]), row["late"]) for row in rows}


def test_a_moment_of_moodles_worksheet_decides_how_late_it_is(tmp_path):
    results = results_of(tmp_path, MOODLE_FILES, MOODLE["plain"], rubric=RULE)

    assert {"101": (0.0, ""), "102": (-20.0, "late"), "103": (0.0, "")} == penalties(results)


def test_a_mark_of_canvas_without_a_moment_counts_as_one_day(tmp_path):
    results = results_of(tmp_path, CANVAS_FILES, CANVAS["whole"], rubric=RULE)
    page = adjudge("show", results, "cbab").stdout

    assert (-10.0, "late") == penalties(results)["4712"]
    assert "how late is not known, so one day counts, which takes 10 points" in page


def test_more_time_by_hand_takes_the_lateness_back(tmp_path):
    by_hand = "key,points,reason,by,hours\ncb@uni.edu,,ill with a note,the instructor,48\n"
    results = results_of(tmp_path, MOODLE_FILES, MOODLE["plain"], rubric=RULE, changes=by_hand)

    assert (0.0, "") == penalties(results)["102"]
