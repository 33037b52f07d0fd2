"""The known mistakes of the lecture's ag module and MLP, each as a mutant of the answer key.

A model is text of the answer key and what stands there instead, the sentence that a student is
told, and a hint that points into the lecture without giving the line away. Models that share a
name are variants of one mistake. Here are values and gradients; the order and backward() are in
order_bug_models.py, Model, Loss and Optimizer in mlp_bug_models.py.
"""

from __future__ import annotations

from pathlib import Path

from harness.records.handed_in import Source
from harness.records.known import AnswerKey, BugModel, Edit
from reference_impls.bug_table import instead_of
from reference_impls.equivalent_mutants import EQUIVALENT
from reference_impls.mlp_bug_models import MLP_MODELS
from reference_impls.order_bug_models import BACKWARD_MODELS, ORDER_MODELS, TRAVERSALS

TEXT = Path(__file__).with_name("answer_key.py").read_text(encoding="utf-8")

# --- hints --------------------------------------------------------------------------------

KEEPS = 'What does the constructor keep, and of which type? See "An autograd “module”".'
MEANT = 'Work one small example by hand; see "Automatic differentiation".'
USES = 'A node that is used twice gets a gradient from each use; see "Backward and add".'
CHAIN = 'By the chain rule, which gradient arrives at the output first? See "Backward and add".'
BOTH = 'Which operands does the result depend on, and how? See "Backward and add".'
RULE = 'Write down the derivative of this one operation; see "Exercise 2.B".'
EMPTY = 'What does this _backward() hand on to its inputs? See "Exercise 2.B".'
PLOT = 'Compare with the plot, on both sides of 0; see "Exercise 2.C".'

# --- ag: the constructor and the values ---------------------------------------------------

_CONSTRUCTOR = (
    *instead_of(
        "self.value = float(value)",
        "ag",
        (
            "value_not_float",
            "`Scalar` keeps its value as it was given instead of making it a float.",
            KEEPS,
            "self.value = value",
        ),
        (
            "value_truncated",
            "`Scalar` cuts its value to a whole number.",
            KEEPS,
            "self.value = float(int(value))",
            "self.value = int(value)",
        ),
        (
            "value_rounded",
            "`Scalar` rounds its value to a few decimal places.",
            KEEPS,
            *(f"self.value = round(float(value), {digits})" for digits in (2, 3, 4, 6, 8)),
        ),
        (
            "values_float32",
            "`Scalar` keeps its value in single precision, with half of the digits.",
            KEEPS,
            "self.value = float(np.float32(value))",
        ),
        (
            "value_without_sign",
            "`Scalar` keeps the absolute value of what it was given.",
            KEEPS,
            "self.value = abs(float(value))",
        ),
    ),
    *instead_of(
        "self.grad = 0.0",
        "ag",
        (
            "grad_none",
            "`Scalar` starts with the gradient `None` instead of `0.0`.",
            KEEPS,
            "self.grad = None",
        ),
        (
            "grad_not_float",
            "`Scalar` starts with the integer `0` as its gradient instead of the float `0.0`.",
            KEEPS,
            "self.grad = 0",
        ),
        (
            "grad_starts_at_one",
            "`Scalar` starts with the gradient 1 instead of 0.",
            KEEPS,
            "self.grad = 1.0",
        ),
    ),
    *instead_of(
        "self.label = label",
        "ag",
        (
            "label_lost",
            "`Scalar` does not keep the label that it was given.",
            KEEPS,
            'self.label = ""',
        ),
    ),
)

_SHARED = (
    "inputs_shared",
    "ag",
    "Scalars share one list of inputs, so `inputs` holds nodes that a node does not depend on.",
    'When is the default of an argument made? See "An autograd “module”".',
)
_SHARED_DEFAULT = (
    Edit('inputs=(), label=""', 'inputs=[], label=""'),
    Edit("self.inputs = list(inputs)", "self.inputs = inputs"),
)
_SHARED_ADD = Edit(
    'output = ag.Scalar(self.value + other.value, inputs=[self, other], op="add")',
    'output = ag.Scalar(self.value + other.value, op="add")\n'
    "            output.inputs.extend([self, other])",
)
_SHARED_MUL = Edit(
    'output = ag.Scalar(self.value * other.value, inputs=[self, other], op="mul")',
    'output = ag.Scalar(self.value * other.value, op="mul")\n'
    "            output.inputs.extend([self, other])",
)
_INPUTS = (
    BugModel(*_SHARED, (*_SHARED_DEFAULT, _SHARED_ADD)),
    BugModel(*_SHARED, (*_SHARED_DEFAULT, _SHARED_ADD, _SHARED_MUL)),
)

