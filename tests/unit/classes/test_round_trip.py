"""Exports of Canvas and Moodle go in, and grades come out as their own importers read them.

The readers here follow Canvas's lib/gradebook_importer.rb and Moodle's mod/assign/feedback/offline.
"""

import csv
import io
import re

import pytest

from support.commands import adjudge
from support.small_class import CODE, exported, graded, refused, results_of, table

WHOLE = 100.0
"""The points of the assignment."""
HALF = graded("gradient_mul", "gradient_add")


def canvas_reads(results, *more, header="HW3 (99)"):
    """What Canvas takes from an export: by the ID of each student, the score in the named column.

    The first column holds Student, the second ID, the last of a student's own Section; a row whose
    first cell has "Points Possible" sets points.
    """
    names, *rows = csv.reader(io.StringIO(exported(results, "canvas", *more)))
    assert "Student" in names[0]
    assert "ID" in names[1]
    assert names.index(header) > names.index("Section")
    at, possible, scores = names.index(header), None, {}
    for row in rows:
        if "Points Possible" in row[0]:
            possible = float(row[at])
        else:
            scores[row[1]] = float(row[at])
    return possible, scores


def moodle_reads(results, downloaded, *more):
    """What Moodle takes from a worksheet: by participant, the grade and the comment.

    A row counts for a participant of the assignment alone, and only where nobody has graded since
    the worksheet was downloaded.
    """
    was = {row["Identifier"]: row for row in csv.DictReader(io.StringIO(downloaded))}
    now = table(results, "moodle-worksheet", *more)
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


KNOWN = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


def roster(columns, possible, *, separator=","):
    """Canvas's gradebook with the named columns of a student and one column of an assignment."""
    out = io.StringIO()
    write = csv.writer(out, delimiter=separator).writerow
    write([*columns, "HW3 (99)", "Final Score"])
    for person, *last in (
        (("    Points Possible",), possible, "(read only)"),
        *((person, "", "") for person in PEOPLE),
    ):
        own = dict(zip(KNOWN, person, strict=False))
        write([*(own.get(name, "") for name in columns), *last])
    return out.getvalue()


CANVAS = {
    "whole": roster(KNOWN, "100.00"),
    "without SIS": roster(("Student", "ID", "Section"), "100.00"),
    "semicolons": roster(("Student", "ID", "SIS Login ID", "Section"), "100,00", separator=";"),
}


@pytest.mark.parametrize("layout", CANVAS)
def test_canvas_takes_back_what_it_exported(tmp_path, layout):
    results = results_of(tmp_path, CANVAS_FILES, CANVAS[layout], grades={"4712": HALF})

    assert (WHOLE, {"4711": WHOLE, "4712": HALF.points}) == canvas_reads(results)


def test_points_that_are_not_canvass_are_refused_until_they_are_brought_to_them(tmp_path):
    text = CANVAS["whole"].replace("100.00", "10.00")
    results = results_of(tmp_path, CANVAS_FILES, text, grades={"4712": HALF})
    said = refused("export", results, "--format", "canvas")

    assert "10 points, and these results have 100; bring" in said
    assert (10.0, {"4711": 10.0, "4712": round(HALF.points / 10, 2)}) == canvas_reads(
        results, "--out-of", "10"
    )


@pytest.mark.parametrize(
    ("column", "says"),
    [
        ("HW3 (98)", "the roster has no column 'HW3 (98)'; did you mean 'HW3 (99)'?"),
        ("Autodiff", "the roster has no column 'Autodiff'; there are 'HW3 (99)'"),
    ],
)
def test_a_column_that_the_roster_does_not_have_is_refused(tmp_path, column, says):
    results = results_of(tmp_path, CANVAS_FILES, CANVAS["whole"])

    assert says in refused("export", results, "--format", "canvas", "--column", column)
    assert exported(results, "canvas", "--column", column, "--new")


def test_a_test_student_is_no_absentee(tmp_path):
    shown = exported(results_of(tmp_path, CANVAS_FILES, CANVAS["whole"]), "csv")

    assert "Somerville" in shown
    assert "Student, Test" not in shown


