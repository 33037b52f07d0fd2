"""The mathematics of arrays on a tape against PyTorch's and JAX's own functions of arrays."""

from functools import cache

import pytest

from harness.judging.compare import agrees, dispute, traced_radius
from harness.programs.arrays import conv2d
from harness.programs.drawn import Sized
from support.engines import asked, jax_engine, torch_engine
from support.long import long_where

ENGINES = {"torch": torch_engine, "jax": jax_engine}


def layer_norm(x, gamma, beta):
    centred = x - x.mean(-1, keepdims=True)
    return centred / ((centred * centred).mean(-1, keepdims=True) + 1e-5).sqrt() * gamma + beta


FUNCTIONS = {
    "softmax": (((3, 4),), lambda x: x.softmax(1), lambda torch, x: torch.softmax(x, 1)),
    "logsumexp": (((3, 4),), lambda x: x.logsumexp(0), lambda torch, x: torch.logsumexp(x, 0)),
    "affine": (((3, 4), (4, 2), (2,)), lambda x, w, b: x @ w + b, lambda _, x, w, b: x @ w + b),
    "stacked": (((2, 3, 2), (2, 2, 3)), lambda x, y: x @ y, lambda torch, x, y: torch.matmul(x, y)),
    "convolution": (
        ((2, 2, 3, 3), (2, 2, 2, 2)),
        lambda x, w: conv2d(x, w, 1, 1).relu(),
        lambda torch, x, w: torch.relu(torch.nn.functional.conv2d(x, w, padding=1)),
    ),
    "layer norm": (
        ((3, 5), (5,), (5,)),
        layer_norm,
        lambda torch, x, gamma, beta: torch.nn.functional.layer_norm(x, (5,), gamma, beta),
    ),
    "largest": (((3, 4),), lambda x: x.max(1), lambda torch, x: torch.amax(x, 1)),
    "logistic": (
        ((4,),),
        lambda x: (x.tanh() + x.sigmoid()) ** 2,
        lambda torch, x: (torch.tanh(x) + torch.sigmoid(x)) ** 2,
    ),
}


def program(name, *shapes):
    usual, ours, _ = FUNCTIONS[name]

    def make(draw):
        inputs = [draw.array(f"x{k}", *shape) for k, shape in enumerate(shapes or usual)]
        out = ours(*inputs)
        grads = out.vjp(draw.array("dout", *out.shape), *inputs)
        return draw.run("...", out=out, **{f"d{k}": grad for k, grad in enumerate(grads)})

    (call,) = Sized(make, ())("577")
    return call


def by_torchs_own(name, call):
    import torch  # read where a test asks for it

    shapes, _, theirs = FUNCTIONS[name]
    inputs = [
        torch.tensor(call.argument(f"x{k}"), dtype=torch.float64).reshape(shape).requires_grad_()
        for k, shape in enumerate(shapes)
    ]
    out = theirs(torch, *inputs)
    dout = torch.tensor(call.argument("dout"), dtype=torch.float64).reshape(out.shape)
    grads = torch.autograd.grad(out, inputs, dout)
    return {"out": out, **{f"d{k}": grad for k, grad in enumerate(grads)}}


engine_of = cache(lambda name: ENGINES[name]())


@pytest.mark.parametrize(
    ("engine", "name"),
    long_where(
        [(engine, name) for engine in ENGINES for name in FUNCTIONS],
        lambda case: case[0] == "jax",  # which compiles each of them
    ),
)
def test_the_tape_of_a_function_agrees_with_torchs_own_within_the_bound(engine, name):
    call = program(name)
    (said,), wanted = asked(engine_of(engine), [call]), by_torchs_own(name, call)

    for traced in call.traced:
        told = wanted[traced.quantity]
        numbers = said.numbers(traced.quantity)
        rows = zip(numbers, told.flatten().tolist(), traced_radius(call, traced), strict=True)
        assert tuple(told.shape) == traced.shape
        assert all(agrees(a, b, radius) for a, b, radius in rows)
        assert max(traced_radius(call, traced)) < 1e-11


@pytest.mark.long
def test_jax_answers_tapes_in_one_compiled_call_as_it_answers_them_node_by_node():
    from reference_impls.jax_engine import LENGTH, _alone

    calls = program("affine"), program("softmax", (6, 5))
    assert len(calls[0].tape.nodes) <= LENGTH < len(calls[1].tape.nodes)

    for call, together in zip(calls, jax_engine().run_all(calls), strict=True):
        assert dispute(call, (together, _alone(call)), ("together", "alone")) is None
        assert [q.name for q in together.quantities] == [t.quantity for t in call.traced]
