"""Soak the oracles and the answer key: python tests/oracles/soak.py PROGRAMS.

Counts the programs on which torch and jax disagree beyond tolerance on any node's value or
gradient, and those on which the answer key is rejected. Both must be none.
"""

import sys
from pathlib import Path

from harness import compare, submissions
from harness.assignment import find
from harness.assignments.scalar_autograd import ALL
from harness.batch import Grader
from harness.errors import Disputed
from harness.generate import expression, session

ANSWER_KEY = Path(__file__).parents[2] / "reference_impls" / "answer_key.py"


def main(count):
    """Prints the counts and returns how many programs went wrong."""
    nodes = disputed = rejected = 0
    with Grader() as grader:
        oracles = grader.oracles
        assignment = find("scalar_autograd")
        with grader.student(submissions.read(ANSWER_KEY), assignment) as student:
            for start in range(0, count, 200):
                numbers = range(start, min(start + 200, count))
                draw = [session if i % 4 == 3 else expression for i in numbers]
                programs = tuple(d(f"soak/{i}", ALL) for d, i in zip(draw, numbers, strict=True))
                oracles.prepare(programs)
                for program in programs:
                    nodes += len(program.nodes)
                    actual = student.run(program)
                    try:
                        for held in (compare.values, compare.gradients):
                            rejected += held(program, actual, oracles) is not None
                    except Disputed as problem:
                        disputed += 1
                        print(problem)
        names = " and ".join(oracles.versions)
    print(f"{count} programs, {nodes} nodes: {names} disagree on {disputed}")
    print(f"the answer key is rejected on {rejected}")
    return disputed + rejected


if __name__ == "__main__":
    sys.exit(bool(main(int(sys.argv[1]))))
