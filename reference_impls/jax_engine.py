"""JAX as an oracle: float64, many programs in one compiled call.

One small interpreter is compiled once: it scans over the nodes of a program, selects the
operation by its number, and adds a zero at every node; the gradient by those zeros is the
gradient of every node. Mapped over a batch, it runs 64 programs in the time of a few. Programs
longer than it holds are run operation by operation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.extend.core import Literal

from harness.programs.ops import BASE, OPS, Op
from harness.records.observation import Observation, Quantity
from harness.records.program import Apply, Backward, Call, Expression, Program, Step, Training
from harness.records.taped import taped
from reference_impls import jax_attention, jax_cache

LENGTH = 160
"""Nodes that the interpreter holds."""
BATCH = 64
"""Programs in one compiled call; a fixed number, so that it compiles once."""
LONG = 1600
"""Nodes of the tape of a call that a longer interpreter holds, two at a time."""
BLOCK = 32
"""Sizes of the MLP are padded to whole blocks of it."""
CODES = {"leaf": 0, **{op.name: code for code, op in enumerate(BASE, start=1)}}
"""An operation beside a number is the operation itself, with the number in place of a node."""
NOTHING = -0.0
"""Added at every node: x + -0.0 is x for every x, which x + 0.0 is not for -0.0."""

Scalars = list[Any]
"""JAX scalars, or the tracers that stand for them."""


class JaxEngine:
    """Runs programs by jax.grad on float64 arrays."""

    name = "jax"
    version = str(jax.__version__)

    def __init__(self) -> None:
        jax.config.update("jax_enable_x64", True)
        jax_cache.keep()
        assert jnp.asarray(0.1).dtype == jnp.float64, "JAX must compute in float64"

    def run(self, program: Program) -> Observation:
        """Runs one program."""
        return self.run_all((program,))[0]

    def run_all(self, programs: tuple[Program, ...]) -> tuple[Observation, ...]:
        """Runs many programs, those that fit together in one compiled call."""
        short = [p for p in programs if isinstance(p, Expression) and len(p.nodes) <= LENGTH]
        short = [p for p in short if all(_base(node.op) in CODES for node in p.nodes)]
        done: dict[Program, Observation] = dict(zip(short, _interpret(short), strict=True))
        done |= _taped_calls([p for p in programs if isinstance(p, Call)])
        return tuple(done[p] if p in done else _alone(p) for p in programs)


def _alone(program: Program) -> Observation:
    match program:
        case Expression():
            return _long_expression(program)
        case Training():
            return _training(program)
        case Call():
            return _call(program)


# --- many expressions at once -------------------------------------------------------------


def _interpret(
    programs: Sequence[Expression], length: int = LENGTH, batch: int = BATCH
) -> Iterator[Observation]:
    """Each program's observation; a program is run once for each of its backward() calls."""
    runs = [(p, root) for p in programs for _, root in p.backwards or ((-1, len(p.nodes) - 1),)]
    rows: list[tuple[list[float], list[float]]] = []
    for start in range(0, len(runs), batch):
        rows += _batch(runs[start : start + batch], length, batch)
    place = 0
    for program in programs:
        count = len(program.nodes)
        quantities = [Quantity("value", -1, tuple(rows[place][0][:count]))]
        if program.sorts:
            quantities.append(Quantity("edges", -1, _edges(program)))
        for step, _ in program.backwards:
            quantities.append(Quantity("grad", step, tuple(rows[place][1][:count])))
            place += 1
        place += not program.backwards
        yield Observation(tuple(quantities))


