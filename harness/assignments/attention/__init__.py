"""Homework 3: single-head attention in NumPy."""
