"""What a worker may say: one shape of JSON, honest numbers, and nothing else."""

import json
import math
import struct

import pytest
from hypothesis import given, settings
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


def observed(*values, types=()):
    told = quantity(values=list(values), types=list(types))
    return wire.observation(wire.decode(body([told]), "n1").results[0], None, ROOM).quantities[0]


def unpacked(**changes):
    reply = wire.decode(body([quantity(**changes)]), "n1")
    return wire.observation(reply.results[0], None, ROOM).quantities


def test_a_frame_is_its_length_and_then_json():
    framed = wire.frame({"do": "run", "text": "é"})
    (length,) = struct.unpack("!I", framed[:4])

    assert len(framed) - 4 == length
    assert {"do": "run", "text": "é"} == json.loads(framed[4:])


def test_a_reply_is_decoded_field_by_field():
    reply = wire.decode(body(fault=FAULT, missing=["ag.exp"], quantities=[quantity()]), "n1")

    assert ("raised", "ValueError", "no", "ag.py", 3) == (
        reply.fault.kind,
        reply.fault.exception,
        reply.fault.message,
        reply.fault.where,
        reply.fault.line,
    )
    assert (["ag.exp"], "value") == (reply.missing, reply.results[0].quantities[0].name)


@pytest.mark.parametrize("kind", wire.FAULT_KINDS)
def test_a_worker_may_report_what_only_it_can_see(kind):
    assert kind == wire.decode(body(fault=FAULT | {"kind": kind}), "n1").fault.kind


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        pytest.param(b"", "another shape", id="nothing"),
        pytest.param(b"{", "another shape", id="half of JSON"),
        pytest.param(b"\x80\x04N.", "another shape", id="a pickle"),
        pytest.param(b"[]", "another shape", id="a list"),
        pytest.param(b"{}", "another shape", id="an empty object"),
        pytest.param(b'{"nonce": "n1\xff"}', "not UTF-8", id="text that is not UTF-8"),
        pytest.param(b'{"no\xffnce": "n1"}', "not UTF-8", id="a field that is not UTF-8"),
        pytest.param(b"[" * 200_000, "another shape", id="nested too deep"),
        pytest.param(body(nonce="n2"), "another request", id="another request's"),
        pytest.param(body(nonce=1), "another shape", id="a nonce that is no text"),
        pytest.param(body(passed=True), "another shape", id="a field too many"),
        pytest.param(body(fault={}), "another shape", id="half a fault"),
        pytest.param(body(fault=FAULT | {"kind": "timeout"}), "unknown kind", id="a foreign fault"),
        pytest.param(body(fault=FAULT | {"line": -5}), "another shape", id="a line below 0"),
        pytest.param(
            body(fault=FAULT | {"message": "x" * 1001}), "another shape", id="a long text"
        ),
        pytest.param(body(missing="ag"), "another shape", id="names that are no list"),
        pytest.param(body([{}]), "another shape", id="half a quantity"),
        pytest.param(body(results=[{}]), "another shape", id="half a result"),
        pytest.param(
            body(results=[{"quantities": [], "fault": FAULT | {"kind": "exited"}}]),
            "unknown kind",
            id="a foreign fault of one program",
        ),
        pytest.param(body([quantity(values=[1.5])]), "another shape", id="a decimal number"),
        pytest.param(body([quantity(values=[True])]), "another shape", id="a truth"),
        pytest.param(body([quantity(values=[10**9])]), "another shape", id="a big int"),
        pytest.param(body([quantity(values=[[1]])]), "another shape", id="a nested list"),
        pytest.param(body([quantity(step=-2)]), "another shape", id="a step below -1"),
    ],
)
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
    told = quantity(values=numbers, types=types, step=step)
    try:
        seen = wire.observation(wire.decode(body([told]), "n1").results[0], None, ROOM)
    except wire.Malformed:
        return

    assert all(v is None or isinstance(v, int | float) for v in seen.quantities[0].values)


@given(st.floats())
@settings(max_examples=200)
def test_every_float_travels_unchanged(number):
    (told,) = observed(number.hex()).values

    assert number.hex() == told.hex()


@pytest.mark.parametrize("number", [5e-324, -0.0, 1.7976931348623157e308, math.inf, -math.inf])
def test_the_extremes_travel_unchanged(number):
    assert (number.hex(),) == tuple(v.hex() for v in observed(number.hex()).values)


@pytest.mark.parametrize(
    "text",
    [
        "1.5",
        "1",
        "",
        "0x1p",
        "0x1.8p+0",
        "nan(1)",
        "infinity",
        "-nan",
        " 0x0.0p+0",
        "1_0",
        "0x0.0p+0\n",
    ],
)
def test_a_number_that_float_hex_does_not_write_is_malformed(text):
    with pytest.raises(wire.Malformed):
        observed(text)


@given(st.lists(st.floats(), min_size=1, max_size=10))
def test_packed_floats_travel_unchanged(numbers):
    (told,) = unpacked(packed=struct.pack(f"<{len(numbers)}d", *numbers).hex())

    assert [n.hex() for n in numbers] == [n.hex() for n in told.values]
    assert () == told.types


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"packed": "00" * 7}, id="less than a float"),
        pytest.param({"packed": "00" * 12}, id="a float and a half"),
        pytest.param({"packed": "F0" * 8}, id="other digits"),
        pytest.param({"packed": " 0" * 8}, id="blanks"),
        pytest.param({"packed": "00" * 88}, id="more than the program records"),
        pytest.param({"packed": "00" * 8, "values": [1]}, id="numbers told twice"),
        pytest.param({"packed": "00" * 8, "types": ["int"]}, id="types of plain floats"),
    ],
)
def test_packed_numbers_of_another_shape_are_malformed(changes):
    with pytest.raises(wire.Malformed):
        unpacked(**changes)


@pytest.mark.parametrize("exponent", ["+1024", "+9999"])
def test_a_number_that_no_float_holds_is_malformed(exponent):
    with pytest.raises(wire.Malformed):
        observed(f"0x1.0000000000000p{exponent}")


def test_what_is_no_number_is_none_and_a_place_is_an_int():
    assert (None, 3, -1) == observed(None, 3, -1, types=("str", "int", "int")).values


@pytest.mark.parametrize(
    ("count", "types", "honest"),
    [
        pytest.param(3, (), True, id="no types"),
        pytest.param(3, ("list",), True, id="the type of the sequence"),
        pytest.param(3, ("int",) * 3, True, id="one for each"),
        pytest.param(3, ("int",) * 2, False, id="too few"),
        pytest.param(0, ("int",) * 2, False, id="too many"),
    ],
)
def test_types_are_none_or_one_or_one_for_each_number(count, types, honest):
    if honest:
        assert types == observed(*[1] * count, types=types).types
    else:
        with pytest.raises(wire.Malformed):
            observed(*[1] * count, types=types)


def test_an_observation_keeps_the_fault_and_every_quantity():
    fault = Fault("raised", "ValueError")
    told = [quantity(values=["0x0.0p+0"]), quantity(name="grad", step=4, values=[None])]
    reply = wire.decode(body(told), "n1")

    assert Observation(
        (Quantity("value", -1, (0.0,)), Quantity("grad", 4, (None,))), fault
    ) == wire.observation(reply.results[0], fault, ROOM)
