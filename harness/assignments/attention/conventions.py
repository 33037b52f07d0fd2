"""What homework 3 leaves open: told, and free."""

from __future__ import annotations

from harness.assignments.attention import whole
from harness.judging.check import Probe
from harness.records.observation import Observation

(SHORT, *_) = whole.runs("conventions")
"""The shortest training run: two epochs."""


def _read_losses(seen: Observation) -> str:
    """Of which type the losses are that a run lists."""
    found = seen.get("loss", 0)
    if seen.fault is not None or found is None or found.values[0] is None:
        return "not_observed"
    kind = found.types[0] if found.types else "float"
    return {"float": "losses_plain", "ndarray": "losses_array"}.get(kind, "losses_numpy")


PROBES = (Probe("losses", SHORT, _read_losses, ("train",)),)
