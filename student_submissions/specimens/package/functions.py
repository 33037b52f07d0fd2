import math

from .scalar import Scalar


def exp(input):
    output = Scalar(math.exp(input.value), inputs=[input], op="exp")

    def _backward():
        input.grad += math.exp(input.value) * output.grad

    output._backward = _backward
    return output

def log(input):
    output = Scalar(math.log(input.value), inputs=[input], op="log")

    def _backward():
        input.grad += output.grad / input.value

    output._backward = _backward
    return output

def relu(input):
    output = Scalar(max(0, input.value), inputs=[input], op="relu")

    def _backward():
        if input.value > 0:
            input.grad += output.grad

    output._backward = _backward
    return output
