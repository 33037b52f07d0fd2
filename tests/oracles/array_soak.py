"""Right variants of homework 3 on random shapes: python tests/oracles/array_soak.py [COUNT].

For each right specimen, COUNT draws of shapes and numbers for every kind of program, held against
the proven bound in this process. Prints who was accused; there must be nobody.
"""

import sys
import time
from pathlib import Path

from harness.assignments.attention import attention as lab
from harness.judging import compare
from harness.judging.calculus import Calculus
from harness.judging.mutant import Mutant

ROOT = Path(__file__).parents[2] / "student_submissions" / "attention"
RIGHT = (
    "answer_key",
    "broadcasting",
    "einsum",
    "einsum_optimised",
    "fused",
    "log_sum_exp",
    "loops",
)
VARIANTS = {name: (ROOT / name / "attention.py").read_text(encoding="utf-8") for name in RIGHT}
MAKERS = {
    "keys": lab._keys,
    "queries": lab._queries,
    "scores": lab._scores,
    "softmax": lab._softmax,
    "diagonal": lab._matrices("diag", "softmaxKq_diag", lab._diagonal),
    "outer": lab._matrices("outer", "softmaxKq_outer", lab._product),
    "jacobian": lab._matrices("jacobian", "D", lab._jacobian),
    "moved": lab._moved,
    "forward": lab._forward,
    "batch": lab._one_by_one,
    "loss": lambda draw, sizes: lab._loss(draw, sizes.n, 4.0),
    "gradients": lab._gradients,
}


def accused(text, count, seed="soak"):
    """What is held against a module on random shapes: the kind of program and the problem."""
    engine, answers, found = Mutant("variant", text), Calculus(), []
    for i in range(count):
        for name, make in MAKERS.items():
            draw = lab.Draw(f"{seed}/{i}/{name}")
            call = make(draw, draw.sizes())
            names = [traced.quantity for traced in call.traced]
            problem = compare.call(*names)(call, engine.run(call), answers)
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
