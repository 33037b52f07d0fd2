"""A class: who is in it, what a learning system exports, results that are kept, platforms."""
