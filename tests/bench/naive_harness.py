"""A harness as an instructor would write it: one file, one process, torch asked at each run.

It stands in the benchmarks for what adjudge replaces, and holds the checks that every peer in
peers/ runs in its own form. The programs come from a file, so that drawing them costs nothing:

    SUBMISSION=ag.py PROGRAMS=programs.json pytest naive_harness.py
"""

import importlib.util
import json
import os
from pathlib import Path

import pytest
import torch

CHECKS = json.loads(Path(os.environ["PROGRAMS"]).read_text(encoding="utf-8"))["checks"]


# --- the student's side -------------------------------------------------------------------


def load(path):
    """The names of a student's module."""
    spec = importlib.util.spec_from_file_location("ag", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return vars(module)


def observe(names, text):
    """Runs a program's text and returns what it recorded, by name and step."""
    seen = {}

    def record(name, step, *numbers):
        seen[name, step] = [float(number) for number in numbers]

    def record_order(name, step, sequence, known):
        places = {id(thing): place for place, thing in enumerate(known)}
        seen[name, step] = [places.get(id(thing), -1) for thing in sequence]

    exec(text, {**names, "record": record, "record_order": record_order})
    return seen


# --- what torch says ----------------------------------------------------------------------


def same(actual, expected):
    """Holds numbers against torch's with assert_close and its default tolerances."""
    actual = torch.tensor(actual, dtype=torch.float64)
    torch.testing.assert_close(actual, expected.detach().reshape(-1))


def apply(op, inputs, constant):
    """One torch operation."""
    match op:
        case "add":
            return inputs[0] + inputs[1]
        case "mul":
            return inputs[0] * inputs[1]
        case "pow":
            return inputs[0] ** constant
        case "exp":
            return torch.exp(inputs[0])
        case "log":
            return torch.log(inputs[0])
        case "relu":
            return torch.relu(inputs[0])


def graph(program):
    """Every node of a program as a tensor, leaves first."""
    nodes = [
        torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in program["leaves"]
    ]
    for op, inputs, constant in program["nodes"]:
        nodes.append(apply(op, [nodes[i] for i in inputs], constant))
    return nodes


def check_values(program, seen):
    """The value of every node."""
    same(seen["value", -1], torch.stack(graph(program)))


def check_gradients(program, seen):
    """The gradient of every node after each backward(), where no convention decides it."""
    nodes = graph(program)
    for step, root, settled in program["backwards"]:
        grads = torch.autograd.grad(nodes[root], nodes, retain_graph=True, allow_unused=True)
        zero = torch.zeros((), dtype=torch.float64)
        expected = torch.stack([zero if grads[i] is None else grads[i] for i in settled])
        same([seen["grad", step][i] for i in settled], expected)


def check_relu_gradients(program, seen):
    """The gradient of relu; at 0 any subgradient."""
    if program["leaves"] == [0.0]:
        assert 0.0 <= seen["grad", 1][0] <= 1.0
    else:
        check_gradients(program, seen)


def check_orders(program, seen):
    """Inputs before outputs, each node that is reached once, the root last."""
    leaves = len(program["leaves"])
    inputs = {leaves + k: node[1] for k, node in enumerate(program["nodes"])}
    for step, root in program["sorts"]:
        order = seen["order", step]
        assert order[-1] == root
        reached, waiting = {root}, [root]
        while waiting:
            new = [i for i in inputs.get(waiting.pop(), ()) if i not in reached]
            reached.update(new)
            waiting.extend(new)
        assert len(order) == len(reached)
        assert set(order) == reached
        place = {node: at for at, node in enumerate(order)}
        assert all(place[i] < place[node] for node in reached for i in inputs.get(node, ()))


def check_stated(program, seen):
    """Numbers that the assignment itself states."""
    for name, numbers in program["stated"].items():
        assert seen[name, -1] == numbers


def check_parameters(program, seen):
    """Each parameter once."""
    assert sorted(seen["parameters", -1]) == list(range(10))


def forward(parameters, inputs, hidden):
    """The MLP of the lecture."""
    w1, b1, w2, b2 = torch.split(parameters, [hidden, hidden, hidden, 1])
    return torch.relu(torch.outer(inputs, w1) + b1) @ w2 + b2


def tensor(numbers, *, grad=False):
    """A float64 tensor."""
    return torch.tensor(numbers, dtype=torch.float64, requires_grad=grad)


def check_mlp_forward(program, seen):
    """Predictions, and the gradient of the last one."""
    parameters = tensor(program["parameters"], grad=True)
    output = forward(parameters, tensor(program["inputs"]), len(parameters) // 3)
    same(seen["prediction", -1], output)
    if ("grad", -1) in seen:
        output[-1].backward()
        same(seen["grad", -1], parameters.grad)


def check_mse(program, seen):
    """The loss and its gradient."""
    predictions = tensor(program["predictions"], grad=True)
    loss = torch.nn.functional.mse_loss(predictions, tensor(program["targets"]))
    same(seen["loss", -1], loss)
    if ("grad", -1) in seen:
        loss.backward()
        same(seen["grad", -1], predictions.grad)


def check_sgd(program, seen):
    """One step of gradient descent."""
    (lr,) = program["lr"]
    same(seen["after", -1], tensor(program["parameters"]) - lr * tensor(program["grads"]))


def check_training(program, seen):
    """A whole run from the same start: losses, and in detailed runs everything."""
    inputs, targets = tensor(program["inputs"]), tensor(program["targets"])
    parameters = tensor(program["start"], grad=True)
    optimizer = torch.optim.SGD([parameters], lr=program["lr"])
    for epoch in range(program["epochs"]):
        optimizer.zero_grad()
        output = forward(parameters, inputs, program["n_hidden"])
        loss = torch.nn.functional.mse_loss(output, targets)
        loss.backward()
        optimizer.step()
        same(seen["loss", epoch], loss)
        if program["detailed"]:
            same(seen["prediction", epoch], output)
            same(seen["grad", epoch], parameters.grad)
            same(seen["after", epoch], parameters)


# --- the tests ----------------------------------------------------------------------------


def run(check, observed):
    """Judges every program of a check; observed takes a program's text and runs it."""
    for program in check["programs"]:
        try:
            seen = observed(program["text"])
        except RecursionError:
            if check["name"] == "order_deep" and len(program["nodes"]) > 1000:
                continue
            raise
        globals()[f"check_{program['kind']}"](program, seen)


@pytest.fixture(scope="session")
def student():
    """The names of the submission."""
    return load(os.environ["SUBMISSION"])


@pytest.mark.parametrize("check", CHECKS, ids=[check["name"] for check in CHECKS])
def test_check(check, student):
    """One check of the assignment."""
    run(check, lambda text: observe(student, text))
