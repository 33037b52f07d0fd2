"""A few thousand of the damaged inputs that `tox -e fuzz` reads in millions."""

import pytest

from hostile.fuzz import KINDS, fuzz

COUNTS = {"frames": 3000, "archives": 60, "notebooks": 300, "rosters": 300}


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_input_is_read_or_refused(kind):
    read, refused, _, wrong = fuzz(kind, COUNTS[kind])

    assert [] == [why for _, why in wrong]
    assert COUNTS[kind] == read + refused
    assert read > 0, "some damage is none"
    assert refused > 0, "some damage is seen"
