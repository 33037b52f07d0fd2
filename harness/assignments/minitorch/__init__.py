"""minitorch, Module 1: scalars and backpropagation."""
