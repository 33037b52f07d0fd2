"""Right variants of homework 3 on random shapes: python tests/oracles/array_soak.py [COUNT].

For each right specimen, COUNT draws of shapes and numbers for every kind of program, held against
the proven bound in this process. Prints who was accused; there must be nobody.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a script, or imported

from harness.assignments.attention import tricks, whole
from harness.authoring import Dice, Sized, compare
from harness.judging.calculus import Calculus
from harness.judging.mutant import Mutant
from harness.records.dialect import BARE
from support.specimens import ATTENTION

RIGHT = "answer_key broadcasting einsum einsum_optimised fused log_sum_exp loops".split()


def _text(path):
    return (path if path.is_file() else path / "attention.py").read_text(encoding="utf-8")


VARIANTS = {s.name: _text(s.path) for s in ATTENTION if s.name in RIGHT}
MAKERS = {
    "keys": tricks.keys,
    "queries": tricks.queries,
    "scores": tricks.scores,
    "softmax": tricks.softmax,
    "diagonal": tricks.matrix("diag", "softmaxKq_diag", tricks.diagonal),
    "outer": tricks.matrix("outer", "softmaxKq_outer", tricks.outer),
    "jacobian": tricks.matrix("jacobian", "D", tricks.jacobian),
    "moved": tricks.moved,
    "forward": whole.forward,
    "batch": whole.one_by_one,
    "loss": lambda draw, n, *sizes: whole.loss(draw, n, 4),
    "gradients": whole.gradients,
}


def drawn(name, seed, sizes=()):
    """A program of a maker, by default with random sizes."""
    dice = Dice(f"{seed}/sizes")
    sizes = sizes or [dice.whole(1, most) for most in (5, 5, 6, 3)]
    (call,) = Sized(MAKERS[name], (*sizes, 1))(seed)
    return call


def accused(text, count, seed="soak"):
    """What is held against a module on random shapes: the kind of program and the problem."""
    engine, answers, found = Mutant("variant", text, BARE), Calculus(), []
    for i in range(count):
        for name in MAKERS:
            call = drawn(name, f"{seed}/{i}/{name}")
            problem = compare.call()(call, engine.run(call), answers)
            if problem is not None:
                found.append((name, i, problem))
    return found


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    for name, text in VARIANTS.items():
        start = time.monotonic()
        found = accused(text, count)
        told = f"{len(found)} accusations in {count} x {len(MAKERS)} programs"
        print(
            f"{name}: {told}, {time.monotonic() - start:.0f} s", *found[:3], sep="\n  ", flush=True
        )
    sys.exit(0)
