"""Archives are read in memory; each hostile kind is refused with one sentence."""

import io
import stat
import struct
import tarfile
import tracemalloc
import warnings
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.intake import archives, submissions
from harness.intake.archives import Limits, open_archive
from harness.intake.files import in_memory, sound
from harness.records.errors import SubmissionError
from harness.records.names import escaped

CODE = b"class ag:\n    x = 1\n"
MIB = 1 << 20
DIRECTORY = b"PK\x01\x02"


def zipped(*members, compression=zipfile.ZIP_DEFLATED, comment=b""):
    """A zip of names, or ZipInfos, with their contents."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as book, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that are there twice
        for name, content in members:
            book.writestr(name, content)
        book.comment = comment
    return packed.getvalue()


def tarred(*members, mode="w"):
    """A tar of names, or TarInfos, with their contents."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode) as book:
        for name, content in members:
            member = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            if member.isreg():
                member.size = len(content)
            book.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def of_kind(name, mode):
    """A zip's member of a kind that zipfile writes only when told so."""
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = mode << 16
    return info


def member(name, kind=tarfile.REGTYPE, target="", **headers):
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.pax_headers = kind, target, headers
    return info


def renamed(data, old, new):
    """The archive with another name of the same length, as no tool would write it."""
    assert data.count(old) == 2
    assert len(old) == len(new)
    return data.replace(old, new)


def changed(data, at, new):
    """The archive with other bytes from there on, as no tool would write it."""
    return data[:at] + new + data[at + len(new) :]


def in_both(data, offset, bits):
    """A zip whose first member has bits turned over in both of its headers."""
    data = bytearray(data)
    for at in (offset, data.index(DIRECTORY) + offset + 2):
        data[at] ^= bits
    return bytes(data)


UTF_8 = 7, 0x08
"""Where a zip says that a name is in UTF-8."""


def contents(data, limits=archives.SUBMISSION):
    files = sound(open_archive(data, "ada.zip", limits))
    return {name: files.read(name, MIB) for name in files.members}


def refusal(data, limits=archives.SUBMISSION):
    with pytest.raises(SubmissionError) as caught:
        contents(data, limits)
    (sentence,) = str(caught.value).splitlines()
    assert sentence.startswith("ada.zip")
    assert sentence.isprintable()
    return sentence


