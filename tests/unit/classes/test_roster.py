"""The submissions of a class are found in each layout, and each is given to the one whose it is."""

import io
import os
import warnings
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.classes.collect import Duplicate, Entry, Unreadable, class_of
from harness.classes.layouts import layout
from harness.classes.roster import read_roster
from harness.classes.submitters import Submitter, submitters
from harness.intake import submissions
from harness.intake.files import in_memory
from harness.records.errors import SubmissionError, UsageError
from harness.records.people import Person

CODE = b"class ag:\n    x = 1\n"
OTHER = b"class ag:\n    x = 2\n"

CANVAS_ROSTER = (
    "Student,ID,SIS User ID,SIS Login ID,Section,HW3 (99)\n"
    "    Points Possible,,,,,10.00\n"
    '"Lovelace, Ada",4711,u0815,ada,DL-01,\n'
    '"Babbage, Charles",4712,u0816,cbabbage,DL-01,\n'
    '"Somerville, Mary",4713,u0817,msomer,DL-02,\n'
)
MOODLE_ROSTER = (
    "Identifier,Full name,ID number,Email address,Status\n"
    "Participant 101,Ada Lovelace,u0815,ada@uni.edu,Submitted\n"
    "Participant 102,Charles Babbage,u0816,charles@uni.edu,No submission\n"
)


def people(text):
    return {name: each.people for name, each in submitters(text, "m.yml").items()}


METADATA = """\
---
submission_7:
  :submitters:
  - :name: Ada Lovelace
    :sid: '0815'
    :email: ada@uni.edu
  - :name: "Zo\\u00eb O'Hara"
    :sid:
    :email: zoe@uni.edu
  :created_at: 2026-11-02 13:00:00.000000000 Z
  :score: 2.0
  :results:
    output: |-
      submission_9:
        :submitters:
        - :name: Mallory
submission_8:
  :submitters:
  - :name: 'Charles ''B.'' Babbage'
    :sid: 0816
  :history:
  - :id: 5
    :submitters:
    - :name: Mallory
submission_11:
  :submitters: []
"""


def zipped(contents):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as book, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, content in contents.items():
            book.writestr(name, content)
    return packed.getvalue()


def in_folder(tmp_path, contents):
    root = tmp_path / "class"
    root.mkdir()
    for name, content in contents.items():
        path = root / name
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return root


def in_zip(tmp_path, contents):
    path = tmp_path / "class.zip"
    path.write_bytes(zipped(contents))
    return path


def roster(tmp_path, text):
    path = tmp_path / "roster.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def keys(things):
    return [thing.person.key for thing in things]


def code(entry):
    """What is graded of an entry."""
    return "".join(source.text for source in submissions.of(entry.files, "x").main).encode()


def refusal(path):
    with pytest.raises(SubmissionError) as caught:
        class_of(path)
    (sentence,) = str(caught.value).splitlines()
    return sentence


