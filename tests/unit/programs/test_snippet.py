"""Programs as Python: what is run is what is shown, but for what records."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.assignments.lecture6.dialect import AG
from harness.assignments.lecture6.training import training as training_run
from harness.judging.mutant import Mutant
from harness.programs import generate, snippet
from harness.records.program import Apply, Call
from harness.records.verdict import Comparison, Finding
from reference_impls.keys import TEXT
from support.fake_engines import ALL, Floats
from support.graphs import graph

PROGRAM = graph((2.0, -0.5), "mul 0 1, pow 2 ^-2, sort 3, backward 3, zero 0 3, relu 0, backward 4")
TRAINING = training_run(1, 7, (0.5, 0.25, 2.0, 1.0), (1.0, 2.0), (0.5, 0.0), 0.1, 3)
CALL = Call("mse", (), ("loss = Loss().mse([], [])", 'record("loss", -1, loss.value)'), PROGRAM, ())


SOURCE = """\
x1 = ag.Scalar(2.0)
x2 = ag.Scalar(-0.5)
v1 = x1 * x2
v2 = v1 ** (-2)
order = v2.topological_sort()
record_order("order", 2, order, (x1, x2, v1, v2,))
v2.backward()
record("grad", 3, x1.grad, x2.grad, v1.grad, v2.grad)
for node in (x1, v2,):
    node.grad = 0.0
v3 = ag.relu(x1)
v3.backward()
record("grad", 6, x1.grad, x2.grad, v1.grad, v2.grad, v3.grad)
record("value", -1, x1.value, x2.value, v1.value, v2.value, v3.value)
"""


def test_an_expression_reads_as_a_student_would_write_it_and_is_shown_without_what_records():
    lines = SOURCE.splitlines(keepends=True)

    assert SOURCE == snippet.source(PROGRAM, AG)
    assert "".join(line for line in lines if "record" not in line) == snippet.shown(PROGRAM, AG)
    # Labels name the nodes and are set as the lecture sets them.
    assert """\
z1 = ag.Scalar(2.0, label="z1:x")
z2 = ag.exp(z1)
z2.label = "z2:exp(x)"
""" == snippet.shown(graph((2.0,), "exp 0", ("z1:x", "z2:exp(x)")), AG)


def test_training_is_the_lectures_loop():
    assert """\
import numpy as np
xnp = np.array([1.0, 2.0])
ynp = np.array([0.5, 0.0])
model = Model(n_hidden=1, rng_seed=7)
loss_fn = Loss()
optimizer = Optimizer(model.parameters, lr=0.1)
for epoch in range(3):
    optimizer.zero_grad()
    output = model.forward(xnp)
    loss = loss_fn.mse(output, ynp)
    loss.backward()
    optimizer.step()
""" == snippet.shown(TRAINING, AG)


@pytest.mark.parametrize(
    ("detailed", "names"),
    [(True, ["zeroed", "before", "prediction", "loss", "grad", "after"]), (False, ["loss"])],
)
def test_training_records_each_quantity_of_each_epoch_or_for_the_curve_the_loss(detailed, names):
    curve = training_run(1, 7, (0.0,) * 4, (1.0,), (0.5,), 0.1, 3, detailed=detailed)
    lines = [line for line in snippet.source(curve, AG).splitlines() if "record(" in line]

    assert names == [line.split('"')[1] for line in lines]
    assert '    record("loss", epoch, loss.value)' in lines


def test_a_call_is_its_own_lines_and_a_loop_that_does_nothing_but_record_is_not_shown():
    lines = ("x = 1", "for k in range(2):", '    record("loss", k, x)', "for k in range(2):")
    body = (*lines, "    x += k", 'record("x", -1, x)')

    assert "\n".join(CALL.lines) + "\n" == snippet.source(CALL, AG)
    assert "loss = Loss().mse([], [])\n" == snippet.shown(CALL, AG)
    assert "x = 1\nfor k in range(2):\n    x += k\n" == snippet.shown(replace(CALL, lines=body), AG)


def _wrong(subject, epoch=None):
    return Comparison("grad", subject, 3, ("torch",), 1.0, 2.0, "float", 0.0, False, epoch)


def test_a_failing_comparison_prints_its_subject_last_after_the_epoch_that_fails():
    shown = [snippet.shown(p, AG, _wrong("v1.grad")) for p in (PROGRAM, CALL)]
    trained = snippet.shown(TRAINING, AG, _wrong("model.w1[0].grad", epoch=1))

    assert ["print(v1.grad)"] * 2 == [text.splitlines()[-1] for text in shown]
    assert "for epoch in range(2):" in trained
    assert trained.endswith("optimizer.step()\nprint(model.w1[0].grad)\n")
    # Another problem prints nothing.
    assert snippet.shown(PROGRAM, AG) == snippet.shown(PROGRAM, AG, Finding("order_missing"))


drawn = st.builds(
    lambda draw, i: draw(f"snippet/{i}", ALL),
    st.sampled_from([generate.expression, generate.session]),
    st.integers(0, 200),
)


@given(drawn)
@settings(max_examples=40)
def test_the_text_computes_the_programs_values_and_what_is_shown_of_it_records_nothing(program):
    shown = snippet.shown(program, AG, _wrong("v1.grad"))
    told = Mutant("key", TEXT, AG).run(program).numbers("value")
    compile(shown, "shown", "exec")

    assert "record(" not in shown
    assert "record_order(" not in shown
    assert Floats().run(program).numbers("value") == pytest.approx(told, rel=1e-9)


@given(drawn)
@settings(max_examples=20)
def test_a_backward_records_the_nodes_that_exist_by_then(program):
    lines = snippet.source(program, AG).splitlines()
    for at, line in enumerate(lines):
        if line.startswith("record("):
            made = sum(" = " in earlier and "order" not in earlier for earlier in lines[:at])
            zeroed = sum("node.grad = 0.0" in earlier for earlier in lines[:at])

            assert made - zeroed == line.count(".")


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, ""), (1, "import numpy as np"), (8, "optimizer.zero_grad()"), (99, ""), (-1, "")],
    ids=["before the first", "the first", "an indented one", "past the last", "a negative one"],
)
def test_a_line_is_found_by_its_number(number, text):
    assert text == snippet.line_at(TRAINING, AG, number)


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (("add", (0, 1)), "a + b"),
        (("mul", (1, 1)), "b * b"),
        (("pow", (0,), 2), "a ** 2"),
        (("pow", (0,), 0), "a ** 0"),
        (("pow", (0,), 0.5), "a ** 0.5"),
        (("pow", (0,), -0.5), "a ** (-0.5)"),
        (("log", (1,)), "ag.log(b)"),
    ],
)
def test_an_operation_is_spelled_in_python(node, text):
    assert text == snippet.spell(Apply(*node), ("a", "b"), AG)
