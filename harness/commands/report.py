"""The command that writes a class as pages: one for who teaches it, one for each student."""

from __future__ import annotations

import sys

from rich.progress import track

from harness.classes import shares
from harness.classes.book import UNDRAWN, Book, opened
from harness.classes.similar import alike
from harness.commands import options, writing
from harness.judging import rubric
from harness.report.exports import export
from harness.report.pages import class_page, page, source

STUDENTS = "students"
"""The folder of the students' pages; what is in it may be handed out one by one."""


def report(
    results: options.Results,
    to: options.Folder,
    jobs: options.Jobs = 0,
) -> None:
    """Write a page of the class and a page for each student, to be opened from disk."""
    with opened(results, without=UNDRAWN) as book:
        if book.fact("partial"):
            sys.stderr.write("these results are partial: the run was stopped before its end\n")
        people = book.store.keys()
        links = {key: f"{STUDENTS}/{export.file_name(key, '.html')}" for key in people}
        writing.folder(writing.folder(to) / STUDENTS)
        frame = _frame(book, links)
        with writing.written(to, "the pages"):
            (to / "index.html").write_text(class_page.written(book, frame), "utf-8")
            (to / "checklist.html").write_text(class_page.checklist(book, frame), "utf-8")
            (to / "by_hand.csv").write_text(class_page.by_hand(book), "utf-8")
    texts = shares.over(results, people, pages, jobs)
    with writing.written(to, "the pages"):
        for key, text in track(texts, "pages", len(links), disable=not sys.stdout.isatty()):
            (to / links[key]).write_text(text, encoding="utf-8")
    sys.stdout.write(f"{to / 'index.html'}: the class, with {len(links)} pages of students\n")


def pages(book: Book, keys: shares.Keys) -> list[tuple[str, str]]:
    """Each student's page by the person's key, as deep as the student may read; in that order."""
    parts = {check.name: check.own for each in book.assignments for check in each.checks}
    texts = []
    for result in book.told(keys):
        listing = source.marked(result, book.store.submission(result.person.key), parts)
        texts.append((result.person.key, page.student(result, book.titles, listing)))
    return texts


def _frame(book: Book, links: dict[str, str]) -> class_page.Frame:
    """What the class's page says beside the results."""
    pairs = ((result, book.store.submission(result.person.key)) for result in book.each())
    lateness = book.class_rules.lateness
    facts = {
        "when": book.fact("when"),
        "due": lateness.due.isoformat(sep=" ") if lateness else "",
        "assignments": ", ".join(each.name for each in book.assignments),
        "rubric": _rubric(book),
        "seed": book.fact("seed"),
        "version": book.fact("version"),
    }
    return class_page.Frame(
        book.titles,
        links,
        "; ".join(each.title for each in book.assignments),
        {name: str(value) for name, value in facts.items() if value},
        alike(pairs),
    )


def _rubric(book: Book) -> str:
    """The rubric's file, and what stands for it."""
    digests = " ".join(rubric.digest(each)[:12] for each in book.assignments)
    return f"{book.fact('rubric file') or 'none'} ({digests})"
