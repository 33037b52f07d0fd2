"""Homework 3: single-head attention in NumPy, its tricks, its gradient and its training."""

from __future__ import annotations

from collections.abc import Callable

from harness.assignments.attention import style, tricks, whole
from harness.assignments.attention.conventions import PROBES
from harness.assignments.attention.draw import LAYOUTS, Draw, Sizes, each, holding
from harness.assignments.attention.words import WORDS
from harness.judging import compare
from harness.judging.check import Assignment, Check
from harness.records.program import Call, Program
from harness.records.verdict import Compare

TRICKS = ("Keys", "queries", "scores", "softmaxKq", "softmaxKq_diag", "softmaxKq_outer", "D", "A")
WHOLE = ("forward", "loss", "gradients", "train")


def _check(
    name: str,
    exercise: str,
    points: float,
    title: str,
    programs: Callable[[str], tuple[Program, ...]],
    held: Compare,
    function: str,
    *needs: str,
) -> Check:
    return Check(
        name,
        exercise,
        points,
        title,
        programs,
        held,
        (function,),
        needs=needs,
        stubs=(function,),
        own=(function,),
    )


def alone(make: Callable[[Draw, Sizes], Call]) -> Callable[[str], tuple[Program, ...]]:
    """The programs of one function by itself, on arrays that lie in memory in every way."""
    return each(make, *LAYOUTS)


_TRICKS = ("keys", "queries", "scores", "softmax", "diagonal", "outer", "jacobian", "moved")
_MODEL = ("forward", "loss")


assignment = Assignment(
    name="numpy_attention",
    title="Homework 3: single-head attention in NumPy, its gradient and its training",
    checks=(
        _check(
            "keys",
            "Tricks",
            5,
            "Keys is X @ W2",
            alone(tricks.keys),
            holding("keys", function="Keys"),
            "Keys",
        ),
        _check(
            "queries",
            "Tricks",
            5,
            "queries is the last word of each context times W1",
            alone(tricks.queries),
            holding("q", function="queries"),
            "queries",
        ),
        _check(
            "scores",
            "Tricks",
            6,
            "scores is each key times its sample's query",
            alone(tricks.scores),
            holding("Kq", function="scores"),
            "scores",
        ),
        _check(
            "softmax",
            "Tricks",
            8,
            "softmaxKq is the softmax over the context, for large scores too",
            tricks.softmaxes,
            holding("p", function="softmaxKq"),
            "softmaxKq",
        ),
        _check(
            "diagonal",
            "Tricks",
            5,
            "softmaxKq_diag has each softmax on the diagonal of a matrix",
            alone(tricks.matrices("diag", "softmaxKq_diag", tricks.diagonal)),
            holding("diag", function="softmaxKq_diag"),
            "softmaxKq_diag",
        ),
        _check(
            "outer",
            "Tricks",
            5,
            "softmaxKq_outer has the outer product of each softmax with itself",
            alone(tricks.matrices("outer", "softmaxKq_outer", tricks.product)),
            holding("outer", function="softmaxKq_outer"),
            "softmaxKq_outer",
        ),
        _check(
            "jacobian",
            "Tricks",
            5,
            "D is the Jacobian of the softmax: diagonal minus outer product",
            alone(tricks.matrices("jacobian", "D", tricks.jacobian)),
            holding("jacobian", function="D"),
            "D",
            "diagonal",
            "outer",
        ),
        _check(
            "moved",
            "Tricks",
            6,
            "A is X with its last two axes swapped, times D",
            alone(tricks.moved),
            holding("a", function="A"),
            "A",
        ),
        _check(
            "forward",
            "Forward",
            8,
            "forward is w3' X softmax(...) for each sample",
            whole.forwards,
            compare.call("f"),
            "forward",
            *_TRICKS[:4],
        ),
        _check(
            "batch",
            "Forward",
            4,
            "a batch is what its samples are one by one",
            each(whole.one_by_one),
            compare.call("f"),
            "forward",
            *_TRICKS[:4],
        ),
        _check(
            "loss",
            "Forward",
            6,
            "loss is the mean logistic loss, for large margins too",
            whole.losses,
            compare.call("l"),
            "loss",
        ),
        *(
            _check(
                f"gradient_{name[1:]}",
                "Gradient",
                points,
                f"{name} is the gradient of the loss by {name[1:]}",
                whole.gradient_programs,
                whole.gradient(name),
                "gradients",
                *_TRICKS,
                *_MODEL,
            )
            for name, points in (("dW1", 7.0), ("dW2", 7.0), ("dw3", 5.0))
        ),
        _check(
            "training",
            "Training",
            8,
            "train descends as PyTorch and JAX do, and lists the loss before each step",
            whole.runs,
            whole.trained,
            "train",
            *_MODEL,
            "gradient_W1",
            "gradient_W2",
            "gradient_w3",
        ),
        Check(
            "inputs_kept",
            "Style",
            3,
            "no function changes its arguments",
            style.kept,
            style.unchanged,
            WHOLE,
            stubs=("forward", "gradients", "train"),
            suspects=WHOLE,
        ),
        Check(
            "no_loop",
            "Style",
            7,
            "NumPy loops over samples, not Python",
            lambda seed: style.LOOPS,
            style.no_loop,
            ("forward", "gradients"),
            needs=("forward", "gradient_W1", "gradient_W2", "gradient_w3"),
            stubs=("forward", "gradients"),
        ),
    ),
    probes=PROBES,
    words=WORDS,
)
