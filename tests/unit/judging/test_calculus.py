"""The middle of the bound agrees with engines that share no code with it."""

import pytest

from harness.assignments.lecture6 import mlp, model
from harness.assignments.lecture6.training import training as training_run
from harness.judging import calculus, compare, training
from harness.judging.calculus import Calculus
from harness.programs import generate
from harness.records.program import Call
from support.fake_engines import ALL, Floats, Pupil
from support.graphs import graph


@pytest.mark.parametrize("draw", [generate.expression, generate.session])
@pytest.mark.parametrize("seed", range(20))
def test_an_expression_is_what_other_engines_compute(draw, seed):
    program = draw(f"calculus/{seed}", ALL)
    answers = Calculus()

    assert compare.values(program, Floats().run(program), answers) is None
    assert compare.gradients(program, Pupil().run(program), answers) is None
    assert "calculus" == answers.by(program)[0]


def test_a_wrong_engine_is_found_without_an_oracle():
    program = generate.expression("calculus", ("add", "mul"))
    wrong = compare.gradients(program, Pupil(grad_factor={"mul": 2.0}).run(program), Calculus())

    assert ("calculus",) == wrong.oracles


def test_the_relation_between_nodes_is_told_where_a_program_sorts():
    assert calculus.observe(graph((2.0,))).get("edges") is None
    assert () == calculus.observe(graph((2.0,), "sort 0")).numbers("edges")


def test_one_epoch_of_training_is_what_another_engine_computes():
    start = model.draws(3, 7)
    run = training_run(3, 7, start, (0.5, -1.0), (1.0, 2.0), 0.1, 4)

    assert training.steps("the lecture")(run, Pupil().run(run), Calculus()) is None


def test_a_call_is_bounded_by_its_own_tape():
    for check in mlp.assignment.active:
        for program in check.programs("577"):
            if isinstance(program, Call) and program.traced:
                told = calculus.observe(program)

                assert [t.quantity for t in program.traced] == [q.name for q in told.quantities]
                assert all(len(t.nodes) == len(told.numbers(t.quantity)) for t in program.traced)
