"""Mistakes of the lecture's Model, Loss and Optimizer, each as edits of the answer key."""

from __future__ import annotations

from harness.records.known import BugModel, Edit
from reference_impls.bug_table import instead_of

# --- pieces of the answer key -------------------------------------------------------------

_SEEDED = "np.random.seed(rng_seed)"
_DRAWS = """\
        w1np = np.random.randn(n_hidden)
        b1np = np.random.randn(n_hidden)
        w2np = np.random.randn(n_hidden)
        b2np = np.random.randn(1)
"""
_LISTED = "self.w1 + self.b1 + self.w2 + self.b2"
_FORWARD = """\
        for val in x:
            x_scalar = ag.Scalar(val)
            output = self.b2[0]
            for w1, b1, w2 in zip(self.w1, self.b1, self.w2):
                output = output + w2 * ag.relu(w1 * x_scalar + b1)
            outputs.append(output)
        return outputs
"""
_INPUT = "x_scalar = ag.Scalar(val)"
_BIAS = "output = self.b2[0]"
_UNITS = "in zip(self.w1, self.b1, self.w2):"
_UNIT = "output = output + w2 * ag.relu(w1 * x_scalar + b1)"
_OUTPUT = "outputs.append(output)"
_OUTPUTS = "return outputs"
_SAMPLES = "in zip(predictions, targets):"
_TERM = "loss = loss + (prediction + ag.Scalar(-target)) ** 2"
_LOSS = "return loss * ag.Scalar(1.0 / n_samples)"
_ZERO = "parameter.grad = 0.0"
_ZEROING = "        for parameter in self.parameters:\n            parameter.grad = 0.0"
_STEP = "parameter.value -= self.lr * parameter.grad"
_STEPPING = f"        for parameter in self.parameters:\n            {_STEP}"
_RATE = "self.lr = lr"

# --- Model --------------------------------------------------------------------------------

DRAWN = 'In which order, and from which generator, are the numbers drawn? See "The Model class".'
LISTED = 'What does the sum of the four lists hold? See "The Model class".'
FORMULA = 'Hold each part of the formula beside the code; see "The forward function".'
SAMPLES = 'One prediction for each input; see "The forward function".'
JOINED = 'Which nodes lead from the output back to the parameters? See "The forward function".'


def _drawn(*names: str) -> str:
    """The draws in some order."""
    sizes = {"w1": "n_hidden", "b1": "n_hidden", "w2": "n_hidden", "b2": "1"}
    return "".join(f"        {name}np = np.random.randn({sizes[name]})\n" for name in names)


