"""What runs inside a platform: grade what was handed in there, and tell it in the platform's way.

Beside the submission lies the course folder, which `platforms.bundle` writes: settings.json,
where there is one rubric.toml, an author's own file with its answers, and for a secret seed
seed.txt and the recorded answers.

Whatever happens, the platform is told something: where adjudge itself fails there is no score,
and nobody is blamed for it.
"""

from __future__ import annotations

import os
import secrets
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import msgspec

from harness.classes import marks
from harness.classes.platforms import metadata
from harness.classes.seeds import seed_in
from harness.grading.grader import PUBLIC_SEED, Grader
from harness.intake import submissions
from harness.judging import rubric
from harness.judging.check import Assignment, Check
from harness.judging.class_rules import ClassRules, class_rules
from harness.judging.grade import STAGES, for_student, once
from harness.judging.toml_file import text_of
from harness.oracles import recording
from harness.records.errors import SubmissionError, UsageError
from harness.records.names import escaped
from harness.records.people import Handing, Person, Result
from harness.records.verdict import Grade
from harness.report.exports import github, gradescope, hand_back, prairielearn
from harness.report.exports.places import Place, places
from harness.report.words import explain
from harness.sandbox.launch import Launcher

GRADED, BROKEN, OUR_ERROR = 0, 1, 3
"""Exit codes: it is graded; on GitHub, it is graded and something did not pass; we failed."""
OVER_LIMIT = (
    "Not graded: this is more submissions than are graded. The score of the one before stands."
)
"""What a student reads who handed in more often than the rubric allows."""
SETTINGS, RUBRIC, SEED = "settings.json", "rubric.toml", "seed.txt"
"""The files of the course's folder."""
WITHHELD = (
    "The autograder itself failed, so there is no score. It is not your mistake, and it costs you "
    "nothing; please tell the course staff."
)
"""What a student reads where we failed; why is in the log, which the staff reads."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What settings.json says."""

    assignments: tuple[str, ...]
    min_isolation: str = "S1"
    """As for `Grader`; beside it stands what `_need_wall` asks for."""

    def inside(self, course: Path) -> tuple[str, ...]:
        """The assignments as they are found from anywhere: an own file lies in the folder."""
        names = self.assignments
        return tuple(str(course / name) if name.endswith(".py") else name for name in names)


def run_gradescope(root: Path = Path("/autograder"), launcher: Launcher | None = None) -> int:
    """Grades submission/ by source/ and writes results/results.json.

    Args:
        root: Gradescope's folder.
        launcher: starts the workers.

    Returns:
        0, or 3 where we failed; then the file says so and holds no score.
    """

    def told() -> str:
        rules = _class_rules(root / "source")
        handed_in = metadata.read(root / "submission_metadata.json")
        if rules.attempts and handed_in.earlier(rules.attempts) >= rules.attempts.most:
            return gradescope.not_graded(OVER_LIMIT, handed_in.last_score)
        grades, checks = _graded(root / "submission", root / "source", launcher, hides=True)
        result = Result(
            handed_in.person, grades, handing=Handing(handed_in.late, handed_in.created_at)
        )
        if rules.lateness is not None:
            due = max([rules.lateness.due, *handed_in.extended])
            late = marks.penalty(result, replace(rules.lateness, due=due))
            result = replace(result, penalty=late)
        return gradescope.results(result, _titles(checks))

    return _write_results(root, told, withheld_gradescope())


def run_prairielearn(root: Path = Path("/grade"), launcher: Launcher | None = None) -> int:
    """Grades student/ by tests/ and writes results/results.json.

    Args:
        root: PrairieLearn's folder.
        launcher: starts the workers.

    Returns:
        0, or 3 where we failed; then the file says so, and no attempt is lost.
    """

    def told() -> str:
        grades, checks = _graded(root / "student", root / "tests", launcher)
        return prairielearn.results(Result(Person("student"), grades), _titles(checks))

    return _write_results(root, told, withheld_prairielearn())


def run_github(
    root: Path = Path("."),
    launcher: Launcher | None = None,
    environment: Mapping[str, str] = os.environ,
) -> int:
    """Grades a checked-out repository by its .github/adjudge, and prints annotations.

    The job's summary is appended to the file that GITHUB_STEP_SUMMARY names, and `result`, as a
    Classroom runner gives it, to the one that GITHUB_OUTPUT names.

    Args:
        root: the repository.
        launcher: starts the workers.
        environment: the step's.

    Returns:
        0 where all passed, 1 where something did not, 3 where we failed and there is no result.
    """
    try:
        grades, checks = _graded(root, root / ".github" / "adjudge", launcher)
        titles, found = _titles(checks), _places(root, grades, checks)
        result = Result(Person(environment.get("GITHUB_ACTOR", "") or "student"), grades)
        _quoted(hand_back.report(result, titles))
        sys.stdout.write(github.annotate(result, titles, _module_in(root), found))
        sys.stdout.write(github.notices(result))
        _append(environment.get("GITHUB_STEP_SUMMARY"), github.summary(result, titles))
        _append(environment.get("GITHUB_OUTPUT"), f"result={github.runner(result, titles)}\n")
    except Exception:
        _quoted(traceback.format_exc())
        sys.stdout.write(f"::error title=adjudge::{WITHHELD}\n")
        return OUR_ERROR
    return GRADED if all(one.right for one in explain.checks(result, titles)) else BROKEN


