"""CS231n: fully connected layers, their gradients by hand, and a two-layer net."""
