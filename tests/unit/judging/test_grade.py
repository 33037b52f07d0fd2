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


def check(name, problem=None, points=10.0, needs=(), **more):
    return Check(
        name, "2.B", points, "", lambda seed: (PROGRAM,), lambda *told: problem, needs=needs, **more
    )


def graded(*checks, student=None, oracles=None, probes=()):
    assignment = Assignment("lab", "Lab", checks, probes=probes)
    return grade.grade(assignment, student or FakeStudent(), oracles or FakeOracles(), "577")


def statuses(result):
    return [verdict.status.value for verdict in result.verdicts]


def test_points_are_those_of_the_checks_that_passed():
    result = graded(check("a"), check("b", PROBLEM, 5.0), check("c", points=2.5))

    assert (12.5, 17.5) == (result.points, result.out_of)
    assert ["passed", "failed", "passed"] == statuses(result)
    assert [10.0, 0.0, 2.5] == [verdict.points for verdict in result.verdicts]
    assert not result.passed


def test_a_grade_says_whose_it_is_and_by_which_seed():
    result = graded(check("a"))

    assert ("ada", "d1", "lab", "577") == (
        result.submission,
        result.digest,
        result.assignment,
        result.seed,
    )
    assert result.passed


def test_a_check_without_points_is_not_run():
    assert ["a"] == [v.check for v in graded(check("a"), check("b", PROBLEM, 0.0)).verdicts]


def test_each_check_has_a_seed_of_its_own():
    seeds = []
    checks = [
        Check(name, "", 1.0, "", lambda seed: seeds.append(seed) or (PROGRAM,), lambda *told: None)
        for name in ("a", "b")
    ]
    graded(*checks)

    assert ["577/lab/a", "577/lab/b"] == seeds


def test_a_failure_that_another_failure_explains_is_not_judged_by_itself():
    result = graded(check("a", PROBLEM), check("b", PROBLEM, needs=("a",)))
    second = result.verdicts[1]

    assert ["failed", "skipped"] == statuses(result)
    assert (("a",), None, None) == (second.blocked_by, second.problem, second.program)
    assert (0.0, 20.0) == (result.points, result.out_of)


def test_a_check_that_passes_counts_even_where_what_it_needs_fails():
    result = graded(check("a", PROBLEM), check("b", needs=("a",)))

    assert ["failed", "passed"] == statuses(result)
    assert 10.0 == result.points


def test_what_blocks_a_blocked_check_is_told_and_not_the_blocked_check():
    result = graded(
        check("a", PROBLEM),
        check("b", PROBLEM, needs=("a",)),
        check("c", PROBLEM, needs=("b", "a")),
    )

    assert ("a",) == result.verdicts[2].blocked_by


def test_a_need_that_passed_or_was_not_run_blocks_nothing():
    result = graded(check("a"), check("off", PROBLEM, 0.0), check("b", PROBLEM, needs=("a", "off")))

    assert ["passed", "failed"] == statuses(result)


@pytest.mark.parametrize("own", ["missing", "not_written"])
def test_what_is_missing_or_not_written_is_told_even_where_a_need_fails(own):
    problem = Finding(own, (("names", "ag.exp"), ("functions", "exp")))
    result = graded(check("a", PROBLEM), check("b", problem, needs=("a",)))

    assert problem == result.verdicts[1].problem


def test_after_a_timeout_what_needs_it_is_not_run():
    student = FakeStudent()
    result = graded(
        check("a", TIMEOUT),
        check("b", needs=("a",)),
        check("c", needs=("b",)),
        student=student,
    )

    assert ["faulted", "skipped", "skipped"] == statuses(result)
    assert [("a",), ("a",)] == [verdict.blocked_by for verdict in result.verdicts[1:]]
    assert 1 == len(student.engine.ran)


def test_another_fault_does_not_keep_what_needs_it_from_running():
    result = graded(check("a", Fault("raised", "ValueError")), check("b", needs=("a",)))

    assert ["faulted", "passed"] == statuses(result)


