"""Soak the tolerance: hold random programs against oracles, right engines and the exact numbers.

    python tests/oracles/soak.py 2000               the bound, the oracles, the answer key
    python tests/oracles/soak.py 20000 --specimens  every right specimen, in a worker

Ends with 1 where anything right was called wrong, or anything wrong by 1e-9 was not.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path.insert(0, str(TESTS))

from harness.assignments.lecture6.dialect import AG
from harness.assignments.lecture6.parts import ALL
from harness.grading.grader import LECTURE, Grader
from harness.intake import submissions
from harness.judging import compare
from harness.judging.check import find, programs_of
from harness.judging.mutant import Mutant, mutate
from harness.oracles.load import Oracles, load
from harness.programs.generate import SHARP, expression, session
from harness.programs.tolerance import radii
from harness.records.errors import Disputed
from harness.records.known import Edit
from harness.records.program import Expression
from support import exact
from support.fake_engines import Floats, paths
from support.specimens import FREE, RIGHT

ANSWER_KEY = TESTS.parent / "reference_impls" / "answer_key.py"
CHUNK = 200
"""Programs that are asked for together, and then forgotten."""
MOST_PATHS = 20_000
"""Programs with more are not walked path by path."""
NUDGE = 1e-15
"""A relative error that must accuse nobody."""
SLIP = 1e-9
"""A relative error that must be caught."""


def draw(start, stop):
    """Three expressions, then a session, and so on."""
    return tuple(
        (session if i % 4 == 3 else expression)(f"soak/{i}", ALL) for i in range(start, stop)
    )


def right_engines(i):
    """Engines that are right, each in its own way; i varies orders and forms."""
    return {
        "python": Floats(),
        "other orders and forms": Floats(seed=f"{i}"),
        "all up by 1e-15": Floats(nudge=NUDGE),
        "all down by 1e-15": Floats(nudge=-NUDGE),
        "off by 1e-15, other forms": Floats(seed=f"{i}", nudge=NUDGE),
        "path by path": Floats(by_paths=True),
        "path by path, other forms": Floats(by_paths=True, seed=f"{i}"),
        "path by path, up by 1e-15": Floats(by_paths=True, nudge=NUDGE),
    }


def wrong_engines(program, bound, i):
    """Engines with 1e-9 in one node's value, or in what it passes back; i picks the node.

    None where every value or gradient is 0, so that there is nothing to be wrong in.
    """
    (_, root), (_, grads, _) = program.backwards[-1], bound.grads[-1]
    live = [
        k
        for k in sorted(program.reachable(root))
        if program.nodes[k].inputs and program.nodes[k].constant != 0
        if grads[k] and bound.values[k]
    ]
    if not live:
        return {}
    node = random.Random(f"wrong/{i}").choice(live)
    return {"value": Floats(value_slip=(node, SLIP)), "term": Floats(grad_slip=(node, SLIP))}


@dataclass
class Tally:
    """What a soak has counted."""

    programs: int = 0
    nodes: int = 0
    disputed: int = 0
    walked: int = 0
    """Programs with few enough paths to be walked path by path."""
    most_paths: int = 0
    outside: Counter = field(default_factory=Counter)
    """By engine: numbers outside the exact ball of radius e, or 2 e path by path."""
    rejected: Counter = field(default_factory=Counter)
    """By engine: programs with a number beyond 2 e from an oracle's."""
    worst: dict = field(default_factory=dict)
    """By engine: its largest error, in radii."""
    looseness: dict = field(default_factory=lambda: defaultdict(list))
    """By quantity: radius over the largest error of the right engines, with 1e-15 and without."""
    slipped: Counter = field(default_factory=Counter)
    """By place: programs that were run with 1e-9 in one node alone."""
    caught: Counter = field(default_factory=Counter)
    """Those on which it is seen."""
    sharp: Counter = field(default_factory=Counter)
    """By quantity: numbers with a relative radius below 1e-9."""
    numbers: Counter = field(default_factory=Counter)