def refusal_within(data, most):
    """The same, where no more memory than that many MiB may be held meanwhile."""
    tracemalloc.start()
    try:
        said = refusal(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < most * MIB
    return said


def names(read):
    return [source.name for source in (*read.main, *(source for _, source in read.siblings))]


# --- what is read -------------------------------------------------------------------------


THREE = ("ag.py", CODE), ("tools/übung.py", b""), ("./notes.txt", b"hello")
ONE, STORED = zipped(("ag.py", CODE)), zipped(("ag.py", CODE), compression=zipfile.ZIP_STORED)
TOLD = {"ag.py": CODE, "tools/übung.py": b"", "notes.txt": b"hello"}
WRITTEN = {
    "zip": (zipped(*THREE), TOLD),
    "stored": (zipped(*THREE, compression=zipfile.ZIP_STORED), TOLD),
    "tar": (tarred(*THREE), TOLD),
    "tar.gz": (tarred(*THREE, mode="w:gz"), TOLD),
    "a zip with a comment": (zipped(*THREE, comment=b"from PK, with love"), TOLD),
    "a name in UTF-8 without the flag that says so": (
        in_both(zipped(THREE[1]), *UTF_8),
        {"tools/übung.py": b""},
    ),
    "odd permissions": (zipped((of_kind("ag.py", stat.S_IFREG | 0o4755), CODE)), {"ag.py": CODE}),
}


@pytest.mark.parametrize(("data", "told"), WRITTEN.values(), ids=WRITTEN)
def test_the_members_of_an_archive_are_read_by_their_names(data, told):
    assert told == contents(data)


def test_an_archive_is_opened_by_what_it_holds_and_not_by_its_name(ada):
    assert "ag" == submissions.read(ada(tarred(("ag.py", CODE), mode="w:gz"))).module


JUNK = (
    *("__MACOSX/hw/._ag.py", "hw/._ag.py", "hw/.DS_Store", "hw/Thumbs.db", "hw/.git/config"),
    *("hw/__pycache__/ag.cpython-311.pyc", "hw/.ipynb_checkpoints/ag-checkpoint.py"),
)


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_what_systems_leave_behind_is_passed_over(pack):
    files = open_archive(pack(("hw/ag.py", CODE), *((name, b"junk") for name in JUNK)), "ada.zip")

    assert ["hw/ag.py"] == list(files.members)
    assert {"__MACOSX", "hw/.git", "hw/__pycache__"} < files.passed_over


def test_folders_are_known_even_where_they_are_empty():
    files = open_archive(zipped(("a/b/ag.py", CODE), ("empty/", b"")), "ada.zip")

    assert {"a", "a/b", "empty"} == files.folders


def test_a_member_is_measured_when_it_is_read():
    for data in (zipped(("ag.py", b"12345")), tarred(("ag.py", b"12345"))):
        files = open_archive(data, "ada.zip")

        assert b"12345" == files.read("ag.py", 5)
        with pytest.raises(SubmissionError, match=r"^ada.zip/ag.py: is larger than"):
            files.read("ag.py", 4)


# --- what is refused ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        pytest.param("/etc/ag.py", "absolute name", id="absolute"),
        pytest.param("//host/ag.py", "absolute name", id="a network's"),
        pytest.param("C:ag.py", "absolute name", id="a drive"),
        pytest.param("c:/ag.py", "absolute name", id="a drive's root"),
        pytest.param("../ag.py", "leaves its folder", id="the folder above"),
        pytest.param("a/../../ag.py", "leaves its folder", id="above from inside"),
        pytest.param("a\\ag.py", "backslash", id="backslash"),
        pytest.param("..\\ag.py", "backslash", id="the folder above on Windows"),
        pytest.param("a//ag.py", "without a meaning", id="an empty part"),
        pytest.param("a" * 1001, "more than 1000 characters", id="too long"),
    ],
)
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_a_name_that_means_harm_is_refused(pack, name, reason):
    assert reason in refusal(pack((name, CODE)))


@pytest.mark.parametrize(
    ("raw", "spelled"),
    [
        pytest.param(b"a\nb.py", r"a\x0ab.py", id="newline"),
        pytest.param(b"a\x1b[31m.py", r"a\x1b[31m.py", id="a terminal's colour"),
        pytest.param("a\u202egp.py".encode(), r"a\u202egp.py", id="text that is turned round"),
        pytest.param(b"a\0b.py", r"a\x00b.py", id="NUL"),
        pytest.param(b"a\xe9.py", r"a\xe9.py", id="Latin-1"),
        pytest.param(b"\x83R.py", r"\x83R.py", id="Shift-JIS"),
        pytest.param(b"\x95\\.py", r"\x95\\.py", id="Shift-JIS with a backslash"),
    ],
)
@pytest.mark.parametrize("beside", [(), ("ag.py",)])
def test_a_name_that_cannot_be_shown_is_read_and_spelled_out(raw, spelled, beside):
    stand_in = b"?" * (len(raw) - 3) + b".py"
    data = zipped(*((name, CODE) for name in (stand_in.decode(), *beside)))
    found = names(submissions.of(open_archive(renamed(data, stand_in, raw), "ada.zip"), "ada"))

    assert sorted({spelled, *beside}) == sorted(found)
    assert "".join(found).isprintable()


def test_a_name_in_a_tar_that_is_not_utf_8_is_read():
    data = tarred(("a\udce9.py", CODE))

    assert [r"a\xe9.py"] == names(submissions.of(open_archive(data, "ada.tar"), "ada"))


@pytest.mark.parametrize("beside", [(), ("é.py", "ag.py")])
def test_a_name_that_lies_about_being_utf_8_costs_no_more_than_its_name(ada, beside):
    data = renamed(zipped(*((name, CODE) for name in ("a?.py", *beside))), b"a?.py", b"a\xe9.py")
    lying = in_both(data, *UTF_8)

    for source in (lying, ada(lying)):
        files = open_archive(source, "ada.zip")
        assert {"a\udce9.py", *beside} == set(files.members)
        assert all(CODE == files.read(name, 1000) for name in files.members)


