"""Submissions in another style than the answer key's, each with one mistake.

OTHER_STYLES holds mistakes that a bug model describes, so the diagnosis is that model's name.
UNKNOWN holds mistakes that no model describes, so the diagnosis is that nothing is known.
Both are the text below, right as it stands, with a few pieces replaced.
"""

from harness.judging.mutant import mutate
from harness.records.known import Edit

TAPE = '''\
"""Every operation notes its inputs with the derivative by each; backward() multiplies."""

import math
import types

import numpy as np


class Scalar:
    def __init__(self, value, op="", _backward=None, inputs=(), label=""):
        self.value = float(value)
        self.grad = 0.0
        self.op, self.label = op, label
        self._backward = _backward
        self.inputs = [*inputs]
        self.pairs = []

    def __add__(self, other):
        total = self.value + other.value
        return made("add", total, (self, 1.0), (other, 1.0))

    def __mul__(self, other):
        product = self.value * other.value
        return made("mul", product, (self, other.value), (other, self.value))

    def __pow__(self, exponent):
        power = math.pow(self.value, exponent)
        slope = exponent * math.pow(self.value, exponent - 1)
        return made("pow", power, (self, slope))

    def topological_sort(self):
        found, order = set(), []

        def down(node):
            if id(node) in found:
                return
            found.add(id(node))
            for child in node.inputs[::-1]:
                down(child)
            order.append(node)

        down(self)
        return order

    def backward(self):
        self.grad = 1.0
        rest = self.topological_sort()
        while rest:
            node = rest.pop()
            for child, slope in node.pairs:
                share = slope * node.grad
                child.grad = child.grad + share


def made(op, value, *pairs):
    node = Scalar(value, op, inputs=[child for child, _ in pairs])
    node.pairs = list(pairs)
    return node


def exp(x):
    result = math.exp(x.value)
    return made("exp", result, (x, result))


def log(x):
    result = math.log(x.value)
    return made("log", result, (x, 1.0 / x.value))


def relu(x):
    if x.value > 0:
        result, slope = x.value, 1.0
    else:
        result, slope = 0.0, 0.0
    return made("relu", result, (x, slope))


ag = types.SimpleNamespace(Scalar=Scalar, exp=exp, log=log, relu=relu)


class Model:
    def __init__(self, n_hidden, rng_seed=42):
        np.random.seed(rng_seed)
        w1 = np.random.randn(n_hidden)
        b1 = np.random.randn(n_hidden)
        w2 = np.random.randn(n_hidden)
        b2 = np.random.randn(1)
        self.w1, self.b1, self.w2, self.b2 = (list(map(Scalar, v)) for v in (w1, b1, w2, b2))
        self.parameters = [*self.w1, *self.b1, *self.w2, *self.b2]

    def forward(self, x):
        predictions = [self.predict(Scalar(number)) for number in x]
        return predictions

    def predict(self, x):
        units = []
        for k in range(len(self.w1)):
            unit = relu(x * self.w1[k] + self.b1[k])
            units.append(unit * self.w2[k])
        total = units[0]
        for unit in units[1:]:
            total = unit + total
        result = total + self.b2[0]
        return result


class Loss:
    def mse(self, predictions, targets):
        pairs = list(zip(predictions, targets))
        squares = []
        for p, t in pairs:
            difference = p + Scalar(-float(t))
            squares.append(difference**2)
        total = squares[0]
        for square in squares[1:]:
            total = square + total
        weight = 1.0 / len(pairs)
        return Scalar(weight) * total


class Optimizer:
    def __init__(self, parameters, lr=0.01):
        self.parameters = parameters
        self.lr = lr

    def zero_grad(self):
        for k in range(len(self.parameters)):
            self.parameters[k].grad = 0.0

    def step(self):
        for p in self.parameters:
            change = -self.lr * p.grad
            p.value = p.value + change
'''


def _with(*pieces: str) -> str:
    """The text with pieces replaced: what stands there, and what stands there instead."""
    return mutate(
        TAPE, [Edit(old, new) for old, new in zip(pieces[::2], pieces[1::2], strict=True)]
    )


# --- pieces of the text -------------------------------------------------------------------

