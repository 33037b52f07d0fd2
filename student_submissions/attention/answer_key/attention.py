import numpy as np


def Keys(X, W2):
    # (n_samples, n_context, n_features) @ (n_features, n_reduced)
    return np.matmul(X, W2)


def queries(X, W1):
    # the last word of each context: (n_samples, n_features) @ (n_features, n_reduced)
    return np.matmul(X[:, -1, :], W1)


def scores(keys, queries):
    # (n_samples, n_context, n_reduced) * (n_samples, 1, n_reduced)
    return np.sum(keys * np.expand_dims(queries, axis=1), axis=2)


def softmaxKq(scores):
    shifted = scores - np.max(scores, axis=1, keepdims=True)
    powers = np.exp(shifted)
    return powers / np.sum(powers, axis=1, keepdims=True)


def softmaxKq_diag(softmaxKq):
    # (n_samples, 1, n_context) * (n_context, n_context)
    n_context = softmaxKq.shape[1]
    return np.expand_dims(softmaxKq, axis=1) * np.eye(n_context)


def softmaxKq_outer(softmaxKq):
    # (n_samples, 1, n_context) * (n_samples, n_context, 1)
    return np.expand_dims(softmaxKq, axis=1) * np.expand_dims(softmaxKq, axis=2)


def D(softmaxKq):
    return softmaxKq_diag(softmaxKq) - softmaxKq_outer(softmaxKq)


def A(X, D):
    # (n_samples, n_features, n_context) @ (n_samples, n_context, n_context)
    return np.moveaxis(X, 1, 2) @ D


def forward(X, W1, W2, w3):
    weights = softmaxKq(scores(Keys(X, W2), queries(X, W1)))
    averages = np.sum(X * np.expand_dims(weights, axis=2), axis=1)
    return averages @ w3


def loss(f, y):
    return np.mean(np.logaddexp(0.0, -y * f))


def gradients(X, y, W1, W2, w3):
    n_samples = X.shape[0]
    keys = Keys(X, W2)
    q = queries(X, W1)
    weights = softmaxKq(scores(keys, q))
    averages = np.sum(X * np.expand_dims(weights, axis=2), axis=1)
    margins = y * (averages @ w3)
    by_f = -y * np.exp(-np.logaddexp(0.0, margins)) / n_samples
    # by the scores: (n_samples, n_context)
    by_scores = np.expand_dims(by_f, axis=1) * np.einsum("ndc,d->nc", A(X, D(weights)), w3)
    by_queries = np.sum(keys * np.expand_dims(by_scores, axis=2), axis=1)
    by_keys = np.expand_dims(by_scores, axis=2) * np.expand_dims(q, axis=1)
    dW1 = X[:, -1, :].T @ by_queries
    dW2 = np.sum(np.matmul(np.moveaxis(X, 1, 2), by_keys), axis=0)
    dw3 = averages.T @ by_f
    return dW1, dW2, dw3


def train(X, y, W1, W2, w3, lr, epochs):
    losses = []
    for _ in range(epochs):
        losses.append(loss(forward(X, W1, W2, w3), y))
        dW1, dW2, dw3 = gradients(X, y, W1, W2, w3)
        W1 = W1 - lr * dW1
        W2 = W2 - lr * dW2
        w3 = w3 - lr * dw3
    return W1, W2, w3, np.array(losses)
