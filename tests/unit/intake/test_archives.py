"""Archives are read in memory; each hostile kind is refused with one sentence."""

import io
import random
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


def zipped(*members, compression=zipfile.ZIP_DEFLATED):
    """A zip of names, or ZipInfos, with their contents."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as book, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that are there twice
        for name, content in members:
            book.writestr(name, content)
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


def member(name, kind, target=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def renamed(data, old, new):
    """The archive with another name of the same length, as no tool would write it."""
    assert data.count(old) == 2
    assert len(old) == len(new)
    return data.replace(old, new)


def flagged(data, bit):
    """A zip whose first member has a flag set in both of its headers."""
    flags = bytearray(data)
    for at in (6, data.index(b"PK\x01\x02") + 8):
        flags[at] |= bit
    return bytes(flags)


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


# --- what is read -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pack",
    [
        pytest.param(zipped, id="zip"),
        pytest.param(lambda *m: zipped(*m, compression=zipfile.ZIP_STORED), id="stored"),
        pytest.param(tarred, id="tar"),
        pytest.param(lambda *m: tarred(*m, mode="w:gz"), id="tar.gz"),
    ],
)
def test_the_members_of_an_archive_are_read_by_their_names(pack):
    data = pack(("ag.py", CODE), ("tools/übung.py", b""), ("./notes.txt", b"hello"))

    assert {"ag.py": CODE, "tools/übung.py": b"", "notes.txt": b"hello"} == contents(data)


def test_a_name_in_utf_8_is_read_without_the_flag_that_says_so():
    data = zipped(("a\u00e9.py", CODE))
    at = data.index(b"PK\x01\x02")
    plain = bytearray(data)
    plain[7] &= ~0x08
    plain[at + 9] &= ~0x08

    assert {"a\u00e9.py": CODE} == contents(bytes(plain))


def test_an_archive_is_opened_by_what_it_holds_and_not_by_its_name(tmp_path):
    path = tmp_path / "ada.zip"
    path.write_bytes(tarred(("ag.py", CODE), mode="w:gz"))

    assert "ag" == submissions.read(path).module


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_what_systems_leave_behind_is_passed_over(pack):
    data = pack(
        ("hw/ag.py", CODE),
        ("__MACOSX/hw/._ag.py", b"junk"),
        ("hw/._ag.py", b"junk"),
        ("hw/.DS_Store", b"junk"),
        ("hw/Thumbs.db", b"junk"),
        ("hw/__pycache__/ag.cpython-311.pyc", b"junk"),
        ("hw/.ipynb_checkpoints/ag-checkpoint.py", b"junk"),
        ("hw/.git/config", b"junk"),
    )
    files = open_archive(data, "ada.zip")

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


def test_a_zip_with_a_comment_is_read(tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as book:
        book.writestr("ag.py", CODE)
        book.comment = b"from PK, with love"

    assert {"ag.py": CODE} == contents(packed.getvalue())


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


@pytest.mark.parametrize("junk", ["__MACOSX/../ag.py", ".git/../../ag.py"])
def test_a_hostile_name_is_not_hidden_by_junk_on_its_way(junk):
    assert "leaves its folder" in refusal(zipped((junk, CODE)))


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
@pytest.mark.parametrize("beside", [True, False])
def test_a_name_that_cannot_be_shown_is_read_and_spelled_out(raw, spelled, beside):
    stand_in = b"?" * (len(raw) - 3) + b".py"
    contents = [(stand_in.decode(), CODE)]
    contents += [("ag.py", CODE)] if beside else []
    data = renamed(zipped(*contents), stand_in, raw)
    found = submissions.of(open_archive(data, "ada.zip"), "ada")
    names = [source.name for source in (*found.main, *(s for _, s in found.siblings))]

    assert sorted({spelled, *["ag.py"] * beside}) == sorted(names)
    assert "".join(names).isprintable()


def test_a_name_in_a_tar_that_is_not_utf_8_is_read():
    data = tarred(("a\udce9.py", CODE))

    assert r"a\xe9.py" == submissions.of(open_archive(data, "ada.tar"), "ada").main[0].name


@pytest.mark.parametrize("beside", [(), (("é.py", CODE), ("ag.py", CODE))])
def test_a_name_that_lies_about_being_utf_8_costs_no_more_than_its_name(tmp_path, beside):
    data = flagged(renamed(zipped(("a?.py", CODE), *beside), b"a?.py", b"a\xe9.py"), 0)
    at = data.index(b"PK\x01\x02")
    lying = bytearray(data)
    lying[7] |= 0x08
    lying[at + 9] |= 0x08

    (tmp_path / "ada.zip").write_bytes(lying)

    for source in (bytes(lying), tmp_path / "ada.zip"):
        files = open_archive(source, "ada.zip")
        assert {"a\udce9.py", *(name for name, _ in beside)} == set(files.members)
        assert all(CODE == files.read(name, 1000) for name in files.members)


@pytest.mark.parametrize(
    ("info", "reason"),
    [
        pytest.param(of_kind("ag.py", stat.S_IFLNK | 0o777), "symbolic link", id="link"),
        pytest.param(of_kind("ag.py", stat.S_IFCHR), "not a file", id="device"),
        pytest.param(of_kind("ag.py", stat.S_IFIFO), "not a file", id="pipe"),
        pytest.param(of_kind("ag.py", stat.S_IFSOCK), "not a file", id="socket"),
    ],
)
def test_what_is_not_a_file_is_refused_in_a_zip(info, reason):
    assert reason in refusal(zipped((info, b"/etc/passwd")))


@pytest.mark.parametrize(
    ("info", "reason"),
    [
        pytest.param(member("ag.py", tarfile.SYMTYPE, "/etc/passwd"), "symbolic link", id="link"),
        pytest.param(member("ag.py", tarfile.LNKTYPE, "/etc/passwd"), "hard link", id="hard link"),
        pytest.param(member("ag.py", tarfile.CHRTYPE), "not a file", id="character device"),
        pytest.param(member("ag.py", tarfile.BLKTYPE), "not a file", id="block device"),
        pytest.param(member("ag.py", tarfile.FIFOTYPE), "not a file", id="pipe"),
        pytest.param(member("ag.py", b"S"), "not a file", id="sparse"),
        pytest.param(member("ag.py", b"7"), "not a file", id="contiguous"),
    ],
)
def test_what_is_not_a_file_is_refused_in_a_tar(info, reason):
    assert reason in refusal(tarred((info, b"")))


def test_a_file_that_is_sparse_by_its_extended_header_is_refused():
    info = tarfile.TarInfo("ag.py")
    info.pax_headers = {"GNU.sparse.map": "0,1", "GNU.sparse.size": "1000000000"}

    assert "not a file" in refusal(tarred((info, b"x")))


def test_a_file_of_ordinary_kind_is_read_whatever_its_permissions():
    data = zipped((of_kind("ag.py", stat.S_IFREG | 0o4755), CODE))

    assert {"ag.py": CODE} == contents(data)


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


@pytest.mark.parametrize("bit", [0x01, 0x40])
def test_an_encrypted_member_is_refused(bit):
    assert "encrypted" in refusal(flagged(zipped(("ag.py", CODE)), bit))


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_compression_that_cannot_be_read_by_and_by_is_refused(compression):
    assert "rare way" in refusal(zipped(("ag.py", CODE), compression=compression))


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_too_many_members_are_refused(pack):
    members = [(f"{n}.py", b"") for n in range(11)]

    assert "holds more than 10 files" in refusal(pack(*members), Limits(10, MIB))
    assert sound(open_archive(pack(*members[:10]), "ada.zip", Limits(10, MIB)))


def test_a_list_of_members_that_is_too_long_is_refused_before_it_is_parsed(monkeypatch):
    data = zipped(*((f"{n}.py", b"") for n in range(200)))
    monkeypatch.setattr(zipfile, "ZipFile", None)

    assert "holds more than 10 files" in refusal(data, Limits(10, MIB))


def test_members_that_are_too_large_together_are_refused():
    data = zipped(*((f"{n}.py", b"#" * 1000) for n in range(11)))

    assert "is larger than" in refusal(data, Limits(100, 10_999))
    assert sound(open_archive(data, "ada.zip", Limits(100, 11_000)))


def test_a_member_that_grows_a_hundredfold_is_refused():
    data = zipped(("ag.py", CODE), ("data.bin", bytes(200 * MIB)))

    assert "grows more than a hundredfold" in refusal(data)


def test_a_compressed_tar_that_grows_a_hundredfold_is_refused_without_being_held():
    data = tarred(("data.bin", bytes(64 * MIB)), mode="w:gz")
    tracemalloc.start()
    try:
        said = refusal(data)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert "grows more than a hundredfold" in said
    assert most < 48 * MIB


def test_a_tar_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(archives, "LARGEST_TAR", 10_000)

    assert "is larger than" in refusal(tarred(("ag.py", bytes(10_000))))


def test_a_zip_that_hides_how_large_a_member_is_gives_no_more_than_it_says():
    data = bytearray(zipped(("ag.py", bytes(50 * MIB))))
    directory = data.index(b"PK\x01\x02")
    for at in (22, directory + 24):
        data[at : at + 4] = struct.pack("<I", 1000)
    tracemalloc.start()
    try:
        said = refusal(bytes(data))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert "is damaged" in said
    assert most < 8 * MIB


def test_a_zip_that_says_that_a_member_is_larger_than_it_is_is_refused():
    data = bytearray(zipped(("ag.py", CODE)))
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = struct.pack("<I", 5000)

    assert "is damaged" in refusal(bytes(data))


def test_a_member_whose_bytes_were_changed_is_refused():
    data = bytearray(zipped(("ag.py", CODE), compression=zipfile.ZIP_STORED))
    data[data.index(CODE)] ^= 1

    assert "is damaged" in refusal(bytes(data))


@pytest.mark.parametrize("data", [zipped(("ag.py", CODE)), tarred(("ag.py", CODE), mode="w:gz")])
def test_an_archive_that_is_cut_short_is_refused(data):
    for length in range(4, len(data), 7):
        assert refusal(data[:length])


def test_a_tar_whose_member_is_cut_short_is_refused():
    data = tarred(("ag.py", bytes(5000)))[:2000]

    assert refusal(data)


def test_a_tar_that_goes_round_in_circles_is_refused():
    header = bytearray(tarfile.TarInfo("ag.py").tobuf())
    header[124:136] = b"\xff" * 8 + struct.pack(">i", -1024)  # a size below zero
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)

    assert refusal(bytes(header) * 3)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(CODE, id="Python"),
        pytest.param(b"Rar!\x1a\x07\x01\x00" + bytes(100), id="rar"),
        pytest.param(b"7z\xbc\xaf\x27\x1c" + bytes(100), id="7z"),
    ],
)
def test_another_kind_of_file_is_refused(data):
    assert "is neither a .py file, a notebook nor a zip or tar" in refusal(data)


def test_one_bad_member_does_not_hide_the_good_ones_from_whoever_asks():
    files = open_archive(zipped(("ada/ag.py", CODE), ("bob/../ag.py", CODE)), "class.zip")

    assert CODE == files.read("ada/ag.py", MIB)
    assert ["bob/../ag.py"] == [name for name, _ in files.refused]


def test_nothing_is_written_when_an_archive_is_read(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    path = tmp_path / "ada.zip"
    path.write_bytes(zipped(("hw/ag.py", CODE), ("hw/deep.zip", zipped(("x.py", CODE)))))
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
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=4),
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


def test_a_tar_of_noise_is_refused():
    noise = random.Random(577)
    for _ in range(200):
        data = bytearray(WHOLE[1])
        for _ in range(20):
            data[noise.randrange(len(data))] = noise.randrange(256)
        read_or_refused(bytes(data))


# --- submissions in archives --------------------------------------------------------------


def test_a_submission_in_a_zip_is_the_submission_in_its_folder(tmp_path):
    folder = tmp_path / "ada"
    for name, content in (("ag.py", CODE), ("tools/__init__.py", b""), ("tools/a.py", CODE)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (tmp_path / "ada.zip").write_bytes(
        zipped(("tools/a.py", CODE), ("hw.txt", b""), ("tools/__init__.py", b""), ("ag.py", CODE))
    )

    assert submissions.read(folder) == submissions.read(tmp_path / "ada.zip")


def test_a_submission_is_read_from_bytes_in_memory(tmp_path):
    (tmp_path / "ag.py").write_bytes(CODE)
    read = submissions.of(in_memory({"ag.py": CODE}, "upload"), "ada")

    assert submissions.read(tmp_path / "ag.py").digest == read.digest
    with pytest.raises(SubmissionError, match=r"^upload/ag.py: is larger than 1 MiB"):
        submissions.of(in_memory({"ag.py": b"#" * (MIB + 1)}, "upload"), "ada")


def test_the_folders_around_a_module_are_passed_through(tmp_path):
    path = tmp_path / "ada.zip"
    path.write_bytes(zipped(("hw/src/ag.py", CODE), ("hw/src/b.py", CODE), ("hw/README", b"")))
    read = submissions.read(path)

    assert ("ada", "ag", "ag.py") == (read.name, read.module, read.main[0].name)
    assert ["b"] == [name for name, _ in read.siblings]


def test_two_folders_leave_it_open_which_is_meant(tmp_path):
    path = tmp_path / "ada.zip"
    path.write_bytes(zipped(("a/ag.py", CODE), ("b/ag.py", CODE)))

    with pytest.raises(SubmissionError, match="has no module to grade"):
        submissions.read(path)


def test_a_zip_in_a_zip_is_read_and_one_deeper_is_refused(tmp_path):
    path = tmp_path / "ada.zip"
    once = zipped(("ag.py", CODE))
    path.write_bytes(zipped(("hw.zip", once)))

    assert "ag" == submissions.read(path).module

    path.write_bytes(zipped(("hw.zip", zipped(("ag.zip", once)))))
    with pytest.raises(SubmissionError, match="is packed more than 2 times; pack it once") as told:
        submissions.read(path)
    assert f"{path}/hw.zip/ag.zip" in str(told.value)


def test_an_archive_beside_a_module_is_not_opened(tmp_path):
    path = tmp_path / "ada.zip"
    path.write_bytes(zipped(("ag.py", CODE), ("data.zip", b"PK\x03\x04 is damaged")))

    assert "ag" == submissions.read(path).module


def test_an_archive_is_held_to_the_limit_of_archives(tmp_path, monkeypatch):
    path = tmp_path / "ada.zip"
    path.write_bytes(zipped(("ag.py", CODE)))
    monkeypatch.setattr(archives, "LARGEST_ARCHIVE", 10)

    with pytest.raises(SubmissionError, match="is larger than 0 MiB"):
        submissions.read(path)


def test_a_link_to_an_archive_is_refused(tmp_path):
    (tmp_path / "real.zip").write_bytes(zipped(("ag.py", CODE)))
    (tmp_path / "ada.zip").symlink_to(tmp_path / "real.zip")

    with pytest.raises(SubmissionError, match="is a symbolic link"):
        submissions.read(tmp_path / "ada.zip")


@pytest.mark.parametrize("name", ["ada.zip", "ada.tar", "ada.tar.gz", "ada.tgz", "ada.TGZ"])
def test_an_archive_is_a_submission_and_is_called_by_its_name(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(tarred(("ag.py", CODE)))

    assert (path,) == submissions.find(tmp_path)
    assert "ada" == submissions.name(path)
