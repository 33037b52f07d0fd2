"""Every sentence that a student reads: plain, exact, never blaming.

Text of the student's own (messages of exceptions, names of types) is made printable here, so
that nothing a submission says can act on a terminal or a log.
"""

from __future__ import annotations

import math
import re
import unicodedata
from contextlib import suppress

from harness.programs import snippet
from harness.records.observation import Fault
from harness.records.verdict import (
    WRONG,
    Comparison,
    Convention,
    Finding,
    Grade,
    Problem,
    Status,
    Verdict,
)
from harness.report.words.catalogue import PAGE
from harness.report.words.sentences import FAULTS, FINDINGS

LONGEST = 200
"""Characters of the student's own text that a sentence quotes."""
NEAR = 1e-5
"""Relative difference below which two numbers do not agree by accident."""
LONGEST_LINE = 2000
"""Characters of a line of a program; the longest of ours has a quarter of it."""

ISOLATION = {
    "S3": "submitted code can reach no file, network or process",
    "S2": "submitted code can read files, but can change or send nothing",
    "S1": "files and network are NOT protected; use it for your own code only",
    "S0": "a process of its own and NO protection; use it for your own code only",
    "": "nothing was run",
}

STATUS = {
    Status.PASSED: "passed",
    Status.FAILED: "failed",
    Status.FAULTED: "stopped",
    Status.CREDITED: "correct on its own",
    Status.SKIPPED: "not judged",
    Status.FLAGGED: "to be looked at",
    Status.INCONCLUSIVE: "inconclusive",
    Status.NOTED: "noted",
    Status.ABSENT: "absent",
}

CREDITED = "Correct on its own: it passes once {parts} {are} fixed."
SPARED = "Correct on its own: it passes where {parts} {are} not used."
STRICT = (
    "It would pass with a right {parts} in place of yours; here the module counts as it stands."
)
HIDDEN = "Hidden check: {failed} of {tried} programs fail."
HIDDEN_UNTRIED = "Hidden check: none of its programs could be run."
REPLACED = "seen with a right {parts} in place of yours"
STATE = "it keeps state between calls: the last lines are right where they run alone"
STATE_UNKNOWN = "it keeps state between calls: the program is right where it runs alone"
UNSTEADY = "the number is not the same twice"
ONE_MISTAKE = "One known mistake gives exactly these numbers: {sentence}"
ONE_STOPS = "One known mistake stops in exactly this way: {sentence}"
SEVERAL_MISTAKES = "Each of these mistakes alone gives exactly these numbers: {sentences}"
NEARLY = (
    "The two numbers agree to {digits} digits: that is what a difference quotient, single "
    "precision or a rounded constant leaves of a right number."
)
LOOK_AT = "Look at {places}."
HINT = "Hint: {hint}"

NOTHING = "There is nothing to grade."
LATE = "Handed in late."
LATE_TAKES = "Handed in late: {days} begun, which takes {points} points."
LATE_UNKNOWN = (
    "Handed in late; how late is not known, so one day counts, which takes {points} points."
)
NOT_SHOWN = "Checks that count and are not shown: {count}."
PUBLIC = (
    "The seed is public: a submission that has learnt its answers by heart passes. "
    "For marks that count give a secret one with {option}."
)
"""What a class is told that was graded by the public seed."""
TOTAL = "{points} of {out_of} points."
ADJUSTED = "{points} points by a person{check}: {reason}"
COMMENTED = "Comment{check}: {reason}"
MORE_TIME = "{hours} hours more by a person: {reason}"
CUT = "Left out here, because the report would be too large."
FOLDED = "{count} more checks did not pass: {checks}."

NOT_OBSERVED = "not_observed"
"""What a probe answers where nothing could be seen; reports leave it out."""


NOT_JUDGED = "Not judged: mend {checks} first."
INCONCLUSIVE = "The oracles disagree on every program of this check: it costs nothing."


def say(key: str, **facts: object) -> str:
    """A sentence of a page; the facts are made printable.

    Args:
        key: which sentence of PAGE.
        facts: what stands in its places.
    """
    return PAGE[key].format(**{name: printable(str(fact), 1000) for name, fact in facts.items()})


def block(text: str, longest: int = 4000, lines: int = 60) -> str:
    """Text of the student's on several lines, each of them clean, cut where it is long."""
    kept = text[:longest].replace("\r\n", "\n").split("\n")
    clean = [visible(line.expandtabs(4)).rstrip()[:LONGEST] for line in kept[:lines]]
    return "\n".join(clean).strip("\n")


