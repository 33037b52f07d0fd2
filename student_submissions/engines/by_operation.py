"""An engine that knows its operations by sign: backward() looks at the sign of each node."""

from math import exp, log, tanh


class Node:
    def __init__(self, val, left=None, right=None, op=None):
        self.val = val
        self.left = left
        self.right = right
        self.op = op
        self.grad = 0.0

    def __add__(self, other):
        return Node(self.val + other.val, self, other, "+")

    def __sub__(self, other):
        return Node(self.val - other.val, self, other, "-")

    def __mul__(self, other):
        return Node(self.val * other.val, self, other, "*")

    def __truediv__(self, other):
        return Node(self.val / other.val, self, other, "/")

    def __neg__(self):
        return Node(-self.val, self, None, "neg")

    def exp(self):
        return Node(exp(self.val), self, None, "exp")

    def log(self):
        return Node(log(self.val), self, None, "log")

    def tanh(self):
        return Node(tanh(self.val), self, None, "tanh")

    def topo(self):
        order = []
        seen = set()
        stack = [(self, False)]
        while stack:
            node, ready = stack.pop()
            if ready:
                order.append(node)
                continue
            if id(node) in seen:
                continue
            seen.add(id(node))
            stack.append((node, True))
            for child in (node.left, node.right):
                if child is not None:
                    stack.append((child, False))
        return order

    def backward(self):
        self.grad = 1.0
        for node in reversed(self.topo()):
            left, right, g = node.left, node.right, node.grad
            if node.op == "+":
                left.grad += g
                right.grad += g
            elif node.op == "-":
                left.grad += g
                right.grad -= g
            elif node.op == "*":
                left.grad += g * right.val
                right.grad += g * left.val
            elif node.op == "/":
                left.grad += g / right.val
                right.grad -= g * left.val / right.val**2
            elif node.op == "neg":
                left.grad -= g
            elif node.op == "exp":
                left.grad += g * node.val
            elif node.op == "log":
                left.grad += g / left.val
            elif node.op == "tanh":
                left.grad += g * (1 - node.val**2)