def test_an_inconclusive_check_leaves_the_sum_on_both_sides():
    result = graded(check("a"), oracles=FakeOracles(disputes=lambda program: True))
    assert ["passed"] == statuses(result)

    def ask(program, actual, answers):
        answers.expected(program)

    asking = Check("b", "", 7.0, "", lambda seed: (PROGRAM,), ask)
    result = graded(check("a"), asking, oracles=FakeOracles(disputes=lambda program: True))

    assert ["passed", "inconclusive"] == statuses(result)
    assert (10.0, 10.0) == (result.points, result.out_of)


def test_a_module_that_stops_while_it_is_loaded_faults_every_check():
    refusal = Fault("raised", "NameError", "name 'x' is not defined", "ag.py", 1)
    result = graded(check("a"), check("b", needs=("a",)), student=FakeStudent(refusal=refusal))

    assert ["faulted", "faulted"] == statuses(result)
    assert (0.0, 20.0) == (result.points, result.out_of)
    assert "" == result.unreadable


def test_an_unreadable_submission_fails_one_verdict_with_the_reason():
    assignment = Assignment("lab", "Lab", (check("a"), check("off", points=0.0), check("b")))
    result = grade.unreadable(assignment, "ada", "ag.py: is empty", "577")

    assert ("ada", "lab", "577", "ag.py: is empty") == (
        result.submission,
        result.assignment,
        result.seed,
        result.unreadable,
    )
    assert (0.0, 20.0) == (result.points, result.out_of)
    assert [Status.FAILED] == [verdict.status for verdict in result.verdicts]
    assert Finding("unreadable", (("reason", "ag.py: is empty"),)) == result.verdicts[0].problem
    assert not result.passed


def _probe(names=()):
    return Probe("sign", PROGRAM, lambda seen: str(seen.get("value").values[2]), names)


def test_a_convention_is_what_a_probe_read_and_costs_nothing():
    result = graded(check("a"), probes=(_probe(),))

    assert (Convention("sign", "6.0"),) == result.conventions
    assert 10.0 == result.out_of


def test_a_probe_of_what_is_missing_is_left_out():
    student = FakeStudent(missing=("ag.exp",))
    result = graded(check("a"), probes=(_probe(("ag.exp",)), _probe(("ag.log",))), student=student)

    assert 1 == len(result.conventions)


def test_a_module_that_cannot_be_loaded_has_no_conventions():
    refusal = Fault("raised", "NameError")
    result = graded(check("a"), probes=(_probe(),), student=FakeStudent(refusal=refusal))

    assert () == result.conventions


def test_the_same_student_gets_the_same_grade():
    checks = (check("a"), check("b", PROBLEM))

    assert graded(*checks, student=FakeStudent(Pupil())).verdicts == (
        graded(*checks, student=FakeStudent(Pupil())).verdicts
    )


# --- one mistake costs once -----------------------------------------------------------------

KEY = AnswerKey(Source("key.py", ""))


FACTORS = {"sort": 2.0, "mul": 3.0}


def engine(*wrong):
    """An engine whose product is off by a factor for each part that is wrong in it."""
    factor = 1.0
    for part in wrong:
        factor *= FACTORS[part]
    return Pupil(value_factor={"mul": factor})


def sensitive(name, to, own, **more):
    """A check that fails where any of some parts is wrong."""

    def compare(program, actual, answers):
        if actual.fault is not None:
            return actual.fault
        factor = actual.get("value").values[2] / 6.0 if program == PROGRAM else 1.0
        return PROBLEM if any(factor % FACTORS[part] == 0.0 for part in to) else None

    return Check(name, "2.B", 10.0, "", lambda seed: (PROGRAM,), compare, own=own, **more)


def sat(checks, student, **more):
    assignment = Assignment("lab", "Lab", checks, answer_key=KEY, dialect=AG, **more)
    return grade.grade(assignment, student, FakeOracles(), "577")