def _batch(
    runs: Sequence[tuple[Expression, int]], length: int, batch: int
) -> list[tuple[list[float], list[float]]]:
    """The values and the gradients of every node, for each (program, root)."""
    codes = np.zeros((batch, length), np.int32)
    places = np.full((batch, length), -1, np.int32)
    inputs = np.zeros((batch, length, 2), np.int32)
    constants = np.zeros((batch, length))
    roots = np.zeros(batch, np.int32)
    for row, (program, root) in enumerate(runs):
        roots[row] = root
        for k, node in enumerate(program.nodes):
            codes[row, k] = CODES[_base(node.op)]
            place = None if node.op in ("leaf", "pow") else OPS[node.op].number
            places[row, k] = -1 if place is None else place
            inputs[row, k, : len(node.inputs)] = node.inputs
            constants[row, k] = 0.0 if node.constant is None else node.constant
    nothing = np.full((batch, length), NOTHING)
    grads, values = _run_batch(nothing, codes, inputs, constants, places, roots)
    return list(zip(values.tolist(), grads.tolist(), strict=True))[: len(runs)]


def _base(name: str) -> str:
    """The operation whose operands are nodes: that of x - 2 is x - y."""
    if name in CODES or OPS[name].number is None:
        return name
    return next(op.name for op in BASE if op.array == OPS[name].array and op.arity == 2)


def _taped_calls(calls: Sequence[Call]) -> dict[Program, Observation]:
    """What the tapes of calls say, those that JAX has no line for, where they fit."""
    found: dict[Program, Observation] = {}
    chained = {call: _chained(call.tape) for call in calls if call.function not in OWN}
    for length, batch, least in ((LENGTH, BATCH, 0), (LONG, 2, LENGTH)):
        held = {c: one for c, one in chained.items() if least < len(one[0].nodes) <= length}
        seen = _interpret([tape for tape, _ in held.values()], length, batch)
        for (call, (tape, place)), one in zip(held.items(), seen, strict=True):
            said = [one.numbers("value"), *(one.numbers("grad", k) for k, _ in tape.backwards)]
            steps = [-1, *(step for step, _ in call.tape.backwards)]
            found[call] = call.from_tape(
                {k: tuple(row[i] for i in place) for k, row in zip(steps, said, strict=True)}
            )
    return found


def _chained(tape: Expression) -> tuple[Expression, list[int]]:
    """A tape with sums and means of two operands each, and where its nodes stand then."""
    place, steps = list(range(len(tape.leaves))), list[Step]()
    count = len(place)
    for step in tape.steps:
        if isinstance(step, Backward):
            steps.append(Backward(place[step.node]))
            continue
        assert isinstance(step, Apply), "a tape applies operations and goes backward"
        first, *rest = (place[i] for i in step.inputs)
        parts = [replace(step, inputs=(first, *rest))]
        if OPS[step.op].arity == 0:
            # A node of its own even for a sum of one.
            parts = [Apply("mul_number", (first,), 1.0)]
            parts += [Apply("add", (count + k, i)) for k, i in enumerate(rest)]
            if step.op == "mean":
                parts.append(Apply("div_number", (count + len(rest),), len(step.inputs)))
        steps += parts
        count += len(parts)
        place.append(count - 1)
    return Expression(tape.leaves, tuple(steps)), place


def _run_one(
    nothing: Any, codes: Any, inputs: Any, constants: Any, places: Any, root: Any
) -> tuple[Any, Any]:
    """The value of the root, and beside it the value of every node."""

    def step(values: Any, row: Any) -> tuple[Any, None]:
        k, code, pair, constant, place, zero = row
        x = jnp.where(place == 0, constant, values[pair[0]])
        y = jnp.where(place == 1, constant, values[pair[jnp.where(place == 0, 0, 1)]])
        results = {"leaf": constant}
        for op in BASE:
            # All branches run under vmap; a NaN in one not taken would leak into its gradient.
            taken = code == CODES[op.name]
            first, second = jnp.where(taken, x, 1.0), jnp.where(taken, y, 2.0)
            second = constant if op.number == 1 else second
            operands = (first, second) if op.arity == 2 or op.number is not None else (first,)
            results[op.name] = _function(op)(*operands)
        value = jax.lax.select_n(code, *(results[name] for name in CODES)) + zero
        return values.at[k].set(value), None

    rows = (jnp.arange(len(codes)), codes, inputs, constants, places, nothing)
    values, _ = jax.lax.scan(step, jnp.zeros(len(codes)), rows)
    return values[root], values