_MODEL = (
    *instead_of(
        _DRAWS,
        "Model",
        (
            "init_order",
            "`Model` draws its parameters in another order than w1, b1, w2, b2.",
            DRAWN,
            _drawn("w1", "w2", "b1", "b2"),
            _drawn("b1", "w1", "w2", "b2"),
            _drawn("b1", "w1", "b2", "w2"),
            _drawn("w1", "b1", "b2", "w2"),
            _drawn("w2", "b2", "w1", "b1"),
            _drawn("b2", "w2", "b1", "w1"),
        ),
        (
            "init_uniform",
            "`Model` draws from the uniform distribution instead of the normal one.",
            DRAWN,
            _DRAWS.replace("randn", "rand"),
        ),
        (
            "init_zero_biases",
            "`Model` starts biases at 0 instead of drawing them.",
            DRAWN,
            _DRAWS.replace("b1np = np.random.randn(n_hidden)", "b1np = np.zeros(n_hidden)"),
            _DRAWS.replace("b2np = np.random.randn(1)", "b2np = np.zeros(1)"),
            _DRAWS.replace("b1np = np.random.randn(n_hidden)", "b1np = np.zeros(n_hidden)").replace(
                "b2np = np.random.randn(1)", "b2np = np.zeros(1)"
            ),
        ),
        (
            "init_scaled",
            "`Model` scales the numbers that it draws.",
            DRAWN,
            *(
                _DRAWS.replace("np.random.randn", f"{scale} * np.random.randn")
                for scale in ("0.01", "0.1", "1.0 / np.sqrt(n_hidden)")
            ),
        ),
        (
            "init_other_generator",
            "`Model` draws with another generator than that of `np.random.seed`.",
            DRAWN,
            "        generator = np.random.default_rng(rng_seed)\n"
            + _DRAWS.replace("np.random.randn", "generator.standard_normal"),
        ),
        (
            "init_seeded_each_draw",
            "`Model` seeds again before each draw, so its vectors begin with the same numbers.",
            'How often is the generator seeded? See "The Model class".',
            "".join(f"        {_SEEDED}\n{line}" for line in _DRAWS.splitlines(keepends=True)),
        ),
    ),
    *instead_of(
        _SEEDED,
        "Model",
        (
            "init_seed_ignored",
            "`Model` seeds with a fixed number and ignores `rng_seed`.",
            'Which seed does the constructor receive? See "The Model class".',
            *(f"np.random.seed({seed})" for seed in (42, 0, 1, 577)),
        ),
    ),
    *instead_of(
        _LISTED,
        "Model",
        (
            "parameters_lack_w1",
            "`parameters` leaves out w1.",
            LISTED,
            "self.b1 + self.w2 + self.b2",
        ),
        (
            "parameters_lack_b1",
            "`parameters` leaves out b1.",
            LISTED,
            "self.w1 + self.w2 + self.b2",
        ),
        (
            "parameters_lack_w2",
            "`parameters` leaves out w2.",
            LISTED,
            "self.w1 + self.b1 + self.b2",
        ),
        (
            "parameters_lack_b2",
            "`parameters` leaves out b2.",
            LISTED,
            "self.w1 + self.b1 + self.w2",
        ),
        (
            "parameters_lack_biases",
            "`parameters` leaves out b1 and b2.",
            LISTED,
            "self.w1 + self.w2",
        ),
        (
            "parameters_twice",
            "`parameters` lists some parameters twice.",
            LISTED,
            "self.w1 + self.b1 + self.w2 + self.b2 + self.b2",
            "self.w1 + self.b1 + self.w2 + self.b1 + self.b2",
            "self.w1 + self.b1 + self.w1 + self.w2 + self.b2",
            "2 * (self.w1 + self.b1 + self.w2 + self.b2)",
        ),
        (
            "parameters_nested",
            "`parameters` is a list of the four lists instead of a list of Scalars.",
            LISTED,
            "[self.w1, self.b1, self.w2, self.b2]",
        ),
        (
            "parameters_copied",
            "`parameters` lists new Scalars instead of those that `forward` uses.",
            LISTED,
            "[ag.Scalar(p.value) for p in self.w1 + self.b1 + self.w2 + self.b2]",
        ),
        (
            "parameters_plain_numbers",
            "`parameters` lists plain numbers instead of Scalars.",
            LISTED,
            "[p.value for p in self.w1 + self.b1 + self.w2 + self.b2]",
        ),
    ),
)