def slip(tmp_path, text):
    """What is said of a roster that cannot be read."""
    path = roster(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        read_roster(path)
    (sentence,) = str(caught.value).splitlines()
    assert sentence.startswith(f"{path}: ")
    return sentence.removeprefix(f"{path}: ")


both = pytest.mark.parametrize("pack", [in_folder, in_zip])


# --- layouts ------------------------------------------------------------------------------


@both
def test_one_file_for_each_student(tmp_path, pack):
    found = class_of(pack(tmp_path, {"ada.py": CODE, "bob.py": OTHER, "grades.csv": b"1"}))

    assert ("files", ["ada", "bob"]) == (found.layout, keys(found.entries))
    assert [CODE, OTHER] == [code(entry) for entry in found.entries]
    assert ("grades.csv",) == found.passed_over


@both
def test_one_folder_for_each_student(tmp_path, pack):
    found = class_of(pack(tmp_path, {"ada/ag.py": CODE, "ada/b.py": OTHER, "bob/hw/x.py": OTHER}))

    assert ("folders", ["ada", "bob"]) == (found.layout, keys(found.entries))
    assert ["b"] == [n for n, _ in submissions.of(found.entries[0].files, "ada").siblings]


@both
def test_one_archive_for_each_student(tmp_path, pack):
    contents = {"ada.zip": zipped({"hw/ag.py": CODE}), "bob.zip": zipped({"ag.py": OTHER})}
    found = class_of(pack(tmp_path, contents))

    assert ("archives", ["ada", "bob"]) == (found.layout, keys(found.entries))
    assert [CODE, OTHER] == [code(entry) for entry in found.entries]


@both
def test_a_mixture_is_called_one(tmp_path, pack):
    contents = {"ada.zip": zipped({"ag.py": CODE}), "bob/ag.py": CODE, "cid.ipynb": CODE}
    found = class_of(pack(tmp_path, contents))

    assert "archives and files and folders" == found.layout
    assert ["ada", "bob", "cid"] == keys(found.entries)


@both
def test_a_folder_around_all_submissions_is_passed_through_and_told(tmp_path, pack):
    path = pack(tmp_path, {"export/hw3/ada.py": CODE, "export/hw3/bob.py": CODE})
    found = class_of(path)

    assert ["ada", "bob"] == keys(found.entries)
    assert f"{path}/export/hw3" == found.where


@both
def test_the_folder_of_a_class_of_one_is_not_passed_through(tmp_path, pack):
    found = class_of(pack(tmp_path, {"ada/ag.py": CODE, "ada/helper.py": CODE}))

    assert ("folders", ["ada"]) == (found.layout, keys(found.entries))


def test_a_folder_that_is_itself_a_submission_is_one(tmp_path):
    path = in_folder(tmp_path, {"ag.py": CODE, "helper.py": OTHER})
    found = class_of(path)

    assert ("one submission", ["class"]) == (found.layout, keys(found.entries))
    assert CODE == code(found.entries[0])


@both
def test_files_and_folders_that_are_hidden_are_passed_over(tmp_path, pack):
    contents = {"ada.py": CODE, "_key.py": CODE, ".old/ag.py": CODE, "__MACOSX/._ada.py": CODE}
    found = class_of(pack(tmp_path, contents))

    assert ["ada"] == keys(found.entries)
    assert (".old", "_key.py") == found.passed_over


@both
def test_a_download_from_canvas(tmp_path, pack):
    contents = {
        "lovelaceada_LATE_4711_900_ag-2.py": CODE,
        "lovelaceada_LATE_4711_901_helper.py": OTHER,
        "babbagecharles_4712_902_hw.zip": zipped({"hw/ag.py": OTHER}),
        "somervillemary_4713_text.html": b"<p>my code</p>",
        "LATE_anon_aB3dE_903_ag.py": CODE,
    }
    found = class_of(pack(tmp_path, contents))

    assert "canvas" == found.layout
    assert [("4711", True), ("4712", False), ("anon_aB3dE", True)] == sorted(
        (entry.person.key, entry.handing.late) for entry in found.entries
    )
    ada = next(entry for entry in found.entries if entry.person.key == "4711")
    assert ["ag.py", "helper.py"] == sorted(ada.files.members)
    assert "lovelaceada" == ada.person.name
    (mary,) = found.unreadable
    assert ("4713", "somervillemary") == (mary.person.key, mary.person.name)
    assert "was typed in on the website; hand in a file" in mary.reason


@both
def test_the_latest_by_canvas_s_own_number_counts_and_the_others_are_told(tmp_path, pack):
    names = ("lovelaceada_4711_900_ag.py", "lovelaceada_4711_912_ag-2.py")
    path = pack(
        tmp_path,
        {
            names[0]: OTHER,
            names[1]: CODE,
            "lovelaceada_LATE_4711_905_ag-1.py": OTHER,
        },
    )
    found = class_of(path)
    (entry,) = found.entries

    assert (CODE, False) == (code(entry), entry.handing.late)
    others = (f"{path}/{names[0]}", f"{path}/lovelaceada_LATE_4711_905_ag-1.py")
    assert (Duplicate(entry.person, f"{path}/{names[1]}", others),) == found.duplicates


def test_files_that_look_like_canvas_s_but_share_their_numbers_are_files(tmp_path):
    found = class_of(in_folder(tmp_path, {"hw_1_2_ada.py": CODE, "hw_1_2_bob.py": CODE}))

    assert ("files", ["hw_1_2_ada", "hw_1_2_bob"]) == (found.layout, keys(found.entries))


@both
@pytest.mark.parametrize("tail", ["_", ""])
def test_a_download_from_moodle_in_folders(tmp_path, pack, tail):
    contents = {
        f"Ada Lovelace_101_assignsubmission_file{tail}/hw/ag.py": CODE,
        f"Ada Lovelace_101_assignsubmission_onlinetext{tail}/onlinetext.html": b"hello",
        f"Charles B. Babbage_102_assignsubmission_onlinetext{tail}/onlinetext.html": b"code",
        f"Zoë d'Aubigné_103_assignsubmission_file{tail}/hw.zip": zipped({"ag.py": OTHER}),
    }
    found = class_of(pack(tmp_path, contents))

    assert "moodle" == found.layout
    assert [("101", "Ada Lovelace"), ("103", "Zoë d'Aubigné")] == [
        (entry.person.key, entry.person.name) for entry in found.entries
    ]
    assert [CODE, OTHER] == [code(entry) for entry in found.entries]
    assert ["102"] == keys(found.unreadable)
    assert "was typed in on the website" in found.unreadable[0].reason


@both
def test_a_download_from_moodle_without_folders(tmp_path, pack):
    contents = {
        "Ada Lovelace_101_assignsubmission_file_ag.py": CODE,
        "Ada Lovelace_101_assignsubmission_file_helper.py": OTHER,
        "Participant_102_assignsubmission_file_homework.ipynb": CODE,
    }
    found = class_of(pack(tmp_path, contents))

    assert ("moodle", ["101", "102"]) == (found.layout, keys(found.entries))
    assert ["ag.py", "helper.py"] == list(found.entries[0].files.members)


def test_one_of_moodle_s_numbers_under_two_names_is_refused(tmp_path):
    names = ("Ada_101_assignsubmission_file_/ag.py", "Bob_101_assignsubmission_file_/ag.py")

    assert "holds number 101 under two names" in refusal(
        in_zip(tmp_path, dict.fromkeys(names, CODE))
    )


def test_one_file_twice_under_one_of_moodle_s_numbers_costs_its_owner_alone(tmp_path):
    contents = {
        "Ada_101_assignsubmission_file_/ag.py": CODE,
        "Ada_101_assignsubmission_file_ag.py": OTHER,
        "Bob_102_assignsubmission_file_/ag.py": CODE,
    }
    found = class_of(in_zip(tmp_path, contents))

    assert ["102"] == keys(found.entries)
    assert "holds ag.py twice" in found.unreadable[0].reason


@both
def test_an_export_of_gradescope_gives_a_group_the_same_files(tmp_path, pack):
    top = "assignment_12_export"
    contents = {
        f"{top}/submission_metadata.yml": METADATA.encode(),
        f"{top}/submission_7/ag.py": CODE,
        f"{top}/submission_8/hw/ag.py": OTHER,
        f"{top}/submission_10/ag.py": OTHER,
        f"{top}/submission_11/ag.py": OTHER,
    }
    found = class_of(pack(tmp_path, contents))

    assert "gradescope" == found.layout
    assert {
        "0815": ("Ada Lovelace", "ada@uni.edu", CODE),
        "zoe@uni.edu": ("Zoë O'Hara", "zoe@uni.edu", CODE),
        "0816": ("Charles 'B.' Babbage", "", OTHER),
        "submission_10": ("", "", OTHER),
        "submission_11": ("", "", OTHER),
    } == {e.person.key: (e.person.name, e.person.email, code(e)) for e in found.entries}


def test_a_submission_that_gradescope_names_and_did_not_export_is_unreadable(tmp_path):
    contents = {"submission_metadata.yml": METADATA.encode(), "submission_7/ag.py": CODE}
    found = class_of(in_zip(tmp_path, contents))

    assert ["submission_11", "0816"] == keys(found.unreadable)
    assert "is named in submission_metadata.yml and is not there" in found.unreadable[1].reason


def test_the_latest_by_gradescope_s_own_number_counts(tmp_path):
    one = "  :submitters:\n  - :name: Ada\n    :sid: '1'\n"
    contents = {
        "submission_metadata.yml": f"submission_9:\n{one}submission_10:\n{one}".encode(),
        "submission_9/ag.py": OTHER,
        "submission_10/ag.py": CODE,
    }
    path = in_zip(tmp_path, contents)
    found = class_of(path)
    ada = Person("1", "Ada")

    assert [CODE] == [code(entry) for entry in found.entries]
    assert (Duplicate(ada, f"{path}/submission_10", (f"{path}/submission_9",)),) == found.duplicates


def test_one_number_of_gradescope_s_for_two_submissions_tells_nothing(tmp_path):
    one = "  :submitters:\n  - :name: Ada\n    :sid: '1'\n"
    contents = {
        "submission_metadata.yml": f"submission_9:\n{one}copy_9:\n{one}".encode(),
        "submission_9/ag.py": OTHER,
        "copy_9/ag.py": CODE,
    }
    found = class_of(in_zip(tmp_path, contents))

    assert ([], ["1"]) == (keys(found.entries), keys(found.unreadable))


def test_a_person_who_is_named_twice_for_one_submission_handed_it_in_once(tmp_path):
    twice = "  :submitters:\n" + "  - :name: Ada\n    :sid: '1'\n" * 2
    contents = {
        "submission_metadata.yml": f"submission_9:\n{twice}".encode(),
        "submission_9/ag.py": CODE,
    }
    found = class_of(in_zip(tmp_path, contents))

    assert (["1"], ()) == (keys(found.entries), found.duplicates)


@both
@pytest.mark.parametrize("trace", [".git/config", ".github/classroom/autograding.json"])
def test_the_repositories_of_github_classroom(tmp_path, pack, trace):
    users = ("ada-l", "ada-k", "bob")
    contents = {f"lab-3-{user}/ag.py": CODE for user in users}
    contents |= {f"lab-3-{user}/{trace}": b"x" for user in users}
    found = class_of(pack(tmp_path, contents))

    assert ("github classroom", ["ada-k", "ada-l", "bob"]) == (found.layout, keys(found.entries))


def test_the_roster_says_where_a_user_s_name_begins(tmp_path):
    contents = {f"lab-{user}/{name}": CODE for user in ("ada-k", "ada-l") for name in (".git/x",)}
    contents |= {f"lab-{user}/ag.py": CODE for user in ("ada-k", "ada-l")}
    users = roster(tmp_path, "identifier,github_username\nada@uni.edu,ada-k\nl@uni.edu,Ada-L\n")
    path = in_zip(tmp_path, contents)

    assert ["k", "l"] == keys(class_of(path).entries)
    assert ["ada@uni.edu", "l@uni.edu"] == keys(class_of(path, users).entries)


def test_folders_without_a_trace_of_git_keep_their_whole_names(tmp_path):
    found = class_of(in_zip(tmp_path, {"lab-ada/ag.py": CODE, "lab-bob/ag.py": CODE}))

    assert ("folders", ["lab-ada", "lab-bob"]) == (found.layout, keys(found.entries))


@both
@pytest.mark.parametrize(
    ("contents", "platform"),
    [
        pytest.param({"lovelaceada_4711_900_ag.py": CODE, "bob.py": CODE}, "Canvas", id="Canvas"),
        pytest.param({"lovelaceada_4711_900_ag.py": CODE, "bob/ag.py": CODE}, "Canvas", id="and"),
        pytest.param({"A_1_assignsubmission_file_/x.py": CODE, "b.py": CODE}, "Moodle", id="M"),
    ],
)
def test_two_layouts_at_once_are_refused(tmp_path, pack, contents, platform):
    said = refusal(pack(tmp_path, contents))

    assert f"holds files that {platform} named and others (b" in said


@both
@pytest.mark.parametrize("contents", [{}, {"grades.csv": b"1", "README.md": b"hello"}])
def test_a_class_without_submissions_is_refused(tmp_path, pack, contents):
    assert "holds no .py file, notebook, archive or folder" in refusal(pack(tmp_path, contents))


@pytest.mark.parametrize("name", ["class.py", "class.txt", "missing"])
def test_what_is_neither_folder_nor_archive_is_refused(tmp_path, name):
    path = tmp_path / name
    if name != "missing":
        path.write_bytes(CODE)

    assert str(path) in refusal(path)


# --- what goes wrong costs the one whose it is ----------------------------------------------


@both
def test_a_student_s_bad_submission_is_theirs_alone(tmp_path, pack):
    contents = {
        "ada/ag.py": CODE,
        "bob.zip": b"PK\x03\x04 is damaged",
        "cid/notes.txt": b"hello",
        "dan.zip": zipped({"../ag.py": CODE}),
        "eve/": b"",
        "fay.zip": zipped({"a.zip": zipped({"b.zip": zipped({"ag.py": CODE})})}),
    }
    found = class_of(pack(tmp_path, contents))

    assert ["ada"] == keys(found.entries)
    assert {
        "bob": "is damaged",
        "cid": "has no module to grade",
        "dan": "leaves its folder",
        "eve": "has no module to grade",
        "fay": "is packed more than 2 times",
    } == {
        one.person.key: next(
            reason
            for reason in (
                "is damaged",
                "has no module to grade",
                "leaves its folder",
                "is packed more than 2 times",
            )
            if reason in one.reason
        )
        for one in found.unreadable
    }


def test_a_hostile_member_of_the_archive_of_a_class_costs_its_owner_alone(tmp_path):
    contents = {"ada/ag.py": CODE, "bob/ag.py": CODE, "bob/AG.py": CODE, "cid/a\\b.py": CODE}
    found = class_of(in_zip(tmp_path, contents))

    assert ["ada"] == keys(found.entries)
    assert ["bob", "cid"] == keys(found.unreadable)
    assert "two files of one name" in found.unreadable[0].reason
    assert "backslash" in found.unreadable[1].reason


def test_a_hostile_name_in_a_download_costs_its_owner_alone(tmp_path):
    contents = {"lovelaceada_4711_900_ag.py": CODE, "bobb_4712_901_a\\g.py": CODE}
    canvas = class_of(in_zip(tmp_path, contents))
    contents = {"Ada_1_assignsubmission_file_/ag.py": CODE, "B_2_assignsubmission_file_/x\\y": CODE}
    moodle = class_of(in_zip(tmp_path, contents))

    for found in (canvas, moodle):
        assert 1 == len(found.entries)
        assert "backslash" in found.unreadable[0].reason


@pytest.mark.parametrize("name", ["x\\ag.py", "x\\y/ag.py"])
def test_a_name_with_a_backslash_costs_its_owner_alone_unless_all_have_one(tmp_path, name):
    found = class_of(in_zip(tmp_path, {"ada/ag.py": CODE, name: CODE, "read\\me.txt": CODE}))

    assert ["ada"] == keys(found.entries)
    assert ["backslash" in one.reason for one in found.unreadable] == [True]
    assert ("read\\me.txt",) == found.passed_over
    assert "with a backslash" in refusal(in_zip(tmp_path, {name: CODE, "y\\ag.py": CODE}))


@pytest.mark.parametrize("name", ["../ag.py", "/ag.py"])
def test_a_hostile_member_that_is_nobody_s_is_refused(tmp_path, name):
    assert "class.zip: holds" in refusal(in_zip(tmp_path, {"ada/ag.py": CODE, name: CODE}))


def test_links_in_the_folder_of_a_class_are_refused_and_told(tmp_path):
    root = in_folder(tmp_path, {"ada/ag.py": CODE})
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "ag.py").write_bytes(OTHER)
    (root / "bob").symlink_to(tmp_path / "secret")
    (root / "cid.py").symlink_to(tmp_path / "secret" / "ag.py")
    found = class_of(root)

    assert ["ada", "cid"] == keys(found.entries)
    with pytest.raises(SubmissionError, match="is a symbolic link"):
        code(found.entries[1])
    assert ["bob"] == keys(found.unreadable)
    assert "is a symbolic link" in found.unreadable[0].reason


