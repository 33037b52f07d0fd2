"""A check of a function of arrays in one line of a table."""

from __future__ import annotations

from harness.judging import compare
from harness.judging.check import Check
from harness.programs.drawn import Make, Sized
from harness.records.engine import Answers
from harness.records.observation import Observation
from harness.records.program import Call, Program
from harness.records.verdict import Compare, Comparison, Finding, Problem


def array_check(
    name: str,
    exercise: str,
    points: float,
    title: str,
    make: Make,
    sizes: tuple[tuple[int, ...], ...],
    of: str,
    needs: tuple[str, ...] = (),
    held: Compare | None = None,
) -> Check:
    """A check whose programs call a function on drawn arrays, one program for each size.

    Args:
        name: the check.
        exercise: where it stands in the homework.
        points: what it is worth.
        title: what holds when it passes.
        make: draws one program: `def scaled(draw, n, classes)`.
        sizes: what `make` is called with, the smallest first.
        of: the function or class of the module that the check is about.
        needs: checks whose failure explains a failure here.
        held: how what is recorded is compared; by default all of it by the rounding bound, and the
            arguments that are recorded after a call must be as they were.
    """
    drawn = Sized(make, *sizes)
    return Check(
        name,
        exercise,
        points,
        title,
        drawn,
        held or keeping(of),
        (of,),
        needs=needs,
        stubs=(of,),
        smaller=drawn.smaller,
        own=(of,),
    )


def keeping(function: str) -> Compare:
    """A comparison of all that is recorded, in which an argument that differs has been changed.

    Args:
        function: what the function is called that must leave its arguments as they are.
    """
    every = compare.call()

    def held(program: Program, actual: Observation, answers: Answers) -> Problem | None:
        assert isinstance(program, Call), "a function is called"
        problem = every(program, actual, answers)
        facts = dict(problem.facts) if isinstance(problem, Finding) else {}
        if isinstance(problem, Comparison):
            facts = {"name": problem.quantity, "expected": repr(problem.expected)}
        argument, leaves = facts.get("name", ""), len(program.tape.leaves)
        given = [t.quantity for t in program.traced if max(t.nodes) < leaves]
        if argument not in given or argument not in dict(program.arguments):
            return problem
        place = problem.subject if isinstance(problem, Comparison) else argument
        shows = f"print({place})  # {facts.get('expected', 'of float64')} before the call"
        changed = (("name", function), ("argument", argument), ("shows", shows))
        return Finding("input_changed", changed)

    return held