_PREDICTIONS = (
    *instead_of(
        _UNIT,
        "Model",
        (
            "forward_no_relu",
            "`forward` leaves out relu.",
            FORMULA,
            "output = output + w2 * (w1 * x_scalar + b1)",
        ),
        (
            "forward_no_b1",
            "`forward` leaves out b1.",
            FORMULA,
            "output = output + w2 * ag.relu(w1 * x_scalar)",
        ),
        (
            "forward_no_w1",
            "`forward` leaves out w1.",
            FORMULA,
            "output = output + w2 * ag.relu(x_scalar + b1)",
        ),
        (
            "forward_no_w2",
            "`forward` leaves out w2.",
            FORMULA,
            "output = output + ag.relu(w1 * x_scalar + b1)",
        ),
        (
            "forward_bias_outside",
            "`forward` adds b1 after relu instead of before it.",
            FORMULA,
            "output = output + w2 * (ag.relu(w1 * x_scalar) + b1)",
        ),
        (
            "forward_weights_swapped",
            "`forward` uses w1 and w2 in each other's place.",
            FORMULA,
            "output = output + w1 * ag.relu(w2 * x_scalar + b1)",
        ),
        (
            "forward_w1_b1_swapped",
            "`forward` uses w1 and b1 in each other's place.",
            FORMULA,
            "output = output + w2 * ag.relu(b1 * x_scalar + w1)",
        ),
        (
            "forward_relu_after_w2",
            "`forward` applies relu after w2 instead of before it.",
            FORMULA,
            "output = output + ag.relu(w2 * (w1 * x_scalar + b1))",
        ),
        (
            "forward_relu_on_input",
            "`forward` applies relu to the input instead of to the hidden unit.",
            FORMULA,
            "output = output + w2 * (w1 * ag.relu(x_scalar) + b1)",
        ),
        (
            "forward_last_unit",
            "`forward` uses the last hidden unit only.",
            'Over which units does the formula sum? See "The forward function".',
            "output = self.b2[0] + w2 * ag.relu(w1 * x_scalar + b1)",
        ),
        (
            "forward_hidden_detached",
            "`forward` makes each hidden unit anew from its number, so w1 and b1 get no gradient.",
            JOINED,
            "output = output + w2 * ag.Scalar(ag.relu(w1 * x_scalar + b1).value)",
        ),
        (
            "forward_multiplies_units",
            "`forward` multiplies the hidden units where it should add them.",
            FORMULA,
            "output = output * (w2 * ag.relu(w1 * x_scalar + b1))",
        ),
    ),
    *instead_of(
        _UNITS,
        "Model",
        (
            "forward_first_unit",
            "`forward` uses the first hidden unit only.",
            'Over which units does the formula sum? See "The forward function".',
            "in [(self.w1[0], self.b1[0], self.w2[0])]:",
        ),
        (
            "forward_skips_last_unit",
            "`forward` leaves out the last hidden unit.",
            'Over which units does the formula sum? See "The forward function".',
            "in list(zip(self.w1, self.b1, self.w2))[:-1]:",
        ),
        (
            "forward_skips_first_unit",
            "`forward` leaves out the first hidden unit.",
            'Over which units does the formula sum? See "The forward function".',
            "in list(zip(self.w1, self.b1, self.w2))[1:]:",
        ),
        (
            "forward_first_bias",
            "`forward` uses the first entry of b1 for every hidden unit.",
            FORMULA,
            "in zip(self.w1, self.b1[:1] * len(self.w1), self.w2):",
        ),
    ),
    *instead_of(
        _BIAS,
        "Model",
        (
            "forward_no_b2",
            "`forward` leaves out b2.",
            FORMULA,
            "output = ag.Scalar(0.0)",
        ),
        (
            "forward_b2_twice",
            "`forward` adds b2 twice.",
            FORMULA,
            "output = self.b2[0] + self.b2[0]",
        ),
        (
            "forward_b2_copied",
            "`forward` makes b2 anew from its number, so b2 gets no gradient.",
            JOINED,
            "output = ag.Scalar(self.b2[0].value)",
        ),
        (
            "forward_b1_for_b2",
            "`forward` adds the first entry of b1 where it should add b2.",
            FORMULA,
            "output = self.b1[0]",
        ),
    ),
    *instead_of(
        _INPUT,
        "Model",
        (
            "forward_first_sample",
            "`forward` predicts from the first input again for every input.",
            SAMPLES,
            "x_scalar = ag.Scalar(x[0])",
        ),
        (
            "forward_abs_input",
            "`forward` uses the absolute value of each input.",
            SAMPLES,
            "x_scalar = ag.Scalar(abs(val))",
        ),
    ),
    *instead_of(
        _OUTPUT,
        "Model",
        (
            "forward_relu_on_output",
            "`forward` applies relu to the prediction as well.",
            FORMULA,
            "outputs.append(ag.relu(output))",
        ),
        (
            "forward_detached",
            "`forward` makes predictions anew from their numbers, so no parameter gets a gradient.",
            JOINED,
            "outputs.append(ag.Scalar(output.value))",
        ),
        (
            "forward_plain_numbers",
            "`forward` returns plain numbers instead of Scalars.",
            JOINED,
            "outputs.append(output.value)",
        ),
        (
            "forward_nested",
            "`forward` returns a list in the place of each prediction.",
            SAMPLES,
            "outputs.append([output])",
        ),
        (
            "forward_averages_units",
            "`forward` divides the prediction by the number of hidden units.",
            FORMULA,
            "outputs.append(output * ag.Scalar(1.0 / len(self.w1)))",
        ),
        (
            "forward_zeros",
            "`forward` returns 0.0 for every input.",
            FORMULA,
            "outputs.append(ag.Scalar(0.0))",
        ),
    ),
    *instead_of(
        _OUTPUTS,
        "Model",
        (
            "forward_one_sample",
            "`forward` returns one prediction, whatever the number of inputs.",
            SAMPLES,
            "return outputs[:1]",
            "return outputs[-1:]",
        ),
        (
            "forward_skips_last_sample",
            "`forward` returns no prediction for the last input.",
            SAMPLES,
            "return outputs[:-1]",
        ),
        (
            "forward_reversed",
            "`forward` returns the predictions in reverse order.",
            SAMPLES,
            "return outputs[::-1]",
        ),
        (
            "forward_single_scalar",
            "`forward` returns a single Scalar instead of a list.",
            SAMPLES,
            "return output",
        ),
        (
            "forward_cached",
            "`forward` returns the predictions of its first call again.",
            'The parameters move between two calls; see "Training Loop".',
            "self.cached = getattr(self, 'cached', outputs)\n        return self.cached",
        ),
    ),
    *(
        BugModel(
            "forward_b2_in_each_unit",
            "Model",
            "`forward` adds b2 inside the sum over the hidden units.",
            FORMULA,
            (Edit(_BIAS, first), Edit(_UNIT, f"{_UNIT} + self.b2[0]")),
        )
        for first in ("output = ag.Scalar(0.0)", "output = ag.Scalar(0.0) + self.b2[0]")
    ),
    BugModel(
        "forward_output_not_reset",
        "Model",
        "`forward` adds each prediction to those before it instead of starting again from b2.",
        SAMPLES,
        (
            Edit("outputs = []", "outputs, output = [], self.b2[0]"),
            Edit(_BIAS, "pass"),
        ),
    ),
)

