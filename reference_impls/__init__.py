"""Engines that are believed, and the answer key: each file stands alone beside the others."""
