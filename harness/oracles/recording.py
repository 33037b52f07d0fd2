"""What the oracles said about the programs of a seed, kept in a file.

With it nobody who grades needs PyTorch or JAX: the answers of both for the public seed are
shipped with the package, and those for a secret seed are made once a class. A file names the
versions that answered and the digest of the programs; one that is damaged or older than its
assignment is refused.
"""

from __future__ import annotations

import hashlib
import os
import struct
import zlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import msgspec

from harness.judging.calculus import Calculus
from harness.judging.check import Assignment, programs_of, seed_of
from harness.oracles.load import answered
from harness.records.errors import Disputed, RecordingError
from harness.records.observation import Observation, Quantity
from harness.records.program import Program

FORMAT = 1
SHIPPED = Path(__file__).parent / "recordings"
MAGIC = b"adjudge\x00"
SUM = 32
"""Bytes of the SHA-256 between the magic and the body."""

Row = tuple[str, int, bytes]
"""Name, step, and the numbers as little-endian float64; behind the first oracle's row another's
numbers are kept as the bits in which they differ, which are mostly none."""


class Body(msgspec.Struct, array_like=True, frozen=True):
    """What a file holds."""

    format: int
    assignment: str
    seed: str
    programs: list[bytes]
    """The digest of each program of each check, asked or not."""
    oracles: list[tuple[str, str]]
    """Name and version."""
    answers: dict[bytes, list[list[Row]]]
    """By digest of a program, each oracle's rows."""
    disputes: dict[bytes, str]
    """By digest of a program, how the oracles disagree."""


class Recorded:
    """Answers from a recording; an oracle's name is told for what an oracle said.

    A program that is not in it (a smaller one, or one that goes on from a student's own numbers)
    is answered by calculus, in its own name.
    """

    missing: tuple[str, ...] = ()

    def __init__(self, body: Body) -> None:
        self._body = body
        self._read: dict[bytes, tuple[tuple[str, Observation], ...]] = {}
        self._calculus = Calculus()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the oracles that answered."""
        return tuple(name for name, _ in self._body.oracles)

    @property
    def versions(self) -> tuple[str, ...]:
        """The name and version of each."""
        return tuple(f"{name} {version}" for name, version in self._body.oracles)

    def prepare(self, programs: Iterable[Program]) -> None:
        """Does nothing: all is prepared."""

    def expected(self, program: Program) -> tuple[Observation, ...]:
        """What the oracles said of a program, or calculus where they were not asked.

        Raises:
            Disputed: they disagreed.
        """
        key = digest(program)
        if key in self._body.disputes:
            raise Disputed(self._body.disputes[key])
        if key not in self._body.answers:
            return self._calculus.expected(program)
        return tuple(seen for _, seen in self._answered(key))

    def by(self, program: Program) -> tuple[str, ...]:
        """Whose word it is."""
        key = digest(program)
        if key not in self._body.answers:
            return self._calculus.by(program)
        return tuple(name for name, _ in self._answered(key))

    def _answered(self, key: bytes) -> tuple[tuple[str, Observation], ...]:
        if key not in self._read:
            self._read[key] = answered(self.names, _unpacked(self._body.answers[key]))
        return self._read[key]


@lru_cache(maxsize=4096)
def digest(program: Program) -> bytes:
    """Twelve bytes that stand for a program."""
    return hashlib.sha256(repr(program).encode()).digest()[:12]


def programs(assignment: Assignment, seed: str) -> tuple[Program, ...]:
    """Every program that an assignment draws from a seed, for whatever check."""
    return tuple(
        program
        for check in assignment.checks
        for program in programs_of(check, seed_of(check, assignment, seed))
    )


def pack(
    assignment: Assignment,
    seed: str,
    oracles: list[tuple[str, str]],
    said: dict[Program, tuple[Observation, ...]],
    disputes: dict[Program, str],
) -> bytes:
    """The bytes of a recording."""
    body = Body(
        FORMAT,
        assignment.name,
        seed,
        sorted({digest(program) for program in programs(assignment, seed)}),
        oracles,
        {digest(program): _packed(seen) for program, seen in said.items()},
        {digest(program): reason for program, reason in disputes.items()},
    )
    packed = zlib.compress(msgspec.msgpack.encode(body), 9)
    return MAGIC + hashlib.sha256(packed).digest() + packed


def write(path: Path, packed: bytes) -> None:
    """Writes a recording whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.{os.getpid()}")
    half.write_bytes(packed)
    half.replace(path)


