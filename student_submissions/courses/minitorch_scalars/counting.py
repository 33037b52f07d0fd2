import math
from collections import Counter, defaultdict


def central_difference(f, *vals, arg=0, epsilon=1e-6):
    def at(shift):
        return f(*vals[:arg], vals[arg] + shift, *vals[arg + 1 :])

    return 0.5 * (at(epsilon) - at(-epsilon)) / epsilon


class Context:
    saved_values = ()

    def save_for_backward(self, *values):
        self.saved_values = values


class Fn:
    """A function is its rule; what it needs later is in the context."""

    @classmethod
    def apply(cls, *vals):
        inputs = [v if isinstance(v, Scalar) else Scalar(v) for v in vals]
        ctx = Context()
        return Scalar(cls.forward(ctx, *[v.data for v in inputs]), cls, ctx, inputs)


class Add(Fn):
    def forward(ctx, a, b):
        return a + b

    def backward(ctx, d):
        return d, d


class Mul(Fn):
    def forward(ctx, a, b):
        ctx.save_for_backward(b, a)
        return a * b

    def backward(ctx, d):
        return tuple(other * d for other in ctx.saved_values)


class Inv(Fn):
    def forward(ctx, a):
        ctx.save_for_backward(a**-1)
        return a**-1

    def backward(ctx, d):
        (inverse,) = ctx.saved_values
        return (-d * inverse * inverse,)


class Neg(Fn):
    def forward(ctx, a):
        return -a

    def backward(ctx, d):
        return (-d,)


class Sigmoid(Fn):
    def forward(ctx, a):
        small = math.exp(-abs(a))
        ctx.save_for_backward(small)
        return (1.0 if a >= 0 else small) / (1.0 + small)

    def backward(ctx, d):
        (small,) = ctx.saved_values
        return (d * small / (1.0 + small) ** 2,)


class ReLU(Fn):
    def forward(ctx, a):
        ctx.save_for_backward(1.0 if a > 0 else 0.0)
        return a * ctx.saved_values[0]

    def backward(ctx, d):
        return (ctx.saved_values[0] * d,)


class Exp(Fn):
    def forward(ctx, a):
        ctx.save_for_backward(math.exp(a))
        return ctx.saved_values[0]

    def backward(ctx, d):
        return (ctx.saved_values[0] * d,)


class LT(Fn):
    def forward(ctx, a, b):
        return 1.0 if a < b else 0.0

    def backward(ctx, d):
        return 0.0, 0.0


class EQ(Fn):
    def forward(ctx, a, b):
        return 0.0 if a != b else 1.0

    def backward(ctx, d):
        return 0.0, 0.0


class Scalar:
    __slots__ = ("data", "fn", "ctx", "inputs", "derivative")

    def __init__(self, data, fn=None, ctx=None, inputs=()):
        self.data, self.fn, self.ctx, self.inputs = float(data), fn, ctx, tuple(inputs)
        self.derivative = None

    def chain_rule(self, d_output):
        return tuple(zip(self.inputs, self.fn.backward(self.ctx, d_output)))

    def backward(self, d_output=1.0):
        backpropagate(self, d_output)

    def __add__(self, other):
        return Add.apply(self, other)

    def __mul__(self, other):
        return Mul.apply(self, other)

    def __sub__(self, other):
        return Add.apply(self, Neg.apply(other))

    def __truediv__(self, other):
        return Mul.apply(self, Inv.apply(other))

    def __neg__(self):
        return Neg.apply(self)

    def __rtruediv__(self, other):
        return Mul.apply(other, Inv.apply(self))

    def __lt__(self, other):
        return LT.apply(self, other)

    def __gt__(self, other):
        return LT.apply(other, self)

    def __eq__(self, other):
        return EQ.apply(self, other)

    def __hash__(self):
        return id(self)

    __radd__, __rmul__ = __add__, __mul__

    def exp(self):
        return Exp.apply(self)

    def sigmoid(self):
        return Sigmoid.apply(self)

    def relu(self):
        return ReLU.apply(self)


def topological_sort(variable):
    """Kahn's way: a variable is ready when all its uses have been listed."""
    uses, met, waiting = Counter(), {id(variable)}, [variable]
    while waiting:
        for v in waiting.pop().inputs:
            uses[id(v)] += 1
            if id(v) not in met:
                met.add(id(v))
                waiting.append(v)
    ready = [variable]
    while ready:
        v = ready.pop(0)
        yield v
        for parent in v.inputs:
            uses[id(parent)] -= 1
            if not uses[id(parent)]:
                ready.append(parent)


def backpropagate(variable, deriv):
    totals = defaultdict(float)
    totals[id(variable)] += deriv
    for v in topological_sort(variable):
        if v.fn is None:
            v.derivative = (v.derivative or 0.0) + totals[id(v)]
        else:
            for parent, part in v.chain_rule(totals[id(v)]):
                totals[id(parent)] += part