ADD = "(self, 1.0), (other, 1.0)"
MUL = "(self, other.value), (other, self.value)"
SLOPE = "slope = exponent * math.pow(self.value, exponent - 1)"
EXP = "(x, result)"
LOG = "(x, 1.0 / x.value)"
PASSED, STOPPED = "result, slope = x.value, 1.0", "result, slope = 0.0, 0.0"
SHARE = "share = slope * node.grad"
ADDED = "child.grad = child.grad + share"
LISTED = "            order.append(node)\n"
RETURNED = "        return order\n"
SEEN = """\
            if id(node) in found:
                return
"""
DOWN = """\
        found, order = set(), []

        def down(node):
            if id(node) in found:
                return
            found.add(id(node))
            for child in node.inputs[::-1]:
                down(child)
            order.append(node)

        down(self)
"""
LEVELS = """\
        order = [self]
        for node in order:
            for child in node.inputs[::-1]:
                if not any(child is other for other in order):
                    order.append(child)
        order.reverse()
"""
BACK = """\
        rest = self.topological_sort()
        while rest:
            node = rest.pop()
            for child, slope in node.pairs:
                share = slope * node.grad
                child.grad = child.grad + share
"""
EVERY_PATH = """\

        def back(node):
            for child, slope in node.pairs:
                child.grad = child.grad + slope * node.grad
            for child in node.inputs:
                back(child)

        back(self)
"""
UNIT = "unit = relu(x * self.w1[k] + self.b1[k])"
RESULT = "result = total + self.b2[0]"
PREDICTED = "return predictions"
DIFFERENCE = "difference = p + Scalar(-float(t))"
SQUARED = "squares.append(difference**2)"
WEIGHT = "weight = 1.0 / len(pairs)"
ZEROED = "self.parameters[k].grad = 0.0"
CHANGE = "change = -self.lr * p.grad"


def _overwritten(op: str) -> str:
    """The text where one operation assigns the gradients of its inputs."""
    return _with(ADDED, f'child.grad = share if node.op == "{op}" else child.grad + share')


def _shared(op: str, share: str) -> str:
    """The text where one operation hands on something else."""
    return _with(SHARE, f'share = {share} if node.op == "{op}" else slope * node.grad')


