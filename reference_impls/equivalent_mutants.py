"""Mutants of the answer key that no check kills, each with the reason why none need.

Those of SAME record what the answer key records on every program, bit for bit. Those of OPEN
differ from it only where the assignment leaves the choice: every check accepts them.
"""

from __future__ import annotations

Pair = tuple[str, str]
"""The name that mutate.py gives a mutant, and the reason."""


def _each(reason: str, where: str, before: str, *afters: str) -> tuple[Pair, ...]:
    """Mutants of one statement, for one reason."""
    return tuple((f"{where}: {before} -> {after}", reason) for after in afters)


def _without_op(where: str, value: str, inputs: str, op: str) -> tuple[Pair, ...]:
    """A node that does not say which operation made it."""
    made = f"output = ag.Scalar({value}, inputs=[{inputs}]"
    reason = "the name of an operation is only shown, and how a node is shown is not graded"
    return _each(reason, where, f"{made}, op={op})", f"{made})")


SAME = (
    *_each(
        "the name of an operation is only shown, and how a node is shown is not graded",
        "ag.Scalar.__init__",
        "self.op = op",
        "pass",
    ),
    *_each(
        "nobody changes the list that a node was given",
        "ag.Scalar.__init__",
        "self.inputs = list(inputs)",
        "self.inputs = inputs",
    ),
    *_without_op("ag.Scalar.__add__", "self.value + other.value", "self, other", "'add'"),
    *_without_op("ag.Scalar.__mul__", "self.value * other.value", "self, other", "'mul'"),
    *_without_op("ag.Scalar.__pow__", "self.value ** exponent", "self", "f'pow({exponent})'"),
    *_without_op("ag.exp", "math.exp(input.value)", "input", "'exp'"),
    *_without_op("ag.log", "math.log(input.value)", "input", "'log'"),
    *_without_op("ag.relu", "max(0, input.value)", "input", "'relu'"),
    *_each(
        "how a node is shown is not graded",
        "ag.Scalar.__repr__",
        r"return f'{self.label or self.value}\t{self.op}'",
        "return None",
        "return self",
        r"return f'{self.label}\t{self.op}'",
        r"return f'{self.value}\t{self.op}'",
        r"return f'{self.label or self.grad}\t{self.op}'",
    ),
    *_each(
        "the first node of an order is a leaf, whose _backward() does nothing",
        "ag.Scalar.backward",
        "for node in reversed(self.topological_sort()):",
        "for node in list(reversed(self.topological_sort()))[:-1]:",
    ),
    *_each(
        "they differ for -0.0 and nan alone, which no program gives to relu",
        "ag.relu",
        "output = ag.Scalar(max(0, input.value), inputs=[input], op='relu')",
        "output = ag.Scalar(max(input.value, 0), inputs=[input], op='relu')",
    ),
    *_each(
        "b2 has one element, which is the first and the last",
        "Model.__init__",
        "self.b2 = [ag.Scalar(val) for val in b2np]",
        "self.b2 = [ag.Scalar(val) for val in reversed(list(b2np))]",
    ),
    *_each(
        "b2 has one element, which is the first and the last",
        "Model.forward",
        "output = self.b2[0]",
        "output = self.b2[-1]",
    ),
    *_each(
        "as many predictions as targets are handed in; what else should happen is not graded",
        "Loss.mse",
        "assert len(predictions) == len(targets)",
        "pass",
    ),
    *_each(
        "each parameter is treated by itself",
        "Optimizer.zero_grad",
        "for parameter in self.parameters:",
        "for parameter in reversed(list(self.parameters)):",
    ),
    *_each(
        "each parameter is treated by itself",
        "Optimizer.step",
        "for parameter in self.parameters:",
        "for parameter in reversed(list(self.parameters)):",
    ),
)

OPEN = (
    *_each(
        "any valid topological order is right, the last input first as well",
        "ag.Scalar.topological_sort",
        "waiting.extend(((i, False) for i in reversed(node.inputs)))",
        "waiting.extend(((i, False) for i in node.inputs))",
    ),
    *_each(
        "at exactly 0 every subgradient of relu is right",
        "ag.relu",
        "input.grad += (1.0 if input.value > 0 else 0.0) * output.grad",
        "input.grad += (1.0 if input.value >= 0 else 0.0) * output.grad",
    ),
    *_each(
        "the terms of a sum may be added in any order",
        "Model.forward",
        "for w1, b1, w2 in zip(self.w1, self.b1, self.w2):",
        "for w1, b1, w2 in reversed(list(zip(self.w1, self.b1, self.w2))):",
    ),
    *_each(
        "the terms of a sum may be added in any order",
        "Loss.mse",
        "for prediction, target in zip(predictions, targets):",
        "for prediction, target in reversed(list(zip(predictions, targets))):",
    ),
)

EQUIVALENT = (*SAME, *OPEN)
AG_EQUIVALENT = tuple(pair for pair in EQUIVALENT if pair[0].startswith("ag."))
MLP_EQUIVALENT = tuple(pair for pair in EQUIVALENT if pair not in AG_EQUIVALENT)
"""Of these each is for AnswerKey.equivalent of the key whose assignment is about that part."""
