"""What cannot be prevented is shown to a person: verdicts that keep their points.

A student's code shares its process with the part of the worker that reports, so it can lie about
how it came by its numbers; it cannot come by the right ones without computing them. These flags
are the traces that such code leaves.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from harness.judging import compare, names
from harness.judging.calculus import Calculus
from harness.judging.check import Assignment, Check, Reverse, programs_of, seed_of
from harness.judging.judge import Oracles, Student
from harness.programs.generate import Dice
from harness.programs.twin import MOST_NODES, renamed, twin
from harness.records.engine import Answers
from harness.records.errors import Disputed
from harness.records.observation import OVER_TIME, Fault
from harness.records.program import Call, Expression, Program
from harness.records.verdict import Finding, Status, Verdict

SLOW = 1.0
"""Seconds for the large graph: reverse mode takes less than a fifth of it."""
BESIDE_SORT = 8.0
"""How much longer backward() may take than sorting alone, the graph built in both."""
FEW_SORTS = 2
"""How often an ordinary backward() sorts."""
GROWTH = 2.0
"""Arithmetic that grows by more than this times the graph's own growth is not reverse mode's."""
CLOSE = 1e-9
"""The relative error of a gradient of the large graph: all its terms are positive."""
REPEATED = 8
"""Programs that are run once more in a fresh process, and as many twins of programs."""
MOST_NAMES = 8
"""Suspicious names that a flag lists."""
NO_EVIDENCE = ("budget",)
"""Faults that tell nothing of the program that met them."""
GENERIC = (compare.values, compare.gradients, compare.orders)
"""Comparisons that hold whatever the order and the constants of a graph are."""
CALCULUS = Calculus()


def raised(
    assignment: Assignment,
    student: Student,
    oracles: Oracles,
    seed: str,
    verdicts: tuple[Verdict, ...],
) -> tuple[Verdict, ...]:
    """Every flag that a submission raises, as verdicts without points."""
    found = [_named(student)]
    passed = frozenset(v.check for v in verdicts if v.status is Status.PASSED)
    if passed and student.load() is None:
        found += _again(assignment, student, oracles, seed, passed)
        if assignment.reverse is not None:
            found.append(_reverse(assignment, assignment.reverse, student, passed))
    if student.killed:
        found.append(Finding("flag_killed", (("count", str(student.killed)),)))
    return tuple(
        Verdict(finding.kind, "", Status.FLAGGED, problem=finding)
        for finding in found
        if finding is not None
    )


def _named(student: Student) -> Finding | None:
    """Suspicious names in the code: a hint."""
    listed = list(names.suspicious(student.submission).values())
    if not listed:
        return None
    more = f" and {len(listed) - MOST_NAMES} more" if len(listed) > MOST_NAMES else ""
    return Finding("flag_names", (("names", ", ".join(listed[:MOST_NAMES]) + more),))


# --- the same programs again, and their twins -----------------------------------------------


def _again(
    assignment: Assignment,
    student: Student,
    oracles: Oracles,
    seed: str,
    passed: frozenset[str],
) -> list[Finding | None]:
    """Programs that passed, in another order and a fresh process, and twins of such programs.

    The twins follow from the submission's own text too, so nobody can have learnt them by heart.
    Where some check has failed, a twin may meet the same mistake: then most of them must fail.
    """
    checks = [check for check in assignment.active if check.name in passed and not check.loads]
    if not checks:
        return []
    dice = Dice(f"{seed}/{assignment.name}/repeat")
    own = Dice(f"{seed}/{assignment.name}/{student.submission.digest}/twins")
    drawn = [dice.pick(checks) for _ in range(REPEATED)]
    asked: list[tuple[Finding, Check, Program, Answers]] = []
    for check in drawn:
        program = dice.pick(programs_of(check, seed_of(check, assignment, seed)))
        again = Finding("flag_not_repeatable", (("check", check.name),))
        asked.append((again, check, program, oracles))
    for check, program in _twins(assignment, checks, seed, own):
        other = Finding("flag_twin", (("check", check.name),))
        asked.append((other, check, program, CALCULUS))
    student.afresh()
    found: dict[str, Finding] = {}
    clean = passed >= {check.name for check in assignment.active}
    twins = sum(answers is CALCULUS for _, _, _, answers in asked)
    failing = 0
    runs = student.run_all(tuple(program for _, _, program, _ in asked))
    for (finding, check, program, answers), actual in zip(asked, runs, strict=True):
        if actual.fault is not None and actual.fault.kind in NO_EVIDENCE:
            continue
        try:
            problem = check.compare(program, actual, answers)
        except Disputed:
            continue
        if problem is not None:
            found.setdefault(finding.kind, finding)
            failing += answers is CALCULUS
    if not clean and 2 * failing <= twins:
        found.pop("flag_twin", None)
    return list(found.values())


def _twins(
    assignment: Assignment, checks: list[Check], seed: str, dice: Dice
) -> Iterator[tuple[Check, Program]]:
    """Some programs of passed checks, told in another way."""
    graphs = [
        (check, program)
        for check in checks
        for program in programs_of(check, seed_of(check, assignment, seed))
        if isinstance(program, Expression) and len(program.nodes) <= MOST_NODES
    ]
    for _ in range(REPEATED if graphs else 0):
        check, program = dice.pick(graphs)
        other = twin(program, dice) if check.compare in GENERIC else renamed(program)
        if other is not None:
            yield check, other


# --- reverse mode ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Growth:
    """What the gradients of a graph take beside those of a smaller one, for each of its nodes."""

    arithmetic: float = 0.0
    """Without what sorting does: a slow sort is slow, and no sign of anything."""
    steps: float = 0.0
    """All that Python does, comparisons of nodes included."""
    sorts: float = 0.0
    """How often the larger graph was sorted."""


def _reverse(
    assignment: Assignment, reverse: Reverse, student: Student, passed: frozenset[str]
) -> Finding | None:
    """Whether gradients come about as reverse mode does not.

    Where small graphs are right, a large one must be. Arithmetic may not grow faster than the
    graph. A large graph may take long where it takes long to sort or to look for nodes.
    """
    needs = {check.name for check in assignment.active} & set(reverse.needs)
    if not student.dialect.leaf:
        return None
    growth, ratio = _growth(reverse, reverse.sizes, student), reverse.sizes[1] / reverse.sizes[0]
    if growth.arithmetic > GROWTH:
        facts = ("times", f"{growth.arithmetic * ratio:.0f}"), ("growth", f"{ratio:.0f}")
        return Finding("flag_work", facts)
    if not passed & set(reverse.needs):
        return None
    nodes = ("nodes", f"{reverse.nodes:,}")
    seconds, fault, right = _timed(reverse.large(student.dialect), student)
    if fault is not None and fault.kind in NO_EVIDENCE:
        return None
    slow = seconds >= SLOW or (fault is not None and fault.kind in OVER_TIME)
    if slow and not _searches(_growth(reverse, reverse.long, student)):
        alone, _, _ = _timed(reverse.sort(student.dialect), student)
        if seconds > BESIDE_SORT * alone:
            facts = ("seconds", f"{seconds:.1f}"), ("alone", f"{alone:.1f}")
            return Finding("flag_cost", (nodes, *facts))
    if needs <= passed and not right and not (fault is not None and fault.kind in OVER_TIME):
        return Finding("flag_large", (nodes,))
    return None


def _timed(program: Call, student: Student) -> tuple[float, Fault | None, bool]:
    """How long a graph takes, how it stopped, and whether its gradients are those stated."""
    start = time.monotonic()
    actual = student.run(program)
    seconds = time.monotonic() - start
    right = actual.fault is None and all(
        compare.agrees(compare.number_at(actual.get(name), i)[0], wanted, CLOSE * abs(wanted))
        for name, expected in program.arguments
        for i, wanted in enumerate(expected)
    )
    return seconds, actual.fault, right


def _searches(growth: Growth) -> bool:
    """Whether a graph takes long because its nodes are looked for, or sorted, again and again."""
    return growth.steps > GROWTH or growth.sorts > FEW_SORTS


def _growth(reverse: Reverse, sizes: tuple[int, int], student: Student) -> Growth:
    """How the work of two small graphs compares; nothing where it could not be counted."""
    actual = student.run(reverse.counted(student.dialect, sizes))
    work, steps, sorts = list[float](), list[float](), 0.0
    for size in sizes:
        row = actual.get("work", size)
        counts = [float(value or 0.0) for value in row.values] if row is not None else []
        if len(counts) != 4:
            return Growth()
        work.append(counts[0] - max(1.0, counts[2]) * counts[1])
        steps.append(counts[3])
        sorts = counts[2]
    own = sizes[1] / sizes[0]
    grown = [rows[1] / rows[0] / own if min(rows) > 0.0 else 0.0 for rows in (work, steps)]
    return Growth(grown[0], grown[1], sorts)
