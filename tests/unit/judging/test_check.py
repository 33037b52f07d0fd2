"""Assignments as data: what is active, what is asked for, and how they are found."""

from dataclasses import replace

import pytest

from harness.judging.check import (
    Assignment,
    Check,
    Limits,
    Probe,
    available,
    find,
    programs_of,
    seed_of,
)
from harness.records.errors import UsageError
from support.graphs import graph

PROGRAM = graph((1.0,), "exp 0")


def check(name, points, *names):
    return Check(name, "", points, "", lambda seed: (), lambda *told: None, names)


LAB = Assignment(
    "lab",
    "Lab",
    (check("a", 5, "ag.Scalar", "ag.exp"), check("off", 0, "ag.log"), check("b", 2.5, "ag.exp")),
    probes=(Probe("p", PROGRAM, str, ("ag.relu", "ag.exp")),),
)


def test_names_are_asked_for_once_by_checks_and_probes_whatever_their_points():
    assert ["a", "b"] == [c.name for c in LAB.active]
    assert ("ag.Scalar", "ag.exp", "ag.log", "ag.relu") == LAB.names


def test_points_are_changed_by_name_and_nothing_else_is():
    other = LAB.with_points(off=3, a=0)

    assert [("off", 3), ("b", 2.5)] == [(c.name, c.points) for c in other.active]
    assert LAB.names == other.names
    assert [5, 0, 2.5] == [c.points for c in LAB.checks]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: LAB.with_points(a=1, c=1), 'lab has no check named "c"'),
        (lambda: find("latin"), r'no assignment "latin"; installed: .*mlp_training'),
    ],
    ids=["a check", "an assignment, with those that are installed"],
)
def test_what_is_not_there_is_refused(wrong, says):
    with pytest.raises(UsageError, match=says):
        wrong()


def test_limits_are_finite_by_default():
    limits = Limits()

    assert 0 < limits.seconds <= limits.training_seconds
    assert 0 < limits.megabytes < 1 << 20
    assert 0 < limits.output_megabytes < limits.megabytes


@pytest.mark.parametrize("name", ["scalar_autograd", "mlp_training"])
def test_an_assignment_of_the_lecture_is_worth_a_hundred_points_and_draws_by_seed(name):
    lab, seen = find(name), set()

    assert name in available()
    assert name == lab.name
    assert 100 == sum(c.points for c in lab.active)
    assert (lab.reverse is None) is (name == "mlp_training")
    for c in lab.checks:
        assert set(c.needs) <= seen
        assert c.name not in seen
        assert c.programs("577/x")
        assert c.programs("577/x") == c.programs("577/x")
        seen.add(c.name)


DRAWN = {
    "scalar_autograd": ("gradient_random", "order_random", "gradient_sessions", "relu_random"),
    "mlp_training": ("forward", "training_curve"),
}


@pytest.mark.parametrize("name", DRAWN)
def test_another_seed_draws_other_programs(name):
    checks = [c for c in find(name).checks if c.name in DRAWN[name]]

    assert len(DRAWN[name]) == len(checks)
    assert [] == [c.name for c in checks if c.programs("577/x") == c.programs("577/y")]


def test_checks_that_are_drawn_as_one_are_judged_by_the_same_programs_drawn_once():
    seeds = []

    def drawn(seed):
        seeds.append(seed)
        return (PROGRAM,)

    alone, *both = (replace(c, programs=drawn) for c in LAB.checks)
    first, second = (replace(c, drawn_as="both") for c in both)

    made = [programs_of(c, seed_of(c, LAB, "577")) for c in (alone, first, second)]
    assert ["577/lab/a", "577/lab/both"] == seeds
    assert made[1] is made[2]


def test_thorough_draws_again_and_keeps_what_no_seed_decides_once():
    def drawn(seed):
        return PROGRAM, graph((float(len(seed)),))

    lab = replace(LAB, checks=(replace(LAB.checks[0], programs=drawn),))
    once = lab.checks[0].programs("577")
    thrice, again = (lab.thorough(3).checks[0].programs("577") for _ in range(2))

    assert (once, 3) == (thrice[:2], len(thrice))
    assert thrice == again
