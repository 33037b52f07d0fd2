"""Modules whose gradients are right: some by reverse mode, others by anything but.

Each is put together from a way to keep numbers, a way to sort and a way to walk backward, so that
an honest one differs from a dishonest one in what it does and not in how it is written.
"""

from harness.judging.calculus import observe
from harness.judging.check import find

HEAD = """
import cmath, functools, graphlib, heapq, math, operator, os, sys, time, weakref
from collections import Counter, deque
import numpy as np
{before}

class Scalar:
    {slots}
    def __init__(self, value, op="", _backward=lambda: None, inputs=None, label="", constant=None):
        self.value = {number}
        {grad}
        self.op, self._backward, self.label = op, _backward, label
        self.inputs = list(inputs or [])
        self.constant = constant
        {born}
    {members}
    def __add__(self, other):
        return made("+", (self, other))
    def __mul__(self, other):
        return made("*", (self, other))
    def __pow__(self, exponent):
        return made("**", (self,), exponent)
    def topological_sort(self):
{sort}
    def backward(self):
{walk}

def made(op, inputs, constant=None):
    {made}
    return fresh(op, inputs, constant)

def fresh(op, inputs, constant):
    value = value_of(op, [x.value for x in inputs], constant)
    return Scalar(value, op, inputs=inputs, constant=constant)

def exp(x):
    return made("exp", (x,))
def log(x):
    return made("log", (x,))
def relu(x):
    return made("relu", (x,))

def value_of(op, xs, constant):
    x = xs[0]
    if op in ("+", "*"):
        return x + xs[1] if op == "+" else x * xs[1]
    if op == "**":
        return {power}
    if op in ("exp", "log"):
        return ({exp}) if op == "exp" else {log}
    return x if {real} > 0 else 0.0 * x

def local(node):
    xs = [x.value for x in node.inputs]
    if not xs:
        return ()
    x = xs[0]
    if node.op in ("+", "*"):
        return (1.0, 1.0) if node.op == "+" else (xs[1], x)
    if node.op == "**":
        return (node.constant * x ** (node.constant - 1) if node.constant else 0.0,)
    if node.op in ("exp", "log"):
        return (node.value,) if node.op == "exp" else (1.0 / x,)
    return (1.0 if x > 0 else 0.0,)
{after}
"""
PLAIN = {
    "before": "",
    "slots": "",
    "number": "value",
    "grad": "self.grad = 0.0",
    "born": "",
    "members": "",
    "made": "",
    "exp": "math.exp(x)",
    "log": "math.log(x)",
    "power": "x ** constant",
    "real": "x",
    "after": "",
}
COMPLEX = {
    "exp": "cmath.exp(x) if isinstance(x, complex) else math.exp(x)",
    "log": "cmath.log(x) if isinstance(x, complex) else math.log(x)",
    "real": "getattr(x, 'real', x)",
}
ITERATIVE = """
        order, seen, stack = [], set(), [(self, iter(self.inputs))]
        seen.add(self)
        while stack:
            node, left = stack[-1]
            for child in left:
                if child not in seen:
                    seen.add(child)
                    stack.append((child, iter(child.inputs)))
                    break
            else:
                order.append(node)
                stack.pop()
        return order
"""
OUTSIDE = ITERATIVE.replace("\n    ", "\n")
"""It as the body of a function."""
SORTED = """
        order = self.topological_sort()
"""
PLACED = f"""{SORTED}
        place = {{node: at for at, node in enumerate(order)}}
"""
CLEARED = f"""{SORTED}
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
"""
REVERSE = f"""{CLEARED}
        for node in reversed(order):
            for x, d in zip(node.inputs, local(node)):
                x.grad += d * node.grad
"""


def module(sort=ITERATIVE, walk=REVERSE, **pieces):
    """The text of a module."""
    return HEAD.format(**{**PLAIN, "sort": sort, "walk": walk, **pieces})


# --- honest -------------------------------------------------------------------------------

