"""A neuron whose activation is none that is judged: its list is, and what it computes is not."""


class Value:
    def __init__(self, data, pairs=()):
        self.data, self.grad, self.pairs = data, 0.0, pairs

    def __add__(self, o):
        return Value(self.data + o.data, ((self, 1.0), (o, 1.0)))

    def __mul__(self, o):
        return Value(self.data * o.data, ((self, o.data), (o, self.data)))

    def swish(self):
        import math
        s = 1 / (1 + math.exp(-self.data))
        return Value(self.data * s, ((self, s + self.data * s * (1 - s)),))

    def backward(self, g=1.0):
        self.grad += g
        for p, k in self.pairs:
            p.backward(g * k)


class Neuron:
    def __init__(self, nin):
        self.w = [Value(0.1 * i) for i in range(nin)]
        self.b = Value(0.3)

    def __call__(self, x):
        z = self.b
        for w, xi in zip(self.w, x):
            z = z + w * xi
        return (z + Value(0.01)).swish()

    def parameters(self):
        return [*self.w, self.b]
