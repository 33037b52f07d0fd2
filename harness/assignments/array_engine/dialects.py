"""How an engine of arrays spells a program; a module under other names is read as it is found."""

from __future__ import annotations

from dataclasses import replace

from harness.assignments.engine.dialects import FULL as SCALAR
from harness.programs.grid_ops import BY_ELEMENT, GRID_OPS
from harness.records.dialect import Operation

FULL = replace(
    SCALAR,
    name="array engine",
    arrays=True,
    node="Tensor",
    leaf="Tensor(np.array({0}))",
    order="",
    imports="from {module} import Tensor",
    operations=(*map(Operation, BY_ELEMENT), *map(Operation, GRID_OPS)),
)
"""An engine with every operation, as the answer key spells it."""
