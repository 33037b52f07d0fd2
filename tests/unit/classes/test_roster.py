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


def of_code(contents):
    """Files with their contents; where only names are given, with code that says whose it is."""
    if isinstance(contents, dict):
        return contents
    return {name: CODE + f"# {name}".encode() for name in contents}


def in_folder(tmp_path, contents):
    root = tmp_path / "class"
    root.mkdir()
    for name, content in contents.items():
        path = root / name
        (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
        if not name.endswith("/"):
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


def codes(found):
    return {entry.person.key: code(entry) for entry in found.entries}


def reasons(found):
    return {one.person.key: one.reason for one in found.unreadable}


def submitter(key):
    """A submission of Ada's in Gradescope's metadata."""
    return f"{key}:\n  :submitters:\n  - :name: Ada\n    :sid: '1'\n"


def refusal(path):
    with pytest.raises(SubmissionError) as caught:
        class_of(path)
    (sentence,) = str(caught.value).splitlines()
    return sentence


def read_or_told(read, *more):
    """Reads something, or has in one sentence why not; any other error is one of ours."""
    said = "x"
    try:
        read(*more)
    except (SubmissionError, UsageError) as problem:
        said = str(problem)
    assert 1 == len(said.splitlines())


both = pytest.mark.parametrize("pack", [in_folder, in_zip])


# --- layouts ------------------------------------------------------------------------------


ARCHIVES = {key: zipped({"hw/x.py": CODE + b"# " + key.encode()}) for key in ("ada", "bob")}
TRACES = (".git/config", ".github/classroom/autograding.json")
LAYOUTS = [
    ("files: ada bob; beside: grades.csv", ["ada.py", "bob.py", "grades.csv"]),
    ("folders: ada bob", ["ada/ag.py", "bob/hw/ag.py"]),
    ("archives: ada bob", {"ada.zip": ARCHIVES["ada"], "bob.zip": ARCHIVES["bob"]}),
    ("archives and files and folders: ada bob cid",
     of_code(["bob/ag.py", "cid.py"]) | {"ada.zip": ARCHIVES["ada"]}),
    # The class of one is not passed through, what is hidden is passed over.
    ("folders: ada", ["ada/ag.py", "ada/helper.py"]),
    ("files: ada; beside: .old _key.py", ["ada.py", "_key.py", ".old/ag.py", "__MACOSX/._ada.py"]),
    # Nearly as Canvas calls them, and nearly repositories.
    ("files: hw_1_2_ada hw_1_2_bob", ["hw_1_2_ada.py", "hw_1_2_bob.py"]),
    ("folders: lab-ada lab-bob", ["lab-ada/ag.py", "lab-bob/ag.py"]),
    *(("github classroom: ada-k ada-l bob",
       [f"lab-3-{u}/{name}" for u in ("ada-l", "ada-k", "bob") for name in ("ag.py", trace)])
      for trace in TRACES),
]  # fmt: skip


@both
@pytest.mark.parametrize(("told", "contents"), LAYOUTS)
def test_a_layout_is_known_by_its_names(tmp_path, pack, told, contents):
    found = class_of(pack(tmp_path, of_code(contents)))

    beside = "; beside: " * bool(found.passed_over) + " ".join(found.passed_over)
    assert told == f"{found.layout}: {' '.join(keys(found.entries))}{beside}"
    assert [] == [key for key, text in codes(found).items() if key not in text.decode()]


def test_the_other_files_of_a_folder_are_in_reach(tmp_path):
    (entry,) = class_of(in_folder(tmp_path, {"ada/ag.py": CODE, "ada/b.py": OTHER})).entries

    assert ["b"] == [name for name, _ in submissions.of(entry.files, "ada").siblings]


@both
def test_a_folder_around_all_submissions_is_passed_through_and_told(tmp_path, pack):
    path = pack(tmp_path, {"export/hw3/ada.py": CODE, "export/hw3/bob.py": CODE})
    found = class_of(path)

    assert ["ada", "bob"] == keys(found.entries)
    assert f"{path}/export/hw3" == found.where


def test_a_folder_that_is_itself_a_submission_is_one(tmp_path):
    found = class_of(in_folder(tmp_path, {"ag.py": CODE, "helper.py": OTHER}))

    assert ("one submission", {"class": CODE}) == (found.layout, codes(found))


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
    names = ("lovelaceada_4711_900_ag.py", "lovelaceada_LATE_4711_905_ag-1.py")
    latest = "lovelaceada_4711_912_ag-2.py"
    path = pack(tmp_path, {**dict.fromkeys(names, OTHER), latest: CODE})
    found = class_of(path)
    (entry,) = found.entries

    assert (CODE, False) == (code(entry), entry.handing.late)
    others = tuple(f"{path}/{name}" for name in names)
    assert (Duplicate(entry.person, f"{path}/{latest}", others),) == found.duplicates


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


def test_the_latest_by_gradescope_s_own_number_counts(tmp_path):
    both = submitter("submission_9") + submitter("submission_10")
    contents = {"submission_9/ag.py": OTHER, "submission_10/ag.py": CODE}
    path = in_zip(tmp_path, contents | {"submission_metadata.yml": both.encode()})
    found = class_of(path)
    ada = Person("1", "Ada")

    assert {"1": CODE} == codes(found)
    assert (Duplicate(ada, f"{path}/submission_10", (f"{path}/submission_9",)),) == found.duplicates


def test_a_person_who_is_named_twice_for_one_submission_handed_it_in_once(tmp_path):
    twice = submitter("submission_9") + "  - :name: Ada\n    :sid: '1'\n"
    contents = {"submission_metadata.yml": twice.encode(), "submission_9/ag.py": CODE}
    found = class_of(in_zip(tmp_path, contents))

    assert ({"1": CODE}, ()) == (codes(found), found.duplicates)


LOVELACE = "lovelaceada_4711_900_ag.py"
NO_CLASS = "holds no .py file, notebook, archive or folder"
MIXED = "holds files that {} named and others (b".format
TWO_NAMES = [f"{name}_101_assignsubmission_file_/ag.py" for name in ("Ada", "Bob")]
NO_CLASSES = [
    pytest.param([LOVELACE, "bob.py"], MIXED("Canvas"), id="Canvas and a file"),
    pytest.param([LOVELACE, "bob/ag.py"], MIXED("Canvas"), id="Canvas and a folder"),
    pytest.param(["A_1_assignsubmission_file_/x.py", "b.py"], MIXED("Moodle"), id="Moodle"),
    pytest.param(TWO_NAMES, "holds number 101 under two names", id="one of Moodle's numbers"),
    pytest.param([], NO_CLASS, id="nothing"),
    pytest.param(["grades.csv", "README.md"], NO_CLASS, id="no submissions"),
]


@both
@pytest.mark.parametrize(("contents", "said"), NO_CLASSES)
def test_what_is_no_class_or_two_at_once_is_refused(tmp_path, pack, contents, said):
    assert said in refusal(pack(tmp_path, of_code(contents)))


@pytest.mark.parametrize("name", ["class.py", "class.txt", "missing"])
def test_what_is_neither_folder_nor_archive_is_refused(tmp_path, name):
    path = tmp_path / name
    if name != "missing":
        path.write_bytes(CODE)

    assert str(path) in refusal(path)


# --- what goes wrong costs the one whose it is ----------------------------------------------


BAD = {
    "ada/ag.py": CODE,
    "bob.zip": b"PK\x03\x04 is damaged",
    "cid/notes.txt": b"hello",
    "dan.zip": zipped({"../ag.py": CODE}),
    "eve/": b"",
    "fay.zip": zipped({"a.zip": zipped({"b.zip": zipped({"ag.py": CODE})})}),
}
WHY = {"bob": "is damaged", "cid": "has no module to grade", "dan": "leaves its folder"}
WHY |= {"eve": "has no module to grade", "fay": "is packed more than 2 times"}
NOT_THERE = "is named in submission_metadata.yml and is not there"
COSTS = {
    "bad submissions in a folder": (in_folder, BAD, "ada", WHY),
    "bad submissions in a zip": (in_zip, BAD, "ada", WHY),
    "hostile members of an archive": (
        in_zip, ["ada/ag.py", "bob/ag.py", "bob/AG.py", "cid/a\\b.py"], "ada",
        {"bob": "two files of one name", "cid": "backslash"}),
    "a hostile name of Canvas's": (
        in_zip, ["lovelaceada_4711_900_ag.py", "bobb_4712_901_a\\g.py"], "4711",
        {"4712": "backslash"}),
    "a hostile name of Moodle's": (
        in_zip, ["Ada_1_assignsubmission_file_/ag.py", "B_2_assignsubmission_file_/x\\y"], "1",
        {"2": "backslash"}),
    "one file twice under one of Moodle's numbers": (
        in_zip, [f"{name}ag.py" for name in ("Ada_101_assignsubmission_file_/",
                 "Ada_101_assignsubmission_file_", "Bob_102_assignsubmission_file_/")], "102",
        {"101": "holds ag.py twice"}),
    "a submission that Gradescope names and did not export": (
        in_zip, {"submission_metadata.yml": METADATA.encode(), "submission_7/ag.py": CODE},
        "0815 zoe@uni.edu", {"submission_11": NOT_THERE, "0816": NOT_THERE}),
    "one number of Gradescope's for two submissions": (
        in_zip, {"submission_metadata.yml": (submitter("s_9") + submitter("copy_9")).encode(),
                 "s_9/ag.py": OTHER, "copy_9/ag.py": CODE}, "",
        {"1": "is one of 2 submissions of one person"}),
}  # fmt: skip


@pytest.mark.parametrize(("pack", "contents", "kept", "why"), COSTS.values(), ids=COSTS)
def test_what_cannot_be_read_costs_its_owner_alone(tmp_path, pack, contents, kept, why):
    found = class_of(pack(tmp_path, of_code(contents)))
    told = reasons(found)

    assert (kept, list(why)) == (" ".join(keys(found.entries)), list(told))
    assert [] == [key for key, reason in why.items() if reason not in told[key]]


@pytest.mark.parametrize("name", ["x\\ag.py", "x\\y/ag.py"])
def test_a_name_with_a_backslash_costs_its_owner_alone_unless_all_have_one(tmp_path, name):
    found = class_of(in_zip(tmp_path, {"ada/ag.py": CODE, name: CODE, "read\\me.txt": CODE}))

    assert ["ada"] == keys(found.entries)
    assert ["backslash" in reason for reason in reasons(found).values()] == [True]
    assert ("read\\me.txt",) == found.passed_over
    assert "with a backslash" in refusal(in_zip(tmp_path, {name: CODE, "y\\ag.py": CODE}))


@pytest.mark.parametrize("name", ["../ag.py", "/ag.py"])
def test_a_hostile_member_that_is_nobody_s_is_refused(tmp_path, name):
    assert "class.zip: holds" in refusal(in_zip(tmp_path, {"ada/ag.py": CODE, name: CODE}))


def test_links_in_the_folder_of_a_class_are_refused_and_told(tmp_path):
    root = in_folder(tmp_path, {"ada/ag.py": CODE})
    (tmp_path / "secret.py").write_bytes(OTHER)
    (root / "bob").symlink_to(tmp_path)
    (root / "cid.py").symlink_to(tmp_path / "secret.py")
    found = class_of(root)

    assert ["ada", "cid"] == keys(found.entries)
    with pytest.raises(SubmissionError, match="is a symbolic link"):
        code(found.entries[1])
    assert ["bob"] == list(reasons(found))
    assert "is a symbolic link" in reasons(found)["bob"]


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
    assert ["ada"] == list(reasons(found))
    assert "is one of 2 submissions of one person" in reasons(found)["ada"]
    assert (Duplicate(Person("ada"), "", (f"{path}/ada", f"{path}/ada.py")),) == found.duplicates


# --- whose it is --------------------------------------------------------------------------

PLAIN = "id,name\n1,Ada Lovelace\n2,Ada Lovelace\n"
NO_NUMBERS = "First name,Surname,ID number,Email address\nAda,Lovelace,,ada@uni.edu\n"
USERS = "identifier,github_username\nada@uni.edu,ada-k\nl@uni.edu,Ada-L\n"
REPOSITORIES = [f"lab-{u}/{name}" for u in ("ada-k", "ada-l") for name in ("ag.py", ".git/x")]
CLASS = dict.fromkeys(("ada.py", "u0815.ipynb", "mallory/ag.py"), CODE)
OWNERS = {
    "Canvas's number finds the person, and another number is another person": (
        ["lovelaceada_4711_900_ag.py", "babbagec_4712_901_hw.pdf", "somervillemary_9999_902_ag.py"],
        CANVAS_ROSTER, "entries 4711; unreadable 4712; unknown 9999; absent 4713"),
    "Moodle's number finds the person whatever the language": (
        ["Blind_102_assignsubmission_file_/ag.py"],
        MOODLE_ROSTER.replace("Participant", "Teilnehmer/in"), "entries 102; absent 101"),
    "a name finds the person where the roster has no numbers of Moodle's": (
        ["Ada Lovelace_101_assignsubmission_file_/ag.py"], NO_NUMBERS, "entries ada@uni.edu"),
    "a name that two have is nobody's": (
        ["Ada Lovelace.py"], PLAIN, "unknown Ada Lovelace; absent 1 2"),
    "the roster says where a user's name begins": (
        REPOSITORIES, USERS, "entries ada@uni.edu l@uni.edu"),
    "without it, a user's name is what tells the folders apart": (REPOSITORIES, "", "entries k l"),
    "Gradescope's submitters are found by number or address": (
        {"submission_metadata.yml": METADATA.encode(), "submission_7/ag.py": CODE},
        "id,name,email\n0815,Ada,\n77,Zoe,ZOE@uni.edu\n",
        "entries 0815 77; unknown submission_11 0816"),
    "everybody comes out once": (
        {**CLASS, **dict.fromkeys(("cbabbage.zip", "trent.zip"), b"junk")},
        CANVAS_ROSTER, "unreadable 4711 4712; unknown mallory trent; absent 4713"),
}  # fmt: skip
KING = "lovelaceadaking_55_900_ag.py"
ADA = CANVAS_ROSTER, "entries 4711; absent 4712 4713"
OWNERS |= {
    f"a file is whose its name names: {stem}": ([f"{stem}.py"], *ADA)
    for stem in ("ada", "ADA", "4711", "u0815", "Lovelace, Ada", "Ada Lovelace")
}
OWNERS |= {
    f"Canvas's way of writing {n}": ([KING], f'id;name\nada;"{n}"\n', "entries ada")
    for n in ("Ada King Lovelace", "Lovelace, Ada King")
}


@pytest.mark.parametrize(("contents", "text", "told"), OWNERS.values(), ids=OWNERS)
def test_a_submission_is_given_to_whom_the_roster_names(tmp_path, contents, text, told):
    path = in_zip(tmp_path, of_code(contents))
    found = class_of(path, roster(tmp_path, text) if text else None)
    groups = {name: keys(getattr(found, name)) for name in ("entries", "unreadable", "unknown")}
    groups["absent"] = [person.key for person in found.absent]

    assert told == "; ".join(f"{name} {' '.join(some)}" for name, some in groups.items() if some)
    assert len(found.duplicates) == ("u0815.ipynb" in contents)


def test_a_person_has_the_name_and_the_columns_of_the_roster(tmp_path):
    path = in_zip(tmp_path, {"lovelaceada_4711_900_ag.py": CODE})
    (entry,) = class_of(path, roster(tmp_path, CANVAS_ROSTER)).entries

    assert "Lovelace, Ada" == entry.person.name
    assert {
        **{"Student": "Lovelace, Ada", "ID": "4711", "SIS User ID": "u0815"},
        **{"SIS Login ID": "ada", "Section": "DL-01", "HW3 (99)": ""},
    } == dict(entry.person.columns)


def test_two_submissions_that_belong_to_one_person_are_duplicates_and_strangers_stay_apart(
    tmp_path,
):
    junk = {"ada.py": CODE, "4711.py": OTHER, "mallory.py": CODE, "trent.zip": b"junk"}
    found = class_of(in_folder(tmp_path, junk), roster(tmp_path, CANVAS_ROSTER))

    assert [("4711", "")] == [(one.person.key, one.taken) for one in found.duplicates]
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


NOBODY = f"{CANVAS_ROSTER},,,,,\n\n"
SOME_EMPTY = "ID number,Email address,Full name\n,ada@uni.edu,Ada\n7,b@uni.edu,Bob\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(NOBODY, ["4711", "4712", "4713"], id="possible points and empty rows"),
        pytest.param(
            SOME_EMPTY, ["ada@uni.edu", "b@uni.edu"], id="a column that is empty for some"
        ),
    ],
)
def test_what_is_no_person_or_no_key_is_passed_over(tmp_path, text, told):
    assert told == [one.key for one in read_roster(roster(tmp_path, text)).people]