_VALUES = (
    *instead_of(
        "self.value + other.value",
        "ag",
        (
            "add_subtracts",
            "`__add__` subtracts the second value from the first.",
            MEANT,
            "self.value - other.value",
        ),
        (
            "add_multiplies",
            "`__add__` multiplies the two values.",
            MEANT,
            "self.value * other.value",
        ),
        (
            "add_first_twice",
            "`__add__` adds the first value to itself and leaves out the second.",
            MEANT,
            "self.value + self.value",
        ),
    ),
    *instead_of(
        "ag.Scalar(self.value * other.value",
        "ag",
        (
            "mul_adds",
            "`__mul__` adds the two values.",
            MEANT,
            "ag.Scalar(self.value + other.value",
        ),
        (
            "mul_first_twice",
            "`__mul__` multiplies the first value by itself and leaves out the second.",
            MEANT,
            "ag.Scalar(self.value * self.value",
        ),
    ),
    *instead_of(
        "ag.Scalar(self.value**exponent",
        "ag",
        (
            "pow_multiplies",
            "`__pow__` multiplies the value by the exponent.",
            MEANT,
            "ag.Scalar(self.value * exponent",
        ),
        (
            "pow_swapped",
            "`__pow__` raises the exponent to the power of the value.",
            MEANT,
            "ag.Scalar(exponent**self.value",
        ),
        (
            "pow_abs_value",
            "`__pow__` raises the absolute value of its base, so the sign of the result is lost.",
            MEANT,
            "ag.Scalar(abs(self.value) ** exponent",
        ),
        (
            "pow_whole_exponent",
            "`__pow__` cuts the exponent to a whole number when it computes the value.",
            MEANT,
            "ag.Scalar(self.value ** int(exponent)",
        ),
        (
            "pow_always_squares",
            "`__pow__` squares its base whatever the exponent is.",
            MEANT,
            "ag.Scalar(self.value**2",
        ),
    ),
    *instead_of(
        "math.exp(input.value)",
        "ag",
        (
            "exp_of_ten",
            "`exp` computes a power of 10 instead of a power of e.",
            MEANT,
            "10.0 ** input.value",
        ),
        (
            "exp_of_two",
            "`exp` computes a power of 2 instead of a power of e.",
            MEANT,
            "2.0 ** input.value",
        ),
        (
            "exp_rounded_e",
            "`exp` computes with a rounded e.",
            MEANT,
            *(
                f"{e} ** input.value"
                for e in (2.7, 2.71, 2.718, 2.7183, 2.71828, 2.718282, 2.7182818, 2.718281828)
            ),
        ),
        (
            "exp_clipped",
            "`exp` cuts its input at 10.",
            MEANT,
            "math.exp(min(input.value, 10.0))",
        ),
        (
            "exp_negated",
            "`exp` changes the sign of its input.",
            MEANT,
            "math.exp(-input.value)",
        ),
        (
            "exp_minus_one",
            "`exp` subtracts 1 from its value.",
            MEANT,
            "math.exp(input.value) - 1.0",
        ),
    ),
    *instead_of(
        "math.log(input.value)",
        "ag",
        (
            "log10",
            "`log` computes the logarithm to base 10 instead of the natural one.",
            MEANT,
            "math.log10(input.value)",
        ),
        (
            "log2",
            "`log` computes the logarithm to base 2 instead of the natural one.",
            MEANT,
            "math.log2(input.value)",
        ),
        (
            "log1p",
            "`log` adds 1 to its input before it computes the logarithm.",
            MEANT,
            "math.log1p(input.value)",
        ),
        (
            "log_value_shifted",
            "`log` adds a small number to its input before it computes the logarithm.",
            MEANT,
            *(f"math.log(input.value + {tiny})" for tiny in ("1e-5", "1e-6", "1e-8", "1e-10")),
        ),
        (
            "log_negated",
            "`log` changes the sign of its value.",
            MEANT,
            "-math.log(input.value)",
        ),
    ),
)