NO_FILES = {
    "a link": (of_kind("ag.py", stat.S_IFLNK | 0o777), "symbolic link"),
    "a device": (of_kind("ag.py", stat.S_IFCHR), "not a file"),
    "a pipe": (of_kind("ag.py", stat.S_IFIFO), "not a file"),
    "a socket": (of_kind("ag.py", stat.S_IFSOCK), "not a file"),
    "a link in a tar": (member("ag.py", tarfile.SYMTYPE, "/etc/passwd"), "symbolic link"),
    "a hard link": (member("ag.py", tarfile.LNKTYPE, "/etc/passwd"), "hard link"),
    "a character device": (member("ag.py", tarfile.CHRTYPE), "not a file"),
    "a block device": (member("ag.py", tarfile.BLKTYPE), "not a file"),
    "a pipe in a tar": (member("ag.py", tarfile.FIFOTYPE), "not a file"),
    "sparse": (member("ag.py", b"S"), "not a file"),
    "contiguous": (member("ag.py", b"7"), "not a file"),
    "sparse by its extended header": (
        member("ag.py", **{"GNU.sparse.map": "0,1", "GNU.sparse.size": "1000000000"}),
        "not a file",
    ),
}


@pytest.mark.parametrize(("info", "reason"), NO_FILES.values(), ids=NO_FILES)
def test_what_is_not_a_file_is_refused(info, reason):
    pack = tarred if isinstance(info, tarfile.TarInfo) else zipped

    assert reason in refusal(pack((info, b"/etc/passwd")))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("ag.py", "ag.py", id="the same"),
        pytest.param("ag.py", "./ag.py", id="the same in other words"),
        pytest.param("ag.py", "AG.py", id="but for case"),
        pytest.param("stra\u00dfe.py", "STRASSE.py", id="but for the folding of a letter"),
        pytest.param("\u00e9.py", "e\u0301.py", id="but for the form of a letter"),
        pytest.param("hw/ag.py", "HW/ag.py", id="but for the case of a folder"),
    ],
)
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_two_files_of_one_name_are_refused(pack, one, other):
    data = pack((one, CODE), (other, b"print('other')"), ("helper.py", CODE))
    files = open_archive(data, "ada.zip")

    assert "two files of one name" in refusal(data)
    assert ["helper.py"] == list(files.members)


def circular():
    """A tar whose member says that it is smaller than nothing."""
    header = bytearray(tarfile.TarInfo("ag.py").tobuf())
    header[124:136] = b"\xff" * 8 + struct.pack(">i", -1024)
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) * 3


TOO_MUCH = changed(ONE, ONE.index(DIRECTORY) + 24, struct.pack("<I", 5000))
NEITHER = "is neither a .py file, a notebook nor a zip or tar"
REFUSED = {
    "a hostile name hidden by a folder of a Mac's": (
        zipped(("__MACOSX/../ag.py", CODE)), "leaves its folder"),
    "a hostile name hidden by a repository": (
        zipped((".git/../../ag.py", CODE)), "leaves its folder"),
    "encrypted": (in_both(ONE, 6, 0x01), "encrypted"),
    "encrypted in a newer way": (in_both(ONE, 6, 0x40), "encrypted"),
    "packed by bzip2": (zipped(("ag.py", CODE), compression=zipfile.ZIP_BZIP2), "rare way"),
    "packed by LZMA": (zipped(("ag.py", CODE), compression=zipfile.ZIP_LZMA), "rare way"),
    "a member that is smaller than the zip says": (TOO_MUCH, "is damaged"),
    "a member of other bytes": (changed(STORED, STORED.index(CODE), b"C"), "is damaged"),
    "a tar whose member is cut short": (tarred(("ag.py", bytes(5000)))[:2000], ""),
    "a tar that goes round in circles": (circular(), ""),
    "empty": (b"", NEITHER),
    "Python": (CODE, NEITHER),
    "rar": (b"Rar!\x1a\x07\x01\x00" + bytes(100), NEITHER),
    "7z": (b"7z\xbc\xaf\x27\x1c" + bytes(100), NEITHER),
}  # fmt: skip


