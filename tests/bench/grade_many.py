"""Grade many submissions in one process and tell how time and memory grew.

    python grade_many.py SEED PATH...

Prints JSON: for each submission the seconds it took, and the peak memory of this process so far.
"""

import json
import resource
import sys
import time
from multiprocessing.util import Finalize

from harness.grading.grader import LECTURE, Grader

_grader = None


def begin():
    """Gives this process a grader of its own, with its oracles loaded."""
    global _grader
    _grader = Grader()
    _grader.oracles  # noqa: B018  loaded here, once
    # A process of a pool ends without atexit; what its workers took counts when they are reaped.
    Finalize(None, _grader.close, exitpriority=1)


def timed(path, seed):
    """Grades a submission for both assignments: the seconds, and whether nothing is wrong."""
    start = time.perf_counter()
    grades = [_grader.grade(path, name, seed) for name in LECTURE]
    return time.perf_counter() - start, all(grade.passed for grade in grades)


def main():
    """Grades and tells."""
    seed, *paths = sys.argv[1:]
    begin()
    told = []
    for path in paths:
        seconds, passed = timed(path, seed)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        told.append({"seconds": seconds, "passed": passed, "peak": peak})
    print(json.dumps(told))


if __name__ == "__main__":
    main()
