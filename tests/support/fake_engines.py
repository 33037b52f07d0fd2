"""Engines made of plain Python floats, and doubles of a student and of the oracles.

Nothing here shares code with harness but the records: what the engines compute follows from
calculus, one operation at a time.
"""

import math
import random
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from harness.assignments.lecture6.dialect import AG
from harness.records.errors import Disputed
from harness.records.handed_in import Source, Submission
from harness.records.observation import Fault, Observation, Quantity
from harness.records.program import Apply, Backward, Expression, Sort, Training, Zero
from harness.records.taped import taped

SMOOTH = ("add", "mul", "pow", "exp", "log")
ALL = (*SMOOTH, "relu")


class Forms:
    """Chooses among several right ways to compute one thing; the first way without a seed.

    With a nudge every operation's result and every term of a gradient is off by that share, up or
    down: at random with a seed, in the nudge's own direction without one.
    """

    def __init__(self, seed=None, nudge=0.0):
        self._dice = None if seed is None else random.Random(seed)
        self._nudge = nudge

    def nudged(self, number):
        if not self._nudge:
            return number
        up = 1.0 if self._dice is None else self._dice.choice((1.0, -1.0))
        return number * (1.0 + up * self._nudge)

    def of(self, *ways):
        return (ways[0] if self._dice is None else self._dice.choice(ways))()

    def total(self, terms):
        if self._dice is None or len(terms) < 2:
            return _running(terms)
        mixed = list(terms)
        self._dice.shuffle(mixed)
        return self.of(
            lambda: _running(mixed),
            lambda: _running(sorted(mixed, key=abs)),
            lambda: _pairwise(mixed),
            lambda: math.fsum(mixed),
        )


def _running(terms):
    total = 0.0
    for term in terms:
        total += term
    return total


def _pairwise(terms):
    while len(terms) > 1:
        terms = [sum(terms[i : i + 2]) for i in range(0, len(terms), 2)]
    return terms[0]


def _fused(a, b, c):
    return float(Fraction(a) * Fraction(b) + Fraction(c))


def _multiplied(x, times):
    product = 1.0
    for _ in range(abs(int(times))):
        product *= x
    return 1.0 / product if times < 0 else product


def _power(x, exponent, forms):
    ways = [lambda: float(x**exponent), lambda: float(np.power(x, float(exponent)))]
    if exponent == int(exponent):
        ways.append(lambda: _multiplied(x, exponent))
    if x > 0.0 and exponent:
        ways.append(lambda: math.exp(exponent * math.log(x)))
    return forms.of(*ways)


def _exps(x):
    return (lambda: math.exp(x), lambda: math.e**x, lambda: float(np.exp(x)))


def _value(nodes, k, values, forms):
    node = nodes[k]
    row = [values[i] for i in node.inputs]
    match node.op:
        case "leaf":
            return node.constant
        case "add":
            ways = [lambda: row[0] + row[1], lambda: row[1] + row[0]]
            for i, other in (node.inputs, node.inputs[::-1]):
                if nodes[i].op == "mul":
                    a, b = (values[j] for j in nodes[i].inputs)
                    ways.append(lambda a=a, b=b, c=values[other]: _fused(a, b, c))
            return forms.of(*ways)
        case "mul":
            return row[0] * row[1]
        case "sum":
            return forms.total(row)
        case "mean":
            return forms.total(row) / len(row)
        case "exp":
            return forms.of(*_exps(row[0]))
        case "log":
            return forms.of(lambda: math.log(row[0]), lambda: float(np.log(row[0])))
        case "relu":
            return forms.of(lambda: max(0.0, row[0]), lambda: row[0] * (row[0] > 0.0))
    return _power(row[0], node.constant, forms)


def _terms(node, k, values, g, forms):
    """What node k adds to the gradient of each of its inputs when its own gradient is g."""
    row = [values[i] for i in node.inputs]
    match node.op:
        case "add" | "sum":
            return [g] * len(row)
        case "mul":
            return [g * row[1], g * row[0]]
        case "mean":
            return [g / len(row)] * len(row)
        case "exp":
            return [g * forms.of(lambda: values[k], *_exps(row[0]))]
        case "log":
            return [forms.of(lambda: g / row[0], lambda: g * (1.0 / row[0]))]
        case "relu":
            return [g if row[0] > 0.0 else 0.0]
    x, p = row[0], node.constant
    if p == 0:
        return [0.0]
    return [
        forms.of(
            lambda: g * (p * x ** (p - 1)),
            lambda: (g * p) * _power(x, p - 1, forms),
            lambda: g * (p * values[k] / x),
        )
    ]


def values_of(program, forms, slip=None):
    """The value of every node; slip is a node and the relative error put into its value."""
    values = []
    for k in range(len(program.nodes)):
        value = _value(program.nodes, k, values, forms)
        if k >= _leaves(program):
            value = forms.nudged(value)
        if slip is not None and slip[0] == k:
            value *= 1.0 + slip[1]
        values.append(value)
    return values


