import numpy as np


def Keys(X, W2):
    return (X[:, :, :, None] * W2[None, None, :, :]).sum(axis=2)


def queries(X, W1):
    return (X[:, -1, :, None] * W1[None, :, :]).sum(axis=1)


def scores(keys, queries):
    return (keys * queries[:, None, :]).sum(axis=-1)


def softmaxKq(scores):
    # softmax(s)_i = 1 / sum_j exp(s_j - s_i)
    with np.errstate(over="ignore"):
        return 1.0 / np.exp(scores[:, None, :] - scores[:, :, None]).sum(axis=2)


def softmaxKq_diag(softmaxKq):
    n, c = softmaxKq.shape
    out = np.zeros((n, c, c))
    out[:, np.arange(c), np.arange(c)] = softmaxKq
    return out


def softmaxKq_outer(softmaxKq):
    return softmaxKq[:, :, None] * softmaxKq[:, None, :]


def D(softmaxKq):
    return softmaxKq_diag(softmaxKq) - softmaxKq_outer(softmaxKq)


def A(X, D):
    return (X[:, :, :, None] * D[:, :, None, :]).sum(axis=1)


def forward(X, W1, W2, w3):
    p = softmaxKq(scores(Keys(X, W2), queries(X, W1)))
    return ((X * w3).sum(axis=2) * p).sum(axis=1)


def loss(f, y):
    return np.logaddexp(0, -y * f).mean()


def gradients(X, y, W1, W2, w3):
    k, q = Keys(X, W2), queries(X, W1)
    p = softmaxKq(scores(k, q))
    v = (X * w3).sum(axis=2)
    f = (v * p).sum(axis=1)
    with np.errstate(over="ignore"):
        g = -y / (1.0 + np.exp(y * f))
    by_scores = g[:, None] * (D(p) * v[:, None, :]).sum(axis=2)
    dW1 = (X[:, -1, :, None] * (k * by_scores[:, :, None]).sum(axis=1)[:, None, :]).sum(axis=0)
    dW2 = ((X * by_scores[:, :, None]).sum(axis=1)[:, :, None] * q[:, None, :]).sum(axis=0)
    dw3 = ((X * p[:, :, None]).sum(axis=1) * g[:, None]).sum(axis=0)
    return dW1, dW2, dw3


def train(X, y, W1, W2, w3, lr, epochs):
    losses = []
    for _ in range(epochs):
        losses.append(loss(forward(X, W1, W2, w3), y))
        a, b, c = gradients(X, y, W1, W2, w3)
        W1, W2, w3 = W1 - lr * a, W2 - lr * b, w3 - lr * c
    return W1, W2, w3, losses
