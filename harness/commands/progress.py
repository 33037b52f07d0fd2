"""Say on a terminal that a run goes on, once it takes longer than a person expects."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

from rich.console import Console
from rich.text import Text

SLOW = 2.0
"""Seconds after which a run says that it goes on."""


@contextmanager
def waiting(text: str, console: Console | None = None, after: float = SLOW) -> Iterator[None]:
    """Shows a text while a block runs for longer than some seconds; on a terminal alone.

    Args:
        text: what goes on.
        console: where; by default the terminal behind standard error.
        after: seconds of silence before.
    """
    console = console or Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    status = console.status(Text(text))
    timer = Timer(after, status.start)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        status.stop()