_run_batch = jax.jit(jax.vmap(jax.grad(_run_one, has_aux=True)))


# --- one expression, operation by operation -----------------------------------------------


def _nodes(program: Expression, zeros: Scalars) -> Scalars:
    """Every node of a program, each with its zero added."""
    nodes: Scalars = []
    for node, zero in zip(program.nodes, zeros, strict=True):
        nodes.append(jax.lax.add(_apply(node, [nodes[i] for i in node.inputs]), zero))
    return nodes


def _apply(node: Apply, inputs: Scalars) -> Any:
    if node.op == "leaf":
        return np.float64(node.constant or 0.0)
    op = OPS[node.op]
    if op.arity == 0:
        return _function(op)(jnp.stack(inputs))
    operands = [*inputs]
    if op.number is not None:
        operands.insert(op.number, np.float64(node.constant or 0.0))
    return _function(op)(*operands)


def _function(op: Op) -> Callable[..., Any]:
    """JAX's function for an operation; powers by lax, whose gradient takes any exponent."""
    if op.array == "pow":
        return _power
    function: Callable[..., Any] = getattr(jnp, op.array, None) or getattr(jax.nn, op.array)
    return function


def _power(x: Any, y: Any) -> Any:
    return jax.lax.pow(x, y)


def _zeros(program: Expression) -> Scalars:
    return [np.float64(NOTHING)] * len(program.nodes)


def _long_expression(program: Expression) -> Observation:
    zeros = _zeros(program)
    values = tuple(float(node) for node in _nodes(program, zeros))
    quantities = [Quantity("value", -1, values)]
    if program.sorts:
        quantities.append(Quantity("edges", -1, _edges(program)))
    for step, root in program.backwards:
        grads = jax.grad(_picker(program, root))(zeros)
        quantities.append(Quantity("grad", step, tuple(float(grad) for grad in grads)))
    return Observation(tuple(quantities))


def _picker(program: Expression, root: int) -> Callable[[Scalars], Any]:
    return lambda zeros: _nodes(program, zeros)[root]


def _edges(program: Expression) -> tuple[int, ...]:
    """The relation between nodes as JAX traced it: a flat row of node, input."""
    trace = jax.make_jaxpr(lambda zeros: _nodes(program, zeros))(_zeros(program)).jaxpr
    place = {variable: k for k, variable in enumerate(trace.outvars)}
    depends: dict[Any, frozenset[int]] = {}
    pairs = set()
    for equation in trace.eqns:
        known = [v for v in equation.invars if not isinstance(v, Literal)]
        found = frozenset[int]().union(*(depends.get(v, frozenset()) for v in known))
        for variable in equation.outvars:
            k = place.get(variable)
            depends[variable] = found if k is None else frozenset({k})
            if k is not None:
                pairs |= {(k, i) for i in found}
    return tuple(number for pair in sorted(pairs) for number in pair)


# --- the MLP ------------------------------------------------------------------------------
#
# Everything is padded to whole blocks, so that each function below compiles once and not once
# for every size. A padded unit has w1 = b1 = w2 = 0 and adds nothing; a padded sample has weight 0.


def _forward(parameters: Any, inputs: Any) -> Any:
    """w2 . relu(w1 x + b1) + b2 for each x; parameters of shape (3 * units + 1,)."""
    units = len(parameters) // 3
    w1, b1, w2, b2 = jnp.split(parameters, [units, 2 * units, 3 * units])
    return jax.nn.relu(jnp.outer(inputs, w1) + b1) @ w2 + b2


def _mse(predictions: Any, targets: Any, weights: Any) -> Any:
    return jnp.sum(weights * (predictions - targets) ** 2) / jnp.sum(weights)


