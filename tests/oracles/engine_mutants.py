"""Mutants of the lecture's answer key under other names: what one assignment kills, both do.

    python tests/oracles/engine_mutants.py [EVERY] [DIALECT ...]

Writes every mutant of the key that scalar_autograd kills in each dialect, hands it in as an engine
of its own to scalar_engine, and prints what no check kills. EVERY takes one of so many mutants.
"""

from __future__ import annotations

import ast
import re
import sys
import time

from harness.grading.audit.operators import Mutation
from harness.grading.audit.run import audit, kill, mutants
from harness.grading.grader import Grader
from harness.judging.check import find, seed_of
from harness.programs.found import NoDialect
from harness.records.handed_in import Source, Submission

LECTURE, ENGINE = find("scalar_autograd"), find("scalar_engine")
LABELS = "labels are the lecture's"
LEFT_OPEN = {
    "value_not_float": "a whole number is a number",
    "grad_not_float": "a whole number is a number",
    "label_lost": LABELS,
    "order_by_label": LABELS,
    "ag.Scalar.__init__: self.label = label -> pass": LABELS,
    "order_without_leaves": "a sort may leave the leaves out",
    "order_walks_every_path": "right, and slow where much is shared",
    "backward_no_seed": "the caller may set the gradient of the root, which is found",
}
"""What an engine may do and the lecture's module may not."""
FUNCTIONS = ("exp", "log", "relu")
VALUE = {"Scalar": "Value", "value": "data"}
VERBS = {
    **{"Scalar": "Quantity", "value": "v", "grad": "gradient", "backward": "backprop"},
    **{"topological_sort": "toposort", "inputs": "parents", "exp": "e_to", "log": "ln"},
}
UNDERSCORED = {
    **{"Scalar": "Node", "value": "val", "grad": "_grad", "topological_sort": "topo"},
    **{"inputs": "_prev", "relu": "ReLU"},
}
DIALECTS = ("lecture", "free functions", "methods", "verbs", "underscored")
"""As the lecture writes it; its class and functions at module level; functions as methods; other
names for everything; names that begin with an underscore, and functions as methods."""


def spelled(text: str, dialect: str) -> str:
    """The text of a mutant of the lecture's key in a dialect."""
    if dialect == "lecture":
        return text
    tree = ast.parse(text)
    (holder,) = (node for node in tree.body if isinstance(node, ast.ClassDef))
    top = [node for node in tree.body if node is not holder]
    flat = ast.unparse(ast.Module([*top, *holder.body], []))
    flat = re.sub(r"\bag\.", "", flat)
    if dialect in ("methods", "underscored"):
        flat += "".join(f"\nScalar.{name} = {name}\ndel {name}" for name in FUNCTIONS)
    names = {"verbs": VERBS, "underscored": UNDERSCORED}.get(dialect, VALUE)
    for old, new in names.items():
        flat = re.sub(rf"(?<!math\.)\b{old}\b", new, flat)
    return flat + "\n"


def killed(mutant: Mutation, dialect: str, grader: Grader, seed: str = "577") -> str:
    """The check that kills a mutant in a dialect; nothing where none does."""
    text = spelled(mutant.text, dialect)
    digest = f"{dialect}/{mutant.name}"
    handed_in = Submission(digest, (Source("engine.py", text),), module="engine", digest=digest)
    try:
        fitted = grader.fitted(ENGINE, handed_in)
    except NoDialect as problem:
        return f"not an engine: {problem}"
    with grader.student(handed_in, fitted) as student:
        for check in fitted.active:
            if not check.absent:
                drawn = seed_of(check, ENGINE, seed)
                if kill(check, student, grader.answers(ENGINE, seed)[0], drawn):
                    return check.name
    return ""


def killed_by_lecture(grader: Grader, every: int = 1) -> tuple[Mutation, ...]:
    """The mutants of the lecture's key that its own assignment kills; one of so many."""
    assert LECTURE.answer_key is not None, "the lecture has a key"
    chosen = mutants(LECTURE.answer_key)[::every]
    found = audit((LECTURE,), LECTURE.answer_key, grader, "577", thorough=False, chosen=chosen)
    return tuple(outcome.mutant for outcome in found.killed)


def main() -> None:
    """Prints, for each dialect, how many of those mutants die and which do not."""
    every = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    with Grader(live=False) as grader:
        known = killed_by_lecture(grader, every)
        for dialect in sys.argv[2:] or DIALECTS:
            start, left, lost = time.monotonic(), [], 0
            for mutant in known:
                check = killed(mutant, dialect, grader)
                lost += check.startswith("not an engine")
                left += [] if check else [mutant.name]
            died, seconds = len(known) - len(left), time.monotonic() - start
            print(
                f"{dialect}: {died} of {len(known)} killed ({lost} as no engine), {seconds:.0f} s"
            )
            print(
                "\n".join(f"    {name}: {LEFT_OPEN.get(name, 'A HOLE')}" for name in left),
                flush=True,
            )


if __name__ == "__main__":
    main()
