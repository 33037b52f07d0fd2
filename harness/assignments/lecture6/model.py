"""The lecture's Model: its draws, its parameters, its predictions."""

from __future__ import annotations

from itertools import islice, permutations

from harness.assignments.lecture6 import tapes
from harness.assignments.lecture6.randn import randn
from harness.judging import compare, order
from harness.judging.training import exploded
from harness.programs import generate
from harness.records.engine import Answers
from harness.records.observation import Observation
from harness.records.program import Call, Expression, Program, Traced
from harness.records.verdict import Finding, Problem

VECTORS = ("w1", "b1", "w2", "b2")
"""The order in which the lecture draws the parameters."""
ALL = "*model.w1, *model.b1, *model.w2, *model.b2"
NOTHING = Expression((), ())


def numbers(dice: generate.Dice, count: int) -> tuple[float, ...]:
    """Numbers of either sign, short in decimals."""
    return tuple(round(dice.real(0.2, 2.5) * dice.pick((1.0, -1.0)), 3) for _ in range(count))


def draws(n_hidden: int, rng_seed: int, order: tuple[str, ...] = VECTORS) -> tuple[float, ...]:
    """w1, b1, w2, b2 as numpy's legacy generator gives them, drawn in some order."""
    stream = randn(rng_seed)
    drawn = {name: tuple(islice(stream, 1 if name == "b2" else n_hidden)) for name in order}
    return tuple(value for name in VECTORS for value in drawn[name])


def names(n_hidden: int) -> tuple[str, ...]:
    """How a program spells each parameter, in the order in which they are drawn."""
    hidden = range(n_hidden)
    return (*(f"model.{v}[{j}]" for v in VECTORS[:3] for j in hidden), "model.b2[0]")


def initialisations(seed: str) -> tuple[Program, ...]:
    """Models of several sizes and seeds, the last with the default seed."""
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
            f"model = {spelled}  # the same seed, so the same numbers",
            f'record("again", -1, *[p.value for p in [{ALL}]])',
        ),
        NOTHING,
        (),
    )


