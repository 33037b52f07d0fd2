"""Our engines for PyTorch and JAX, imported where a test asks for one.

Each process of a run reads every file of tests, and all but one of them need neither.
"""

from functools import cache


@cache
def torch_engine():
    from reference_impls.torch_engine import TorchEngine

    return TorchEngine()


@cache
def jax_engine():
    from reference_impls.jax_engine import JaxEngine

    return JaxEngine()


def asked(engine, programs):
    """What an engine says of each program: JAX of all together, for one takes it as long."""
    together = getattr(engine, "run_all", None)
    return together(tuple(programs)) if together else tuple(map(engine.run, programs))
