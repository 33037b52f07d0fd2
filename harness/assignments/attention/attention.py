"""Homework 3: single-head attention in NumPy, its tricks, its gradient and its training."""

from __future__ import annotations

from dataclasses import replace

from harness.assignments.attention import style, tricks, whole
from harness.assignments.attention.conventions import PROBES
from harness.assignments.attention.draw import ALONE, LADDER
from harness.assignments.attention.tricks import SCORES, matrix
from harness.assignments.attention.whole import BATCHES, LOSSES, gradient
from harness.assignments.attention.words import WORDS
from harness.authoring import Assignment, Check, Sized, array_check

WHOLE = ("forward", "loss", "gradients", "train")
TRICKS = ("keys", "queries", "scores", "softmax", "diagonal", "outer", "jacobian", "moved")
GRADIENTS = ("gradient_W1", "gradient_W2", "gradient_w3")
ALL_THREE = Sized(whole.gradients, *BATCHES)
"""One call gives the three gradients; each check holds its own of them."""

assignment = Assignment(
    name="numpy_attention",
    title="Homework 3: single-head attention in NumPy, its gradient and its training",
    checks=(
        array_check(
            *("keys", "Tricks", 5, "Keys is X @ W2", tricks.keys, ALONE),
            of="Keys",
        ),
        array_check(
            *("queries", "Tricks", 5, "queries is the last word of each context times W1"),
            *(tricks.queries, ALONE),
            of="queries",
        ),
        array_check(
            *("scores", "Tricks", 6, "scores is each key times its sample's query"),
            *(tricks.scores, ALONE),
            of="scores",
        ),
        array_check(
            *("softmax", "Tricks", 8),
            "softmaxKq is the softmax over the context, for large scores too",
            *(tricks.softmax, SCORES),
            of="softmaxKq",
        ),
        array_check(
            *("diagonal", "Tricks", 5),
            "softmaxKq_diag has each softmax on the diagonal of a matrix",
            *(matrix("diag", "softmaxKq_diag", tricks.diagonal), ALONE),
            of="softmaxKq_diag",
        ),
        array_check(
            *("outer", "Tricks", 5),
            "softmaxKq_outer has the outer product of each softmax with itself",
            *(matrix("outer", "softmaxKq_outer", tricks.outer), ALONE),
            of="softmaxKq_outer",
        ),
        array_check(
            *("jacobian", "Tricks", 5),
            "D is the Jacobian of the softmax: diagonal minus outer product",
            *(matrix("jacobian", "D", tricks.jacobian), ALONE),
            of="D",
            needs=("diagonal", "outer"),
        ),
        array_check(
            *("moved", "Tricks", 6, "A is X with its last two axes swapped, times D"),
            *(tricks.moved, ALONE),
            of="A",
        ),
        array_check(
            *("forward", "Forward", 8, "forward is w3' X softmax(...) for each sample"),
            *(whole.forward, BATCHES),
            of="forward",
            needs=TRICKS[:4],
        ),
        array_check(
            *("batch", "Forward", 4, "a batch is what its samples are one by one"),
            *(whole.one_by_one, LADDER),
            of="forward",
            needs=TRICKS[:4],
        ),
        array_check(
            *("loss", "Forward", 6, "loss is the mean logistic loss, for large margins too"),
            *(whole.loss, LOSSES),
            of="loss",
        ),
        *(
            replace(
                array_check(
                    *(f"gradient_{name}", "Gradient", points),
                    f"d{name} is the gradient of the loss by {name}",
                    *(whole.gradients, BATCHES),
                    of="gradients",
                    needs=(*TRICKS, "forward", "loss"),
                    held=gradient(f"d{name}"),
                ),
                programs=ALL_THREE,
                drawn_as="gradients",
            )
            for name, points in (("W1", 7.0), ("W2", 7.0), ("w3", 5.0))
        ),
        Check(
            *("training", "Training", 8),
            "train descends as PyTorch and JAX do, and lists the loss before each step",
            *(whole.runs, whole.trained, ("train",)),
            needs=("forward", "loss", *GRADIENTS),
            stubs=("train",),
            own=("train",),
        ),
        Check(
            *("inputs_kept", "Style", 3, "no function changes its arguments"),
            *(style.kept, style.unchanged, WHOLE),
            stubs=("forward", "gradients", "train"),
            suspects=WHOLE,
        ),
        Check(
            *("no_loop", "Style", 7, "NumPy loops over samples, not Python"),
            *(lambda seed: style.LOOPS, style.no_loop, ("forward", "gradients")),
            needs=("forward", *GRADIENTS),
            stubs=("forward", "gradients"),
        ),
    ),
    probes=PROBES,
    words=WORDS,
)
