"""A file of results read by several processes, each its own share of the class.

What travels to a process are keys, and what comes back is text: a process opens the file itself.
Few shares are under way at a time, so a class of any size takes no more memory than a few persons.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from pathlib import Path
from typing import TypeVar

from harness.classes.book import Book, opened
from harness.sandbox.start import process_pool

Part = TypeVar("Part")
Keys = tuple[str, ...]
Work = Callable[[Book, Keys], list[Part]]
"""What is made of some persons; it travels to other processes, so it is a module's function."""

PERSONS = 8
"""Persons of a share."""
FEWEST = 100
"""Persons for whom a process of its own is worth its start."""
AHEAD = 3
"""Shares under way for each process."""


def over(
    path: Path, keys: Keys, work: Work[Part], jobs: int = 0, without: tuple[str, ...] = ()
) -> Iterator[Part]:
    """What work gives for each person, in the order of the keys.

    Args:
        path: of the file of results.
        keys: of the persons.
        work: makes a list from a book and some of the keys.
        jobs: the most processes; by default one for each core.
        without: fields that are not read; see harness.classes.book.
    """
    shares = [keys[at : at + PERSONS] for at in range(0, len(keys), PERSONS)]
    count = min(jobs or os.cpu_count() or 1, len(keys) // FEWEST)
    if count < 2:
        with opened(path, without=without) as book:
            for share in shares:
                yield from work(book, share)
        return
    # A fork would share the open file of results.
    with process_pool(count) as pool:
        under_way = deque(
            pool.submit(partial(_part, path, work, without), share)
            for share in shares[: AHEAD * count]
        )
        for share in shares[AHEAD * count :]:
            yield from under_way.popleft().result()
            under_way.append(pool.submit(partial(_part, path, work, without), share))
        while under_way:
            yield from under_way.popleft().result()


def _part(path: Path, work: Work[Part], without: tuple[str, ...], keys: Keys) -> list[Part]:
    return work(_book(path, without), keys)


@lru_cache(maxsize=1)
def _book(path: Path, without: tuple[str, ...]) -> Book:
    """The file of results, opened once in each process."""
    return opened(path, without=without)
