class Scalar:  # Scalars with grads
    def __init__(self, value, op="", _backward=lambda: None, inputs=[], label=""):
        self.value = float(value)
        self.grad = 0.0
        self.op = op
        self._backward = _backward
        self.inputs = inputs
        self.label = label

    def topological_sort(self):
        order = []
        visited = set()

        def visit(node):
            if node in visited:
                return
            visited.add(node)
            for child in node.inputs:
                visit(child)
            order.append(node)

        visit(self)
        return order

    def backward(self):
        self.grad = 1.0
        topo_order = self.topological_sort()
        for node in reversed(topo_order):
            node._backward()

    def __add__(self, other):
        assert isinstance(other, Scalar)
        output = Scalar(self.value + other.value, inputs=[self, other], op="add")

        def _backward():
            self.grad += output.grad
            other.grad += output.grad

        output._backward = _backward
        return output

    def __mul__(self, other):
        assert isinstance(other, Scalar)
        output = Scalar(self.value * other.value, inputs=[self, other], op="mul")

        def _backward():
            self.grad += other.value * output.grad
            other.grad += self.value * output.grad

        output._backward = _backward
        return output

    def __pow__(self, exponent):
        output = Scalar(self.value**exponent, inputs=[self], op=f"pow({exponent})")

        def _backward():
            self.grad += exponent * self.value ** (exponent - 1) * output.grad

        output._backward = _backward
        return output