# --- Loss ---------------------------------------------------------------------------------

MEAN = 'Write out the mean squared error for two samples by hand; see "The Loss class".'
EVERY = 'Which samples does the mean take in? See "The Loss class".'
LINKED = 'Which nodes lead from the loss back to the predictions? See "The Loss class".'

_ERRORS = (
    *instead_of(
        _LOSS,
        "Loss",
        (
            "mse_sum",
            "`mse` returns the sum of the squares instead of their mean.",
            MEAN,
            "return loss",
        ),
        (
            "mse_n_minus_1",
            "`mse` divides by the number of samples less one.",
            MEAN,
            "return loss * ag.Scalar(1.0 / (n_samples - 1))",
            "return loss * ag.Scalar(1.0 / max(1, n_samples - 1))",
        ),
        (
            "mse_n_plus_1",
            "`mse` divides by the number of samples plus one.",
            MEAN,
            "return loss * ag.Scalar(1.0 / (n_samples + 1))",
        ),
        (
            "mse_half",
            "`mse` returns half of the mean.",
            MEAN,
            "return loss * ag.Scalar(0.5 / n_samples)",
        ),
        (
            "mse_half_sum",
            "`mse` returns half of the sum instead of the mean.",
            MEAN,
            "return loss * ag.Scalar(0.5)",
        ),
        (
            "mse_double",
            "`mse` returns twice the mean.",
            MEAN,
            "return loss * ag.Scalar(2.0 / n_samples)",
        ),
        (
            "mse_divides_twice",
            "`mse` divides by the number of samples twice.",
            MEAN,
            "return loss * ag.Scalar(1.0 / n_samples**2)",
        ),
        (
            "mse_multiplies_by_n",
            "`mse` multiplies by the number of samples where it should divide.",
            MEAN,
            "return loss * ag.Scalar(n_samples)",
        ),
        (
            "mse_negated",
            "`mse` changes the sign of the mean.",
            MEAN,
            "return loss * ag.Scalar(-1.0 / n_samples)",
        ),
        (
            "mse_root",
            "`mse` returns the square root of the mean.",
            MEAN,
            "return (loss * ag.Scalar(1.0 / n_samples)) ** 0.5",
        ),
        (
            "mse_detached",
            "`mse` makes the loss anew from its number, so no prediction gets a gradient.",
            LINKED,
            "return ag.Scalar(loss.value / n_samples)",
        ),
        (
            "mse_plain_number",
            "`mse` returns a plain number instead of a Scalar.",
            LINKED,
            "return loss.value / n_samples",
        ),
        (
            "mse_zero",
            "`mse` returns 0.0 for all predictions.",
            MEAN,
            "return ag.Scalar(0.0)",
        ),
    ),
    *instead_of(
        _TERM,
        "Loss",
        (
            "mse_not_squared",
            "`mse` leaves out the square.",
            MEAN,
            "loss = loss + (prediction + ag.Scalar(-target))",
        ),
        (
            "mse_absolute",
            "`mse` uses the absolute difference instead of its square.",
            MEAN,
            "loss = loss + ag.relu(prediction + ag.Scalar(-target))"
            " + ag.relu(prediction * ag.Scalar(-1.0) + ag.Scalar(target))",
        ),
        (
            "mse_cubed",
            "`mse` cubes the difference instead of squaring it.",
            MEAN,
            "loss = loss + (prediction + ag.Scalar(-target)) ** 3",
        ),
        (
            "mse_fourth_power",
            "`mse` squares the difference twice.",
            MEAN,
            "loss = loss + (prediction + ag.Scalar(-target)) ** 4",
        ),
        (
            "mse_adds_target",
            "`mse` adds the target to the prediction instead of subtracting it.",
            MEAN,
            "loss = loss + (prediction + ag.Scalar(target)) ** 2",
        ),
        (
            "mse_no_target",
            "`mse` leaves out the targets.",
            MEAN,
            "loss = loss + prediction**2",
        ),
        (
            "mse_difference_of_squares",
            "`mse` subtracts the squares instead of squaring the difference.",
            MEAN,
            "loss = loss + prediction**2 + ag.Scalar(-(target**2))",
        ),
        (
            "mse_last_sample",
            "`mse` keeps the square of the last sample only.",
            EVERY,
            "loss = (prediction + ag.Scalar(-target)) ** 2",
        ),
    ),
    *instead_of(
        _SAMPLES,
        "Loss",
        (
            "mse_skips_first",
            "`mse` leaves out the first sample.",
            EVERY,
            "in list(zip(predictions, targets))[1:]:",
        ),
        (
            "mse_skips_last",
            "`mse` leaves out the last sample.",
            EVERY,
            "in list(zip(predictions, targets))[:-1]:",
        ),
        (
            "mse_first_sample",
            "`mse` takes the square of the first sample only.",
            EVERY,
            "in list(zip(predictions, targets))[:1]:",
        ),
        (
            "mse_first_target",
            "`mse` compares every prediction with the first target.",
            EVERY,
            "in zip(predictions, [targets[0]] * n_samples):",
        ),
        (
            "mse_targets_reversed",
            "`mse` compares the predictions with the targets in reverse order.",
            EVERY,
            "in zip(predictions, targets[::-1]):",
        ),
    ),
    *(
        BugModel(
            "mse_square_of_sum",
            "Loss",
            "`mse` adds up the differences before it takes the square.",
            MEAN,
            (
                Edit(_TERM, "loss = loss + (prediction + ag.Scalar(-target))"),
                Edit(_LOSS, text),
            ),
        )
        for text in (
            "return (loss * ag.Scalar(1.0 / n_samples)) ** 2",
            "return loss**2 * ag.Scalar(1.0 / n_samples)",
        )
    ),
)

