"""The command that writes a class as pages: one for who teaches it, one for each student."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from rich.progress import track

from harness.classes.store import Store
from harness.commands import options
from harness.commands.classes import as_told
from harness.judging.check import find
from harness.records.errors import AdjudgeError
from harness.records.people import Result
from harness.report.exports import export
from harness.report.pages import class_page, page
from harness.report.words import explain
from harness.sandbox.start import process_pool

STUDENTS = "students"
"""The folder of the students' pages; what is in it may be handed out one by one."""
CHUNK = 8
"""Pages that a process writes at a time."""


def report(
    results: options.Results,
    to: options.Folder,
    jobs: options.Jobs = 0,
) -> None:
    """Write a page of the class and a page for each student, to be opened from disk."""
    with Store(results) as store:
        if store.fact("partial"):
            sys.stderr.write("these results are partial: the run was stopped before its end\n")
        people = [result.person.key for result in store.each() if not explain.empty(result)]
        links = {key: f"{STUDENTS}/{export.file_name(key, '.html')}" for key in people}
        names = {grade.assignment for result in store.each() for grade in result.grades}
        titles = {check.name: check.title for name in sorted(names) for check in find(name).checks}
        with _written(to):
            (to / STUDENTS).mkdir(parents=True, exist_ok=True)
            (to / "index.html").write_text(class_page.written(store, titles, links), "utf-8")
            told = (as_told(r, store.fact("feedback")) for r in store.each())
            handed_in = ((to / links[r.person.key], r) for r in told if r.person.key in links)
            # A fork would share the open file of results.
            with process_pool(jobs or None) as pool:
                write = partial(_write, titles)
                done = pool.map(write, handed_in, chunksize=CHUNK)
                for _ in track(done, "pages", len(links), disable=not sys.stdout.isatty()):
                    pass
    sys.stdout.write(f"{to / 'index.html'}: the class, with {len(links)} pages of students\n")


def _write(titles: dict[str, str], one: tuple[Path, Result]) -> None:
    path, result = one
    path.write_text(page.student(result, titles), encoding="utf-8")


@contextmanager
def _written(to: Path) -> Iterator[None]:
    """Says in one sentence where nothing can be written."""
    try:
        yield
    except OSError as problem:
        raise AdjudgeError(f"{to}: the pages cannot be written ({problem.strerror})") from None
