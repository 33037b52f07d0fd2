"""The one pytest function that every check becomes; the plugin collects it for --submission."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.model import Grade, Status, Verdict
from harness.report import wording


def test_check(
    judged: tuple[str, Grade, Verdict], record_property: Callable[[str, object], None]
) -> None:
    """Passes where the check passes, and says what is wrong where it does not."""
    name, grade, verdict = judged
    record_property("submission", f"{name}: {grade.assignment}")
    record_property("exercise", verdict.exercise)
    record_property("points", verdict.points)
    record_property("out_of", verdict.out_of)
    record_property("status", verdict.status.value)
    if verdict.status in (Status.SKIPPED, Status.INCONCLUSIVE):
        pytest.skip(wording.sentence(verdict))
    if verdict.status in (Status.FAILED, Status.FAULTED):
        parts = [wording.sentence(verdict), wording.detail(verdict)]
        program = wording.program(verdict, grade)
        parts += ["", program] if program else []
        pytest.fail("\n".join(part for part in parts if part or program), pytrace=False)
