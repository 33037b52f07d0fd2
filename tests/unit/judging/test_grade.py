"""Verdicts to points: what blocks what, what counts, and what costs nothing."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.assignments.lecture6.dialect import AG
from harness.judging import grade
from harness.judging.check import Assignment, Check, Probe
from harness.records.handed_in import Source
from harness.records.known import AnswerKey
from harness.records.observation import Fault
from harness.records.program import Apply, Backward, Expression
from harness.records.verdict import Convention, Finding, Status, Verdict
from support.fake_engines import FakeOracles, FakeStudent, Pupil

PROGRAM = Expression((2.0, 3.0), (Apply("mul", (0, 1)), Backward(2)))
TIMEOUT = Fault("timeout", message="2")
PROBLEM = Finding("array_dtype", (("name", "x"),))
REFUSAL = Fault("raised", "NameError", "name 'x' is not defined", "ag.py", 1)


def check(name, problem=None, points=10.0, needs=(), **more):
    return Check(
        name, "2.B", points, "", lambda seed: (PROGRAM,), lambda *told: problem, needs=needs, **more
    )


def lab(*checks, **rules):
    return Assignment("lab", "Lab", checks, **rules)


def graded(*checks, student=None, oracles=None, **rules):
    return grade.grade(
        lab(*checks, **rules), student or FakeStudent(), oracles or FakeOracles(), "577"
    )


def marks(result):
    """What became of each check, by which right parts, and the points."""
    told = [" with ".join([v.status.value, *v.replaced]) for v in result.verdicts]
    return f"{', '.join(told)}: {result.points:g} of {result.out_of:g}"


def sums(result):
    return result.points, result.out_of


A, A_FAILS, OFF = check("a"), check("a", PROBLEM), check("off", PROBLEM, 0.0)
B, B_FAILS = (check("b", problem, needs=("a",)) for problem in (None, PROBLEM))
BONUS = check("c", points=4.0, bonus=True)
FREE = check("free", PROBLEM, needs=("a", "off"))
DISPUTED = replace(A, name="b", compare=lambda _, __, answers: answers.expected(PROGRAM))
STOPS = check("a", Fault("raised", "ValueError"))


@pytest.mark.parametrize(
    ("checks", "told"),
    [
        pytest.param((A,), "passed: 10 of 10", id="what passes counts"),
        pytest.param(
            (A, check("b", PROBLEM, 5.0), check("c", points=2.5)),
            "passed, failed, passed: 12.5 of 17.5",
            id="points are those of the checks that passed",
        ),
        pytest.param((A, OFF), "passed: 10 of 10", id="without points it is not run"),
        pytest.param((A_FAILS, B_FAILS), "failed, skipped: 0 of 20", id="one explains the other"),
        pytest.param(
            (A_FAILS, B), "failed, passed: 10 of 20", id="it passes for all its need fails"
        ),
        pytest.param((A, OFF, FREE), "passed, failed: 10 of 20", id="no need of it has failed"),
        pytest.param((STOPS, B), "faulted, passed: 10 of 20", id="its need stops in no time"),
        pytest.param((A, DISPUTED), "passed, inconclusive: 10 of 10", id="it is left out"),
    ],
)
def test_a_check_counts_by_its_own_verdict(checks, told):
    result = graded(*checks, oracles=FakeOracles(disputes=lambda program: True))
    asked = [c for c in checks if c.points]
    passed = [v.status is Status.PASSED for v in result.verdicts]

    assert told == marks(result)
    assert [v.points for v in result.verdicts] == [
        c.points * right for c, right in zip(asked, passed, strict=True)
    ]
    assert [c.name for c in asked] == [v.check for v in result.verdicts]
    assert result.passed is told.startswith("passed:")


def test_a_grade_says_whose_it_is_and_each_check_has_a_seed_of_its_own():
    seeds = []
    draws = {"programs": lambda seed: seeds.append(seed) or (PROGRAM,)}
    result = graded(replace(A, **draws), replace(B, **draws))

    assert ("ada", "d1") == (result.submission, result.digest)
    assert ("lab", "577", "") == (result.assignment, result.seed, result.unreadable)
    assert ["577/lab/a", "577/lab/b"] == seeds


@pytest.mark.parametrize(
    ("first", "later", "ran"), [(PROBLEM, PROBLEM, True), (TIMEOUT, None, False)]
)
def test_what_blocks_a_blocked_check_is_told_and_it_is_not_run_after_a_timeout(first, later, ran):
    student = FakeStudent()
    checks = (
        check("a", first),
        check("b", later, needs=("a",)),
        check("c", later, needs=("b", "a")),
    )
    _, *blocked = graded(*checks, student=student).verdicts

    assert ran is (1 < len(student.engine.ran))
    assert [(Status.SKIPPED, ("a",), None, None)] * 2 == [
        (v.status, v.blocked_by, v.problem, v.program) for v in blocked
    ]


@pytest.mark.parametrize("own", ["missing", "not_written"])
def test_what_is_missing_or_not_written_is_told_even_where_a_need_fails(own):
    problem = Finding(own, (("names", "ag.exp"), ("functions", "exp")))

    assert problem == graded(A_FAILS, check("b", problem, needs=("a",))).verdicts[1].problem


def test_a_module_that_stops_while_it_is_loaded_faults_every_check_and_has_no_conventions():
    result = graded(A, B, student=FakeStudent(refusal=REFUSAL), probes=(_probe(),))

    assert "faulted, faulted: 0 of 20" == marks(result)
    assert ("", ()) == (result.unreadable, result.conventions)


@pytest.mark.parametrize(("rules", "out_of"), [({}, 20.0), ({"total": 50.0}, 50.0)])
def test_an_unreadable_submission_fails_one_verdict_with_the_reason(rules, out_of):
    result = grade.unreadable(lab(A, OFF, B, BONUS, **rules), "ada", "ag.py: is empty", "577")

    assert ("ada", "lab", "577") == (result.submission, result.assignment, result.seed)
    assert (f"failed: 0 of {out_of:g}", False) == (marks(result), result.passed)
    assert [(0.0, out_of)] == [sums(verdict) for verdict in result.verdicts]
    assert Finding("unreadable", (("reason", result.unreadable),)) == result.verdicts[0].problem
    assert "ag.py: is empty" == result.unreadable


def _probe(names=()):
    return Probe("sign", PROGRAM, lambda seen: str(seen.get("value").values[2]), names)


def test_a_probe_of_what_is_there_reads_a_convention_that_costs_nothing():
    probes = (_probe(("ag.exp",)), _probe(("ag.log",)))
    result = graded(A, probes=probes, student=FakeStudent(missing=("ag.exp",)))

    assert ((Convention("sign", "6.0"),), 10.0) == (result.conventions, result.out_of)


# --- one mistake costs once -----------------------------------------------------------------

KEY = AnswerKey(Source("key.py", ""))
FACTORS = {"sort": 2.0, "mul": 3.0}


def engine(*wrong):
    """An engine whose product is off by a factor for each part that is wrong in it."""
    factor = 1.0
    for part in wrong:
        factor *= FACTORS[part]
    return Pupil(value_factor={"mul": factor})


def student(*wrong, **more):
    """A student with wrong parts, who is right in each that is replaced, and in all of ag."""
    pupil = FakeStudent(engine(*wrong), **more)
    for parts in (("sort",), ("mul",), ("sort", "mul")):
        pupil.right[parts] = FakeStudent(engine(*(part for part in wrong if part not in parts)))
    pupil.right[("ag",)] = FakeStudent(engine())
    return pupil


def sensitive(name, to, own, **more):
    """A check that fails where any of some parts is wrong."""

    def compare(program, actual, answers):
        if actual.fault is not None:
            return actual.fault
        factor = actual.get("value").values[2] / 6.0 if program == PROGRAM else 1.0
        return PROBLEM if any(factor % FACTORS[part] == 0.0 for part in to) else None

    return Check(name, "2.B", 10.0, "", lambda seed: (PROGRAM,), compare, own=own, **more)


def sat(checks, student, **more):
    return graded(*checks, student=student, answer_key=KEY, dialect=AG, **more)


SORTED = sensitive("sorted", ("sort",), ("sort",))
PRODUCT = sensitive("product", ("sort", "mul"), ("mul",))
NEEDING = replace(PRODUCT, needs=("sorted",))
AGAIN, LAST = replace(SORTED, name="again"), sensitive("last", ("mul",), ("backward",))
WHOLLY = replace(PRODUCT, stubs=("sort",))
THREE, MUL_BLAMED = (SORTED, PRODUCT, LAST), "failed, failed, credited with mul: 10 of 30"
BOTH, STRICT, ABOUT = (SORTED, PRODUCT), {"strict": True}, {"foundation": ("ag",)}


@pytest.mark.parametrize(
    ("checks", "wrong", "rules", "told"),
    [
        pytest.param(BOTH, "sort", {}, "failed, credited with sort: 10 of 20", id="right parts"),
        pytest.param(BOTH, "sort mul", {}, "failed, failed: 0 of 20", id="wrong by itself"),
        pytest.param((SORTED, AGAIN), "sort", {}, "failed, failed: 0 of 20", id="its own parts"),
        pytest.param((PRODUCT,), "sort", {}, "failed: 0 of 10", id="nothing failed before"),
        pytest.param(THREE, "sort mul", {}, MUL_BLAMED, id="only the parts that matter are blamed"),
        pytest.param((SORTED, WHOLLY), "sort", {}, "failed, failed: 0 of 20", id="none is left"),
        pytest.param(BOTH, "sort", STRICT, "failed, skipped with sort: 0 of 20", id="strict"),
        pytest.param((PRODUCT,), "sort", ABOUT, "credited with ag: 10 of 10", id="a foundation"),
    ],
)
def test_a_check_that_passes_with_right_parts_is_credited_and_names_them(
    checks, wrong, rules, told
):
    result = sat(checks, student(*wrong.split()), **rules)

    assert told == marks(result)
    assert all((v.problem is None) is (v.status is not Status.FAILED) for v in result.verdicts)
    assert not result.passed


MISFIT = Pupil(raises=Fault("raised", "TypeError", "inputs", "answer key", 3))


@pytest.mark.parametrize(
    ("second", "right", "told"),
    [
        (PRODUCT, MISFIT, "failed"),
        (NEEDING, MISFIT, "skipped"),
        (PRODUCT, engine("mul"), "failed"),
    ],
)
def test_parts_that_do_not_fit_or_of_which_some_stay_wrong_change_nothing(second, right, told):
    ours = student("sort", "mul")
    ours.right = {("sort",): FakeStudent(right)}

    assert f"failed, {told}: 0 of 20" == marks(sat((SORTED, second), ours))


@pytest.mark.parametrize(
    ("own", "told"), [("backward", "failed: 0"), ("mul", "credited with sort: 10")]
)
def test_what_the_starter_gives_earns_nothing_while_its_needs_are_not_written(own, told):
    checks = (replace(SORTED, stubs=("sort",)), replace(PRODUCT, stubs=("sort", own)))
    result = sat(checks, student("sort", unwritten=("sort",)), given=frozenset({"backward"}))

    assert f"failed, {told} of 20" == marks(result)
    assert {"not_written"} == {v.problem.kind for v in result.verdicts if v.problem}


def test_what_hangs_is_judged_with_a_right_part_and_never_again_as_it_stands():
    hanging = student()
    hanging.engine = Pupil(raises=TIMEOUT)

    assert "faulted, credited with sort: 10 of 20" == marks(sat((SORTED, NEEDING), hanging))
    assert 1 == len(hanging.engine.ran)


# --- how much a student is told -------------------------------------------------------------

EVERYTHING = (SORTED, PRODUCT, replace(SORTED, name="other", exercise="2.C"))
HIDING = (SORTED, replace(PRODUCT, hidden=True))


def told_at(depth, checks=EVERYTHING):
    """What is told of a grade at a depth, and the grade."""
    whole = sat(checks, student("mul"))
    return grade.within_feedback(whole, depth), whole


EACH = ["sorted", "product", "other"]


@pytest.mark.parametrize(
    ("depth", "names", "problems"),
    [
        ("none", ["everything"], {None}),
        ("exercise", ["2.B", "2.C"], {None}),
        ("sentence", EACH, {None, PROBLEM}),
        ("program", EACH, {None, PROBLEM}),
    ],
)
def test_each_depth_tells_more_than_the_one_before_and_the_same_points(depth, names, problems):
    told, whole = told_at(depth)

    assert names == [v.check for v in told.verdicts]
    assert problems == {v.problem for v in told.verdicts}
    assert (told == whole) is (depth == "program")
    assert told == whole or {None} == {v.program for v in told.verdicts}
    assert (20.0, 30.0, False) == (*sums(told), told.passed)
    assert (20.0, 30.0) == tuple(map(sum, zip(*map(sums, told.verdicts), strict=True)))


def test_of_a_hidden_check_only_the_counts_are_told():
    told, whole = told_at("program", HIDING)
    (shown, hidden), (first, ours) = told.verdicts, whole.verdicts

    assert (told, whole) == told_at("program", HIDING)  # and the same again
    assert (first, PROBLEM, PROGRAM) == (shown, ours.problem, ours.program)
    assert replace(ours, problem=None, program=None, diagnosis=(), evidence=None) == hidden
    assert (True, Status.FAILED) == (hidden.hidden, hidden.status)
    assert (1, 1, 10.0) == (hidden.failed, hidden.tried, hidden.out_of)


@pytest.mark.parametrize("depth", grade.FEEDBACK)
def test_a_seed_that_says_what_is_hidden_is_not_told(depth):
    unread = grade.unreadable(lab(replace(SORTED, hidden=True)), "ada", "ag.py: is empty", "577")

    assert grade.NOT_TOLD == told_at(depth, HIDING)[0].seed
    assert grade.NOT_TOLD == grade.within_feedback(unread, depth).seed
    assert "577" == told_at(depth)[0].seed


def test_no_assignment_tells_the_seed_that_hides_a_check_of_another():
    hides, shows = (told_at("program", checks)[0] for checks in (HIDING, (SORTED,)))

    assert {grade.NOT_TOLD} == {each.seed for each in grade.once([hides, shows])}
    assert ["577"] == [each.seed for each in grade.once([shows])]


# --- bonus, cap and total -------------------------------------------------------------------


CUT = {"cap": 12.0, "total": 50.0}


@pytest.mark.parametrize(
    ("checks", "rules", "points", "rows"),
    [
        ((A, BONUS), {}, (14.0, 10.0), [(10.0, 10.0), (4.0, 0.0)]),
        ((A, FREE, BONUS), CUT, (30.0, 50.0), [(25.0, 25.0), (0.0, 25.0), (10.0, 0.0)]),
    ],
    ids=["a bonus adds no points that there are", "a cap cuts before the total scales"],
)
def test_a_rubrics_rules_make_the_sum(checks, rules, points, rows):
    result = graded(*checks, **rules)
    (row,) = grade.within_feedback(result, "none").verdicts

    assert points == sums(result) == sums(row)
    assert rows == [sums(verdict) for verdict in result.verdicts]


def test_a_check_that_the_oracles_dispute_leaves_a_scaled_sum_too():
    passed = Verdict("a", "2.B", Status.PASSED, 10.0, 10.0)
    disputed = Verdict("b", "2.B", Status.INCONCLUSIVE)

    assert (25.0, 25.0) == grade.settle(lab(A, B, total=50.0), (passed, disputed))


POINTS = st.floats(0.25, 100.0)
OUTCOMES = st.lists(st.tuples(POINTS, st.booleans(), st.booleans()), min_size=1, max_size=8)


def sheet(outcomes, **rules):
    """An assignment and the verdicts on it, from (points, passed, bonus)."""
    checks = [check(f"c{k}", points=p, bonus=b) for k, (p, _, b) in enumerate(outcomes)]
    verdicts = [
        Verdict(f"c{k}", "2.B", Status.PASSED if passed else Status.FAILED, p * passed, p)
        for k, (p, passed, _) in enumerate(outcomes)
    ]
    return lab(*checks, **rules), tuple(verdicts)


@given(OUTCOMES, POINTS)
def test_points_are_summed_and_never_above_the_cap(outcomes, cap):
    ruled, verdicts = sheet([(p, passed, False) for p, passed, _ in outcomes])
    points, out_of = grade.settle(*sheet(outcomes, cap=cap))

    assert grade.settle(ruled, verdicts) == (
        sum(verdict.points for verdict in verdicts),
        sum(verdict.out_of for verdict in verdicts),
    )
    assert 0 <= points <= cap
    assert 0 <= out_of
    assert all(number >= 0 for number in grade.settle(*sheet(outcomes)))


@given(OUTCOMES, POINTS)
def test_the_total_is_what_all_but_the_bonus_are_worth(outcomes, total):
    outcomes = [(5.0, True, False), *outcomes]
    ruled, verdicts = sheet(outcomes, total=total)
    points, out_of = grade.settle(ruled, verdicts)
    before, worth = grade.settle(*sheet(outcomes))

    assert total == pytest.approx(out_of)
    assert points / out_of == pytest.approx(before / worth)
    assert out_of == pytest.approx(sum(grade.worth(ruled, c) for c in ruled.checks))


@given(OUTCOMES, st.none() | POINTS, st.none() | POINTS)
def test_one_more_check_that_passes_never_costs_points(outcomes, cap, total):
    ruled, verdicts = sheet(outcomes, cap=cap, total=total)
    _, better = sheet([(p, True, bonus) for p, _, bonus in outcomes])

    assert grade.settle(ruled, verdicts)[0] <= grade.settle(ruled, better)[0]