@pytest.mark.parametrize(("data", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_or_is_another_kind_of_file_is_refused(data, reason):
    assert reason in refusal(data)


EMPTY = [(f"{n}.py", b"") for n in range(200)]


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_too_many_members_are_refused(pack):
    assert "holds more than 10 files" in refusal(pack(*EMPTY[:11]), Limits(10, MIB))
    assert sound(open_archive(pack(*EMPTY[:10]), "ada.zip", Limits(10, MIB)))


def test_a_list_of_members_that_is_too_long_is_refused_before_it_is_parsed(monkeypatch):
    data = zipped(*EMPTY)
    monkeypatch.setattr(zipfile, "ZipFile", None)

    assert "holds more than 10 files" in refusal(data, Limits(10, MIB))


def test_members_that_are_too_large_together_are_refused():
    data = zipped(*((f"{n}.py", b"#" * 1000) for n in range(11)))

    assert "is larger than" in refusal(data, Limits(100, 10_999))
    assert sound(open_archive(data, "ada.zip", Limits(100, 11_000)))


def test_a_member_that_grows_a_hundredfold_is_refused():
    data = zipped(("ag.py", CODE), ("data.bin", bytes(archives.SMALL + MIB)))

    assert "grows more than a hundredfold" in refusal(data)


def test_a_compressed_tar_that_grows_a_hundredfold_is_refused_without_being_held():
    data = tarred(("data.bin", bytes(64 * MIB)), mode="w:gz")

    assert "grows more than a hundredfold" in refusal_within(data, 48)


def test_a_tar_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(archives, "LARGEST_TAR", 10_000)

    assert "is larger than" in refusal(tarred(("ag.py", bytes(10_000))))


def test_a_zip_that_hides_how_large_a_member_is_gives_no_more_than_it_says():
    data = zipped(("ag.py", bytes(archives.SMALL)))
    for at in (22, data.index(DIRECTORY) + 24):
        data = changed(data, at, struct.pack("<I", 1000))

    assert "is damaged" in refusal_within(data, 8)


@pytest.mark.parametrize("data", [zipped(("ag.py", CODE)), tarred(("ag.py", CODE), mode="w:gz")])
def test_an_archive_that_is_cut_short_is_refused(data):
    for length in range(4, len(data), 7):
        assert refusal(data[:length])


def test_one_bad_member_does_not_hide_the_good_ones_from_whoever_asks():
    files = open_archive(zipped(("ada/ag.py", CODE), ("bob/../ag.py", CODE)), "class.zip")

    assert CODE == files.read("ada/ag.py", MIB)
    assert ["bob/../ag.py"] == [name for name, _ in files.refused]


def test_nothing_is_written_when_an_archive_is_read(ada, tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    path = ada(zipped(("hw/ag.py", CODE), ("hw/deep.zip", zipped(("x.py", CODE)))))
    submissions.read(path)

    assert [path, tmp_path / "here"] == sorted(tmp_path.rglob("*"))


# --- any bytes ----------------------------------------------------------------------------

WHOLE = (
    zipped(("ag.py", CODE), ("a/b.py", CODE * 9), ("c/", b"")),
    tarred(("ag.py", CODE), ("a/b.py", CODE * 9)),
    tarred(("ag.py", CODE), ("a" * 150, CODE), mode="w:gz"),
)


def read_or_refused(data):
    """Whether everything is read; anything but a refusal in one sentence is an error."""
    said = "x"
    try:
        contents(data)
        submissions.of(open_archive(data, "ada.zip"), "ada")
    except SubmissionError as problem:
        said = str(problem)
    assert 1 == len(said.splitlines())
    assert escaped(said) == said
    return said == "x"


@given(st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b"]), st.binary())
def test_any_bytes_are_refused_and_nothing_else_is_raised(head, data):
    read_or_refused(head + data)


@given(
    st.sampled_from(WHOLE),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=20),
)
def test_an_archive_with_any_bytes_changed_is_read_or_refused(data, changes):
    changed = bytearray(data)
    for at, value in changes:
        changed[int(at * len(data))] = value

    assert read_or_refused(bytes(changed)) or changes


@given(st.text(min_size=1, max_size=30), st.sampled_from([zipped, tarred]))
def test_a_member_of_any_name_is_read_under_a_plain_name_or_refused(name, pack):
    try:
        data = pack((name, CODE))
    except (ValueError, IndexError):
        return  # a name that no archive can hold
    files = open_archive(data, "ada.zip")
    for found in files.members:
        assert not found.startswith("/")
        assert not {"", ".", ".."} & set(found.split("/"))
        assert "\\" not in found


# --- submissions in archives --------------------------------------------------------------


@pytest.fixture
def ada(tmp_path):
    """Writes an archive as what Ada handed in."""

    def written(data, name="ada.zip"):
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    return written


def test_a_submission_in_a_zip_is_the_submission_in_its_folder(ada, tmp_path):
    members = (("tools/a.py", CODE), ("tools/__init__.py", b""), ("ag.py", CODE))
    for name, content in members:
        (tmp_path / "ada" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "ada" / name).write_bytes(content)

    assert submissions.read(tmp_path / "ada") == submissions.read(
        ada(zipped(("hw.txt", b""), *members))
    )


def test_a_submission_is_read_from_bytes_in_memory(tmp_path):
    (tmp_path / "ag.py").write_bytes(CODE)
    read = submissions.of(in_memory({"ag.py": CODE}, "upload"), "ada")

    assert submissions.read(tmp_path / "ag.py").digest == read.digest
    with pytest.raises(SubmissionError, match=r"^upload/ag.py: is larger than 1 MiB"):
        submissions.of(in_memory({"ag.py": b"#" * (MIB + 1)}, "upload"), "ada")


def test_the_folders_around_a_module_are_passed_through(ada):
    data = zipped(("hw/src/ag.py", CODE), ("hw/src/b.py", CODE), ("hw/README", b""))
    read = submissions.read(ada(data))

    assert ("ada", "ag", ["ag.py", "b.py"]) == (read.name, read.module, names(read))


DEEP = zipped(("ag.zip", zipped(("ag.py", CODE))))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(DEEP, id="a zip in a zip"),
        pytest.param(zipped(("ag.py", CODE), ("d.zip", b"PK\x03\x04 is bad")), id="one beside it"),
    ],
)
def test_the_module_is_found_in_or_beside_another_archive(ada, data):
    assert "ag" == submissions.read(ada(data)).module


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(
            zipped(("a/ag.py", CODE), ("b/ag.py", CODE)), "has no module to grade", id="two folders"
        ),
        pytest.param(
            zipped(("hw.zip", DEEP)),
            "ada.zip/hw.zip/ag.zip: is packed more than 2 times; pack it once",
            id="deeper",
        ),
    ],
)
def test_a_module_that_is_packed_unclearly_is_refused(ada, data, reason):
    path = ada(data)
    with pytest.raises(SubmissionError) as told:
        submissions.read(path)

    assert str(path) in str(told.value)
    assert reason in str(told.value)


def test_an_archive_is_held_to_the_limit_of_archives(ada, monkeypatch):
    monkeypatch.setattr(archives, "LARGEST_ARCHIVE", 10)

    with pytest.raises(SubmissionError, match="is larger than 0 MiB"):
        submissions.read(ada(ONE))


def test_a_link_to_an_archive_is_refused(ada, tmp_path):
    (tmp_path / "ada.zip").symlink_to(ada(ONE, "real.zip"))

    with pytest.raises(SubmissionError, match="is a symbolic link"):
        submissions.read(tmp_path / "ada.zip")


@pytest.mark.parametrize("name", ["ada.zip", "ada.tar", "ada.tar.gz", "ada.tgz", "ada.TGZ"])
def test_an_archive_is_a_submission_and_is_called_by_its_name(ada, tmp_path, name):
    path = ada(tarred(("ag.py", CODE)), name)

    assert (path,) == submissions.find(tmp_path)
    assert "ada" == submissions.name(path)
