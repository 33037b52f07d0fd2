"""The lecture's knock-off PyTorch: Model, Loss, Optimizer and the training loop."""

from __future__ import annotations

from itertools import islice, permutations

from harness.judging import compare, order, training
from harness.judging.check import Assignment, Check
from harness.programs import generate, mlp
from harness.programs.randn import randn
from harness.records.engine import Answers
from harness.records.observation import Observation
from harness.records.program import Call, Expression, Program, Traced, Training
from harness.records.verdict import Finding, Problem

VECTORS = ("w1", "b1", "w2", "b2")
"""The order in which the lecture draws the parameters."""
ALL = "*model.w1, *model.b1, *model.w2, *model.b2"
NOTHING = Expression((), ())
AG = ("ag.Scalar", "ag.Scalar.__add__", "ag.Scalar.__mul__")
MODEL = ("Model", "ag.Scalar")
FORWARD = (*MODEL, "Model.forward")
LOSS = ("Loss", "Loss.mse", "ag.Scalar")
OPTIMIZER = ("Optimizer", "ag.Scalar")
CURVE_RATE = 0.02
"""Learning rate of the loss curve. At the lecture's 0.1 the loss of one start in thirty first
climbs above 1,000, where a rounding decides what follows; at 0.02 none of them climbs."""


# --- Model --------------------------------------------------------------------------------


def draws(n_hidden: int, rng_seed: int, order: tuple[str, ...] = VECTORS) -> tuple[float, ...]:
    """w1, b1, w2, b2 as numpy's legacy generator gives them, drawn in some order."""
    stream = randn(rng_seed)
    drawn = {name: tuple(islice(stream, 1 if name == "b2" else n_hidden)) for name in order}
    return tuple(value for name in VECTORS for value in drawn[name])


def _names(n_hidden: int) -> tuple[str, ...]:
    hidden = range(n_hidden)
    return (*(f"model.{v}[{j}]" for v in VECTORS[:3] for j in hidden), "model.b2[0]")


def _initialisations(seed: str) -> tuple[Program, ...]:
    dice = generate.Dice(seed)
    chosen = ((1, dice.whole(1, 9999)), (3, dice.whole(1, 9999)), (7, dice.whole(1, 9999)))
    stated = tuple(_initialisation(n, s, f"Model(n_hidden={n}, rng_seed={s})") for n, s in chosen)
    return (*stated, _initialisation(20, 42, "Model(n_hidden=20)"))


def _initialisation(n_hidden: int, rng_seed: int, spelled: str) -> Call:
    return Call(
        "initialisation",
        (("shape", (float(n_hidden), float(rng_seed))), ("start", draws(n_hidden, rng_seed))),
        (
            f"model = {spelled}",
            'record("size", -1, len(model.w1), len(model.b1), len(model.w2), len(model.b2))',
            f'record("start", -1, *[p.value for p in [{ALL}]])',
        ),
        NOTHING,
        (),
    )


