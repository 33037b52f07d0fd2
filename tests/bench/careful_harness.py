"""The naive harness by somebody who minds the time: torch, and nothing beside it that costs.

No pytest runs it, no torch.optim steps it, one comparison holds all numbers of a quantity, and
rubbish is collected as seldom as in a worker of adjudge's. It judges the same programs:

    SUBMISSION=ag.py PROGRAMS=programs.json python careful_harness.py

Exit code 1: something is wrong.
"""

import gc
import os
import sys

import naive_harness as naive
import torch

NEAR = 1e-7
"""What assert_close allows, relative and absolute, for float64."""


def same(actual, expected):
    """Holds numbers against torch's in one comparison."""
    actual, expected = naive.tensor(actual), expected.detach().reshape(-1)
    assert actual.shape == expected.shape
    assert torch.allclose(actual, expected, NEAR, NEAR)


def check_training(program, seen):
    """A whole run: its own step of gradient descent, and one comparison for all epochs."""
    inputs, targets = naive.tensor(program["inputs"]), naive.tensor(program["targets"])
    parameters = naive.tensor(program["start"], grad=True)
    told, asked = [], []
    for epoch in range(program["epochs"]):
        output = naive.forward(parameters, inputs, program["n_hidden"])
        loss = ((output - targets) ** 2).mean()
        (grads,) = torch.autograd.grad(loss, parameters)
        with torch.no_grad():
            parameters -= program["lr"] * grads
        told += seen["loss", epoch]
        asked.append(loss.detach().reshape(1))
        if program["detailed"]:
            for name, numbers in (
                ("prediction", output),
                ("grad", grads),
                ("after", parameters.clone()),
            ):
                told += seen[name, epoch]
                asked.append(numbers.detach())
    same(told, torch.cat(asked))


def main():
    """Judges every check, and says which fails."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    torch.set_num_threads(1)
    naive.same, naive.check_training = same, check_training
    names = naive.load(os.environ["SUBMISSION"])
    failed = []
    for check in naive.CHECKS:
        try:
            naive.run(check, lambda text: naive.observe(names, text))
        except Exception as problem:
            failed.append(f"{check['name']}: {type(problem).__name__}: {problem}")
    print("\n".join(failed))
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
