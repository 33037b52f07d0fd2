"""micrograd: an engine of scalars, a network on it, and the exercises."""
