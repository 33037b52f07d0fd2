"""Neurons, layers and networks on a scalar engine, under their own names."""