RUNS: dict[str, Callable[..., int]] = {
    "gradescope": run_gradescope,
    "github": run_github,
    "prairielearn": run_prairielearn,
}
"""What runs inside each platform, by its name."""


def withheld_gradescope() -> str:
    """Gradescope's results.json without a score."""
    test = {"name": "adjudge", "status": "failed", "output": WITHHELD, "output_format": "text"}
    return _json(
        {
            "output": WITHHELD,
            "output_format": "text",
            "visibility": "visible",
            "stdout_visibility": "hidden",
            "tests": [test],
        }
    )


def withheld_prairielearn() -> str:
    """PrairieLearn's results.json of what is not gradable."""
    return _json({"gradable": False, "message": WITHHELD, "format_errors": [WITHHELD]})


def _graded(
    handed_in: Path, course: Path, launcher: Launcher | None, *, hides: bool = False
) -> tuple[tuple[Grade, ...], dict[str, Check]]:
    """What a student is told of what was handed in, and the checks by their names.

    Args:
        handed_in: the submission's folder.
        course: the folder with the settings.
        launcher: starts the workers.
        hides: whether the platform hides by itself what is not to be seen yet; else it is left out.
    """
    settings = msgspec.json.decode((course / SETTINGS).read_bytes(), type=Settings)
    by = course / RUBRIC
    assignments = ruled(settings.inside(course), by if by.exists() else None)
    seed, recorded = PUBLIC_SEED, {}
    if (course / SEED).exists():
        seed = seed_in(course / SEED)
        recorded = {
            one.name: recording.read(answers(course, one), one, seed) for one in assignments
        }
    launcher = launcher or Launcher()
    with Grader(None, launcher, settings.min_isolation, recorded=recorded) as grader:
        _need_wall(launcher.layers)
        grades = once(
            for_student(grader.grade(handed_in, one, seed), one.feedback, STAGES[0], hides=hides)
            for one in assignments
        )
    return grades, {check.name: check for one in assignments for check in one.checks}


def _titles(checks: Mapping[str, Check]) -> dict[str, str]:
    return {name: check.title for name, check in checks.items()}


def ruled(names: tuple[str, ...], by: Path | None) -> tuple[Assignment, ...]:
    """The assignments of those names, under the rules of a rubric.

    Raises:
        UsageError: there is no such assignment, none is named, or the rubric makes no sense.
    """
    if not names:
        raise UsageError("no assignment is named")
    return rubric.ruled(names, rubric.read(by), str(by), graded=True)


def _need_wall(layers: Mapping[str, str]) -> None:
    """Refuses where a submission could read the seed or write its own score.

    Landlock forbids both. Without it the course's folder is closed by its mode, which holds only
    where a worker is another user than we are.

    Raises:
        UsageError: there is neither.
    """
    missing = {name: layers[name] for name in ("landlock", "uid") if layers[name]}
    if len(missing) == 2:
        why = ", ".join(f"{name} ({reason})" for name, reason in missing.items())
        raise UsageError(f"a submission could read the seed or write its own score; missing: {why}")


def answers(course: Path, assignment: Assignment) -> Path:
    """Where the recorded answers for a secret seed lie; the name does not tell the seed."""
    return course / f"{assignment.name}.answers"


def _class_rules(course: Path) -> ClassRules:
    """What the rubric says of a class, where there is one."""
    by = course / RUBRIC
    return class_rules(text_of(by), str(by)) if by.exists() else ClassRules()


def _module_in(root: Path) -> str:
    """The graded file by its path in a repository, or the repository itself."""
    try:
        files, main = submissions.graded(submissions.files_at(root))
        return escaped(Path(files.members[main]).relative_to(root).as_posix())
    except (SubmissionError, ValueError):
        return "."


def _places(root: Path, grades: tuple[Grade, ...], checks: Mapping[str, Check]) -> dict[str, Place]:
    """For each check the line of a file of the repository to look at."""
    try:
        what = submissions.read(root)
    except SubmissionError:
        return {}
    found: dict[str, Place] = {}
    for grade in grades:
        found |= places(grade.verdicts, checks, what, Path(), Path(_module_in(root)))
    return found


def _quoted(text: str) -> None:
    """Prints text in which the runner obeys no command, because a student may have written it."""
    token = secrets.token_hex(16)
    sys.stdout.write(f"::stop-commands::{token}\n{text}\n::{token}::\n")


def _append(name: str | None, text: str) -> None:
    if name:
        with Path(name).open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)


def _write_results(root: Path, told: Callable[[], str], withheld: str) -> int:
    """Writes what is told, or that we failed; first the latter, in case we are killed."""
    file = root / "results" / "results.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    _replace(file, withheld)
    try:
        text = told()
    except Exception:
        traceback.print_exc()
        return OUR_ERROR
    _replace(file, text)
    return GRADED


def _replace(file: Path, text: str) -> None:
    """Writes a file whole or not at all."""
    half = file.with_name(f".{file.name}.{os.getpid()}")
    half.write_text(text, encoding="utf-8", newline="\n")
    half.replace(file)


def _json(document: dict[str, object]) -> str:
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"
