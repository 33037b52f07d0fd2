from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Iterable, Optional, Sequence, Type

count = 0


def wrap_tuple(x: Any) -> tuple:
    return x if isinstance(x, tuple) else (x,)


def central_difference(f: Any, *vals: Any, arg: int = 0, epsilon: float = 1e-6) -> Any:
    up = f(*[v + epsilon if i == arg else v for i, v in enumerate(vals)])
    down = f(*[v - epsilon if i == arg else v for i, v in enumerate(vals)])
    return (up - down) / 2.0 / epsilon


@dataclass
class Context:
    no_grad: bool = False
    saved_values: tuple = ()

    def save_for_backward(self, *values: Any) -> None:
        if self.no_grad:
            return
        self.saved_values = values


@dataclass
class ScalarHistory:
    last_fn: Optional[Type[ScalarFunction]] = None
    ctx: Optional[Context] = None
    inputs: Sequence[Scalar] = ()


@dataclass(eq=False)
class Scalar:
    data: float
    history: Optional[ScalarHistory] = field(default_factory=ScalarHistory)
    derivative: Optional[float] = None

    def __post_init__(self):
        global count
        count += 1
        self.unique_id = count
        self.data = float(self.data)

    def __mul__(self, b):
        return Mul.apply(self, b)

    def __rmul__(self, b):
        return self * b

    def __truediv__(self, b):
        return Mul.apply(self, Inv.apply(b))

    def __rtruediv__(self, b):
        return Mul.apply(b, Inv.apply(self))

    def __add__(self, b):
        return Add.apply(self, b)

    def __radd__(self, b):
        return self + b

    def __sub__(self, b):
        return Add.apply(self, Neg.apply(b))

    def __neg__(self):
        return Neg.apply(self)

    def __lt__(self, b):
        return LT.apply(self, b)

    def __gt__(self, b):
        return LT.apply(b, self)

    def __eq__(self, b):
        return EQ.apply(self, b)

    def __hash__(self):
        return self.unique_id

    def exp(self):
        return Exp.apply(self)

    def sigmoid(self):
        return Sigmoid.apply(self)

    def relu(self):
        return ReLU.apply(self)

    def accumulate_derivative(self, x: Any) -> None:
        assert self.is_leaf()
        if self.derivative is None:
            self.derivative = 0.0
        self.derivative += x

    def is_leaf(self) -> bool:
        return self.history is not None and self.history.last_fn is None

    def is_constant(self) -> bool:
        return self.history is None

    @property
    def parents(self) -> Iterable[Scalar]:
        return self.history.inputs

    def chain_rule(self, d_output: Any):
        h = self.history
        grads = wrap_tuple(h.last_fn.backward(h.ctx, d_output))
        for variable, grad in zip(h.inputs, grads):
            if not variable.is_constant():
                yield variable, grad

    def backward(self, d_output: Optional[float] = None) -> None:
        backpropagate(self, 1.0 if d_output is None else d_output)


class ScalarFunction:
    @classmethod
    def apply(cls, *vals):
        raw, scalars = [], []
        for v in vals:
            v = v if isinstance(v, Scalar) else Scalar(v)
            scalars.append(v)
            raw.append(v.data)
        ctx = Context(False)
        c = cls.forward(ctx, *raw)
        assert isinstance(c, float), type(c)
        return Scalar(c, ScalarHistory(cls, ctx, scalars))


class Add(ScalarFunction):
    @staticmethod
    def forward(ctx, a, b):
        return a + b

    @staticmethod
    def backward(ctx, d_output):
        return d_output, d_output


class Mul(ScalarFunction):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, d_output):
        a, b = ctx.saved_values
        return b * d_output, a * d_output


class Inv(ScalarFunction):
    @staticmethod
    def forward(ctx, a):
        ctx.save_for_backward(a)
        return 1.0 / a

    @staticmethod
    def backward(ctx, d_output):
        (a,) = ctx.saved_values
        return -(1.0 / a**2) * d_output


class Neg(ScalarFunction):
    @staticmethod
    def forward(ctx, a):
        return -1.0 * a

    @staticmethod
    def backward(ctx, d_output):
        return -1.0 * d_output


class Sigmoid(ScalarFunction):
    @staticmethod
    def forward(ctx, a):
        ctx.save_for_backward(a)
        return sigmoid(a)

    @staticmethod
    def backward(ctx, d_output):
        (a,) = ctx.saved_values
        return d_output * sigmoid(a) * (1.0 - sigmoid(a))


def sigmoid(x):
    return 1.0 / (1.0 + math.exp(-x)) if x >= 0 else math.exp(x) / (1.0 + math.exp(x))


class ReLU(ScalarFunction):
    @staticmethod
    def forward(ctx, a):
        ctx.save_for_backward(a)
        return float(max(a, 0))

    @staticmethod
    def backward(ctx, d_output):
        (a,) = ctx.saved_values
        return d_output * (a > 0)


class Exp(ScalarFunction):
    @staticmethod
    def forward(ctx, a):
        ctx.save_for_backward(a)
        return math.exp(a)

    @staticmethod
    def backward(ctx, d_output):
        (a,) = ctx.saved_values
        return d_output * math.exp(a)


class LT(ScalarFunction):
    @staticmethod
    def forward(ctx, a, b):
        return float(a < b)

    @staticmethod
    def backward(ctx, d_output):
        return 0.0, 0.0


class EQ(ScalarFunction):
    @staticmethod
    def forward(ctx, a, b):
        return float(a == b)

    @staticmethod
    def backward(ctx, d_output):
        return 0.0, 0.0


def topological_sort(variable: Scalar) -> Iterable[Scalar]:
    order, seen = [], set()

    def visit(v):
        if v.unique_id in seen or v.is_constant():
            return
        if not v.is_leaf():
            for parent in v.parents:
                visit(parent)
        seen.add(v.unique_id)
        order.insert(0, v)

    visit(variable)
    return order


def backpropagate(variable: Scalar, deriv: Any) -> None:
    derivs = {variable.unique_id: deriv}
    for v in topological_sort(variable):
        d = derivs[v.unique_id]
        if v.is_leaf():
            v.accumulate_derivative(d)
        else:
            for parent, part in v.chain_rule(d):
                derivs.setdefault(parent.unique_id, 0.0)
                derivs[parent.unique_id] = derivs[parent.unique_id] + part
