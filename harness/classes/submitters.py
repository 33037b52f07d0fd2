"""Read who handed in what from the metadata of a Gradescope export, without a YAML library.

Only what Gradescope writes about submitters is understood, and anything else at that place is
refused with its line; the rest of the file, which holds what students' programs printed, is
passed over by its indentation.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from harness.records.errors import SubmissionError

_ENTRY = re.compile(r"(['\"]?)([\w.\-]+)\1:\s*")
_FIELD = re.compile(r"(- )?\s*:?(name|sid|email):(?:\s+(.*))?")
_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|U[0-9A-Fa-f]{8}|.)")


@dataclass(frozen=True)
class Submitter:
    """One of those who handed a submission in together."""

    name: str = ""
    sid: str = ""
    email: str = ""


def submitters(text: str, where: str) -> dict[str, tuple[Submitter, ...]]:
    """Who handed in, by the name of the submission's folder.

    Args:
        text: the content of submission_metadata.yml.
        where: what messages call it.

    Raises:
        SubmissionError: it is not written as Gradescope writes it; the line is named.
    """
    found: dict[str, list[dict[str, str]]] = {}
    entry, inside, step = "", False, 0

    def refuse(number: int) -> SubmissionError:
        return SubmissionError(
            f"{where}: line {number} is not as Gradescope writes it; download the export again"
        )

    for number, line in enumerate(text.split("\n"), 1):
        bare = line.strip()
        if not bare or bare.startswith("#") or line.startswith("---"):
            continue
        indent = len(line) - len(line.lstrip(" "))
        if indent == 0:
            start = _ENTRY.fullmatch(line)
            if start is None or start[2] in found:
                raise refuse(number)
            entry, inside, step = start[2], False, 0
            found[entry] = []
            continue
        if not entry:
            raise refuse(number)
        step = step or indent
        if inside and (indent > step or (indent == step and bare.startswith("- "))):
            match = _FIELD.fullmatch(bare)
            if bare.startswith("- "):
                found[entry].append({})
            if match is None or not found[entry] or match[2] in found[entry][-1]:
                raise refuse(number)
            value = _scalar(match[3] or "")
            if value is None:
                raise refuse(number)
            found[entry][-1][match[2]] = value
        elif indent == step:
            inside = bare in (":submitters:", "submitters:")
    return {key: tuple(Submitter(**one) for one in people) for key, people in found.items()}


def _scalar(text: str) -> str | None:
    """A value in any of YAML's three ways of quoting on one line, or None where it is another."""
    text = text.strip()
    if text in ("", "~", "null"):
        return ""
    if text[0] == "'":
        body = text[1:-1]
        whole = len(text) > 1 and text[-1] == "'" and "'" not in body.replace("''", "")
        return body.replace("''", "'") if whole else None
    if text[0] == '"':
        try:
            value = json.loads(_ESCAPE.sub(_as_json, text))
        except ValueError:
            return None
        return value if isinstance(value, str) else None
    # An alias, an anchor, a tag, a block, a list: nothing that a name or a number begins with.
    return None if text[0] in "*&!|>[{%@`," or ": " in text or " #" in text else text


def _as_json(match: re.Match[str]) -> str:
    """An escape of YAML's that JSON has not, as JSON writes it."""
    code = match[1]
    if code[0] == "x":
        return f"\\u00{code[1:]}"
    if code[0] == "U" and int(code[1:], 16) <= 0x10FFFF:
        return json.dumps(chr(int(code[1:], 16)))[1:-1]
    return match[0]
