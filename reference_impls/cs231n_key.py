"""The answer key of cs231n_layers: layers with their gradients by hand, and a two-layer net."""

import numpy as np


def affine_forward(x, w, b):
    rows = x.reshape(x.shape[0], -1)
    return rows @ w + b, (x, w, b)


def affine_backward(dout, cache):
    x, w, _ = cache
    rows = x.reshape(x.shape[0], -1)
    dx = (dout @ w.T).reshape(x.shape)
    dw = rows.T @ dout
    db = dout.sum(axis=0)
    return dx, dw, db


def relu_forward(x):
    return np.maximum(x, 0.0), x


def relu_backward(dout, cache):
    return dout * (cache > 0)


def softmax_loss(x, y):
    n = x.shape[0]
    shifted = x - x.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -logs[np.arange(n), y].mean()
    dx = np.exp(logs)
    dx[np.arange(n), y] -= 1.0
    return loss, dx / n


class TwoLayerNet:
    def __init__(self, input_dim, hidden_dim, num_classes, weight_scale=1e-3, reg=0.0):
        self.reg = reg
        self.params = {
            "W1": weight_scale * np.random.randn(input_dim, hidden_dim),
            "b1": np.zeros(hidden_dim),
            "W2": weight_scale * np.random.randn(hidden_dim, num_classes),
            "b2": np.zeros(num_classes),
        }

    def loss(self, X, y=None):
        W1, W2 = self.params["W1"], self.params["W2"]
        hidden, first = affine_forward(X, W1, self.params["b1"])
        active, kink = relu_forward(hidden)
        scores, second = affine_forward(active, W2, self.params["b2"])
        if y is None:
            return scores
        loss, by_scores = softmax_loss(scores, y)
        loss += 0.5 * self.reg * (np.sum(W1**2) + np.sum(W2**2))
        by_active, dW2, db2 = affine_backward(by_scores, second)
        by_hidden = relu_backward(by_active, kink)
        _, dW1, db1 = affine_backward(by_hidden, first)
        grads = {"W1": dW1 + self.reg * W1, "b1": db1, "W2": dW2 + self.reg * W2, "b2": db2}
        return loss, grads