@pytest.mark.skipif(os.geteuid() == 0, reason="root opens every folder")
def test_a_folder_that_cannot_be_opened_costs_its_owner_alone(tmp_path):
    root = in_folder(tmp_path, {"ada/ag.py": CODE, "bob/ag.py": CODE})
    (root / "bob").chmod(0)
    found = class_of(root)
    (root / "bob").chmod(0o700)

    assert (["ada"], ["bob"]) == (keys(found.entries), keys(found.unreadable))


def test_several_submissions_of_which_none_is_known_to_be_the_latest_are_not_chosen_from(tmp_path):
    path = in_folder(tmp_path, {"ada.py": CODE, "ada/ag.py": OTHER, "bob.py": CODE})
    found = class_of(path)

    assert ["bob"] == keys(found.entries)
    assert ["ada"] == keys(found.unreadable)
    assert "is one of 2 submissions of one person" in found.unreadable[0].reason
    assert (Duplicate(Person("ada"), "", (f"{path}/ada", f"{path}/ada.py")),) == found.duplicates


# --- whose it is --------------------------------------------------------------------------


def test_canvas_s_number_finds_the_person_and_the_rest_is_told(tmp_path):
    contents = {
        "lovelaceada_4711_900_ag.py": CODE,
        "babbagecharles_4712_901_hw.pdf": b"%PDF",
        "somervillemary_9999_902_ag.py": CODE,
    }
    path = in_zip(tmp_path, contents)
    found = class_of(path, roster(tmp_path, CANVAS_ROSTER))

    assert [("4711", "Lovelace, Ada")] == [(e.person.key, e.person.name) for e in found.entries]
    assert ["4712"] == keys(found.unreadable)
    # A person of another number is another person, whatever the name.
    assert ["9999"] == keys(found.unknown)
    assert ["4713"] == [person.key for person in found.absent]


