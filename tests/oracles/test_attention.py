"""Homework 3: oracles, right variants, mistakes, mutants and the wall around the assignment."""

import re
from pathlib import Path

import pytest

import harness
from harness.grading.audit.run import same_observations
from harness.judging.calculus import Calculus
from harness.judging.check import find, programs_of, seed_of
from harness.judging.compare import agrees, traced_radius
from harness.judging.mistakes import equivalent
from harness.judging.mutant import Mutant, mutate
from harness.oracles.load import load
from harness.records.dialect import BARE
from harness.records.handed_in import Source, Submission
from harness.records.people import Person, Result
from harness.report.pages import page
from oracles.array_soak import MAKERS, VARIANTS, accused, drawn
from reference_impls.keys import ATTENTION_KEY, HERE
from reference_impls.keys import ATTENTION_TEXT as TEXT
from support.long import sample
from support.mutants import mutants_of
from support.specimens import PATHS

LAB = find("numpy_attention")
MODELS = ATTENTION_KEY.models
SAME = equivalent(HERE / "attention_mistakes.toml", convention=False)
HARNESS = Path(harness.__file__).parent


@pytest.fixture(scope="module")
def programs():
    return {c.name: programs_of(c, seed_of(c, LAB, "577")) for c in LAB.active}


def test_the_checks_are_worth_100_points():
    assert 100 == sum(check.points for check in LAB.active)


def test_the_three_gradients_are_held_on_the_same_programs(programs):
    first, *others = (programs[f"gradient_{name}"] for name in ("W1", "W2", "w3"))

    assert len(first) >= 16
    assert all(other is first for other in others)


@pytest.mark.parametrize("name", MAKERS)
def test_torch_jax_and_calculus_agree_on_arrays(name):
    asked, calculus, call = load(), Calculus(), drawn(name, f"agree/{name}")
    told, plain = asked.expected(call), calculus.expected(call)[0]

    for traced in call.traced:
        radius = traced_radius(call, traced)
        for oracle in told:
            rows = (oracle.numbers(traced.quantity), plain.numbers(traced.quantity), radius)
            assert all(agrees(a, b, r) for a, b, r in zip(*rows, strict=True))
            assert len(traced.subjects) == len(rows[0]) == len(set(traced.subjects))


@pytest.mark.parametrize("name", sample(5, VARIANTS))
def test_no_right_variant_is_accused_on_random_shapes(name):
    assert [] == accused(VARIANTS[name], 20)


@pytest.mark.parametrize("name", MAKERS)
def test_a_billionth_too_much_is_caught(name):
    call = drawn(name, f"sharp/{name}", (3, 4, 5, 2))
    bound = Calculus().expected(call)[0]

    for traced in (t for t in call.traced if t.quantity not in dict(call.arguments)):
        pairs = zip(bound.numbers(traced.quantity), traced_radius(call, traced), strict=True)
        sharp = [2 * radius < 1e-9 * abs(number) for number, radius in pairs if number]
        assert sharp
        assert sum(sharp) >= 0.5 * len(sharp)


@pytest.mark.parametrize("model", sample(6, MODELS[::10]), ids=lambda model: model.name)
def test_a_known_mistake_is_named_and_costs_in_its_own_exercise(model, grader):
    text = mutate(TEXT, model.edits)
    handed_in = Submission("it", (Source("attention.py", text),), "attention", digest=text)
    grade = grader.grade(handed_in, LAB)
    lost = [v for v in grade.verdicts if v.points < v.out_of]

    assert {model.exercise} == {verdict.exercise for verdict in lost}
    assert [model.name] == [known.name for known in lost[0].diagnosis]


def test_every_declared_equivalent_is_a_mutant_and_records_what_the_key_records(programs):
    declared = dict(ATTENTION_KEY.equivalent)
    made = mutants_of(TEXT, declared)
    tried = tuple(p for name in programs if name != "no_loop" for p in programs[name][:3])

    assert set(declared) == set(made)
    for name, reason in SAME:
        assert reason
        assert same_observations(made[name], TEXT, tried, BARE), name


@pytest.mark.long
def test_a_check_of_its_own_exercise_finds_every_model(programs):
    key = Mutant("key", TEXT, BARE)
    for model in MODELS:
        wrong = Mutant(model.name, mutate(TEXT, model.edits), BARE)
        own = [c for c in LAB.active if c.exercise == model.exercise and c.name != "no_loop"]
        asked = ((check, program) for check in own for program in programs[check.name])
        assert any(finds(check, program, wrong, key) for check, program in asked), model.name


def finds(check, program, wrong, key):
    """Whether a check finds fault with a module; of a run that only oracles know, whether another
    comes of it than of the key."""
    seen = wrong.run(program)
    if not program.traced:
        return seen != key.run(program)
    return check.compare(program, seen, Calculus()) is not None


def test_nothing_but_the_assignment_names_it():
    for path in HARNESS.rglob("*.py"):
        if "attention" not in path.parts:
            assert not re.search("attention", path.read_text(), re.IGNORECASE), path


def test_work_that_grows_with_the_samples_is_told(grader):
    grade = grader.grade(PATHS["loops"], LAB)
    (lost,) = (v for v in grade.verdicts if v.points < v.out_of)

    assert ("no_loop", "python_loop") == (lost.check, lost.problem.kind)
    assert float(lost.problem["many"]) > 1.9 * float(lost.problem["few"])


def test_a_page_shows_an_array_of_another_shape_beside_the_right_one(grader):
    text = page.student(Result(Person("it"), (grader.grade(PATHS["outer_square"], LAB),)), {})

    assert "shape (2, 2): " in text
    assert "shape (2, 2, 2): " in text
    assert "outer.shape" not in text
