"""An engine that asks for a name: Node(2.0, "x"); its sort is a function beside the class."""
import math


class Node:
    def __init__(self, v, name):
        self.v, self.name, self.dv = v, name, 0.0
        self.left = self.right = None
        self.dleft = self.dright = 0.0

    def __add__(self, other):
        return binary(self, other, "+", self.v + other.v, 1.0, 1.0)

    def __mul__(self, other):
        return binary(self, other, "*", self.v * other.v, other.v, self.v)

    def __sub__(self, other):
        return binary(self, other, "-", self.v - other.v, 1.0, -1.0)

    def __truediv__(self, other):
        return binary(self, other, "/", self.v / other.v, 1 / other.v, -self.v / (other.v * other.v))

    def sigmoid(self):
        s = 1.0 / (1.0 + math.exp(-self.v))
        return unary(self, "sigmoid", s, s * (1.0 - s))

    def relu(self):
        return unary(self, "relu", max(0.0, self.v), 1.0 if self.v > 0.0 else 0.0)

    def power(self, n):
        return unary(self, "pow", self.v**n, n * self.v ** (n - 1))

    def back(self):
        order = topo_sort(self)
        self.dv = 1.0
        for node in reversed(order):
            if node.left is not None:
                node.left.dv += node.dleft * node.dv
            if node.right is not None:
                node.right.dv += node.dright * node.dv


def binary(x, y, sign, v, dx, dy):
    out = Node(v, f"({x.name} {sign} {y.name})")
    out.left, out.right, out.dleft, out.dright = x, y, dx, dy
    return out


def unary(x, name, v, dx):
    out = Node(v, f"{name}({x.name})")
    out.left, out.dleft = x, dx
    return out


def topo_sort(root):
    order, done = [], set()

    def visit(node):
        if node is None or id(node) in done:
            return
        done.add(id(node))
        visit(node.left)
        visit(node.right)
        order.append(node)

    visit(root)
    return order
