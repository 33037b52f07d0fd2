"""Mutants of a small module under small assignments: who dies of what, and how it is told."""

from contextlib import nullcontext
from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

from harness.assignments.lecture6.dialect import AG
from harness.grading.audit.operators import Mutation
from harness.grading.audit.rivals import Rival, missed_by_all, rivals, suites
from harness.grading.audit.run import (
    Audit,
    Fate,
    Kill,
    Outcome,
    audit,
    joined,
    kill,
    mutants,
    outcome,
    same_observations,
    submission,
    survivals,
)
from harness.grading.audit.soundness import hold
from harness.judging import compare
from harness.judging.check import Assignment, Check
from harness.judging.mutant import Mutant
from harness.records.errors import Disputed, UsageError
from harness.records.handed_in import Source
from harness.records.known import AnswerKey, BugModel, Edit
from harness.records.observation import Fault
from harness.records.program import Call, Expression
from harness.report.tables import audit_table
from support.fake_engines import FakeOracles, FakeStudent

TEXT = "def double(p):\n    return p + p\n\ndef shown(p):\n    return str(p)\n"
MODEL = BugModel("squares", "2.B", "It squares.", "Look.", (Edit("p + p", "p ** 2"),))
KEY = AnswerKey(Source("key.py", TEXT), (MODEL,))
NOTHING = Expression((), ())


def doubled(number):
    lines = (f'record("got", -1, double({number}))',)
    return Call("double", (("got", (2 * number,)),), lines, NOTHING, ())


def is_double(program, actual, answers):
    if actual.fault is not None:
        return actual.fault
    return compare.stated(actual, "got", ["got"], program.argument("got"), "arithmetic")


def check(name, *numbers, how=is_double, **more):
    programs = tuple(doubled(number) for number in numbers)
    return Check(name, "2.B", 1, "it doubles", lambda seed: programs, how, **more)


def lab(*checks, name="lab", key=KEY, **more):
    return Assignment(name, name, checks, answer_key=key, **more)


class FakeGrader:
    """Runs a submission in this process."""

    oracles = FakeOracles()

    def __init__(self):
        self.asked = []

    def student(self, handed_in, assignment):
        engine = Mutant(handed_in.name, handed_in.main[0].text, AG)
        student = FakeStudent(engine)
        student.run = lambda program: self.asked.append(handed_in.name) or engine.run(program)
        return nullcontext(student)


def audited(*assignments, key=KEY, **more):
    return audit(assignments, key, FakeGrader(), "577", **more)


def found(told, name):
    (one,) = (outcome for outcome in told.outcomes if outcome.mutant.name == name)
    return one


# --- what is audited ----------------------------------------------------------------------


def test_the_bug_models_come_first_and_no_mutant_is_one_of_them():
    first, *others = mutants(KEY)
    same = BugModel("multiplies", "2.B", "It multiplies.", "Look.", (Edit("p + p", "p * p"),))
    cubes = replace(MODEL, edits=(Edit("p + p", "p ** 3"),))
    two = mutants(AnswerKey(KEY.source, (MODEL, cubes)))[:2]

    assert ("squares", "bug model") == (first.name, first.operator)
    assert ("2.B", "p + p -> p ** 2") == (first.where, first.change)
    assert {"double", "shown"} == {mutant.where for mutant in others}
    assert len(others) + 1 == len(mutants(AnswerKey(KEY.source, (MODEL, same))))
    assert ["squares", "squares (2)"] == [mutant.name for mutant in two]


def test_what_no_assignment_is_about_is_left_alone():
    key = AnswerKey(Source("key.py", "class ag:\n def f():\n  g()\nclass M:\n def f():\n  g()\n"))
    about_m, about_both = (lab(check("one", 1.0), key=key, foundation=f) for f in (("ag",), ()))

    assert {"M.f"} == {o.mutant.where for o in audited(about_m, key=key).outcomes}
    assert {"M.f", "ag.f"} == {o.mutant.where for o in audited(about_both, key=key).outcomes}


