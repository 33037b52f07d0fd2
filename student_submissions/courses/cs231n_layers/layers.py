import numpy as np


class Affine:
    def forward(self, x, w, b):
        self.x, self.w = x, w
        return x.reshape(len(x), -1).dot(w) + b

    def backward(self, dout):
        dx = dout.dot(self.w.T).reshape(self.x.shape)
        return dx, self.x.reshape(len(self.x), -1).T.dot(dout), np.ones(len(dout)).dot(dout)


class Relu:
    def forward(self, x):
        self.sign = (np.sign(x) + 1) / 2
        return x * self.sign

    def backward(self, dout):
        return dout * self.sign


def affine_forward(x, w, b):
    layer = Affine()
    return layer.forward(x, w, b), layer


def affine_backward(dout, layer):
    return layer.backward(dout)


def relu_forward(x):
    layer = Relu()
    return layer.forward(x), layer


def relu_backward(dout, layer):
    return layer.backward(dout)


def softmax_loss(x, y):
    x = x - np.max(x, axis=-1)[:, np.newaxis]
    p = np.exp(x)
    p /= p.sum(axis=-1)[:, np.newaxis]
    at = (np.arange(len(y)), y)
    loss = np.sum(np.log(np.exp(x).sum(axis=-1)) - x[at]) / len(y)
    p[at] -= 1
    p /= len(y)
    return loss, p


class TwoLayerNet(object):
    def __init__(self, input_dim, hidden_dim, num_classes, weight_scale=1e-3, reg=0.0):
        self.reg, self.params = reg, {}
        self.params["W1"] = np.random.randn(input_dim, hidden_dim) * weight_scale
        self.params["W2"] = np.random.randn(hidden_dim, num_classes) * weight_scale
        self.params["b1"], self.params["b2"] = np.zeros(hidden_dim), np.zeros(num_classes)

    def loss(self, X, y=None):
        first, relu, second = Affine(), Relu(), Affine()
        p, reg = self.params, self.reg
        hidden = relu.forward(first.forward(X, p["W1"], p["b1"]))
        scores = second.forward(hidden, p["W2"], p["b2"])
        if y is None:
            return scores
        loss, dscores = softmax_loss(scores, y)
        dhidden, dW2, db2 = second.backward(dscores)
        _, dW1, db1 = first.backward(relu.backward(dhidden))
        for W, dW in ((p["W1"], dW1), (p["W2"], dW2)):
            loss += reg / 2 * np.sum(W * W)
            dW += reg * W
        return loss, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
