"""The command that writes a class as pages: one for who teaches it, one for each student."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from rich.progress import track

from harness.classes.book import opened
from harness.commands import options, writing
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
    with opened(results) as book:
        if book.fact("partial"):
            sys.stderr.write("these results are partial: the run was stopped before its end\n")
        people = [result.person.key for result in book.each() if not explain.empty(result)]
        links = {key: f"{STUDENTS}/{export.file_name(key, '.html')}" for key in people}
        writing.folder(writing.folder(to) / STUDENTS)
        with writing.written(to, "the pages"):
            (to / "index.html").write_text(class_page.written(book, book.titles, links), "utf-8")
            told = (result for result in book.told() if result.person.key in links)
            handed_in = ((to / links[result.person.key], result) for result in told)
            # A fork would share the open file of results.
            with process_pool(jobs or None) as pool:
                write = partial(_write, book.titles)
                done = pool.map(write, handed_in, chunksize=CHUNK)
                for _ in track(done, "pages", len(links), disable=not sys.stdout.isatty()):
                    pass
    sys.stdout.write(f"{to / 'index.html'}: the class, with {len(links)} pages of students\n")


def _write(titles: dict[str, str], one: tuple[Path, Result]) -> None:
    path, result = one
    path.write_text(page.student(result, titles), encoding="utf-8")