# --- 2.B: the gradient of each operation --------------------------------------------------

_ADD_LEFT = "self.grad += output.grad"
_ADD_RIGHT = "other.grad += output.grad"
_MUL_LEFT = "self.grad += other.value * output.grad"
_MUL_RIGHT = "other.grad += self.value * output.grad"
_POW = "self.grad += exponent * self.value ** (exponent - 1) * output.grad"
_EXP = "input.grad += output.value * output.grad"
_LOG = "input.grad += output.grad / input.value"
_RELU = "input.grad += (1.0 if input.value > 0 else 0.0) * output.grad"
_RELU_VALUE = "max(0, input.value)"


def _add(name: str, sentence: str, hint: str, left: str, right: str) -> BugModel:
    edits = (Edit(_ADD_LEFT, left), Edit(_ADD_RIGHT, right))
    return BugModel(name, "2.B", sentence, hint, edits)


def _mul(name: str, sentence: str, hint: str, left: str, right: str) -> BugModel:
    edits = (Edit(_MUL_LEFT, left), Edit(_MUL_RIGHT, right))
    return BugModel(name, "2.B", sentence, hint, edits)


_GRADIENT_ADD = (
    _add(
        "add_overwrites",
        "`__add__` overwrites the gradient instead of adding to it.",
        USES,
        "self.grad = output.grad",
        "other.grad = output.grad",
    ),
    _add(
        "add_no_upstream",
        "`__add__` adds 1 to the gradient of each operand instead of its own gradient.",
        CHAIN,
        "self.grad += 1.0",
        "other.grad += 1.0",
    ),
    _add(
        "add_upstream_twice",
        "`__add__` multiplies by the gradient of its output twice.",
        CHAIN,
        "self.grad += output.grad * output.grad",
        "other.grad += output.grad * output.grad",
    ),
    _add(
        "add_doubles",
        "`__add__` hands on twice the gradient of its output.",
        CHAIN,
        "self.grad += 2.0 * output.grad",
        "other.grad += 2.0 * output.grad",
    ),
    _add(
        "add_like_mul",
        "`__add__` multiplies the gradient of each operand by the value of the other.",
        RULE,
        "self.grad += other.value * output.grad",
        "other.grad += self.value * output.grad",
    ),
    _add(
        "add_by_own_value",
        "`__add__` multiplies the gradient of each operand by the operand's own value.",
        RULE,
        "self.grad += self.value * output.grad",
        "other.grad += other.value * output.grad",
    ),
    _add(
        "add_by_output_value",
        "`__add__` multiplies its gradient by the value of its output.",
        RULE,
        "self.grad += output.value * output.grad",
        "other.grad += output.value * output.grad",
    ),
    _add(
        "add_nothing",
        "`__add__` hands no gradient to its operands.",
        'What does this _backward() hand on to its inputs? See "Backward and add".',
        "pass",
        "pass",
    ),
    *instead_of(
        _ADD_LEFT,
        "2.B",
        (
            "add_overwrites_left",
            "`__add__` overwrites the gradient of its left operand instead of adding to it.",
            USES,
            "self.grad = output.grad",
        ),
        (
            "add_right_only",
            "`__add__` hands no gradient to its left operand.",
            BOTH,
            "pass",
        ),
    ),
    *instead_of(
        _ADD_RIGHT,
        "2.B",
        (
            "add_overwrites_right",
            "`__add__` overwrites the gradient of its right operand instead of adding to it.",
            USES,
            "other.grad = output.grad",
        ),
        (
            "add_left_only",
            "`__add__` hands no gradient to its right operand.",
            BOTH,
            "pass",
        ),
        (
            "add_negates_right",
            "`__add__` changes the sign of the gradient for its right operand.",
            RULE,
            "other.grad -= output.grad",
        ),
        (
            "add_same_operand_once",
            "`__add__` hands the gradient only once to an operand that it adds to itself.",
            USES,
            "other.grad += 0.0 if other is self else output.grad",
        ),
    ),
)

