"""An engine with a class for each operation: what + gives is an Add, and a leaf a Variable."""


class Node:
    def __init__(self, v): self.v, self.g = v, 0.0
    def __add__(self, o): return Add(self, o)
    def __mul__(self, o): return Mul(self, o)
    def backward(self, g=1.0):
        self.g += g
        self.push(g)
    def push(self, g): pass
class Variable(Node): pass
class Add(Node):
    def __init__(self, a, b): super().__init__(a.v + b.v); self.a, self.b = a, b
    def push(self, g): self.a.backward(g); self.b.backward(g)
class Mul(Node):
    def __init__(self, a, b): super().__init__(a.v * b.v); self.a, self.b = a, b
    def push(self, g): self.a.backward(g * self.b.v); self.b.backward(g * self.a.v)
