"""A mistake that the lecture's checks find is found under other names too; a sample of them.

All of them: python tests/oracles/engine_mutants.py
"""

import pytest

from harness.grading.audit.run import mutants
from harness.judging.mistakes import equivalent
from oracles.engine_mutants import DIALECTS, LECTURE, LEFT_OPEN, killed
from reference_impls.keys import HERE

EVERY = 29
SAME = dict(equivalent(HERE / "ag_mistakes.toml"))
NAMED = {mutant.name: mutant for mutant in mutants(LECTURE.answer_key) if mutant.name not in SAME}
HOLES = (
    "ag.Scalar.__add__: return output -> return self",
    "ag.Scalar.__pow__: return output -> return None",
    "ag.exp: output = ag.Scalar(math.exp(input.value), inputs=[input], op='exp') -> pass",
)
"""What once looked like an operation that is absent, or refuses."""
ASKED = [name for name in NAMED if name not in LEFT_OPEN]
SAMPLE = dict.fromkeys((*ASKED[::EVERY], *HOLES))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_is_killed_in_the_lectures_names_is_killed_in_others(dialect, grader):
    assert {name: True for name in SAMPLE} == {
        name: bool(killed(NAMED[name], dialect, grader)) for name in SAMPLE
    }


def test_what_is_left_open_is_there_and_is_not_killed(grader):
    assert {"": len(LEFT_OPEN)} == {
        killed(NAMED[name], "verbs", grader): len(LEFT_OPEN) for name in LEFT_OPEN
    }
