"""What the tests of one worker share: short limits, and programs of a few lines."""

from harness.judging.check import Limits
from harness.records.program import Call, Expression

LIMITS = Limits(seconds=1, training_seconds=1, load_seconds=2, megabytes=512, output_megabytes=1)
TAPE = Expression((), ())
MODULE = """
class ag:
    class Scalar: ...
    def exp(x):
        return 2.5 * x
"""


def call(*lines):
    """A program of these lines."""
    return Call("any", (), lines, TAPE, ())


RUN = call('record("value", -1, ag.exp(2.0))')


def works(engine):
    """Whether MODULE, or what is put around it, still does what it does."""
    return engine.run(RUN).numbers("value") == (5.0,)


def kinds(engine, *facts):
    """What is told of each statement that stopped, as so many of its facts."""
    told = [tuple(getattr(stop.fault, fact) for fact in facts) for stop in engine.stops]
    return told if facts[1:] else [fact for (fact,) in told]