def test_the_roster_s_own_columns_are_kept(tmp_path):
    ada, *_ = read_roster(roster(tmp_path, CANVAS_ROSTER)).people

    assert (
        ("Student", "Lovelace, Ada"),
        ("ID", "4711"),
        ("SIS User ID", "u0815"),
        ("SIS Login ID", "ada"),
        ("Section", "DL-01"),
        ("HW3 (99)", ""),
    ) == ada.columns


@pytest.mark.parametrize("stem", ["ada", "ADA", "4711", "u0815", "Lovelace, Ada", "Ada Lovelace"])
def test_a_file_is_given_to_whom_its_name_names(tmp_path, stem):
    path = in_folder(tmp_path, {f"{stem}.py": CODE})
    found = class_of(path, roster(tmp_path, CANVAS_ROSTER))

    assert ["4711"] == keys(found.entries)
    assert 2 == len(found.absent)


def test_moodle_s_number_finds_the_person_whatever_the_language(tmp_path):
    text = MOODLE_ROSTER.replace("Participant", "Teilnehmer/in")
    path = in_zip(tmp_path, {"Blind_102_assignsubmission_file_/ag.py": CODE})
    found = class_of(path, roster(tmp_path, text))

    assert [Person("102", "Charles Babbage", "charles@uni.edu").name] == [
        entry.person.name for entry in found.entries
    ]
    assert ["101"] == [person.key for person in found.absent]


