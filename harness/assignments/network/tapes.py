"""What a network computes, as a tape of scalars over its parameters in the order of its list.

Sums are n-ary nodes, whose bound holds for every order of summation.
"""

from __future__ import annotations

from collections.abc import Callable

from harness.programs.tape import Tape, Vector
from harness.records.dialect import Network

Place = Callable[[int, int], int]
"""Neuron and input to the place of a weight among a layer's own; the input behind the last is the
bias."""


def count(network: Network, inputs: int, sizes: tuple[int, ...]) -> int:
    """How many parameters a network has."""
    pairs = zip((inputs, *sizes), sizes, strict=False)
    return sum(outputs * (into + has_biases(network)) for into, outputs in pairs)


def has_biases(network: Network) -> bool:
    """Whether its neurons add a bias."""
    return network.layout != "weights"


def outputs(
    network: Network, tape: Tape, parameters: Vector, x: Vector, sizes: tuple[int, ...]
) -> Vector:
    """The nodes of its outputs for one sample.

    Args:
        network: how it lists its parameters, and its activations.
        tape: takes the nodes.
        parameters: its nodes, as listed.
        x: the nodes of a sample.
        sizes: the outputs of each layer.
    """
    at = 0
    for depth, size in enumerate(sizes):
        activation = network.last if depth == len(sizes) - 1 else network.hidden
        own = parameters[at : at + size * (len(x) + has_biases(network))]
        x = tuple(
            _activated(tape, activation, _weighted(network, tape, own, x, j, size))
            for j in range(size)
        )
        at += len(own)
    return x


def _weighted(network: Network, tape: Tape, own: Vector, x: Vector, j: int, size: int) -> int:
    """The weighted sum of neuron j of a layer with that many."""
    place = _place(network.layout, len(x), size)
    terms = [tape.apply("mul", own[place(j, i)], node) for i, node in enumerate(x)]
    if has_biases(network):
        terms.append(own[place(j, len(x))])
    return tape.apply("sum", *terms)


def _activated(tape: Tape, activation: str, node: int) -> int:
    return node if activation == "linear" else tape.apply(activation, node)


def _place(layout: str, inputs: int, size: int) -> Place:
    """Where a layer lists each of its parameters."""
    places: dict[str, Place] = {
        "weights": lambda j, i: j * inputs + i,
        "weights_bias": lambda j, i: j * (inputs + 1) + i,
        "bias_weights": lambda j, i: j * (inputs + 1) + (i + 1) % (inputs + 1),
        "weights_biases": lambda j, i: size * inputs + j if i == inputs else j * inputs + i,
        "biases_weights": lambda j, i: j if i == inputs else size + j * inputs + i,
    }
    return places[layout]
