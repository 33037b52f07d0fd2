"""The lecture's knock-off PyTorch: Model, Loss, Optimizer and the training loop."""

from __future__ import annotations

from harness.assignments.lecture6 import ag, model, optimizer, training, words
from harness.assignments.lecture6.dialect import AG, import_line
from harness.assignments.lecture6.starter import IDLE
from harness.judging import compare
from harness.judging import training as judged
from harness.judging.check import Assignment, Check

MODEL = ("Model", "ag.Scalar")
FORWARD = (*MODEL, "Model.forward")
LOSS = ("Loss", "Loss.mse", "ag.Scalar")
OPTIMIZER = ("Optimizer", "ag.Scalar")


_EVERYTHING = (*FORWARD, *LOSS, *OPTIMIZER, "Optimizer.zero_grad", "Optimizer.step")
_PARTS = ("forward", "mse", "zero_grad", "step")
_STUBS = ("forward", "mse", "zero_grad", "step", "topological_sort", "backward", "relu")


assignment = Assignment(
    name="mlp_training",
    title="Model, Loss, Optimizer and the training loop of a one-hidden-layer MLP",
    checks=(
        Check(
            "initialisation",
            "Model",
            10,
            "Model draws w1, b1, w2, b2 from np.random.seed(rng_seed)",
            model.initialisations,
            model.initialised,
            MODEL,
            own=("Model.__init__",),
        ),
        Check(
            "parameters",
            "Model",
            5,
            "model.parameters lists every parameter once",
            model.parameter_lists,
            model.listed,
            MODEL,
            own=("Model.__init__",),
        ),
        Check(
            "forward",
            "Model",
            25,
            "Model.forward predicts w2 . relu(w1 x + b1) + b2 for each x, connected to them",
            model.forwards,
            model.predicted,
            (*FORWARD, "ag.Scalar.backward"),
            stubs=("forward", "topological_sort", "backward", "relu"),
            own=("Model.forward",),
        ),
        Check(
            "mse",
            "Loss",
            20,
            "Loss.mse is the mean squared error, connected to the predictions",
            optimizer.losses,
            compare.call("loss", "grad"),
            (*LOSS, "ag.Scalar.backward"),
            stubs=("mse", "topological_sort", "backward"),
            own=("Loss.mse",),
        ),
        Check(
            "zero_grad",
            "Optimizer",
            10,
            "Optimizer.zero_grad sets every gradient to 0",
            optimizer.zeroings,
            optimizer.zeroed,
            (*OPTIMIZER, "Optimizer.zero_grad"),
            stubs=("zero_grad",),
            own=("Optimizer.zero_grad",),
        ),
        Check(
            "step",
            "Optimizer",
            10,
            "Optimizer.step moves every parameter by -lr * grad",
            optimizer.updates,
            compare.call("after"),
            (*OPTIMIZER, "Optimizer.step"),
            stubs=("step",),
            own=("Optimizer.__init__", "Optimizer.step"),
        ),
        Check(
            "training_steps",
            "Training",
            10,
            "each step of the training loop follows from the one before",
            training.runs,
            judged.steps("the lecture"),
            _EVERYTHING,
            needs=("parameters", *_PARTS),
            stubs=_STUBS,
        ),
        Check(
            "training_curve",
            "Training",
            10,
            "the loss falls as it does in PyTorch and JAX",
            training.curves,
            judged.curve,
            _EVERYTHING,
            needs=("initialisation", "parameters", *_PARTS, "training_steps"),
            stubs=_STUBS,
            long=training.lecture_curve,
        ),
    ),
    foundation=("ag",),
    rests_on=ag.assignment,
    words=words.MLP,
    idle=IDLE,
    dialect=AG,
    imports=import_line,
    given=frozenset({"__init__"}),
)
