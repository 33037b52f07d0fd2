"""Names that others chose are spelled so that they can be stored and shown, each in its own way."""

import os
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.records.errors import UsageError
from harness.records.names import JOINERS, escaped, spelled

RAW = st.one_of(
    st.binary(max_size=12).map(os.fsdecode),
    st.text(st.characters(), max_size=12),
    st.lists(st.sampled_from(["\\", "x85", "u0085", "\udc85", "\x85", "a", "\n"])).map("".join),
)


@given(RAW)
def test_what_is_spelled_can_be_stored_and_shown(raw):
    for text in (spelled(raw), escaped(raw), str(UsageError(raw))):
        text.encode()
        assert len(text.splitlines()) <= 1
        assert not [c for c in text if unicodedata.category(c)[0] == "C" and c not in JOINERS]


@given(RAW, RAW)
def test_no_two_names_are_spelled_alike(one, other):
    assert (one == other) == (spelled(one) == spelled(other))


@pytest.mark.parametrize("name", ["José", "名前", "a b", "DOMAIN\\user", "क्\u200dष"])
def test_an_ordinary_name_stays_as_it_is(name):
    assert name == spelled(name)


def test_bytes_and_characters_of_one_number_are_kept_apart():
    assert r"\x85" == spelled(os.fsdecode(b"\x85"))
    assert r"\u0085" == spelled("\x85")
    assert r"\\x85" == spelled(r"\x85")
