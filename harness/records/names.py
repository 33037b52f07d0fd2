"""Names that others chose, as text that can be stored, sent and shown anywhere.

The name of a file is bytes, and Python holds those that are no UTF-8 as surrogates, which no file,
socket or terminal takes. What was handed in keeps its raw name for as long as it must be opened by
it; everything that leaves `harness.intake`, and every error, has one of the forms below.
"""

from __future__ import annotations

import re
import unicodedata

JOINERS = "\u200c\u200d"
"""They are not seen, and belong to the spelling of some scripts."""

_LIKE_ESCAPE = re.compile(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})")


def escaped(text: str) -> str:
    """Text in which everything that is not seen, turns text round or is no character is escaped."""
    return "".join(c if _is_plain(c) else _escape(c) for c in text)


def spelled(name: str) -> str:
    """A name as `escaped` shows it; no two names are spelled alike."""
    if all(map(_is_plain, name)) and not _LIKE_ESCAPE.search(name):
        return name
    return escaped(name.replace("\\", "\\\\"))


def _is_plain(c: str) -> bool:
    return c in JOINERS or (unicodedata.category(c)[0] not in "C" and c not in "\u2028\u2029")


def _escape(c: str) -> str:
    code = ord(c)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"  # a byte that is no UTF-8
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