def test_what_one_of_a_canvas_group_hands_in_is_everybodys_in_it(tmp_path):
    groups = "name,canvas_user_id,user_id,login_id,sections,group_name\n"
    groups += "Ada Lovelace,4711,u0815,ada,DL-01,Team 1\n"
    groups += "Mary Somerville,4713,u0817,msom,DL-02,Team 1\n"
    files, both = {"team1_LATE_4711_901_ag.py": CODE}, {"4711": HALF, "4713": HALF}
    results = results_of(tmp_path, files, CANVAS["whole"], groups=groups, grades=both)

    assert dict.fromkeys(both, HALF.points) == canvas_reads(results)[1]
    late = {row["key"]: row["late"] for row in table(results)}
    assert {"4711": "late", "4712": "", "4713": "late"} == late


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
    text = MOODLE[layout]
    half = {key: HALF for key in ("102", "u0816", "2", "Participant 102") if key in text}
    taken = moodle_reads(results_of(tmp_path, MOODLE_FILES, text, grades=half), text)

    assert {"101": WHOLE, "102": HALF.points} == {key: grade for key, (grade, _) in taken.items()}
    assert "2.B" in taken["102"][1]


def test_a_grade_that_moodle_has_locked_stays(tmp_path):
    text = worksheet(locked="No")

    assert {"101"} == set(moodle_reads(results_of(tmp_path, MOODLE_FILES, text), text))


def test_a_worksheet_with_another_maximum_is_refused_until_the_points_are_brought_to_it(tmp_path):
    text = MOODLE["plain"].replace("100.00", "20.00")
    results = results_of(tmp_path, MOODLE_FILES, text)
    taken = moodle_reads(results, text, "--out-of", "20")

    assert "by --out-of 20" in refused("export", results, "--format", "moodle-worksheet")
    assert {"101": 20.0, "102": 20.0} == {key: grade for key, (grade, _) in taken.items()}


@pytest.mark.parametrize(("layout", "expected"), [("plain", False), ("with usernames", True)])
def test_a_username_is_the_rosters_and_never_a_participants_number(tmp_path, layout, expected):
    rows = table(results_of(tmp_path, MOODLE_FILES, MOODLE[layout]), "moodle")

    assert expected == ("Username" in rows[0])
    assert not [row for row in rows if re.fullmatch(r"\d+", row.get("Username", ""))]
    assert {"ada@uni.edu", "cb@uni.edu"} == {row["Email address"] for row in rows}


def test_another_roster_cannot_become_a_worksheet(tmp_path):
    results = results_of(tmp_path, CANVAS_FILES, CANVAS["whole"])

    assert "no column 'Identifier'" in refused("export", results, "--format", "moodle-worksheet")


# --- lateness -------------------------------------------------------------------------------

RULE = "[lateness]\ndue = 2026-11-20T23:59:00+01:00\nper_day = 10\ngrace_minutes = 5\nmost = 50\n"


def penalties(results):
    return {row["key"]: (float(row["lateness"]), row["late"]) for row in table(results)}


def test_a_moment_of_moodles_worksheet_decides_how_late_it_is_and_more_time_by_hand(tmp_path):
    by_hand = "key,points,reason,by,hours\ncb@uni.edu,,ill with a note,the instructor,48\n"
    late = {"101": (0.0, ""), "102": (-20.0, "late"), "103": (0.0, "")}

    for changes, told in (("", late), (by_hand, late | {"102": (0.0, "")})):
        rules = {"rubric": RULE, "changes": changes}
        room = tmp_path / ("by hand" if changes else "as it is")
        assert told == penalties(results_of(room, MOODLE_FILES, MOODLE["plain"], **rules))


def test_a_mark_of_canvas_without_a_moment_counts_as_one_day(tmp_path):
    results = results_of(tmp_path, CANVAS_FILES, CANVAS["whole"], rubric=RULE)
    page = adjudge("show", results, "cbab").stdout

    assert (-10.0, "late") == penalties(results)["4712"]
    assert "how late is not known, so one day counts, which takes 10 points" in page
