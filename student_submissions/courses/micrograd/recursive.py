import math
import random


class Value:
    def __init__(self, data, parents=(), rule=None):
        self.data = data
        self.grad = 0.0
        self.parents = list(parents)
        self.rule = rule

    def _push(self):
        if self.rule:
            for parent, part in zip(self.parents, self.rule(self, *self.parents)):
                parent.grad += part * self.grad

    def _sorted(self, met):
        if self in met:
            return []
        met.add(self)
        found = [node for parent in self.parents for node in parent._sorted(met)]
        return found + [self]

    def backward(self):
        order = self._sorted(set())
        self.grad = 1.0
        while order:
            order.pop()._push()

    def exp(self):
        return Value(math.exp(self.data), [self], lambda out, a: [out.data])

    def log(self):
        return Value(math.log(self.data), [self], lambda out, a: [a.data**-1])

    def tanh(self):
        e = math.exp(2 * self.data)
        return Value((e - 1) / (e + 1), [self], lambda out, a: [1 - out.data * out.data])

    def relu(self):
        return Value(self.data * (self.data > 0), [self], lambda out, a: [1 if a.data > 0 else 0])

    def __pow__(self, k):
        return Value(self.data**k, [self], lambda out, a: [k * a.data ** (k - 1)])

    def __neg__(self):
        return Value(-1 * self.data, [self], lambda out, a: [-1])


def binary(name, function, rule):
    def forward(self, other):
        pair = [self, other if isinstance(other, Value) else Value(other)]
        return Value(function(*[v.data for v in pair]), pair, rule)

    def reversed_(self, other):
        return getattr(Value(other), f"__{name}__")(self)

    setattr(Value, f"__{name}__", forward)
    setattr(Value, f"__r{name}__", reversed_)


binary("add", lambda a, b: a + b, lambda out, a, b: [1, 1])
binary("sub", lambda a, b: a - b, lambda out, a, b: [1, -1])
binary("mul", lambda a, b: a * b, lambda out, a, b: [b.data, a.data])
binary("truediv", lambda a, b: a / b, lambda out, a, b: [1 / b.data, -a.data / b.data**2])


class Neuron:
    def __init__(self, nin, nonlin=True):
        self.values = [Value(random.random()) for _ in range(nin + 1)]
        self.nonlin = nonlin

    def __call__(self, x):
        *weights, bias = self.values
        total = sum([w * xi for w, xi in zip(weights, x)]) + bias
        return total.relu() if self.nonlin else total

    def parameters(self):
        return list(self.values)

    def zero_grad(self):
        for p in self.values:
            p.grad = 0.0


class Layer:
    def __init__(self, nin, nout, nonlin=True):
        self.parts = [Neuron(nin, nonlin) for _ in range(nout)]

    def __call__(self, x):
        out = [part(x) for part in self.parts]
        return out[0] if len(out) == 1 else out

    def parameters(self):
        return [p for part in self.parts for p in part.parameters()]

    def zero_grad(self):
        for part in self.parts:
            part.zero_grad()


class MLP(Layer):
    def __init__(self, nin, nouts):
        pairs = list(zip([nin] + nouts, nouts))
        self.parts = [Layer(a, b) for a, b in pairs[:-1]] + [Layer(*pairs[-1], nonlin=False)]

    def __call__(self, x):
        for part in self.parts:
            x = part(x)
        return x


def softmax(logits):
    powers = list(map(Value.exp, logits))
    inverse = 1 / sum(powers)
    return [power * inverse for power in powers]


def negative_log_likelihood(logits, label):
    return -1 * softmax(logits)[label].log()
