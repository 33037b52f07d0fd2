import numpy as np


def Keys(X, W2):
    return np.einsum("ncd,dr->ncr", X, W2)


def queries(X, W1):
    return np.einsum("nd,dr->nr", X[:, -1], W1)


def scores(keys, queries):
    return np.einsum("ncr,nr->nc", keys, queries)


def softmaxKq(scores):
    e = np.exp(scores - scores.max(axis=-1)[:, None])
    return np.einsum("nc,n->nc", e, 1 / e.sum(axis=-1))


def softmaxKq_diag(softmaxKq):
    return np.einsum("ni,ij->nij", softmaxKq, np.identity(softmaxKq.shape[-1]))


def softmaxKq_outer(softmaxKq):
    return np.einsum("ni,nj->nij", softmaxKq, softmaxKq)


def D(softmaxKq):
    return softmaxKq_diag(softmaxKq) - softmaxKq_outer(softmaxKq)


def A(X, D):
    return np.einsum("ncd,nce->nde", X, D)


def forward(X, W1, W2, w3):
    p = softmaxKq(scores(Keys(X, W2), queries(X, W1)))
    return np.einsum("ncd,nc,d->n", X, p, w3)


def sigmoid(z):
    return 0.5 * (1 + np.tanh(z / 2))


def loss(f, y):
    z = -y * f
    return np.mean(np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z))))


def gradients(X, y, W1, W2, w3):
    k, q = Keys(X, W2), queries(X, W1)
    p = softmaxKq(scores(k, q))
    f = np.einsum("ncd,nc,d->n", X, p, w3)
    g = -y * sigmoid(-y * f) / len(y)
    s = np.einsum("n,nde,d->ne", g, A(X, D(p)), w3)
    dW1 = np.einsum("nd,nc,ncr->dr", X[:, -1], s, k)
    dW2 = np.einsum("ncd,nc,nr->dr", X, s, q)
    dw3 = np.einsum("n,ncd,nc->d", g, X, p)
    return dW1, dW2, dw3


def train(X, y, W1, W2, w3, lr, epochs):
    losses = np.zeros(epochs)
    for epoch in range(epochs):
        losses[epoch] = loss(forward(X, W1, W2, w3), y)
        step = gradients(X, y, W1, W2, w3)
        W1, W2, w3 = (w - lr * g for w, g in zip((W1, W2, w3), step))
    return W1, W2, w3, losses