_GRADIENT_MUL = (
    _mul(
        "mul_overwrites",
        "`__mul__` overwrites the gradient instead of adding to it.",
        USES,
        "self.grad = other.value * output.grad",
        "other.grad = self.value * output.grad",
    ),
    _mul(
        "mul_no_upstream",
        "`__mul__` leaves out the gradient of its output.",
        CHAIN,
        "self.grad += other.value",
        "other.grad += self.value",
    ),
    _mul(
        "mul_upstream_twice",
        "`__mul__` multiplies by the gradient of its output twice.",
        CHAIN,
        "self.grad += other.value * output.grad * output.grad",
        "other.grad += self.value * output.grad * output.grad",
    ),
    _mul(
        "mul_adds_upstream",
        "`__mul__` adds the gradient of its output where it should multiply by it.",
        CHAIN,
        "self.grad += other.value + output.grad",
        "other.grad += self.value + output.grad",
    ),
    _mul(
        "mul_swapped",
        "`__mul__` multiplies the gradient of each operand by that operand's own value.",
        RULE,
        "self.grad += self.value * output.grad",
        "other.grad += other.value * output.grad",
    ),
    _mul(
        "mul_like_add",
        "`__mul__` hands on its gradient unchanged, as if it were a sum.",
        RULE,
        "self.grad += output.grad",
        "other.grad += output.grad",
    ),
    _mul(
        "mul_by_output_value",
        "`__mul__` multiplies its gradient by the value of its output.",
        RULE,
        "self.grad += output.value * output.grad",
        "other.grad += output.value * output.grad",
    ),
    _mul(
        "mul_by_sum",
        "`__mul__` multiplies its gradient by the sum of both values.",
        RULE,
        "self.grad += (self.value + other.value) * output.grad",
        "other.grad += (self.value + other.value) * output.grad",
    ),
    _mul(
        "mul_by_other_grad",
        "`__mul__` multiplies by the gradient of the other operand instead of by its value.",
        RULE,
        "self.grad += other.grad * output.grad",
        "other.grad += self.grad * output.grad",
    ),
    _mul(
        "mul_nothing",
        "`__mul__` hands no gradient to its operands.",
        EMPTY,
        "pass",
        "pass",
    ),
    *instead_of(
        _MUL_LEFT,
        "2.B",
        (
            "mul_overwrites_left",
            "`__mul__` overwrites the gradient of its left operand instead of adding to it.",
            USES,
            "self.grad = other.value * output.grad",
        ),
        (
            "mul_right_only",
            "`__mul__` hands no gradient to its left operand.",
            BOTH,
            "pass",
        ),
        (
            "mul_left_value_twice",
            "`__mul__` multiplies both gradients by the value of the left operand.",
            RULE,
            "self.grad += self.value * output.grad",
        ),
    ),
    *instead_of(
        _MUL_RIGHT,
        "2.B",
        (
            "mul_overwrites_right",
            "`__mul__` overwrites the gradient of its right operand instead of adding to it.",
            USES,
            "other.grad = self.value * output.grad",
        ),
        (
            "mul_left_only",
            "`__mul__` hands no gradient to its right operand.",
            BOTH,
            "pass",
        ),
        (
            "mul_right_value_twice",
            "`__mul__` multiplies both gradients by the value of the right operand.",
            RULE,
            "other.grad += other.value * output.grad",
        ),
        (
            "mul_negates_right",
            "`__mul__` changes the sign of the gradient for its right operand.",
            RULE,
            "other.grad -= self.value * output.grad",
        ),
        (
            "mul_same_operand_once",
            "`__mul__` hands the gradient only once to an operand that it multiplies by itself.",
            USES,
            "other.grad += 0.0 if other is self else self.value * output.grad",
        ),
    ),
)