def test_the_keys_of_assignments_are_joined_where_one_module_is_the_beginning_of_the_other():
    other = replace(MODEL, name="other")
    longer = AnswerKey(Source("key.py", TEXT + "N = 1\n"), (MODEL, other), (), (("a", "b"),))
    key = joined([lab(), lab(key=longer)])

    assert TEXT + "N = 1\n" == key.source.text
    assert ((MODEL, other), (("a", "b"),)) == (key.models, key.equivalent)


@pytest.mark.parametrize("key", [None, AnswerKey(Source("key.py", "N = 1\n"))])
def test_keys_that_do_not_fit_and_checks_of_the_same_name_are_bad_usage(key):
    with pytest.raises(UsageError, match="answer key"):
        joined([lab(), lab(key=key)])
    with pytest.raises(UsageError, match="same name"):
        audited(lab(check("one", 1.0)), lab(check("one", 1.0), name="other"))


def test_a_mutant_is_handed_in_as_a_file_with_a_digest():
    one, other = (submission(mutant) for mutant in mutants(KEY)[:2])

    assert "key.py" == one.main[0].name
    assert "p ** 2" in one.main[0].text
    assert [64, 64] == [len(digest) for digest in {one.digest, other.digest}]


# --- who dies of what ---------------------------------------------------------------------


def test_a_mutant_dies_at_the_first_program_that_shows_it():
    dead = found(audited(lab(check("alike", 2.0), check("both", 2.0, 0.0, 3.0))), "squares")

    assert ((Kill("both", 3),), 3, Fate.KILLED) == (dead.kills, dead.died_at, dead.fate)


def test_a_thorough_audit_asks_every_check_and_a_quick_one_ends_at_the_first_kill():
    checks = lab(check("one", 3.0), check("two", 3.0))

    for thorough, killed_by in ((True, ("one", "two")), (False, ("one",))):
        assert killed_by == found(audited(checks, thorough=thorough), "squares").killed_by


def test_what_is_left_is_a_hole_or_equivalent_with_its_reason():
    name = "shown: return str(p) -> return p"
    hole = audited(lab(check("one", 3.0)))
    told = audited(lab(check("one", 3.0)), key=replace(KEY, equivalent=((name, "only shown"),)))

    assert name in [o.mutant.name for o in hole.survived]
    assert [(name, "only shown")] == [(o.mutant.name, o.reason) for o in told.equivalent]
    assert len(hole.survived) == len(told.survived) + 1
    assert told.judged == len(told.outcomes) - 1 == hole.judged - 1


def test_a_declaration_that_is_not_so_is_told():
    key = replace(KEY, equivalent=(("squares", "surely"), ("nobody", "gone")))
    told = audited(lab(check("one", 3.0)), key=key)

    assert ["squares"] == [o.mutant.name for o in told.stale]
    assert ("nobody",) == told.unknown
    assert Fate.KILLED == found(told, "squares").fate


@pytest.mark.parametrize(
    ("student", "expected"),
    [
        (FakeStudent(refusal=Fault("raised", "NameError")), Kill("one", 0)),
        (FakeStudent(refusal=Fault("timeout")), Kill("one", 0, fatal=True)),
        (FakeStudent(missing=("double",)), Kill("one", 0)),
        (FakeStudent(Mutant("m", "def double(p): return 1 / 0", AG)), Kill("one", 1)),
        (FakeStudent(Mutant("m", TEXT, AG)), None),
    ],
    ids=["stops when loaded", "hangs when loaded", "lacks a name", "raises", "is right"],
)
def test_a_check_kills_what_cannot_be_used(student, expected):
    assert expected == kill(check("one", 3.0, names=("double",)), student, FakeOracles(), "s")


