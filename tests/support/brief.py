"""An assignment of one check with a short key, where what is tested is how a process starts."""

from harness.grading.grader import PUBLIC_SEED
from harness.judging.check import find
from harness.oracles import recording

ASSIGNMENT = """from dataclasses import replace
from harness.judging.check import find
from harness.records.handed_in import Source

whole = find("scalar_autograd")
text = '''
class ag:
    class Scalar:
        def __init__(self, value, op="", _backward=None, inputs=(), label=""):
            self.value, self.grad, self.inputs, self.label = float(value), 0.0, [*inputs], label

        def __add__(self, other):
            return self

        __mul__ = __pow__ = __add__
'''
key = replace(whole.answer_key, source=Source("ag.py", text), models=(), traversals=())
assignment = replace(whole, checks=whole.checks[:1], answer_key=key)
"""


def write(folder):
    """Writes it as brief.py with its recorded answers: nobody needs to import PyTorch or JAX."""
    (folder / "brief.py").write_text(ASSIGNMENT)
    assignment = find(str(folder / "brief.py"))
    oracles = [("torch", "2"), ("jax", "1")]
    packed = recording.pack(assignment, PUBLIC_SEED, oracles, {}, {})
    recording.write(recording.shipped(assignment, PUBLIC_SEED), packed)
