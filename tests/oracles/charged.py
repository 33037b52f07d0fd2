"""What one mistake costs, and where: python tests/oracles/charged.py ASSIGNMENT[,...] [KIND ...].

Grades each mutant of an answer key, of some kinds or of all, as a submission, and
prints for each kind how many lose points in a check of the part that was changed, and how many in a
check of another part: a student would look for the mistake there.
"""

import sys
from collections import Counter

from harness.grading.audit.operators import mutations
from harness.grading.audit.run import joined, submission
from harness.grading.grader import Grader
from harness.judging.check import find


def places(where, assignments):
    """The checks that are about a part, and those that may find fault with it besides."""
    checks = [check for assignment in assignments for check in assignment.active]
    own = {check.name for check in checks if where in check.own}
    exercises = {check.exercise for check in checks if check.name in own}
    beside = {
        check.name
        for check in checks
        if where in check.suspects or (not check.own and check.exercise in exercises)
    }
    return own, beside


def lost(mutant, assignments, grader):
    """The checks in which a mutant loses points."""
    grades = [grader.grade(submission(mutant), assignment) for assignment in assignments]
    return {v.check for grade in grades for v in grade.verdicts if v.points < v.out_of}


def main(names, kinds):
    """Prints each mutant that is charged in another place, then the table."""
    assignments = tuple(find(name) for name in names)
    key, counts = joined(assignments), Counter()
    equivalent = dict(key.equivalent)
    with Grader() as grader:
        for mutant in mutations(key.source.text):
            kind = mutant.operator
            own, beside = places(mutant.where, assignments)
            if mutant.name in equivalent or (kinds and kind not in kinds) or not own | beside:
                continue
            costs = lost(mutant, assignments, grader)
            counts[kind, "mutants"] += 1
            counts[kind, "own"] += bool(costs & (own | beside))
            counts[kind, "elsewhere"] += bool(costs - own - beside)
            if costs - own - beside or not costs:
                print(f"{mutant.name}: {sorted(costs)}", flush=True)
    print("| kind | mutants | charged in their own part | charged elsewhere too |")
    print("| --- | ---: | ---: | ---: |")
    for kind in dict.fromkeys(kind for kind, _ in counts):
        row = (str(counts[kind, word]) for word in ("mutants", "own", "elsewhere"))
        print(f"| {kind} | {' | '.join(row)} |")


if __name__ == "__main__":
    main(sys.argv[1].split(","), sys.argv[2:])
