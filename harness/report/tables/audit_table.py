"""An audit on a terminal and as Markdown: the holes first, then what each check is worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from harness.grading.audit.rivals import Rival, missed_by_all
from harness.grading.audit.run import Audit, Outcome

Rows = tuple[tuple[str, ...], ...]
"""The cells of a table, its header first; the first column is text, the others are numbers."""


def show(
    audit: Audit,
    console: Console,
    rivals: tuple[Rival, ...] = (),
    survivals: dict[str, int] | None = None,
    seeds: int = 0,
    costs: dict[str, float] | None = None,
) -> None:
    """Prints an audit.

    Args:
        audit: what to print.
        console: where.
        rivals: what other suites make of the same mutants.
        survivals: for each mutant, under how many seeds it survived.
        seeds: how many seeds that were.
        costs: for each check, the seconds that the answer key takes for it.
    """
    wrong = faults(audit, survivals, seeds)
    for line in _declared(audit):
        console.print(Text(line, style="dim"), soft_wrap=True)
    for line in wrong:
        console.print(Text(line, style="bold red"), soft_wrap=True)
    chance = _by_chance(audit, survivals or {}, seeds)
    for line in chance:
        console.print(Text(line, style="yellow"), soft_wrap=True)
    for title, rows in _tables(audit, rivals):
        console.print(_table(title, rows))
    if costs:
        console.print(_table("Power", power(audit, costs)))
    if rivals:
        console.print(Text(_missed(audit, rivals)), soft_wrap=True)
    style = "bold red" if wrong else "bold green"
    console.print(Text(total(audit), style=style), soft_wrap=True)
    if survivals is not None:
        lucky = f"{len(chance)} of {audit.judged} survive some of {seeds} further seeds."
        console.print(Text(lucky, style="yellow" if chance else style), soft_wrap=True)


def markdown(audit: Audit, rivals: tuple[Rival, ...] = ()) -> str:
    """The tables and the lists of an audit, for a page of the documentation."""
    parts = ["# What the checks kill", total(audit)]
    parts += [f"## {title}\n\n{_markdown_table(rows)}" for title, rows in _tables(audit, rivals)]
    if audit.survived:
        parts.append("## Survived\n\n" + _bullets(_change(o) for o in audit.survived))
    if audit.equivalent:
        reasons = (f"{_change(o)}: {o.reason}" for o in audit.equivalent)
        parts.append("## Equivalent to the answer key\n\n" + _bullets(reasons))
    if rivals:
        missed = [_change(o) for o in missed_by_all(audit, rivals)]
        parts.append("## Killed here, and by no other suite\n\n" + (_bullets(missed) or "none"))
    return "\n\n".join(parts) + "\n"


def faults(audit: Audit, survivals: dict[str, int] | None = None, seeds: int = 0) -> list[str]:
    """What somebody must mend: a line for each hole and for each declaration that is wrong."""
    lines = [f"survived: {_named(outcome)}" for outcome in audit.survived]
    lines += [
        f"declared equivalent, but killed by {', '.join(outcome.killed_by)}: {_named(outcome)}"
        for outcome in audit.stale
    ]
    lines += [f"declared equivalent, but no mutant: {name}" for name in audit.unknown]
    declared = {outcome.mutant.name for outcome in audit.equivalent}
    lines += [
        f"declared equivalent, but killed under {seeds - count} of {seeds} seeds: {name}"
        for name, count in (survivals or {}).items()
        if name in declared and count < seeds
    ]
    return lines


def total(audit: Audit) -> str:
    """The audit in one sentence."""
    return (
        f"{' and '.join(audit.assignments)}, seed {audit.seed}: "
        f"{len(audit.killed)} of {audit.judged} mutants killed, {len(audit.survived)} survived; "
        f"{len(audit.equivalent)} more are equivalent to the answer key. "
        f"A mutant dies at program {audit.died_at:g} of a check (median)."
    )


def _declared(audit: Audit) -> list[str]:
    return [f"equivalent: {_named(o)} ({o.reason})" for o in audit.equivalent]


def _missed(audit: Audit, rivals: tuple[Rival, ...]) -> str:
    """How many mutants no rival kills, and where they are."""
    missed = missed_by_all(audit, rivals)
    places = Counter(outcome.mutant.where for outcome in missed)
    counts = ", ".join(f"{count} in {where}" for where, count in places.items())
    return f"{len(missed)} mutants are killed by no other suite" + (f": {counts}" if counts else "")


def _by_chance(audit: Audit, survivals: dict[str, int], seeds: int) -> list[str]:
    """The mutants that some seeds do not kill."""
    declared = {outcome.mutant.name for outcome in audit.equivalent}
    return [
        f"survived {count} of {seeds} seeds: {name}"
        for name, count in survivals.items()
        if count and name not in declared
    ]


def _tables(audit: Audit, rivals: tuple[Rival, ...]) -> list[tuple[str, Rows]]:
    tables = [("Checks", _checks(audit)), ("Kinds of mutants", _operators(audit))]
    return [*tables, ("Suites", _suites(audit, rivals))] if rivals else tables


def _checks(audit: Audit) -> Rows:
    """What each check kills; whether it alone does is known of a thorough audit only."""
    head = ("check", "kills", "only this check", "median program")
    rows = [
        (c, str(audit.kills(c)), str(audit.only(c)), f"{audit.median(c):g}") for c in audit.checks
    ]
    if not audit.thorough:
        return tuple((name, kills, median) for name, kills, _, median in (head, *rows))
    return (head, *rows)


def power(audit: Audit, costs: dict[str, float]) -> Rows:
    """What each check kills in the time that it takes a submission that passes."""
    rows = tuple(
        (c, str(audit.kills(c)), f"{1000 * costs[c]:.1f}", f"{audit.kills(c) / costs[c]:.0f}")
        for c in audit.checks
    )
    return (("check", "kills", "milliseconds", "kills a second"), *rows)


def _operators(audit: Audit) -> Rows:
    kinds = dict.fromkeys(outcome.mutant.operator for outcome in audit.outcomes)
    counted = (audit.outcomes, audit.killed, audit.survived, audit.equivalent)
    rows = tuple((kind, *(_count(kind, some) for some in counted)) for kind in kinds)
    return (("kind", "mutants", "killed", "survived", "equivalent"), *rows)


def _count(kind: str, outcomes: tuple[Outcome, ...]) -> str:
    return str(sum(outcome.mutant.operator == kind for outcome in outcomes))


def _suites(audit: Audit, rivals: tuple[Rival, ...]) -> Rows:
    counts = [("adjudge", len(audit.killed))]
    counts += [
        (rival.name + ("" if rival.accepts_key else " (rejects the answer key)"), len(rival.kills))
        for rival in rivals
    ]
    rows = tuple((name, f"{n} of {audit.judged}", _share(n, audit.judged)) for name, n in counts)
    return (("suite", "killed", "share"), *rows)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def _named(outcome: Outcome) -> str:
    """A mutant with the text that changed; the names of those that mutate.py made say it."""
    mutant = outcome.mutant
    return mutant.name if mutant.change in mutant.name else f"{mutant.name}: {mutant.change}"


def _change(outcome: Outcome) -> str:
    """The same as Markdown code."""
    return f"`{_named(outcome)}`"


def _table(title: str, rows: Rows) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for i, name in enumerate(rows[0]):
        table.add_column(name, justify="right" if i else "left")
    for row in rows[1:]:
        table.add_row(*row)
    return table


def _markdown_table(rows: Rows) -> str:
    rule = ("---", *("---:" for _ in rows[0][1:]))
    return "\n".join("| " + " | ".join(row) + " |" for row in (rows[0], rule, *rows[1:]))


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