def test_a_program_on_which_the_oracles_disagree_kills_nobody():
    def disputed(program, actual, answers):
        raise Disputed("by request of a test")

    wrong = FakeStudent(Mutant("m", "def double(p): return 0.0", AG))

    assert kill(check("one", 3.0, how=disputed), wrong, FakeOracles(), "s") is None


def test_after_a_fault_that_costs_a_worker_nothing_more_is_run():
    hangs = check("hangs", 1.0, 2.0, how=lambda *_: Fault("timeout"))
    dead = found(audited(lab(hangs, check("two", 3.0))), "squares")

    assert (Kill("hangs", 1, fatal=True),) == dead.kills
    assert dead.hangs


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (check("other", 3.0, names=("triple",), how=lambda p, a, o: Fault("raised")), "at program"),
        (check("blind", 3.0, how=lambda *_: None), "compares nothing"),
        (check("empty"), "compares nothing"),
    ],
    ids=["a check that fails the key", "a comparison that always agrees", "no programs"],
)
def test_a_key_that_fails_and_a_check_that_compares_nothing_are_named(wrong, told):
    hold((lab(check("one", 3.0), check("two", 1.0)),), KEY, FakeGrader(), "577")
    with pytest.raises(UsageError, match=f'"{wrong.name}".*{told}'):
        hold((lab(check("one", 3.0), wrong),), KEY, FakeGrader(), "577")


def test_programs_are_drawn_as_in_grading_from_the_checks_with_points_and_progress_is_told():
    seeds, steps = [], []
    drawn = replace(check("seeded"), programs=lambda seed: seeds.append(seed) or (doubled(3.0),))
    checks = lab(drawn, replace(check("off", 3.0), points=0))
    told = audited(checks, progress=lambda done, of: steps.append((done, of)))

    assert (["577/lab/seeded"], ("seeded",)) == (seeds, told.checks)
    assert [(k, len(told.outcomes)) for k in range(1, len(told.outcomes) + 1)] == steps


# --- counts -------------------------------------------------------------------------------


def made(name, *kills, declared=()):
    return outcome(Mutation(name, "op", "f", f"{name} -> x", ""), kills, dict(declared))


TOLD = Audit(
    "577",
    ("lab",),
    ("one", "two"),
    True,
    (
        made("a", Kill("one", 1), Kill("two", 4)),
        made("b", Kill("two", 6)),
        made("c", Kill("one", 3)),
        made("d"),
        made("e", declared=(("e", "the same"),)),
    ),
)


def test_each_check_has_its_kills_those_it_alone_makes_and_its_median():
    nothing = replace(TOLD, outcomes=())
    counted = [len(some) for some in (TOLD.killed, TOLD.survived, TOLD.equivalent)]

    assert [(2, 1, 2.0), (2, 1, 5.0)] == [
        (TOLD.kills(c), TOLD.only(c), TOLD.median(c)) for c in ("one", "two")
    ]
    assert ([3, 1, 1], 4, 3.0) == (counted, TOLD.judged, TOLD.died_at)
    assert (0.0, 0.0, 0) == (nothing.died_at, nothing.median("one"), nothing.judged)


# --- many seeds ---------------------------------------------------------------------------


def test_a_mutant_survives_the_seeds_that_do_not_show_it():
    def programs(seed):
        return (doubled(2.0 if seed.startswith("even") else 3.0),)

    one = lab(Check("one", "2.B", 1, "it doubles", programs, is_double))
    told = survivals((one,), KEY, FakeGrader(), ("even", "odd", "even too"))

    assert 2 == told["squares"]
    assert 0 == told["double: return p + p -> return p - p"]
    assert 3 == told["shown: return str(p) -> return p"]


def test_from_the_second_seed_on_a_mutant_first_meets_the_check_that_killed_it():
    grader = FakeGrader()
    one = lab(check("alike", 2.0, 0.0))
    two = lab(check("also alike", 0.0, 2.0), check("tells", 3.0), name="other")
    survivals((one, two), KEY, grader, ("a", "b"))

    assert 5 + 1 == grader.asked.count("squares")


