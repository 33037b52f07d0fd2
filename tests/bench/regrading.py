"""A class counted again by another rubric, beside the same class graded afresh under that rubric.

    python tests/bench/regrading.py [COUNT]

The verdicts are those of specimens, each graded twice in earnest: under no rubric and under the
new one. COUNT students, 500 by default, hand in one of them each, with a comment of their own. What
`adjudge regrade` leaves must export the same bytes as the class that was graded under the rubric.
"""

import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from harness.grading.grader import Grader
from harness.judging import rubric
from support.commands import adjudge_alone
from support.small_class import LAB, results_of
from support.specimens import SPECIMENS

RUBRIC = """
cap = 95
[lateness]
due = 2026-11-20T23:59:00+01:00
per_day = 10
[scalar_autograd]
bonus = ["relu_sweep"]
hidden = ["gradient_random"]
[scalar_autograd.points]
gradient_mul = 40
"""
TAKEN = [
    s
    for s in SPECIMENS
    if (s.path / "ag.py").exists()
    # Those that a reused place in memory decides are graded otherwise the next time.
    and not any(v.get("or_passed") for by in s.verdicts.values() for v in by.values())
]
CHOSEN = TAKEN[:: max(1, len(TAKEN) // 12)]
MOST_SECONDS = 2.0


def a_class(room, count, text):
    """The file of results of a class, every specimen graded under the text of a rubric.

    It is handed in as Canvas names its files, every ninth of them late.
    """
    (ruled,) = rubric.ruled((LAB,), text, graded=True)
    with Grader() as grader:
        graded = [grader.grade(s.path, ruled, "577") for s in CHOSEN]
    files, grades = {}, {}
    rows = ["Student,ID,SIS User ID,SIS Login ID,Section", "Points Possible,,,,"]
    for i in range(count):
        late, kind = "" if i % 9 else "LATE_", i % len(CHOSEN)
        code = (CHOSEN[kind].path / "ag.py").read_text(encoding="utf-8")
        files[f"student{i:04}_{late}{7000 + i}_{90000 + i}_ag.py"] = f"{code}\n# student {i}\n"
        rows.append(f'"Student, {i}",{7000 + i},s{i},login{i},A')
        grades[str(7000 + i)] = graded[kind]
    return results_of(room, files, "\n".join(rows) + "\n", grades=grades, rubric=text)


def seconds(*command):
    """How long a command takes from its start to its end, by the clock and of the processor."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = adjudge_alone(*command)
    clock, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    assert 0 == done.returncode, done.stderr
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return clock, used, done.stdout


def first_difference(again, afresh):
    """The place where two texts part, with what stands before and behind it."""
    at = next((k for k, (x, y) in enumerate(zip(again, afresh, strict=False)) if x != y), 0)
    return f"{again[max(0, at - 300) : at + 200]!r} and {afresh[max(0, at - 300) : at + 200]!r}"


def main(count=500):
    """Grades, counts again, compares and prints."""
    with tempfile.TemporaryDirectory() as name:
        room = Path(name)
        (room / "rubric.toml").write_text(RUBRIC, encoding="utf-8")
        old, new = a_class(room / "old", count, ""), a_class(room / "new", count, RUBRIC)
        times = []
        for _ in range(3):
            again = shutil.copy(old, room / "again.db")
            times.append(seconds("regrade", again, "--rubric", room / "rubric.toml")[:2])
        clock, used = min(times)
        for form in ("jsonl", "csv", "canvas"):
            texts = [seconds("export", p, "--format", form)[2] for p in (old, again, new)]
            assert texts[0] != texts[1], f"the rubric changes nothing in {form}"
            assert texts[1] == texts[2], f"{form} differs: {first_difference(*texts[1:])}"
        print(f"{count} students of {len(CHOSEN)} kinds: exports equal those of grading afresh")
        print(f"adjudge regrade: {clock:.2f} s, {used:.2f} s of the processor, at best of 3")
        assert used < MOST_SECONDS, "the aim is two seconds"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
