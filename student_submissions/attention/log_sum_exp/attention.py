import numpy as np

def Keys(X, W2):
    return np.matmul(X, W2)

def queries(X, W1):
    return X[:, -1, :] @ W1

def scores(keys, queries):
    return np.sum(keys * np.expand_dims(queries, axis=1), axis=2)

def softmaxKq(scores):
    m = scores.max(axis=1, keepdims=True)
    return np.exp(scores - (m + np.log(np.exp(scores - m).sum(axis=1, keepdims=True))))

def softmaxKq_diag(softmaxKq):
    return softmaxKq[:, None, :] * np.eye(softmaxKq.shape[1])

def softmaxKq_outer(softmaxKq):
    return softmaxKq[:, None, :] * softmaxKq[:, :, None]

def D(softmaxKq):
    return softmaxKq_diag(softmaxKq) - softmaxKq_outer(softmaxKq)

def A(X, D):
    return np.moveaxis(X, 1, 2) @ D

def forward(X, W1, W2, w3):
    s = softmaxKq(scores(Keys(X, W2), queries(X, W1)))
    return np.einsum("nc,ncf,f->n", s, X, w3)

def loss(f, y):
    return np.mean(np.logaddexp(0.0, -y * f))

def gradients(X, y, W1, W2, w3):
    K, q = Keys(X, W2), queries(X, W1)
    s = softmaxKq(scores(K, q))
    mixed = np.einsum("nc,ncf->nf", s, X)
    f = mixed @ w3
    up = -y * np.exp(-np.logaddexp(0.0, y * f)) / len(y)
    dw3 = up @ mixed
    back = np.einsum("f,nfc->nc", w3, A(X, D(s))) * up[:, None]
    dW2 = np.einsum("ncf,nc,nr->fr", X, back, q)
    dW1 = np.einsum("nf,nc,ncr->fr", X[:, -1, :], back, K)
    return dW1, dW2, dw3

def train(X, y, W1, W2, w3, lr, epochs):
    losses = []
    for _ in range(epochs):
        losses.append(loss(forward(X, W1, W2, w3), y))
        dW1, dW2, dw3 = gradients(X, y, W1, W2, w3)
        W1, W2, w3 = W1 - lr * dW1, W2 - lr * dW2, w3 - lr * dw3
    return W1, W2, w3, np.array(losses)
