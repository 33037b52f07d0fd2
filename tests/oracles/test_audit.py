"""Mutants of the answer key, handed in for real: to locked workers, under the lecture's checks."""

from dataclasses import replace

import pytest

from harness.assignments.lecture6.dialect import AG
from harness.grading.audit import run
from harness.grading.audit.rivals import rivals
from harness.grading.audit.run import Fate, audit, joined, same_observations, survivals
from harness.grading.grader import LECTURE
from harness.judging.check import Limits, find
from harness.judging.mistakes import equivalent
from harness.records.program import Apply, Expression
from reference_impls.keys import HERE, TEXT

pytestmark = pytest.mark.long
ASSIGNMENTS = tuple(replace(find(name), limits=Limits(seconds=1)) for name in LECTURE)
KEY = joined(ASSIGNMENTS)
TABLES = (HERE / "ag_mistakes.toml", HERE / "mlp_mistakes.toml")
SAME = tuple(pair for table in TABLES for pair in equivalent(table, convention=False))
OPEN = tuple(pair for table in TABLES for pair in equivalent(table, convention=True))
VISITED = "ag.Scalar.topological_sort: visited.add(id(node)) -> pass"
KILLED = {
    "add_overwrites": "gradient_add",
    VISITED: "order_sharing",
    "ag.Scalar.__init__: self.label = label -> pass": "constructor",
    "ag.exp: input.grad += output.value * output.grad -> "
    "input.grad += output.value * input.grad": "gradient_exp",
    "ag.log: input.grad += output.grad / input.value -> "
    "input.grad += output.grad / input.value * (1 + 1e-09)": "gradient_log",
    "Model.forward: return outputs -> return None": "forward",
    "Optimizer.zero_grad: parameter.grad = 0.0 -> pass": "zero_grad",
    "Optimizer.step: parameter.value -= self.lr * parameter.grad -> pass": "step",
}
SUM = Expression((2.0, 3.0), (Apply("add", (0, 1)),))
LONG = ("order_deep",)
"""Checks whose programs are so long that in this process they tell little."""


@pytest.fixture(scope="module")
def named():
    """Every mutant of the answer key, by its name."""
    return {mutant.name: mutant for mutant in run.mutants(KEY, ())}


@pytest.fixture(scope="module")
def told(grader, named):
    handful = tuple(named[name] for name in (*KILLED, *dict(OPEN)))
    return audit(ASSIGNMENTS, KEY, grader, "577", chosen=handful)


@pytest.mark.parametrize(("name", "check"), KILLED.items())
def test_a_mistake_is_killed_by_the_check_that_is_about_it(told, name, check):
    (outcome,) = (one for one in told.outcomes if one.mutant.name == name)

    assert Fate.KILLED == outcome.fate
    assert check in outcome.killed_by


def test_what_the_assignment_leaves_open_survives(told):
    assert set(OPEN) == {(one.mutant.name, one.reason) for one in told.equivalent}
    assert () == told.survived == told.stale == told.unknown


def test_a_mutant_that_walks_every_path_costs_a_worker_and_is_the_only_one(told):
    assert [VISITED] == [one.mutant.name for one in told.outcomes if one.hangs]


def test_only_the_constructor_sees_that_a_label_is_lost(told):
    assert 1 == told.only("constructor")


def test_a_rival_that_looks_at_one_value_sees_less(told, grader):
    def adds(engine, oracles):
        return 5.0 == engine.run(SUM).numbers("value")[-1]

    (rival,) = rivals(told, KEY, {"adds": adds}, grader.oracles, AG)

    assert rival.accepts_key
    assert {VISITED} == rival.kills


def test_another_seed_spares_the_same(grader, named):
    kink = "ag.relu: input.grad += (1.0 if input.value > 0 else 0.0) * output.grad -> "
    kink += "input.grad += (1.0 if input.value >= 0 else 0.0) * output.grad"
    chosen = (named["add_overwrites"], named[kink])

    assert {"add_overwrites": 0, kink: 1} == survivals(
        ASSIGNMENTS, KEY, grader, ("0",), chosen=chosen
    )


def drawn(most=None):
    """The programs of every check, or so many of each."""
    return tuple(
        program
        for assignment in ASSIGNMENTS
        for check in assignment.active
        if check.name not in LONG
        for program in check.programs(f"577/{assignment.name}/{check.name}")[:most]
    )


@pytest.fixture(scope="module")
def few():
    """Some of each check; `tox -e audit` asks for all, and calls a declaration stale by them."""
    return drawn(most=4)


@pytest.mark.parametrize("name", dict(SAME))
def test_an_equivalent_mutant_records_what_the_answer_key_records(name, few, named):
    assert same_observations(named[name].text, TEXT, few, AG)


@pytest.mark.parametrize("name", dict(OPEN))
def test_what_is_left_open_is_another_answer(name, named):
    assert not same_observations(named[name].text, TEXT, drawn(), AG)


def test_every_declaration_names_a_mutant_once_with_a_reason():
    names = [mutant.name for mutant in run.mutations(TEXT)]

    assert len(KEY.equivalent) == len(dict(KEY.equivalent)) == len((*SAME, *OPEN))
    assert set(dict(KEY.equivalent)) <= set(names)
    assert all(reason for _, reason in KEY.equivalent)


@pytest.mark.parametrize("assignment", ASSIGNMENTS, ids=LECTURE)
def test_an_assignment_alone_knows_the_declarations_of_its_own_part(assignment, grader):
    key = joined([assignment])

    assert () == audit((assignment,), key, grader, "577", chosen=()).unknown
