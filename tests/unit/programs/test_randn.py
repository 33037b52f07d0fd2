from itertools import islice

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from harness.assignments.lecture6.randn import randn


@given(st.integers(0, 2**32 - 1), st.integers(0, 200))
def test_the_stream_is_numpys_bit_for_bit(seed, count):
    assert np.random.RandomState(seed).randn(count).tolist() == [*islice(randn(seed), count)]
