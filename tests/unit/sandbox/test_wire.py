"""What a worker may say: one shape of JSON, honest numbers, and nothing else."""

import json
import math
import struct

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from harness.programs.extent import Extent
from harness.records.observation import Fault, Observation, Quantity
from harness.sandbox import wire

ROOM = Extent(4, 10)
FAULT = {"kind": "raised", "exception": "ValueError", "message": "no", "where": "ag.py", "line": 3}


def quantity(**changes):
    return {"name": "value", "step": -1, "values": [], "types": []} | changes


def body(quantities=None, **fields):
    results = {} if quantities is None else {"results": [{"quantities": quantities}]}
    return json.dumps({"nonce": "n1", "fault": None} | results | fields).encode()


def unpacked(*quantities, fault=None):
    """What an observation is made of that came with these quantities."""
    reply = wire.decode(body(quantities), "n1")
    return wire.observation(reply.results[0], fault, ROOM)


def observed(*values, types=()):
    told = quantity(values=list(values), types=list(types))
    return unpacked(told).quantities[0]


def test_a_frame_is_its_length_and_then_json():
    framed = wire.frame({"do": "run", "text": "é"})
    (length,) = struct.unpack("!I", framed[:4])

    assert len(framed) - 4 == length
    assert {"do": "run", "text": "é"} == json.loads(framed[4:])


def test_a_reply_is_decoded_field_by_field():
    reply = wire.decode(body(fault=FAULT, missing=["ag.exp"], quantities=[quantity()]), "n1")

    assert FAULT == {name: getattr(reply.fault, name) for name in FAULT}
    assert (["ag.exp"], "value") == (reply.missing, reply.results[0].quantities[0].name)


@pytest.mark.parametrize("kind", wire.FAULT_KINDS)
def test_a_worker_may_report_what_only_it_can_see(kind):
    assert kind == wire.decode(body(fault=FAULT | {"kind": kind}), "n1").fault.kind


FOREIGN = {"quantities": [], "fault": FAULT | {"kind": "exited"}}
MALFORMED = {
    "text that is not UTF-8": (b'{"nonce": "n1\xff"}', "not UTF-8"),
    "a field that is not UTF-8": (b'{"no\xffnce": "n1"}', "not UTF-8"),
    "another request's": (body(nonce="n2"), "another request"),
    "a foreign fault": (body(fault=FAULT | {"kind": "timeout"}), "unknown kind"),
    "a foreign fault of one program": (body(results=[FOREIGN]), "unknown kind"),
}
SHAPES = {
    "nothing": b"",
    "half of JSON": b"{",
    "a pickle": b"\x80\x04N.",
    "a list": b"[]",
    "an empty object": b"{}",
    "nested too deep": b"[" * 200_000,
    "a nonce that is no text": body(nonce=1),
    "a field too many": body(passed=True),
    "half a fault": body(fault={}),
    "a line below 0": body(fault=FAULT | {"line": -5}),
    "a long text": body(fault=FAULT | {"message": "x" * 1001}),
    "names that are no list": body(missing="ag"),
    "half a quantity": body([{}]),
    "half a result": body(results=[{}]),
    "a decimal number": body([quantity(values=[1.5])]),
    "a truth": body([quantity(values=[True])]),
    "a big int": body([quantity(values=[10**9])]),
    "a nested list": body([quantity(values=[[1]])]),
    "a step below -1": body([quantity(step=-2)]),
}
MALFORMED |= {name: (sent, "another shape") for name, sent in SHAPES.items()}


@pytest.mark.parametrize(("sent", "says"), MALFORMED.values(), ids=MALFORMED)
def test_any_other_reply_is_malformed(sent, says):
    with pytest.raises(wire.Malformed, match=says):
        wire.decode(sent, "n1")


def test_a_long_name_in_a_reply_is_not_repeated():
    with pytest.raises(wire.Malformed) as told:
        wire.decode(body(**{"x" * 100_000: 1}), "n1")

    assert len(str(told.value)) < 200


@given(st.binary(max_size=300))
@settings(max_examples=100)
def test_no_bytes_make_another_error(sent):
    with pytest.raises(wire.Malformed):
        wire.decode(sent, "n1")