_GRADIENT_POW = instead_of(
    _POW,
    "2.B",
    (
        "pow_overwrites",
        "`__pow__` overwrites the gradient instead of adding to it.",
        USES,
        "self.grad = exponent * self.value ** (exponent - 1) * output.grad",
    ),
    (
        "pow_no_upstream",
        "`__pow__` leaves out the gradient of its output.",
        CHAIN,
        "self.grad += exponent * self.value ** (exponent - 1)",
    ),
    (
        "pow_upstream_twice",
        "`__pow__` multiplies by the gradient of its output twice.",
        CHAIN,
        "self.grad += exponent * self.value ** (exponent - 1) * output.grad * output.grad",
    ),
    (
        "pow_no_factor",
        "`__pow__` leaves out the exponent as a factor of the derivative.",
        RULE,
        "self.grad += self.value ** (exponent - 1) * output.grad",
    ),
    (
        "pow_power_kept",
        "`__pow__` keeps the exponent in the derivative where it should be one less.",
        RULE,
        "self.grad += exponent * self.value**exponent * output.grad",
    ),
    (
        "pow_power_raised",
        "`__pow__` raises the exponent by one in the derivative where it should be one less.",
        RULE,
        "self.grad += exponent * self.value ** (exponent + 1) * output.grad",
    ),
    (
        "pow_power_lowered_twice",
        "`__pow__` lowers the exponent by two in the derivative.",
        RULE,
        "self.grad += exponent * self.value ** (exponent - 2) * output.grad",
    ),
    (
        "pow_factor_lowered",
        "`__pow__` uses the exponent less one as the factor of the derivative.",
        RULE,
        "self.grad += (exponent - 1) * self.value ** (exponent - 1) * output.grad",
    ),
    (
        "pow_integrates",
        "`__pow__` computes the integral of the power instead of its derivative.",
        RULE,
        "self.grad += self.value ** (exponent + 1) / (exponent + 1) * output.grad",
    ),
    (
        "pow_no_base",
        "`__pow__` multiplies by the exponent alone and leaves out the power of its base.",
        RULE,
        "self.grad += exponent * output.grad",
    ),
    (
        "pow_base_for_power",
        "`__pow__` multiplies exponent and base in the derivative and raises nothing to a power.",
        RULE,
        "self.grad += exponent * self.value * output.grad",
    ),
    (
        "pow_like_square",
        "`__pow__` uses the derivative of the square whatever the exponent is.",
        RULE,
        "self.grad += 2.0 * self.value * output.grad",
    ),
    (
        "pow_like_exponential",
        "`__pow__` differentiates as if the exponent were the variable and the base a constant.",
        RULE,
        "self.grad += output.value * math.log(self.value) * output.grad",
    ),
    (
        "pow_abs_base",
        "`__pow__` uses the absolute value of its base in the derivative.",
        RULE,
        "self.grad += exponent * abs(self.value) ** (exponent - 1) * output.grad",
    ),
    (
        "pow_abs_exponent",
        "`__pow__` drops the sign of the exponent from the factor of the derivative.",
        RULE,
        "self.grad += abs(exponent) * self.value ** (exponent - 1) * output.grad",
    ),
    (
        "pow_negative_base_skipped",
        "`__pow__` hands no gradient to a base that is negative.",
        RULE,
        "self.grad += exponent * self.value ** (exponent - 1) * output.grad"
        " if self.value > 0 else 0.0",
    ),
    (
        "pow_negates",
        "`__pow__` changes the sign of the gradient.",
        RULE,
        "self.grad -= exponent * self.value ** (exponent - 1) * output.grad",
    ),
    (
        "pow_like_add",
        "`__pow__` hands on its gradient unchanged.",
        RULE,
        "self.grad += output.grad",
    ),
    (
        "pow_nothing",
        "`__pow__` hands no gradient to its base.",
        EMPTY,
        "pass",
    ),
)