def hold(tally, program, observations, i):
    """Counts how one program's right answers stand to the bound and to the exact numbers."""
    bound, truth = radii(program), exact.split(exact.numbers(program))
    allowed, nodes = exact.allowed(bound), len(program.nodes)
    said = {name: exact.observed(program, seen) for name, seen in observations.items()}
    count = max(paths(program, root) for _, root in program.backwards)
    few = count <= MOST_PATHS
    tally.programs += 1
    tally.nodes += nodes
    tally.walked += few
    tally.most_paths = max(tally.most_paths, count)
    rows = dict(said)
    for name, engine in right_engines(i).items():
        if few or not engine.by_paths:
            rows[name] = exact.observed(program, engine.run(program))

    def beyond(row):
        return any(not all(map(compare.agrees, row, told, allowed)) for told in said.values())

    for place, engine in wrong_engines(program, bound, i).items():
        tally.slipped[place] += 1
        tally.caught[place] += beyond(exact.observed(program, engine.run(program)))
    plain, nudged = [0.0] * len(truth), [0.0] * len(truth)
    for name, row in rows.items():
        off = exact.errors(row, truth)
        times = 2 if "path" in name else 1
        tally.outside[name] += sum(not e <= times * r for e, r in zip(off, allowed, strict=True))
        shares = [e / r for e, r in zip(off, allowed, strict=True) if r]
        tally.worst[name] = max(tally.worst.get(name, 0.0), *shares)
        tally.rejected[name] += beyond(row)
        nudged = list(map(max, nudged, off))
        if "1e-15" not in name:
            plain = list(map(max, plain, off))
    for k, (size, radius) in enumerate(zip(exact.sizes(bound), allowed, strict=True)):
        kind = "values" if k < nodes else "gradients"
        tally.numbers[kind] += 1
        tally.sharp[kind] += radius <= SHARP * abs(size)
        if plain[k]:
            tally.looseness[f"{kind}, right forms"].append(radius / plain[k])
        if nudged[k]:
            tally.looseness[f"{kind}, off by 1e-15 too"].append(radius / nudged[k])


def soak(count, engines):
    """Counts over so many programs, and prints each dispute of the oracles."""
    tally = Tally()
    for start in range(0, count, CHUNK):
        programs, oracles = draw(start, min(start + CHUNK, count)), Oracles(engines)
        oracles.prepare(programs)
        for i, program in enumerate(programs, start):
            try:
                seen = oracles.expected(program)
            except Disputed as problem:
                tally.disputed += 1
                print(problem)
            else:
                hold(tally, program, dict(zip(oracles.names, seen, strict=True)), i)
    return tally


# --- one wrong operation in the answer key -------------------------------------------------

RESULTS = {
    "add": "self.value + other.value",
    "mul": "self.value * other.value",
    "pow": "self.value**exponent",
    "exp": "math.exp(input.value)",
    "log": "math.log(input.value)",
    "relu": "max(0, input.value)",
}
"""What each operation of the answer key computes."""
TERMS = {
    "add, left": "self.grad += output.grad",
    "add, right": "other.grad += output.grad",
    "mul, left": "self.grad += other.value * output.grad",
    "mul, right": "other.grad += self.value * output.grad",
    "pow": "self.grad += exponent * self.value ** (exponent - 1) * output.grad",
    "exp": "input.grad += output.value * output.grad",
    "log": "input.grad += output.grad / input.value",
    "relu": "input.grad += (1.0 if input.value > 0 else 0.0) * output.grad",
}
"""What it passes back to each of its inputs."""


def slips(relative):
    """By name, the edit that makes one value or one derivative wrong by a relative error."""
    edits = {}
    for op, text in RESULTS.items():
        old = f"ag.Scalar({text}, "
        edits[f"value of {op}"] = Edit(old, f"ag.Scalar(({text}) * (1.0 + {relative!r}), ")
    for op, text in TERMS.items():
        edits[f"derivative of {op}"] = Edit(f"{text}\n", f"{text} * (1.0 + {relative!r})\n")
    return edits


def catcher(edit, oracles, seed="577"):
    """The first check of scalar_autograd that accuses the answer key with one edit."""
    engine = Mutant("slip", mutate(ANSWER_KEY.read_text(encoding="utf-8"), [edit]), AG)
    for check in find("scalar_autograd").active:
        if check.exercise == "2.A":
            continue  # orders have no numbers, and the longest programs
        programs = programs_of(check, f"{seed}/scalar_autograd/{check.name}")
        oracles.prepare(p for p in programs if isinstance(p, Expression))
        for program in programs:
            if check.compare(program, engine.run(program), oracles) is not None:
                return check.name
    return None


def not_passed(grader, edits, path):
    """The verdicts that the answer key with some edits, written to a path, does not pass."""
    text = mutate(ANSWER_KEY.read_text(encoding="utf-8"), edits)
    path.write_text(text, encoding="utf-8")
    return [
        v for name in LECTURE for v in grader.grade(path, name).verdicts if v.status not in FREE
    ]


# --- submissions in workers ---------------------------------------------------------------


def key_rejections(count):
    """The programs on which the answer key, in a locked worker, is rejected."""
    return sum(held[2] for held in _worked(count, {"answer_key": ANSWER_KEY}))


def specimen_rejections(count):
    """By right specimen: the programs on which it is accused."""
    rejected, began = Counter({s.name: 0 for s in RIGHT}), time.monotonic()
    for stop, name, accused in _worked(count, {s.name: s.path for s in RIGHT}):
        rejected[name] += accused
        if name == RIGHT[-1].name:
            print(f"{stop} programs, {time.monotonic() - began:.0f} s, {rejected.total()} accused")
            sys.stdout.flush()
    return rejected


