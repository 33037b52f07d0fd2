"""Whatever files are called, each is graded, listed and exported under a name of its own."""

import csv
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from xml.etree import ElementTree

import pytest

from harness.records.names import spelled
from harness.report.exports.export import FORMATS, file_name
from support import brief
from support.commands import adjudge
from support.long import long_where

ODD = {
    "Latin-1": b"Jos\xe9",
    "Shift-JIS": b"\x8eR\x93c",
    "a surrogate": b"sur\xed\xa0\x80",
    "like NUL": "nul\u2400\x01".encode(),
    "a newline": b"new\nline",
    "250 bytes": b"long" * 61 + b"ab",
    "turned round": "rtl\u202eyp".encode(),
}
CODE = b"class Scalar:\n    pass\n"


def alone(*arguments, room, of="harness"):
    """Runs the command in a process, whose words and output are bytes."""
    command = [sys.executable, "-m", of, *arguments]
    done = subprocess.run(command, cwd=room, capture_output=True, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """A class of twenty: files and folders of each odd kind, some beside a good ag.py."""
    room = tmp_path_factory.mktemp("odd")
    here = os.fsencode(room / "class")
    os.mkdir(here)
    for name in ODD.values():
        os.mkdir(here + b"/" + name)
        for file in (b"ag.py", name + b".py", name + b".txt"):
            with open(b"/".join((here, name, file)), "wb") as opened:
                opened.write(CODE)
        with open(here + b"/a" + name[:245] + b".py", "wb") as opened:
            opened.write(CODE)
    for number in range(20 - 2 * len(ODD)):
        (room / "class" / f"plain{number}.py").write_bytes(CODE)
    brief.write(room)
    return room


@pytest.fixture(scope="module")
def names():
    """What each of the class is called."""
    raw = [*ODD.values(), *(b"a" + name[:245] for name in ODD.values())]
    return {spelled(os.fsdecode(name)) for name in raw} | {f"plain{n}" for n in range(6)}


@pytest.fixture(scope="module")
def graded(room):
    code, said, wrong = alone(
        "grade", "class", "-o", "r.db", "--assignment", "brief.py", "--jobs", "1", room=room
    )
    assert (0, "") == (code, wrong), wrong
    return said


def test_everybody_is_graded_under_a_name_of_their_own(room, names, graded):
    said = adjudge("export", "r.db", "--format", "csv", cwd=room).stdout
    rows = [*csv.DictReader(io.StringIO(said))]

    assert 20 == len(names) == len(rows)
    assert {"3"} == {row["out of"] for row in rows}
    assert "20 graded" in graded


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "moodle-worksheet"])
def test_every_format_has_everybody(room, names, graded, form):
    to = room / form
    done = adjudge("export", "r.db", "--format", form, "--to", to, cwd=room)
    assert (0, "") == (done.returncode, done.stderr)
    if to.is_dir():
        assert {file_name(name) for name in names} == {path.name for path in to.iterdir()}
        assert all(json.loads(path.read_text(encoding="utf-8")) for path in to.iterdir())
        return
    text = to.read_text(encoding="utf-8")
    listed = {
        "junit": lambda: len(ElementTree.fromstring(text)),
        "jsonl": lambda: len({json.loads(x)["person"]["key"] for x in text.splitlines()}),
        "canvas": lambda: len([*csv.reader(io.StringIO(text))]) - 2,
    }.get(form, lambda: len([*csv.reader(io.StringIO(text))]) - 1)

    assert 20 == listed()
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", text)


def test_the_page_of_a_class_links_to_everybody(room, names, graded):
    done = adjudge("report", "r.db", "-o", "site", "--jobs", "1", cwd=room)
    assert (0, "") == (done.returncode, done.stderr)
    index = (room / "site" / "index.html").read_text(encoding="utf-8")
    pages = {path.name for path in (room / "site" / "students").iterdir()}

    assert {file_name(name, ".html") for name in names} == pages
    assert pages == set(re.findall(r'href="students/([^"]+)"', index))


