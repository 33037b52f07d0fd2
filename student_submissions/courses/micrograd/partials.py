import math
from random import Random


class Value:
    """A number, and the numbers it came from, each with the derivative by it."""

    def __init__(self, data, partials=()):
        self.data, self.partials, self.grad = float(data), partials, 0.0

    def __add__(self, other):
        other = as_value(other)
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __sub__(self, other):
        other = as_value(other)
        return Value(self.data - other.data, ((self, 1.0), (other, -1.0)))

    def __mul__(self, other):
        other = as_value(other)
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def __truediv__(self, other):
        other = as_value(other)
        quotient = self.data / other.data
        return Value(quotient, ((self, 1.0 / other.data), (other, -quotient / other.data)))

    def __pow__(self, k):
        return Value(self.data**k, ((self, k * self.data ** (k - 1)),))

    def __neg__(self):
        return Value(-self.data, ((self, -1.0),))

    def __rsub__(self, other):
        return as_value(other) - self

    def __rtruediv__(self, other):
        return as_value(other) / self

    __radd__, __rmul__ = __add__, __mul__

    def exp(self):
        e = math.exp(self.data)
        return Value(e, ((self, e),))

    def log(self):
        return Value(math.log(self.data), ((self, 1.0 / self.data),))

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, ((self, (1.0 + t) * (1.0 - t)),))

    def relu(self):
        return Value(max(self.data, 0.0), ((self, float(self.data > 0)),))

    def backward(self):
        order, met, stack = [], set(), [(self, False)]
        while stack:
            node, done = stack.pop()
            if done:
                order.append(node)
            elif node not in met:
                met.add(node)
                stack.append((node, True))
                stack.extend((parent, False) for parent, _ in node.partials)
        self.grad = 1.0
        for node in order[::-1]:
            for parent, slope in node.partials:
                parent.grad += slope * node.grad


def as_value(x):
    return x if isinstance(x, Value) else Value(x)


class Network:
    def zero_grad(self):
        for p in self.parameters():
            p.grad = 0.0


class Neuron(Network):
    def __init__(self, nin, nonlin=True, rng=Random(1)):
        self.w = [Value(rng.gauss(0, 1)) for _ in range(nin)]
        self.b, self.nonlin = Value(0.0), nonlin

    def __call__(self, x):
        total = self.b
        for w, xi in zip(self.w, x):
            total = total + w * xi
        return total.relu() if self.nonlin else total

    def parameters(self):
        return [*self.w, self.b]


class Layer(Network):
    def __init__(self, nin, nout, nonlin=True):
        self.neurons = [Neuron(nin, nonlin) for _ in range(nout)]

    def __call__(self, x):
        out = [neuron(x) for neuron in self.neurons]
        return out if len(out) > 1 else out[0]

    def parameters(self):
        return sum([neuron.parameters() for neuron in self.neurons], [])


class MLP(Network):
    def __init__(self, nin, nouts):
        *hidden, last = nouts
        self.layers = []
        for nout in hidden:
            self.layers.append(Layer(nin, nout))
            nin = nout
        self.layers.append(Layer(nin, last, nonlin=False))

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def parameters(self):
        return sum([layer.parameters() for layer in self.layers], [])


def log_sum_exp(logits):
    top = max(logit.data for logit in logits)
    return sum((logit - top).exp() for logit in logits).log() + top


def softmax(logits):
    total = log_sum_exp(logits)
    return [(logit - total).exp() for logit in logits]


def negative_log_likelihood(logits, label):
    return log_sum_exp(logits) - logits[label]
