import math

RULES = {
    "Add": (lambda a, b: a + b, lambda d, a, b: (d, d)),
    "Mul": (lambda a, b: a * b, lambda d, a, b: (d * b, d * a)),
    "Inv": (lambda a: 1.0 / a, lambda d, a: -d / a / a),
    "Neg": (lambda a: 0.0 - a, lambda d, a: 0.0 - d),
    "Sigmoid": (
        lambda a: 0.5 * (1.0 + math.tanh(0.5 * a)),
        lambda d, a: d * 0.25 * (1.0 - math.tanh(0.5 * a) ** 2),
    ),
    "ReLU": (lambda a: 0.5 * (a + abs(a)), lambda d, a: d if a > 0 else 0.0),
    "Exp": (lambda a: math.e**a, lambda d, a: d * math.e**a),
    "LT": (lambda a, b: [0.0, 1.0][a < b], lambda d, a, b: (0.0, 0.0)),
    "EQ": (lambda a, b: [0.0, 1.0][a == b], lambda d, a, b: (0.0, 0.0)),
}


class Context:
    def __init__(self):
        self.values = None

    def save_for_backward(self, *values):
        self.values = values


def rule(name):
    function, derivative = RULES[name]

    def forward(ctx, *inputs):
        ctx.save_for_backward(*inputs)
        return function(*inputs)

    def backward(ctx, d_output):
        return derivative(d_output, *ctx.values)

    return type(name, (), {"forward": staticmethod(forward), "backward": staticmethod(backward)})


Add, Mul, Inv, Neg, Sigmoid, ReLU, Exp, LT, EQ = map(rule, RULES)


def apply(function, *vals):
    inputs = [v if isinstance(v, Scalar) else Scalar(v) for v in vals]
    ctx = Context()
    out = Scalar(function.forward(ctx, *(v.data for v in inputs)))
    out.made = (function, ctx, inputs)
    return out


class Scalar:
    def __init__(self, data):
        self.data = float(data)
        self.made = None
        self.derivative = None

    def chain_rule(self, d_output):
        function, ctx, inputs = self.made
        found = function.backward(ctx, d_output)
        return list(zip(inputs, found if isinstance(found, tuple) else [found]))

    def backward(self):
        backpropagate(self, 1.0)

    def __add__(self, other):
        return apply(Add, self, other)

    def __mul__(self, other):
        return apply(Mul, self, other)

    def __neg__(self):
        return apply(Neg, self)

    def __sub__(self, other):
        return self + apply(Neg, other)

    def __truediv__(self, other):
        return self * apply(Inv, other)

    def __rtruediv__(self, other):
        return apply(Mul, other, apply(Inv, self))

    def __lt__(self, other):
        return apply(LT, self, other)

    def __gt__(self, other):
        return apply(LT, other, self)

    def __eq__(self, other):
        return apply(EQ, self, other)

    __hash__ = object.__hash__
    __radd__ = __add__
    __rmul__ = __mul__

    def exp(self):
        return apply(Exp, self)

    def sigmoid(self):
        return apply(Sigmoid, self)

    def relu(self):
        return apply(ReLU, self)


def central_difference(f, *vals, arg=0, epsilon=1e-6):
    vals = list(vals)
    middle = vals[arg]
    vals[arg] = middle - epsilon
    low = f(*vals)
    vals[arg] = middle + epsilon
    return (f(*vals) - low) / (epsilon + epsilon)


def topological_sort(variable):
    done = {}

    def visit(v):
        if id(v) not in done:
            for parent in v.made[2] if v.made else []:
                visit(parent)
            done[id(v)] = v

    visit(variable)
    return reversed(list(done.values()))


def backpropagate(variable, deriv):
    pending = {id(variable): [deriv]}
    for v in topological_sort(variable):
        total = math.fsum(pending[id(v)])
        if v.made is None:
            v.derivative = total if v.derivative is None else v.derivative + total
            continue
        for parent, part in v.chain_rule(total):
            pending.setdefault(id(parent), []).append(part)
