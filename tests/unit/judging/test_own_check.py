"""A mistake of one operation fails that operation's own check, by its own programs."""

import pytest

from harness.assignments.lecture6.ag import assignment
from harness.assignments.lecture6.dialect import AG
from harness.judging.calculus import Calculus
from harness.judging.mutant import Mutant, mutate
from reference_impls.keys import AG_KEY, TEXT

CALCULUS = Calculus()
KINDS = (
    "unconnected",
    "records_left_only",
    "records_right_only",
    "registers_on_self",
    "registers_on_other",
    "registers_on_input",
    "calls_backward",
    "of_last_node",
    "zero_shortcut",
    "one_shortcut",
    "remembers_partner",
    "skips_zero_base",
    "returns_input",
    "difference_quotient",
    "gradient_single",
)
"""Kinds of mistakes that show on inner operands, second uses, special numbers or late gradients."""
OPERATIONS = ("add", "mul", "pow", "exp", "log", "relu")
MODELS = {
    f"{model.name}: {i}": model
    for i, model in enumerate(AG_KEY.models)
    if model.name.partition("_")[2] in KINDS and model.name.partition("_")[0] in OPERATIONS
}
CHECKS = {check.name: check for check in assignment.checks}
OWN = {op: CHECKS["relu_gradient" if op == "relu" else f"gradient_{op}"] for op in OPERATIONS}


def fails(check, text):
    engine = Mutant("mutant", text, AG)
    return any(
        check.compare(program, engine.run(program), CALCULUS) is not None
        for program in check.programs("577")
    )


def test_there_are_models_of_every_kind():
    assert {model.name.partition("_")[2] for model in MODELS.values()} == set(KINDS)
    assert len(MODELS) >= 60


@pytest.mark.parametrize("name", MODELS)
def test_a_mistake_of_one_operation_fails_its_own_gradient_check(name):
    model = MODELS[name]
    operation = model.name.partition("_")[0]

    assert fails(OWN[operation], mutate(TEXT, model.edits))


@pytest.mark.parametrize("name", MODELS)
def test_a_mistake_of_an_operation_that_others_do_not_use_fails_none_of_theirs(name):
    operation = MODELS[name].name.partition("_")[0]
    text = mutate(TEXT, MODELS[name].edits)
    used = {"add": OPERATIONS, "mul": ("pow", "exp", "log", "relu")}.get(operation, ())
    others = [other for other in OPERATIONS if other != operation and other not in used]

    assert [] == [other for other in others if fails(OWN[other], text)]


@pytest.mark.parametrize(
    ("model", "check"),
    [
        ("backward_seed_added", "gradient_sessions"),
        ("grads_by_id", "gradient_sessions"),
        ("grads_by_label", "gradient_sessions"),
        ("order_visited_by_equal_label", "order_random"),
        ("order_lists_kept", "order_random"),
        ("order_cached", "order_random"),
        ("value_few_digits", "constructor"),
    ],
)
def test_what_needs_a_past_fails_where_nodes_have_one(model, check):
    variants = [one for one in AG_KEY.models if one.name == model]

    assert variants
    assert all(fails(CHECKS[check], mutate(TEXT, one.edits)) for one in variants)
