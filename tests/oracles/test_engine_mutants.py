"""A mistake that the lecture's checks find is found under other names too; a sample of them.

All of them: python tests/oracles/engine_mutants.py
"""

import pytest

from harness.grading.audit import run
from harness.judging.mistakes import equivalent
from oracles.engine_mutants import DIALECTS, LECTURE, LEFT_OPEN, killed
from reference_impls.keys import HERE

pytestmark = pytest.mark.long
EVERY = 43
SAME = dict(equivalent(HERE / "ag_mistakes.toml"))
HOLES = (
    "ag.Scalar.__add__: return output -> return self",
    "ag.Scalar.__pow__: return output -> return None",
    "ag.exp: output = ag.Scalar(math.exp(input.value), inputs=[input], op='exp') -> pass",
)
"""What once looked like an operation that is absent, or refuses."""


@pytest.fixture(scope="module")
def all_named():
    """Every mutant of the engine's key that is not equivalent to it, by name."""
    made = run.mutants(LECTURE.answer_key, ())
    return {mutant.name: mutant for mutant in made if mutant.name not in SAME}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_is_killed_in_the_lectures_names_is_killed_in_others(dialect, all_named, grader):
    asked = [name for name in all_named if name not in LEFT_OPEN]
    some = (*asked[::EVERY], *HOLES)

    assert [] == [name for name in some if not killed(all_named[name], dialect, grader)]


def test_what_is_left_open_is_there_and_is_not_killed(all_named, grader):
    assert {""} == {killed(all_named[name], "verbs", grader) for name in LEFT_OPEN}
