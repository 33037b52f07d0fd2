"""Programs compiled for workers; those of a self-check are compiled once on a machine, and kept.

What is kept goes to a locked worker and nowhere else, as what is compiled does. A program is found
by its text, in a file of this very version of Python's bytecode, so nothing that is kept grows old.
"""

from __future__ import annotations

import base64
import importlib.util
import marshal
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import msgspec
from platformdirs import user_cache_dir

MOST = 8192
"""Programs that are kept; the lecture's two assignments have some 700 under one seed."""
SUM = 32
"""Bytes of the checksum in front of them."""

_kept: dict[bytes, str] = {}
"""What was read, by digests of texts."""
_made: dict[bytes, str] = {}
"""What was compiled since."""


@lru_cache(maxsize=2048)
def code(text: str) -> str:
    """A program's text compiled, as text that travels; it goes to the worker and never back."""
    key = sha256(text.encode()).digest()[:16]
    found = _kept.get(key)
    if found is None:
        compiled = compile(text, "program", "exec", dont_inherit=True)
        found = _made[key] = base64.b64encode(marshal.dumps(compiled)).decode("ascii")
    return found


def recall(folder: Path | None = None) -> Path:
    """Reads what was compiled before, where that can be read, and tells from which file.

    Args:
        folder: where; by default the user's own for what may be lost.
    """
    folder = folder or Path(user_cache_dir("adjudge"))
    path = folder / f"programs-{importlib.util.MAGIC_NUMBER.hex()}.bin"
    with suppress(OSError, msgspec.MsgspecError):
        _kept.update(_read(path))
    return path


@contextmanager
def kept(folder: Path | None = None) -> Iterator[None]:
    """Reads what was compiled before, and keeps what is compiled meanwhile if that is most of it.

    A few new programs are those of one submission, which nobody will ask for again. Where nothing
    can be read or written, everything is compiled.

    Args:
        folder: where; by default the user's own for what may be lost.
    """
    _made.clear()
    path = recall(folder)
    yield
    asked = code.cache_info().currsize
    if 2 * len(_made) > asked:
        with suppress(OSError):
            _write(path, {**_kept, **_made} if len(_kept) + len(_made) <= MOST else _made)


def _read(path: Path) -> dict[bytes, str]:
    raw = path.read_bytes()
    if sha256(raw[SUM:]).digest() != raw[:SUM]:
        return {}
    return msgspec.msgpack.decode(raw[SUM:], type=dict[bytes, str])


def _write(path: Path, programs: dict[bytes, str]) -> None:
    """Writes the file whole or not at all."""
    body = msgspec.msgpack.encode(programs)
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.{os.getpid()}")
    half.write_bytes(sha256(body).digest() + body)
    half.replace(path)