SORTED = sensitive("sorted", ("sort",), ("sort",))
PRODUCT = sensitive("product", ("sort", "mul"), ("mul",))


def test_a_check_that_passes_with_right_parts_is_credited_and_names_them():
    student = FakeStudent(engine("sort"))
    student.right = {("sort",): FakeStudent(engine())}
    result = sat((SORTED, PRODUCT), student)

    assert ["failed", "credited"] == statuses(result)
    assert (("sort",), 10.0, 20.0) == (result.verdicts[1].replaced, result.points, result.out_of)
    assert result.verdicts[1].problem is None
    assert not result.passed


def test_a_check_that_fails_all_the_same_is_wrong_by_itself():
    student = FakeStudent(engine("sort", "mul"))
    student.right = {("sort",): FakeStudent(engine("mul"))}
    result = sat((SORTED, PRODUCT), student)

    assert ["failed", "failed"] == statuses(result)
    assert 0.0 == result.points


def test_a_check_is_never_judged_with_its_own_parts_replaced():
    again = sensitive("again", ("sort",), ("sort",))
    student = FakeStudent(engine("sort"))
    student.right = {("sort",): FakeStudent(engine())}
    result = sat((SORTED, again), student)

    assert ["failed", "failed"] == statuses(result)


def test_where_nothing_failed_before_nothing_is_replaced():
    student = FakeStudent(engine("sort"))
    student.right = {("sort",): FakeStudent(engine())}

    assert ["failed"] == statuses(sat((PRODUCT,), student))


def test_strict_counts_the_submission_as_it_stands():
    student = FakeStudent(engine("sort"))
    student.right = {("sort",): FakeStudent(engine())}
    result = sat((SORTED, PRODUCT), student, strict=True)

    assert ["failed", "skipped"] == statuses(result)
    assert (("sort",), 0.0) == (result.verdicts[1].replaced, result.points)


def test_only_the_parts_that_matter_are_blamed():
    student = FakeStudent(engine("sort", "mul"))
    student.right = {
        ("sort",): FakeStudent(engine("mul")),
        ("mul",): FakeStudent(engine("sort")),
        ("sort", "mul"): FakeStudent(engine()),
    }
    last = sensitive("last", ("mul",), ("backward",))
    result = sat((SORTED, PRODUCT, last), student)

    assert ["failed", "failed", "credited"] == statuses(result)
    assert ("mul",) == result.verdicts[2].replaced


def test_a_wrong_foundation_costs_nothing_here():
    student = FakeStudent(engine("sort"))
    student.right = {("ag",): FakeStudent(engine())}
    result = sat((PRODUCT,), student, foundation=("ag",))

    assert ["credited"] == statuses(result)
    assert (("ag",), 10.0) == (result.verdicts[0].replaced, result.points)


def test_parts_that_do_not_fit_the_students_change_nothing():
    misfit = FakeStudent(Pupil(raises=Fault("raised", "TypeError", "inputs", "answer key", 3)))
    student = FakeStudent(engine("sort"))
    student.right = {("sort",): misfit}
    needing = replace(PRODUCT, needs=("sorted",))

    assert ["failed", "failed"] == statuses(sat((SORTED, PRODUCT), student))
    assert ["failed", "skipped"] == statuses(sat((SORTED, needing), student))


def test_what_the_starter_gives_earns_nothing_while_its_needs_are_not_written():
    student = FakeStudent(engine("sort"), unwritten=("sort",))
    student.right = {("sort",): FakeStudent(engine())}
    sorting = replace(SORTED, stubs=("sort",))
    given = replace(PRODUCT, stubs=("sort", "backward"))
    written = replace(PRODUCT, stubs=("sort", "mul"))

    result = sat((sorting, given), student, given=frozenset({"backward"}))
    assert ["not_written", "not_written"] == [v.problem.kind for v in result.verdicts]

    result = sat((sorting, written), student, given=frozenset({"backward"}))
    assert ["failed", "credited"] == statuses(result)


