"""What travels between us and a worker: frames of JSON, and the schema a reply must meet.

Nothing is unpickled or evaluated. A reply that is too long, not JSON, of another shape, or not
an answer to the request just sent is malformed, and that is the student's fault, not ours.
"""

from __future__ import annotations

import json
import math
import re
import struct
from functools import lru_cache
from typing import Annotated

import msgspec

from harness.programs.extent import Extent
from harness.records.observation import Fault, Number, Observation, Quantity

LARGEST_REPLY = 4 << 20
"""Bytes; the largest honest reply, a detailed training run, is a tenth of it."""
SHOWN = 120
"""Characters of what is wrong with a reply: the words of it may be the student's."""
SHORT_REPLY = 1 << 18
"""Bytes of a reply that tells no quantities."""
FAULT_KINDS = ("raised", "syntax", "memory")
"""The faults that a worker may report; the others are seen from outside."""
STOP_KINDS = (*FAULT_KINDS, "timeout", "waited", "library", "left_out")
"""Why a statement may stop while the module is loaded."""
LONGEST_PROGRESS = 24
"""Bytes of a frame that is no reply but says which statement is about to run."""
MOST_PRESENT = 300
"""Names that a worker tells of, where some are missing."""
MOST_TRACE = 8
"""Lines of the student's that a worker tells of for each exception; faults.py has it too."""
MOST_STOPS = 20
"""Stopped statements that a worker tells of."""
HEADER = struct.Struct("!I")
PACKED = 16
"""Characters of a packed float."""
SHORT = 64 * PACKED
"""Characters of a row of floats that is remembered: most submissions send the same."""
_HEX = re.compile(r"-?0x[01]\.[0-9a-f]{13}p[+-][0-9]{1,4}|-?0x0\.0p\+0|-?inf|nan")

MOST_FACTS = 200
"""What the search for an engine may tell."""
Name = Annotated[str, msgspec.Meta(max_length=40)]
Text = Annotated[str, msgspec.Meta(max_length=1000)]
Printed = Annotated[str, msgspec.Meta(max_length=4000)]
Count = Annotated[int, msgspec.Meta(ge=-1, le=10_000_000)]


class TraceReply(msgspec.Struct, forbid_unknown_fields=True):
    """A line of the student's that an exception passed."""

    where: Text
    line: Count
    function: Text


class FaultReply(msgspec.Struct, forbid_unknown_fields=True):
    """A fault as the worker tells it."""

    kind: Text
    exception: Text
    message: Text
    where: Text
    line: Count
    column: Count = 0
    trace: Annotated[list[TraceReply], msgspec.Meta(max_length=MOST_TRACE)] = []


class QuantityReply(msgspec.Struct, forbid_unknown_fields=True):
    """Numbers as the worker tells them: hexadecimal floats, or places in an order.

    Plain floats may come packed: eight bytes each, the lowest first, in hexadecimal.
    """

    name: Text
    step: Count
    values: list[Text | Count | None] = []
    types: list[Text] = []
    packed: Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{16})*$")] = ""


class Result(msgspec.Struct, forbid_unknown_fields=True):
    """What came of one program."""

    quantities: list[QuantityReply]
    fault: FaultReply | None = None
    printed: Printed = ""


class StopReply(msgspec.Struct, forbid_unknown_fields=True):
    """A statement that stopped while the module was loaded, and the names that it would bind."""

    fault: FaultReply
    binds: list[Text]


class Reply(msgspec.Struct, forbid_unknown_fields=True):
    """Any reply; which of the fields must be there depends on the request."""

    nonce: Text
    fault: FaultReply | None = None
    missing: list[Text] = []
    present: Annotated[list[Text], msgspec.Meta(max_length=MOST_PRESENT)] = []
    stops: Annotated[list[StopReply], msgspec.Meta(max_length=MOST_STOPS)] = []
    stopped: Count = 0
    skippable: list[Count] = []
    results: list[Result] = []
    layers: dict[Text, Text] = {}
    facts: Annotated[dict[Name, Text], msgspec.Meta(max_length=MOST_FACTS)] = {}


class Malformed(Exception):
    """A reply that is none: the message says why."""


def frame(request: dict[str, object]) -> bytes:
    """A request as bytes to send."""
    body = json.dumps(request).encode("ascii")
    return HEADER.pack(len(body)) + body


def progress(body: bytes) -> tuple[int, int, int]:
    """Which statement is about to run: its number, its part of the main module and its line.

    Raises:
        Malformed: the bytes are no such numbers.
    """
    numbers = body.split(b" ")
    if len(numbers) != 3 or not all(n.isdigit() and len(n) <= 7 for n in numbers):
        raise Malformed("a short frame that names no statement")
    return int(numbers[0]), int(numbers[1]), int(numbers[2])


def decode(body: bytes, nonce: str) -> Reply:
    """The reply to the request that carried the nonce.

    Raises:
        Malformed: the bytes are no such reply.
    """
    try:
        reply = msgspec.json.decode(body, type=Reply)
    except UnicodeDecodeError:
        raise Malformed("a reply of another shape (text that is not UTF-8)") from None
    except (msgspec.MsgspecError, RecursionError) as problem:
        raise Malformed(f"a reply of another shape ({str(problem)[:SHOWN]})") from None
    if reply.nonce != nonce:
        raise Malformed("a reply to another request")
    faults = (reply.fault, *(result.fault for result in reply.results))
    if any(fault is not None and fault.kind not in FAULT_KINDS for fault in faults):
        raise Malformed("a fault of an unknown kind")
    if any(stop.fault.kind not in STOP_KINDS for stop in reply.stops):
        raise Malformed("a statement that stopped for an unknown reason")
    return reply


def observation(result: Result, fault: Fault | None, most: Extent) -> Observation:
    """The quantities of one program as a record.

    Raises:
        Malformed: a number is none, or there are more than the program records.
    """
    if len(result.quantities) > most.quantities:
        raise Malformed("more quantities than the program records")
    sizes = (len(each.values) + len(each.packed) // PACKED for each in result.quantities)
    if any(size > most.values for size in sizes):
        raise Malformed("more numbers than the program records")
    quantities = tuple(map(_quantity, result.quantities))
    return Observation(quantities, fault, result.printed)


def _quantity(reply: QuantityReply) -> Quantity:
    if reply.packed:
        if reply.values or reply.types:
            raise Malformed("numbers that are told in two ways")
        packed = reply.name, reply.step, reply.packed
        return _known(*packed) if len(reply.packed) <= SHORT else _unpacked(*packed)
    if reply.types and len(reply.types) not in (1, len(reply.values)):
        raise Malformed("as many types as numbers were expected")
    values = tuple(map(_value, reply.values))
    return Quantity(reply.name, reply.step, values, tuple(reply.types))


def _unpacked(name: str, step: int, packed: str) -> Quantity:
    values: tuple[float, ...] = struct.unpack(f"<{len(packed) // PACKED}d", bytes.fromhex(packed))
    if math.isnan(sum(values)):  # of all that NaN may be, one
        values = tuple(v if v == v else math.nan for v in values)
    return Quantity(name, step, values)


_known = lru_cache(maxsize=8192)(_unpacked)


def _value(sent: str | int | None) -> Number:
    if not isinstance(sent, str):
        return sent
    if not _HEX.fullmatch(sent):
        raise Malformed("a number that is not a float in hexadecimal")
    try:
        value = float.fromhex(sent)
    except OverflowError:
        raise Malformed("a number that no float holds") from None
    return math.nan if value != value else value
