"""A program that is shown must show the mistake to whoever runs it alone.

A module may keep state between calls: then a program fails only behind others that ran in the same
process before it. So each program that will be shown is run once more by itself in a fresh worker;
where it passes there, the shortest sequence that fails is looked for, and shown instead.
"""

from __future__ import annotations

from dataclasses import replace

from harness.judging.check import Check, programs_of
from harness.judging.credit import credited
from harness.judging.diagnose import alike, same_problem, variants
from harness.judging.judge import FATAL
from harness.judging.mutant import Mutant
from harness.judging.sitting import Sitting
from harness.programs import snippet
from harness.records.observation import Fault, Observation
from harness.records.program import Call, Program
from harness.records.verdict import WRONG, Comparison, Diagnosis, Finding, Problem, Status, Verdict

LEFT_OVER = "left_over"
"""The quantity of a program that asks whether a new node has what a node had that is gone."""
MOST_TRIED = 6
"""Programs that are tried in front of one that passes alone, the shortest first."""


def shown_alone(sitting: Sitting) -> None:
    """Says of each program that is shown whether it needs earlier calls, and which."""
    for check in sitting.assignment.active:
        verdict = sitting.verdicts.get(check.name)
        if verdict is not None and _is_shown(verdict):
            sitting.verdicts[check.name] = _rerun(sitting, check, verdict)
    cause = _which_finds_left_over(sitting)
    for check in sitting.assignment.active if cause else ():
        if check.name in sitting.verdicts and check.name != cause:
            verdict = _left_over_once(sitting, check, cause)
            sitting.verdicts[check.name] = verdict or sitting.verdicts[check.name]


def _is_shown(verdict: Verdict) -> bool:
    """Whether a report shows a program that fails, and that can be run again."""
    fatal = isinstance(verdict.problem, Fault) and verdict.problem.kind in FATAL
    return verdict.status in WRONG and verdict.program is not None and not fatal


def _which_finds_left_over(sitting: Sitting) -> str:
    """The failing check by which new nodes start with the gradients of nodes that are gone."""
    for check in sitting.assignment.active:
        verdict = sitting.verdicts.get(check.name)
        if verdict is None or verdict.status not in WRONG or not verdict.tried:
            continue
        for program in programs_of(check, sitting.seed_of(check)):
            asks = isinstance(program, Call) and LEFT_OVER in dict(program.arguments)
            if not asks:
                continue
            problem = sitting.problem(check, program, sitting.student.alone((program,)))
            if isinstance(problem, Comparison):  # what stops tells nothing of new nodes
                return check.name
    return ""


def _left_over_once(sitting: Sitting, check: Check, cause: str) -> Verdict | None:
    """The verdict on gradients that are wrong only behind other programs: they count once.

    Where new nodes start with the gradients of nodes that are gone, every check of gradients may
    fail, and no part of ours mends it. One that passes program by program has no other mistake.
    """
    verdict = sitting.verdicts[check.name]
    problem = verdict.problem
    of_gradient = isinstance(problem, Comparison) and problem.quantity == "grad"
    if not (verdict.keeps_state and of_gradient) and verdict.status is not Status.CREDITED:
        return None
    for program in programs_of(check, sitting.seed_of(check)):
        if sitting.problem(check, program, sitting.student.alone((program,))) is not None:
            return None
    counted = Finding("left_over", (("check", cause),))
    passed = replace(verdict, problem=counted, program=None, before=(), diagnosis=())
    return credited(sitting, check, replace(passed, keeps_state=False))


def _rerun(sitting: Sitting, check: Check, verdict: Verdict) -> Verdict:
    program, problem = verdict.program, verdict.problem
    assert program is not None, "only a program that is shown is run again"
    student = sitting.with_right(verdict.replaced) if verdict.replaced else sitting.student
    first = sitting.problem(check, program, student.alone((program,)))
    if _same(first, problem):
        return verdict
    if first is not None:
        second = sitting.problem(check, program, student.alone((program,)))
        # Where it is the same twice, the earlier calls made the number that was seen first.
        steady = _same(first, second)
        return replace(_with(verdict, first), steady=steady, diagnosis=())
    for before in _sequences(check, sitting.seed_of(check), program, sitting):
        actual = student.alone((*before, program))
        found = sitting.problem(check, program, actual)
        if found is not None:
            named = _named(sitting, check, (*before, program), actual)
            return replace(_with(verdict, found), before=before, keeps_state=True, diagnosis=named)
    named = tuple(d for d in verdict.diagnosis if not _fails_alone(sitting, check, program, d.name))
    return replace(verdict, keeps_state=True, diagnosis=named)


def _fails_alone(sitting: Sitting, check: Check, program: Program, name: str) -> bool:
    """Whether a known mistake shows on a program that the submission passes alone."""
    assert sitting.known is not None, "a mistake was named"
    variant = next(
        v
        for row in variants(sitting.known.key, sitting.known.dialect)
        for v in row
        if v.model.name == name
    )
    actual = Mutant("mutant", variant.text, variant.dialect).run(program)
    return sitting.problem(check, program, actual) is not None


def _with(verdict: Verdict, problem: Problem) -> Verdict:
    status = Status.FAULTED if isinstance(problem, Fault) else Status.FAILED
    return replace(verdict, status=status, problem=problem)


def _named(
    sitting: Sitting, check: Check, programs: tuple[Program, ...], actual: Observation
) -> tuple[Diagnosis, ...]:
    """The one known mistake that does on a sequence of programs what was seen of the last."""
    known, problem = sitting.known, sitting.problem(check, programs[-1], actual)
    if known is None or problem is None:
        return ()
    fitting: dict[str, Diagnosis] = {}
    for variant in (v for row in variants(known.key, known.dialect) for v in row):
        mutant = Mutant("mutant", variant.text, variant.dialect)
        behind = [mutant.run(program) for program in programs][-1]
        alone = Mutant("mutant", variant.text, variant.dialect).run(programs[-1])
        if sitting.problem(check, programs[-1], alone) is not None:
            continue  # it fails alone, where the submission passes
        same = sitting.problem(check, programs[-1], behind)
        if same is None or not same_problem(problem, same):
            continue
        if alike(programs[-1], actual, behind, orders=True):
            model = variant.model
            fitting[model.name] = Diagnosis(model.name, model.sentence, model.hint)
    return tuple(fitting.values()) if len(fitting) == 1 else ()


def _sequences(
    check: Check, seed: str, program: Program, sitting: Sitting
) -> tuple[tuple[Program, ...], ...]:
    """What may have to run before a program: itself, then others of its check, short ones first."""
    dialect = sitting.student.dialect
    others = [other for other in programs_of(check, seed) if other != program]
    others.sort(key=lambda other: len(snippet.source(other, dialect)))
    return ((program,), *((other,) for other in others[: MOST_TRIED - 1]))


def _same(one: Problem | None, other: Problem | None) -> bool:
    """Whether two runs show the same, a number to the last digit."""
    match one, other:
        case Comparison(), Comparison():
            return (one.subject, repr(one.actual)) == (other.subject, repr(other.actual))
        case Finding(), Finding():
            return one == other
        case Fault(), Fault():
            return (one.kind, one.exception, one.line) == (other.kind, other.exception, other.line)
    return one is other
