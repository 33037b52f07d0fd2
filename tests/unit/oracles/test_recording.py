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
from harness.records.program import Apply, Expression
from support.fake_engines import Floats

PROGRAMS = tuple(expression(f"recording/{i}", ("add", "mul", "exp"), (6, 9)) for i in range(3))
EXTRA = expression("recording/extra", ("add", "mul"), (6, 9))
ORACLES = [("torch", "2.0"), ("jax", "0.1")]


def assignment(programs=PROGRAMS):
    check = Check("c", "2.B", 1.0, "", lambda seed: programs, lambda *told: None)
    return Assignment("lab", "Lab", (check,))


def answered(disputes=()):
    said = {p: (Floats().run(p), Floats(seed="other").run(p)) for p in PROGRAMS}
    packed = recording.pack(assignment(), "577", ORACLES, said, {p: "they part" for p in disputes})
    return said, packed


def test_answers_come_back_exactly_with_the_names_and_versions_of_who_gave_them():
    said, packed = answered()
    recorded = recording.parse(packed, "a file", assignment(), "577")

    assert [said[p] for p in PROGRAMS] == [recorded.expected(p) for p in PROGRAMS]
    assert {("torch", "jax")} == {recorded.by(p) for p in PROGRAMS}
    assert ("torch 2.0", "jax 0.1") == recorded.versions


def test_a_program_that_was_not_asked_is_answered_by_calculus_in_its_own_name():
    recorded = recording.parse(answered()[1], "a file", assignment(), "577")
    other = Expression((2.0, 3.0), (Apply("mul", (0, 1)),))

    assert ("calculus",) == recorded.by(other)
    assert ((2.0, 3.0, 6.0),) == tuple(s.numbers("value") for s in recorded.expected(other))


def test_an_oracle_that_said_nothing_is_not_named_for_a_program():
    said = {p: (Observation(()), Floats().run(p)) for p in PROGRAMS}
    packed = recording.pack(assignment(), "577", ORACLES, said, {})
    recorded = recording.parse(packed, "a file", assignment(), "577")

    assert [(said[p][1],) for p in PROGRAMS] == [recorded.expected(p) for p in PROGRAMS]
    assert {("jax",)} == {recorded.by(p) for p in PROGRAMS}


def test_a_dispute_is_recorded_too():
    recorded = recording.parse(answered(PROGRAMS[:1])[1], "a file", assignment(), "577")

    with pytest.raises(Disputed, match="they part"):
        recorded.expected(PROGRAMS[0])


@given(st.lists(st.floats(), max_size=5), st.lists(st.floats(), max_size=5))
@settings(max_examples=200)
def test_any_numbers_of_two_oracles_come_back_bit_by_bit(one, other):
    first = Observation((Quantity("value", -1, tuple(one)),))
    second = Observation((Quantity("value", -1, tuple(other)), Quantity("grad", 3, tuple(one))))
    program = PROGRAMS[0]
    packed = recording.pack(assignment(), "577", ORACLES, {program: (first, second)}, {})
    recorded = recording.parse(packed, "a file", assignment(), "577")

    assert _bits((first, second)) == _bits(recorded.expected(program))


def _bits(seen):
    return [
        [(q.name, q.step, [math.nan if v != v else v.hex() for v in q.values].__repr__())]
        for observation in seen
        for q in observation.quantities
    ]


@pytest.mark.parametrize("place", [0, 8, 20, 45, -1])
def test_a_damaged_file_is_refused(place):
    packed = bytearray(answered()[1])
    packed[place] ^= 1

    with pytest.raises(RecordingError, match="a file are damaged"):
        recording.parse(bytes(packed), "a file", assignment(), "577")


def test_half_a_file_is_refused():
    packed = answered()[1]

    with pytest.raises(RecordingError, match="damaged"):
        recording.parse(packed[: len(packed) // 2], "a file", assignment(), "577")


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
        recording.parse(answered()[1], "a file", other, seed)


def test_a_check_that_is_switched_off_leaves_the_answers_good():
    fewer = assignment(PROGRAMS[:2])

    assert ("torch", "jax") == recording.parse(answered()[1], "a file", fewer, "577").names


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(RecordingError, match="no recorded answers at"):
        recording.read(tmp_path / "none.answers", assignment(), "577")


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "new" / "lab.answers"
    recording.write(path, answered()[1])

    assert [path] == list(path.parent.iterdir())
    assert ("torch", "jax") == recording.read(path, assignment(), "577").names


def test_the_same_answers_make_the_same_file():
    assert answered()[1] == answered()[1]
