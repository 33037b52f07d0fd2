"""Numpy_attention's own sentences: what a report says of its findings."""

from __future__ import annotations

WORDS = {
    "python_loop": (
        "`{name}` loops over samples in Python: {few} steps for {small}, {many} for {large}. "
        "The numbers are right; let NumPy loop."
    ),
    "losses_plain": "losses are Python floats",
    "losses_numpy": "losses are numpy scalars",
    "losses_array": "losses are numpy arrays without axes, which count as numbers",
    "python_loop_inside": (
        "`{name}` loops over samples in Python, inside `{function}`, which calls a function of "
        "Python for each. The numbers are right; let NumPy's own operations loop."
    ),
    "returns_other": "`{name}` returns an object of type {type}; it should return {wanted}.",
    "returns_count": "`{name}` returns another number of things; it should return {wanted}.",
    "returns_losses_first": (
        "`train` returns its losses first; it should return W1, W2, w3, losses."
    ),
}
