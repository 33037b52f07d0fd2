"""The training run of homework 3 by JAX, its gradients by jax.grad."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from harness.records.observation import Observation, Quantity
from harness.records.program import Call

PARAMETERS = ("W1", "W2", "w3")


def training(program: Call) -> Observation:
    """The loss before each step of gradient descent, and the parameters after the last."""
    x, labels, *parameters = (_array(program, name) for name in ("X", "y", *PARAMETERS))
    (lr,), (epochs,) = program.argument("lr"), program.argument("epochs")
    quantities = []
    for epoch in range(int(epochs)):
        loss, grads = _loss_and_grads(tuple(parameters), x, labels)
        quantities.append(_quantity("loss", epoch, loss))
        parameters = [p - lr * np.asarray(g) for p, g in zip(parameters, grads, strict=True)]
    named = zip(PARAMETERS, parameters, strict=True)
    return Observation((*quantities, *(_quantity(name, -1, array) for name, array in named)))


def _prediction(x: Any, w1: Any, w2: Any, w3: Any) -> Any:
    """w3 . X softmax(X W2 (W1 x_C)) of one sample; x of shape (n_context, n_features)."""
    return jax.nn.softmax((x @ w2) @ (x[-1] @ w1)) @ x @ w3


_predictions = jax.vmap(_prediction, in_axes=(0, None, None, None))


def _risk(parameters: Any, x: Any, labels: Any) -> Any:
    return jnp.mean(jax.nn.softplus(-labels * _predictions(x, *parameters)))


_loss_and_grads = jax.jit(jax.value_and_grad(_risk))


def _array(program: Call, name: str) -> Any:
    shape = [int(n) for n in program.argument(f"{name}.shape")]
    return np.asarray(program.argument(name), np.float64).reshape(shape)


def _quantity(name: str, step: int, array: Any) -> Quantity:
    return Quantity(name, step, tuple(np.asarray(array).reshape(-1).tolist()))
