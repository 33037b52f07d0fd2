"""Homework 3 by PyTorch: attention in float64 tensors, its gradients by torch.autograd."""

from __future__ import annotations

from collections.abc import Callable

import torch

from harness.records.observation import Observation, Quantity
from harness.records.program import Call


def _array(program: Call, name: str) -> torch.Tensor:
    shape = [int(n) for n in program.argument(f"{name}.shape")]
    return torch.tensor(program.argument(name), dtype=torch.float64).reshape(shape)


def _observed(**arrays: torch.Tensor) -> Observation:
    return Observation(tuple(_quantity(name, -1, array) for name, array in arrays.items()))


def _quantity(name: str, step: int, array: torch.Tensor) -> Quantity:
    return Quantity(name, step, tuple(array.detach().reshape(-1).tolist()))


def _keys(program: Call) -> Observation:
    return _observed(keys=torch.matmul(_array(program, "X"), _array(program, "W2")))


def _queries(program: Call) -> Observation:
    return _observed(q=torch.matmul(_array(program, "X")[:, -1], _array(program, "W1")))


def _scores(program: Call) -> Observation:
    keys, asked = _array(program, "keys"), _array(program, "q")
    return _observed(Kq=torch.einsum("ncr,nr->nc", keys, asked))


def _softmax(program: Call) -> Observation:
    return _observed(p=torch.softmax(_array(program, "Kq"), dim=1))


def _diagonal(program: Call) -> Observation:
    return _observed(diag=torch.diag_embed(_array(program, "p")))


def _outer(program: Call) -> Observation:
    weights = _array(program, "p")
    return _observed(outer=torch.einsum("ni,nj->nij", weights, weights))


def _jacobian(program: Call) -> Observation:
    weights = _array(program, "p")
    outer = torch.einsum("ni,nj->nij", weights, weights)
    return _observed(jacobian=torch.diag_embed(weights) - outer)


def _moved(program: Call) -> Observation:
    return _observed(a=torch.movedim(_array(program, "X"), 1, 2) @ _array(program, "D"))


def _predictions(x: torch.Tensor, parameters: tuple[torch.Tensor, ...]) -> torch.Tensor:
    """w3 . X softmax(X W2 (W1 x_C)) for each sample; shape (n_samples,)."""
    w1, w2, w3 = parameters
    scores = torch.einsum("ncr,nr->nc", x @ w2, x[:, -1] @ w1)
    return torch.einsum("ncd,nc,d->n", x, torch.softmax(scores, dim=1), w3)


def _mean_loss(predictions: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean logistic loss; torch's softplus is cut off at 20, logsigmoid is not."""
    return -torch.nn.functional.logsigmoid(labels * predictions).mean()


def _forward(program: Call) -> Observation:
    parameters = tuple(_array(program, name) for name in ("W1", "W2", "w3"))
    return _observed(f=_predictions(_array(program, "X"), parameters))


def _loss(program: Call) -> Observation:
    return _observed(l=_mean_loss(_array(program, "f"), _array(program, "y")))


def _step(program: Call, start: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
    """The loss at some parameters, and its gradients by them."""
    parameters = tuple(array.clone().requires_grad_() for array in start)
    loss = _mean_loss(_predictions(_array(program, "X"), parameters), _array(program, "y"))
    return loss, *torch.autograd.grad(loss, parameters)


def _gradients(program: Call) -> Observation:
    start = tuple(_array(program, name) for name in ("W1", "W2", "w3"))
    _, by_w1, by_w2, by_w3 = _step(program, start)
    return _observed(dW1=by_w1, dW2=by_w2, dw3=by_w3)


def _training(program: Call) -> Observation:
    parameters = tuple(_array(program, name) for name in ("W1", "W2", "w3"))
    (lr,), (epochs,) = program.argument("lr"), program.argument("epochs")
    quantities = []
    for epoch in range(int(epochs)):
        loss, *grads = _step(program, parameters)
        quantities.append(_quantity("loss", epoch, loss))
        parameters = tuple(p - lr * g for p, g in zip(parameters, grads, strict=True))
    named = zip(("W1", "W2", "w3"), parameters, strict=True)
    return Observation((*quantities, *(_quantity(name, -1, array) for name, array in named)))


FUNCTIONS: dict[str, Callable[[Call], Observation]] = {
    "keys": _keys,
    "queries": _queries,
    "scores": _scores,
    "softmax": _softmax,
    "softmaxKq_diag": _diagonal,
    "softmaxKq_outer": _outer,
    "D": _jacobian,
    "moved": _moved,
    "attention": _forward,
    "logistic": _loss,
    "attention_gradients": _gradients,
    "attention_training": _training,
}
"""By the function of a call, what answers it."""
