import numpy as np


def Keys(X, W2):
    out = np.zeros((X.shape[0], X.shape[1], W2.shape[1]))
    for i in range(X.shape[0]):
        for c in range(X.shape[1]):
            out[i, c] = X[i, c] @ W2
    return out


def queries(X, W1):
    return np.array([x[-1] @ W1 for x in X])


def scores(keys, queries):
    return np.array([[k @ q for k in ks] for ks, q in zip(keys, queries)])


def softmaxKq(scores):
    rows = []
    for row in scores:
        e = np.exp(row - max(row))
        rows.append(e / sum(e))
    return np.array(rows)


def softmaxKq_diag(softmaxKq):
    return np.array([np.diag(p) for p in softmaxKq])


def softmaxKq_outer(softmaxKq):
    return np.array([np.outer(p, p) for p in softmaxKq])


def D(softmaxKq):
    return np.array([np.diag(p) - np.outer(p, p) for p in softmaxKq])


def A(X, D):
    return np.array([x.T @ d for x, d in zip(X, D)])


def forward(X, W1, W2, w3):
    p = softmaxKq(scores(Keys(X, W2), queries(X, W1)))
    return np.array([w3 @ (x.T @ weights) for x, weights in zip(X, p)])


def loss(f, y):
    total = 0.0
    for a, b in zip(f, y):
        z = a * b
        total += np.log1p(np.exp(-z)) if z > 0 else -z + np.log1p(np.exp(z))
    return total / len(f)


def gradients(X, y, W1, W2, w3):
    dW1, dW2, dw3 = np.zeros(W1.shape), np.zeros(W2.shape), np.zeros(w3.shape)
    n = len(X)
    for x, label in zip(X, y):
        last = x[-1]
        q = last @ W1
        k = x @ W2
        s = k @ q
        e = np.exp(s - s.max())
        p = e / e.sum()
        f = w3 @ (x.T @ p)
        z = label * f
        g = -label / (1 + np.exp(z)) if z < 0 else -label * np.exp(-z) / (1 + np.exp(-z))
        by_s = (np.diag(p) - np.outer(p, p)) @ (x @ w3) * g / n
        dW1 += np.outer(last, k.T @ by_s)
        dW2 += np.outer(x.T @ by_s, q)
        dw3 += g / n * (x.T @ p)
    return dW1, dW2, dw3


def train(X, y, W1, W2, w3, lr, epochs):
    W1, W2, w3 = W1.copy(), W2.copy(), w3.copy()
    losses = []
    for epoch in range(epochs):
        losses.append(loss(forward(X, W1, W2, w3), y))
        dW1, dW2, dw3 = gradients(X, y, W1, W2, w3)
        W1 -= lr * dW1
        W2 -= lr * dW2
        w3 -= lr * dw3
    return W1, W2, w3, losses