# --- equivalence --------------------------------------------------------------------------


def recorded(*lines):
    return (Call("any", (), lines, NOTHING, ()),)


N = recorded('record("n", -1, N)')
WITH_NAN = recorded("n = N", 'record("n", -1, n, float("nan"), 1.0)')
GROWING = 2 * recorded("N.append(1)", 'record("n", -1, len(N))')
RESTARTED = "class L(list):\n def append(self, x): self[:] = [x]\nN = L()"


@pytest.mark.parametrize(
    ("text", "key", "programs", "same"),
    [
        pytest.param("N = -0.0", "N = 0.0", N, False, id="sign of zero"),
        pytest.param("N = 1e-300", "N = 0.0", N, False, id="tiny"),
        pytest.param("N = 0", "N = 0.0", N, False, id="type"),
        pytest.param("M = 0.0", "N = 0.0", N, False, id="fault"),
        pytest.param("N = 1.0\nM = 2", "N = 1.0", WITH_NAN, True, id="nan included"),
        pytest.param("N = []  # kept as well", "N = []", GROWING, True, id="state kept alike"),
        pytest.param(RESTARTED, "N = []", GROWING, False, id="state kept otherwise"),
        pytest.param(
            *("N = 1", "N = 2", recorded("g = lambda: None", "while True: g()"), True),
            id="what the key does not end tells nothing",
        ),
    ],
)
def test_what_records_the_same_is_the_same(text, key, programs, same):
    assert same == same_observations(text, key, programs, AG)


# --- rivals -------------------------------------------------------------------------------


def at(*numbers):
    def suite(engine, oracles):
        seen = [engine.run(doubled(number)).numbers("got")[0] for number in numbers]
        return seen == [2 * number for number in numbers]

    return suite


def test_rivals_are_asked_about_the_same_mutants():
    told = audited(lab(check("one", 2.0, 3.0)))
    weak, strong = rivals(told, KEY, {"weak": at(2.0), "strong": at(2.0, 3.0)}, FakeOracles(), AG)

    assert ("weak", "strong") == (weak.name, strong.name)
    assert weak.accepts_key
    assert "squares" in strong.kills - weak.kills
    assert "double: return p + p -> return p - p" in weak.kills
    assert {"squares"} < {o.mutant.name for o in missed_by_all(told, (weak,))}
    assert () == missed_by_all(told, (weak, strong))


def rival(told, verdict):
    """A suite with the same answer to everything."""
    (one,) = rivals(told, KEY, {"any": lambda engine, oracles: verdict}, FakeOracles(), AG)
    return one


def test_a_rival_that_rejects_the_answer_key_is_told():
    told = audited(lab(check("one", 3.0)))
    hasty = rival(told, False)

    assert not hasty.accepts_key
    assert told.killed == missed_by_all(told, (hasty,))


def test_a_mutant_that_cost_a_worker_is_rejected_unrun_and_equivalent_ones_count_for_no_rival():
    hang = Mutation("hang", "op", "f", "x -> y", "while True: pass")
    told = replace(TOLD, outcomes=(Outcome(hang, Fate.KILLED, (Kill("one", 1, fatal=True),)),))

    assert {"hang"} == rival(told, True).kills
    assert {"a", "b", "c", "d"} == rival(TOLD, False).kills


@pytest.mark.parametrize("text", [None, "", "SUITE = {}", "SUITE = [1]"])
def test_suites_are_read_from_a_file_and_one_without_is_bad_usage(tmp_path, text):
    path = tmp_path / "no_suites.py"
    if text is not None:
        path.write_text(text)
    with pytest.raises(UsageError, match="no_suites"):
        suites(path)
    path.write_text("SUITE = {'all': lambda engine, oracles: True}\n")
    assert ["all"] == list(suites(path))


# --- how it is told -----------------------------------------------------------------------


