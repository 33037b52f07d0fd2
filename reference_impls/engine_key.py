"""A scalar engine as a student might write it: the answer key of scalar_engine."""

import math


class Value:
    def __init__(self, data, children=()):
        self.data = data
        self.grad = 0.0
        self.children = children
        self.push = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other))

        def push():
            self.grad += out.grad
            other.grad += out.grad

        out.push = push
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other))

        def push():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out.push = push
        return out

    def __sub__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data - other.data, (self, other))

        def push():
            self.grad += out.grad
            other.grad -= out.grad

        out.push = push
        return out

    def __truediv__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data / other.data, (self, other))

        def push():
            self.grad += out.grad / other.data
            other.grad -= out.grad * self.data / other.data**2

        out.push = push
        return out

    def __pow__(self, other):
        if isinstance(other, Value):
            return self.to_node(other)
        out = Value(self.data**other, (self,))

        def push():
            self.grad += other * self.data ** (other - 1) * out.grad

        out.push = push
        return out

    def to_node(self, other):
        out = Value(self.data**other.data, (self, other))

        def push():
            self.grad += other.data * self.data ** (other.data - 1) * out.grad
            other.grad += out.data * math.log(self.data) * out.grad

        out.push = push
        return out

    def __neg__(self):
        out = Value(-self.data, (self,))

        def push():
            self.grad -= out.grad

        out.push = push
        return out

    def __abs__(self):
        out = Value(abs(self.data), (self,))

        def push():
            self.grad += math.copysign(1.0, self.data) * out.grad

        out.push = push
        return out

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value(other) - self

    def __rtruediv__(self, other):
        return Value(other) / self

    def __rpow__(self, other):
        return Value(other).to_node(self)

    def exp(self):
        out = Value(math.exp(self.data), (self,))

        def push():
            self.grad += out.data * out.grad

        out.push = push
        return out

    def log(self):
        out = Value(math.log(self.data), (self,))

        def push():
            self.grad += out.grad / self.data

        out.push = push
        return out

    def relu(self):
        out = Value(max(self.data, 0.0), (self,))

        def push():
            self.grad += (out.data > 0) * out.grad

        out.push = push
        return out

    def tanh(self):
        out = Value(math.tanh(self.data), (self,))

        def push():
            self.grad += (1 - out.data**2) * out.grad

        out.push = push
        return out

    def sigmoid(self):
        out = Value(1 / (1 + math.exp(-self.data)), (self,))

        def push():
            self.grad += out.data * (1 - out.data) * out.grad

        out.push = push
        return out

    def sqrt(self):
        out = Value(math.sqrt(self.data), (self,))

        def push():
            self.grad += 0.5 / out.data * out.grad

        out.push = push
        return out

    def sin(self):
        out = Value(math.sin(self.data), (self,))

        def push():
            self.grad += math.cos(self.data) * out.grad

        out.push = push
        return out

    def cos(self):
        out = Value(math.cos(self.data), (self,))

        def push():
            self.grad -= math.sin(self.data) * out.grad

        out.push = push
        return out

    def maximum(self, other):
        out = Value(max(self.data, other.data), (self, other))

        def push():
            self.grad += (self.data > other.data) * out.grad
            other.grad += (self.data <= other.data) * out.grad

        out.push = push
        return out

    def minimum(self, other):
        out = Value(min(self.data, other.data), (self, other))

        def push():
            self.grad += (self.data < other.data) * out.grad
            other.grad += (self.data >= other.data) * out.grad

        out.push = push
        return out

    def topological_sort(self):
        order = []
        visited = set()

        def visit(node):
            if node not in visited:
                visited.add(node)
                for child in node.children:
                    visit(child)
                order.append(node)

        visit(self)
        return order

    def backward(self):
        self.grad = 1.0
        for node in reversed(self.topological_sort()):
            node.push()
