"""The command that asks how many mutants an assignment kills."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from harness.commands import options
from harness.grading.audit.power import costs
from harness.grading.audit.rivals import rivals, suites
from harness.grading.audit.run import audit, joined, survivals
from harness.grading.audit.soundness import hold
from harness.grading.grader import LECTURE, PUBLIC_SEED, Grader
from harness.judging.check import find
from harness.judging.needs import left_out
from harness.report.tables import audit_table

STEP = 50
"""Mutants between two words of progress."""


def run(
    assignment: options.Names = None,
    seed: options.Seed = PUBLIC_SEED,
    seeds: Annotated[int, typer.Option(help="ask also who survives under that many seeds")] = 0,
    suite: Annotated[
        Path | None, typer.Option(help="a Python file with other suites, to compare with")
    ] = None,
    markdown: Annotated[Path | None, typer.Option(help="write the tables to this file")] = None,
) -> None:
    """Hand in every mutant of the answer key and say which of them the checks do not kill.

    Exit code 0: all are killed or equivalent; 1: some survive; 2: the answer key does not pass
    every check, or a check compares nothing.
    """
    chosen = tuple(find(name) for name in assignment or LECTURE)
    for each in chosen:
        if each.file is not None:
            sys.stderr.writelines(f"{each.file}: {sentence}\n" for sentence in left_out(each))
    key = joined(chosen)
    others = suites(suite) if suite is not None else {}
    with Grader(live=True) as grader:
        hold(chosen, key, grader, seed)
        found = audit(chosen, key, grader, seed, progress=_tell)
        beaten = rivals(found, key, others, grader.oracles, chosen[0].dialect)
        drawn = tuple(f"{seed}/{number}" for number in range(seeds))
        spent = costs(chosen, key, grader, seed)
        survivors = survivals(chosen, key, grader, drawn, progress=_tell) if drawn else None
    audit_table.show(found, Console(highlight=False), beaten, survivors, seeds, spent)
    if markdown is not None:
        markdown.write_text(audit_table.markdown(found, beaten), encoding="utf-8")
    raise typer.Exit(1 if audit_table.faults(found, survivors, seeds) else 0)


def _tell(done: int, of: int) -> None:
    if done % STEP == 0 or done == of:
        sys.stderr.write(f"{done} of {of}\n")
