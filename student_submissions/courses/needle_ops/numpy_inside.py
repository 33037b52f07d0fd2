import numpy as np


class Tensor:
    def __init__(self, array, op=None, inputs=()):
        self.cached_data = np.array(array, dtype=float)
        self.op, self.inputs = op, tuple(inputs)

    def numpy(self):
        return self.cached_data

    @property
    def shape(self):
        return self.cached_data.shape

    def backward(self, out_grad=None):
        compute_gradient_of_variables(self, out_grad or Tensor(np.ones(self.shape)))

    def __add__(self, other):
        return EWiseAdd()(self, other) if isinstance(other, Tensor) else AddScalar(other)(self)

    def __mul__(self, other):
        return EWiseMul()(self, other) if isinstance(other, Tensor) else MulScalar(other)(self)

    def __truediv__(self, other):
        return divide(self, other) if isinstance(other, Tensor) else divide_scalar(self, other)

    def __sub__(self, other):
        return self + negate(other)

    def __pow__(self, other):
        return power_scalar(self, other)

    def __matmul__(self, other):
        return matmul(self, other)

    def __neg__(self):
        return negate(self)

    __radd__, __rmul__ = __add__, __mul__


class TensorOp:
    """The gradient is worked out on arrays: `vjp` takes and gives NumPy."""

    def __init__(self, setting=None):
        self.setting = setting

    def __call__(self, *inputs):
        return Tensor(self.compute(*[t.numpy() for t in inputs]), self, inputs)

    def gradient(self, out_grad, node):
        found = self.vjp(out_grad.numpy(), node.numpy(), *[t.numpy() for t in node.inputs])
        return tuple(Tensor(array) for array in found)

    gradient_as_tuple = gradient


def fitted(array, shape):
    while array.ndim > len(shape):
        array = array.sum(axis=0)
    for axis, length in enumerate(shape):
        if length == 1:
            array = array.sum(axis=axis, keepdims=True)
    return array


class EWiseAdd(TensorOp):
    def compute(self, a, b):
        return a + b

    def vjp(self, d, out, a, b):
        return d, d


class AddScalar(TensorOp):
    def compute(self, a):
        return a + self.setting

    def vjp(self, d, out, a):
        return (d,)


class EWiseMul(TensorOp):
    def compute(self, a, b):
        return a * b

    def vjp(self, d, out, a, b):
        return d * b, d * a


class MulScalar(TensorOp):
    def compute(self, a):
        return a * self.setting

    def vjp(self, d, out, a):
        return (d * self.setting,)


class PowerScalar(TensorOp):
    def compute(self, a):
        return np.power(a, self.setting)

    def vjp(self, d, out, a):
        return (d * self.setting * out / a,)


class EWiseDiv(TensorOp):
    def compute(self, a, b):
        return np.true_divide(a, b)

    def vjp(self, d, out, a, b):
        return d / b, -d * out / b


class DivScalar(TensorOp):
    def compute(self, a):
        return a / self.setting

    def vjp(self, d, out, a):
        return (d / self.setting,)


class Negate(TensorOp):
    def compute(self, a):
        return np.negative(a)

    def vjp(self, d, out, a):
        return (-d,)


class Log(TensorOp):
    def compute(self, a):
        return np.log(a)

    def vjp(self, d, out, a):
        return (d / a,)


class Exp(TensorOp):
    def compute(self, a):
        return np.exp(a)

    def vjp(self, d, out, a):
        return (d * out,)


class ReLU(TensorOp):
    def compute(self, a):
        return np.where(a > 0, a, 0.0)

    def vjp(self, d, out, a):
        return (np.where(a > 0, d, 0.0),)


class Transpose(TensorOp):
    def compute(self, a):
        i, j = self.setting or (a.ndim - 2, a.ndim - 1)
        order = list(range(a.ndim))
        order[i], order[j] = j, i
        return a.transpose(order)

    def vjp(self, d, out, a):
        return (self.compute(d),)


class Reshape(TensorOp):
    def compute(self, a):
        return a.reshape(self.setting)

    def vjp(self, d, out, a):
        return (d.reshape(a.shape),)


class BroadcastTo(TensorOp):
    def compute(self, a):
        return a + np.zeros(self.setting)

    def vjp(self, d, out, a):
        return (fitted(d, a.shape),)


class Summation(TensorOp):
    def compute(self, a):
        return a.sum(axis=self.setting)

    def vjp(self, d, out, a):
        if self.setting is not None:
            d = np.expand_dims(d, self.setting)
        return (d * np.ones_like(a),)


class MatMul(TensorOp):
    def compute(self, a, b):
        return np.matmul(a, b)

    def vjp(self, d, out, a, b):
        by_a, by_b = d @ np.swapaxes(b, -1, -2), np.swapaxes(a, -1, -2) @ d
        return by_a.reshape(-1, *a.shape).sum(0), by_b.reshape(-1, *b.shape).sum(0)


power_scalar = lambda a, scalar: PowerScalar(scalar)(a)
divide = EWiseDiv()
divide_scalar = lambda a, scalar: DivScalar(scalar)(a)
negate, log, exp, relu, matmul = Negate(), Log(), Exp(), ReLU(), MatMul()
transpose = lambda a, axes=None: Transpose(axes)(a)
reshape = lambda a, shape: Reshape(shape)(a)
broadcast_to = lambda a, shape: BroadcastTo(shape)(a)
summation = lambda a, axes=None: Summation(axes)(a)


def find_topo_sort(node_list):
    order = {}

    def visit(node):
        if node not in order:
            for parent in node.inputs:
                visit(parent)
            order[node] = None

    for node in node_list:
        visit(node)
    return list(order)


def compute_gradient_of_variables(output_tensor, out_grad):
    order = find_topo_sort([output_tensor])
    sums = {output_tensor: out_grad.numpy()}
    for node in order[::-1]:
        node.grad = Tensor(sums[node])
        if node.op:
            for parent, part in zip(node.inputs, node.op.gradient(node.grad, node)):
                sums[parent] = sums.get(parent, 0.0) + part.numpy()
