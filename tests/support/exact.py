"""The exact judge: an expression at 60 digits, by calculus and nothing of harness but records.

What it says is compared with a bound in one flat row: the value of every node, then for each
backward() the gradient of every node.
"""

import math

import mpmath

DIGITS = 60


def numbers(program):
    """Every number of a program in one row."""
    values = _values(program)
    rows = [values, *(_gradients(program, values, root) for _, root in program.backwards)]
    return [number for row in rows for number in row]


def observed(program, observation):
    """The same row as an engine observed it."""
    rows = [observation.numbers("value")]
    rows += [observation.numbers("grad", step) for step, _ in program.backwards]
    return [number for row in rows for number in row]


def allowed(bound):
    """The same row of radii."""
    rows = [bound.value_radius, *(radius for _, _, radius in bound.grads)]
    return [number for row in rows for number in row]


def sizes(bound):
    """The same row as the bound itself holds it, in float64."""
    rows = [bound.values, *(grads for _, grads, _ in bound.grads)]
    return [number for row in rows for number in row]


def split(truth):
    """Each exact number as two floats, together good for 30 digits: quick to subtract from."""
    with mpmath.workdps(DIGITS):
        return [(float(number), float(number - float(number))) for number in truth]


def errors(row, halves):
    """How far each float is from its exact number; infinitely, where it is no number."""
    return [
        abs((number - high) - low) if math.isfinite(number) else math.inf
        for number, (high, low) in zip(row, halves, strict=True)
    ]


def outside(row, halves, radii, times=1):
    """How many floats of a row are further from the exact numbers than so many radii."""
    off = errors(row, halves)
    return sum(not e <= times * radius for e, radius in zip(off, radii, strict=True))


def _values(program):
    found = []
    with mpmath.workdps(DIGITS):
        for node in program.nodes:
            found.append(_value(node, [found[i] for i in node.inputs]))
    return found


def _gradients(program, values, root):
    with mpmath.workdps(DIGITS):
        grads = [mpmath.mpf(0)] * len(values)
        grads[root] = mpmath.mpf(1)
        for k in range(root, -1, -1):
            node = program.nodes[k]
            if grads[k] != 0:
                slopes = _slopes(node, [values[i] for i in node.inputs], values[k])
                for i, slope in zip(node.inputs, slopes, strict=True):
                    grads[i] += grads[k] * slope
    return grads


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
        case "pow":
            return _power(row[0], node.constant)
    return _function(node)(*row)


TWO_SIDED = {
    "add": lambda x, y: x + y,
    "mul": lambda x, y: x * y,
    "sub": lambda x, y: x - y,
    "div": lambda x, y: x / y,
    "pow": mpmath.power,
}
FUNCTIONS = TWO_SIDED | {
    "pow_node": mpmath.power,
    "neg": lambda x: -x,
    "tanh": mpmath.tanh,
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "sqrt": mpmath.sqrt,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "abs": abs,
    "max": max,
    "min": min,
}


def _function(node):
    """The function of a node's operands; a number beside a node is bound."""
    first, _, last = node.op.partition("_")
    if last == "number":
        return lambda x: TWO_SIDED[first](x, mpmath.mpf(node.constant))
    if first == "number":
        return lambda x: TWO_SIDED[last](mpmath.mpf(node.constant), x)
    return FUNCTIONS[node.op]


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
        case "pow":
            p = node.constant
            return [p * _power(row[0], p - 1) if p else mpmath.mpf(0)]
        case "max" | "min":
            first = (row[0] > row[1]) is (node.op == "max")
            return [mpmath.mpf(first), mpmath.mpf(not first)]
    function = _function(node)
    return [mpmath.diff(function, tuple(row), order) for order in _unit_orders(len(row))]


def _unit_orders(count):
    """Which derivative is taken: by each operand in turn, once."""
    return [tuple(int(i == k) for i in range(count)) for k in range(count)]
