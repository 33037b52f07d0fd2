"""Programs on a network in a student's own names: one is made, its parameters are put in, it runs.

Initial values are not judged, so each program states the parameters that it goes on from; what
follows is worked out from those that the student's network is then seen to have.
"""

from __future__ import annotations

from collections.abc import Iterator

from harness.assignments.network import tapes
from harness.programs.generate import Dice
from harness.programs.tape import Tape
from harness.records.dialect import Dialect, Network
from harness.records.program import Call, Expression, Program, Traced, Training

NOTHING = Expression((), ())
SIZES = {"neuron": ((1,),), "layer": ((1,), (3,)), "mlp": ((3, 1), (2, 2), (2, 3, 1))}
"""The outputs of each layer of the networks that are tried."""
INPUTS = (2, 3, 1)
"""How many inputs they have, in turn."""
MIXED = (1.5, -0.5, 0.75)
"""By what outputs are multiplied before they are added up to one root."""
RATE = 0.1


def counted(dialect: Dialect) -> tuple[Program, ...]:
    """The length of each network's list of parameters, and how many of them are different."""
    return tuple(_counted(network, inputs, sizes) for network, inputs, sizes in _cases(dialect))


def _counted(network: Network, inputs: int, sizes: tuple[int, ...]) -> Call:
    listed = network.parameters.format("net")
    lines = (
        f"net = {_made(network, inputs, sizes)}",
        f"parameters = [*{listed}]",
        'record("size", -1, len(parameters))',
        'record("distinct", -1, len({id(p) for p in parameters}))',
    )
    size = float(tapes.count(network, inputs, sizes))
    return Call("network_size", (("size", (size,)),), lines, NOTHING, ())


def forwards(seed: str, dialect: Dialect) -> tuple[Program, ...]:
    """Outputs for a sample; of each network twice."""
    dice = Dice(seed)
    cases = [case for case in _cases(dialect) for _ in range(2)]
    return tuple(_run(dialect, *case, dice, backward=False) for case in cases)


def walks(seed: str, dialect: Dialect) -> tuple[Program, ...]:
    """The same with a backward() from what the outputs add up to."""
    dice = Dice(seed)
    cases = [case for case in _cases(dialect) for _ in range(2)]
    return tuple(_run(dialect, *case, dice, backward=True) for case in cases)


def zeroings(seed: str, dialect: Dialect) -> tuple[Program, ...]:
    """A backward(), and then the network's own zeroing."""
    dice, made = Dice(seed), []
    for network, inputs, sizes in _cases(dialect):
        if network.zero:
            run = _run(dialect, network, inputs, sizes, dice, backward=True)
            lines = (*run.lines[:-1], network.zero.format("net"), _grads(dialect))
            _, grads = run.traced
            made.append(Call("network_zero", run.arguments, lines, run.tape, (grads,)))
    return tuple(made)


def trainings(seed: str, dialect: Dialect) -> tuple[Program, ...]:
    """Gradient descent by hand on the largest networks: zero, forward, loss, backward, step."""
    dice = Dice(seed)
    kinds = {network.kind: network for network in dialect.networks}
    network = next(kinds[kind] for kind in ("mlp", "layer", "neuron") if kind in kinds)
    sizes = {"mlp": ((3, 1), (2, 2)), "layer": ((1,), (2,)), "neuron": ((1,),)}[network.kind]
    return tuple(_training(dialect, network, 2, each, dice) for each in sizes)


def _cases(dialect: Dialect) -> Iterator[tuple[Network, int, tuple[int, ...]]]:
    """Each network with its inputs and sizes, the simplest first."""
    for kind in SIZES:
        for network in dialect.networks:
            if network.kind == kind:
                for inputs, sizes in zip(INPUTS, SIZES[kind], strict=False):
                    yield network, inputs, sizes


def _made(network: Network, inputs: int, sizes: tuple[int, ...]) -> str:
    return network.made.format(inputs=inputs, sizes=", ".join(map(str, sizes)))


def _numbers(dice: Dice, count: int) -> tuple[float, ...]:
    return tuple(round(dice.real(0.1, 0.9) * dice.pick((1.0, -1.0)), 3) for _ in range(count))


def _target(dialect: Dialect, quantity: str) -> str:
    """What stands to the left of an assignment to a node's number."""
    return dialect.quantity(quantity, "p").removeprefix("float(").removesuffix(")")


def _put_in(
    dialect: Dialect, network: Network, inputs: int, sizes: tuple[int, ...], numbers: object
) -> tuple[str, ...]:
    """A new network with stated parameters."""
    return (
        f"net = {_made(network, inputs, sizes)}",
        f"parameters = [*{network.parameters.format('net')}]",
        f"for p, number in zip(parameters, {numbers}):",
        f"    {_target(dialect, 'value')} = number",
    )


def _grads(dialect: Dialect, quantity: str = "grad", step: str = "-1") -> str:
    read = dialect.recorded("grad", "p")
    return f'record("{quantity}", {step}, *[{read} for p in parameters])'


def _values(dialect: Dialect, quantity: str, step: str = "-1") -> str:
    read = dialect.quantity("value", "p")
    return f'record("{quantity}", {step}, *[{read} for p in parameters])'


def _outputs(network: Network, size: int) -> tuple[str, ...]:
    """How a program spells each output of a call."""
    if size == 1 and network.single == "node":
        return ("out",)
    return tuple(f"out[{i}]" for i in range(size))


