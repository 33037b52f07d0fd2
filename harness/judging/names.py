"""Which names a submission uses: a hint for a person, found in one pass over text nobody parses.

Code can hide a name in more ways than any scan knows, so nothing rests on this but a hint; what
a module does is measured in flags.py.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator

from harness.records.handed_in import Submission

LIBRARIES = frozenset(
    {
        *("torch", "jax", "tensorflow", "autograd", "mxnet", "theano", "sympy", "casadi"),
        *("aesara", "pytensor", "tinygrad", "micrograd"),
    }
)
"""Other autodiff libraries; a file of the student's own may be called like one of them."""
SUSPICIOUS = LIBRARIES | frozenset(
    {
        *("_getframe", "f_back", "f_globals", "f_locals", "tb_frame", "settrace", "setprofile"),
        *("gc", "ctypes", "cffi", "socket", "eval", "exec", "compile", "__import__", "importlib"),
        *("inspect", "subprocess", "multiprocessing", "threading", "signal", "pickle", "marshal"),
        *("builtins", "__builtins__", "__globals__", "__code__", "__subclasses__", "meta_path"),
        *("modules", "open", "memoryview", "atexit", "getppid", "fork", "execv", "kill"),
        *("__self__", "__closure__", "gi_frame", "cr_frame", "_current_frames"),
    }
)
"""Names that no exercise needs: frames, memory, processes, and other autodiff libraries."""
LONGEST = 100
"""Characters of a name that may be one of these."""

_TOKEN = re.compile(
    r"\#[^\n]*+"
    r"|(?P<prefix>(?:rb|br|rf|fr|rt|tr|[rbuft])?)(?:"
    r'"""(?P<a>(?:[^"\\]|\\.|"(?!""))*+)(?:""")?'
    r"|'''(?P<b>(?:[^'\\]|\\.|'(?!''))*+)(?:''')?"
    r'|"(?P<c>(?:[^"\\\n]|\\.)*+)"?'
    r"|'(?P<d>(?:[^'\\\n]|\\.)*+)'?)"
    r"|(?P<name>[^\W\d]\w*+)"
    r"|\d\w*+",
    re.DOTALL | re.IGNORECASE,
)
_FIELD = re.compile(r"\{([^{}]*+)")
_NAME = re.compile(r"[^\W\d]\w*+")


def suspicious(submission: Submission) -> dict[str, str]:
    """Each suspicious name of a submission, with the place where it is used first."""
    sources = [*submission.main, *(source for _, source in submission.siblings)]
    own = {name.rpartition(".")[2] for name, _ in submission.siblings}
    hidden = own & LIBRARIES - sys.stdlib_module_names
    found: dict[str, str] = {}
    for source in sources:
        # Most texts hold none of the names, wherever they stand: they need no second look.
        if not SUSPICIOUS & {_plain(word) for word in set(_NAME.findall(source.text))}:
            continue
        for name, at in _names(source.text):
            if name in SUSPICIOUS - hidden and name not in found:
                line = source.text.count("\n", 0, at) + 1
                found[name] = f"{name} ({source.name}, line {line})"
    return found


def _names(text: str) -> Iterator[tuple[str, int]]:
    """Every name outside comments and strings, and in the fields of f-strings, with its place."""
    for token in _TOKEN.finditer(text):
        if token["name"] is not None:
            yield _plain(token["name"]), token.start()
        elif set(token["prefix"] or "") & set("fFtT"):
            body = next((b for b in token.group("a", "b", "c", "d") if b is not None), "")
            for field in _FIELD.finditer(body):
                for name in _NAME.findall(field[1]):
                    yield _plain(name), token.start()


def _plain(name: str) -> str:
    """A name as Python reads it: look-alike characters are one."""
    if name.isascii() or len(name) > LONGEST:
        return name
    return unicodedata.normalize("NFKC", name)
