"""Records as bytes and back: each field by its name, each record with the name of its class.

The dataclasses of harness.records are the only definition. What may be read is derived from their
fields: a tagged msgspec.Struct for each, in which a field that has a default may be missing, so
that what was written before the field was added still reads.
"""

from __future__ import annotations

import dataclasses
import functools
import operator
import types
import typing
from collections.abc import Sequence
from typing import Any

import msgspec

from harness.records import dialect, handed_in, known, observation, people, program, verdict
from harness.records.errors import UsageError

TAG = "record"
"""The key beside a record's fields that holds the name of its class."""

RECORDS: dict[str, type[Any]] = {
    name: thing
    for module in (dialect, handed_in, known, observation, people, program, verdict)
    for name, thing in vars(module).items()
    if isinstance(thing, type) and dataclasses.is_dataclass(thing)
}
"""What may be read back: the records of harness.records, by name."""


def encode(record: Any) -> bytes:
    """A record as bytes."""
    return msgspec.msgpack.encode(_named(record))


def decode(raw: bytes, without: tuple[str, ...] = ()) -> Any:
    """The record that bytes are; nothing but records is made.

    Args:
        raw: the bytes.
        without: names of fields with a default that are neither checked nor made, because nobody
            looks at them.

    Raises:
        UsageError: they are none, or a field is missing, or has a value of another type.
    """
    try:
        return _record(_decoder(without).decode(raw))
    except (msgspec.MsgspecError, RecursionError, ValueError) as problem:
        raise UsageError(f"the results hold what is no record ({problem})") from None


def _named(thing: Any) -> Any:
    """A record as a table of its fields; what is no record stays."""
    if dataclasses.is_dataclass(thing):
        table = {f.name: _named(getattr(thing, f.name)) for f in dataclasses.fields(thing)}
        return {TAG: type(thing).__name__, **table}
    if isinstance(thing, Sequence) and not isinstance(thing, str):
        return [_named(item) for item in thing]
    return thing


def _record(thing: Any) -> Any:
    """The record that a checked table stands for; a missing field gets its default."""
    if isinstance(thing, msgspec.Struct):
        record, defaults, unmade = _shape(type(thing).__name__)
        values = defaults | {
            name: value
            for name, value in msgspec.structs.asdict(thing).items()
            if value is not msgspec.UNSET
        }
        for name in unmade:
            values[name] = _record(values[name])
        made = object.__new__(record)
        # A frozen record's own __init__ sets each field by a call; a class has a million of them.
        made.__dict__.update(values)
        return made
    if isinstance(thing, list | tuple):
        return tuple([_record(item) for item in thing])
    return thing


@functools.cache
def _shape(name: str) -> tuple[type[Any], dict[str, Any], tuple[str, ...]]:
    """A record's class, its defaults, and the fields that are not yet as the record has them."""
    record = RECORDS[name]
    hints = typing.get_type_hints(record)
    defaults, unmade = {}, []
    for field in dataclasses.fields(record):
        if field.default_factory is not dataclasses.MISSING:
            raise TypeError(f"{name}.{field.name} has a default that is made anew")
        if field.default is not dataclasses.MISSING:
            defaults[field.name] = field.default
        if not _whole(hints[field.name]):
            unmade.append(field.name)
    return record, defaults, tuple(unmade)


def _whole(kind: Any) -> bool:
    """Whether what is read of that type is already what a record holds: text, numbers, tuples."""
    parts = typing.get_args(kind)
    if parts and not isinstance(kind, types.UnionType):
        return typing.get_origin(kind) is tuple and all(map(_whole, parts))
    return all(map(_whole, parts)) if parts else not dataclasses.is_dataclass(kind)


@functools.cache
def _decoder(without: tuple[str, ...]) -> msgspec.msgpack.Decoder[Any]:
    """Reads every table that a record may be, passing over the fields that are named."""
    kinds = (_table(name, without) for name in RECORDS)
    return msgspec.msgpack.Decoder(functools.reduce(operator.or_, kinds))


@functools.cache
def _table(name: str, without: tuple[str, ...]) -> type[msgspec.Struct]:
    """The tagged table that the record of that name is written as."""
    record = RECORDS[name]
    hints = typing.get_type_hints(record)
    needed, optional = [], []
    for field in dataclasses.fields(record):
        if field.default is dataclasses.MISSING:
            needed.append((field.name, _written(hints[field.name], without)))
        elif field.name not in without:
            kind = _written(hints[field.name], without)
            optional.append((field.name, kind | msgspec.UnsetType, msgspec.UNSET))
    return msgspec.defstruct(name, [*needed, *optional], tag_field=TAG, tag=name, frozen=True)


def _written(kind: Any, without: tuple[str, ...]) -> Any:
    """The type of a field as it is written: each record in it is its table."""
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return _table(kind.__name__, without)
    if kind is int:
        return int | bool  # a bool is an int of Python's, but not of msgspec's
    parts = tuple(_written(part, without) for part in typing.get_args(kind))
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        return functools.reduce(operator.or_, parts)
    return typing.get_origin(kind)[parts] if parts else kind
