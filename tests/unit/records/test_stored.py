"""Records as bytes: what goes in comes out, by name, and what is no record is refused."""

from dataclasses import MISSING, fields, is_dataclass, replace
from importlib import import_module
from pkgutil import iter_modules

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness import records
from harness.records.errors import UsageError
from harness.records.handed_in import Source
from harness.records.known import AnswerKey, BugModel, Edit
from harness.records.people import Adjustment, Handing, Result
from harness.records.stored import RECORDS, TAG, decode, encode
from harness.records.verdict import Comparison
from support.some_records import ADA, GRADE, PROGRAM, SPELLING, VERDICTS

LATE = Adjustment("ada", 1.5, "late bus", "the instructor")
KEY = AnswerKey(Source("ag.py", "x"), (BugModel("b", "2.A", "s", "h", (Edit("x", "y"),)),))


def table(record):
    """The record as it is written, to be changed."""
    return msgspec.msgpack.decode(encode(record))


@pytest.mark.parametrize(
    "record",
    [GRADE, ADA, LATE, Result(ADA, (GRADE,), (LATE,), handing=Handing(late=True)), KEY],
    ids=lambda r: type(r).__name__,
)
def test_a_record_comes_back_as_it_went(record):
    again = decode(encode(record))

    assert record == again
    assert repr(record) == repr(again)


def test_every_record_that_there_is_may_be_stored():
    names = [found.name for found in iter_modules(records.__path__, "harness.records.")]
    things = [thing for name in names for thing in vars(import_module(name)).items()]
    defined = {name for name, each in things if isinstance(each, type) and is_dataclass(each)}

    assert {"Grade", "Dialect"} <= defined
    assert defined <= RECORDS.keys()


@given(
    st.floats(allow_nan=False),
    st.text(),
    st.one_of(st.none(), st.booleans(), st.integers(-(2**60), 2**60), st.floats(allow_nan=False)),
)
@settings(max_examples=100)
def test_numbers_and_text_come_back_exactly(number, text, actual):
    wrong = Comparison("q", text, 0, (text,), number, actual, "int", number, False)
    again = decode(encode(wrong))

    assert wrong == again
    assert type(actual) is type(again.actual)


@pytest.mark.parametrize("record", [GRADE, VERDICTS[0], PROGRAM, ADA, LATE, SPELLING], ids=repr)
def test_a_record_reads_without_a_newer_field_with_one_that_is_gone_and_in_any_order(record):
    written = table(record)
    told = dict(reversed([*written.items(), ("nickname", "A.")]))

    assert record == decode(msgspec.msgpack.encode(told))
    for field in (f for f in fields(record) if f.default is not MISSING):
        old = {name: value for name, value in written.items() if name != field.name}

        assert replace(record, **{field.name: field.default}) == decode(msgspec.msgpack.encode(old))


FAILED = table(VERDICTS[0])
NO_RECORDS = (
    *([], {"key": "ada"}, {TAG: "Foo"}, {TAG: "Person"}, {TAG: ["Person"], "key": "ada"}),
    {TAG: "Person", "key": 7},
    {TAG: "Verdict", "check": "a", "exercise": "", "status": "odd"},
    *(FAILED | {"problem": table(ADA)}, FAILED | {"program": "import os"}),
    {"Person": ["ada", "", "", []]},
)


@pytest.mark.parametrize(
    "raw",
    [b"", b"\xff", b"\x80\x04N.", b"\x91" * 5000, *map(msgspec.msgpack.encode, NO_RECORDS)],
)
def test_bytes_that_are_no_record_are_refused(raw):
    with pytest.raises(UsageError, match="no record"):
        decode(raw)