def shown(told, *more, **options):
    console = Console(file=StringIO(), width=100, color_system=None)
    audit_table.show(told, console, *more, **options)
    return console.file.getvalue()


def cells(text, first):
    (row,) = (line.split() for line in text.splitlines() if line.split()[:1] == [first])
    return row


def test_there_is_a_row_for_each_check_and_each_kind_and_what_survives_is_named():
    text, quick = shown(TOLD), shown(replace(TOLD, thorough=False))

    assert "survived: d: d -> x\n" in text
    assert "equivalent: e: e -> x (the same)\n" in text
    assert text.endswith(
        "lab, seed 577: 3 of 4 mutants killed, 1 survived; 1 more are equivalent to the answer "
        "key. A mutant dies at program 3 of a check (median).\n"
    )
    assert ["one", "2", "1", "2"] == cells(text, "one")
    assert ["two", "2", "1", "5"] == cells(text, "two")
    assert ["op", "5", "3", "1", "1"] == cells(text, "op")
    assert "only" not in quick
    assert ["one", "2", "2"] == cells(quick, "one")


def test_wrong_declarations_are_told():
    stale = made("f", Kill("one", 1), declared=(("f", "surely"),))
    told = replace(TOLD, outcomes=(stale,), unknown=("g",))

    assert "declared equivalent, but killed by one: f: f -> x\n" in shown(told)
    assert "declared equivalent, but no mutant: g\n" in shown(told)
    assert 1 + 1 == len(audit_table.faults(told))


def test_what_only_some_seeds_kill_is_told():
    text = shown(TOLD, survivals={"a": 1, "b": 0, "e": 3}, seeds=4)

    assert "survived 1 of 4 seeds: a\n" in text
    assert "declared equivalent, but killed under 1 of 4 seeds: e\n" in text
    assert "seeds: b" not in text
    assert "1 of 4 survive some of 4 further seeds." in text
    assert "further seeds" not in shown(TOLD)


def test_suites_stand_side_by_side():
    hasty = Rival("hasty", False, frozenset({"a", "b", "c", "d"}))
    text = shown(TOLD, (WEAK, hasty))

    assert ["adjudge", "3", "of", "4", "75.0", "%"] == cells(text, "adjudge")
    assert ["weak", "1", "of", "4", "25.0", "%"] == cells(text, "weak")
    assert "hasty (rejects the answer key)" in text
    assert "2 mutants are killed by no other suite: 2 in f\n" in text
    strong = Rival("strong", True, frozenset({"a", "b", "c"}))
    assert "0 mutants are killed by no other suite\n" in shown(TOLD, (strong,))


WEAK = Rival("weak", True, frozenset({"a"}))


def test_the_page_has_the_same_tables():
    page = audit_table.markdown(TOLD, (WEAK,))

    assert page.startswith("# What the checks kill\n\nlab, seed 577: 3 of 4 mutants killed")
    for part in (
        "| check | kills | only this check | median program |\n| --- | ---: | ---: | ---: |",
        "\n| one | 2 | 1 | 2 |\n| two | 2 | 1 | 5 |\n",
        "\n## Survived\n\n- `d: d -> x`\n",
        "\n- `e: e -> x`: the same\n",
        "\n| weak | 1 of 4 | 25.0 % |\n",
    ):
        assert part in page
    assert page.endswith("by no other suite\n\n- `b: b -> x`\n- `c: c -> x`\n")
    assert page == audit_table.markdown(TOLD, (WEAK,))


def test_the_power_of_a_check_is_what_it_kills_in_its_time():
    head, *rows = audit_table.power(TOLD, dict.fromkeys(TOLD.checks, 0.25))

    assert ("check", "kills", "milliseconds", "kills a second") == head
    assert any(int(kills) for _, kills, _, _ in rows)
    assert [(c, str(TOLD.kills(c)), "250.0", str(4 * TOLD.kills(c))) for c in TOLD.checks] == rows
