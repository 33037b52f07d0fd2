"""What the lecture hands out."""

from __future__ import annotations

IDLE = (
    r"return (loss|output)|return \[ag\.Scalar\(0\.0\) for \w+ in range\(\w+\)\]"
    r"|loss = ag\.Scalar\(0\.0\)|n_samples = len\(\w+\)|assert .*|output = ag\.Scalar\(.*"
    r"|x_scalar = \[ag\.Scalar\(\w+\) for \w+ in \w+\]|output\._backward = _backward|inputs=.*"
)
"""The lines that the starter has in a function that is still to be written."""
