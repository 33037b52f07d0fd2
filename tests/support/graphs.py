"""Programs of scalars, written in one line."""

from ast import literal_eval

from harness.records.program import Apply, Backward, Expression, Sort, Zero


def graph(leaves, steps="", labels=()):
    """An expression whose steps are told in words: "mul 0 1, pow 2 ^0.5, zero 0 2, backward 3"."""
    words = (step.split() for step in steps.split(", ") if step)
    return Expression(tuple(leaves), tuple(_step(*each) for each in words), labels)


def _step(name, *words):
    nodes = tuple(int(word) for word in words if word[0] != "^")
    match name:
        case "backward" | "sort":
            return {"backward": Backward, "sort": Sort}[name](*nodes)
        case "zero":
            return Zero(nodes)
    (constant,) = [literal_eval(word[1:]) for word in words if word[0] == "^"] or [None]
    return Apply(name, nodes, constant)


def well_formed(program):
    """Whether every node comes after its inputs, and every call after its node."""
    count = len(program.leaves)
    for step in program.steps:
        nodes = step.inputs if isinstance(step, Apply) else getattr(step, "nodes", None)
        if max((step.node,) if nodes is None else nodes) >= count:
            return False
        count += isinstance(step, Apply)
    return True
