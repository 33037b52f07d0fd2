"""An engine as a dataclass that compares by identity; plain numbers on either side; max and min."""
import math
from dataclasses import dataclass, field


@dataclass(eq=False)
class Number:
    x: float
    dx: float = 0.0
    parents: list = field(default_factory=list)

    def _make(self, x, *parents):
        return Number(x, parents=list(parents))

    def __add__(self, o):
        o = o if isinstance(o, Number) else Number(o)
        return self._make(self.x + o.x, (self, 1.0), (o, 1.0))

    def __mul__(self, o):
        o = o if isinstance(o, Number) else Number(o)
        return self._make(self.x * o.x, (self, o.x), (o, self.x))

    def __pow__(self, o):
        if not isinstance(o, (int, float)):
            raise TypeError("the exponent is a number")
        return self._make(self.x**o, (self, o * self.x ** (o - 1)))

    def __neg__(self):
        return self._make(-self.x, (self, -1.0))

    def __sub__(self, o):
        return self + -(o if isinstance(o, Number) else Number(o))

    def __truediv__(self, o):
        o = o if isinstance(o, Number) else Number(o)
        return self * o**-1

    def __radd__(self, o):
        return self + o

    def __rmul__(self, o):
        return self * o

    def __rsub__(self, o):
        return -self + o

    def __rtruediv__(self, o):
        return Number(o) * self**-1

    def __rpow__(self, base):
        y = base**self.x
        return self._make(y, (self, y * math.log(base)))

    def maximum(self, o):
        big = self.x >= o.x
        return self._make(max(self.x, o.x), (self, 1.0 * big), (o, 1.0 * (not big)))

    def minimum(self, o):
        small = self.x <= o.x
        return self._make(min(self.x, o.x), (self, 1.0 * small), (o, 1.0 * (not small)))

    def toposort(self):
        out, seen = [], set()
        todo = [(self, iter(self.parents))]
        seen.add(self)
        while todo:
            node, rest = todo[-1]
            for parent, _ in rest:
                if parent not in seen:
                    seen.add(parent)
                    todo.append((parent, iter(parent.parents)))
                    break
            else:
                out.append(node)
                todo.pop()
        return out

    def backpropagate(self):
        self.dx = 1.0
        for node in reversed(self.toposort()):
            for parent, slope in node.parents:
                parent.dx += slope * node.dx
