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


def test_names_are_asked_for_once_and_points_are_changed_by_name_alone():
    other = LAB.with_points(off=3, a=0)

    assert ["a", "b"] == [c.name for c in LAB.active]
    assert ("ag.Scalar", "ag.exp", "ag.log", "ag.relu") == LAB.names == other.names
    assert [("off", 3), ("b", 2.5)] == [(c.name, c.points) for c in other.active]
    assert [5, 0, 2.5] == [c.points for c in LAB.checks]


def test_a_check_and_an_assignment_that_are_not_there_are_refused():
    with pytest.raises(UsageError, match='lab has no check named "c"'):
        LAB.with_points(a=1, c=1)
    with pytest.raises(UsageError, match=r'no assignment "latin"; installed: .*mlp_training'):
        find("latin")


def test_limits_are_finite_by_default():
    limits = Limits()

    assert 0 < limits.seconds <= limits.training_seconds
    assert 0 < limits.output_megabytes < limits.megabytes < 1 << 20


SEEDED = {
    "scalar_autograd": ("gradient_random", "order_random", "gradient_sessions", "relu_random"),
    "mlp_training": ("forward", "training_curve"),
}


@pytest.mark.parametrize("name", SEEDED)
def test_an_assignment_of_the_lecture_is_worth_a_hundred_points_and_draws_by_seed(name):
    lab, seen = find(name), set()

    assert name in available()
    assert name == lab.name
    assert 100 == sum(c.points for c in lab.active)
    assert (lab.reverse is None) is (name == "mlp_training")
    for c in lab.checks:
        assert set(c.needs) <= seen
        assert c.name not in seen
        drawn, again = (c.programs("577/x") for _ in range(2))
        assert drawn
        assert drawn == again
        assert c.name not in SEEDED[name] or drawn != c.programs("577/y")
        seen.add(c.name)
    assert seen >= set(SEEDED[name])


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