def test_a_name_finds_the_person_where_the_roster_has_no_numbers_of_moodle_s(tmp_path):
    text = "First name,Surname,ID number,Email address\nAda,Lovelace,,ada@uni.edu\n"
    path = in_zip(tmp_path, {"Ada Lovelace_101_assignsubmission_file_/ag.py": CODE})

    assert ["ada@uni.edu"] == keys(class_of(path, roster(tmp_path, text)).entries)


@pytest.mark.parametrize("name", ["Ada King Lovelace", "Lovelace, Ada King"])
def test_canvas_s_way_of_writing_a_name_finds_it_on_plain_rosters(tmp_path, name):
    path = in_zip(tmp_path, {"lovelaceadaking_55_900_ag.py": CODE})

    assert ["ada"] == keys(class_of(path, roster(tmp_path, f'id;name\nada;"{name}"\n')).entries)


def test_a_name_that_two_have_is_nobody_s(tmp_path):
    path = in_folder(tmp_path, {"Ada Lovelace.py": CODE})
    found = class_of(path, roster(tmp_path, "id,name\n1,Ada Lovelace\n2,Ada Lovelace\n"))

    assert ([], ["Ada Lovelace"]) == (keys(found.entries), keys(found.unknown))
    assert 2 == len(found.absent)