SLIPS = {
    "line 1: has no column that tells persons apart": "",
    "line 1: has no column that tells": "Ada\nBob\n",
    "line 2: nobody is on the roster": "id,name\n",
    "line 3, column id: is empty": "id,name\n1,A\n,B\n",
    "line 4, column Id: 1 stands in line 2": "login,Id\nada,1\nbob,2\ncid,1\n",
    "line 3, column Identifier: a l stands in line 2 already": "Identifier,Name\na l,A\na l,A\n",
    "line 2, column 3: stands beyond": "id,name\n1,Love, Ada\n",
    "line 2, column 1: is no CSV": 'id,name\n1,"Ada\n',
    "line 2, byte 5: is not UTF-8": b"id,name\n1,Zo\xeb\n",
    "line 1, byte 1: is not UTF-8": "id\n1\n".encode("utf-16"),
    "cannot be opened": None,
}


@pytest.mark.parametrize(("said", "text"), SLIPS.items(), ids=SLIPS)
def test_a_slip_in_a_roster_is_told_with_its_line_and_column(tmp_path, said, text):
    path = tmp_path / "missing.csv" if text is None else roster(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        read_roster(path)
    (sentence,) = str(caught.value).splitlines()

    assert sentence.startswith(f"{path}: {said}")


@given(data=st.one_of(st.binary(), st.text(alphabet='id,;\t\n"\r\0 1', max_size=40)))
def test_any_bytes_as_a_roster_are_read_or_told(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    read_or_told(lambda: read_roster(path).people[0])


# --- Gradescope's metadata ----------------------------------------------------------------


def test_who_handed_in_is_read_from_gradescope_s_metadata():
    ada, zoe = Submitter("Ada Lovelace", "0815", "ada@uni.edu"), ("Zoë O'Hara", "", "zoe@uni.edu")

    assert {
        "submission_7": (ada, Submitter(*zoe)),
        "submission_8": (Submitter("Charles 'B.' Babbage", "0816"),),
        "submission_11": (),
    } == people(METADATA)
    assert {"s_1": ()} == people("s_1:\n")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("- a\n", 1, id="a list"),
        pytest.param("  :submitters:\n", 1, id="no submission"),
        pytest.param("s_1: Ada\n", 1, id="a name for a submission"),
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


DEEP = f"  :results: {'[' * 500}{']' * 500}\n  :odd: !ruby/object:A &a {{b: c}}\n  :it: *a\n"
SPELLED = [
    *(("|-\n      Ada", "Ada"), (">-\n      Ada\n      Lovelace", "Ada Lovelace")),
    *(("Ada\n      Lovelace", "Ada Lovelace"), ('"A\\x64\\u0061"', "Ada")),
    *(("&a Ada  # the first", "Ada"), ("0816", "0816"), ("yes", "yes")),
    *(("~", ""), ("''", ""), ("'null'", "null")),
]


@pytest.mark.parametrize("before", ["", DEEP], ids=["", "below what is deep and tagged"])
@pytest.mark.parametrize(("written", "name"), SPELLED)
def test_a_name_is_read_in_every_spelling_of_yaml_s_and_stays_text(before, written, name):
    text = f"s_1:\n{before}  :submitters:\n  - :name: {written}\n"

    assert {"s_1": (Submitter(name),)} == people(text)


@given(name=st.text(PRINTABLE, max_size=20))
def test_any_name_in_single_quotes_is_read(name):
    quoted = name.replace("'", "''")

    assert {"s_1": (Submitter(name),)} == people(f"s_1:\n  :submitters:\n  - :name: '{quoted}'\n")


@given(st.text(alphabet=":-_'\"\\sub m1i\nterna", max_size=200))
def test_any_text_as_metadata_is_read_or_refused(text):
    read_or_told(submitters, f"s_1:\n  :submitters:\n{text}", "m.yml")


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
