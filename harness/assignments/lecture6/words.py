"""The lecture's own sentences: what a report says of its findings and its conventions."""

from __future__ import annotations

AG = {
    "order_other": "{sort} returned {order}; the lecture's order is {wanted}.",
    "second_resets": "a second backward() starts anew",
    "second_adds": "a second backward() adds the gradients once more, as PyTorch does",
    "second_compounds": "a second backward() also counts what inner nodes kept from the first",
    "graphs_add": "gradients of two graphs on one leaf add up until they are zeroed",
    "graphs_reset": "backward() of a second graph starts the leaf's gradient anew",
    "graphs_other": "gradients of two graphs on one leaf neither add up nor start anew",
    "kink_zero": "the gradient of relu at exactly 0 is 0, as in PyTorch and JAX",
    "kink_one": "the gradient of relu at exactly 0 is 1; PyTorch and JAX say 0",
    "kink_between": "the gradient of relu at exactly 0 is between 0 and 1; PyTorch and JAX say 0",
    "deep_done": "topological_sort() handles a chain of 1,200 nodes",
    "deep_recursion": "topological_sort() exceeds Python's recursion limit on 1,200 nodes",
    "numbers_plain": "value and grad are Python floats",
    "numbers_numpy": "value or grad are numpy scalars",
    "numbers_array": "value or grad are numpy arrays without axes, which count as numbers",
    "order_list": "topological_sort() returns a list",
    "order_tuple": "topological_sort() returns a tuple",
}
"""Of scalar_autograd."""
MLP = {
    "parameters_type": (
        "model.parameters is an object of type {type}; it should be a list of Scalars."
    ),
    "parameter_alone": "{name} is an object of type {type}; it should be a list of Scalars.",
    "parameters_lack": "model.parameters lists {name} {count} times; it should list it once.",
    "parameters_stranger": "model.parameters lists {count} objects that are not in w1, b1, w2, b2.",
    "draw_unseeded": (
        "Two models made with rng_seed={seed} have different parameters: np.random is not seeded "
        "with it."
    ),
    "draw_order": (
        "The parameters are drawn in the order {order}; the lecture draws w1, b1, w2, b2."
    ),
    "draw_seed": "The parameters are those of seed 42, although rng_seed is {seed}.",
}
"""Of mlp_training."""
