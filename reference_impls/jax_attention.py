"""Homework 3 by JAX: attention in float64 arrays, its gradients by jax.grad."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from harness.records.observation import Observation, Quantity
from harness.records.program import Call


def _array(program: Call, name: str) -> Any:
    shape = [int(n) for n in program.argument(f"{name}.shape")]
    return np.asarray(program.argument(name), np.float64).reshape(shape)


def _observed(**arrays: Any) -> Observation:
    return Observation(tuple(_quantity(name, -1, array) for name, array in arrays.items()))


def _quantity(name: str, step: int, array: Any) -> Quantity:
    return Quantity(name, step, tuple(np.asarray(array).reshape(-1).tolist()))


_matmul = jax.jit(jnp.matmul)
_dots = jax.jit(lambda keys, asked: jnp.einsum("ncr,nr->nc", keys, asked))
_weights = jax.jit(lambda scores: jax.nn.softmax(scores, axis=1))
_diag = jax.jit(jax.vmap(jnp.diag))
_products = jax.jit(jax.vmap(jnp.outer))
_difference = jax.jit(jax.vmap(lambda p: jnp.diag(p) - jnp.outer(p, p)))
_turned = jax.jit(lambda x, matrix: jnp.moveaxis(x, 1, 2) @ matrix)


def _prediction(x: Any, w1: Any, w2: Any, w3: Any) -> Any:
    """w3 . X softmax(X W2 (W1 x_C)) of one sample; x of shape (n_context, n_features)."""
    return jax.nn.softmax((x @ w2) @ (x[-1] @ w1)) @ x @ w3


_predictions = jax.vmap(_prediction, in_axes=(0, None, None, None))


def _mean_loss(predictions: Any, labels: Any) -> Any:
    return jnp.mean(jax.nn.softplus(-labels * predictions))


def _risk(parameters: Any, x: Any, labels: Any) -> Any:
    return _mean_loss(_predictions(x, *parameters), labels)


_predict = jax.jit(_predictions)
_logistic = jax.jit(_mean_loss)
_loss_and_grads = jax.jit(jax.value_and_grad(_risk))


def _of(program: Call, *names: str) -> list[Any]:
    return [_array(program, name) for name in names]


def _training(program: Call) -> Observation:
    x, labels, *parameters = _of(program, "X", "y", "W1", "W2", "w3")
    (lr,), (epochs,) = program.argument("lr"), program.argument("epochs")
    quantities = []
    for epoch in range(int(epochs)):
        loss, grads = _loss_and_grads(tuple(parameters), x, labels)
        quantities.append(_quantity("loss", epoch, loss))
        parameters = [p - lr * np.asarray(g) for p, g in zip(parameters, grads, strict=True)]
    named = zip(("W1", "W2", "w3"), parameters, strict=True)
    return Observation((*quantities, *(_quantity(name, -1, array) for name, array in named)))


def _gradients(program: Call) -> Observation:
    x, labels, *parameters = _of(program, "X", "y", "W1", "W2", "w3")
    _, (by_w1, by_w2, by_w3) = _loss_and_grads(tuple(parameters), x, labels)
    return _observed(dW1=by_w1, dW2=by_w2, dw3=by_w3)


def _last_words(program: Call) -> Any:
    return _array(program, "X")[:, -1]


FUNCTIONS: dict[str, Callable[[Call], Observation]] = {
    "keys": lambda call: _observed(keys=_matmul(*_of(call, "X", "W2"))),
    "queries": lambda call: _observed(q=_matmul(_last_words(call), _array(call, "W1"))),
    "scores": lambda call: _observed(Kq=_dots(*_of(call, "keys", "q"))),
    "softmax": lambda call: _observed(p=_weights(_array(call, "Kq"))),
    "softmaxKq_diag": lambda call: _observed(diag=_diag(_array(call, "p"))),
    "softmaxKq_outer": lambda call: _observed(outer=_products(*_of(call, "p", "p"))),
    "D": lambda call: _observed(jacobian=_difference(_array(call, "p"))),
    "moved": lambda call: _observed(a=_turned(*_of(call, "X", "D"))),
    "attention": lambda call: _observed(f=_predict(*_of(call, "X", "W1", "W2", "w3"))),
    "logistic": lambda call: _observed(l=_logistic(*_of(call, "f", "y"))),
    "attention_gradients": _gradients,
    "attention_training": _training,
}
"""By the function of a call, what answers it."""