def _loss(parameters: Any, inputs: Any, targets: Any, weights: Any) -> tuple[Any, Any]:
    output = _forward(parameters, inputs)
    return _mse(output, targets, weights), output


_loss_and_grad = jax.jit(jax.value_and_grad(_loss, has_aux=True))
_mse_and_grad = jax.jit(jax.value_and_grad(_mse))
_sgd = jax.jit(lambda parameters, grads, lr: parameters - lr * grads)
_picked_grad = jax.jit(jax.grad(lambda p, inputs, pick: jnp.dot(_forward(p, inputs), pick)))
_predict = jax.jit(_forward)


def _training(program: Training) -> Observation:
    if program.function != "mlp_training":
        return taped(program, _long_expression)
    units, samples = len(program.start) // 3, len(program.argument("inputs"))
    inputs, targets = (_padded(program.argument(name)) for name in ("inputs", "targets"))
    weights = _padded((1.0,) * samples)
    parameters = _padded_parameters(program.start)
    quantities = []
    for epoch in range(program.epochs):
        (loss, output), grad = _loss_and_grad(parameters, inputs, targets, weights)
        parameters = _sgd(parameters, grad, program.lr)
        quantities.append(Quantity("loss", epoch, _row(loss)))
        if program.detailed:
            quantities.append(Quantity("prediction", epoch, _row(output)[:samples]))
            quantities.append(Quantity("grad", epoch, _unpadded(grad, units)))
            quantities.append(Quantity("after", epoch, _unpadded(parameters, units)))
    return Observation(tuple(quantities))


OWN = frozenset(("mlp_forward", "mse", "sgd", "attention_training"))
"""The calls that JAX has a line for."""


def _call(program: Call) -> Observation:
    match program.function:
        case "mlp_forward":
            start, xs = program.argument("parameters"), program.argument("inputs")
            parameters, inputs = _padded_parameters(start), _padded(xs)
            last = _padded((0.0,) * (len(xs) - 1) + (1.0,))
            output = _row(_predict(parameters, inputs))[: len(xs)]
            grad = _unpadded(_picked_grad(parameters, inputs, last), len(start) // 3)
            return _observed(prediction=output, grad=grad)
        case "mse":
            predictions = program.argument("predictions")
            count = len(predictions)
            targets, weights = _padded(program.argument("targets")), _padded((1.0,) * count)
            loss, grad = _mse_and_grad(_padded(predictions), targets, weights)
            return _observed(loss=_row(loss), grad=_row(grad)[:count])
        case "sgd":
            parameters, grads = program.argument("parameters"), program.argument("grads")
            after = _sgd(_padded(parameters), _padded(grads), program.argument("lr")[0])
            return _observed(after=_row(after)[: len(parameters)])
        case "attention_training":
            return jax_attention.training(program)
    return taped(program, _long_expression)


def _padded(values: Sequence[float]) -> Any:
    """The values and zeros behind them, in whole blocks."""
    return np.pad(np.asarray(values, np.float64), (0, -len(values) % BLOCK))


def _padded_parameters(parameters: Sequence[float]) -> Any:
    units = len(parameters) // 3
    vectors = [_padded(parameters[i * units : (i + 1) * units]) for i in range(3)]
    return np.concatenate([*vectors, parameters[-1:]])


def _unpadded(parameters: Any, units: int) -> tuple[float, ...]:
    row = _row(parameters)
    padded = len(row) // 3
    vectors = [row[i * padded : i * padded + units] for i in range(3)]
    return (*vectors[0], *vectors[1], *vectors[2], row[-1])


def _row(array: Any) -> tuple[float, ...]:
    return tuple(np.asarray(array).reshape(-1).tolist())


def _observed(**quantities: tuple[float, ...]) -> Observation:
    return Observation(tuple(Quantity(name, -1, row) for name, row in quantities.items()))
