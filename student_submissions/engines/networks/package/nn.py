"""Its networks: sizes one after another, sigmoid inside, all weights of a layer before its biases."""
import random

from .engine import Scalar


class Layer:
    def __init__(self, n, m):
        self.w = [[Scalar(random.random()) for _ in range(n)] for _ in range(m)]
        self.b = [Scalar(0.0) for _ in range(m)]

    def __call__(self, x):
        out = []
        for row, b in zip(self.w, self.b):
            total = b
            for w, xi in zip(row, x):
                total = total + w * xi
            out.append(total)
        return out

    def parameters(self):
        return [w for row in self.w for w in row] + self.b


class Network:
    def __init__(self, first, *rest):
        sizes = (first, *rest)
        self.layers = [Layer(a, b) for a, b in zip(sizes, sizes[1:])]

    def __call__(self, x):
        *inner, last = self.layers
        for layer in inner:
            x = [z.sigmoid() for z in layer(x)]
        return last(x)

    def parameters(self):
        return [p for layer in self.layers for p in layer.parameters()]