def initialised(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    """The first size or number of a model's parameters that is wrong; other draws are named."""
    assert isinstance(program, Call), "a model is made by a call"
    if actual.fault is not None:
        return actual.fault
    n_hidden, rng_seed = (int(number) for number in program.argument("shape"))
    sizes = (*(float(n_hidden),) * 3, 1.0)
    for place, name in enumerate(VECTORS):
        number, kind = compare.number_at(actual.get("size"), place)
        if number is None:
            return Finding("parameter_alone", (("name", f"model.{name}"), ("type", kind)))
    subjects = [f"len(model.{name})" for name in VECTORS]
    wrong = compare.stated(actual, "size", subjects, sizes, "the lecture")
    if wrong is not None:
        return wrong
    subjects = [f"{name}.value" for name in names(n_hidden)]
    start = program.argument("start")
    wrong = compare.stated(actual, "start", subjects, start, "numpy")
    if wrong is not None:
        return _other_draws(actual, n_hidden, rng_seed) or wrong
    return compare.stated(actual, "again", subjects, start, "numpy")


def _other_draws(actual: Observation, n_hidden: int, rng_seed: int) -> Finding | None:
    """Which other draws give the student's numbers, if any do."""
    told, again = actual.numbers("start"), actual.numbers("again")
    if told != again:
        return Finding("draw_unseeded", (("seed", str(rng_seed)),))
    for drawn in permutations(VECTORS):
        if told == draws(n_hidden, rng_seed, drawn):
            return Finding("draw_order", (("order", ", ".join(drawn)),))
    if told == draws(n_hidden, 42):
        return Finding("draw_seed", (("seed", str(rng_seed)),))
    return None


def parameter_lists(seed: str) -> tuple[Program, ...]:
    """A model whose list of parameters is recorded, and which of them can have a gradient."""
    several = "model.parameters if isinstance(model.parameters, (list, tuple)) else ()"
    lines = (
        "model = Model(n_hidden=3, rng_seed=1)",
        f'record_order("parameters", -1, model.parameters, ({ALL},))',
        f'record("nodes", -1, *[hasattr(p, "grad") for p in ({several})])',
    )
    return (Call("parameters", (("count", (10.0,)),), lines, NOTHING, ()),)


def listed(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    """The parameters may stand in any order, but each must be there once."""
    if actual.fault is not None:
        return actual.fault
    told = actual.get("parameters")
    kind = told.types[0] if told is not None and told.types else "nothing"
    if told is None or kind not in ("list", "tuple"):
        return Finding("parameters_type", (("type", kind),))
    wanted = names(3)
    places = order.places(told, len(wanted))
    for place, name in enumerate(wanted):
        if places.count(place) != 1:
            count = str(places.count(place))
            return Finding("parameters_lack", (("name", name), ("count", count)))
    if -1 in places:
        return Finding("parameters_stranger", (("count", str(places.count(-1))),))
    return None


def forwards(seed: str) -> tuple[Program, ...]:
    """The values alone first, then with a backward() from the last prediction.

    The last model has predicted something else before, and its parameters have moved since.
    """
    dice = generate.Dice(f"{seed}/again")
    rng_seed, inputs = dice.whole(1, 9999), numbers(dice, 3)
    again = _forward(2, rng_seed, inputs, _moved(draws(2, rng_seed)), backward=True, used=True)
    return (
        *_forward_calls(seed, backward=False),
        *_forward_calls(seed, backward=True),
        again,
    )


def _moved(parameters: tuple[float, ...]) -> tuple[float, ...]:
    """What the program of a used model makes of its parameters: b2, the last, stays.

    It may be a Scalar where a list is asked for, which is told where it is asked for.
    """
    return (*(p + 0.5 for p in parameters[:-1]), parameters[-1])


def _forward_calls(seed: str, *, backward: bool) -> tuple[Program, ...]:
    dice = generate.Dice(seed)
    calls = []
    for n_hidden, samples in ((1, 1), (1, 3), (2, 1), (3, 4), (5, 8)):
        rng_seed, inputs = dice.whole(1, 9999), numbers(dice, samples)
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
    used: bool = False,
) -> Call:
    tape, predictions = tapes.forward_tape(parameters, inputs)
    last = len(inputs) - 1
    before = (
        "earlier = model.forward(xnp + 1.0)",
        f"other = Model(n_hidden={n_hidden}, rng_seed={rng_seed + 1})",
        "for p in [*model.w1, *model.b1, *model.w2]:",
        "    p.value += 0.5",
    )
    lines = [
        "import numpy as np",
        f"xnp = np.array([{', '.join(map(repr, inputs))}])",
        f"model = Model(n_hidden={n_hidden}, rng_seed={rng_seed})",
        *(before if used else ()),
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
        tape = tapes.backward_from(tape, predictions[-1])
        every = tuple(range(len(parameters)))
        grads = tuple(f"{name}.grad" for name in names(n_hidden))
        traced.append(Traced("grad", grads, every, step))
    shape = ("shape", (float(n_hidden), float(rng_seed), float(used)))
    arguments = (shape, ("parameters", parameters), ("inputs", inputs))
    return Call("mlp_forward", arguments, tuple(lines), tape, tuple(traced))


def predicted(program: Program, actual: Observation, answers: Answers) -> Problem | None:
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
    subjects = tuple(f"{name}.value" for name in names(len(parameters) // 3))
    huge = exploded(parameters, subjects)
    return huge or compare.call("prediction", "grad")(forced, actual, answers)


def _forced(program: Call, actual: Observation) -> Call:
    """The same call from the parameters that the student's model was seen to have."""
    n_hidden, rng_seed, used = (int(number) for number in program.argument("shape"))
    before, count = actual.get("before"), len(program.argument("parameters"))
    if before is None or len(before.values) != count or None in before.values:
        return program
    backward = len(program.traced) > 1
    inputs = program.argument("inputs")
    told = actual.numbers("before")
    return _forward(n_hidden, rng_seed, inputs, told, backward=backward, used=bool(used))
