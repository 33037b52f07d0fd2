"""Engines that are right, but for what a test changes."""

from dataclasses import replace

from harness.records.observation import Observation, Quantity
from support.fake_engines import Floats, Pupil


class Bent(Floats):
    """Records in the place of each quantity those that a change gives for it.

    Where nothing is recorded, the change is asked for a quantity called nothing.
    """

    def __init__(self, change, name="bent"):
        super().__init__(name)
        self.change = change

    def run(self, program):
        told = Floats().run(program).quantities or (Quantity("nothing", -1, ()),)
        changed = [each for quantity in told for each in self.change(quantity)]
        return Observation(tuple(q for q in changed if q.name != "nothing"))


class But(Pupil):
    """Right, but for the programs of which a function gives another observation."""

    def __init__(self, other):
        super().__init__()
        self.other = other

    def run(self, program):
        return self.other(program) or super().run(program)


def without(name):
    """A change that leaves out all quantities of a name."""
    return lambda q: () if q.name == name else (q,)


def scaled(name, by, steps=None):
    """A change that makes each number of a quantity larger by a share, at some steps or at all."""
    return each(name, lambda number: number * (1 + by), steps)


def each(name, change, steps=None):
    """A change of each number of a quantity, at some steps or at all."""

    def changed(q):
        meant = q.name == name and (steps is None or q.step in steps)
        return (replace(q, values=tuple(map(change, q.values))) if meant else q,)

    return changed