def status(verdict: Verdict) -> str:
    """One or two words for what became of a check."""
    if _is_unwritten(verdict.problem):
        return "not written"
    return STATUS[verdict.status]


def sentence(verdict: Verdict) -> str:
    """What is wrong, in one sentence; nothing for a check that passed."""
    if verdict.status is Status.CREDITED and isinstance(verdict.problem, Finding):
        return problem(verdict.problem)
    if verdict.status is Status.CREDITED:
        template, are = (
            SPARED if verdict.spared else CREDITED,
            "is" if len(verdict.parts) < 2 else "are",
        )
        return template.format(parts=parts(verdict), are=are)
    if verdict.status is Status.SKIPPED and (verdict.replaced or verdict.spared):
        return STRICT.format(parts=parts(verdict))
    if verdict.status is Status.SKIPPED:
        return NOT_JUDGED.format(checks=listed(verdict.blocked_by))
    if verdict.status is Status.INCONCLUSIVE:
        return INCONCLUSIVE
    if _is_blank(verdict):
        template = HIDDEN if verdict.tried else HIDDEN_UNTRIED
        return template.format(failed=verdict.failed, tried=verdict.tried)
    return "" if verdict.problem is None else problem(verdict.problem)


def problem(found: Problem) -> str:
    """A problem in one sentence."""
    match found:
        case Comparison():
            return _comparison(found)
        case Finding():
            return _finding(found)
        case Fault():
            return _fault(found)


def detail(verdict: Verdict) -> str:
    """How often and where: the second line of a failure, or nothing."""
    found, said = verdict.problem, list[str]()
    if isinstance(found, Fault) and found.where and found.text and not has_trace(found):
        said.append(_place(found))
    shows = verdict.tried > 1 and verdict.failed and not _is_unwritten(found)
    shows = shows and verdict.status is not Status.CREDITED
    if shows and not _is_blank(verdict):
        said.append(f"{verdict.failed} of {verdict.tried} programs show it")
    if found is not None and verdict.keeps_state:
        said.append(STATE if verdict.before else STATE_UNKNOWN)
    if found is not None and not verdict.steady:
        said.append(UNSTEADY)
    if found is not None and verdict.replaced and verdict.status is not Status.CREDITED:
        said.append(REPLACED.format(parts=parts(verdict)))
    return "; ".join(said)


def diagnosis(verdict: Verdict) -> list[str]:
    """The known mistakes that give the student's numbers, and where to look: one line each."""
    known = verdict.diagnosis
    if not known:
        digits = _shared_digits(verdict.problem)
        return [NEARLY.format(digits=digits)] if digits else []
    if len(known) == 1:
        template = ONE_STOPS if isinstance(verdict.problem, Fault) else ONE_MISTAKE
        named = template.format(sentence=known[0].sentence)
    else:
        named = SEVERAL_MISTAKES.format(sentences=" ".join(model.sentence for model in known))
    places = tuple(dict.fromkeys(printable(model.where) for model in known if model.where))
    look = [LOOK_AT.format(places=listed(places))] if places else []
    hints = dict.fromkeys(model.hint for model in known)
    return [named, *look, *(HINT.format(hint=hint) for hint in hints)]


def _shared_digits(found: Problem | None) -> int:
    """How many leading digits two numbers share, where that is no accident; else 0."""
    if not isinstance(found, Comparison) or found.actual is None or not found.expected:
        return 0
    apart = abs(found.actual - found.expected) / abs(found.expected)
    return int(-math.log10(apart)) if 0.0 < apart < NEAR else 0


def parts(verdict: Verdict) -> str:
    """The parts that were replaced or spared: "`relu` and `__mul__`"."""
    return listed(tuple(f"`{part}`" for part in verdict.parts))


def has_trace(found: Fault) -> bool:
    """Whether more than one line of the student's led to a fault, which then ended in the last."""
    if len(found.trace) < 2:
        return False
    return (found.trace[-1].where, found.trace[-1].line) == (found.where, found.line)


def convention(found: Convention) -> str:
    """What a submission does where the assignment leaves it open."""
    name, answer = (printable(text.replace("_", " ")) for text in (found.name, found.answer))
    return printable(found.sentence, 1000) or f"{name}: {answer}"


def conventions(grade: Grade) -> list[str]:
    """What a submission does, of all that was observed, each once."""
    observed = (found for found in grade.conventions if found.answer != NOT_OBSERVED)
    return list(dict.fromkeys(convention(found) for found in observed))