# --- Optimizer ----------------------------------------------------------------------------

ZEROED = 'What must hold before each backward()? See "Training Loop" and "The Optimizer class".'
MOVED = 'Write down one step of gradient descent; see "The Optimizer class".'
RATE = 'Where does the learning rate come from? See "The Optimizer class".'

_OPTIMIZER = (
    *instead_of(
        _ZEROING,
        "Optimizer",
        (
            "zero_grad_nothing",
            "`zero_grad` leaves the gradients as they are.",
            ZEROED,
            "        pass",
        ),
        (
            "zero_grad_first_only",
            "`zero_grad` sets the first gradient only.",
            ZEROED,
            "        self.parameters[0].grad = 0.0",
        ),
        (
            "zero_grad_last_only",
            "`zero_grad` sets the last gradient only.",
            ZEROED,
            "        self.parameters[-1].grad = 0.0",
        ),
        (
            "zero_grad_skips_last",
            "`zero_grad` leaves out the last parameter.",
            ZEROED,
            "        for parameter in self.parameters[:-1]:\n            parameter.grad = 0.0",
        ),
        (
            "zero_grad_skips_first",
            "`zero_grad` leaves out the first parameter.",
            ZEROED,
            "        for parameter in self.parameters[1:]:\n            parameter.grad = 0.0",
        ),
    ),
    *instead_of(
        _ZERO,
        "Optimizer",
        (
            "zero_grad_values",
            "`zero_grad` sets the values to 0 as well as the gradients.",
            ZEROED,
            "parameter.grad = parameter.value = 0.0",
        ),
        (
            "zero_grad_values_only",
            "`zero_grad` sets the values to 0 instead of the gradients.",
            ZEROED,
            "parameter.value = 0.0",
        ),
        (
            "zero_grad_ones",
            "`zero_grad` sets the gradients to 1 instead of 0.",
            ZEROED,
            "parameter.grad = 1.0",
        ),
        (
            "zero_grad_none",
            "`zero_grad` sets the gradients to `None` instead of 0.",
            ZEROED,
            "parameter.grad = None",
        ),
    ),
    *instead_of(
        _STEPPING,
        "Optimizer",
        (
            "step_nothing",
            "`step` leaves the value of every parameter as it is.",
            MOVED,
            "        pass",
        ),
        (
            "step_first_only",
            "`step` moves the first parameter only.",
            MOVED,
            f"        for parameter in self.parameters[:1]:\n            {_STEP}",
        ),
        (
            "step_skips_last",
            "`step` leaves out the last parameter.",
            MOVED,
            f"        for parameter in self.parameters[:-1]:\n            {_STEP}",
        ),
        (
            "step_skips_first",
            "`step` leaves out the first parameter.",
            MOVED,
            f"        for parameter in self.parameters[1:]:\n            {_STEP}",
        ),
        (
            "step_last_gradient",
            "`step` moves every parameter by the gradient of the last one.",
            MOVED,
            "        for parameter in self.parameters:\n"
            "            parameter.value -= self.lr * self.parameters[-1].grad",
        ),
    ),
    *instead_of(
        _STEP,
        "Optimizer",
        (
            "step_ascends",
            "`step` moves along the gradient instead of against it.",
            MOVED,
            "parameter.value += self.lr * parameter.grad",
        ),
        (
            "step_no_lr",
            "`step` leaves out the learning rate.",
            RATE,
            "parameter.value -= parameter.grad",
        ),
        (
            "step_lr_squared",
            "`step` multiplies by the learning rate twice.",
            RATE,
            "parameter.value -= self.lr * self.lr * parameter.grad",
        ),
        (
            "step_divides_by_lr",
            "`step` divides by the learning rate where it should multiply by it.",
            RATE,
            "parameter.value -= parameter.grad / self.lr",
        ),
        (
            "step_lr_alone",
            "`step` moves every parameter by the learning rate and leaves out the gradient.",
            MOVED,
            "parameter.value -= self.lr",
        ),
        (
            "step_sign_only",
            "`step` uses only the sign of the gradient.",
            MOVED,
            "parameter.value -= self.lr * (1.0 if parameter.grad > 0 else -1.0)",
            "parameter.value -= self.lr * float(np.sign(parameter.grad))",
        ),
        (
            "step_doubles",
            "`step` moves every parameter twice as far.",
            MOVED,
            "parameter.value -= 2.0 * self.lr * parameter.grad",
        ),
        (
            "step_halves",
            "`step` moves every parameter half as far.",
            MOVED,
            "parameter.value -= 0.5 * self.lr * parameter.grad",
        ),
        (
            "step_averages",
            "`step` divides each gradient by the number of parameters.",
            MOVED,
            "parameter.value -= self.lr * parameter.grad / len(self.parameters)",
        ),
        (
            "step_replaces",
            "`step` replaces each value by the change instead of adding the change to it.",
            MOVED,
            "parameter.value = -self.lr * parameter.grad",
        ),
        (
            "step_multiplies",
            "`step` multiplies each value by the change instead of adding the change to it.",
            MOVED,
            "parameter.value *= -self.lr * parameter.grad",
        ),
        (
            "step_by_value",
            "`step` moves each parameter by its value instead of by its gradient.",
            MOVED,
            "parameter.value -= self.lr * parameter.value",
        ),
        (
            "step_squares_gradient",
            "`step` squares the gradient.",
            MOVED,
            "parameter.value -= self.lr * parameter.grad**2",
        ),
        (
            "step_momentum",
            "`step` keeps a part of the steps before, as momentum does.",
            'Which gradients does plain gradient descent use? See "The Optimizer class".',
            *(
                "self.moved = getattr(self, 'moved', {})\n"
                f"            moved = {kept} * self.moved.get(parameter, 0.0) + parameter.grad\n"
                "            self.moved[parameter] = moved\n"
                "            parameter.value -= self.lr * moved"
                for kept in (0.5, 0.9, 0.99)
            ),
        ),
    ),
    *instead_of(
        _RATE,
        "Optimizer",
        (
            "step_lr_ignored",
            "`Optimizer` uses a fixed learning rate whatever `lr` is.",
            RATE,
            *(f"self.lr = {rate}" for rate in (0.01, 0.1, 0.001)),
        ),
    ),
    *instead_of(
        "lr=0.01",
        "Optimizer",
        (
            "step_default_lr",
            "Without `lr`, `Optimizer` uses another learning rate than 0.01.",
            RATE,
            *(f"lr={rate}" for rate in (0.1, 0.001, 1.0)),
        ),
    ),
)

MLP_MODELS = (*_MODEL, *_PREDICTIONS, *_ERRORS, *_OPTIMIZER)