def _worked(count, handed_in):
    """For each chunk and submission: programs so far, its name, on how many it is accused.

    The chunks are the outer loop: the oracles are asked once for all, and then forgotten.
    """
    assignment = find("scalar_autograd")
    engines = load().engines
    read = {name: submissions.read(path) for name, path in handed_in.items()}
    with Grader() as grader:
        for start in range(0, count, CHUNK):
            stop = min(start + CHUNK, count)
            programs, oracles = draw(start, stop), Oracles(engines)
            oracles.prepare(programs)
            for name, submission in read.items():
                with grader.student(submission, assignment) as student:
                    yield stop, name, sum(_accused(p, student.run(p), oracles) for p in programs)


def _accused(program, actual, oracles):
    """Whether a value, a gradient or an order is called wrong; a dispute accuses nobody."""
    held = [compare.values, compare.gradients]
    held += [compare.orders] if program.sorts else []
    try:
        problems = [compare_(program, actual, oracles) for compare_ in held]
    except Disputed:
        return False
    for problem in filter(None, problems):
        print(problem)
    return any(problem is not None for problem in problems)


# --- what is printed ----------------------------------------------------------------------


def quantile(row, share):
    """The number below which that share of a row lies."""
    return sorted(row)[min(int(share * len(row)), len(row) - 1)]


def report(tally, names):
    """Prints a tally and returns how much went wrong."""
    print(f"{tally.programs} programs, {tally.nodes} nodes, {tally.numbers.total()} numbers")
    print(f"{' and '.join(names)} disagree on {tally.disputed} programs")
    print(f"{tally.walked} were walked path by path; the most paths are {tally.most_paths}")
    print(f"\n{'engine':28}{'outside e':>10}{'beyond 2e':>10}{'worst / e':>10}")
    for name, worst in tally.worst.items():
        outside, beyond = tally.outside[name], tally.rejected[name]
        print(f"{name:28}{outside:10}{beyond:10}{worst:10.3f}")
    print("\noutside e: numbers further than e (path by path: 2 e) from the exact one;")
    print("beyond 2e: programs with a number that an oracle's would call wrong")
    print(f"\n{'radius / largest error':34}{'median':>8}{'99 %':>8}{'least':>8}")
    for kind, row in tally.looseness.items():
        print(f"{kind:34}{quantile(row, 0.5):8.1f}{quantile(row, 0.99):8.0f}{min(row):8.2f}")
    for kind, count in tally.numbers.items():
        print(f"{kind} with a relative radius below {SHARP}: {tally.sharp[kind] / count:.2%}")
    for place, count in tally.slipped.items():
        share = tally.caught[place] / count
        print(f"{SLIP} in one {place} alone is seen on {share:.2%} of {count} programs")
    return tally.disputed + tally.outside.total() + tally.rejected.total()


def report_slips(engines):
    """Prints by which check each slip is caught, and returns how many are not."""
    oracles, wrong = Oracles(engines), 0
    for sign in (1, -1):
        for name, edit in slips(sign * SLIP).items():
            found = catcher(edit, oracles)
            wrong += found is None
            print(f"{name} off by {sign * SLIP}: {found or 'NOT CAUGHT'}")
    return wrong


def report_nudges():
    """Prints the verdicts that an answer key off by 1e-15 does not pass, and returns how many."""
    accused = 0
    with Grader() as grader, tempfile.TemporaryDirectory() as folder:
        for sign in (1, -1):
            edits = slips(sign * NUDGE)
            alone = {name: [edit] for name, edit in edits.items()}
            for name, some in {**alone, "everything": edits.values()}.items():
                for verdict in not_passed(grader, some, Path(folder) / "ag.py"):
                    accused += 1
                    print(f"{name} off by {sign * NUDGE}: {verdict}")
    print(f"off by {NUDGE} in one operation, or in all: {accused} verdicts not passed")
    return accused


def main():
    """Prints the counts and returns how much went wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int, nargs="?", default=0)
    parser.add_argument("--specimens", action="store_true")
    asked = parser.parse_args()
    if asked.specimens:
        rejected = specimen_rejections(asked.count)
        for name, accused in rejected.items():
            print(f"{name:24}{accused:6} of {asked.count} programs accused")
        return rejected.total()
    began, oracles = time.monotonic(), load()
    wrong = report(soak(asked.count, oracles.engines), oracles.versions)
    wrong += report_slips(oracles.engines) + report_nudges()
    rejected = key_rejections(asked.count)
    print(f"the answer key is rejected on {rejected}")
    print(f"{time.monotonic() - began:.0f} s")
    return wrong + rejected


if __name__ == "__main__":
    sys.exit(bool(main()))