@pytest.mark.parametrize(
    "kind", long_where(["Latin-1", "a newline", "turned round"], "Latin-1".__eq__)
)
def test_a_student_is_checked_and_shown_under_the_name(room, graded, kind):
    raw = os.fsdecode(ODD[kind])
    asked = ("check", f"class/{raw}", "--assignment", "brief.py")
    if kind == "Latin-1":  # no text: only a process has such words
        code, said, wrong = alone(*asked, room=room)
    else:
        done = adjudge(*asked, cwd=room)
        code, said, wrong = done.returncode, done.stdout, done.stderr
    assert (1, "") == (code, wrong)
    shown = adjudge("show", "r.db", spelled(raw), cwd=room)

    assert "" == shown.stderr
    for text in (said, shown.stdout):
        assert spelled(raw)[:40] in text
        assert "\u202e" not in text


@pytest.mark.long
@pytest.mark.parametrize("jobs", ["0", "2"])
def test_pytest_has_an_item_for_everybody(room, jobs):
    options = ("--assignment=brief.py", "-p", "no:cacheprovider", "--junitxml", f"{jobs}.xml")
    code, said, wrong = alone("--submission=class", *options, "-n", jobs, room=room, of="pytest")

    assert 1 == code, said + wrong
    assert "20 failed" in said, said + wrong
    assert 20 == len({*ElementTree.parse(room / f"{jobs}.xml").iter("testcase")})


@pytest.mark.long
def test_one_student_is_graded_anew_by_the_name_of_the_file(room, graded):
    raw = os.fsdecode(ODD["Latin-1"])
    words = ("grade", "class", "-o", "r.db", "--assignment", "brief.py", "--jobs", "1", "--only")
    done = adjudge(*words, spelled(raw), cwd=room)

    assert (0, "") == (done.returncode, done.stderr)
    assert (0, "") == alone(*words, raw, room=room)[::2]


def test_xdist_is_not_given_a_path_that_it_cannot_pass_on(room):
    named = b"--submission=class/" + ODD["Latin-1"]
    code, _, wrong = alone(named, "-n", "2", room=room, of="pytest")

    assert 4 == code
    assert r"class/Jos\xe9: pytest-xdist takes no such path" in wrong


@pytest.mark.long
def test_an_archive_of_a_class_lists_everybody(room, tmp_path):
    packed = tmp_path / "class.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for number, name in enumerate(ODD.values()):
            # An archive writes UTF-8; what else stands in one is put in afterwards.
            marked = f"{number}" + "?" * (len(name) - 1)
            archive.writestr(f"{marked}_{number}_assignsubmission_file_/ag.py", CODE)
            archive.writestr(f"{marked}_{number}_assignsubmission_file_/{marked}.txt", b"")
    data = packed.read_bytes()
    for number, name in enumerate(ODD.values()):
        data = data.replace(f"{number}".encode() + b"?" * (len(name) - 1), name)
    packed.write_bytes(data)
    brief.write(tmp_path)
    code, said, wrong = alone(
        "grade", "class.zip", "-o", "r.db", "--assignment", "brief.py", "--jobs", "1", room=tmp_path
    )
    assert (0, "") == (code, wrong), said
    text = adjudge("export", "r.db", "--format", "jsonl", cwd=tmp_path).stdout
    people = [json.loads(line)["person"]["name"] for line in text.splitlines()]

    assert sorted(spelled(os.fsdecode(name)) for name in ODD.values()) == sorted(people)
    assert all(json.loads(line)["out_of"] for line in text.splitlines())


def test_init_and_record_write_to_a_folder_of_any_name(room):
    to = os.fsdecode(ODD["Latin-1"]) + ".d"
    code, said, wrong = alone("init", "github", "-o", to, room=room)

    assert (0, "") == (code, wrong)
    assert "Jos" in said