def read(path: Path, assignment: Assignment, seed: str) -> Recorded:
    """The recording in a file, if it is one of these very programs.

    Raises:
        RecordingError: there is none, it is damaged, or it is of other programs.
    """
    return parse(_bytes_in(path), str(path), assignment, seed)


def about(path: Path) -> str:
    """The name of the assignment whose answers a file holds.

    Raises:
        RecordingError: there is none, or it is damaged.
    """
    return _body(_bytes_in(path), str(path)).assignment


def parse(raw: bytes, where: str, assignment: Assignment, seed: str) -> Recorded:
    """The recording that bytes are.

    Raises:
        RecordingError: they are damaged, or of other programs.
    """
    body = _body(raw, where)
    origin = (body.format, body.assignment, body.seed)
    wanted = {digest(program) for program in programs(assignment, seed)}
    if body.seed != seed:
        raise RecordingError(f"the recorded answers in {where} are for another seed")
    if origin != (FORMAT, assignment.name, seed) or not wanted <= set(body.programs):
        raise RecordingError(f"the recorded answers in {where} are older than {assignment.name}")
    return Recorded(body)


def _bytes_in(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise RecordingError(f"no recorded answers at {path}: {problem.strerror}") from None


def _body(raw: bytes, where: str) -> Body:
    packed = raw[len(MAGIC) + SUM :]
    if not raw.startswith(MAGIC) or hashlib.sha256(packed).digest() != raw[len(MAGIC) :][:SUM]:
        raise RecordingError(f"the recorded answers in {where} are damaged")
    try:
        return msgspec.msgpack.decode(zlib.decompress(packed), type=Body)
    except (msgspec.MsgspecError, zlib.error):
        raise RecordingError(f"the recorded answers in {where} have another format") from None


def shipped(assignment: Assignment, seed: str) -> Path:
    """Where answers are kept: in the package, or beside an author's own file."""
    folder = assignment.file.parent if assignment.file is not None else SHIPPED
    return folder / f"{assignment.name}-{seed}.answers"


def _packed(answers: tuple[Observation, ...]) -> list[list[Row]]:
    first = {(q.name, q.step): _bytes(q) for q in answers[0].quantities}
    rows = [[(q.name, q.step, first[q.name, q.step]) for q in answers[0].quantities]]
    for other in answers[1:]:
        rows.append(
            [
                (q.name, q.step, _differing(_bytes(q), first.get((q.name, q.step), b"")))
                for q in other.quantities
            ]
        )
    return rows


def _unpacked(rows: list[list[Row]]) -> tuple[Observation, ...]:
    first = {(name, step): raw for name, step, raw in rows[0]}
    answers = [Observation(tuple(_quantity(name, step, raw) for name, step, raw in rows[0]))]
    for other in rows[1:]:
        quantities = [
            _quantity(name, step, _differing(raw, first.get((name, step), b"")))
            for name, step, raw in other
        ]
        answers.append(Observation(tuple(quantities)))
    return tuple(answers)


def _bytes(quantity: Quantity) -> bytes:
    numbers = [float("nan") if v is None else float(v) for v in quantity.values]
    return struct.pack(f"<{len(numbers)}d", *numbers)


def _quantity(name: str, step: int, raw: bytes) -> Quantity:
    return Quantity(name, step, struct.unpack(f"<{len(raw) // 8}d", raw))


def _differing(row: bytes, other: bytes) -> bytes:
    """The bits in which two rows differ; with them and one row, the other row."""
    if len(row) != len(other):
        return row
    bits = int.from_bytes(row, "little") ^ int.from_bytes(other, "little")
    return bits.to_bytes(len(row), "little")
