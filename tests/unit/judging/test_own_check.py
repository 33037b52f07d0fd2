"""A mistake of one operation fails that operation's own check, by its own programs."""

from functools import cache

import pytest

from harness.assignments.lecture6.ag import assignment
from harness.assignments.lecture6.dialect import AG
from harness.judging.calculus import Calculus
from harness.judging.mutant import Mutant, mutate
from reference_impls.keys import AG_KEY, TEXT

CALCULUS = Calculus()
KINDS = (
    *("unconnected", "records_left_only", "records_right_only", "registers_on_self"),
    *("registers_on_other", "registers_on_input", "calls_backward", "of_last_node"),
    *("zero_shortcut", "one_shortcut", "remembers_partner", "skips_zero_base"),
    *("returns_input", "difference_quotient", "gradient_single"),
)
"""Kinds of mistakes that show on inner operands, second uses, special numbers or late gradients."""
OPERATIONS = ("add", "mul", "pow", "exp", "log", "relu")
MODELS = {
    f"{model.name}: {i}": model
    for i, model in enumerate(AG_KEY.models)
    if model.name.partition("_")[2] in KINDS and model.name.partition("_")[0] in OPERATIONS
}
CHECKS = {check.name: check for check in assignment.checks}
OWN = {op: "relu_gradient" if op == "relu" else f"gradient_{op}" for op in OPERATIONS}


@cache
def drawn(check):
    return CHECKS[check].programs("577")


def fails(check, text):
    engine = Mutant("mutant", text, AG)
    return any(
        CHECKS[check].compare(program, engine.run(program), CALCULUS) is not None
        for program in drawn(check)
    )


def test_there_are_models_of_every_kind():
    assert {model.name.partition("_")[2] for model in MODELS.values()} == set(KINDS)
    assert len(MODELS) >= 60


@pytest.mark.parametrize("name", MODELS)
def test_a_mistake_fails_its_operations_own_check_and_none_of_one_that_does_not_use_it(name):
    text = mutate(TEXT, MODELS[name].edits)
    operation = name.partition("_")[0]
    used = {"add": OPERATIONS, "mul": ("pow", "exp", "log", "relu")}.get(operation, ())
    asked = [op for op in OPERATIONS if op == operation or op not in used]

    assert [operation] == [op for op in asked if fails(OWN[op], text)]


PAST = {
    **dict.fromkeys(("backward_seed_added", "grads_by_id", "grads_by_label"), "gradient_sessions"),
    "order_visited_by_equal_label": "order_random",
    **dict.fromkeys(("order_lists_kept", "order_cached"), "order_random"),
    "value_few_digits": "constructor",
}


@pytest.mark.parametrize(("model", "check"), PAST.items())
def test_what_needs_a_past_fails_where_nodes_have_one(model, check):
    variants = [one for one in AG_KEY.models if one.name == model]

    assert variants
    assert all(fails(check, mutate(TEXT, one.edits)) for one in variants)
