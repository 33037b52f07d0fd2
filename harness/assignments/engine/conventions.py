"""What engines do in more than one way: programs whose outcome is reported, and free."""

from __future__ import annotations

from harness.assignments.engine.graphs import chain
from harness.judging import compare
from harness.judging.check import Probe
from harness.records.observation import Observation
from harness.records.program import Apply, Backward, Expression

TWICE = Expression((3.0,), (Apply("mul", (0, 0)), Apply("mul", (1, 0)), Backward(2), Backward(2)))
TWO_GRAPHS = Expression(
    (3.0,), (Apply("mul", (0, 0)), Backward(1), Apply("add", (0, 0)), Backward(2))
)
KINK = Expression((0.0,), (Apply("relu", (0,)), Backward(1)))
DEEP = chain(1200)


def _read_twice(seen: Observation) -> str:
    words = {27.0: "second_resets", 54.0: "second_adds"}
    return _by_gradient(seen, 3, words, "second_compounds")


def _read_two_graphs(seen: Observation) -> str:
    return _by_gradient(seen, 3, {8.0: "graphs_add", 2.0: "graphs_reset"}, "graphs_other")


def _read_kink(seen: Observation) -> str:
    return _by_gradient(seen, 1, {0.0: "kink_zero", 1.0: "kink_one"}, "kink_between")


def _by_gradient(seen: Observation, step: int, words: dict[float, str], other: str) -> str:
    number, _ = compare.number_at(seen.get("grad", step), 0)
    if seen.fault is not None or number is None:
        return "not_observed"
    return words.get(round(number, 6), other)


def _read_depth(seen: Observation) -> str:
    if seen.fault is not None:
        recursed = seen.fault.exception == "RecursionError"
        return "chain_recursion" if recursed else "not_observed"
    return "chain_done"


PROBES = (
    Probe("second_backward", TWICE, _read_twice),
    Probe("two_graphs", TWO_GRAPHS, _read_two_graphs),
    Probe("relu_at_zero", KINK, _read_kink),
    Probe("deep_graph", DEEP, _read_depth, (), "RecursionError"),
)
