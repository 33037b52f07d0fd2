"""How many programs kill a mutant: python tests/oracles/budget.py [PROGRAMS].

For each check that draws random programs, the share of them that show each bug model (p), and the
programs after which a mutant that some of them show is killed with probability 0.999:
n = log(0.001) / log(1 - p). Numbers are held against calculus, in this process.
"""

import math
import sys
from statistics import median

from harness.assignments.lecture6 import ag as lab
from harness.assignments.lecture6.dialect import AG
from harness.assignments.lecture6.orders import random_orders
from harness.assignments.lecture6.parts import ALL, SMOOTH, built
from harness.judging import compare
from harness.judging.calculus import Calculus
from harness.judging.mutant import ENDLESS, Mutant, mutate
from harness.programs.generate import expression, session
from reference_impls.keys import AG_KEY

SURE = 0.999
DRAWS = {
    "values": (compare.values, lambda i: built(expression(f"budget/{i}", SMOOTH))),
    "order_random": (compare.orders, lambda i: random_orders(f"budget/{i}")[-1]),
    "gradient_random": (compare.gradients, lambda i: expression(f"budget/{i}", SMOOTH)),
    "gradient_sessions": (compare.gradients, lambda i: session(f"budget/{i}", SMOOTH)),
    "relu_random": (compare.gradients, lambda i: session(f"budget/{i}", ALL)),
}


def needed(share):
    """Programs after which a mutant is killed with probability SURE."""
    return 1 if share >= SURE else math.ceil(math.log(1.0 - SURE) / math.log(1.0 - share))


def main(count):
    """Prints a row for each check."""
    texts = {model.name: mutate(AG_KEY.source.text, model.edits) for model in AG_KEY.models}
    answers = Calculus()
    print("check | programs now | mutants it can kill | median p | least p | programs for 0.999")
    for name, (held, draw) in DRAWS.items():
        programs = [draw(i) for i in range(count)]
        shares = {}
        for model, text in texts.items():
            engine, shown = Mutant(model, text, AG), 0
            for program in programs:
                actual = engine.run(program)
                shown += actual.fault == ENDLESS or held(program, actual, answers) is not None
            shares[model] = shown / count
        killed = {model: share for model, share in shares.items() if share}
        (check,) = (c for c in lab.assignment.checks if c.name == name)
        now = len(check.programs("577"))
        least = min(killed, key=killed.get)
        row = (name, now, len(killed), f"{median(killed.values()):.2f}")
        print(*row, f"{killed[least]:.3f} ({least})", needed(killed[least]), sep=" | ", flush=True)
        rare = sorted((share, model) for model, share in killed.items() if share < 0.3)
        print("    rarely shown:", ", ".join(f"{model} {share:.2f}" for share, model in rare))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
