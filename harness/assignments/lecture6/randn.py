"""numpy's legacy normal stream without numpy: what np.random.seed and np.random.randn draw.

Importing numpy takes longer than judging a small assignment, and Python has the same generator.
numpy promises never to change these streams (NEP 19); a test holds this module to numpy.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from functools import lru_cache


def randn(seed: int) -> Iterator[float]:
    """The numbers that np.random.randn gives after np.random.seed, one after another.

    Pairs of numbers come by Marsaglia's polar method, the second one first.
    """
    twister = random.Random()
    twister.setstate((3, (*_state(seed), 624), None))
    while True:
        x, y = 2.0 * twister.random() - 1.0, 2.0 * twister.random() - 1.0
        square = x * x + y * y
        if 0.0 < square < 1.0:
            factor = math.sqrt(-2.0 * math.log(square) / square)
            yield factor * y
            yield factor * x


@lru_cache(maxsize=64)
def _state(seed: int) -> tuple[int, ...]:
    """How a seed fills the Mersenne Twister, by its authors' linear recurrence.

    Source: Matsumoto and Nishimura, init_genrand, 2002.
    """
    state = [seed]
    for i in range(1, 624):
        state.append((1812433253 * (state[-1] ^ state[-1] >> 30) + i) & 0xFFFFFFFF)
    return tuple(state)
