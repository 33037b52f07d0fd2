"""Homework 3: single-head attention in NumPy."""

import numpy as np


# np.matmul with multidim arrays
def Keys(X, W2):
    # IN (n_samples, n_context, n_features) @ (n_features, n_reduced)
    # OUT (n_samples, n_context, n_reduced)
    raise NotImplementedError  # YOUR CODE HERE


def queries(X, W1):
    # IN the last word of each context
    # OUT (n_samples, n_reduced)
    raise NotImplementedError  # YOUR CODE HERE


# Batched matrix multiplication
def scores(keys, queries):
    # (n_samples, n_context, n_reduced) * (n_samples, 1, n_reduced)
    # --> (n_samples, n_context)
    raise NotImplementedError  # YOUR CODE HERE


def softmaxKq(scores):
    # over the context, and without overflow
    # --> (n_samples, n_context)
    raise NotImplementedError  # YOUR CODE HERE


# Batched diagonalization
def softmaxKq_diag(softmaxKq):
    # (n_samples, 1, n_context) * (n_context, n_context)
    # --> (n_samples, n_context, n_context)
    raise NotImplementedError  # YOUR CODE HERE


# Batched outer product
def softmaxKq_outer(softmaxKq):
    # (n_samples, 1, n_context) * (n_samples, n_context, 1)
    # --> (n_samples, n_context, n_context)
    raise NotImplementedError  # YOUR CODE HERE


def D(softmaxKq):
    # the Jacobian of the softmax
    # --> (n_samples, n_context, n_context)
    raise NotImplementedError  # YOUR CODE HERE


# np.moveaxis
def A(X, D):
    # (n_samples, n_features, n_context) @ (n_samples, n_context, n_context)
    # --> (n_samples, n_features, n_context)
    raise NotImplementedError  # YOUR CODE HERE


def forward(X, W1, W2, w3):
    # f(X) = w3' X softmax(X' W2' W1 x_C) for each sample
    # --> (n_samples,)
    raise NotImplementedError  # YOUR CODE HERE


def loss(f, y):
    # the mean of log(1 + exp(-y f)), without overflow; y is +1 or -1
    raise NotImplementedError  # YOUR CODE HERE


def gradients(X, y, W1, W2, w3):
    # of the loss, by hand
    # --> dW1, dW2, dw3
    raise NotImplementedError  # YOUR CODE HERE


def train(X, y, W1, W2, w3, lr, epochs):
    # gradient descent; losses[k] is the loss before step k
    # --> W1, W2, w3, losses
    raise NotImplementedError  # YOUR CODE HERE
