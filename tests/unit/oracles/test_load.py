"""The memory of what oracles said, and what happens where they disagree or are not there."""

import pytest

from harness.oracles.conformance import CALL, UNTRACED
from harness.oracles.load import Oracles
from harness.records.errors import Disputed, OracleError
from harness.records.observation import Observation
from support.fake_engines import Floats
from support.graphs import graph

PROGRAM = graph((2.0, 3.0), "mul 0 1, backward 2")
OTHER = graph((2.0,), "exp 0, backward 1")


class Batched(Floats):
    """An engine that prefers many programs at once, and keeps what it is asked for."""

    asked = ()
    runs = 0

    def run(self, program):
        self.runs += 1
        return super().run(program)

    def run_all(self, programs):
        self.asked += (programs,)
        return tuple(self.run(program) for program in programs)


def test_each_oracle_answers_in_the_order_of_the_names():
    oracles = Oracles((Floats("p", "1"), Floats("q", "2", seed="s")))

    assert ("p", "q") == oracles.names
    assert ("p 1", "q 2") == oracles.versions
    assert [6.0, 6.0] == [seen.numbers("value")[2] for seen in oracles.expected(PROGRAM)]
    with pytest.raises(OracleError, match=r"adjudge\[oracles\].*torch: no module"):
        Oracles((), ("torch: no module",))  # what to install where there is none


def test_programs_are_asked_together_where_an_engine_can_and_each_but_once():
    engine = Batched()
    oracles = Oracles((engine,))
    oracles.prepare((PROGRAM, OTHER, PROGRAM))
    oracles.prepare((PROGRAM,))

    assert oracles.expected(OTHER) == oracles.expected(OTHER)
    assert (((PROGRAM, OTHER),), 2) == (engine.asked, engine.runs)


def test_oracles_that_disagree_are_not_believed_and_the_dispute_is_kept():
    oracles = Oracles((Floats("p"), Floats("q", value_slip=(2, 1e-9))))
    for _ in range(2):
        with pytest.raises(Disputed, match=r"p says v1.value is 6\.0, q says"):
            oracles.expected(PROGRAM)
    oracles.expected(OTHER)

    assert 1 == len(oracles.disputes())


class Silent(Floats):
    """An oracle that has no line for any call."""

    def run(self, program):
        return Observation(()) if program == CALL else super().run(program)


def test_an_oracle_that_says_nothing_of_a_program_leaves_it_to_the_others():
    oracles = Oracles((Floats("p"), Silent("q"), Floats("r")))

    assert 2 == len(oracles.expected(CALL))
    assert ("p", "r") == oracles.by(CALL)
    assert ("p", "q", "r") == oracles.by(PROGRAM)
    assert ("p", "q") == Oracles((Floats("p"), Floats("q"))).by(UNTRACED)