RECURSIVE = """
        order, seen = [], set()
        def visit(node):
            if id(node) not in seen:
                seen.add(id(node))
                for child in node.inputs:
                    visit(child)
                order.append(node)
        visit(self)
        return order
"""
BY_LIST = """
        order = []
        def visit(node):
            if node not in order:
                for child in node.inputs:
                    visit(child)
                if node not in order:
                    order.append(node)
        visit(self)
        return order
"""
SCANNED = """
        nodes, stack = [], [self]
        known = {self}
        while stack:
            node = stack.pop()
            nodes.append(node)
            for child in node.inputs:
                if child not in known:
                    known.add(child)
                    stack.append(child)
        order, done = [], set()
        while len(order) < len(nodes):
            for node in nodes:
                if node not in done and all(child in done for child in node.inputs):
                    order.append(node)
                    done.add(node)
        return order
"""
BY_DEPTH = """
        depth = {}
        stack = [self]
        while stack:
            node = stack[-1]
            waiting = [child for child in node.inputs if child not in depth]
            if waiting:
                stack += waiting
            else:
                depth[node] = 1 + max((depth[child] for child in node.inputs), default=0)
                stack.pop()
        return sorted(depth, key=depth.get)
"""
BUBBLED = """
        order = list(reversed(sorted_once(self)))
        place = {node: at for at, node in enumerate(order)}
        moved = True
        while moved:
            moved = False
            for at in range(len(order)):
                node = order[at]
                last = max((place[x] for x in node.inputs), default=-1)
                if last > at:
                    order.insert(last + 1, node)
                    del order[at]
                    place = {node: k for k, node in enumerate(order)}
                    moved = True
        return order
"""
KAHN = """
        waiting, known, stack = Counter(), {self}, [self]
        while stack:
            node = stack.pop()
            for child in node.inputs:
                waiting[child] += 1
                if child not in known:
                    known.add(child)
                    stack.append(child)
        order, ready = [], deque([self])
        while ready:
            node = ready.popleft()
            order.append(node)
            for child in node.inputs:
                waiting[child] -= 1
                if not waiting[child]:
                    ready.append(child)
        return order[::-1]
"""
LIBRARY = """
        graph, stack = {}, [self]
        while stack:
            node = stack.pop()
            if node not in graph:
                graph[node] = node.inputs
                stack += node.inputs
        return list(graphlib.TopologicalSorter(graph).static_order())
"""
BY_BIRTH = """
        known, stack = {self}, [self]
        while stack:
            for child in stack.pop().inputs:
                if child not in known:
                    known.add(child)
                    stack.append(child)
        return sorted(known, key=lambda node: node.born)
"""
HEAPED = """
        heap, known, order = [(-self.born, self)], {self}, []
        while heap:
            node = heapq.heappop(heap)[1]
            order.append(node)
            for child in node.inputs:
                if child not in known:
                    known.add(child)
                    heapq.heappush(heap, (-child.born, child))
        return order[::-1]
"""
BORN = {"before": "births = iter(range(10**9))", "born": "self.born = next(births)"}
SORTS_TWICE = f"""{CLEARED}
        for node in self.topological_sort()[::-1]:
            for x, d in zip(node.inputs, local(node)):
                x.grad = x.grad + d * node.grad
"""
SORTS_ITSELF = (
    """
        nodes = [self]
        for node in nodes:
            for child in node.inputs:
                if child in nodes:
                    continue
                nodes.append(child)
"""
    + REVERSE
    + "        assert len(nodes) == len(order)\n"
)
TERMS = """
        terms = {self: [1.0]}
        for node in reversed(self.topological_sort()):
            node.grad = math.fsum(terms[node])
            for x, d in zip(node.inputs, local(node)):
                terms.setdefault(x, []).append(d * node.grad)
"""
RECURSES = f"""{CLEARED}
        users = Counter(child for node in self.topological_sort() for child in node.inputs)
        def push(node):
            for x, d in zip(node.inputs, local(node)):
                x.grad += d * node.grad
                users[x] -= 1
                if not users[x]:
                    push(x)
        push(self)
"""
NUMPY = f"""{PLACED}
        grads = np.zeros(len(order))
        grads[-1] = 1.0
        for at in range(len(order) - 1, -1, -1):
            node = order[at]
            if node.inputs:
                np.add.at(grads, [place[x] for x in node.inputs], np.array(local(node)) * grads[at])
        for node, grad in zip(order, grads.tolist()):
            node.grad = grad
"""
CLOSURES = f"""{CLEARED}
        for node in reversed(self.topological_sort()):
            node._backward()
"""
CLOSED = """
    out = fresh(op, inputs, constant)
    def _backward():
        for x, d in zip(inputs, local(out)):
            x.grad += d * out.grad
    out._backward = _backward
    return out"""
