import functools
import math

import numpy as np


class Tensor:
    def __init__(self, array):
        self.array = np.asarray(array, dtype=np.float64)
        self.op = None
        self.inputs = []

    def numpy(self):
        return self.array

    shape = property(lambda self: self.array.shape)

    def backward(self, out_grad=None):
        if out_grad is None:
            out_grad = Tensor(np.ones(self.shape))
        compute_gradient_of_variables(self, out_grad)

    def __add__(self, other):
        return add(self, other if isinstance(other, Tensor) else constant(other, self))

    def __mul__(self, other):
        return multiply(self, other if isinstance(other, Tensor) else constant(other, self))

    def __truediv__(self, other):
        return divide(self, other if isinstance(other, Tensor) else constant(other, self))

    def __sub__(self, other):
        return self + -other

    def __pow__(self, number):
        return power_scalar(self, number)

    def __matmul__(self, other):
        return matmul(self, other)

    def __neg__(self):
        return negate(self)

    __radd__, __rmul__ = __add__, __mul__


def constant(number, like):
    return Tensor(np.full(like.shape, number))


class Op:
    name = "op"

    def __init__(self, *settings):
        self.settings = settings

    def __call__(self, *inputs):
        out = Tensor(self.compute(*(t.array for t in inputs)))
        out.op, out.inputs = self, list(inputs)
        return out

    def compute(self, *arrays):
        return self.function(*arrays, *self.settings)

    def gradient_as_tuple(self, out_grad, node):
        arrays = [t.array for t in node.inputs]
        return tuple(Tensor(rule(out_grad.array, *arrays, *self.settings)) for rule in self.rules)

    def gradient(self, out_grad, node):
        return self.gradient_as_tuple(out_grad, node)


def operator(name, function, *rules):
    body = {"function": staticmethod(function), "rules": rules}
    return type(name, (Op,), body)


def squeeze_to(shape, d):
    """Adds up what was repeated: by a matrix of repetitions, element by element."""
    places = np.broadcast_to(np.arange(math.prod(shape)).reshape(shape), d.shape)
    return np.bincount(places.ravel(), d.ravel(), math.prod(shape)).reshape(shape)


def spread(d, a, axes):
    axes = tuple(range(a.ndim)) if axes is None else axes
    shape = [1 if k in axes else n for k, n in enumerate(a.shape)]
    return np.tile(d.reshape(shape), [n if k in axes else 1 for k, n in enumerate(a.shape)])


def swapped(a, axes):
    return np.moveaxis(a, axes or (-2, -1), (axes or (-2, -1))[::-1])


EWiseAdd = operator("EWiseAdd", lambda a, b: a + b, lambda d, a, b: d, lambda d, a, b: d)
EWiseMul = operator("EWiseMul", lambda a, b: a * b, lambda d, a, b: d * b, lambda d, a, b: d * a)
PowerScalar = operator("PowerScalar", lambda a, k: a**k, lambda d, a, k: d * k * a ** (k - 1))
EWiseDiv = operator(
    "EWiseDiv", lambda a, b: a / b, lambda d, a, b: d / b, lambda d, a, b: -d * a / b**2
)
DivScalar = operator("DivScalar", lambda a, k: a / k, lambda d, a, k: d / k)
Negate = operator("Negate", lambda a: -a, lambda d, a: -d)
Log = operator("Log", np.log, lambda d, a: d / a)
Exp = operator("Exp", np.exp, lambda d, a: d * np.exp(a))
ReLU = operator("ReLU", lambda a: a * (a > 0), lambda d, a: d * (a > 0))
Transpose = operator("Transpose", swapped, lambda d, a, axes: swapped(d, axes))
Reshape = operator("Reshape", np.reshape, lambda d, a, shape: d.reshape(a.shape))
BroadcastTo = operator("BroadcastTo", np.broadcast_to, lambda d, a, s: squeeze_to(a.shape, d))
Summation = operator("Summation", lambda a, axes: a.sum(axes), spread)
MatMul = operator(
    "MatMul",
    lambda a, b: a @ b,
    lambda d, a, b: squeeze_to(a.shape, d @ swapped(b, None)),
    lambda d, a, b: squeeze_to(b.shape, swapped(a, None) @ d),
)


def caller(op, *defaults):
    def call(*args, **kwargs):
        count = 2 if op in (EWiseAdd, EWiseMul, EWiseDiv, MatMul) else 1
        settings = (*args[count:], *kwargs.values()) or defaults
        return op(*settings)(*args[:count])

    return call


add, multiply, divide, matmul = map(caller, (EWiseAdd, EWiseMul, EWiseDiv, MatMul))
negate, log, exp, relu = map(caller, (Negate, Log, Exp, ReLU))
power_scalar, divide_scalar, reshape, broadcast_to = map(
    caller, (PowerScalar, DivScalar, Reshape, BroadcastTo)
)
transpose, summation = (functools.partial(caller)(op, None) for op in (Transpose, Summation))


def find_topo_sort(node_list):
    """By depth: the longest way to a leaf."""

    @functools.cache
    def depth(node):
        return 1 + max(map(depth, node.inputs), default=0)

    found, waiting = set(), list(node_list)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += node.inputs
    return sorted(found, key=depth)


def compute_gradient_of_variables(output_tensor, out_grad):
    order = find_topo_sort([output_tensor])
    for node in order:
        node.grad = Tensor(np.zeros(node.shape))
    output_tensor.grad = out_grad
    for node in reversed(order):
        if node.op is not None:
            for parent, part in zip(node.inputs, node.op.gradient_as_tuple(node.grad, node)):
                parent.grad = Tensor(parent.grad.array + part.array)
