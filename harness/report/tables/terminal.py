"""A grade on a terminal: a table of checks with points, then each failure with its program."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from harness.records.verdict import BROKEN, RAISED, Evidence, Grade, Status, Verdict
from harness.report.words import advice, listing, wording
from harness.report.words.dialects import read_as
from harness.report.words.sentences import REST
from harness.sandbox import level
from harness.sandbox.level import Isolation

STYLES = {
    Status.PASSED: "green",
    Status.FAILED: "bold red",
    Status.FAULTED: "bold red",
    Status.CREDITED: "cyan",
    Status.SKIPPED: "yellow",
    Status.FLAGGED: "magenta",
    Status.INCONCLUSIVE: "yellow",
    Status.NOTED: "magenta",
    Status.ABSENT: "dim",
}
RAN_ON = "; the rest of it was run"
EXPLAINED = (*BROKEN, *RAISED, Status.CREDITED)
"""What is said more of than its points."""


def show(
    grade: Grade,
    console: Console,
    *,
    titles: dict[str, str],
    graph: Callable[[Evidence], RenderableType | None] | None = None,
    before: Sequence[Grade] = (),
) -> None:
    """Prints a grade; `summary` prints what stands below all grades of a submission.

    Args:
        grade: what to print.
        console: where.
        titles: for each check, what holds when it passes.
        graph: draws a program below its text; nothing is drawn where there is none.
        before: the grades of the same submission that were printed above: what they miss is
            not told again.
    """
    known = frozenset(advice.missed([v.problem for other in before for v in other.verdicts]))
    for line in read_as(grade):
        console.print(Text(line))
    console.print(_table(grade))
    for group in _failures(grade):
        console.print(_failure(group, grade, titles, known))
        evidence = group[0].evidence
        drawn = graph(evidence) if graph is not None and evidence is not None else None
        if drawn is not None:
            console.print(Padding(drawn, (1, 0, 0, 4)))
    observed = wording.conventions(grade)
    if observed:
        console.print(_conventions(observed))


def summary(grades: Sequence[Grade], console: Console) -> None:
    """Prints the end of a report: the points of all grades, what to fix first, who judged.

    Args:
        grades: of one submission.
        console: where.
    """
    console.print()
    rows = Table.grid(padding=(0, 2))
    rows.add_column()
    rows.add_column(justify="right", no_wrap=True)
    for grade in grades if len(grades) > 1 else ():
        rows.add_row(grade.assignment, _points(grade.points, grade.out_of))
    points, out_of = sum(g.points for g in grades), sum(g.out_of for g in grades)
    rows.add_row(Text("grand total", style="bold"), Text(_points(points, out_of), style="bold"))
    console.print(rows)
    withheld = sum(grade.withheld for grade in grades)
    if withheld:
        console.print(wording.NOT_SHOWN.format(count=withheld))
    first = advice.first_step(grades)
    if first:
        console.print(Text(first, style="bold"))
    for line in dict.fromkeys(line for grade in grades for line in footer(grade)):
        console.print(Text(line, style="dim"))


def show_isolation(isolation: Isolation, console: Console) -> None:
    """Prints what a worker is refused here, and what to do about what is missing."""
    head = f"isolation {isolation.level}: {wording.ISOLATION[isolation.level]}"
    console.print(Text(head, style="bold"))
    probes = Table(title="what a worker tried", title_justify="left", box=box.SIMPLE_HEAD)
    for name in ("attempt", "outcome", "refused by"):
        probes.add_column(name)
    for name, closed in isolation.refused.items():
        outcome = Text("refused", style="green") if closed else Text("done", style="bold red")
        probes.add_row(level.PROBES[name], outcome, level.STOPPED_BY[name])
    layers = Table(title="layers of the lock-down", title_justify="left", box=box.SIMPLE_HEAD)
    for name in ("layer", "", "why", "remedy"):
        layers.add_column(name)
    for name, reason in isolation.layers.items():
        state = Text("missing", style="bold red") if reason else Text("on", style="green")
        layers.add_row(name, state, reason, level.REMEDIES[name] if reason else "")
    console.print(*([probes] if isolation.refused else []), layers)


def footer(grade: Grade) -> list[str]:
    """By whose word, from which seed, behind which isolation: one fact a line."""
    lines = [f"judged by {wording.listed(grade.oracles)}; seed {grade.seed}"]
    lines.append(f"isolation {grade.isolation}: {wording.ISOLATION[grade.isolation]}")
    lines += [f"not asked: {wording.printable(missing)}" for missing in grade.missing_oracles]
    disputed = sum(verdict.disputed for verdict in grade.verdicts)
    if disputed:
        lines.append(f"{disputed} programs were set aside because the oracles disagree on them")
    return lines


def _table(grade: Grade) -> Table:
    title = Text(f"{wording.printable(grade.submission)}: {grade.assignment}", style="bold")
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, show_footer=True)
    total = _points(grade.points, grade.out_of)  # a cap may cut what the rows add up to
    table.add_column("exercise")
    table.add_column("check", footer="total", no_wrap=True)
    table.add_column("")
    table.add_column("points", justify="right", footer=total, no_wrap=True)
    last = None
    for verdict in grade.verdicts:
        absent = verdict.status is Status.ABSENT and not verdict.out_of
        if verdict.status is Status.NOTED or absent:
            continue
        table.add_row(
            "" if verdict.exercise == last else verdict.exercise,
            verdict.check,
            Text(wording.status(verdict), style=STYLES[verdict.status]),
            _points(verdict.points, verdict.out_of),
        )
        last = verdict.exercise
    return table


def _points(won: float, out_of: float) -> str:
    return f"{wording.points(won)}/{wording.points(out_of)}"


def _failures(grade: Grade) -> list[list[Verdict]]:
    """The verdicts to explain; those with the same words and no program stand together."""
    groups: dict[tuple[str, ...], list[Verdict]] = {}
    for verdict in grade.verdicts:
        if verdict.status in EXPLAINED:
            words = (wording.sentence(verdict), listing.program(verdict, grade))
            own: tuple[str, ...] = words if not words[1] else (*words, verdict.check)
            if verdict.status is Status.NOTED:
                own = (verdict.status,)
            elif advice.is_missing(verdict.problem):
                own = advice.gap(verdict.problem)
            groups.setdefault(own, []).append(verdict)
    return list(groups.values())


def _failure(
    group: list[Verdict], grade: Grade, titles: dict[str, str], known: frozenset[str]
) -> RenderableType:
    """One verdict, or several with the same words, and why.

    Args:
        group: the verdicts.
        grade: of which they are.
        titles: for each check, what holds when it passes.
        known: the missing names that were told above.
    """
    verdict = group[0]
    if verdict.status is Status.NOTED:
        head = Text(f"noted while the module was loaded{RAN_ON}", style=STYLES[Status.NOTED])
        notes = [
            line
            for note in group
            for line in (wording.sentence(note).removesuffix(f" {REST}"), *listing.trace(note))
        ]
        return Group(Text(""), head, *(Text(line) for line in notes))
    exercises: dict[str, list[str]] = {}
    for each in group:
        exercises.setdefault(each.exercise, []).append(each.check)
    checks = "; ".join(f"{name} {', '.join(own)}".strip() for name, own in exercises.items())
    title = titles.get(verdict.check, "") if len(group) == 1 else ""
    head = Text.assemble((checks, STYLES[verdict.status]), f": {title}" if title else "")
    said = advice.gaps([each.problem for each in group], known) or wording.sentence(verdict)
    parts: list[RenderableType] = [Text(""), head, Text(said)]
    parts += [Text(line, style="dim") for line in listing.trace(verdict)]
    if wording.detail(verdict):
        parts.append(Text(wording.detail(verdict), style="dim"))
    parts += [Text(line) for line in wording.diagnosis(verdict)]
    code = listing.program(verdict, grade)
    if code:
        from rich.syntax import Syntax  # heavy, and shown of what is wrong alone

        shown = Syntax(
            code, "python", theme="ansi_dark", background_color="default", word_wrap=True
        )
        parts.append(Padding(shown, (1, 0, 0, 4)))
    return Group(*parts)


def _conventions(sentences: list[str]) -> RenderableType:
    lines = [Text(""), Text("Conventions (these cost nothing)", style="bold")]
    lines += [Text(f"  {sentence}") for sentence in sentences]
    return Group(*lines, Text(""))