def _initialised(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    assert isinstance(program, Call), "a model is made by a call"
    if actual.fault is not None:
        return actual.fault
    n_hidden, rng_seed = (int(number) for number in program.argument("shape"))
    sizes = (*(float(n_hidden),) * 3, 1.0)
    subjects = [f"len(model.{name})" for name in VECTORS]
    wrong = compare.stated(actual, "size", subjects, sizes, "the lecture")
    if wrong is not None:
        return wrong
    names = [f"{name}.value" for name in _names(n_hidden)]
    wrong = compare.stated(actual, "start", names, program.argument("start"), "numpy")
    return wrong and (_other_draws(actual, n_hidden, rng_seed) or wrong)


def _other_draws(actual: Observation, n_hidden: int, rng_seed: int) -> Finding | None:
    """Which other draws give the student's numbers, if any do."""
    told = actual.numbers("start")
    for drawn in permutations(VECTORS):
        if told == draws(n_hidden, rng_seed, drawn):
            return Finding("draw_order", (("order", ", ".join(drawn)),))
    if told == draws(n_hidden, 42):
        return Finding("draw_seed", (("seed", str(rng_seed)),))
    return None


def _parameter_lists(seed: str) -> tuple[Program, ...]:
    lines = (
        "model = Model(n_hidden=3, rng_seed=1)",
        f'record_order("parameters", -1, model.parameters, ({ALL},))',
    )
    return (Call("parameters", (("count", (10.0,)),), lines, NOTHING, ()),)


def _listed(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    """The parameters may stand in any order, but each must be there once."""
    if actual.fault is not None:
        return actual.fault
    told = actual.get("parameters")
    kind = told.types[0] if told is not None and told.types else "nothing"
    if told is None or kind not in ("list", "tuple"):
        return Finding("parameters_type", (("type", kind),))
    names = _names(3)
    places = order.places(told, len(names))
    for place, name in enumerate(names):
        if places.count(place) != 1:
            count = str(places.count(place))
            return Finding("parameters_lack", (("name", name), ("count", count)))
    if -1 in places:
        return Finding("parameters_stranger", (("count", str(places.count(-1))),))
    return None


def _forwards(seed: str) -> tuple[Program, ...]:
    """The values alone first, then with a backward() from the last prediction."""
    return (*_forward_calls(seed, backward=False), *_forward_calls(seed, backward=True))


def _forward_calls(seed: str, *, backward: bool) -> tuple[Program, ...]:
    dice = generate.Dice(seed)
    calls = []
    for n_hidden, samples in ((1, 1), (1, 3), (2, 1), (3, 4), (5, 8)):
        rng_seed, inputs = dice.whole(1, 9999), _numbers(dice, samples)
        calls.append(
            _forward(n_hidden, rng_seed, inputs, draws(n_hidden, rng_seed), backward=backward)
        )
    return tuple(calls)


def _forward(
    n_hidden: int,
    rng_seed: int,
    inputs: tuple[float, ...],
    parameters: tuple[float, ...],
    *,
    backward: bool,
) -> Call:
    tape, predictions = mlp.forward_tape(parameters, inputs)
    last = len(inputs) - 1
    lines = [
        "import numpy as np",
        f"xnp = np.array([{', '.join(map(repr, inputs))}])",
        f"model = Model(n_hidden={n_hidden}, rng_seed={rng_seed})",
        f'record("before", -1, *[p.value for p in [{ALL}]])',
        "output = model.forward(xnp)",
        'record("count", -1, len(output))',
        'record("prediction", -1, *[p.value for p in output])',
    ]
    spelled = tuple(f"output[{i}].value" for i in range(len(inputs)))
    traced = [Traced("prediction", spelled, predictions)]
    if backward:
        lines += [f"output[{last}].backward()", f'record("grad", -1, *[p.grad for p in [{ALL}]])']
        step = len(tape.steps)
        tape = mlp.backward_from(tape, predictions[-1])
        every = tuple(range(len(parameters)))
        grads = tuple(f"{name}.grad" for name in _names(n_hidden))
        traced.append(Traced("grad", grads, every, step))
    shape = ("shape", (float(n_hidden), float(rng_seed)))
    arguments = (shape, ("parameters", parameters), ("inputs", inputs))
    return Call("mlp_forward", arguments, tuple(lines), tape, tuple(traced))


def _predicted(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    """What follows from the parameters that the student's own model has."""
    assert isinstance(program, Call), "a model is called"
    if actual.fault is not None:
        return actual.fault
    inputs = program.argument("inputs")
    count = (float(len(inputs)),)
    wrong = compare.stated(actual, "count", ["len(output)"], count, "the lecture")
    if wrong is not None:
        return wrong
    forced = _forced(program, actual)
    parameters = forced.argument("parameters")
    huge = mlp.exploded(parameters, _names(len(parameters) // 3))
    return huge or compare.call("prediction", "grad")(forced, actual, answers)


def _forced(program: Call, actual: Observation) -> Call:
    """The same call from the parameters that the student's model was seen to have."""
    n_hidden, rng_seed = (int(number) for number in program.argument("shape"))
    before, count = actual.get("before"), len(program.argument("parameters"))
    if before is None or len(before.values) != count or None in before.values:
        return program
    backward = len(program.traced) > 1
    inputs = program.argument("inputs")
    return _forward(n_hidden, rng_seed, inputs, actual.numbers("before"), backward=backward)


# --- Loss ---------------------------------------------------------------------------------


def _losses(seed: str) -> tuple[Program, ...]:
    """The values alone first, then with a backward() from the loss."""
    return (*_mse_calls(seed, backward=False), *_mse_calls(seed, backward=True))


def _mse_calls(seed: str, *, backward: bool) -> tuple[Program, ...]:
    dice = generate.Dice(seed)
    counts = (1, 2, 3, 7)
    return tuple(_mse(_numbers(dice, n), _numbers(dice, n), backward=backward) for n in counts)


def _mse(predictions: tuple[float, ...], targets: tuple[float, ...], *, backward: bool) -> Call:
    tape, loss = mlp.mse_tape(predictions, targets)
    lines = [
        "import numpy as np",
        f"predictions = [{', '.join(f'ag.Scalar({p!r})' for p in predictions)}]",
        f"ynp = np.array([{', '.join(map(repr, targets))}])",
        "loss = Loss().mse(predictions, ynp)",
        'record("loss", -1, loss.value)',
    ]
    traced = [Traced("loss", ("loss.value",), (loss,))]
    if backward:
        lines += ["loss.backward()", 'record("grad", -1, *[p.grad for p in predictions])']
        every = tuple(range(len(predictions)))
        grads = tuple(f"predictions[{i}].grad" for i in every)
        traced.append(Traced("grad", grads, every, len(tape.steps)))
        tape = mlp.backward_from(tape, loss)
    arguments = (("predictions", predictions), ("targets", targets))
    return Call("mse", arguments, tuple(lines), tape, tuple(traced))


# --- Optimizer ----------------------------------------------------------------------------


def _zeroings(seed: str) -> tuple[Program, ...]:
    dice = generate.Dice(seed)
    return tuple(_zeroing(_numbers(dice, n), _numbers(dice, n)) for n in (1, 4))


def _zeroing(values: tuple[float, ...], grads: tuple[float, ...]) -> Call:
    lines = (
        *_parameters(values, grads),
        "optimizer = Optimizer(parameters, lr=0.1)",
        "optimizer.zero_grad()",
        'record("grad", -1, *[p.grad for p in parameters])',
        'record("value", -1, *[p.value for p in parameters])',
    )
    return Call("zero_grad", (("values", values),), lines, NOTHING, ())


def _zeroed(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    assert isinstance(program, Call), "an optimizer is called"
    if actual.fault is not None:
        return actual.fault
    values = program.argument("values")
    grads = [f"parameters[{i}].grad" for i in range(len(values))]
    zeros = (0.0,) * len(values)
    subjects = [f"parameters[{i}].value" for i in range(len(values))]
    wrong = compare.stated(actual, "grad", grads, zeros, "the lecture")
    return wrong or compare.stated(actual, "value", subjects, values, "the lecture")


def _updates(seed: str) -> tuple[Program, ...]:
    dice = generate.Dice(seed)
    rates = ((1, 0.1), (3, round(dice.real(0.01, 0.5), 3)), (4, None))
    return tuple(_update(_numbers(dice, n), _numbers(dice, n), lr) for n, lr in rates)


def _update(values: tuple[float, ...], grads: tuple[float, ...], lr: float | None) -> Call:
    """One step; without lr, the lecture's default of 0.01."""
    rate = 0.01 if lr is None else lr
    tape, after = mlp.sgd_tape(values, grads, rate)
    lines = (
        *_parameters(values, grads),
        f"optimizer = Optimizer(parameters{'' if lr is None else f', lr={lr!r}'})",
        "optimizer.step()",
        'record("after", -1, *[p.value for p in parameters])',
    )
    subjects = tuple(f"parameters[{i}].value" for i in range(len(values)))
    arguments = (("parameters", values), ("grads", grads), ("lr", (rate,)))
    return Call("sgd", arguments, lines, tape, (Traced("after", subjects, after),))


def _parameters(values: tuple[float, ...], grads: tuple[float, ...]) -> tuple[str, ...]:
    return (
        f"parameters = [{', '.join(f'ag.Scalar({value!r})' for value in values)}]",
        f"for p, grad in zip(parameters, [{', '.join(map(repr, grads))}]):",
        "    p.grad = grad",
    )


# --- the training loop --------------------------------------------------------------------


def _runs(seed: str) -> tuple[Program, ...]:
    dice = generate.Dice(seed)
    sizes = ((1, 1, 3), (3, 4, 4))
    return tuple(_run(dice, n, samples, epochs) for n, samples, epochs in sizes)


def _run(dice: generate.Dice, n_hidden: int, samples: int, epochs: int) -> Training:
    rng_seed, lr = dice.whole(1, 9999), dice.pick((0.1, 0.05, 0.02))
    start, inputs = draws(n_hidden, rng_seed), _numbers(dice, samples)
    return Training(n_hidden, rng_seed, start, inputs, _numbers(dice, samples), lr, epochs)


def _curves(seed: str) -> tuple[Program, ...]:
    """The lecture's loop: 20 hidden units, 100 epochs; a smooth target on 20 points in [-1, 1]."""
    dice = generate.Dice(seed)
    a, b, c = dice.real(-1.0, 1.0), dice.real(-1.0, 1.0), dice.real(-0.5, 0.5)
    inputs = tuple(round(-1.0 + i / 9.5, 4) for i in range(20))
    targets = tuple(round(a * x * x + b * x + c, 4) for x in inputs)
    rng_seed = dice.whole(1, 9999)
    start = draws(20, rng_seed)
    return (Training(20, rng_seed, start, inputs, targets, CURVE_RATE, 100, detailed=False),)


def _numbers(dice: generate.Dice, count: int) -> tuple[float, ...]:
    return tuple(round(dice.real(0.2, 2.5) * dice.pick((1.0, -1.0)), 3) for _ in range(count))


# --- the table ----------------------------------------------------------------------------

_EVERYTHING = (*FORWARD, *LOSS, *OPTIMIZER, "Optimizer.zero_grad", "Optimizer.step")
_PARTS = ("forward", "mse", "zero_grad", "step")
_STUBS = ("forward", "mse", "zero_grad", "step", "topological_sort", "backward", "relu")

assignment = Assignment(
    name="mlp_training",
    title="Model, Loss, Optimizer and the training loop of a one-hidden-layer MLP",
    checks=(
        Check(
            "initialisation",
            "Model",
            10,
            "Model draws w1, b1, w2, b2 from np.random.seed(rng_seed)",
            _initialisations,
            _initialised,
            MODEL,
            own=("Model.__init__",),
        ),
        Check(
            "parameters",
            "Model",
            5,
            "model.parameters lists every parameter once",
            _parameter_lists,
            _listed,
            MODEL,
            own=("Model.__init__",),
        ),
        Check(
            "forward",
            "Model",
            25,
            "Model.forward predicts w2 . relu(w1 x + b1) + b2 for each x, connected to them",
            _forwards,
            _predicted,
            (*FORWARD, "ag.Scalar.backward"),
            stubs=("forward", "topological_sort", "backward", "relu"),
            own=("Model.forward",),
        ),
        Check(
            "mse",
            "Loss",
            20,
            "Loss.mse is the mean squared error, connected to the predictions",
            _losses,
            compare.call("loss", "grad"),
            (*LOSS, "ag.Scalar.backward"),
            stubs=("mse", "topological_sort", "backward"),
            own=("Loss.mse",),
        ),
        Check(
            "zero_grad",
            "Optimizer",
            10,
            "Optimizer.zero_grad sets every gradient to 0",
            _zeroings,
            _zeroed,
            (*OPTIMIZER, "Optimizer.zero_grad"),
            stubs=("zero_grad",),
            own=("Optimizer.zero_grad",),
        ),
        Check(
            "step",
            "Optimizer",
            10,
            "Optimizer.step moves every parameter by -lr * grad",
            _updates,
            compare.call("after"),
            (*OPTIMIZER, "Optimizer.step"),
            stubs=("step",),
            own=("Optimizer.__init__", "Optimizer.step"),
        ),
        Check(
            "training_steps",
            "Training",
            10,
            "each step of the training loop follows from the one before",
            _runs,
            training.steps,
            _EVERYTHING,
            needs=("parameters", *_PARTS),
            stubs=_STUBS,
        ),
        Check(
            "training_curve",
            "Training",
            10,
            "the loss falls as it does in PyTorch and JAX",
            _curves,
            training.curve,
            _EVERYTHING,
            needs=("initialisation", "parameters", *_PARTS, "training_steps"),
            stubs=_STUBS,
        ),
    ),
    foundation=("ag",),
    given=frozenset({"__init__"}),
)