def test_where_every_part_of_a_check_is_replaced_nothing_is_left_to_credit():
    student = FakeStudent(engine("sort"))
    student.right = {("sort",): FakeStudent(engine())}
    result = sat((SORTED, replace(PRODUCT, stubs=("sort",))), student)

    assert ["failed", "failed"] == statuses(result)


def test_what_hangs_is_judged_with_a_right_part_and_never_again_as_it_stands():
    hanging = FakeStudent(Pupil(raises=TIMEOUT))
    hanging.right = {("sort",): FakeStudent(engine())}
    result = sat((SORTED, replace(PRODUCT, needs=("sorted",))), hanging)

    assert ["faulted", "credited"] == statuses(result)
    assert 1 == len(hanging.engine.ran)


# --- how much a student is told -------------------------------------------------------------


def everything():
    student = FakeStudent(engine("mul"))
    return sat((SORTED, PRODUCT, replace(SORTED, name="other", exercise="2.C")), student)


@pytest.mark.parametrize("depth", grade.FEEDBACK)
def test_the_points_are_the_same_however_much_is_told(depth):
    told = grade.within_feedback(everything(), depth)

    assert (20.0, 30.0) == (told.points, told.out_of)
    assert (20.0, 30.0) == (
        sum(v.points for v in told.verdicts),
        sum(v.out_of for v in told.verdicts),
    )
    assert not told.passed


def test_each_depth_tells_more_than_the_one_before():
    none, exercise, sentence, program = (
        grade.within_feedback(everything(), d) for d in grade.FEEDBACK
    )

    assert ["everything"] == [v.check for v in none.verdicts]
    assert ["2.B", "2.C"] == [v.check for v in exercise.verdicts]
    assert [None] == [v.problem for v in none.verdicts]
    assert [(PROBLEM, None)] == [(v.problem, v.program) for v in sentence.verdicts if v.problem]
    assert everything() == program


def test_of_a_hidden_check_only_the_counts_are_told():
    graded = sat((SORTED, replace(PRODUCT, hidden=True)), FakeStudent(engine("mul")))
    ours, told = graded.verdicts[1], grade.within_feedback(graded, "program").verdicts[1]

    assert (PROBLEM, PROGRAM) == (ours.problem, ours.program)
    assert replace(ours, problem=None, program=None, diagnosis=(), evidence=None) == told
    assert (True, Status.FAILED, 1, 1, 10.0) == (
        told.hidden,
        told.status,
        told.failed,
        told.tried,
        told.out_of,
    )
    assert graded.verdicts[0] == grade.within_feedback(graded, "program").verdicts[0]


@pytest.mark.parametrize("depth", grade.FEEDBACK)
def test_a_seed_that_says_what_is_hidden_is_not_told(depth):
    secret = sat((SORTED, replace(PRODUCT, hidden=True)), FakeStudent(engine("mul")))
    lab = Assignment("lab", "Lab", (replace(SORTED, hidden=True),))
    unread = grade.unreadable(lab, "ada", "ag.py: is empty", "577")

    assert [grade.NOT_TOLD] * 2 == [grade.within_feedback(g, depth).seed for g in (secret, unread)]
    assert "577" == grade.within_feedback(everything(), depth).seed


def test_no_assignment_tells_the_seed_that_hides_a_check_of_another():
    hides, shows = (sat((replace(SORTED, hidden=h),), FakeStudent(engine("mul"))) for h in (1, 0))
    told = grade.once(grade.within_feedback(each, "program") for each in (hides, shows))

    assert [grade.NOT_TOLD] * 2 == [each.seed for each in told]
    assert [shows.seed] == [each.seed for each in grade.once([shows])]


# --- bonus, cap and total -------------------------------------------------------------------


def rubric(*checks, **rules):
    return Assignment("lab", "Lab", checks, **rules)


