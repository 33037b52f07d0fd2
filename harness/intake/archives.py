"""Read archives in memory: nothing is ever unpacked to disk, and hostile ones are refused.

A member is read when it is asked for and up to a size; what its header says is checked, never
believed. A bad member is noted beside the good ones, so that in the archive of a whole class it
costs the one who handed it in and nobody else.
"""

from __future__ import annotations

import gzip
import io
import os
import re
import stat
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from harness.intake.files import Files, bytes_of, junk_in, larger, shown
from harness.records.errors import SubmissionError

SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz")
LARGEST_ARCHIVE = 64 << 20
"""Bytes of one archive that a student handed in."""
LARGEST_TAR = 256 << 20
"""Bytes of a tar once it is decompressed: it has no list of members and is held whole."""
HIGHEST_RATIO = 100
"""How many times larger than packed a member may be; Python and notebooks come to 3 to 30."""
SMALL = 16 << 20
"""Bytes below which no ratio is too high: the output of a notebook may be one line, repeated."""
LONGEST_NAME = 1000
"""Characters of a member's name."""
DIRECTORY_ENTRY = 400
"""Bytes that one member takes in a zip's list on a generous average."""

_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True)
class Limits:
    """How much one archive may hold."""

    members: int
    unpacked: int
    """Bytes of all members together, by their headers; a member is measured when it is read."""


SUBMISSION = Limits(2_000, 256 << 20)
CLASS = Limits(100_000, 16 << 30)


@dataclass
class _Members:
    """What has been found in an archive so far."""

    where: str
    sound: dict[str, str] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)
    refused: list[tuple[str, str]] = field(default_factory=list)
    passed_over: set[str] = field(default_factory=set)
    seen: dict[str, str] = field(default_factory=dict)

    def refuse(self, name: str, reason: str) -> None:
        self.sound.pop(name, None)
        self.refused.append((name, f"{self.where}: {reason.format(shown(name))}"))

    def files(self, read: Callable[[str, int], bytes]) -> Files:
        return Files(
            self.where,
            self.sound,
            read,
            frozenset(self.folders),
            tuple(self.refused),
            frozenset(self.passed_over),
        )


def is_archive(name: str) -> bool:
    """Whether a file's name is that of an archive."""
    return name.lower().endswith(SUFFIXES)


def stem(name: str) -> str:
    """A file's name without its suffix, or without both of a .tar.gz."""
    for suffix in sorted(SUFFIXES, key=len, reverse=True):
        if name.lower().endswith(suffix):
            return name[: -len(suffix)]
    return name.rsplit(".", 1)[0] if "." in name[1:] else name


def open_archive(source: Path | bytes, where: str, limits: Limits = SUBMISSION) -> Files:
    """Lists the members of a zip or tar, by what it holds and not by what it is called.

    Args:
        source: the archive's bytes, or the path of one that the caller trusts to be a file.
        where: what messages call it.
        limits: how much it may hold.

    Raises:
        SubmissionError: it is no archive, is damaged or too large.
    """
    try:
        head = _head(source)
    except OSError as problem:
        reason = os.strerror(problem.errno or 0)
        raise SubmissionError(f"{where}: cannot be opened ({reason})") from None
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip(source, where, limits)
    if head.startswith(b"\x1f\x8b") or head[257:262] == b"ustar":
        return _tar(source, where, limits)
    raise SubmissionError(
        f"{where}: is neither a .py file, a notebook nor a zip or tar, whatever its name says"
    )


