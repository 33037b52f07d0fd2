"""What is shipped is what the installed oracles say now, within each program's own tolerance."""

import pytest

from harness.grading.grader import LECTURE, PUBLIC_SEED
from harness.judging import compare
from harness.judging.check import find
from harness.oracles import recording
from harness.oracles.load import load
from harness.records.program import Call, Expression


@pytest.fixture(scope="module")
def live():
    return load()


@pytest.mark.parametrize("name", LECTURE)
def test_the_shipped_answers_are_those_of_the_oracles(name, live):
    assignment = find(name)
    recorded = recording.read(recording.shipped(assignment, PUBLIC_SEED), assignment, PUBLIC_SEED)
    programs = [
        program
        for program in recording.programs(assignment, PUBLIC_SEED)
        if isinstance(program, Expression) or (isinstance(program, Call) and program.traced)
    ]
    live.prepare(programs)
    for program in programs:
        told, now = recorded.expected(program), live.expected(program)

        assert live.names == recorded.by(program)
        for engine, then in zip(now, told, strict=True):
            assert compare.dispute(program, (engine, then), ("now", "then")) is None


def test_a_damaged_recording_is_told_and_the_live_oracles_are_asked(tmp_path, monkeypatch):
    from harness.grading.grader import Grader

    assignment = find("mlp_training")
    path = tmp_path / recording.shipped(assignment, PUBLIC_SEED).name
    path.write_bytes(b"adjudge\x00" + b"x" * 100)
    monkeypatch.setattr(recording, "SHIPPED", tmp_path)
    with Grader() as grader:
        answers, why = grader.answers(assignment, PUBLIC_SEED)

    assert "damaged" in why
    assert path.name in why
    assert ("torch", "jax") == answers.names
