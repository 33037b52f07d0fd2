"""What the lecture leaves open: programs whose outcome is reported, and free."""

from __future__ import annotations

from harness.assignments.lecture6.orders import DEEP, chain
from harness.assignments.lecture6.parts import ARITHMETIC, BACKWARD, SORT
from harness.assignments.lecture6.relu import KINK
from harness.judging import compare
from harness.judging.check import Probe
from harness.records.observation import Observation
from harness.records.program import Apply, Backward, Expression, Sort

_CUBE = (Apply("mul", (0, 0)), Apply("mul", (1, 0)))
TWICE = Expression((3.0,), (*_CUBE, Backward(2), Backward(2)))
TWO_GRAPHS = Expression(
    (3.0,), (Apply("mul", (0, 0)), Backward(1), Apply("exp", (0,)), Backward(2))
)
SMALL = Expression((1.5, 0.5), (Apply("mul", (0, 1)), Apply("exp", (2,)), Backward(3), Sort(3)))


def _read_twice(seen: Observation) -> str:
    return _by_ratio(seen, 3, 27.0, {1.0: "second_resets", 2.0: "second_adds"}, "second_compounds")


def _read_two_graphs(seen: Observation) -> str:
    second = 20.085536923187668  # exp(3)
    ratios = {round((6.0 + second) / second, 6): "graphs_add", 1.0: "graphs_reset"}
    return _by_ratio(seen, 3, second, ratios, "graphs_other")


def _by_ratio(
    seen: Observation, step: int, unit: float, words: dict[float, str], other: str
) -> str:
    number, _ = compare.number_at(seen.get("grad", step), 0)
    if seen.fault is not None or number is None:
        return "not_observed"
    return words.get(round(number / unit, 6), other)


def _read_kink(seen: Observation) -> str:
    number, _ = compare.number_at(seen.get("grad", 1), 0)
    if seen.fault is not None or number is None:
        return "not_observed"
    return {0.0: "kink_zero", 1.0: "kink_one"}.get(number, "kink_between")


def _read_depth(seen: Observation) -> str:
    if seen.fault is not None:
        recursed = seen.fault.exception == "RecursionError"
        return "deep_recursion" if recursed else "not_observed"
    sequence = _read_sequence(seen, DEEP)
    return sequence if sequence == "not_observed" else "deep_done"


def _read_types(seen: Observation) -> str:
    told = [seen.get("value"), seen.get("grad", 2)]
    kinds = {kind for quantity in told if quantity is not None for kind in quantity.types}
    if seen.fault is not None or not any(told):
        return "not_observed"
    if any(
        kind == "ndarray" and value is not None
        for quantity in told
        if quantity is not None
        for value, kind in zip(quantity.values, quantity.types, strict=False)
    ):
        return "numbers_array"
    return (
        "numbers_numpy"
        if any(k not in ("float", "int", "bool") for k in kinds)
        else "numbers_plain"
    )


def _read_sequence(seen: Observation, step: int = 3) -> str:
    told = seen.get("order", step)
    kind = told.types[0] if told is not None and told.types else ""
    return {"list": "order_list", "tuple": "order_tuple"}.get(kind, "not_observed")


PROBES = (
    Probe("second_backward", TWICE, _read_twice, (*ARITHMETIC, BACKWARD)),
    Probe("two_graphs", TWO_GRAPHS, _read_two_graphs, (*ARITHMETIC, BACKWARD, "ag.exp")),
    Probe("relu_at_zero", KINK, _read_kink, (BACKWARD, "ag.relu")),
    Probe("deep_graph", chain(DEEP), _read_depth, (*ARITHMETIC, SORT), "RecursionError"),
    Probe("numbers", SMALL, _read_types, (*ARITHMETIC, SORT, BACKWARD, "ag.exp")),
    Probe("order", SMALL, _read_sequence, (*ARITHMETIC, SORT, BACKWARD, "ag.exp")),
)
