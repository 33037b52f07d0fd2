"""How often the right mistake is named: python tests/oracles/diagnosis.py [KIND ...] (see CASES).

Each case is a whole submission with one mistake (two for pairs), graded in a locked worker. For
known mistakes and styles the first diagnosis must name the mistake; for unknown there must be none;
of a pair every diagnosis must be one of the two. Ends with 1 where a name is false, or where less
than 95 % of the single mistakes of a kind are named.
"""

import random
import sys
from collections import Counter
from dataclasses import replace
from importlib.metadata import entry_points
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a script, or imported

from harness.grading.grader import LECTURE, Grader
from harness.judging import grade
from harness.judging.check import Limits, find
from harness.judging.mutant import mutate
from harness.records.handed_in import Source, Submission
from reference_impls.keys import AG_KEY, MLP_KEY, TEXT
from support.other_codes import OTHER_STYLES, UNKNOWN

PAIRS = 100
LIMITS = Limits(seconds=1)
"""Some walk for ever; nothing else comes near it."""
MODELS = (*AG_KEY.models, *MLP_KEY.models)
SHIPPED = {point.name for point in entry_points(group="adjudge.assignments")}
OTHERS = tuple(sorted(SHIPPED - {*LECTURE}))
LEAST = 0.95
"""The share of single mistakes that must be named."""


def pairs(count=PAIRS):
    """Two mistakes in different functions of one submission, drawn at random."""
    dice, made = random.Random("pairs"), []
    while len(made) < count:
        one, other = dice.sample(MODELS, 2)
        if one.name == other.name:
            continue
        try:
            made.append(({one.name, other.name}, mutate(TEXT, (*one.edits, *other.edits))))
        except AssertionError:
            continue  # they change the same text
    return made


def known(key):
    """Each known mistake of an answer key, in a module of its own."""
    return [({model.name}, mutate(key.source.text, model.edits)) for model in key.models]


CASES = {
    "lecture": [({model.name}, mutate(TEXT, model.edits)) for model in MODELS],
    **{name: known(find(name).answer_key) for name in OTHERS},
    "styles": [({name}, text) for name, text in OTHER_STYLES],
    "unknown": [(set(), text) for _, text in UNKNOWN],
    "pairs": pairs(),
}


def named(text, grader, assignments=LECTURE):
    """What every failing check names, in the order of the checks."""
    source = Source(find(assignments[0]).answer_key.source.name, text)
    submission = Submission("case", (source,), module=source.name.removesuffix(".py"), digest=text)
    found = []
    for name in assignments:
        assignment = replace(find(name), limits=LIMITS)
        answers, _ = grader.answers(assignment, "577")
        with grader.student(submission, assignment) as student:
            graded = grade.grade(assignment, student, answers, "577")
        found += [[d.name for d in v.diagnosis] for v in graded.verdicts if v.problem is not None]
    return found


def judged(truth, found):
    """One word for what the diagnoses of a submission are worth."""
    told = [names for names in found if names]
    if not told:
        return "unknown"
    if any(not truth & set(names) for names in told):
        return "wrong"
    if len(truth) == 2:
        return "both" if truth <= {name for names in told for name in names} else "one"
    return "right" if len(told[0]) == 1 else "among several"


def counted(kind, grader):
    """How many cases of a kind are what, each that is not right printed."""
    counts = Counter()
    for truth, text in CASES[kind]:
        found = named(text, grader, (kind,) if kind in OTHERS else LECTURE)
        word = judged(truth, found)
        counts[word] += 1
        if word not in ("right", "both"):
            print(word, sorted(truth), found, flush=True)
    return counts


def main(kinds):
    """Prints the counts of some kinds; 1 where they are not what they must be."""
    code = 0
    with Grader() as grader:
        for kind in kinds:
            counts, of = counted(kind, grader), len(CASES[kind])
            enough = kind in ("unknown", "pairs") or counts["right"] >= LEAST * of
            print(f"{kind}: {dict(counts)} of {of}", flush=True)
            code |= bool(counts["wrong"]) or not enough
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or CASES))