def _run(
    dialect: Dialect,
    network: Network,
    inputs: int,
    sizes: tuple[int, ...],
    dice: Dice,
    *,
    backward: bool,
) -> Call:
    numbers = _numbers(dice, tapes.count(network, inputs, sizes))
    x = _numbers(dice, inputs)
    leaves = ", ".join(dialect.leaf.format(number) for number in x)
    out = _outputs(network, sizes[-1])
    read = ", ".join(dialect.quantity("value", one) for one in out)
    lines = [
        *_put_in(dialect, network, inputs, sizes, list(numbers)),
        _values(dialect, "before"),
        f"out = {network.called.format('net', f'[{leaves}]')}",
        f'record("prediction", -1, {read})',
    ]
    if backward:
        mixed = zip(out, MIXED, strict=False)
        terms = [f"{one} * {dialect.leaf.format(factor)}" for one, factor in mixed]
        root = out[0] if len(out) == 1 else "root"
        lines += [f"root = {' + '.join(terms)}"] if len(out) > 1 else []
        lines += [line.format(root) for line in dialect.backward]
        lines.append(_grads(dialect))
    arguments = (("parameters", numbers), ("inputs", x), ("sizes", tuple(map(float, sizes))))
    tape, traced = taped(dialect, network, numbers, x, sizes, backward=backward)
    return Call(f"network_{network.name}", arguments, tuple(lines), tape, traced)


def taped(
    dialect: Dialect,
    network: Network,
    numbers: tuple[float, ...],
    x: tuple[float, ...],
    sizes: tuple[int, ...],
    *,
    backward: bool,
) -> tuple[Expression, tuple[Traced, ...]]:
    """The tape of one call, and where its quantities stand on it."""
    tape = Tape()
    parameters = tape.vector(numbers)
    predictions = tapes.outputs(network, tape, parameters, tape.vector(x), sizes)
    root = predictions[0]
    if len(predictions) > 1:
        mixed = zip(predictions, MIXED, strict=False)
        root = tape.apply("sum", *(tape.scaled(factor, node) for node, factor in mixed))
    program = tape.finished(*([root] if backward else []))
    spelled = tuple(dialect.quantity("value", one) for one in _outputs(network, sizes[-1]))
    traced = [Traced("prediction", spelled, tuple(map(tape.place, predictions)))]
    if backward:
        step = len(program.steps) - 1
        traced.append(Traced("grad", subjects(dialect, "grad", len(numbers)),
                             tuple(map(tape.place, parameters)), step))  # fmt: skip
    return program, tuple(traced)


def subjects(dialect: Dialect, quantity: str, count: int) -> tuple[str, ...]:
    """How a program spells a number of each parameter."""
    return tuple(dialect.quantity(quantity, f"parameters[{i}]") for i in range(count))


def _training(
    dialect: Dialect, network: Network, inputs: int, sizes: tuple[int, ...], dice: Dice
) -> Training:
    numbers = _numbers(dice, tapes.count(network, inputs, sizes))
    samples = tuple(_numbers(dice, inputs) for _ in range(3))
    targets = _numbers(dice, 3 * sizes[-1])
    zero = dialect.zero.format("p")
    called = network.called.format("net", f"[{dialect.leaf.format('a')} for a in x]")
    single = len(_outputs(network, sizes[-1])) == 1 and network.single == "node"
    flat = f"[{called} for x in xs]" if single else f"[y for x in xs for y in {called}]"
    difference = f"y + {dialect.leaf.format('-target')}"
    each = (
        *("for p in parameters:", f"    {zero}"),
        _grads(dialect, "zeroed", "epoch"),
        _values(dialect, "before", "epoch"),
        f"outputs = {flat}",
        f'record("prediction", epoch, *[{dialect.quantity("value", "y")} for y in outputs])',
        f"loss = {dialect.leaf.format(0.0)}",
        "for y, target in zip(outputs, ys):",
        f"    difference = {difference}",
        "    loss = loss + difference * difference",
        f'record("loss", epoch, {dialect.quantity("value", "loss")})',
        *(line.format("loss") for line in dialect.backward),
        _grads(dialect, "grad", "epoch"),
        *("for p in parameters:",
          f"    {_target(dialect, 'value')} -= {RATE} * {dialect.quantity('grad', 'p')}"),
        _values(dialect, "after", "epoch"),
    )  # fmt: skip
    before = (
        *_put_in(dialect, network, inputs, sizes, list(numbers)),
        f"xs = {[list(x) for x in samples]}",
        f"ys = {list(targets)}",
    )
    tape, traced = _training_tape(dialect, network, numbers, samples, targets, sizes)
    return Training("network_training", (), before, each, numbers, RATE, 3, tape, traced)


def _training_tape(
    dialect: Dialect,
    network: Network,
    numbers: tuple[float, ...],
    samples: tuple[tuple[float, ...], ...],
    targets: tuple[float, ...],
    sizes: tuple[int, ...],
) -> tuple[Expression, tuple[Traced, ...]]:
    tape = Tape()
    parameters = tape.vector(numbers)
    predictions = [
        node
        for x in samples
        for node in tapes.outputs(network, tape, parameters, tape.vector(x), sizes)
    ]
    differences = [
        tape.apply("sum", node, tape.leaf(-target))
        for node, target in zip(predictions, targets, strict=True)
    ]
    loss = tape.apply("sum", *(tape.apply("mul", d, d) for d in differences))
    program = tape.finished(loss)
    step, every = len(program.steps) - 1, tuple(map(tape.place, parameters))
    spelled = tuple(dialect.quantity("value", f"outputs[{i}]") for i in range(len(predictions)))
    count = len(numbers)
    return program, (
        Traced("prediction", spelled, tuple(map(tape.place, predictions))),
        Traced("loss", (dialect.quantity("value", "loss"),), (tape.place(loss),)),
        Traced("grad", subjects(dialect, "grad", count), every, step),
        Traced("after", subjects(dialect, "value", count), every, step),
    )