def test_gradescope_s_submitters_are_found_by_number_or_address(tmp_path):
    contents = {"submission_metadata.yml": METADATA.encode(), "submission_7/ag.py": CODE}
    text = "id,name,email\n0815,Ada,\n77,Zoe,ZOE@uni.edu\n"
    found = class_of(in_zip(tmp_path, contents), roster(tmp_path, text))

    assert ["0815", "77"] == keys(found.entries)
    assert {"0816", "submission_11"} == set(keys(found.unknown))


def test_two_submissions_that_belong_to_one_person_are_duplicates(tmp_path):
    path = in_folder(tmp_path, {"ada.py": CODE, "4711.py": OTHER})
    found = class_of(path, roster(tmp_path, CANVAS_ROSTER))

    assert ["4711"] == keys(found.unreadable)
    assert [("4711", "")] == [(one.person.key, one.taken) for one in found.duplicates]


def test_everybody_comes_out_once(tmp_path):
    contents = {
        "ada.py": CODE,
        "u0815.ipynb": CODE,
        "cbabbage.zip": b"junk",
        "mallory/ag.py": CODE,
        "trent.zip": b"junk",
    }
    found = class_of(in_folder(tmp_path, contents), roster(tmp_path, CANVAS_ROSTER))

    assert ["4711", "4712", "4713"] == sorted(
        [*keys(found.entries), *keys(found.unreadable), *(one.key for one in found.absent)]
    )
    assert [("mallory", Entry), ("trent", Unreadable)] == [
        (one.person.key, type(one)) for one in found.unknown
    ]


# --- rosters ------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_roster_is_read_whatever_separates_it(tmp_path, separator, mark, end):
    lines = ["login,name,email", "ada,Ada Lovelace,ada@uni.edu", "cb,Charles Babbage,"]
    text = end.join(line.replace(",", separator) for line in lines) + end
    people = read_roster(roster(tmp_path, mark + text.encode())).people

    assert [
        ("ada", "Ada Lovelace", "ada@uni.edu"),
        ("cb", "Charles Babbage", ""),
    ] == [(one.key, one.name, one.email) for one in people]


