"""Dialects of engines that are kept by name."""

from __future__ import annotations

from dataclasses import replace

from harness.programs.found import PRELUDE
from harness.programs.ops import OPS
from harness.records.dialect import Dialect, Network, Operation

ZERO = "{0}.zero_grad()"
NETWORKS = (
    Network("Neuron", "neuron", "Neuron({inputs})", zero=ZERO, last="relu"),
    Network("Layer", "layer", "Layer({inputs}, {sizes})", zero=ZERO, last="relu"),
    Network("MLP", "mlp", "MLP({inputs}, [{sizes}])", zero=ZERO, hidden="relu"),
)
"""micrograd's own: relu in every layer but the last."""

MICROGRAD = Dialect(
    name="micrograd",
    node="Value",
    leaf="Value({0})",
    value="{0}.data",
    operations=(
        *(Operation(name) for name in ("add", "mul", "pow", "relu", "sum")),
        *(Operation(name, uses=("mul", "mul_number")) for name in ("neg",)),
        *(Operation(name, uses=("add", "neg")) for name in ("sub", "sub_number", "number_sub")),
        *(Operation(name, uses=("mul", "pow")) for name in ("div", "div_number", "number_div")),
        *(Operation(name) for name in ("add_number", "number_add", "mul_number", "number_mul")),
    ),
    networks=NETWORKS,
    prelude=PRELUDE,
    imports="from {module} import Value",
)
"""micrograd's own Value: .data, .grad and backward(), which sorts by itself."""
JUDGED = tuple(name for name in OPS if name != "mean")
"""The operations of which each has a check; a mean stands only in tapes."""
FULL = replace(
    MICROGRAD,
    name="engine",
    order="{0}.topological_sort()",
    operations=tuple(
        Operation(name, {"max": "{0}.maximum({1})", "min": "{0}.minimum({1})"}.get(name, ""))
        for name in JUDGED
    ),
)
"""An engine with every operation and a sort, as the answer key spells it."""
