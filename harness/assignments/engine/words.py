"""The sentences of scalar_engine: what a report says of its conventions."""

from __future__ import annotations

ENGINE = {
    "second_resets": "a second backward() starts anew",
    "second_adds": "a second backward() adds the gradients once more, as PyTorch does",
    "second_compounds": "a second backward() also counts what inner nodes kept from the first",
    "graphs_add": "gradients of two graphs on one leaf add up until they are zeroed",
    "graphs_reset": "backward() of a second graph starts the leaf's gradient anew",
    "graphs_other": "gradients of two graphs on one leaf neither add up nor start anew",
    "kink_zero": "the gradient of relu at exactly 0 is 0, as in PyTorch and JAX",
    "kink_one": "the gradient of relu at exactly 0 is 1; PyTorch and JAX say 0",
    "kink_between": "the gradient of relu at exactly 0 is between 0 and 1; PyTorch and JAX say 0",
    "chain_done": "a chain of 1,200 nodes is walked backward",
    "chain_recursion": "a chain of 1,200 nodes exceeds Python's recursion limit",
}
"""Of scalar_engine."""
