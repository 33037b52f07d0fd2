"""Records as bytes: what goes in comes out, by name, and what is no record is refused."""

from dataclasses import MISSING, fields, is_dataclass
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
    modules = [
        import_module(found.name) for found in iter_modules(records.__path__, "harness.records.")
    ]
    defined = {
        name
        for module in modules
        for name, thing in vars(module).items()
        if isinstance(thing, type) and is_dataclass(thing)
    }

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
def test_a_record_from_before_a_field_was_added_reads_wherever_the_field_stands(record):
    had_default = [f for f in fields(record) if f.default is not MISSING]
    for field in had_default:
        old = table(record)
        del old[field.name]
        again = decode(msgspec.msgpack.encode(old))

        assert field.default == getattr(again, field.name)
        for other in fields(record):
            if other.name != field.name:
                assert getattr(record, other.name) == getattr(again, other.name)


def test_a_field_that_is_gone_and_a_new_order_change_nothing():
    written = table(ADA)
    told = dict(reversed([*written.items(), ("nickname", "A.")]))

    assert ADA == decode(msgspec.msgpack.encode(told))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff",
        b"\x80\x04N.",
        msgspec.msgpack.encode([]),
        msgspec.msgpack.encode({"key": "ada"}),
        msgspec.msgpack.encode({TAG: "Foo"}),
        msgspec.msgpack.encode({TAG: "Person"}),
        msgspec.msgpack.encode({TAG: ["Person"], "key": "ada"}),
        msgspec.msgpack.encode({TAG: "Person", "key": 7}),
        msgspec.msgpack.encode({TAG: "Verdict", "check": "a", "exercise": "", "status": "odd"}),
        msgspec.msgpack.encode(table(VERDICTS[0]) | {"problem": table(ADA)}),
        msgspec.msgpack.encode(table(VERDICTS[0]) | {"program": "import os"}),
        msgspec.msgpack.encode({"Person": ["ada", "", "", []]}),
        b"\x91" * 5000,
    ],
)
def test_bytes_that_are_no_record_are_refused(raw):
    with pytest.raises(UsageError, match="no record"):
        decode(raw)