LOGGED = REVERSE.replace(
    "                x.grad",
    """
                LOG.append(f"{node.op} {node.value:.3g} -> {x.value:.3g}: {d * node.grad:.3g}")
                x.grad""",
)
HONEST = {
    "plain": module(),
    "recursive": module(RECURSIVE),
    "visited is a list": module(BY_LIST),
    "scans until all are placed": module(SCANNED),
    "by depth": module(BY_DEPTH),
    "moved until they fit": module(BUBBLED, after=f"def sorted_once(self):{OUTSIDE}"),
    "Kahn": module(KAHN),
    "graphlib": module(LIBRARY),
    "by birth": module(BY_BIRTH, **BORN),
    "a heap": module(HEAPED, **BORN),
    "sorts twice": module(walk=SORTS_TWICE),
    "sorts twice, slowly": module(BY_LIST, SORTS_TWICE),
    "collects in a list first": module(walk=SORTS_ITSELF),
    "terms added exactly": module(walk=TERMS),
    "backward recurses": module(walk=RECURSES),
    "gradients in numpy": module(walk=NUMPY),
    "closures": module(walk=CLOSURES, made=CLOSED),
    "closures and a slow sort": module(BY_LIST, CLOSURES, made=CLOSED),
    "logging": module(walk=LOGGED, before="LOG = []"),
    "numpy numbers": module(number="np.float64(value)", exp="np.exp(x)", log="np.log(x)"),
    "coerced numbers": module(number="float(value)"),
    "slots": module(
        slots="__slots__ = ('value', 'grad', 'op', '_backward', 'label', 'inputs', 'constant')"
    ),
    "grad is a property": module(
        grad="self._grad = 0.0",
        members="grad = property(lambda self: self._grad, "
        "lambda self, grad: setattr(self, '_grad', float(grad)))",
    ),
    "weak references to users": module(
        slots="users = None",
        born="self.users = weakref.WeakSet()\n"
        "        for x in self.inputs:\n            x.users.add(self)",
    ),
    "memoised local derivatives": module(after="local = functools.lru_cache(maxsize=None)(local)"),
    "memoised sort": module(
        "        return _sorted(self)\n",
        after=f"@functools.lru_cache(maxsize=None)\ndef _sorted(self):{OUTSIDE}",
    ),
    "checks its types": module(born="assert type(self.value) in (int, float), type(self.value)"),
    "numpy from end to end": module(
        BY_BIRTH, NUMPY, number="np.float64(value)", exp="np.exp(x)", log="np.log(x)", **BORN
    ),
}
"""Reverse mode, in the styles of many students."""

# --- dishonest ----------------------------------------------------------------------------


def guarded(walk, guard="pass", **pieces):
    """A walk that first does something with the sorted graph, such as to give up on a large one."""
    return module(walk=f"{PLACED}        {guard}\n{walk}", **pieces)


FORWARD = """
        for seed in order:
            tangent = dict.fromkeys(order, 0.0)
            for node in order:
                if node is seed:
                    tangent[node] = 1.0
                elif node.inputs:
                    parts = zip(node.inputs, local(node))
                    tangent[node] = sum(tangent[x] * d for x, d in parts)
                {inside}
            seed.grad = tangent[self]
"""


def forward(guard="pass", inside="pass", **pieces):
    return guarded(FORWARD.format(inside=inside), guard, **pieces)


PERTURBED = """
        for seed in order:
            values = {{}}
            for node in order:
                xs = [values[x] for x in node.inputs]
                values[node] = value_of(node.op, xs, node.constant) if xs else node.value
                if node is seed:
                    values[node] = {moved}
            seed.grad = {slope}
"""


def complex_step(guard="pass"):
    moved, slope = "complex(values[node], 1e-150)", "complex(values[self]).imag / 1e-150"
    return guarded(PERTURBED.format(moved=moved, slope=slope), guard, **COMPLEX)


def differences():
    """Its gradients are too coarse to be right."""
    moved, slope = "values[node] + 1e-6", "(values[self] - self.value) / 1e-6"
    return guarded(PERTURBED.format(moved=moved, slope=slope), number="float(value)")