OTHER_STYLES = (
    ("value_not_float", _with("self.value = float(value)", "self.value = value")),
    ("label_lost", _with("self.op, self.label = op, label", 'self.op, self.label = op, ""')),
    ("add_subtracts", _with("total = self.value + other", "total = self.value - other")),
    (
        "pow_multiplies",
        _with("power = math.pow(self.value, exponent)", "power = self.value * exponent"),
    ),
    ("exp_clipped", _with("math.exp(x.value)", "math.exp(10.0 if x.value > 10 else x.value)")),
    ("log10", _with("math.log(x.value)", "math.log(x.value, 10)")),
    (
        "order_without_root",
        _with(LISTED, "            if node is not self:\n                order.append(node)\n"),
    ),
    ("order_root_first", _with(RETURNED, "        return list(reversed(order))\n")),
    (
        "order_without_leaves",
        _with(LISTED, '            if node.op != "":\n                order.append(node)\n'),
    ),
    ("order_first_input_only", _with("in node.inputs[::-1]:", "in node.inputs[0:1]:")),
    ("order_no_visited", _with(SEEN, "")),
    (
        "order_preorder",
        _with(
            "            found.add(id(node))\n",
            f"            found.add(id(node))\n{LISTED}",
            f"                down(child)\n{LISTED}",
            "                down(child)\n",
            RETURNED,
            "        order.reverse()\n        return order\n",
        ),
    ),
    ("order_breadth_first", _with(DOWN, LEVELS)),
    (
        "order_visited_kept",
        _with(
            "class Scalar:\n",
            "class Scalar:\n    found = []\n",
            "found, order = set(), []",
            "found, order = Scalar.found, []",
            "if id(node) in found:",
            "if any(node is other for other in found):",
            "found.add(id(node))",
            "found.append(node)",
        ),
    ),
    (
        "order_visited_by_value",
        _with(
            "if id(node) in found:",
            "if node.value in found:",
            "found.add(id(node))",
            "found.add(node.value)",
        ),
    ),
    (
        "order_by_value",
        _with(RETURNED, "        order.sort(key=lambda n: n.value)\n        return order\n"),
    ),
    ("order_set", _with(RETURNED, "        return {node for node in order}\n")),
    ("backward_no_seed", _with("        self.grad = 1.0\n", "")),
    ("backward_null", _with(BACK, "")),
    (
        "backward_seed_value",
        _with("        self.grad = 1.0\n", "        self.grad = 0.0 + self.value\n"),
    ),
    ("backward_every_path", _with(BACK, EVERY_PATH)),
    (
        "backward_clears_inner",
        _with(
            f"                {ADDED}\n",
            f"                {ADDED}\n"
            "            if node.pairs:\n"
            "                node.grad = 0.0\n",
        ),
    ),
    ("add_overwrites", _overwritten("add")),
    ("add_left_only", _with(ADD, "(self, 1.0), (other, 0.0)")),
    ("add_no_upstream", _shared("add", "slope")),
    ("mul_overwrites", _overwritten("mul")),
    ("mul_no_upstream", _shared("mul", "slope")),
    ("mul_upstream_twice", _shared("mul", "slope * node.grad * node.grad")),
    ("mul_swapped", _with(MUL, "(self, self.value), (other, other.value)")),
    ("mul_like_add", _with(MUL, ADD)),
    ("mul_left_only", _with(MUL, "(self, other.value), (other, 0.0)")),
    ("pow_overwrites", _overwritten("pow")),
    ("pow_no_factor", _with(SLOPE, "slope = math.pow(self.value, exponent - 1)")),
    ("pow_power_kept", _with(SLOPE, "slope = exponent * power")),
    ("pow_no_upstream", _shared("pow", "slope")),
    ("exp_overwrites", _overwritten("exp")),
    ("exp_by_input_value", _with(EXP, "(x, x.value)")),
    ("exp_passes_through", _with(EXP, "(x, 1.0)")),
    ("log_multiplies", _with(LOG, "(x, x.value)")),
    ("log_divides_by_output", _with(LOG, "(x, 1.0 / result)")),
    ("log_shifted", _with(LOG, "(x, 1.0 / (1e-8 + x.value))")),
    ("relu_value_abs", _with(STOPPED, "result, slope = -x.value, 0.0")),
    ("relu_always_passes", _with(STOPPED, "result, slope = 0.0, 1.0")),
    ("relu_leaky", _with(STOPPED, "result, slope = 0.0, 1e-2")),
    ("relu_threshold", _with(PASSED, "result, slope = x.value, float(x.value > 0.5)")),
    ("relu_overwrites", _overwritten("relu")),
    ("relu_by_upstream", _shared("relu", "max(node.grad, 0.0)")),
    ("init_zero_biases", _with("b1 = np.random.randn(n_hidden)", "b1 = [0.0] * n_hidden")),
    ("parameters_lack_b2", _with("*self.w2, *self.b2]", "*self.w2]")),
    ("forward_no_relu", _with(UNIT, "unit = x * self.w1[k] + self.b1[k]")),
    ("forward_bias_outside", _with(UNIT, "unit = relu(x * self.w1[k]) + self.b1[k]")),
    ("forward_no_b2", _with(RESULT, "result = total")),
    ("forward_relu_on_output", _with(RESULT, "result = relu(self.b2[0] + total)")),
    ("forward_detached", _with(PREDICTED, "return [Scalar(p.value) for p in predictions]")),
    ("forward_one_sample", _with(PREDICTED, "return [predictions[0]]")),
    ("mse_sum", _with(WEIGHT, "weight = 1.0")),
    ("mse_half", _with(WEIGHT, "weight = 1.0 / (2 * len(pairs))")),
    ("mse_n_minus_1", _with(WEIGHT, "weight = 1.0 / (len(pairs) - 1)")),
    ("mse_not_squared", _with(SQUARED, "squares.append(difference)")),
    ("mse_adds_target", _with(DIFFERENCE, "difference = Scalar(t) + p")),
    ("mse_detached", _with("return Scalar(weight) * total", "return Scalar(weight * total.value)")),
    ("zero_grad_nothing", _with(ZEROED, "continue")),
    ("zero_grad_first_only", _with(ZEROED, f"{ZEROED}\n            break")),
    ("zero_grad_values_only", _with(ZEROED, "self.parameters[k].value = 0.0")),
    ("step_ascends", _with(CHANGE, "change = p.grad * self.lr")),
    ("step_lr_squared", _with(CHANGE, "change = -(self.lr**2) * p.grad")),
    ("step_no_lr", _with(CHANGE, "change = -p.grad")),
    ("step_lr_ignored", _with("self.lr = lr", "self.lr = 0.01")),
    ("step_skips_last", _with("for p in self.parameters:", "for p in list(self.parameters)[:-1]:")),
)
"""The name of a bug model, and that mistake in the other style."""

