import numpy as np


def Keys(X, W2):
    n, c, d = X.shape
    return (X.reshape(n * c, d) @ W2).reshape(n, c, -1)


def queries(X, W1):
    return X[:, -1] @ W1


def scores(keys, queries):
    return (keys @ queries[:, :, None])[:, :, 0]


def softmaxKq(scores):
    z = scores - scores.max(axis=1, keepdims=True)
    return np.exp(z - np.log(np.exp(z).sum(axis=1, keepdims=True)))


def softmaxKq_diag(softmaxKq):
    return softmaxKq[:, :, None] * np.eye(softmaxKq.shape[1])


def softmaxKq_outer(softmaxKq):
    return softmaxKq[:, :, None] @ softmaxKq[:, None, :]


def D(softmaxKq):
    p = softmaxKq[:, :, None]
    return p * (np.eye(p.shape[1]) - softmaxKq[:, None, :])


def A(X, D):
    return X.transpose(0, 2, 1) @ D


def attend(X, W1, W2):
    """The softmax without the keys: X (W2 (W1 x))."""
    return softmaxKq((X @ (W2 @ (X[:, -1] @ W1).T).T[:, :, None])[:, :, 0])


def forward(X, W1, W2, w3):
    return np.sum((X @ w3) * attend(X, W1, W2), axis=1)


def loss(f, y):
    return float(np.logaddexp(0.0, -y * f).sum() / len(y))


def gradients(X, y, W1, W2, w3):
    p, v = attend(X, W1, W2), X @ w3
    f = np.sum(v * p, axis=1)
    g = -y * np.exp(-np.logaddexp(0.0, y * f)) / len(y)
    # p * (v - f) is the softmax's Jacobian times v
    s = g[:, None] * p * (v - f[:, None])
    # the bilinear form's gradient: sum of s x outer last word
    M = np.einsum("nc,ncd,ne->de", s, X, X[:, -1])
    return M.T @ W2, M @ W1, (g[:, None] * np.sum(X * p[:, :, None], axis=1)).sum(axis=0)


def train(X, y, W1, W2, w3, lr, epochs):
    losses = np.empty(epochs)
    for k in range(epochs):
        losses[k] = loss(forward(X, W1, W2, w3), y)
        dW1, dW2, dw3 = gradients(X, y, W1, W2, w3)
        W1 = W1 - lr * dW1
        W2 = W2 - lr * dW2
        w3 = w3 - lr * dw3
    return W1, W2, w3, losses
