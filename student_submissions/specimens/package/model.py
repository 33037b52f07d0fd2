import numpy as np

from . import functions
from .scalar import Scalar


class Model:
    def __init__(self, n_hidden, rng_seed=42):
        np.random.seed(rng_seed)

        w1np = np.random.randn(n_hidden)
        b1np = np.random.randn(n_hidden)
        w2np = np.random.randn(n_hidden)
        b2np = np.random.randn(1)

        self.w1 = [Scalar(val) for val in w1np]
        self.b1 = [Scalar(val) for val in b1np]
        self.w2 = [Scalar(val) for val in w2np]
        self.b2 = [Scalar(val) for val in b2np]

        self.parameters = self.w1 + self.b1 + self.w2 + self.b2

    def forward(self, x):
        x_scalar = [Scalar(val) for val in x]
        outputs = []
        for xs in x_scalar:
            output = self.b2[0]
            for j in range(len(self.w1)):
                hidden = functions.relu(self.w1[j] * xs + self.b1[j])
                output = output + self.w2[j] * hidden
            outputs.append(output)
        return outputs


class Loss:
    def mse(self, predictions, targets):
        # mean squared error
        assert len(predictions) == len(targets)
        n_samples = len(predictions)
        loss = Scalar(0.0)
        for i in range(n_samples):
            loss = loss + (predictions[i] + Scalar(-targets[i])) ** 2
        loss = loss * Scalar(1 / n_samples)
        return loss


class Optimizer:
    def __init__(self, parameters, lr=0.01):
        self.parameters = parameters
        self.lr = lr

    def zero_grad(self):
        for p in self.parameters:
            p.grad = 0.0

    def step(self):
        for p in self.parameters:
            p.value = p.value - self.lr * p.grad
