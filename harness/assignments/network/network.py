"""scalar_network: neurons, layers and networks on an engine, as they are found in a module."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from harness.assignments.engine.dialects import FULL, MICROGRAD
from harness.assignments.network import programs
from harness.judging import compare
from harness.judging import training as judged
from harness.judging.check import Assignment, Check
from harness.records.dialect import RUN, Dialect, Network
from harness.records.engine import Answers
from harness.records.observation import Observation
from harness.records.program import Call, Expression, Program
from harness.records.verdict import Problem

ARITHMETIC = "arithmetic"
"""By whose word a network of stated sizes has so many parameters."""
ZEROING = "zeroing"
"""By whose word a gradient is 0."""


def counted(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    """A list of parameters that is too short or too long, or has one twice."""
    assert isinstance(program, Call), "a network is called"
    if actual.fault is not None:
        return actual.fault
    wanted = program.argument("size")
    spelled = (("size", "len(parameters)"), ("distinct", "len({id(p) for p in parameters})"))
    wrong = (compare.stated(actual, name, [text], wanted, ARITHMETIC) for name, text in spelled)
    return next((problem for problem in wrong if problem is not None), None)


def followed(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    """What does not follow from the parameters that the student's own network has."""
    assert isinstance(program, Call), "a network is called"
    if actual.fault is not None:
        return actual.fault
    own = _own(program, actual)
    parameters = own.argument("parameters")
    names = tuple(f"parameters[{i}]" for i in range(len(parameters)))
    huge = judged.exploded(parameters, names)
    return huge or compare.call("prediction", "grad")(own, actual, answers)


def _own(program: Call, actual: Observation) -> Call:
    """The same call from the parameters that were seen before it."""
    before, stated = actual.get("before"), program.argument("parameters")
    if before is None or len(before.values) != len(stated) or None in before.values:
        return program
    numbers = actual.numbers("before")
    tape = Expression((*numbers, *program.tape.leaves[len(stated) :]), program.tape.steps)
    arguments = tuple(
        (name, numbers if name == "parameters" else told) for name, told in program.arguments
    )
    return replace(program, arguments=arguments, tape=tape)


def zeroed(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    """The first gradient that is not 0."""
    assert isinstance(program, Call), "a network is called"
    if actual.fault is not None:
        return actual.fault
    count = len(program.argument("parameters"))
    spelled = list(program.traced[0].subjects)
    return compare.stated(actual, "grad", spelled, (0.0,) * count, ZEROING)


Draw = Callable[[str, Dialect], tuple[Program, ...]]
DRAWS: dict[str, Draw] = {
    "parameters": lambda seed, dialect: programs.counted(dialect),
    "forward": programs.forwards,
    "gradients": programs.walks,
    "zero_grad": programs.zeroings,
    "training": programs.trainings,
}
"""For each check, its programs in a dialect."""
FOLLOWING = ("forward", "gradients", "zero_grad", "training")
"""The checks for which one must know what a network computes."""


@lru_cache(maxsize=64)
def _fitted(base: Assignment, dialect: Dialect) -> Assignment:
    """The checks for the networks that a dialect has."""
    known = (*dialect.known, ("networks", RUN)) if dialect.known else ()
    checks = tuple(_check(check, dialect, asked=base.finds) for check in base.checks)
    names = dict.fromkeys((dialect.node.partition(".")[0], *(n.name for n in dialect.networks)))
    spoken = replace(dialect, known=known, imports="from {module} import " + ", ".join(names))
    return replace(base, checks=checks, dialect=spoken)


def _check(check: Check, dialect: Dialect, *, asked: bool) -> Check:
    """A check as it is for a dialect; asked says whether every check is asked for."""
    draw = DRAWS[check.name]
    known = tuple(n for n in dialect.networks if "other" not in (n.hidden, n.last))
    there = known if check.name in FOLLOWING else dialect.networks
    absent = ""
    lacking = not dialect.networks or (there and not any(map(_has(check.name), there)))
    if lacking or not there:
        absent = "absent" if lacking and asked else "open"
    spoken = replace(dialect, networks=there)
    return replace(
        check,
        programs=lambda seed: () if absent else draw(seed, spoken),
        absent=absent,
        names=(dialect.node, *(network.name for network in there)),
    )


def _has(name: str) -> Callable[[Network], bool]:
    """Whether a network has what a check is about."""
    return lambda network: name != "zero_grad" or bool(network.zero)


def _drawn(name: str) -> Callable[[str], tuple[Program, ...]]:
    return lambda seed: DRAWS[name](seed, FULL)


assignment = Assignment(
    name="scalar_network",
    title="neurons, layers and networks on a scalar engine, under their own names",
    checks=(
        Check(
            "parameters",
            "network",
            4,
            "parameters() lists every weight and every bias once",
            _drawn("parameters"),
            counted,
        ),
        Check(
            "forward",
            "network",
            6,
            "the outputs follow from the network's own weights and biases",
            _drawn("forward"),
            followed,
            needs=("parameters",),
        ),
        Check(
            "gradients",
            "network",
            6,
            "backward() leaves the right gradient on every parameter",
            _drawn("gradients"),
            followed,
            needs=("parameters", "forward"),
        ),
        Check(
            "zero_grad",
            "network",
            2,
            "zero_grad() sets the gradient of every parameter to 0",
            _drawn("zero_grad"),
            zeroed,
            needs=("parameters",),
        ),
        Check(
            "training",
            "network",
            6,
            "each step of a training loop follows from the one before",
            _drawn("training"),
            judged.steps(ZEROING),
            needs=("parameters", "forward", "gradients"),
        ),
    ),
    foundation=("Value",),
    dialect=FULL,
    finds=True,
    dialects=(MICROGRAD,),
    fitted=_fitted,
)