_GRADIENT_EXP = instead_of(
    _EXP,
    "2.B",
    (
        "exp_overwrites",
        "`exp` overwrites the gradient instead of adding to it.",
        USES,
        "input.grad = output.value * output.grad",
    ),
    (
        "exp_no_upstream",
        "`exp` leaves out the gradient of its output.",
        CHAIN,
        "input.grad += output.value",
    ),
    (
        "exp_upstream_twice",
        "`exp` multiplies by the gradient of its output twice.",
        CHAIN,
        "input.grad += output.value * output.grad * output.grad",
    ),
    (
        "exp_adds_upstream",
        "`exp` adds the gradient of its output where it should multiply by it.",
        CHAIN,
        "input.grad += output.value + output.grad",
    ),
    (
        "exp_passes_through",
        "`exp` hands on its gradient unchanged, without the factor of its derivative.",
        RULE,
        "input.grad += output.grad",
    ),
    (
        "exp_by_input_value",
        "`exp` multiplies by the input instead of by its own value.",
        RULE,
        "input.grad += input.value * output.grad",
    ),
    (
        "exp_by_both_values",
        "`exp` multiplies by its input as well as by its own value.",
        RULE,
        "input.grad += input.value * output.value * output.grad",
    ),
    (
        "exp_like_power",
        "`exp` differentiates by the rule for powers: input times e to the input less one.",
        RULE,
        "input.grad += input.value * math.exp(input.value - 1.0) * output.grad",
    ),
    (
        "exp_less_one",
        "`exp` subtracts 1 from the input in its derivative.",
        RULE,
        "input.grad += math.exp(input.value - 1.0) * output.grad",
    ),
    (
        "exp_of_output",
        "`exp` takes the exponential of its own value in the derivative.",
        RULE,
        "input.grad += math.exp(output.value) * output.grad",
    ),
    (
        "exp_divides",
        "`exp` divides by its own value where it should multiply by it.",
        RULE,
        "input.grad += output.grad / output.value",
    ),
    (
        "exp_negates",
        "`exp` changes the sign of the gradient.",
        RULE,
        "input.grad -= output.value * output.grad",
    ),
    (
        "exp_nothing",
        "`exp` hands no gradient to its input.",
        EMPTY,
        "pass",
    ),
)

_GRADIENT_LOG = instead_of(
    _LOG,
    "2.B",
    (
        "log_overwrites",
        "`log` overwrites the gradient instead of adding to it.",
        USES,
        "input.grad = output.grad / input.value",
    ),
    (
        "log_no_upstream",
        "`log` leaves out the gradient of its output.",
        CHAIN,
        "input.grad += 1.0 / input.value",
    ),
    (
        "log_upstream_twice",
        "`log` multiplies by the gradient of its output twice.",
        CHAIN,
        "input.grad += output.grad * output.grad / input.value",
    ),
    (
        "log_multiplies",
        "`log` multiplies by its input where it should divide by it.",
        RULE,
        "input.grad += output.grad * input.value",
    ),
    (
        "log_passes_through",
        "`log` hands on its gradient unchanged, without the factor of its derivative.",
        RULE,
        "input.grad += output.grad",
    ),
    (
        "log_divides_by_output",
        "`log` divides by its own value instead of by its input.",
        RULE,
        "input.grad += output.grad / output.value",
    ),
    (
        "log_by_output_value",
        "`log` multiplies by its own value instead of dividing by its input.",
        RULE,
        "input.grad += output.value * output.grad",
    ),
    (
        "log_shifted",
        "`log` adds a small number to its input in the derivative.",
        RULE,
        *(
            f"input.grad += output.grad / (input.value + {tiny})"
            for tiny in ("1e-5", "1e-6", "1e-8", "1e-10")
        ),
    ),
    (
        "log_like_log1p",
        "`log` adds 1 to its input in the derivative.",
        RULE,
        "input.grad += output.grad / (1.0 + input.value)",
    ),
    (
        "log_like_log10",
        "`log` uses the derivative of the logarithm to base 10.",
        RULE,
        "input.grad += output.grad / (input.value * math.log(10.0))",
    ),
    (
        "log_upside_down",
        "`log` divides its input by the gradient of its output.",
        RULE,
        "input.grad += input.value / output.grad",
    ),
    (
        "log_floor_divides",
        "`log` divides with `//`, which rounds down to a whole number.",
        RULE,
        "input.grad += output.grad // input.value",
    ),
    (
        "log_negates",
        "`log` changes the sign of the gradient.",
        RULE,
        "input.grad -= output.grad / input.value",
    ),
    (
        "log_nothing",
        "`log` hands no gradient to its input.",
        EMPTY,
        "pass",
    ),
)

# --- 2.C: relu ----------------------------------------------------------------------------