def gradients_of(program, values, root, forms, slip=None):
    """The gradient of every node; slip is a node and the relative error in what it passes on."""
    count = len(program.nodes)
    terms = [[] for _ in range(count)]
    terms[root].append(1.0)
    grads = [0.0] * count
    for k in range(root, -1, -1):
        if not terms[k]:
            continue
        grads[k] = forms.total(terms[k])
        passed = (
            _terms(program.nodes[k], k, values, grads[k], forms) if k >= _leaves(program) else []
        )
        for i, term in zip(program.nodes[k].inputs, passed, strict=True):
            term = forms.nudged(term)
            terms[i].append(term * (1.0 + slip[1]) if slip and slip[0] == k else term)
    return grads


def paths(program, root):
    """How many paths lead from the root to the nodes below it, all of them together."""
    counts = [0] * len(program.nodes)
    counts[root] = 1
    for k in range(root, -1, -1):
        for i in program.nodes[k].inputs:
            counts[i] += counts[k]
    return sum(counts)


def gradients_by_paths(program, values, root, forms):
    """The gradient of every node, each path from the root pushed by itself: right, and slow."""
    grads = [0.0] * len(program.nodes)
    waiting = [(root, 1.0)]
    while waiting:
        k, g = waiting.pop()
        grads[k] += g
        node = program.nodes[k]
        if node.inputs:
            passed = _terms(node, k, values, g, forms)
            waiting += [(i, forms.nudged(t)) for i, t in zip(node.inputs, passed, strict=True)]
    return grads


def _leaves(program):
    return len(program.leaves)


def edges_of(program):
    """The relation between nodes: node, input, node, input."""
    pairs = sorted({(k, i) for k, node in enumerate(program.nodes) for i in node.inputs})
    return tuple(number for pair in pairs for number in pair)


@dataclass
class Floats:
    """An oracle: every backward() starts from nothing.

    With a seed it stays right, but sums in other orders and uses other algebraic forms; so it
    does when it walks path by path, or is off by a nudge in every operation.
    """

    name: str = "floats"
    version: str = "1"
    seed: str | None = None
    nudge: float = 0.0
    by_paths: bool = False
    value_slip: tuple[int, float] | None = None
    grad_slip: tuple[int, float] | None = None

    def run(self, program):
        if getattr(program, "function", "") == "conformance":
            return taped(program, self.run)
        if isinstance(program, Training):
            return _trained(program)
        forms = Forms(self.seed, self.nudge)
        values = values_of(program, forms, self.value_slip)
        quantities = [Quantity("value", -1, tuple(values))]
        if program.sorts:
            quantities.append(Quantity("edges", -1, edges_of(program)))
        for step, root in program.backwards:
            row = (
                gradients_by_paths(program, values, root, forms)
                if self.by_paths
                else gradients_of(program, values, root, forms, self.grad_slip)
            )
            quantities.append(Quantity("grad", step, tuple(row)))
        return Observation(tuple(quantities))


def first_order(program, root):
    """Nodes of the root, inputs first."""
    return sorted(program.reachable(root))


@dataclass
class Pupil:
    """A student's module: gradients live on the nodes and add up until they are zeroed.

    The mistakes are by operation: a factor on its value, or on what it passes back.
    """

    name: str = "pupil"
    version: str = ""
    seed: str | None = None
    null: bool = False
    value_factor: dict = field(default_factory=dict)
    grad_factor: dict = field(default_factory=dict)
    order: object = first_order
    sequence: str = "list"
    raises: Fault | None = None
    raises_on: str = ""
    """The operation that raises."""
    ran: list = field(default_factory=list)

    def run(self, program):
        if getattr(program, "function", "") == "large":
            stated = program.arguments
            return Observation(tuple(Quantity(name, -1, row) for name, row in stated))
        if getattr(program, "function", "") in ("counted", "large_sorted"):
            return Observation()  # what it costs is asked, not what it gives
        self.ran.append(program)
        if isinstance(program, Training):
            return _trained(program)
        if self.raises is not None and self.raises_on in {n.op for n in program.nodes} | {""}:
            return Observation(fault=self.raises)
        forms = Forms(self.seed)
        values = []
        for k, node in enumerate(program.nodes):
            value = _value(program.nodes, k, values, forms)
            values.append(value * self.value_factor.get(node.op, 1.0))
        quantities, grads, count = [], [0.0] * len(values), _leaves(program)
        for at, step in enumerate(program.steps):
            match step:
                case Apply():
                    count += 1
                case Zero(zeroed):
                    for i in zeroed:
                        grads[i] = 0.0
                case Sort(root):
                    order = tuple(self.order(program, root))
                    quantities.append(Quantity("order", at, order, (self.sequence,)))
                case Backward(root):
                    if not self.null:
                        self._backward(program, root, values, grads, forms)
                    quantities.append(Quantity("grad", at, tuple(grads[:count])))
        return Observation((*quantities, Quantity("value", -1, tuple(values))))

    def _backward(self, program, root, values, grads, forms):
        grads[root] = 1.0
        for k in sorted(program.reachable(root), reverse=True):
            node = program.nodes[k]
            passed = [] if node.op == "leaf" else _terms(node, k, values, grads[k], forms)
            for i, term in zip(node.inputs, passed, strict=True):
                grads[i] += term * self.grad_factor.get(node.op, 1.0)


