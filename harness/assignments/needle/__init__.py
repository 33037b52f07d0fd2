"""needle: operators on NumPy arrays, and the gradient of a graph."""