def test_a_roster_with_commas_in_its_names_is_separated_by_semicolons_all_the_same(tmp_path):
    text = "id;name\n" + "".join(f"{n};Last{n}, First, Jr., Dr.\n" for n in range(9))

    assert "Last8, First, Jr., Dr." == read_roster(roster(tmp_path, text)).people[8].name


def test_the_row_of_possible_points_and_empty_rows_are_nobody(tmp_path):
    text = CANVAS_ROSTER + ",,,,,\n\n"

    assert ["4711", "4712", "4713"] == [
        one.key for one in read_roster(roster(tmp_path, text)).people
    ]


def test_a_column_that_is_empty_for_some_is_nobody_s_key(tmp_path):
    text = "ID number,Email address,Full name\n,ada@uni.edu,Ada\n7,b@uni.edu,Bob\n"

    assert ["ada@uni.edu", "b@uni.edu"] == [
        one.key for one in read_roster(roster(tmp_path, text)).people
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("", "line 1: has no column that tells persons apart", id="empty"),
        pytest.param("Ada\nBob\n", "line 1: has no column that tells", id="no header"),
        pytest.param("id,name\n", "line 2: nobody is on the roster", id="nobody"),
        pytest.param("id,name\n1,A\n,B\n", "line 3, column id: is empty", id="no key"),
        pytest.param(
            "login,Id\nada,1\nbob,2\ncid,1\n", "line 4, column Id: 1 stands in line 2", id="twice"
        ),
        pytest.param("id,name\n1,Love, Ada\n", "line 2, column 3: stands beyond", id="long"),
        pytest.param('id,name\n1,"Ada\n', "line 2, column 1: is no CSV", id="a quote"),
        pytest.param(b"id,name\n1,Zo\xeb\n", "line 2, byte 5: is not UTF-8", id="Latin-1"),
        pytest.param("id\n1\n".encode("utf-16"), "line 1, byte 1: is not UTF-8", id="UTF-16"),
    ],
)
def test_a_slip_in_a_roster_is_told_with_its_line_and_column(tmp_path, text, said):
    assert slip(tmp_path, text).startswith(said)


def test_a_roster_that_is_not_there_is_told(tmp_path):
    with pytest.raises(UsageError, match=r"missing.csv: cannot be opened"):
        read_roster(tmp_path / "missing.csv")


def test_the_same_login_twice_in_a_column_of_participants_is_told_by_that_column(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("Identifier,Full name\nada l,Ada\nada l,Ada\n")

    with pytest.raises(UsageError, match=r"line 3, column Identifier: .* stands in line 2 already"):
        read_roster(path)


@given(data=st.one_of(st.binary(), st.text(alphabet='id,;\t\n"\r\0 1', max_size=40)))
def test_any_bytes_as_a_roster_are_read_or_told(tmp_path_factory, data):
    data = data.encode() if isinstance(data, str) else data
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(data)
    said = "x"
    try:
        assert read_roster(path).people
    except UsageError as problem:
        said = str(problem)
    assert 1 == len(said.splitlines())


# --- Gradescope's metadata ----------------------------------------------------------------


def test_who_handed_in_is_read_from_gradescope_s_metadata():
    assert {
        "submission_7": (
            Submitter("Ada Lovelace", "0815", "ada@uni.edu"),
            Submitter("Zoë O'Hara", "", "zoe@uni.edu"),
        ),
        "submission_8": (Submitter("Charles 'B.' Babbage", "0816"),),
        "submission_11": (),
    } == people(METADATA)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("- a\n", 1, id="a list"),
        pytest.param("  :submitters:\n", 1, id="no submission"),
        pytest.param("s_1:\n  :submitters:\n  - :name: *1\n", 3, id="an alias"),
        pytest.param("s_1:\n  :submitters:\n  - :name: !ruby/object:A x\n", 3, id="a tag"),
        pytest.param("s_1:\n  :submitters:\n  - :name: 'Ada\n", 3, id="an open quote"),
        pytest.param('s_1:\n  :submitters:\n  - :name: "\\q"\n', 3, id="an odd escape"),
        pytest.param("s_1:\n  :submitters:\n  - Ada\n", 3, id="a bare name"),
        pytest.param("s_1:\n  :submitters:\n    :name: Ada\n", 3, id="no list"),
        pytest.param("s_1:\n  :submitters:\n  - :name: A\n    :name: B\n", 4, id="two names"),
        pytest.param("s_1:\n  :score: 1\ns_1:\n", 3, id="twice"),
    ],
)
def test_metadata_that_gradescope_would_not_write_is_refused_with_its_line(text, line):
    with pytest.raises(SubmissionError, match=rf"^m.yml: line {line} is not as Gradescope"):
        submitters(text, "m.yml")


