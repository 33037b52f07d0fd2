"""The commands for a graded class: look at it, compare two runs, hand in the gradebook."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from harness.classes import shares
from harness.classes.book import UNDRAWN, UNSAID, Book, opened
from harness.commands import options, writing
from harness.records.errors import UsageError
from harness.records.names import spelled
from harness.records.people import Result
from harness.report.exports import export, hand_back
from harness.report.exports.gradebooks import Gradebook
from harness.report.tables import compare_table, terminal
from harness.report.words import explain, wording

FORMS = (*export.FORMATS, *hand_back.FORMS)
"""All that can be exported, by name."""


def show(
    results: options.Results,
    student: Annotated[
        str, typer.Argument(help="a key, a login, an email, a name or a part of it")
    ],
) -> None:
    """Show everything about one student, the graphs of the failures drawn in text."""
    from harness.report.pages import graph_text  # a run of a class starts without what draws

    with opened(results) as book:
        found = _person(book, student)
    console = Console(highlight=False)
    name = wording.printable(found.person.name or found.person.key)
    console.print(f"{name}: {wording.points(found.points)}/{wording.points(found.out_of)}")
    for line in (*explain.lateness(found), *explain.decided(found)):
        console.print(line, markup=False)
    for graded in found.grades:
        terminal.show(graded, console, titles=book.titles, graph=graph_text.tree)
    terminal.summary(found.grades, console)


def compare(
    old: Annotated[Path, typer.Argument(help="a file of results")],
    new: Annotated[Path, typer.Argument(help="another one")],
) -> None:
    """Show who changed from one run to another, by how much, and why."""
    with opened(old, without=UNDRAWN) as before, opened(new, without=UNDRAWN) as after:
        compare_table.show(before, after, Console(highlight=False))


def export_results(
    results: options.Results,
    form: Annotated[str, typer.Option("--format", help=", ".join(FORMS))],
    to: Annotated[
        Path | None, typer.Option("--to", "-o", help="the file or folder to write")
    ] = None,
    column: Annotated[
        str, typer.Option(help="the gradebook's name of the assignment, as the roster spells it")
    ] = "",
    new: Annotated[
        bool, typer.Option("--new", help="the gradebook has no such column yet; it is to make one")
    ] = False,
    out_of: Annotated[
        float,
        typer.Option(
            min=0, show_default=False, help="bring all points to this sum; by default they stay"
        ),
    ] = 0.0,
) -> None:
    """Write the results as a gradebook or another program reads them."""
    if form not in FORMS:
        raise UsageError(f'there is no format "{form}"; there are {", ".join(FORMS)}')
    if form in hand_back.FORMS:
        hand_out(results, form, to)
        return
    chosen = export.FORMATS[form]
    with opened(results, without=UNSAID) as book:
        if book.fact("partial"):
            sys.stderr.write("these results are partial: the run was stopped before its end\n")
        if isinstance(chosen, export.Text):
            gradebook = Gradebook(column, book.fact("possible") or {}, new, out_of)
            people = book.told() if chosen.for_students else book.each()
            writing.one_file(chosen.write(people, book.titles, gradebook), to)
            return
        keys = book.store.keys()
        everybody = tuple(person.key for person in book.store.people())
    if isinstance(chosen, export.Pieces):
        pieces = shares.over(results, everybody, partial(_pieces, form), without=UNDRAWN)
        writing.one_file(chosen.whole(pieces), to)
        return
    if to is None:
        raise UsageError(f"{form} is a file for each student: give a folder with --to")
    room = writing.folder(to)
    for name, text in shares.over(results, keys, partial(_files, form)):
        writing.one_file((text,), room / name)


def _pieces(form: str, book: Book, keys: shares.Keys) -> list[str]:
    """The pieces of some persons in a format of one text."""
    chosen = export.FORMATS[form]
    assert isinstance(chosen, export.Pieces)
    return [chosen.piece(result, book.titles) for result in book.each(keys)]


def _files(form: str, book: Book, keys: shares.Keys) -> list[tuple[str, str]]:
    """The files of some persons, each with its name."""
    chosen = export.FORMATS[form]
    assert isinstance(chosen, export.Files)
    people = book.told(keys, hides=chosen.hides) if chosen.for_students else book.each(keys)
    return list(export.files(chosen, people, book.titles))


def hand_out(results: Path, form: str, to: Path | None) -> None:
    """Writes what goes back to students: a zip that a platform takes, or a folder for each.

    Raises:
        UsageError: no place is named, it cannot be written to, or nothing says whose a page is.
    """
    from harness.commands.report import pages  # what draws is imported where something is drawn

    if to is None:
        raise UsageError(f"{form} is more than a text: give a place with --to")
    with opened(results, without=UNDRAWN) as book:
        origins = book.fact("origins") or {}
        keys = book.store.keys()
        each = (
            hand_back.Feedback(result, text, origins.get(result.person.key, ""))
            for result, (_, text) in zip(
                book.told(keys), shares.over(results, keys, pages), strict=True
            )
        )
        missing: list[str] = []
        files = _handed_out(form, each, book.titles, missing)
        if form == "folders":
            room = writing.folder(to)
            for name, content in files:
                with writing.written(room):
                    (room / name).parent.mkdir(exist_ok=True)
                    (room / name).write_bytes(content)
            return
        packed = hand_back.zipped(files)
        if not packed:
            raise UsageError(f"{form}: nobody is known to the platform; {hand_back.NEEDS[form]}")
        with writing.written(to):
            to.write_bytes(packed)
        if missing:
            sys.stderr.write(f"not known to the platform, so not in it: {'; '.join(missing)}\n")


def _handed_out(
    form: str, each: Iterable[hand_back.Feedback], titles: dict[str, str], missing: list[str]
) -> Iterator[tuple[str, bytes]]:
    """The files of everybody; the keys of those who get none are added to a list."""
    for feedback in each:
        files = hand_back.FORMS[form](feedback, titles)
        if not files:
            missing.append(explain.key(feedback.result.person.key))
        yield from files.items()


def _person(book: Book, asked: str) -> Result:
    """The result of the one person who is called that, or by a part of whose name only they are."""
    person = book.who.find(asked)
    if person is None:
        part = spelled(asked).lower()
        found = [p for p in book.store.people() if part in p.name.lower()]
        if len(found) > 1:
            keys = ", ".join(p.key for p in found)
            raise UsageError(f'"{asked}" names several: {keys}; give the key of one of them')
        person = found[0] if found else book.who.one(asked)
    return next(book.each((person.key,)))
