"""A verdict as it is told: in the student's own names, and in the assignment's own sentences.

While a verdict is made, a node's number is "x1.grad" in every dialect, and a finding is a kind with
its facts; here both are put into the words of one submission and one assignment. Reports need
neither then.
"""

from __future__ import annotations

from dataclasses import replace

from harness.judging.check import Assignment, Probe
from harness.records.dialect import Dialect
from harness.records.program import ArrayExpression, Expression, Program
from harness.records.verdict import Comparison, Convention, Finding, Problem, Verdict


def worded(verdict: Verdict, assignment: Assignment, dialect: Dialect) -> Verdict:
    """The verdict in the submission's names and the assignment's sentences."""
    parts = tuple(map(dialect.short, verdict.replaced or verdict.spared))
    if verdict.problem is None:
        return replace(verdict, parts=parts)
    problem = _problem(verdict.problem, verdict.program, assignment, dialect)
    return replace(verdict, parts=parts, problem=problem)


def convention(probe: Probe, answer: str, assignment: Assignment) -> Convention:
    """What a probe has read, with the assignment's sentence for it, if it has one."""
    return Convention(probe.name, answer, assignment.words.get(answer, ""))


def _problem(
    problem: Problem, program: Program | None, assignment: Assignment, dialect: Dialect
) -> Problem:
    match problem:
        case Finding(kind, facts):
            if kind.startswith("order_") and dialect.order:
                facts = (*facts, ("sort", dialect.sort))
            if isinstance(program, ArrayExpression):
                facts = _of_array(facts, program, dialect)
            return Finding(kind, facts, assignment.words.get(kind, ""))
        case Comparison(quantity, subject) if isinstance(program, Expression):
            node = subject.removesuffix(f".{quantity}")
            if node != subject and node in program.names:
                return replace(problem, subject=dialect.quantity(quantity, node))
        case Comparison() if isinstance(program, ArrayExpression):
            return replace(problem, subject=dialect.element(problem.subject))
    return problem


def _of_array(
    facts: tuple[tuple[str, str], ...], program: ArrayExpression, dialect: Dialect
) -> tuple[tuple[str, str], ...]:
    """The facts about an array under its name, and the line that prints its shape."""
    name = dict(facts).get("name", "")
    if name.partition(".")[0] not in program.names:
        return facts
    spelled = dialect.element(name)
    renamed = tuple((fact, spelled if fact == "name" else text) for fact, text in facts)
    return (*renamed, ("shows", f"print(np.shape({spelled}))"))
