"""A dialect from what a worker has told: names become templates of ours, and nothing else does."""

import pytest

from harness.programs.found import LONGEST, NoDialect, dialect_of
from harness.programs.found_arrays import array_dialect_of
from harness.records.dialect import NAMED, RUN

FACTS = {
    **{"class": "Value", "leaf": "plain", "value": "data", "known": "sum", "gradient": "grad"},
    **{"backward": "backward", "seeding": "none", "zero": "number"},
    **{"op.add": "operator", "op.mul": "operator", "op.exp": "method:exp", "op.log": "function:ln"},
    **{"op.pow": "whole", "op.pow_node": "refused", "uses.exp": "mul nonsense exp"},
}


def dotted(facts):
    return {key.replace("op_", "op."): fact for key, fact in facts.items()}


def found(**facts):
    return dialect_of({**FACTS, **dotted(facts)})


def texts(dialect):
    return {operation.name: operation.text for operation in dialect.operations}


def test_names_are_put_into_templates():
    dialect = found()

    assert ("Value({0})", "{0}.data", "{0}.grad") == (dialect.leaf, dialect.value, dialect.gradient)
    assert {"exp": "{0}.exp()", "log": "ln({0})"}.items() <= texts(dialect).items()
    assert ("whole", ("pow_node",)) == (dialect.takes["pow"], dialect.refused)
    assert ("mul",) == next(o.uses for o in dialect.operations if o.name == "exp")
    assert "from {module} import Value, ln" == dialect.imports
    assert "{0}.power({constant})" == texts(found(op_pow="method:power"))["pow"]
    known = [dict(told.known)["gradient"] for told in (dialect, found(known="name"))]
    assert [RUN, NAMED] == known


@pytest.mark.parametrize(
    ("seeding", "lines"),
    [
        ("none", ("{0}.backward()",)),
        ("argument", ("{0}.backward(1.0)",)),
        ("set", ("{0}.grad = 1.0", "{0}.backward()")),
    ],
)
def test_each_way_to_start_a_walk_has_its_lines(seeding, lines):
    assert lines == found(seeding=seeding).backward


def test_a_gradient_that_is_a_node_or_none_is_read_as_a_number():
    dialect = found(gradient="grad.data", zero="none")

    assert "0.0 if x.grad is None else x.grad.data" == dialect.recorded("grad", "x")
    assert "{0}.grad = None" == dialect.zero


LIES = (
    *("x; import os", "x\n", "os.system('x')", "__class__", "class", "{0}", "", "9", "é"),
    *("x" * (LONGEST + 1), "a.b.c", "x y", "x=1", "\U0001d431", "None"),
)


@pytest.mark.parametrize("fact", ["leaf", "seeding", "op.exp"])
def test_a_form_that_is_none_of_ours_makes_no_dialect(fact):
    with pytest.raises(NoDialect, match="a form that there is not"):
        dialect_of({**FACTS, fact: "import os"})


@pytest.mark.parametrize(
    ("facts", "says", "near"),
    [
        ({}, "no class has both", False),
        ({"fault": "timeout"}, "could not be loaded", False),
        ({**FACTS, "known": ""}, "no method of Value leaves the gradients", True),
        ({**FACTS, "asks": "order"}, "asks for order, which only a file", True),
    ],
)
def test_what_is_missing_is_said_and_whether_a_declaration_would_do(facts, says, near):
    with pytest.raises(NoDialect, match=says) as caught:
        dialect_of(facts)

    assert near is caught.value.near


ARRAYS = {
    **{"class": "Tensor", "leaf": "requires_grad", "value": "data", "known": "sum", "inner": "no"},
    **{"gradient": "grad.data", "backward": "backward", "seeding": "total", "zero": "none"},
    **{"op.add": "operator", "op.mul": "operator", "op.matmul": "function:mm"},
    **{"op.sum_all": "method:sum:nothing", "op.mean_last_kept": "function:mean:dim_keepdim"},
    **{"op.transpose": "property:T", "op.reshape": "method:view:spread", "uses.sum_all": "add x"},
}


def of_arrays(**facts):
    every = {**ARRAYS, **dotted(facts)}
    return array_dialect_of({f"arrays.{name}": fact for name, fact in every.items()})


def test_operations_on_whole_arrays_are_put_into_templates():
    dialect = of_arrays()

    assert {
        "matmul": "mm({0}, {1})",
        "sum_all": "{0}.sum()",
        "mean_last_kept": "mean({0}, dim=1, keepdim=True)",
        "transpose": "{0}.T",
        "reshape": "{0}.view({shape})",
    }.items() <= texts(dialect).items()
    assert "Tensor(np.array({0}), requires_grad=True)" == dialect.leaf
    assert ("{0}.sum().backward()",) == dialect.backward
    assert "from {module} import Tensor, mm, mean" == dialect.imports
    assert (True, False) == (dialect.arrays, dialect.inner)
    assert "np.ones_like({0}.data)" in of_arrays(seeding="argument").backward[0]


@pytest.mark.parametrize("name", LIES)
def test_what_is_no_name_makes_no_dialect_and_no_lie_becomes_code(name):
    for fact in ("class", "value", "gradient", "backward"):
        for make in (found, of_arrays):
            with pytest.raises(NoDialect):
                make(**{fact: name})
    for fact in ({"op.exp": f"method:{name}"}, {"op.exp": f"function:{name}"}, {"sort": name}):
        with pytest.raises(NoDialect):
            found(**fact)
    forms = (f"method:{name}:nothing", f"function:{name}:nothing", f"method:sum:{name}x")
    for fact in (*({"op.sum_all": form} for form in forms), {"op.matmul": f"{name}x:mm"}):
        with pytest.raises(NoDialect):
            of_arrays(**fact)
    with pytest.raises(NoDialect):
        of_arrays(leaf=name)
