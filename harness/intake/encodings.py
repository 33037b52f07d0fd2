"""In which encoding a text was saved: by its first bytes, or as its first lines declare it."""

from __future__ import annotations

import codecs
import re

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks, and how a text that begins with one is read."""
DECLARED = ("iso8859", "latin", "cp125", "koi8", "mac-", "gb", "big5", "shift_jis", "euc_")
"""How the names of the encodings begin that a text may declare; each gives characters alone."""
_DECLARATION = re.compile(rb"(?:[ \t\f]*#.*\r?\n)?[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")


def of(data: bytes, *, plain: bool = False) -> str:
    """The name of a text's encoding: UTF-8 unless it says that it is another, as in PEP 263.

    Args:
        data: the text as it was saved.
        plain: as a person writes it.
    """
    for mark, name in MARKS:
        if data.startswith(mark):
            return ("UTF-16" if name == "utf-16" else "UTF-8") if plain else name
    found = _DECLARATION.match(data[:1000])
    if found is not None:
        try:
            name = codecs.lookup(found[1].decode("ascii")).name
        except (LookupError, UnicodeDecodeError):
            name = ""
        if name.startswith(DECLARED):
            return found[1].decode("ascii") if plain else name
    return "UTF-8" if plain else "utf-8"
