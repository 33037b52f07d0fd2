"""PyTorch and JAX conform, agree with each other, and are not believed where they do not."""

from dataclasses import replace

import pytest

from harness.assignments.lecture6 import mlp
from harness.assignments.lecture6.ag import assignment
from harness.assignments.lecture6.model import draws
from harness.assignments.lecture6.orders import LECTURE
from harness.assignments.lecture6.parts import ALL
from harness.assignments.lecture6.training import training
from harness.grading.grader import Grader
from harness.oracles.conformance import violations
from harness.oracles.load import Oracles, load
from harness.programs.generate import expression, session
from harness.records.errors import Disputed
from harness.records.observation import Observation, Quantity
from harness.records.program import Apply, Backward, Expression, Sort
from harness.records.verdict import Status
from support.engines import jax_engine, torch_engine
from support.long import sample

THE_LECTURE_SAYS = (50.3264246157732, 25.068429538550134, 44.3264246157732)
ENGINES = {"torch": torch_engine, "jax": jax_engine}


@pytest.fixture(scope="module")
def oracles():
    return Oracles((torch_engine(), jax_engine()))


class Bent:
    """An engine that changes what another one says."""

    version = "bent"

    def __init__(self, name, factor, quantity):
        self.name = name
        self._engine = torch_engine()
        self._factor, self._quantity = factor, quantity

    def run(self, program):
        seen = self._engine.run(program)
        return Observation(tuple(self._bend(quantity) for quantity in seen.quantities))

    def _bend(self, quantity):
        if quantity.name != self._quantity:
            return quantity
        if quantity.name == "edges":
            return Quantity(quantity.name, quantity.step, quantity.values[2:])
        values = tuple(value * self._factor for value in quantity.values)
        return Quantity(quantity.name, quantity.step, values)


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
def test_an_oracle_conforms(engine):
    assert [] == violations(engine())


@pytest.mark.parametrize("quantity", ["value", "grad", "edges"])
def test_an_engine_that_is_wrong_by_one_part_in_a_billion_does_not_conform(quantity):
    assert violations(Bent("bent", 1 + 1e-9, quantity))


def test_both_are_found_by_their_entry_points_torch_first():
    assert ("torch", "jax") == load().names


def test_they_agree_on_random_programs(oracles):
    from reference_impls.jax_engine import BATCH

    programs = [expression(f"agree/{i}", ALL) for i in range(100)]
    programs += [session(f"agree/{i}", ALL) for i in range(40)]
    oracles.prepare(programs)
    for program in programs:
        oracles.expected(program)

    assert {} == oracles.disputes()
    assert len(programs) > BATCH


def test_they_say_what_the_lecture_says(oracles):
    program = Expression(LECTURE.leaves, (*LECTURE.steps, Backward(10)))
    for seen in oracles.expected(program):
        told = (seen.numbers("value")[10], *seen.numbers("grad", 8)[:2])

        assert told == pytest.approx(THE_LECTURE_SAYS, 1e-15)


def test_the_relation_they_record_is_the_programs_own(oracles):
    for i in range(10):
        program = expression(f"edges/{i}", ALL)
        graph = Expression(program.leaves, (*program.steps[:-1], Sort(program.steps[-1].node)))
        own = {(k, j) for k, node in enumerate(graph.nodes) for j in node.inputs}
        flat = [number for pair in sorted(own) for number in pair]
        for seen in oracles.expected(graph):
            assert flat == list(seen.get("edges").values)


def test_they_agree_on_a_program_that_is_longer_than_the_interpreter(oracles):
    from reference_impls.jax_engine import LENGTH

    chain = tuple(Apply("add" if k % 3 else "mul", (k, 0)) for k in range(LENGTH + 40))
    program = Expression((0.9,), (*chain, Backward(len(chain))))
    torch, jax = oracles.expected(program)

    assert torch.numbers("grad", len(chain))[0] == pytest.approx(
        jax.numbers("grad", len(chain))[0], 1e-13
    )


def test_they_agree_on_every_program_of_the_mlp(oracles):
    for check in mlp.assignment.checks:
        for program in check.programs("agree"):
            if getattr(program, "function", "mse") in ("mlp_forward", "mse", "sgd"):
                oracles.expected(program)

    assert {} == oracles.disputes()


@pytest.mark.parametrize("quantity", ["value", "grad"])
def test_a_program_on_which_they_disagree_is_not_used(quantity):
    oracles = Oracles((torch_engine(), Bent("bent", 1 + 1e-9, quantity)))
    with pytest.raises(Disputed, match=f"torch says .*{quantity} is .*, bent says"):
        oracles.expected(expression("dispute", ALL))

    assert 1 == len(oracles.disputes())


def test_where_they_disagree_nobody_loses_points(answer_key, specimens):
    oracles = Oracles((torch_engine(), Bent("bent", 1 + 1e-9, "grad")))
    with Grader(oracles) as grader:
        right = grader.grade(answer_key, assignment)
        wrong = grader.grade(specimens / "mul_overwrites", assignment)
    told = {v.check: v for v in right.verdicts}

    assert Status.INCONCLUSIVE == told["gradient_random"].status
    assert 0.0 == told["gradient_random"].out_of
    assert Status.PASSED == told["order_random"].status
    assert right.points == right.out_of == wrong.points == wrong.out_of < 100


@pytest.mark.parametrize("engine", sample(2, ENGINES.values()), ids=ENGINES)
def test_one_oracle_alone_judges(engine, answer_key, specimens):
    with Grader(Oracles((engine(),))) as grader:
        right = grader.grade(answer_key, assignment)
        wrong = grader.grade(specimens / "mul_overwrites", assignment)

    assert 100 == right.points
    assert 100 > wrong.points


def test_a_run_of_a_model_that_no_oracle_knows_is_answered_by_its_tape(oracles):
    known = training(2, 3, draws(2, 3), (0.5, -1.0, 2.0), (1.0, 0.0, -1.0), 0.05, 4)
    told = oracles.expected(replace(known, function="a model of one's own"))

    for expected, seen in zip(oracles.expected(known), told, strict=True):
        for traced in known.traced:
            for epoch in range(4):
                assert expected.numbers(traced.quantity, epoch) == pytest.approx(
                    seen.numbers(traced.quantity, epoch), rel=1e-12, abs=1e-12
                )
