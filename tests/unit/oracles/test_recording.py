"""Recorded answers: what comes back, by whose word, and which files are refused."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.judging.check import Assignment, Check
from harness.oracles import recording
from harness.programs.generate import expression
from harness.records.errors import Disputed, RecordingError
from harness.records.observation import Observation, Quantity
from support.fake_engines import Floats
from support.graphs import graph

PROGRAMS = tuple(expression(f"recording/{i}", ("add", "mul", "exp"), (6, 9)) for i in range(3))
EXTRA = expression("recording/extra", ("add", "mul"), (6, 9))
ORACLES = [("torch", "2.0"), ("jax", "0.1")]


def assignment(programs=PROGRAMS):
    check = Check("c", "2.B", 1.0, "", lambda seed: programs, lambda *told: None)
    return Assignment("lab", "Lab", (check,))


def packed(said, disputes=()):
    return recording.pack(assignment(), "577", ORACLES, said, {p: "they part" for p in disputes})


def read(raw, of=None, seed="577"):
    return recording.parse(raw, "a file", of or assignment(), seed)


SAID = {p: (Floats().run(p), Floats(seed="other").run(p)) for p in PROGRAMS}
PACKED = packed(SAID)


def test_answers_come_back_exactly_with_who_gave_them_and_so_does_a_dispute():
    recorded = read(PACKED)

    assert list(SAID.values()) == [recorded.expected(p) for p in PROGRAMS]
    assert {("torch", "jax")} == {recorded.by(p) for p in PROGRAMS}
    assert ("torch 2.0", "jax 0.1") == recorded.versions
    assert PACKED == packed(SAID)
    with pytest.raises(Disputed, match="they part"):
        read(packed(SAID, PROGRAMS[:1])).expected(PROGRAMS[0])


def test_calculus_answers_what_was_not_asked_and_an_oracle_that_said_nothing_is_not_named():
    recorded, other = read(PACKED), graph((2.0, 3.0), "mul 0 1")
    silent = read(packed({p: (Observation(()), first) for p, (first, _) in SAID.items()}))

    assert ("calculus",) == recorded.by(other)
    assert ((2.0, 3.0, 6.0),) == tuple(s.numbers("value") for s in recorded.expected(other))
    assert [(first,) for first, _ in SAID.values()] == [silent.expected(p) for p in PROGRAMS]
    assert {("jax",)} == {silent.by(p) for p in PROGRAMS}


@given(st.lists(st.floats(), max_size=5), st.lists(st.floats(), max_size=5))
@settings(max_examples=200)
def test_any_numbers_of_two_oracles_come_back_bit_by_bit(one, other):
    first = Observation((Quantity("value", -1, tuple(one)),))
    second = Observation((Quantity("value", -1, tuple(other)), Quantity("grad", 3, tuple(one))))
    recorded = read(packed({PROGRAMS[0]: (first, second)}))

    assert _bits((first, second)) == _bits(recorded.expected(PROGRAMS[0]))


def _bits(seen):
    """Every number to its last bit, and no more of what is no number than that it is none."""
    return [
        (q.name, q.step, [repr(math.nan if v != v else v.hex()) for v in q.values])
        for observation in seen
        for q in observation.quantities
    ]


def flipped(place):
    """A file of answers with one bit of one byte changed."""
    raw = bytearray(PACKED)
    raw[place] ^= 1
    return bytes(raw)


@pytest.mark.parametrize("raw", [*map(flipped, (0, 8, 20, 45, -1)), PACKED[: len(PACKED) // 2]])
def test_a_damaged_file_is_refused(raw):
    with pytest.raises(RecordingError, match="a file are damaged"):
        read(raw)


@pytest.mark.parametrize(
    ("other", "seed", "why"),
    [
        pytest.param(assignment((*PROGRAMS, EXTRA)), "577", "older than", id="one more program"),
        pytest.param(replace(assignment(), name="o"), "577", "older than", id="another assignment"),
        pytest.param(assignment(), "578", "for another seed", id="another seed"),
    ],
)
def test_answers_to_other_programs_are_refused(other, seed, why):
    with pytest.raises(RecordingError, match=why):
        read(PACKED, other, seed)
    # A check that is switched off leaves them good.
    assert ("torch", "jax") == read(PACKED, assignment(PROGRAMS[:2])).names


def test_a_file_is_written_whole_or_not_at_all_and_one_that_is_not_there_is_named(tmp_path):
    path = tmp_path / "new" / "lab.answers"
    with pytest.raises(RecordingError, match="no recorded answers at"):
        recording.read(path, assignment(), "577")

    recording.write(path, PACKED)

    assert [path] == list(path.parent.iterdir())
    assert ("torch", "jax") == recording.read(path, assignment(), "577").names