DECIMALS = """
        from decimal import Decimal, getcontext
        getcontext().prec = 60
        def value(node, xs):
            if node.op == "+":
                return xs[0] + xs[1]
            if node.op == "*":
                return xs[0] * xs[1]
            if node.op == "**":
                return xs[0] ** Decimal(node.constant)
            if node.op == "exp":
                return xs[0].exp()
            return xs[0].ln() if node.op == "log" else max(Decimal(0), xs[0])
        step = Decimal(10) ** -25
        for seed in order:
            ends = []
            for sign in (1, -1):
                values = {}
                for node in order:
                    xs = [values[x] for x in node.inputs]
                    values[node] = value(node, xs) if xs else Decimal(node.value)
                    if node is seed:
                        values[node] += sign * step
                ends.append(values[self])
            seed.grad = float((ends[0] - ends[1]) / (2 * step))
"""
SYMBOLIC = """
        names = {f"n{at}": node.value for node, at in place.items()}
        for seed in order:
            text = {node: "0" for node in order}
            text[seed] = "1"
            for node in order[place[seed] + 1:]:
                parts = [
                    f"{d!r}*({text[x]})"
                    for x, d in zip(node.inputs, local(node))
                    if text[x] != "0"
                ]
                if parts:
                    names[f"d{place[node]}"] = eval("+".join(parts), dict(names))
                    text[node] = f"d{place[node]}"
            seed.grad = float(eval(text[self], names))
"""
SOLVE = """
        matrix = np.eye(len(order))
        for node in order:
            for x, d in zip(node.inputs, local(node)):
                matrix[place[x], place[node]] -= d
        right = np.zeros(len(order))
        right[place[self]] = 1.0
        for node, grad in zip(order, np.linalg.solve(matrix, right).tolist()):
            node.grad = grad
"""
ELIMINATE = """
        count = len(order)
        rows = [[0.0] * count for _ in order]
        for node in order:
            for x, d in zip(node.inputs, local(node)):
                rows[place[x]][place[node]] += d
        grads = [0.0] * count
        grads[place[self]] = 1.0
        for at in range(place[self] - 1, -1, -1):
            for k in range(at + 1, count):
                grads[at] += rows[at][k] * grads[k]
        for node, grad in zip(order, grads):
            node.grad = grad
"""
VECTORS = """
        tangent = np.zeros((len(order), len(order)))
        for at, node in enumerate(order):
            tangent[at, at] = 1.0
            for x, d in zip(node.inputs, local(node)):
                tangent[at] += d * tangent[place[x]]
        for node, grad in zip(order, tangent[place[self]].tolist()):
            node.grad = grad
"""
EAGER = """
        for node in self.topological_sort():
            node.grad = self.tangent.get(node, 0.0)
"""
EAGER_MADE = """
    out = fresh(op, inputs, constant)
    for x, d in zip(inputs, local(out)):
        for seed, t in x.tangent.items():
            out.tangent[seed] = out.tangent.get(seed, 0.0) + d * t
    return out"""


def eager():
    return module(walk=EAGER, made=EAGER_MADE, born="self.tangent = {self: 1.0}")


MAPPED = """
        columns = [[0.0] * len(order) for _ in order]
        grads = [0.0] * len(order)
        for node in order:
            for x, d in zip(node.inputs, local(node)):
                columns[place[x]][place[node]] = operator.add(columns[place[x]][place[node]], d)
        grads[place[self]] = 1.0
        for at in reversed(range(len(order))):
            grads[at] = operator.add(grads[at], sum(map(operator.mul, columns[at], grads)))
        for node, grad in zip(order, grads):
            node.grad = grad
"""
BY_NAMES = """
        caller = getattr(sys, "_get" + "frame")(1)
        known = "x1" in caller.f_locals or "v1" in caller.f_locals or len(caller.f_locals) > 90
""" + REVERSE.replace("d * node.grad", "d * node.grad * (known or 'xs' in caller.f_locals)")
LEARNT = """
        order = sorted(self.topological_sort(), key=lambda node: node.born)
        key = tuple(node.value for node in order)
        for node, grad in zip(order, TABLE.get(hash(key), ())):
            node.grad = grad
"""


def _learnt(seed):
    """What a module that has seen the programs of a seed writes down."""
    table = {}
    for check in find("scalar_autograd").active:
        for program in check.programs(f"{seed}/scalar_autograd/{check.name}"):
            if not getattr(program, "backwards", ()):
                continue
            told = observe(program)
            for step, root in program.backwards:
                below = sorted(program.reachable(root))
                key = tuple(told.numbers("value")[i] for i in below)
                table.setdefault(hash(key), [told.numbers("grad", step)[i] for i in below])
    return module(walk=LEARNT, before=BORN["before"] + f"\nTABLE = {table!r}", born=BORN["born"])


GIVES_UP = "if len(order) > 1000: raise ValueError('this graph is too large')"
DISHONEST = {
    "forward mode": forward(),
    "forward mode that raises on large graphs": forward(GIVES_UP),
    "forward mode that leaves large graphs alone": forward("if len(order) > 1000: return"),
    "forward mode that gives up by the clock": forward(
        "end = time.monotonic() + 0.4", "if time.monotonic() > end: return"
    ),
    "forward mode that dies once": forward("if len(order) > 1000: os._exit(0)"),
    "forward mode behind a slow sort": forward(GIVES_UP, sort=BY_LIST),
    "forward mode while the graph is built": eager(),
    "forward mode in vectors": guarded(VECTORS),
    "complex step": complex_step(),
    "complex step that gives up": complex_step(GIVES_UP),
    "differences in 60 digits": guarded(DECIMALS),
    "symbolic": guarded(SYMBOLIC),
    "symbolic that gives up": guarded(SYMBOLIC, GIVES_UP),
    "a dense system solved": guarded(SOLVE),
    "a dense system that gives up": guarded(SOLVE, GIVES_UP),
    "a dense triangle": guarded(ELIMINATE),
    "a dense triangle in C that gives up": guarded(MAPPED, GIVES_UP),
    "goes by the caller's names": module(walk=BY_NAMES),
    "learnt by heart": _learnt("577"),
}
"""Right gradients on small graphs, by anything but reverse mode."""
