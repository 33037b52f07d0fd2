"""Every attack comes out as it must, and leaves nothing behind.

After each one the canary folder is as it was, no process is left and the zygote is the same; after
every few, and after the last, the honest submission gets the same full grade. A table of outcomes
ends the run.
"""

import time
import unicodedata

import pytest

from harness.records.verdict import Status
from harness.report.words import wording
from hostile.corpus import ATTACKS, CATEGORIES, OUTCOMES
from support.scene import descendants, kept, litter, tree

LONG = {
    attack.name
    for category in ("cheat", "dos", "crash")
    for number, attack in enumerate(attack for attack in ATTACKS if attack.category == category)
    if number % 3
}
"""Two of three of those that take the longest."""


def parameters(attack):
    """An attack under a few checks, if that is all it takes, and under all that judge attacks."""
    brief = (attack.slow or not attack.lost) and not attack.flag
    rare = attack.like or attack.name in LONG
    if brief and not rare:
        yield pytest.param(attack, BRIEF, id=attack.name)
    long = pytest.mark.long if brief or rare else ()
    yield pytest.param(attack, (), id=attack.name + " under all" * brief, marks=long)


def hand_in(attack, folder, place):
    """The submission on disk."""
    if not isinstance(attack.build, str):
        return attack.build(folder)
    path = folder / f"{attack.name}.py"
    path.write_text(place.fill(attack.build))
    return path


def outcome_of(grade):
    flags = {v.check for v in grade.verdicts if v.status is Status.FLAGGED}
    if grade.unreadable:
        return "refused"
    if not grade.points:
        return "zero"
    if flags and (flags != {"flag_names"} or grade.points == grade.out_of):
        return "flagged"
    return "honest" if grade.points == grade.out_of else "partial"


def is_printable(text):
    return all(unicodedata.category(c)[0] not in "CZ" or c == " " for c in text)


BRIEF = ("constructor", "order_sharing", "gradient_lecture", "initialisation", "parameters", "mse")
"""The checks that judge a slow attack, of which each broken program waits for a limit, and one of
which no check is stated to be lost."""
OFTEN = 8
"""After so many attacks the honest submission is graded again."""


@pytest.fixture(scope="module")
def unharmed(grader, few, answer_key):
    """Called after each attack: the honest submission gets what it got before them all."""
    before, calls = grader.grade(answer_key, few), []
    assert before.points == before.out_of

    def looked(last=False):
        calls.append(last)
        if last or len(calls) % OFTEN == 0:
            assert before == grader.grade(answer_key, few)

    yield looked
    looked(last=True)


@pytest.mark.parametrize(
    ("attack", "checks"), [case for attack in ATTACKS for case in parameters(attack)]
)
def test_an_attack_comes_out_as_it_must(
    attack, checks, grader, assignments, unharmed, place, canary, tmp_path, request
):
    path = hand_in(attack, tmp_path, place)
    assignment = kept(attack.assignment, checks) if checks else assignments[attack.assignment]
    lost = {*attack.lost} & {check.name for check in assignment.active}
    untouched, family = tree(canary), descendants()
    start = time.monotonic()
    grade = grader.grade(path, assignment)
    seconds = time.monotonic() - start
    sentences = [wording.sentence(verdict) for verdict in grade.verdicts]
    failed = tuple(
        v.check
        for v in grade.verdicts
        if v.status not in (Status.PASSED, Status.FLAGGED, Status.NOTED)
    )
    flags = [v.check for v in grade.verdicts if v.status is Status.FLAGGED]
    happened = f"{outcome_of(grade)} {grade.points:g}/{grade.out_of:g} {' '.join(flags)}"
    wanted = f"{attack.outcome} {attack.flag}"
    row = f"{attack.name:28} {attack.category:8} {wanted:28} {happened:44} {seconds:6.2f}"
    request.node.user_properties.append(("attack", row))

    # Nothing is harmed, whatever it was graded.
    assert untouched == tree(canary)
    assert family == descendants()
    assert [] == litter()
    unharmed()

    assert all(is_printable(sentence) for sentence in sentences)
    assert attack.outcome == outcome_of(grade), (failed, flags, sentences)
    assert any(attack.says in sentence for sentence in [*sentences, ""]), sentences
    if attack.lost:
        assert sorted(lost) == sorted(failed), sentences
    if attack.flag:
        assert attack.flag in flags
    assert grade.points >= 0


def test_there_are_enough_attacks_of_every_kind():
    names = [attack.name for attack in ATTACKS]

    assert len(names) == len(set(names)) >= 75
    assert set(CATEGORIES) == {attack.category for attack in ATTACKS}
    assert set(OUTCOMES) == {attack.outcome for attack in ATTACKS}
