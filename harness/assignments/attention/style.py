"""What a good implementation does besides: no argument changed, no loop over samples."""

from __future__ import annotations

from harness.assignments.attention.draw import READ_ONLY, laid
from harness.assignments.attention.whole import batch, labels
from harness.authoring import (
    Answers,
    Call,
    Draw,
    Expression,
    Finding,
    Observation,
    Problem,
    Program,
    compare,
    keeping,
)

ADDED = 32
"""Samples by which the work of Python is seen to grow, or not: from as many to twice as many, since
NumPy itself works otherwise on the smallest arrays. A loop takes four steps and more for each."""


CALLS = {
    "forward": "forward(X, W1, W2, w3)",
    "gradients": "gradients(X, y, W1, W2, w3)",
    "train": "train(X, y, W1, W2, w3, lr=0.2, epochs=2)",
    "loss": "loss(f, y)",
}
"""How each function of the whole is called."""


def kept(seed: str) -> tuple[Program, ...]:
    """Calls of the whole on arrays that it may write to, and then on such that it may not."""
    return tuple(
        _calling(name, Draw(f"{seed}/{name}"), way) for way in (1, READ_ONLY) for name in CALLS
    )


def _calling(name: str, draw: Draw, way: int) -> Call:
    if name == "loss":
        draw.array("f", 3, low=-3.2, high=3.2)
    else:
        batch(draw, 2, 3, 4, 2, way)
    if name != "forward":
        labels(draw, 3 if name == "loss" else 2, way)
    return draw.run(*laid(draw, way), CALLS[name], **draw.inputs)


def unchanged(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    """The first argument that a function has changed."""
    assert isinstance(program, Call), "a function is called"
    name = next(name for name, text in CALLS.items() if text in program.lines)
    return keeping(name)(program, actual, answers)


COUNT = """
hidden = set()
def steps(n_samples, function, *wanted):
    rng = np.random.RandomState(0)
    arrays = dict(
        X=rng.randn(n_samples, 3, 4), y=np.sign(rng.randn(n_samples)),
        W1=rng.randn(4, 2), W2=rng.randn(4, 2), w3=rng.randn(4),
    )
    taken = 0
    def trace(frame, event, argument):
        nonlocal taken
        frame.f_trace_opcodes = True
        taken += 1
        if frame.f_code.co_name in ("apply_along_axis", "_vectorize_call"):
            hidden.add(frame.f_code.co_name.strip("_").removesuffix("_call"))
        return trace
    sys.settrace(trace)
    try:
        function(*[arrays[name] for name in wanted])
    finally:
        sys.settrace(None)
    return taken
"""
LOOPS = tuple(
    Call(
        name,
        (),
        (
            "import sys",
            "import numpy as np",
            *COUNT.strip().splitlines(),
            *(f'record("steps", {n}, steps({n}, {name}, {wanted}))' for n in (ADDED, 2 * ADDED)),
            'record("vectorize", -1, float("vectorize" in hidden))',
            'record("apply_along_axis", -1, float("apply_along_axis" in hidden))',
        ),
        Expression((), ()),
        (),
    )
    for name, wanted in (
        ("forward", '"X", "W1", "W2", "w3"'),
        ("gradients", '"X", "y", "W1", "W2", "w3"'),
    )
)


def no_loop(program: Program, actual: Observation, answers: Answers) -> Problem | None:
    """Python takes as many steps for many samples as for few, where NumPy has the loop."""
    assert isinstance(program, Call), "a function is called"
    if actual.fault is not None:
        return actual.fault
    few, many = (compare.number_at(actual.get("steps", n), 0)[0] or 0 for n in (ADDED, 2 * ADDED))
    if many - few < 4 * ADDED:
        return None
    for function in ("vectorize", "apply_along_axis"):
        if compare.number_at(actual.get(function), 0)[0]:
            told = (("name", program.function), ("function", f"np.{function}"))
            return Finding("python_loop_inside", told)
    facts = (("name", program.function), ("few", f"{few:g}"), ("many", f"{many:g}"))
    return Finding(
        "python_loop", (*facts, ("small", f"{ADDED} samples"), ("large", str(2 * ADDED)))
    )
