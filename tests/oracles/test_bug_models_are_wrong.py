"""Every bug model fails a check of its own exercise, and no two of them are the same mistake."""

from collections import defaultdict

import pytest

from harness.assignments.lecture6 import ag, mlp
from harness.assignments.lecture6.dialect import AG
from harness.judging.check import programs_of, seed_of
from harness.judging.mutant import Mutant, mutate
from reference_impls.keys import AG_KEY, MLP_KEY, TEXT
from support.long import long_where, sample

MODELS = (*AG_KEY.models, *MLP_KEY.models)
SEED = "577"
ASSIGNMENTS = (ag.assignment, mlp.assignment)
CHECKS = [check for assignment in ASSIGNMENTS for check in assignment.active]
BEYOND = {"forward_cached": "Training", "step_momentum": "Training"}
"""Mistakes that show only where a model trains for some steps."""


@pytest.fixture(scope="module")
def oracles(grader):
    """What is recorded, by check."""
    answers = [(each, grader.answers(each, SEED)[0]) for each in ASSIGNMENTS]
    return {check.name: recorded for each, recorded in answers for check in each.active}


@pytest.fixture(scope="module")
def programs():
    return {
        check.name: programs_of(check, seed_of(check, each, SEED))
        for each in ASSIGNMENTS
        for check in each.active
    }


def _problems(engine, checks, programs, oracles):
    """The names of the checks that find something wrong, as they are found."""
    for check in checks:
        for program in programs[check.name]:
            if check.compare(program, engine.run(program), oracles[check.name]) is not None:
                yield check.name
                break


@pytest.mark.parametrize(
    "edits", [(), *AG_KEY.traversals], ids=["as it is", "right to left", "Kahn", "by depth"]
)
def test_the_answer_key_is_right_in_every_order(edits, programs, oracles):
    key = Mutant("key", mutate(TEXT, edits), AG)

    assert [] == list(_problems(key, CHECKS, programs, oracles))


def test_each_traversal_is_another_order(programs):
    keys = [Mutant("key", mutate(TEXT, edits), AG) for edits in ((), *AG_KEY.traversals)]
    told = {tuple(key.run(p) for p in programs["order_random"]) for key in keys}

    assert len(keys) == len(told)


@pytest.mark.parametrize(
    "model",
    sample(8, MODELS),
    ids=[f"{model.name}-{number}" for number, model in enumerate(MODELS)],
)
def test_a_check_of_its_exercise_finds_it(model, programs, oracles):
    exercise = BEYOND.get(model.name, model.exercise)
    own = [check for check in CHECKS if check.exercise == exercise]
    engine = Mutant(model.name, mutate(TEXT, model.edits), AG)

    assert next(_problems(engine, own, programs, oracles), None) is not None


def _alike(models, exercise, programs, most=None):
    """The models that give the same numbers in every check of an exercise, or in some programs."""
    names = [c.name for c in CHECKS if c.exercise == exercise and c.name != "order_deep"]
    alike = defaultdict(list)
    for model in models:
        engine = Mutant(model.name, mutate(TEXT, model.edits), AG)
        numbers = tuple(
            repr(engine.run(program)) for name in names for program in programs[name][:most]
        )
        alike[numbers].append(model)
    return [same for same in alike.values() if len({model.name for model in same}) > 1]


@pytest.mark.parametrize(
    "exercise", long_where(sorted({model.exercise for model in MODELS}), "2.B".__eq__)
)
def test_no_two_models_of_an_exercise_give_the_same_numbers(exercise, programs):
    models = [model for model in MODELS if model.exercise == exercise]
    at_first = _alike(models, exercise, programs, most=2)
    alike = [same for few in at_first for same in _alike(few, exercise, programs)]

    # A training run takes longer than all else: it is for those that nothing else tells apart.
    assert [] == [same for few in alike for same in _alike(few, "Training", programs)]
