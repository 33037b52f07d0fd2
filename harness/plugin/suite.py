"""The one pytest function that every check becomes; the plugin collects it for --submission."""

from __future__ import annotations

import pytest

from harness.records.verdict import WRONG, Grade, Status, Verdict
from harness.report.exports import sarif
from harness.report.exports.places import Place
from harness.report.words import listing, wording


class Wrong(AssertionError):
    """A check that did not pass: at which line of the submission, and what is wrong."""

    def __init__(self, place: Place, told: str) -> None:
        super().__init__(f"{sarif.spelled(place)}: {told}")
        self.place = place


def test_check(
    adjudge_verdict: tuple[str, Grade, Verdict],
    adjudge_place: tuple[Place, str],
    request: pytest.FixtureRequest,
) -> None:
    """Passes where the check passes, and says what is wrong where it does not."""
    name, grade, verdict = adjudge_verdict
    place, again = adjudge_place
    request.node.user_properties += [
        ("submission", f"{name}: {grade.assignment}"),
        ("exercise", verdict.exercise),
        ("points", verdict.points),
        ("out_of", verdict.out_of),
        ("status", verdict.status.value),
    ]
    if verdict.status is Status.CREDITED and not verdict.replaced:
        pytest.skip("credited")
    if verdict.status in (Status.CREDITED, Status.SKIPPED, Status.INCONCLUSIVE):
        pytest.skip(wording.sentence(verdict))
    if verdict.status in WRONG:
        parts = [wording.sentence(verdict), *listing.trace(verdict), wording.detail(verdict)]
        parts += wording.diagnosis(verdict)
        program = listing.program(verdict, grade)
        parts = [part for part in parts if part] + (["", program] if program else [])
        parts += ["", f"run again: {again}"]
        raise Wrong(place, "\n".join(parts).strip())
