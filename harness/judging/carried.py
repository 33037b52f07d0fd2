"""Gradients of nodes that had one before: each of the usual conventions is right, and no other.

After an earlier backward(), engines differ. Some start every gradient anew; PyTorch adds the new
gradient to what a node has; an engine of a few lines adds to what each node has and hands on the
sum, with the root's gradient set to 1.0. One of them must explain all that is recorded at once.
"""

from __future__ import annotations

import math
from functools import lru_cache

from harness.programs.tolerance import added_to, radii
from harness.records.errors import Undecided
from harness.records.program import Expression

Row = tuple[float, ...]
ROUNDING = 2.0**-51
"""What adding to a gradient may cost, as a share of it: some roundings."""
Way = dict[int, tuple[tuple[float, float], ...]]
"""For each node the gradients that one convention may give it, each with its radius."""


@lru_cache(maxsize=8192)
def nodes(program: Expression, step: int) -> frozenset[int]:
    """The nodes below a backward() whose gradient it does not decide alone."""
    return program.reachable(dict(program.backwards)[step]) - set(program.settled(step))


def ways(program: Expression, step: int, had: Row, alone: Row) -> tuple[Way, Way]:
    """What each convention gives the nodes whose gradient a backward() does not decide alone.

    Args:
        program: what was run.
        step: the backward().
        had: the gradient of every node before it.
        alone: the gradients of that backward() by itself.

    Returns:
        First anew or added, then added and handed on.

    Raises:
        Undecided: nothing bounds how far they may be off.
    """
    root, had_one = dict(program.backwards)[step], nodes(program, step)
    radius = radii(program).grad_radius(step)
    handed_on, spread = added_to(program, root, had)
    if not all(math.isfinite(radius[i]) and math.isfinite(spread[i]) for i in had_one):
        raise Undecided("nothing bounds how far these gradients may be off")
    anew_or_added: Way = {
        i: ((had[i] + alone[i], radius[i] + ROUNDING * abs(had[i])), (alone[i], radius[i]))
        for i in sorted(had_one, reverse=True)
    }
    return anew_or_added, {i: ((handed_on[i], spread[i]),) for i in anew_or_added}
