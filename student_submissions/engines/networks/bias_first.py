"""A network of sizes in one list; biases before weights; a list even of one output; forward()."""
import random


class Num:
    def __init__(self, v, pairs=()):
        self.v, self.g, self.pairs = float(v), None, pairs

    def __add__(self, other):
        return Num(self.v + other.v, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        return Num(self.v * other.v, ((self, other.v), (other, self.v)))

    def relu(self):
        return Num(max(self.v, 0.0), ((self, float(self.v > 0)),))

    def backprop(self):
        order, known = [], set()
        def visit(node):
            if id(node) not in known:
                known.add(id(node))
                for inner, _ in node.pairs:
                    visit(inner)
                order.append(node)
        visit(self)
        self.g = 1.0
        for node in reversed(order):
            for inner, slope in node.pairs:
                inner.g = (inner.g or 0.0) + slope * node.g


class Dense:
    def __init__(self, inputs, outputs, active=True):
        self.biases = [Num(0.0) for _ in range(outputs)]
        self.weights = [[Num(random.gauss(0, 1)) for _ in range(inputs)] for _ in range(outputs)]
        self.active = active

    def forward(self, x):
        out = []
        for bias, row in zip(self.biases, self.weights):
            z = bias
            for w, xi in zip(row, x):
                z = z + w * xi
            out.append(z.relu() if self.active else z)
        return out

    def parameters(self):
        return self.biases + [w for row in self.weights for w in row]


class Net:
    def __init__(self, sizes):
        pairs = list(zip(sizes, sizes[1:]))
        self.layers = [Dense(a, b, i + 1 < len(pairs)) for i, (a, b) in enumerate(pairs)]

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def parameters(self):
        for layer in self.layers:
            yield from layer.parameters()

    def zero_grad(self):
        for p in self.parameters():
            p.g = None
