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
    "input_changed": "`{name}` changes its argument {argument}; compute in a new array.",
}
