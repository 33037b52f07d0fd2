"""adjudge's two assignments as a file of programs, for graders that know nothing of adjudge.

Drawing the programs is measured nowhere but in adjudge itself.
"""

from harness.assignments.lecture6.dialect import AG
from harness.grading.grader import LECTURE
from harness.judging.check import find, programs_of, seed_of
from harness.programs import snippet
from harness.records.program import Apply, Call, Expression, Training

STATED = {"constructor", "initialisation", "zero_grad", "newborn"}
"""Calls whose numbers the assignment itself states."""


def dumped(seed):
    """Every check with its programs; probes and the large graph as "others"; the prelude."""
    assignments = [find(name) for name in LECTURE]
    checks = [_check(a, check, seed) for a in assignments for check in a.active]
    others = [probe.program for a in assignments for probe in a.probes]
    others += [a.reverse.large(AG) for a in assignments if a.reverse is not None]
    texts = [snippet.source(program, AG) for program in others]
    return {"checks": checks, "others": texts, "prelude": AG.prelude}


def _check(assignment, check, seed):
    drawn = programs_of(check, seed_of(check, assignment, seed))
    programs = [
        {
            **_program(program),
            "kind": _kind(check.name, program),
            "text": snippet.source(program, AG),
        }
        for program in drawn
    ]
    return {"name": check.name, "points": check.points, "programs": programs}


def _kind(name, program):
    """Which function of the naive harness judges a program of a check."""
    match program:
        case Training():
            return "training"
        case Call(function):
            return "stated" if function in STATED else function
    if name == "relu_gradient":
        return "relu_gradients"
    kinds = {"value": "values", "values": "values", "order": "orders", "gradient": "gradients"}
    first, _, second = name.partition("_")
    return kinds.get(second if first == "relu" else first, "gradients")


def _program(program):
    match program:
        case Expression():
            applied = [step for step in program.steps if isinstance(step, Apply)]
            return {
                "leaves": program.leaves,
                "nodes": [(node.op, node.inputs, node.constant) for node in applied],
                "sorts": program.sorts,
                "backwards": [(at, root, program.settled(at)) for at, root in program.backwards],
            }
        case Training():
            names = ("start", "lr", "epochs", "detailed")
            told = {name: getattr(program, name) for name in names}
            return {"n_hidden": len(program.start) // 3, **dict(program.arguments), **told}
        case Call():
            return {**dict(program.arguments), "stated": _stated(program)}


def _stated(program):
    told = dict(program.arguments)
    match program.function:
        case "initialisation":
            hidden = told["shape"][0]
            return {"size": (hidden, hidden, hidden, 1.0), "start": told["start"]}
        case "zero_grad":
            return {"grad": (0.0,) * len(told["values"]), "value": told["values"]}
        case "constructor" | "newborn":
            return told
    return {}
