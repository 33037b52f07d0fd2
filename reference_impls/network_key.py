# The answer key of scalar_network, below the answer key of scalar_engine.
import random

from reference_impls.engine_key import Value


class Module:
    def parameters(self):
        return []

    def zero_grad(self):
        for p in self.parameters():
            p.grad = 0.0


class Neuron(Module):
    def __init__(self, inputs, active=True):
        self.w = [Value(random.uniform(-1.0, 1.0)) for _ in range(inputs)]
        self.b = Value(0.0)
        self.active = active

    def __call__(self, x):
        total = self.b
        for weight, value in zip(self.w, x, strict=True):
            total = total + weight * value
        return total.relu() if self.active else total

    def parameters(self):
        return [*self.w, self.b]


class Layer(Module):
    def __init__(self, inputs, outputs, active=True):
        self.neurons = [Neuron(inputs, active) for _ in range(outputs)]

    def __call__(self, x):
        out = [neuron(x) for neuron in self.neurons]
        return out[0] if len(out) == 1 else out

    def parameters(self):
        return [p for neuron in self.neurons for p in neuron.parameters()]


class MLP(Module):
    def __init__(self, inputs, outputs):
        sizes = [inputs, *outputs]
        last = len(outputs) - 1
        self.layers = [Layer(sizes[i], sizes[i + 1], i < last) for i in range(len(outputs))]

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x if isinstance(x, list) else [x])
        return x

    def parameters(self):
        return [p for layer in self.layers for p in layer.parameters()]