def listed(names: tuple[str, ...]) -> str:
    """Names with commas and an and: "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def number(value: float | int | None, kind: str = "float") -> str:
    """A number as Python prints it."""
    if kind == "bool":
        return str(bool(value))
    if value is not None and value == int_or_nan(value) and kind != "float" and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def int_or_nan(value: float) -> float:
    """The whole part of a finite number; NaN for any other."""
    return float(int(value)) if value - value == 0 else float("nan")


def printable(text: str, longest: int = LONGEST) -> str:
    """Text on one line without control characters, marks of direction or memory addresses."""
    text = re.sub(r"0x[0-9a-f]{6,}", "0x...", text[: 20 * longest])
    line = visible(text).strip()
    return line if len(line) <= longest else line[:longest] + "..."


def visible(text: str) -> str:
    """Text with a space for each kind of space and a question mark for what is not printed."""
    return "".join(
        c if c == " " or unicodedata.category(c)[0] not in "CZ" else " " if c.isspace() else "?"
        for c in text
    )


def points(value: float) -> str:
    """Points without a needless fraction."""
    return f"{value:g}"


def _is_unwritten(found: Problem | None) -> bool:
    return isinstance(found, Finding) and found.kind == "not_written"


def _is_blank(verdict: Verdict) -> bool:
    """Whether a student is told no more of a failure than how often it shows."""
    failed = verdict.status in WRONG
    return verdict.hidden and failed and verdict.problem is None


def _comparison(found: Comparison) -> str:
    subject = printable(found.subject)
    where = "" if found.epoch is None else f" at epoch {found.epoch}"
    if found.actual is None:
        if found.actual_type == "nothing":
            return f"{subject}{where} was not recorded."
        return f"{subject}{where} is {_article(found.actual_type)}, not a number."
    return f"{subject}{where} is {_yours(found)}, but {_word(found)}."


def _yours(found: Comparison) -> str:
    text = number(found.actual, found.actual_type)
    same = found.actual == found.expected and found.actual_type not in ("float", "bool")
    return f"{text} ({_article(found.actual_type)})" if same else text


def _word(found: Comparison) -> str:
    if found.actual == found.expected:
        return "it should be a float"
    says = "says" if len(found.oracles) == 1 else "say"
    return f"{listed(found.oracles)} {says} {_expected(found)}"


def _expected(found: Comparison) -> str:
    """The oracles' number, as a count or a truth where the student's is one too."""
    counted = found.actual_type in ("int", "bool") and found.subject.startswith("len(")
    return number(
        found.expected, found.actual_type if counted or found.actual_type == "bool" else "float"
    )


def beside(found: Comparison) -> str:
    """The student's number and the oracles', as a comment behind the line that prints it."""
    if found.actual is None:
        return f"{listed(found.oracles)}: {number(found.expected)}"
    return f"yours: {_yours(found)}; {listed(found.oracles)}: {_expected(found)}"


def _article(kind: str) -> str:
    kind = printable(kind)
    if kind == "NoneType":
        return "None"
    return f"{'an' if kind.startswith((*'aeiou', 'nd')) else 'a'} {kind}"


def _place(found: Fault) -> str:
    if found.where != "program":
        return f"{printable(found.where)}, line {found.line}: {printable(found.text)}"
    if found.text.startswith(snippet.RECORDERS):
        return "in the program, when its numbers were read"
    return f"in the program: {printable(found.text)}"


def _finding(found: Finding) -> str:
    """By the assignment's own sentence, else by ours, else the kind and its facts as they are."""
    facts = {name: printable(text) for name, text in found.facts}
    kind = found.kind
    if kind == "missing":
        kind += "_stopped" if "where" in facts else "_meant" if "meant" in facts else ""
    template = found.sentence or FINDINGS.get(kind, "")
    if template:
        with suppress(KeyError, IndexError, ValueError, AttributeError):
            return template.format(**{"sort": "The sort", **facts})
    known = "; ".join(f"{name}: {text}" for name, text in facts.items())
    kind = printable(found.kind.replace("_", " "))
    return f"{kind[:1].upper()}{kind[1:]}{f' ({known})' if known else ''}."


def _fault(found: Fault) -> str:
    kind = found.kind
    if kind == "raised" and not found.message.strip():
        kind = "raised_bare"
    facts = {"exception": printable(found.exception), "message": printable(found.message)}
    return FAULTS[kind].format(**facts)
