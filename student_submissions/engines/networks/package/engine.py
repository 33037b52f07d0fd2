"""The engine of a package of two files."""


class Scalar:
    def __init__(self, value, parents=()):
        self.value, self.gradient, self.parents = value, 0.0, parents

    def __add__(self, other):
        return Scalar(self.value + other.value, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        return Scalar(self.value * other.value, ((self, other.value), (other, self.value)))

    def sigmoid(self):
        import math
        s = 1.0 / (1.0 + math.exp(-self.value))
        return Scalar(s, ((self, s * (1.0 - s)),))

    def backward(self):
        order = []
        def visit(node):
            if node not in order:
                for parent, _ in node.parents:
                    visit(parent)
                order.append(node)
        visit(self)
        self.gradient = 1.0
        for node in reversed(order):
            for parent, slope in node.parents:
                parent.gradient += slope * node.gradient