PRINTABLE = st.characters(
    exclude_categories=("Cc", "Cn", "Cs", "Zl", "Zp"), exclude_characters="\ufeff"
)
"""What YAML has in a text without an escape."""


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("|-\n      Ada", "Ada"),
        (">-\n      Ada\n      Lovelace", "Ada Lovelace"),
        ("Ada\n      Lovelace", "Ada Lovelace"),
        ('"A\\x64\\u0061"', "Ada"),
        ("&a Ada  # the first", "Ada"),
        ("0816", "0816"),
        ("yes", "yes"),
        ("~", ""),
        ("''", ""),
        ("'null'", "null"),
    ],
)
def test_a_name_is_read_in_every_spelling_of_yaml_s_and_stays_text(written, name):
    text = f"s_1:\n  :submitters:\n  - :name: {written}\n"

    assert {"s_1": (Submitter(name),)} == people(text)


def test_what_a_program_printed_is_passed_over_however_deep_and_tagged():
    deep = f"  :results: {'[' * 500}{']' * 500}\n  :odd: !ruby/object:A &a {{b: c}}\n  :it: *a\n"
    text = f"s_1:\n{deep}  :submitters:\n  - :name: Ada\n"

    assert {"s_1": (Submitter("Ada"),)} == people(text)


@given(name=st.text(PRINTABLE, max_size=20))
def test_any_name_in_single_quotes_is_read(name):
    quoted = name.replace("'", "''")
    text = f"s_1:\n  :submitters:\n  - :name: '{quoted}'\n"

    assert {"s_1": (Submitter(name),)} == people(text)


@given(st.text(alphabet=":-_'\"\\sub m1i\nterna", max_size=200))
def test_any_text_as_metadata_is_read_or_refused(text):
    said = "x"
    try:
        submitters(f"s_1:\n  :submitters:\n{text}", "m.yml")
    except SubmissionError as problem:
        said = str(problem)
    assert 1 == len(said.splitlines())


# --- any names ----------------------------------------------------------------------------

PIECES = (
    "ada", "bob", "/", "/", "_", "-1", ".py", ".py", ".zip", ".ipynb", ".html", "LATE", "_12_345_",
    "_101_assignsubmission_file_", "_101_assignsubmission_onlinetext_", "text", "ag", "x.txt",
)  # fmt: skip


@given(st.sets(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join), max_size=6))
def test_every_file_of_a_class_is_somebody_s_or_told(names):
    names = {name for name in names if all(name.split("/"))}
    contents = {n: CODE for n in names if not any(o.startswith(f"{n}/") for o in names)}
    try:
        found = layout(in_memory(contents, "class"))
    except SubmissionError:
        return
    taken = [place for one in found.handed for place in one.files.members.values()]
    older = [place for one in found.handed for place in one.older]
    typed = [f"class/{n}" for n in contents if "onlinetext" in n or n.endswith("_text.html")]
    beside = [n for n in contents if f"class/{n}" not in {*taken, *older, *typed}]

    assert len(taken) == len(set(taken))
    for name in beside:
        top = f"class/{name}".removeprefix(f"{found.where}/").split("/")[0]
        assert top in found.passed_over or any(one.files.refused for one in found.handed)


@given(
    name=st.from_regex(r"\A[a-zà-öø-ÿ]{1,12}\Z"),
    late=st.booleans(),
    user=st.integers(1, 10**9),
    attachment=st.integers(1, 10**9),
    own=st.from_regex(r"\A[\w \-.()]{1,12}\.py\Z"),
)
def test_what_canvas_writes_into_a_name_is_read_back(name, late, user, attachment, own):
    mark = "_LATE" if late else ""
    called = f"{name}{mark}_{user}_{attachment}_{own}"
    found = layout(in_memory({called: CODE}, "class"))
    (one,) = found.handed

    assert ("canvas", str(user), name, late) == (found.layout, one.key, one.name, one.handing.late)
    assert [f"class/{called}"] == list(one.files.members.values())


# --- memory -------------------------------------------------------------------------------


def test_no_file_of_a_folder_is_read_before_it_is_asked_for(tmp_path, monkeypatch):
    opened = []
    real = os.open
    monkeypatch.setattr(os, "open", lambda path, *more: opened.append(path) or real(path, *more))
    found = class_of(in_folder(tmp_path, {"ada/ag.py": CODE, "bob.py": OTHER}))

    assert [] == opened
    assert OTHER == code(found.entries[1])
    assert 1 == len(opened)