def _head(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source[:512]
    with source.open("rb") as file:
        return file.read(512)


# --- names ----------------------------------------------------------------------------------


def wrong_with(name: str) -> str:
    """Why a member must not have this name, with {} for the name; or nothing."""
    if len(name) > LONGEST_NAME:
        return f"holds a name of more than {LONGEST_NAME} characters ({{}}); pack the code alone"
    # In Shift-JIS and its like a backslash may be half of a letter.
    if "\\" in name and not any("\udc80" <= c <= "\udcff" for c in name):
        return "holds a name with a backslash ({}); pack it with another tool, as a zip"
    parts = name.removesuffix("/").split("/")
    if name.startswith("/") or _DRIVE.match(name):
        return "holds an absolute name ({}); pack the folder again"
    if ".." in parts:
        return "holds a name that leaves its folder ({}); pack the folder again"
    if "" in parts:
        return "holds a name without a meaning ({}); pack the folder again"
    return ""


def _admit(found: _Members, name: str, *, folder: bool) -> str:
    """The plain name of a member that is a candidate, or nothing where it is dealt with."""
    reason = wrong_with(name)
    if reason:
        found.refuse(name, reason)
        return ""
    plain = "/".join(one for one in name.split("/") if one not in ("", "."))
    junk = junk_in(plain)
    if junk:
        found.passed_over.add(junk)
    if junk or not plain:
        return ""
    parts = plain.split("/")
    for end in range(1, len(parts) + folder):
        found.folders.add("/".join(parts[:end]))
    return "" if folder else plain


def _enter(found: _Members, name: str) -> None:
    """Takes a member up, unless another has the same name on some machine."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
    if folded in found.seen:
        for twin in dict.fromkeys((name, found.seen[folded])):
            found.refuse(twin, "holds two files of one name ({}); keep one of them")
    else:
        found.seen[folded] = name
        found.sound[name] = f"{found.where}/{name}"


# --- zip ------------------------------------------------------------------------------------


def _zip(source: Path | bytes, where: str, limits: Limits) -> Files:
    try:
        size, behind = _directory(source)
        if size > limits.members * DIRECTORY_ENTRY:
            raise SubmissionError(_too_many(where, limits))
        try:
            packed = zipfile.ZipFile(source if isinstance(source, Path) else io.BytesIO(source))
        except UnicodeDecodeError:
            whole = source if isinstance(source, bytes) else bytes_of(source, LARGEST_TAR)
            packed = zipfile.ZipFile(io.BytesIO(_unflagged(whole, size, behind)))
    except SubmissionError:
        raise
    except Exception as problem:  # zipfile lets struct, codecs and others raise what they like
        raise SubmissionError(_damaged(where, problem)) from None
    infos = packed.infolist()
    if len(infos) > limits.members:
        raise SubmissionError(_too_many(where, limits))
    if sum(info.file_size for info in infos) > limits.unpacked:
        raise SubmissionError(_too_large(where, limits.unpacked))
    found, by_name = _Members(where), dict[str, zipfile.ZipInfo]()
    for info in infos:
        name = _admit(found, _zip_name(info), folder=info.orig_filename.endswith("/"))
        if not name:
            continue
        reason = _wrong_with_zipped(info)
        if reason:
            found.refuse(name, reason)
        else:
            by_name[name] = info
            _enter(found, name)

    def read(name: str, most: int) -> bytes:
        return _unzipped(packed, by_name[name], f"{where}/{name}", most)

    return found.files(read)


def _directory(source: Path | bytes) -> tuple[int, int]:
    """Bytes of a zip's list of members and behind it, found as zipfile does but not parsed."""
    length = 22 + 65535 + 20 + 56
    if isinstance(source, Path):
        with source.open("rb") as file:
            file.seek(max(0, file.seek(0, io.SEEK_END) - length))
            tail = file.read(length)
    else:
        tail = source[-length:]
    plain = tail[-22:-18] == b"PK\x05\x06" and tail[-2:] == b"\0\0"
    at = len(tail) - 22 if plain else tail.rfind(b"PK\x05\x06", max(0, len(tail) - 22 - 65535))
    if at < 0:
        raise ValueError("its list of members is missing")
    size = int.from_bytes(tail[at + 12 : at + 16], "little")
    large = tail[max(0, at - 76) : at]
    if large[:4] == b"PK\x06\x06" and large[56:60] == b"PK\x06\x07":
        return int.from_bytes(large[40:48], "little"), len(tail) - at + 76
    return size, len(tail) - at


def _unflagged(data: bytes, size: int, behind: int) -> bytes:
    """A zip in whose list no name is said to be UTF-8 that is not: one such name costs no more."""
    honest, at = bytearray(data), len(data) - behind - size
    while honest[at : at + 4] == b"PK\x01\x02":
        lengths = [int.from_bytes(honest[at + n : at + n + 2], "little") for n in (28, 30, 32)]
        try:
            honest[at + 46 : at + 46 + lengths[0]].decode()
        except UnicodeDecodeError:
            honest[at + 9] &= ~0x08
            header = int.from_bytes(honest[at + 42 : at + 46], "little")
            if honest[header : header + 4] == b"PK\x03\x04":
                honest[header + 7] &= ~0x08
        at += 46 + sum(lengths)
    return bytes(honest)


def _zip_name(info: zipfile.ZipInfo) -> str:
    """A member's name, read as UTF-8 whatever its flag says; other bytes become surrogates."""
    if info.flag_bits & 0x800:
        return info.orig_filename
    return info.orig_filename.encode("cp437").decode("utf-8", "surrogateescape")


def _wrong_with_zipped(info: zipfile.ZipInfo) -> str:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "holds a symbolic link ({}); pack the file itself"
    if kind not in (0, stat.S_IFREG):
        return "holds something that is not a file ({}); pack the code alone"
    if info.flag_bits & 0x41:
        return "holds an encrypted file ({}); pack it without a password"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "holds a file that is packed in a rare way ({}); pack it as an ordinary zip"
    if _bomb(info.file_size, info.compress_size):
        return "holds a file that grows more than a hundredfold ({}); pack the code alone"
    return ""


def _unzipped(packed: zipfile.ZipFile, info: zipfile.ZipInfo, at: str, most: int) -> bytes:
    try:
        with packed.open(info) as file:
            data = file.read(most + 1)
    except Exception as problem:
        raise SubmissionError(_damaged(at, problem)) from None
    if len(data) > most:
        raise SubmissionError(larger(at, most))
    if len(data) != info.file_size:
        raise SubmissionError(_damaged(at, ValueError("its size is not what the archive says")))
    return data


# --- tar ------------------------------------------------------------------------------------


def _tar(source: Path | bytes, where: str, limits: Limits) -> Files:
    try:
        data = _tar_bytes(source, where)
        found, places = _Members(where), dict[str, tuple[int, int]]()
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as packed:
            # One by one: a crafted tar can go round in circles.
            for count, member in enumerate(packed, 1):
                if count > limits.members:
                    raise SubmissionError(_too_many(where, limits))
                name = _admit(found, member.name, folder=member.isdir())
                if not name:
                    continue
                reason = _wrong_with_member(member, len(data))
                if reason:
                    found.refuse(name, reason)
                else:
                    places[name] = member.offset_data, member.offset_data + member.size
                    _enter(found, name)
    except SubmissionError:
        raise
    except Exception as problem:  # tarfile lets its parts raise what they like
        raise SubmissionError(_damaged(where, problem)) from None

    def read(name: str, most: int) -> bytes:
        start, end = places[name]
        if end - start > most:
            raise SubmissionError(larger(f"{where}/{name}", most))
        return data[start:end]

    return found.files(read)


def _tar_bytes(source: Path | bytes, where: str) -> bytes:
    """A tar's bytes, decompressed; never more than the limit is held."""
    with source.open("rb") if isinstance(source, Path) else io.BytesIO(source) as file:
        packed = file.seek(0, io.SEEK_END)
        file.seek(0)
        zipped = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        most = min(LARGEST_TAR, max(SMALL, packed * HIGHEST_RATIO)) if zipped else LARGEST_TAR
        if not zipped:
            data = file.read(most + 1)
        else:
            with gzip.GzipFile(fileobj=file) as stream:
                data = stream.read(most + 1)
    if len(data) > LARGEST_TAR:
        raise SubmissionError(_too_large(where, LARGEST_TAR))
    if len(data) > most:
        raise SubmissionError(f"{where}: grows more than a hundredfold; pack the code alone")
    return data


def _wrong_with_member(member: tarfile.TarInfo, available: int) -> str:
    if member.issym():
        return "holds a symbolic link ({}); pack the file itself"
    if member.islnk():
        return "holds a hard link ({}); pack the file itself"
    if member.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or member.issparse():
        return "holds something that is not a file ({}); pack the code alone"
    if member.size < 0 or member.offset_data < 0 or member.offset_data + member.size > available:
        return "holds a file that is cut short ({}); pack it again"
    return ""


# --- sentences ------------------------------------------------------------------------------


def _bomb(size: int, packed: int) -> bool:
    return size > SMALL and size > HIGHEST_RATIO * packed


def _too_many(where: str, limits: Limits) -> str:
    return f"{where}: holds more than {limits.members} files; pack the code alone"


def _too_large(where: str, most: int) -> str:
    return f"{where}: is larger than {most >> 20} MiB when unpacked; pack the code alone"


def _damaged(where: str, problem: Exception) -> str:
    said = shown(str(problem).split("\n")[0] or type(problem).__name__)
    return f"{where}: is damaged ({said}); pack it again"