values = st.none() | st.text(max_size=12) | st.integers() | st.floats() | st.booleans()


@given(st.lists(values, max_size=4), st.lists(st.text(max_size=5), max_size=3), st.integers())
@settings(max_examples=100)
def test_no_quantity_makes_another_error(numbers, types, step):
    try:
        seen = unpacked(quantity(values=numbers, types=types, step=step))
    except wire.Malformed:
        return

    assert all(v is None or isinstance(v, int | float) for v in seen.quantities[0].values)


@given(st.floats())
@example(5e-324)
@example(-0.0)
@example(1.7976931348623157e308)
@example(math.inf)
@example(-math.inf)
@settings(max_examples=200)
def test_every_float_travels_unchanged(number):
    (told,) = observed(number.hex()).values

    assert number.hex() == told.hex()


SPELLED = ("1.5", "1", "", "0x1p", "0x1.8p+0", "nan(1)", "infinity", "-nan", " 0x0.0p+0", "1_0")
TOO_LARGE = ("0x1.0000000000000p+1024", "0x1.0000000000000p+9999")


@pytest.mark.parametrize("text", [*SPELLED, "0x0.0p+0\n", *TOO_LARGE])
def test_a_number_that_float_hex_does_not_write_or_no_float_holds_is_malformed(text):
    with pytest.raises(wire.Malformed):
        observed(text)


@given(st.lists(st.floats(), min_size=1, max_size=10))
def test_packed_floats_travel_unchanged(numbers):
    packed = struct.pack(f"<{len(numbers)}d", *numbers).hex()
    (told,) = unpacked(quantity(packed=packed)).quantities

    assert [n.hex() for n in numbers] == [n.hex() for n in told.values]
    assert () == told.types


PACKED = {
    "less than a float": {"packed": "00" * 7},
    "a float and a half": {"packed": "00" * 12},
    "other digits": {"packed": "F0" * 8},
    "blanks": {"packed": " 0" * 8},
    "more than the program records": {"packed": "00" * 88},
    "numbers told twice": {"packed": "00" * 8, "values": [1]},
    "types of plain floats": {"packed": "00" * 8, "types": ["int"]},
}


@pytest.mark.parametrize("changes", PACKED.values(), ids=PACKED)
def test_packed_numbers_of_another_shape_are_malformed(changes):
    with pytest.raises(wire.Malformed):
        unpacked(quantity(**changes))


def test_what_is_no_number_is_none_and_a_place_is_an_int():
    assert (None, 3, -1) == observed(None, 3, -1, types=("str", "int", "int")).values


@pytest.mark.parametrize("types", [(), ("list",), ("int",) * 3])
def test_types_are_none_or_one_or_one_for_each_number(types):
    assert types == observed(1, 1, 1, types=types).types


@pytest.mark.parametrize("values", [(1, 1, 1), ()], ids=["too few", "too many"])
def test_fewer_or_more_types_than_numbers_are_malformed(values):
    with pytest.raises(wire.Malformed):
        observed(*values, types=("int",) * 2)


def test_an_observation_keeps_the_fault_and_every_quantity():
    fault = Fault("raised", "ValueError")
    grad = quantity(name="grad", step=4, values=[None])

    assert Observation(
        (Quantity("value", -1, (0.0,)), Quantity("grad", 4, (None,))), fault
    ) == unpacked(quantity(values=["0x0.0p+0"]), grad, fault=fault)


@pytest.mark.parametrize("count", [2, 200], ids=["remembered", "too many to be"])
def test_packed_floats_come_as_they_were_and_nan_as_one(count):
    room = Extent(1, count + 2)
    numbers = [-0.0, *map(float, range(count - 1)), math.inf, -math.nan]
    packed = struct.pack(f"<{len(numbers)}d", *numbers).hex()
    reply = wire.decode(body([{"name": "value", "step": -1, "packed": packed}]), "n1")
    values = wire.observation(reply.results[0], None, room).quantities[0].values

    assert list(map(repr, numbers)) == list(map(repr, values))
    assert values[-1] is math.nan
