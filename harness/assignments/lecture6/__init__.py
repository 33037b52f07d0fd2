"""The assignment of lecture 6: the scalar engine and the training of a small network."""
