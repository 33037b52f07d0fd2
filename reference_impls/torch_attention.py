"""The training run of homework 3 by PyTorch, its gradients by torch.autograd."""

from __future__ import annotations

import torch

from harness.records.observation import Observation, Quantity
from harness.records.program import Call

PARAMETERS = ("W1", "W2", "w3")


def training(program: Call) -> Observation:
    """The loss before each step of gradient descent, and the parameters after the last."""
    x, labels, *parameters = (_array(program, name) for name in ("X", "y", *PARAMETERS))
    (lr,), (epochs,) = program.argument("lr"), program.argument("epochs")
    quantities = []
    for epoch in range(int(epochs)):
        parameters = [array.detach().requires_grad_() for array in parameters]
        loss = _mean_loss(_predictions(x, *parameters), labels)
        quantities.append(_quantity("loss", epoch, loss))
        grads = torch.autograd.grad(loss, parameters)
        parameters = [p - lr * g for p, g in zip(parameters, grads, strict=True)]
    named = zip(PARAMETERS, parameters, strict=True)
    return Observation((*quantities, *(_quantity(name, -1, array) for name, array in named)))


def _predictions(
    x: torch.Tensor, w1: torch.Tensor, w2: torch.Tensor, w3: torch.Tensor
) -> torch.Tensor:
    """w3 . X softmax(X W2 (W1 x_C)) for each sample; shape (n_samples,)."""
    scores = torch.einsum("ncr,nr->nc", x @ w2, x[:, -1] @ w1)
    return torch.einsum("ncd,nc,d->n", x, torch.softmax(scores, dim=1), w3)


def _mean_loss(predictions: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean logistic loss; torch's softplus is cut off at 20, logsigmoid is not."""
    return -torch.nn.functional.logsigmoid(labels * predictions).mean()


def _array(program: Call, name: str) -> torch.Tensor:
    shape = [int(n) for n in program.argument(f"{name}.shape")]
    return torch.tensor(program.argument(name), dtype=torch.float64).reshape(shape)


def _quantity(name: str, step: int, array: torch.Tensor) -> Quantity:
    return Quantity(name, step, tuple(array.detach().reshape(-1).tolist()))
