"""Do two checkouts of adjudge judge alike? Statuses, points and numbers, not wording.

    python tests/bench/same_verdicts.py OLD NEW [PATH...] [--keep]

OLD and NEW are each the Python of a virtual environment in which adjudge is installed, or a JSON
file that an earlier run wrote. With --keep, what a Python gave is written to OLD.json and NEW.json
in the current folder. Without a PATH every specimen in student_submissions is graded; a path below
`attention` is graded for numpy_attention, any other for both assignments of the lecture. Prints
each difference, one a line, and exits with 1 where there is any.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LECTURE = ("scalar_autograd", "mlp_training")
GRADE = """
import json, sys
import msgspec
from harness import Grader

def plain(verdict):
    told = {name: getattr(verdict, name) for name in
            ("check", "status", "points", "out_of", "tried", "failed", "disputed", "blocked_by",
             "replaced", "spared")}
    told["diagnosis"] = sorted(known.name for known in verdict.diagnosis)
    told["problem"] = verdict.problem
    if type(verdict.problem).__name__ == "Fault":
        told["problem"] = (verdict.problem.kind, verdict.problem.exception)
    return told

with Grader() as grader:
    for path, assignment in json.loads(sys.stdin.read()):
        grade = grader.grade(path, assignment)
        told = {"path": path, "assignment": assignment, "points": grade.points,
                "out_of": grade.out_of, "unreadable": bool(grade.unreadable),
                "conventions": {c.name: c.answer for c in grade.conventions},
                "verdicts": [plain(verdict) for verdict in grade.verdicts]}
        line = json.dumps(msgspec.to_builtins(told), default=repr)
        print(line.replace("NaN", '"nan"').replace("Infinity", '"inf"'), flush=True)
"""
"""Run by the Python of each checkout: it knows the public names only, which do not move."""


def main() -> int:
    """Grades by both, prints what differs, and says how many do."""
    words = sys.argv[1:]
    keep = "--keep" in words
    old, new, *paths = [word for word in words if word != "--keep"]
    asked = [pair for path in paths or specimens() for pair in questions(path)]
    first, second = (
        graded(who, asked, Path(f"{name}.json") if keep else None)
        for who, name in ((old, "OLD"), (new, "NEW"))
    )
    found = [line for key in first for line in apart(key, first[key], second.get(key))]
    print("\n".join(found))
    print(f"{len(found)} differences in {len(first)} grades")
    return 1 if found else 0


def specimens() -> list[str]:
    """The path of every specimen."""
    sys.path.insert(0, str(ROOT / "tests"))
    from support.specimens import PATHS  # where no path is given

    return [str(path) for path in PATHS.values()]


def questions(path: str) -> list[tuple[str, str]]:
    """The path with each assignment that it is graded for."""
    names = ("numpy_attention",) if "/attention/" in path else LECTURE
    return [(path, name) for name in names]


def graded(who: str, asked: list[tuple[str, str]], kept: Path | None) -> dict[str, Any]:
    """Each grade by path and assignment: read from a file, or made by that Python now."""
    if who.endswith(".json"):
        lines = Path(who).read_text(encoding="utf-8")
    else:
        run = [who, "-c", GRADE]
        lines = subprocess.run(
            run, input=json.dumps(asked), capture_output=True, text=True, check=True, cwd="/"
        ).stdout
        if kept is not None:
            kept.write_text(lines, encoding="utf-8")
    rows = [json.loads(line) for line in lines.splitlines()]
    return {f"{Path(row.pop('path')).name} {row['assignment']}": row for row in rows}


def apart(where: str, one: Any, other: Any) -> list[str]:
    """What differs between two values, one line for each leaf of them."""
    if isinstance(one, dict) and isinstance(other, dict):
        names = dict.fromkeys((*one, *other))
        pairs = [(f"{where} {name}", one.get(name), other.get(name)) for name in names]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        named = [
            item.get("check", k) if isinstance(item, dict) else k for k, item in enumerate(one)
        ]
        pairs = [(f"{where} {n}", a, b) for n, a, b in zip(named, one, other, strict=True)]
    else:
        return [] if one == other else [f"{where}: {one!r} -> {other!r}"]
    return [line for pair in pairs for line in apart(*pair)]


if __name__ == "__main__":
    sys.exit(main())
