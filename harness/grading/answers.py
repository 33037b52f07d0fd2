"""Ask the oracles for all that a seed needs, and keep what they say for a class."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from platformdirs import user_cache_dir

from harness.grading.grader import Grader
from harness.judging.check import Assignment
from harness.oracles import load, recording
from harness.oracles.load import Oracles
from harness.records.errors import Disputed, RecordingError, UsageError
from harness.records.handed_in import Submission
from harness.records.program import Program
from harness.records.version import version


def record(assignment: Assignment, seed: str, submissions_too: tuple[Path, ...] = ()) -> bytes:
    """Asks the oracles for every program of a seed: what the answer key and others lead to.

    Args:
        assignment: whose programs.
        seed: decides them.
        submissions_too: graded with live oracles; the smaller programs that show what is wrong
            with them are asked too, so that they can be told by the oracles' word.

    Raises:
        OracleError: no oracle is installed.
        UsageError: there is no answer key.
    """
    if assignment.answer_key is None:
        raise UsageError(f"{assignment.name} has no answer key, so nothing can be recorded")
    asked = load.load()
    key = Submission("answer key", (assignment.answer_key.source,), module="answer_key")
    with Grader(asked) as grader:
        if assignment.fitted is None or assignment.finds:
            grader.grade(key, assignment, seed)
        else:  # the key may be written in other names than those that are declared
            _ask(asked, recording.programs(assignment, seed))
        for path in submissions_too:
            grader.grade(path, assignment, seed)
    who = [(engine.name, engine.version) for engine in asked.engines]
    return recording.pack(assignment, seed, who, asked.said(), asked.disputes())


def _ask(asked: Oracles, programs: tuple[Program, ...]) -> None:
    """Has the oracles answer programs; what they disagree on is remembered as that."""
    asked.prepare(programs)
    for program in programs:
        with suppress(Disputed):
            asked.expected(program)


def answers_for(assignment: Assignment, seed: str) -> bytes:
    """The recording by which a class is graded: shipped, kept from before, or made now and kept.

    Raises:
        OracleError: it has to be made, and no oracle is installed.
    """
    for place in (recording.shipped, _kept):
        path = place(assignment, seed)
        with suppress(RecordingError):
            recording.read(path, assignment, seed)
            return path.read_bytes()
    packed = record(assignment, seed)
    with suppress(OSError):  # where nothing can be kept, it is made again the next time
        recording.write(path, packed)
    return packed


def _kept(assignment: Assignment, seed: str) -> Path:
    """The file in which a recording is kept: another where anything is that it depends on."""
    drawn = b"".join(recording.digest(program) for program in recording.programs(assignment, seed))
    by = f"{seed}/{'/'.join(load.installed())}/{version()}/{sha256(drawn).hexdigest()}"
    name = f"{assignment.name}-{sha256(by.encode()).hexdigest()[:20]}.answers"
    return Path(user_cache_dir("adjudge")) / name
