"""A graph in text: what it says, and what may not slip into a Mermaid diagram."""

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from harness.records.program import Apply, Backward, Expression
from harness.report.pages import graph_text
from support.some_evidence import GRAPH, LOSS, ORDER, PLOT, observation


def printed(evidence):
    out = io.StringIO()
    Console(file=out, width=100, highlight=False).print(graph_text.tree(evidence))
    return out.getvalue()


def test_a_graph_hangs_from_its_output_and_the_first_wrong_node_is_marked():
    assert (
        "The graph of this program\n"
        "└── v1 = x1 * x1  value 4  grad 1\n"
        "    ├── x1 = 2.0  value 2  grad 2  expected 4  <- differs first\n"
        "    └── x1, as above\n"
    ) == printed(GRAPH)


def test_a_wrong_order_marks_the_node_that_stands_too_early():
    assert "├── x1 = 2.0  value 2\n" in printed(ORDER)
    assert "v1 = x1 * x2  value 6  <- stands too early" in printed(ORDER)


def test_a_mermaid_diagram_has_every_node_and_every_arrow():
    assert (
        "flowchart TB\n"
        '  n0["x1 = 2.0<br>value 2<br>grad 2<br>expected 4<br>#9650; differs first"]\n'
        '  n1["v1 = x1 * x1<br>value 4<br>grad 1"]\n'
        "  n0 --> n1\n"
        "  n0 --> n1\n"
        "  style n0 stroke:#b3261e,stroke-width:3px"
    ) == graph_text.mermaid(GRAPH)


CHAIN = Expression((1.0,), (*(Apply("exp", (k,)) for k in range(30)), Backward(30)))
LARGE = replace(GRAPH, program=CHAIN, student=observation(("value", -1, (1.0,) * 31)), problem=None)


@pytest.mark.parametrize("evidence", [LOSS, PLOT, LARGE], ids=["training", "sweep", "too large"])
def test_what_is_no_graph_or_too_large_to_read_is_not_drawn(evidence):
    assert graph_text.tree(evidence) is None
    assert "" == graph_text.mermaid(evidence)


@given(st.text(max_size=12))
def test_no_type_that_a_student_names_can_end_a_label_or_a_diagram(kind):
    told = replace(
        GRAPH.student,
        quantities=(
            replace(GRAPH.student.quantities[0], values=(None, 4.0), types=(kind, "float")),
        ),
    )
    lines = graph_text.mermaid(replace(GRAPH, student=told)).split("\n")

    assert 6 == len(lines)
    assert all(line.count('"') in (0, 2) and "`" not in line for line in lines)