def test_a_bonus_adds_to_the_points_and_not_to_the_points_there_are():
    result = grade.grade(
        rubric(check("a"), check("b", points=2.0, bonus=True)),
        FakeStudent(),
        FakeOracles(),
        "577",
    )

    assert (12.0, 10.0) == (result.points, result.out_of)
    assert [(10.0, 10.0), (2.0, 0.0)] == [(v.points, v.out_of) for v in result.verdicts]


def test_a_cap_cuts_before_the_total_scales():
    lab = rubric(
        check("a"), check("b", PROBLEM), check("c", points=4.0, bonus=True), cap=12.0, total=50.0
    )
    result = grade.grade(lab, FakeStudent(), FakeOracles(), "577")

    assert (30.0, 50.0) == (result.points, result.out_of)
    assert [(25.0, 25.0), (0.0, 25.0), (10.0, 0.0)] == [
        (v.points, v.out_of) for v in result.verdicts
    ]
    (row,) = grade.within_feedback(result, "none").verdicts
    assert (30.0, 50.0) == (row.points, row.out_of)


def test_what_cannot_be_read_is_out_of_the_total_too():
    lab = rubric(check("a"), check("b", points=5.0, bonus=True), total=50.0)
    result = grade.unreadable(lab, "ada", "ag.py: is empty", "577")

    assert (0.0, 50.0) == (result.points, result.out_of)
    assert [50.0] == [verdict.out_of for verdict in result.verdicts]


def test_a_check_that_the_oracles_dispute_leaves_a_scaled_sum_too():
    lab = rubric(check("a"), check("b"), total=50.0)
    verdicts = (
        Verdict("a", "2.B", Status.PASSED, 10.0, 10.0),
        Verdict("b", "2.B", Status.INCONCLUSIVE),
    )

    assert (25.0, 25.0) == grade.settle(lab, verdicts)


POINTS = st.floats(0.25, 100.0)
OUTCOMES = st.lists(st.tuples(POINTS, st.booleans(), st.booleans()), min_size=1, max_size=8)


def sheet(outcomes, **rules):
    """An assignment and the verdicts on it, from (points, passed, bonus)."""
    checks = [check(f"c{k}", points=p, bonus=b) for k, (p, _, b) in enumerate(outcomes)]
    verdicts = [
        Verdict(f"c{k}", "2.B", Status.PASSED if passed else Status.FAILED, p * passed, p)
        for k, (p, passed, _) in enumerate(outcomes)
    ]
    return rubric(*checks, **rules), tuple(verdicts)


@given(OUTCOMES)
def test_without_rules_points_are_summed(outcomes):
    lab, verdicts = sheet([(p, passed, False) for p, passed, _ in outcomes])

    assert (
        sum(verdict.points for verdict in verdicts),
        sum(verdict.out_of for verdict in verdicts),
    ) == grade.settle(lab, verdicts)


@given(OUTCOMES, st.none() | POINTS)
def test_points_are_never_negative_nor_above_the_cap(outcomes, cap):
    points, out_of = grade.settle(*sheet(outcomes, cap=cap))

    assert 0 <= points <= (float("inf") if cap is None else cap)
    assert 0 <= out_of


@given(OUTCOMES, POINTS)
def test_the_total_is_what_all_but_the_bonus_are_worth(outcomes, total):
    lab, verdicts = sheet([(5.0, True, False), *outcomes], total=total)
    plain, _ = sheet([(5.0, True, False), *outcomes])
    points, out_of = grade.settle(lab, verdicts)
    before = grade.settle(plain, verdicts)

    assert total == pytest.approx(out_of)
    assert points / out_of == pytest.approx(before[0] / before[1])
    assert out_of == pytest.approx(sum(grade.worth(lab, c) for c in lab.checks))


@given(OUTCOMES, st.none() | POINTS, st.none() | POINTS)
def test_one_more_check_that_passes_never_costs_points(outcomes, cap, total):
    lab, verdicts = sheet(outcomes, cap=cap, total=total)
    _, better = sheet([(p, True, bonus) for p, _, bonus in outcomes])

    assert grade.settle(lab, verdicts)[0] <= grade.settle(lab, better)[0]