def mlp_epoch(start, hidden, inputs, targets, lr):
    """Predictions, loss, gradients and updated parameters of one epoch of the lecture's MLP."""
    w1, b1, w2 = (start[k * hidden : (k + 1) * hidden] for k in range(3))
    units = [[max(0.0, w * x + b) for w, b in zip(w1, b1, strict=True)] for x in inputs]
    predicted = [sum(w * u for w, u in zip(w2, row, strict=True)) + start[-1] for row in units]
    off = [p - t for p, t in zip(predicted, targets, strict=True)]
    n, grads = len(inputs), [0.0] * len(start)
    for x, row, d in zip(inputs, units, off, strict=True):
        up = 2.0 * d / n
        grads[-1] += up
        for j in range(hidden):
            grads[2 * hidden + j] += up * row[j]
            if row[j] > 0.0:
                grads[j] += up * w2[j] * x
                grads[hidden + j] += up * w2[j]
    after = [p - lr * g for p, g in zip(start, grads, strict=True)]
    return predicted, sum(d * d for d in off) / n, grads, after


def _trained(program):
    start, quantities = program.start, []
    hidden = len(start) // 3
    inputs, targets = program.argument("inputs"), program.argument("targets")
    for epoch in range(program.epochs):
        predicted, loss, grads, after = mlp_epoch(start, hidden, inputs, targets, program.lr)
        rows = {
            "zeroed": (0.0,) * len(start),
            "before": start,
            "prediction": predicted,
            "loss": (loss,),
            "grad": grads,
            "after": after,
        }
        kept = rows if program.detailed else {"loss": (loss,)}
        quantities += [Quantity(name, epoch, tuple(row)) for name, row in kept.items()]
        start = tuple(after)
    return Observation(tuple(quantities))


class FakeOracles:
    """Two right engines that agree, but for the programs that a test says they dispute."""

    def __init__(self, *engines, disputes=lambda program: False):
        self.engines = engines or (Floats("first"), Floats("second", seed="other"))
        self.disputes = disputes
        self.prepared = []

    @property
    def names(self):
        return tuple(engine.name for engine in self.engines)

    def by(self, program):
        return self.names

    def prepare(self, programs):
        self.prepared.append(programs)

    def expected(self, program):
        if self.disputes(program):
            raise Disputed("by request of a test")
        return tuple(engine.run(program) for engine in self.engines)


SUBMISSION = Submission("ada", (Source("ag.py", "class ag: ..."),), digest="d1")


class FakeStudent:
    """A student whose module is an engine of ours."""

    def __init__(self, engine=None, refusal=None, missing=(), stops=(), unwritten=()):
        self.submission = Submission("ada", SUBMISSION.main, digest="d1")
        self.engine = engine or Pupil()
        self.dialect = AG
        self.unwritten = frozenset(unwritten)
        self.right = {}
        self.refusal = refusal
        self.missing = missing
        self.present = ()
        self.stops = tuple(stops)
        self.stopped = len(self.stops)
        self.killed = 0
        self.deaths = 0
        self.fresh = 0
        self.breaks = {}

    def afresh(self):
        self.fresh += 1

    def alone(self, programs):
        self.fresh += 1
        return [self.run(program) for program in programs][-1]

    def load(self):
        return self.refusal

    def run(self, program):
        return self.engine.run(program)

    def run_all(self, programs):
        return (self.run(program) for program in programs)

    def replaced(self, key, parts):
        """A student whose engine a test has put under those parts, else the same again."""
        return self.right.get(parts, self)


def wild(seed, size=14):
    """A program inside every domain whose numbers may cancel badly: nobody has made it sharp."""
    dice = random.Random(seed)
    leaves = tuple(round(dice.uniform(-2.0, 2.0), 2) or 1.0 for _ in range(3))
    values, steps = list(leaves), []
    while len(steps) < size:
        op, i, j = dice.choice(ALL), dice.randrange(len(values)), dice.randrange(len(values))
        x = values[i]
        exponent = dice.choice((2, 3, -1, 0, 1) if x < 0 else (2, -2, 0.5, 1.5, 1, 0))
        tame = {
            "add": True,
            "mul": abs(x * values[j]) < 1e6,
            "pow": 1e-2 < abs(x) < 1e2,
            "exp": -10 < x < 10,
            "log": x > 1e-3,
            "relu": abs(x) > 1e-6,
        }
        if tame[op]:
            inputs = (i, j) if op in ("add", "mul") else (i,)
            node = Apply(op, inputs, exponent if op == "pow" else None)
            every = Expression(leaves, (*steps, node))
            steps.append(node)
            values.append(_value(every.nodes, len(values), values, Forms()))
    return Expression(leaves, (*steps, Backward(len(values) - 1)))
