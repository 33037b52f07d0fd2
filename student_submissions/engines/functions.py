"""An engine of function objects: a variable knows its creator, the creator its inputs."""

import math


class Variable:
    def __init__(self, data):
        self.data = data
        self.grad = None
        self.creator = None
        self.generation = 0

    def set_creator(self, function):
        self.creator = function
        self.generation = function.generation + 1

    def cleargrad(self):
        self.grad = None

    def backward(self):
        self.grad = 1.0
        functions, seen = [], set()

        def add(function):
            if function is not None and function not in seen:
                seen.add(function)
                functions.append(function)
                functions.sort(key=lambda f: f.generation)

        add(self.creator)
        while functions:
            function = functions.pop()
            grads = function.backward(function.output.grad)
            for x, g in zip(function.inputs, grads):
                x.grad = g if x.grad is None else x.grad + g
                add(x.creator)


class Function:
    def __call__(self, *inputs):
        inputs = [x if isinstance(x, Variable) else Variable(x) for x in inputs]
        self.inputs = inputs
        self.generation = max(x.generation for x in inputs)
        output = Variable(self.forward(*[x.data for x in inputs]))
        output.set_creator(self)
        self.output = output
        return output


class Add(Function):
    def forward(self, x, y):
        return x + y

    def backward(self, g):
        return g, g


class Mul(Function):
    def forward(self, x, y):
        return x * y

    def backward(self, g):
        x, y = self.inputs
        return g * y.data, g * x.data


class Neg(Function):
    def forward(self, x):
        return -x

    def backward(self, g):
        return (-g,)


class Sub(Function):
    def forward(self, x, y):
        return x - y

    def backward(self, g):
        return g, -g


class Div(Function):
    def forward(self, x, y):
        return x / y

    def backward(self, g):
        x, y = self.inputs
        return g / y.data, -g * x.data / y.data**2


class Pow(Function):
    def __init__(self, exponent):
        self.exponent = exponent

    def forward(self, x):
        return x**self.exponent

    def backward(self, g):
        return (g * self.exponent * self.inputs[0].data ** (self.exponent - 1),)


class Exp(Function):
    def forward(self, x):
        return math.exp(x)

    def backward(self, g):
        return (g * self.output.data,)


def exp(x):
    return Exp()(x)


Variable.__add__ = Variable.__radd__ = lambda self, other: Add()(self, other)
Variable.__mul__ = Variable.__rmul__ = lambda self, other: Mul()(self, other)
Variable.__neg__ = lambda self: Neg()(self)
Variable.__sub__ = lambda self, other: Sub()(self, other)
Variable.__rsub__ = lambda self, other: Sub()(other, self)
Variable.__truediv__ = lambda self, other: Div()(self, other)
Variable.__rtruediv__ = lambda self, other: Div()(other, self)
Variable.__pow__ = lambda self, exponent: Pow(exponent)(self)