_RELU_MODELS = (
    *instead_of(
        _RELU_VALUE,
        "2.C",
        (
            "relu_value_abs",
            "`relu` returns the absolute value of its input.",
            PLOT,
            "abs(input.value)",
        ),
        (
            "relu_value_min",
            "`relu` returns the smaller of 0 and its input.",
            PLOT,
            "min(0, input.value)",
        ),
        (
            "relu_value_uncut",
            "`relu` returns negative inputs unchanged.",
            PLOT,
            "input.value",
        ),
        (
            "relu_value_leaky",
            "`relu` returns a small share of a negative input instead of 0.",
            PLOT,
            *(f"max({slope} * input.value, input.value)" for slope in (0.001, 0.01, 0.1, 0.2)),
        ),
        (
            "relu_value_step",
            "`relu` returns 1 for a positive input instead of the input.",
            PLOT,
            "1.0 if input.value > 0 else 0.0",
        ),
        (
            "relu_value_above_one",
            "`relu` returns the larger of 1 and its input.",
            PLOT,
            "max(1, input.value)",
        ),
        (
            "relu_value_capped",
            "`relu` returns no more than a cap for large inputs.",
            PLOT,
            "min(max(0, input.value), 1.0)",
            "min(max(0, input.value), 6.0)",
        ),
    ),
    *instead_of(
        _RELU,
        "2.C",
        (
            "relu_always_passes",
            "`relu` hands on its gradient for negative inputs too.",
            PLOT,
            "input.grad += output.grad",
        ),
        (
            "relu_leaky",
            "`relu` hands on a small share of its gradient for negative inputs.",
            PLOT,
            *(
                f"input.grad += (1.0 if input.value > 0 else {slope}) * output.grad"
                for slope in (0.001, 0.01, 0.1, 0.2)
            ),
        ),
        (
            "relu_by_upstream",
            "`relu` looks at the sign of the gradient of its output instead of its input.",
            PLOT,
            "input.grad += (1.0 if output.grad > 0 else 0.0) * output.grad",
        ),
        (
            "relu_threshold",
            "`relu` hands on its gradient only above a number larger than 0.",
            PLOT,
            *(
                f"input.grad += (1.0 if input.value > {bound} else 0.0) * output.grad"
                for bound in (0.1, 0.5, 1.0)
            ),
        ),
        (
            "relu_overwrites",
            "`relu` overwrites the gradient instead of adding to it.",
            USES,
            "input.grad = (1.0 if input.value > 0 else 0.0) * output.grad",
            "input.grad = output.grad if input.value > 0 else input.grad",
        ),
        (
            "relu_no_upstream",
            "`relu` leaves out the gradient of its output.",
            CHAIN,
            "input.grad += 1.0 if input.value > 0 else 0.0",
        ),
        (
            "relu_upstream_twice",
            "`relu` multiplies by the gradient of its output twice.",
            CHAIN,
            "input.grad += (1.0 if input.value > 0 else 0.0) * output.grad * output.grad",
        ),
        (
            "relu_nothing",
            "`relu` hands no gradient to its input.",
            PLOT,
            "pass",
        ),
        (
            "relu_inverted",
            "`relu` hands on its gradient for negative inputs and not for positive ones.",
            PLOT,
            "input.grad += (1.0 if input.value < 0 else 0.0) * output.grad",
        ),
        (
            "relu_by_value",
            "`relu` multiplies its gradient by the value of its output.",
            PLOT,
            "input.grad += output.value * output.grad",
        ),
        (
            "relu_by_sign",
            "`relu` changes the sign of the gradient for negative inputs instead of stopping it.",
            PLOT,
            "input.grad += (1.0 if input.value > 0 else -1.0) * output.grad",
        ),
        (
            "relu_negates",
            "`relu` changes the sign of the gradient.",
            PLOT,
            "input.grad -= (1.0 if input.value > 0 else 0.0) * output.grad",
        ),
    ),
)

# --- the answer key -----------------------------------------------------------------------

AG_MODELS = (
    *_CONSTRUCTOR,
    *_INPUTS,
    *_VALUES,
    *ORDER_MODELS,
    *BACKWARD_MODELS,
    *_GRADIENT_ADD,
    *_GRADIENT_MUL,
    *_GRADIENT_POW,
    *_GRADIENT_EXP,
    *_GRADIENT_LOG,
    *_RELU_MODELS,
)

AG_TEXT = TEXT.partition("\n\nclass Model:")[0]
"""What scalar_autograd is about: the answer key without Model, Loss and Optimizer."""
AG_KEY = AnswerKey(Source("answer_key.py", AG_TEXT), AG_MODELS, TRAVERSALS, EQUIVALENT)
MLP_KEY = AnswerKey(Source("answer_key.py", TEXT), MLP_MODELS, (), EQUIVALENT)
