import math

import numpy as np


def affine_forward(x, w, b):
    n, m = x.shape[0], w.shape[1]
    out = np.zeros((n, m))
    for i in range(n):
        flat = x[i].ravel()
        for j in range(m):
            total = b[j]
            for k in range(len(flat)):
                total += flat[k] * w[k, j]
            out[i, j] = total
    return out, {"x": x, "w": w}


def affine_backward(dout, cache):
    x, w = cache["x"], cache["w"]
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(w.shape[1])
    for i in range(x.shape[0]):
        row = np.zeros(w.shape[0])
        for j in range(w.shape[1]):
            db[j] += dout[i, j]
            row += dout[i, j] * w[:, j]
            dw[:, j] += dout[i, j] * x[i].ravel()
        dx[i] = row.reshape(x[i].shape)
    return dx, dw, db


def relu_forward(x):
    out = x.copy()
    out[out < 0] = 0
    return out, out


def relu_backward(dout, cache):
    dx = np.array(dout, dtype=float)
    dx[cache == 0] = 0
    return dx


def softmax_loss(x, y):
    loss, dx = 0.0, np.zeros_like(x)
    for i in range(len(x)):
        top = max(x[i])
        powers = [math.exp(s - top) for s in x[i]]
        total = math.fsum(powers)
        loss += math.log(total) - (x[i][y[i]] - top)
        for j, power in enumerate(powers):
            dx[i, j] = (power / total - (j == y[i])) / len(x)
    return loss / len(x), dx


class TwoLayerNet:
    def __init__(self, input_dim=3072, hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0):
        self.params, self.reg = {}, reg
        for k, (rows, columns) in enumerate([(input_dim, hidden_dim), (hidden_dim, num_classes)]):
            self.params[f"W{k + 1}"] = np.random.normal(0, weight_scale, (rows, columns))
            self.params[f"b{k + 1}"] = np.zeros(columns)

    def loss(self, X, y=None):
        out, caches = X, []
        for k in (1, 2):
            out, cache = affine_forward(out, self.params[f"W{k}"], self.params[f"b{k}"])
            caches.append(cache)
            if k == 1:
                out, kink = relu_forward(out)
        if y is None:
            return out
        loss, d = softmax_loss(out, y)
        grads = {}
        for k in (2, 1):
            d, grads[f"W{k}"], grads[f"b{k}"] = affine_backward(d, caches[k - 1])
            W = self.params[f"W{k}"]
            loss += 0.5 * self.reg * (W * W).sum()
            grads[f"W{k}"] += self.reg * W
            if k == 2:
                d = relu_backward(d, kink)
        return loss, grads
