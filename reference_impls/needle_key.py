"""The answer key of needle_ops: tensors on NumPy, operators with gradients, and the graph's."""

import numpy as np


class Op:
    def __call__(self, *args):
        raise NotImplementedError

    def compute(self, *args):
        raise NotImplementedError

    def gradient(self, out_grad, node):
        raise NotImplementedError

    def gradient_as_tuple(self, out_grad, node):
        grads = self.gradient(out_grad, node)
        return tuple(grads) if isinstance(grads, (tuple, list)) else (grads,)


class TensorOp(Op):
    def __call__(self, *args):
        return Tensor(self.compute(*(arg.data for arg in args)), op=self, inputs=args)


class Tensor:
    def __init__(self, array, op=None, inputs=()):
        self.data = np.asarray(array)
        self.op = op
        self.inputs = list(inputs)
        self.grad = None

    @property
    def shape(self):
        return self.data.shape

    def numpy(self):
        return self.data

    def backward(self, out_grad=None):
        ones = Tensor(np.ones(self.shape))
        compute_gradient_of_variables(self, ones if out_grad is None else out_grad)

    def __add__(self, other):
        return EWiseAdd()(self, other) if isinstance(other, Tensor) else AddScalar(other)(self)

    def __mul__(self, other):
        return EWiseMul()(self, other) if isinstance(other, Tensor) else MulScalar(other)(self)

    def __pow__(self, other):
        return PowerScalar(other)(self)

    def __sub__(self, other):
        return self + -other

    def __truediv__(self, other):
        return EWiseDiv()(self, other) if isinstance(other, Tensor) else DivScalar(other)(self)

    def __neg__(self):
        return Negate()(self)

    def __matmul__(self, other):
        return MatMul()(self, other)

    __radd__ = __add__
    __rmul__ = __mul__


class EWiseAdd(TensorOp):
    def compute(self, a, b):
        return a + b

    def gradient(self, out_grad, node):
        return out_grad, out_grad


class AddScalar(TensorOp):
    def __init__(self, scalar):
        self.scalar = scalar

    def compute(self, a):
        return a + self.scalar

    def gradient(self, out_grad, node):
        return out_grad


class EWiseMul(TensorOp):
    def compute(self, a, b):
        return a * b

    def gradient(self, out_grad, node):
        lhs, rhs = node.inputs
        return out_grad * rhs, out_grad * lhs


class MulScalar(TensorOp):
    def __init__(self, scalar):
        self.scalar = scalar

    def compute(self, a):
        return a * self.scalar

    def gradient(self, out_grad, node):
        return out_grad * self.scalar


class PowerScalar(TensorOp):
    def __init__(self, scalar):
        self.scalar = scalar

    def compute(self, a):
        return a**self.scalar

    def gradient(self, out_grad, node):
        return out_grad * self.scalar * node.inputs[0] ** (self.scalar - 1)


class EWiseDiv(TensorOp):
    def compute(self, a, b):
        return a / b

    def gradient(self, out_grad, node):
        lhs, rhs = node.inputs
        return out_grad / rhs, -out_grad * lhs / (rhs * rhs)


class DivScalar(TensorOp):
    def __init__(self, scalar):
        self.scalar = scalar

    def compute(self, a):
        return a / self.scalar

    def gradient(self, out_grad, node):
        return out_grad / self.scalar


class Negate(TensorOp):
    def compute(self, a):
        return -a

    def gradient(self, out_grad, node):
        return -out_grad


class Log(TensorOp):
    def compute(self, a):
        return np.log(a)

    def gradient(self, out_grad, node):
        return out_grad / node.inputs[0]


class Exp(TensorOp):
    def compute(self, a):
        return np.exp(a)

    def gradient(self, out_grad, node):
        return out_grad * node


class ReLU(TensorOp):
    def compute(self, a):
        return np.maximum(a, 0.0)

    def gradient(self, out_grad, node):
        return out_grad * Tensor(node.inputs[0].data > 0)


class Transpose(TensorOp):
    def __init__(self, axes=None):
        self.axes = axes

    def compute(self, a):
        return np.swapaxes(a, *(self.axes or (-1, -2)))

    def gradient(self, out_grad, node):
        return transpose(out_grad, self.axes)


class Reshape(TensorOp):
    def __init__(self, shape):
        self.shape = shape

    def compute(self, a):
        return np.reshape(a, self.shape)

    def gradient(self, out_grad, node):
        return reshape(out_grad, node.inputs[0].shape)


class BroadcastTo(TensorOp):
    def __init__(self, shape):
        self.shape = shape

    def compute(self, a):
        return np.broadcast_to(a, self.shape)

    def gradient(self, out_grad, node):
        return summed_to(out_grad, node.inputs[0].shape)


class Summation(TensorOp):
    def __init__(self, axes=None):
        self.axes = axes

    def compute(self, a):
        return np.sum(a, axis=self.axes)

    def gradient(self, out_grad, node):
        shape = node.inputs[0].shape
        gone = range(len(shape)) if self.axes is None else self.axes
        kept = tuple(1 if i in gone else n for i, n in enumerate(shape))
        return broadcast_to(reshape(out_grad, kept), shape)


class MatMul(TensorOp):
    def compute(self, a, b):
        return a @ b

    def gradient(self, out_grad, node):
        lhs, rhs = node.inputs
        by_lhs = matmul(out_grad, transpose(rhs))
        by_rhs = matmul(transpose(lhs), out_grad)
        return summed_to(by_lhs, lhs.shape), summed_to(by_rhs, rhs.shape)


def summed_to(tensor, shape):
    extra = len(tensor.shape) - len(shape)
    stretched = [i + extra for i, n in enumerate(shape) if tensor.shape[i + extra] != n]
    axes = tuple(range(extra)) + tuple(stretched)
    return reshape(summation(tensor, axes), shape) if axes else tensor


def power_scalar(a, scalar):
    return PowerScalar(scalar)(a)


def divide(a, b):
    return EWiseDiv()(a, b)


def divide_scalar(a, scalar):
    return DivScalar(scalar)(a)


def negate(a):
    return Negate()(a)


def log(a):
    return Log()(a)


def exp(a):
    return Exp()(a)


def relu(a):
    return ReLU()(a)


def transpose(a, axes=None):
    return Transpose(axes)(a)


def reshape(a, shape):
    return Reshape(shape)(a)


def broadcast_to(a, shape):
    return BroadcastTo(shape)(a)


def summation(a, axes=None):
    return Summation(axes)(a)


def matmul(a, b):
    return MatMul()(a, b)


def find_topo_sort(node_list):
    order, visited = [], set()

    def visit(node):
        if id(node) in visited:
            return
        visited.add(id(node))
        for child in node.inputs:
            visit(child)
        order.append(node)

    for node in node_list:
        visit(node)
    return order


def compute_gradient_of_variables(output_tensor, out_grad):
    grads = {id(output_tensor): [out_grad]}
    for node in reversed(find_topo_sort([output_tensor])):
        total = grads[id(node)][0]
        for part in grads[id(node)][1:]:
            total = total + part
        node.grad = total
        if node.op is not None:
            parts = node.op.gradient_as_tuple(total, node)
            for child, part in zip(node.inputs, parts):
                grads.setdefault(id(child), []).append(part)
