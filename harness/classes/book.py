"""A file of results as it is to be shown: its verdicts counted by the rubric that is in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

from harness.classes import marks
from harness.classes.gradebook import Plan
from harness.classes.store import Store
from harness.classes.who import Who
from harness.judging import rubric
from harness.judging.check import Assignment
from harness.judging.class_rules import ClassRules, class_rules
from harness.judging.grade import STAGES, for_student, with_one_seed
from harness.records.errors import UsageError
from harness.records.people import Result
from harness.records.version import version

RUBRIC = "the rubric of these results"
"""What messages call the text that a file of results keeps."""
FACTS = ("seed", "assignments", "thorough", "runs", "version")
"""The facts that decide verdicts, in the order in which a difference is named."""
UNDRAWN = ("evidence",)
"""The fields that only pages and plots need."""
UNSAID = (
    *UNDRAWN,
    *("program", "dialect", "conventions", "import_line", "diagnosis"),
    *("blocked_by", "replaced", "spared", "parts"),
)
"""The fields without which points can be counted, and who needs a look can be told."""


class Book:
    """Results with points; a context manager.

    Args:
        store: which keeps the verdicts and by what they are counted.
        without: fields that nobody will look at, such as UNDRAWN, so that they are not read.
    """

    def __init__(self, store: Store, *, without: tuple[str, ...] = ()) -> None:
        self.store = store
        self._without = without

    def fact(self, name: str) -> Any:
        """A fact about the run, or None."""
        return self.store.fact(name)

    @cached_property
    def assignments(self) -> tuple[Assignment, ...]:
        """The assignments under the rubric that is in force."""
        names = self.fact("assignments") or ()
        text, strict = self.fact("rubric") or "", bool(self.fact("strict"))
        return rubric.ruled(names, text, RUBRIC, strict=strict, graded=True)

    @cached_property
    def class_rules(self) -> ClassRules:
        """What the rubric says of the class."""
        return class_rules(self.fact("rubric") or "", RUBRIC)

    @cached_property
    def rules(self) -> marks.Rules:
        """By what the verdicts are counted."""
        named = {assignment.name: assignment for assignment in self.assignments}
        return marks.Rules(named, self.class_rules.lateness)

    @cached_property
    def titles(self) -> dict[str, str]:
        """For each check, what holds when it passes."""
        return {check.name: check.title for each in self.assignments for check in each.checks}

    @cached_property
    def who(self) -> Who:
        """Finds one person of the class."""
        return Who(self.store.people())

    def each(self, only: Iterable[str] | None = None) -> Iterator[Result]:
        """The results one by one, with points, in the order of the keys.

        Args:
            only: the keys of some persons, where not all are asked for; in that order.
        """
        for result in self.store.each(only, self._without):
            yield marks.marked(result, self.rules)

    def told(
        self,
        only: Iterable[str] | None = None,
        stage: str = STAGES[-1],
        *,
        hides: bool = False,
    ) -> Iterator[Result]:
        """The results as a student may read them: what is visible, as deep as the feedback goes.

        Args:
            only: the keys of some persons, where not all are asked for; in that order.
            stage: when the student reads.
            hides: whether who shows them hides a check by itself until it may be seen.
        """
        feedback = {assignment.name: assignment.feedback for assignment in self.assignments}
        for result in self.each(only):
            grades = (
                for_student(graded, feedback[graded.assignment], stage, hides=hides)
                for graded in result.grades
            )
            yield replace(result, grades=with_one_seed(grades))

    def results(self) -> tuple[Result, ...]:
        """All of them."""
        return tuple(self.each())

    def __enter__(self) -> Book:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.store.close()


def opened(path: Path, *, without: tuple[str, ...] = ()) -> Book:
    """The results in a file.

    Args:
        path: of the file.
        without: fields that nobody will look at, such as UNDRAWN, so that they are not read.

    Raises:
        UsageError: there are none.
    """
    return Book(Store(path), without=without)


def made_by(plan: Plan) -> dict[str, object]:
    """The facts that decide verdicts; a file of results holds grades of one set of them."""
    return {
        "seed": plan.seed,
        "assignments": list(plan.assignments),
        "thorough": plan.thorough,
        "runs": {each.name: rubric.run_parts(each) for each in plan.ruled()},
        "version": version(),
        "plan": plan.stamp,
    }


def counted_by(text: str, name: str, *, strict: bool) -> dict[str, object]:
    """The facts that decide points."""
    return {"rubric": text, "rubric file": name, "strict": strict}


def same(store: Store, facts: dict[str, object]) -> None:
    """Refuses to put the grade of one person among others that were made by something else.

    Raises:
        UsageError: a fact differs; it is named.
    """
    for name, value in facts.items():
        known = store.fact(name)
        if known is not None and known != value and name not in ("rubric file", "plan"):
            noun = {
                "runs": "rubric",
                "thorough": "--thorough",
                "strict": "--strict",
                "assignments": "assignment",
            }.get(name, name)
            raise UsageError(
                f"{store.path}: these grades were made with another {noun}; leave out --only to "
                "grade the whole class again, or write to another file"
            )
    if store.fact("plan") not in (None, facts.get("plan")):
        raise UsageError(
            f"{store.path}: these grades go by other answers of PyTorch and JAX; leave out --only "
            "to grade the whole class again, or write to another file"
        )


def recount(store: Store, text: str, where: str, *, strict: bool) -> None:
    """Puts another rubric in force; nothing is run.

    Args:
        store: opened to be written to.
        text: of the rubric.
        where: what messages call it.
        strict: whether only the submission as it stands counts.

    Raises:
        UsageError: the rubric makes no sense, or decides verdicts otherwise than the one by which
            they were made.
    """
    names = store.fact("assignments") or ()
    class_rules(text, where)
    runs: dict[str, dict[str, list[str]]] = store.fact("runs") or {}
    for each in rubric.ruled(names, text, where, strict=strict, graded=True):
        for key, parts in rubric.run_parts(each).items():
            changed = sorted({*parts} ^ {*runs.get(each.name, {}).get(key, parts)})
            if changed:
                raise UsageError(
                    f"{where}: {key} of {each.name} decide what is run, and differ here "
                    f"({', '.join(changed)}); grade the class again with this rubric"
                )
    for name, value in counted_by(text, where, strict=strict).items():
        store.note(name, value)
