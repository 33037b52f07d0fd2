"""Keep on this machine what JAX compiles: half of what its first answers take.

What is compiled is an interpreter and a few functions of arrays. Programs are their arguments, so
nothing of a seed is kept.
"""

from __future__ import annotations

import os
import platform
import warnings
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import jax
from platformdirs import user_cache_dir

WORTH_KEEPING = 0.1
"""Seconds; what compiles faster is compiled again."""


def keep() -> None:
    """Has JAX keep what it compiles, in the user's own folder for what may be lost.

    Nothing is done where a folder is chosen already, or where nothing can be written. What cannot
    be read is compiled again, without a word.
    """
    if getattr(jax.config, "jax_compilation_cache_dir", None) is not None:
        return
    folder = Path(user_cache_dir("adjudge")) / f"jax-{_processor()}"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    if os.access(folder, os.W_OK):
        settings = {
            "jax_compilation_cache_dir": str(folder),
            "jax_persistent_cache_min_compile_time_secs": WORTH_KEEPING,
            "jax_persistent_cache_min_entry_size_bytes": -1,
        }
        for name, value in settings.items():
            jax.config.update(name, value)
        warnings.filterwarnings("ignore", "Error (reading|writing) persistent compilation cache")


def _processor() -> str:
    """What stands for the kind of processor: a home folder may serve machines of several."""
    told = platform.processor()
    with suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        told += next((line for line in lines if line.startswith(("flags", "Features"))), "")
    return sha256(f"{platform.machine()} {told}".encode()).hexdigest()[:12]
