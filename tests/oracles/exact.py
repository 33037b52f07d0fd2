"""The exact judge: an expression at 60 digits, by calculus and nothing of harness but records."""

import math

import mpmath

DIGITS = 60


def values(program):
    """The value of every node."""
    found = []
    with mpmath.workdps(DIGITS):
        for node in program.nodes:
            found.append(_value(node, [found[i] for i in node.inputs]))
    return found


def gradients(program, found, root):
    """The gradient of a root by every node, from the values of all of them."""
    with mpmath.workdps(DIGITS):
        grads = [mpmath.mpf(0)] * len(found)
        grads[root] = mpmath.mpf(1)
        for k in range(root, -1, -1):
            node = program.nodes[k]
            if grads[k] != 0:
                slopes = _slopes(node, [found[i] for i in node.inputs], found[k])
                for i, slope in zip(node.inputs, slopes, strict=True):
                    grads[i] += grads[k] * slope
    return grads


def numbers(program):
    """Every number of a program: (quantity, step, a number for each node)."""
    found = values(program)
    rows = [("value", -1, found)]
    return rows + [("grad", at, gradients(program, found, root)) for at, root in program.backwards]


def reach(program, bound, truth, seen):
    """How far an engine's farthest number is from the exact one, in radii of the bound.

    Args:
        program: what was run.
        bound: its Radii.
        truth: its numbers().
        seen: what the engine observed.
    """
    farthest = 0.0
    for name, step, row in truth:
        radius = bound.value_radius if step < 0 else bound.grad_radius(step)
        for told, exact, allowed in zip(seen.numbers(name, step), row, radius, strict=False):
            off = distance(told, exact)
            if off > 0.0:
                farthest = max(farthest, off / allowed if allowed else math.inf)
    return farthest


def distance(told, exact):
    """How far a float is from an exact number; infinitely, where it is no number."""
    with mpmath.workdps(DIGITS):
        return float(abs(mpmath.mpf(told) - exact)) if math.isfinite(told) else math.inf


def _value(node, row):
    match node.op:
        case "leaf":
            return mpmath.mpf(node.constant)
        case "add" | "sum":
            return mpmath.fsum(row)
        case "mean":
            return mpmath.fsum(row) / len(row)
        case "mul":
            return row[0] * row[1]
        case "exp":
            return mpmath.exp(row[0])
        case "log":
            return mpmath.log(row[0])
        case "relu":
            return max(row[0], mpmath.mpf(0))
    return _power(row[0], node.constant)


def _power(x, exponent):
    whole = int(exponent) if exponent == int(exponent) else mpmath.mpf(exponent)
    return mpmath.power(x, whole)


def _slopes(node, row, value):
    match node.op:
        case "leaf":
            return []
        case "add" | "sum":
            return [mpmath.mpf(1)] * len(row)
        case "mean":
            return [mpmath.mpf(1) / len(row)] * len(row)
        case "mul":
            return [row[1], row[0]]
        case "exp":
            return [value]
        case "log":
            return [1 / row[0]]
        case "relu":
            return [mpmath.mpf(row[0] > 0)]
    p = node.constant
    return [p * _power(row[0], p - 1) if p else mpmath.mpf(0)]
