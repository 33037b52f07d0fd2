"""Operations as classes, gradients as tensors that only leaves keep, in single precision.

A leaf must ask for its gradient, and backward() is of a single number.
"""

import numpy as np


class Function:
    def __call__(self, *parents):
        self.parents = parents
        out = Tensor(self.forward(*(p.data for p in parents)))
        out.creator = self
        out.requires_grad = any(p.requires_grad for p in parents)
        return out


def summed_to(g, like):
    extra = g.ndim - like.ndim
    axes = tuple(range(extra))
    axes += tuple(extra + i for i, n in enumerate(like.shape) if n == 1)
    return g.sum(axis=axes, keepdims=True).reshape(like.shape)


class Add(Function):
    def forward(self, a, b):
        return a + b

    def backward(self, g, a, b):
        return summed_to(g, a), summed_to(g, b)


class Mul(Function):
    def forward(self, a, b):
        return a * b

    def backward(self, g, a, b):
        return summed_to(g * b, a), summed_to(g * a, b)


class Sub(Function):
    def forward(self, a, b):
        return a - b

    def backward(self, g, a, b):
        return summed_to(g, a), summed_to(-g, b)


class MatMul(Function):
    def forward(self, a, b):
        return a.dot(b)

    def backward(self, g, a, b):
        return g.dot(b.T), a.T.dot(g)


class Sum(Function):
    def __init__(self, dim, keepdim):
        self.dim, self.keepdim = dim, keepdim

    def forward(self, a):
        return a.sum(self.dim, keepdims=self.keepdim)

    def backward(self, g, a):
        if self.dim is not None and not self.keepdim:
            g = np.expand_dims(g, self.dim)
        return (g * np.ones_like(a),)


class Mean(Sum):
    def forward(self, a):
        return a.mean(self.dim, keepdims=self.keepdim)

    def backward(self, g, a):
        (spread,) = super().backward(g, a)
        return (spread / (a.size if self.dim is None else a.shape[self.dim]),)


class Tanh(Function):
    def forward(self, a):
        return np.tanh(a)

    def backward(self, g, a):
        return (g * (1 - np.tanh(a) ** 2),)


class Log(Function):
    def forward(self, a):
        return np.log(a)

    def backward(self, g, a):
        return (g / a,)


class Transpose(Function):
    def forward(self, a):
        return a.T

    def backward(self, g, a):
        return (g.T,)


def matmul(a, b):
    return MatMul()(a, b)


def mean(a, dim=None, keepdim=False):
    return Mean(dim, keepdim)(a)


class Tensor:
    def __init__(self, array, requires_grad=False):
        self.data = np.array(array, dtype=np.float32)
        self.requires_grad = requires_grad
        self.grad = None
        self.creator = None

    def __add__(self, other):
        return Add()(self, other)

    def __mul__(self, other):
        return Mul()(self, other)

    def __sub__(self, other):
        return Sub()(self, other)

    def sum(self, dim=None, keepdim=False):
        return Sum(dim, keepdim)(self)

    def tanh(self):
        return Tanh()(self)

    def log(self):
        return Log()(self)

    def transpose(self):
        return Transpose()(self)

    def backward(self):
        if self.data.size != 1:
            raise RuntimeError("backward() is of a single number")
        order, seen = [], set()

        def visit(node):
            if id(node) not in seen:
                seen.add(id(node))
                for parent in node.creator.parents if node.creator else ():
                    visit(parent)
                order.append(node)

        visit(self)
        grads = {id(self): np.ones_like(self.data)}
        for node in reversed(order):
            g = grads.pop(id(node))
            if node.creator is None:
                if node.requires_grad:
                    node.grad = Tensor(g if node.grad is None else node.grad.data + g)
                continue
            parents = node.creator.parents
            for parent, part in zip(parents, node.creator.backward(g, *(p.data for p in parents))):
                grads[id(parent)] = grads[id(parent)] + part if id(parent) in grads else part