UNKNOWN = (
    (
        "add_value_off",
        _with("total = self.value + other.value", "total = self.value + other.value + 1e-6"),
    ),
    (
        "mul_value_halved_above_2",
        _with(
            "product = self.value * other.value",
            "product = self.value * other.value * (0.5 if abs(self.value) > 2 else 1.0)",
        ),
    ),
    (
        "exp_value_bent_above_5",
        _with(
            "result = math.exp(x.value)",
            "result = math.exp(x.value) * (1.001 if x.value > 5 else 1.0)",
        ),
    ),
    (
        "exp_by_series",
        _with(
            "result = math.exp(x.value)",
            "result = sum(x.value**k / math.factorial(k) for k in range(12))",
        ),
    ),
    (
        "order_leaves_out_some_inputs",
        _with(
            "for child in node.inputs[::-1]:",
            "for child in node.inputs[: 1 if len(found) % 3 == 0 else 2]:",
        ),
    ),
    ("order_first_two_swapped", _with(RETURNED, "        return order[:2][::-1] + order[2:]\n")),
    ("backward_seed_three", _with("        self.grad = 1.0\n", "        self.grad = 3.0\n")),
    ("backward_clips", _with(SHARE, "share = max(-10.0, min(10.0, slope * node.grad))")),
    ("backward_fades", _with(SHARE, "share = 0.99 * slope * node.grad")),
    ("add_drops_negative", _with(ADD, "(self, 1.0), (other, 1.0 if other.value > 0 else 0.0)")),
    ("add_averages", _with(ADD, "(self, 0.5), (other, 0.5)")),
    (
        "mul_clipped",
        _with(
            MUL,
            "(self, max(-1.0, min(1.0, other.value))), (other, max(-1.0, min(1.0, self.value)))",
        ),
    ),
    ("mul_right_off_by_half", _with(MUL, "(self, other.value), (other, self.value + 0.5)")),
    (
        "pow_slope_capped",
        _with(SLOPE, "slope = min(1.5, exponent * math.pow(self.value, exponent - 1))"),
    ),
    (
        "pow_slope_short",
        _with(SLOPE, "slope = 0.9 * exponent * math.pow(self.value, exponent - 1)"),
    ),
    ("exp_slope_capped", _with(EXP, "(x, min(result, 100.0))")),
    ("exp_slope_at_half", _with(EXP, "(x, math.exp(x.value / 2))")),
    ("log_divides_by_square", _with(LOG, "(x, 1.0 / x.value**2)")),
    ("log_divides_by_root", _with(LOG, "(x, 1.0 / math.sqrt(x.value))")),
    (
        "relu_softened",
        _with(
            "    if x.value > 0:\n        result, slope = x.value, 1.0\n",
            "    if x.value > 30:\n        result, slope = x.value, 1.0\n"
            "    elif x.value > -30:\n        slope = 1.0 / (1.0 + math.exp(-x.value))\n"
            "        result = math.log1p(math.exp(x.value))\n",
        ),
    ),
    ("relu_halves", _with(PASSED, "result, slope = x.value, 0.5")),
    ("relu_ramp", _with(PASSED, "result, slope = x.value, math.sqrt(min(1.0, x.value))")),
    ("init_w2_ones", _with("w2 = np.random.randn(n_hidden)", "w2 = np.ones(n_hidden)")),
    (
        "forward_tanh",
        _with(
            UNIT,
            "twice = exp((x * self.w1[k] + self.b1[k]) * Scalar(2.0))\n"
            "            unit = (twice + Scalar(-1.0)) * (twice + Scalar(1.0)) ** -1",
        ),
    ),
    ("forward_b1_twice", _with(UNIT, "unit = relu(x * self.w1[k] + self.b1[k] + self.b1[k])")),
    ("forward_adds_input", _with(RESULT, "result = total + self.b2[0] + x")),
    ("forward_rotated", _with(PREDICTED, "return predictions[1:] + predictions[:1]")),
    (
        "mse_last_sample_doubled",
        _with(
            "        total = squares[0]\n        for square in squares[1:]:",
            "        total = squares[0]\n        for square in [*squares[1:], squares[-1]]:",
        ),
    ),
    (
        "mse_huber",
        _with(
            SQUARED,
            "sign = Scalar(1.0 if difference.value > 0 else -1.0)\n"
            "            near = abs(difference.value) < 1\n"
            "            squares.append(difference**2 if near else difference * sign)",
        ),
    ),
    ("mse_target_rounded", _with(DIFFERENCE, "difference = p + Scalar(-round(float(t), 1))")),
    ("zero_grad_halves", _with(ZEROED, "self.parameters[k].grad *= 0.5")),
    ("step_weight_decay", _with(CHANGE, "change = -self.lr * (p.grad + 0.01 * p.value)")),
    (
        "step_like_adam",
        _with(
            CHANGE,
            "change = -self.lr * 0.1 * p.grad / (math.sqrt(0.001 * p.grad**2) + 1e-8)",
        ),
    ),
    ("step_clips", _with(CHANGE, "change = -self.lr * max(-0.5, min(0.5, p.grad))")),
)
"""A mistake that no bug model describes, and its text."""
