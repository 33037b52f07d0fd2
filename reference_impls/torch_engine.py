"""PyTorch as an oracle: eager, float64, one torch operation for each node of a program."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from harness.programs.ops import OPS, Op
from harness.records.observation import Observation, Quantity
from harness.records.program import Apply, Call, Expression, Program, Training
from harness.records.taped import taped
from reference_impls import torch_attention

Tensors = list[torch.Tensor]


class TorchEngine:
    """Runs programs by torch.autograd on float64 tensors."""

    name = "torch"
    version = str(torch.__version__)

    def run(self, program: Program) -> Observation:
        """Runs one program."""
        match program:
            case Expression():
                return _expression(program)
            case Training():
                return _training(program)
            case Call():
                return _call(program)


def _expression(program: Expression) -> Observation:
    nodes: Tensors = []
    for node in program.nodes:
        nodes.append(_apply(node, [nodes[i] for i in node.inputs]))
    quantities = [Quantity("value", -1, tuple(node.item() for node in nodes))]
    if program.sorts:
        quantities.append(Quantity("edges", -1, _edges(nodes)))
    for step, root in program.backwards:
        grads = torch.autograd.grad(nodes[root], nodes, retain_graph=True, allow_unused=True)
        row = tuple(0.0 if grad is None else grad.item() for grad in grads)
        quantities.append(Quantity("grad", step, row))
    return Observation(tuple(quantities))


def _apply(node: Apply, inputs: Tensors) -> torch.Tensor:
    if node.op == "leaf":
        return torch.tensor(node.constant, dtype=torch.float64, requires_grad=True)
    op = OPS[node.op]
    function = getattr(torch, op.array, None) or getattr(torch.nn.functional, op.array)
    if op.arity == 0:
        result: torch.Tensor = function(torch.stack(inputs))
        return result
    operands: list[torch.Tensor | float | int] = [*inputs]
    if op.number is not None:
        assert node.constant is not None, f"{node.op} has a number beside its node"
        operands.insert(op.number, _number(op, node.constant))
    result = function(*operands)
    return result


def _number(op: Op, number: float | int) -> torch.Tensor | float | int:
    """A power's exponent stays a number: torch.pow knows whole exponents as such."""
    if op.name == "pow":
        return number
    return torch.tensor(float(number), dtype=torch.float64)


def _edges(nodes: Tensors) -> tuple[int, ...]:
    """The relation between nodes as torch recorded it: a flat row of node, input."""
    places = {node.grad_fn: i for i, node in enumerate(nodes) if node.grad_fn is not None}
    leaves = {id(node): i for i, node in enumerate(nodes) if node.grad_fn is None}
    pairs = set()
    for function, place in places.items():
        for earlier, _ in function.next_functions:
            if earlier is not None:
                leaf = getattr(earlier, "variable", None)
                pairs.add((place, places[earlier] if leaf is None else leaves[id(leaf)]))
    return tuple(number for pair in sorted(pairs) for number in pair)


def _tensor(values: Sequence[float], *, grad: bool = False) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64, requires_grad=grad)


def _row(tensor: torch.Tensor) -> tuple[float, ...]:
    return tuple(tensor.detach().reshape(-1).tolist())


def _forward(parameters: torch.Tensor, inputs: torch.Tensor, hidden: int) -> torch.Tensor:
    """w2 . relu(w1 x + b1) + b2 for each x; shape (samples,)."""
    w1, b1, w2, b2 = torch.split(parameters, [hidden, hidden, hidden, 1])
    return torch.relu(torch.outer(inputs, w1) + b1) @ w2 + b2


def _training(program: Training) -> Observation:
    if program.function != "mlp_training":
        return taped(program, _expression)
    inputs, targets = (_tensor(program.argument(name)) for name in ("inputs", "targets"))
    start, quantities = _tensor(program.start), []
    for epoch in range(program.epochs):
        parameters = start.clone().requires_grad_()
        output = _forward(parameters, inputs, len(program.start) // 3)
        loss = torch.nn.functional.mse_loss(output, targets)
        (grad,) = torch.autograd.grad(loss, parameters)
        start = _sgd(start, grad, program.lr)
        quantities.append(Quantity("loss", epoch, _row(loss)))
        if program.detailed:
            quantities.append(Quantity("prediction", epoch, _row(output)))
            quantities.append(Quantity("grad", epoch, _row(grad)))
            quantities.append(Quantity("after", epoch, _row(start)))
    return Observation(tuple(quantities))


def _sgd(parameters: torch.Tensor, grads: torch.Tensor, lr: float) -> torch.Tensor:
    """What torch.optim.SGD computes; importing that takes two seconds."""
    return torch.add(parameters, grads, alpha=-lr)


def _call(program: Call) -> Observation:
    match program.function:
        case "mlp_forward":
            parameters = _tensor(program.argument("parameters"), grad=True)
            inputs = _tensor(program.argument("inputs"))
            output = _forward(parameters, inputs, len(parameters) // 3)
            (grad,) = torch.autograd.grad(output[-1], parameters)
            return _observed(prediction=output, grad=grad)
        case "mse":
            predictions = _tensor(program.argument("predictions"), grad=True)
            targets = _tensor(program.argument("targets"))
            loss = torch.nn.functional.mse_loss(predictions, targets)
            (grad,) = torch.autograd.grad(loss, predictions)
            return _observed(loss=loss, grad=grad)
        case "sgd":
            parameters, grads = (_tensor(program.argument(n)) for n in ("parameters", "grads"))
            return _observed(after=_sgd(parameters, grads, program.argument("lr")[0]))
        case "attention_training":
            return torch_attention.training(program)
    return taped(program, _expression)


def _observed(**quantities: torch.Tensor) -> Observation:
    return Observation(tuple(Quantity(name, -1, _row(t)) for name, t in quantities.items()))
