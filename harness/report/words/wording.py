"""Every sentence that a student reads: plain, exact, never blaming.

Text of the student's own (messages of exceptions, names of types) is made printable here, so
that nothing a submission says can act on a terminal or a log.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from typing import TypeGuard

from harness.programs import snippet
from harness.records.dialect import Dialect
from harness.records.observation import Fault
from harness.records.program import Expression
from harness.records.verdict import Comparison, Convention, Finding, Grade, Problem, Status, Verdict

LONGEST = 200
"""Characters of the student's own text that a sentence quotes."""
LONGEST_LINE = 2000
"""Characters of a line of a program; the longest of ours has a quarter of it."""
MOST_LINES = 40
"""Lines of a program that are printed; a longer one is cut in the middle."""

ISOLATION = {
    "S3": "submitted code can reach no file, network or process",
    "S2": "submitted code can read files, but can change or send nothing",
    "S1": "files and network are NOT protected; use it for your own code only",
    "": "nothing was run",
}

STATUS = {
    Status.PASSED: "passed",
    Status.FAILED: "failed",
    Status.FAULTED: "stopped",
    Status.CREDITED: "right by itself",
    Status.SKIPPED: "not judged",
    Status.FLAGGED: "to be looked at",
    Status.INCONCLUSIVE: "inconclusive",
    Status.NOTED: "noted",
}

_AT = "{where}, line {line}"
_REST = "The rest of the module was run."
FINDINGS = {
    "missing": "Missing from the module: {names}.",
    "missing_stopped": (
        "Missing from the module: {names}; {where}, line {line} stopped with {exception}: {message}"
    ),
    "not_written": "Not written yet: {functions}.",
    "unreadable": "{reason}",
    "order_missing": "{sort} returned nothing that could be recorded.",
    "order_type": ("{sort} returned an object of type {type}; it should return a list of nodes."),
    "order_stranger": ("{sort} returned {count} nodes that the program did not make: {order}."),
    "order_twice": "{sort} lists {node} more than once: {order}.",
    "order_lacks": "{sort} leaves out {node}: {order}.",
    "order_extra": "{sort} lists {node}, which {root} does not depend on: {order}.",
    "order_broken": "{sort} lists {node} before its input {input}: {order}.",
    "order_other": "{sort} returned {order}; the order asked for is {wanted}.",
    "flag_names": "The code uses names that no exercise needs: {names}.",
    "flag_not_repeatable": "{check} passed, and failed when it was run again in a fresh process.",
    "flag_cost": ("One program takes more than {least} s; reverse mode takes a tenth of that."),
    "flag_killed": "{count} of its workers were killed by the system or by another process.",
    "stopped_raised": f"{_AT} stopped with {{why}}. {_REST}",
    "stopped_library": f"{_AT} imports {{why}}; graded code has only {{library}}. {_REST}",
    "stopped_timeout": f"{_AT} was stopped after {{why}} seconds of processor time. {_REST}",
    "stopped_waited": (
        f"{_AT} was stopped after {{why}} seconds by the clock: it was waiting. {_REST}"
    ),
    "stopped_memory": f"{_AT} ran out of memory. {_REST}",
    "stopped_ended": f"{_AT} ended the process, so it is left out. {_REST}",
    "stopped_syntax": f"{_AT} is not Python ({{why}}), so its cell is left out. {_REST}",
    "stopped_left_out": f"{_AT} is left out: {{why}}. {_REST}",
    "stopped_more": "{count} more statements stopped while the module was loaded.",
    "exploded": "{name} is {value}: parameters this large cannot be judged.",
    "array_type": "`{name}` is of type {type}; it should be a NumPy array.",
    "array_dtype": "`{name}` does not hold float64 numbers; compute in float64.",
    "shape_ones": (
        "`{name}` has shape {shape}, expected {expected}: an axis of length 1 too many or too few."
    ),
    "shape_unsummed": (
        "`{name}` has shape {shape}, expected {expected}: an axis is left that should be summed."
    ),
    "shape_summed": (
        "`{name}` has shape {shape}, expected {expected}: an axis was summed or dropped."
    ),
    "shape_swapped": (
        "`{name}` has shape {shape}, expected {expected}: the axes are in another order."
    ),
    "shape_other": "`{name}` has shape {shape}, expected {expected}.",
}

CREDITED = "Right by itself: with a right {parts} in place of yours, it passes."
SPARED = "Right by itself: where {parts} is not used, it passes."
STRICT = (
    "It would pass with a right {parts} in place of yours; here the module counts as it stands."
)
HIDDEN = "Hidden check: {failed} of {tried} programs fail."
HIDDEN_UNTRIED = "Hidden check: none of its programs could be run."
REPLACED = "seen with a right {parts} in place of yours"
ONE_MISTAKE = "One known mistake gives exactly these numbers: {sentence}"
SEVERAL_MISTAKES = "Each of these mistakes alone gives exactly these numbers: {sentences}"
HINT = "Hint: {hint}"
BROKEN_EDGE = "{line} needs {input} before it"

NOTHING = "There is nothing to grade."
LATE = "Handed in late."
PUBLIC = (
    "The seed is public: a submission that has learnt its answers by heart passes. "
    "For marks that count give a secret one with {option}."
)
"""What a class is told that was graded by the public seed."""
TOTAL = "{points} of {out_of} points."
ADJUSTED = "{points} points by a person: {reason}"
CUT = "Left out here, because the report would be too large."
FOLDED = "{count} more checks did not pass: {checks}."

FAULTS = {
    "raised": "It stopped with {exception}: {message}",
    "raised_bare": "It stopped with {exception}.",
    "syntax": "It is not Python: {message}",
    "timeout": "It was stopped after {message} seconds of processor time.",
    "waited": "It was stopped after {message} seconds by the clock; it was waiting.",
    "budget": "Its time for all checks together, {message} seconds, is used up.",
    "memory": "It ran out of memory.",
    "output": "It was stopped because it printed more than {message} MiB.",
    "exited": "It ended its own process with exit code {message}.",
    "crashed": "Its process was killed by {message}.",
    "broken": (
        "Its process broke down outside the module's own code; "
        "does it change what Python itself uses?"
    ),
    "malformed": "It sent what no program of ours sends: {message}.",
}

NOT_OBSERVED = "not_observed"
"""What a probe answers where nothing could be seen; reports leave it out."""


NOT_JUDGED = "Not judged by itself: mend {checks} first."
FIX_FIRST = "Fix first: {check}. {sentence}"
INCONCLUSIVE = "The oracles disagree on every program of this check: it costs nothing."

LANGUAGE = "en"
"""The language of this catalogue, as HTML names it."""
PAGE = {
    "title": "{submission}: {points} of {out_of} points",
    "skip": "Skip to the results",
    "score_of": "of {out_of} points",
    "whole": "The submission as a whole",
    "lead_right": "Every check passes.",
    "lead_wrong": "Below is what each check found, with the smallest program that shows it.",
    "lead_told": "Below is what each exercise earns.",
    "unreadable": "The submission could not be read: {reason}",
    "points": "Points",
    "points_caption": "What each check earns in {assignment}.",
    "exercise": "Exercise",
    "check": "Check",
    "outcome": "Outcome",
    "total": "Total",
    "of": "{points} of {out_of}",
    "details": "What the checks found in {assignment}",
    "go": "See why",
    "program": "The smallest program that shows it",
    "program_region": "Program of {check}",
    "copy_program": "Copy the program",
    "copied": "The program is on the clipboard.",
    "not_copied": "The browser did not allow it; the program is selected, so copy it by hand.",
    "graph": "The graph of this program",
    "graph_alt": "Drawing of {count} nodes, inputs above outputs. The table below says the same.",
    "graph_forward": "Values flow down along the grey arrows, as the program computes them.",
    "graph_backward": "Gradients flow up along the blue dashed arrows, from the output to the "
    "inputs, when {line} runs.",
    "graph_first": "The first node that differs, in that direction, is {node}; it is marked.",
    "graph_large": "A drawing of {count} nodes would be too large to read; the table lists the "
    "first {most}.",
    "graph_again": "{node}, as above",
    "tag_first": "differs first",
    "tag_order_broken": "stands too early",
    "tag_order_lacks": "left out",
    "tag_order_twice": "listed twice",
    "tag_order_extra": "not part of it",
    "box_value": "value {number}",
    "box_value_expected": "expected {number}",
    "box_grad": "grad {number}",
    "box_grad_expected": "expected {number}",
    "numbers": "Every node in numbers",
    "numbers_caption": "Your numbers beside those of {oracles}.",
    "numbers_alone": "Your numbers.",
    "node": "Node",
    "computes": "Computed as",
    "value": "value",
    "grad": "gradient",
    "yours": "yours",
    "verdict": "Agrees",
    "agrees": "yes",
    "differs": "no",
    "differs_first": "no, first",
    "not_compared": "not compared",
    "nothing": "nothing",
    "no_number": "no number ({type})",
    "more_rows": "{count} more are left out.",
    "order": "Your order beside one that holds",
    "order_yours": "Your order",
    "order_valid": "A valid order",
    "order_lecture": "The lecture's order",
    "order_broken_edge": "{line} needs {input}, so {input} must stand above {node}. In your order "
    "it stands below; the red arrow shows it. Other orders are valid too.",
    "order_broken_alt": "{order}. The arrow from {node} leads down to its input {input}.",
    "order_valid_alt": "{order}. The arrow from {node} leads up to its input {input}.",
    "order_plain_alt": "{order}.",
    "order_other": "The orders part at place {place}.",
    "order_any": "Every node stands below its inputs in the order on the right; others are valid "
    "too.",
    "sweep": "The lecture's plot: the gradient of relu(x)**3",
    "sweep_same": "Your gradient lies on the manual one, 3 * max(0, x)**2, at each of the {count} "
    "points.",
    "sweep_differs": "Your gradient leaves the manual one, 3 * max(0, x)**2, at {points}.",
    "sweep_alt": "Plot of your gradient and the manual gradient over x.",
    "sweep_x": "x",
    "sweep_y": "gradient",
    "sweep_numbers": "The plot in numbers",
    "sweep_yours": "yours (autograd)",
    "sweep_manual": "manual: 3 max(0, x)²",
    "loss": "The loss while training",
    "loss_same": "Your loss stays with that of {oracles} through all {epochs} epochs.",
    "loss_differs": "Your loss leaves that of {oracles} at epoch {epoch}, counted from 0. The run "
    "is of your module as it stands, without anything put right.",
    "loss_alt": "Two plots over the epochs: the loss of your run and of {oracles} above, and by "
    "how much yours differs below.",
    "loss_epoch": "epoch",
    "loss_axis": "loss",
    "loss_difference": "|difference|",
    "loss_yours": "yours",
    "loss_first": "first differs",
    "loss_not_drawn": "Where your loss is not a number or is beyond 1e100, nothing is drawn.",
    "loss_numbers": "The curve in numbers",
    "observed": "What the program gave",
    "quantity": "Quantity",
    "shape": "shape {shape}: {numbers}",
    "printed": "What your program printed",
    "printed_region": "Text that the program of {check} printed",
    "printed_cut": "Only the beginning is kept.",
    "conventions": "Conventions",
    "conventions_free": "The assignment leaves these open; they cost nothing.",
    "how": "How this was judged",
    "by": "Judged by",
    "isolation": "Isolation",
    "isolation_is": "{level}: {meaning}",
    "version": "adjudge",
    "digest": "Digest of the submission",
    "seed": "Seed",
    "seed_is": "{seed}. The same seed gives the same programs and the same page.",
    "seed_not_told": "Not told, because it would give away the hidden checks.",
    "missing": "Not asked",
    "disputed": "Set aside",
    "disputed_are": "{count} programs, because the oracles disagree on them",
    "tolerance": "Tolerance",
    "tolerance_is": "A number agrees where rounding alone can explain the difference; the bound "
    "is worked out for each program.",
    "left_out": "Left out here, because the page would be too large.",
    "class_title": "The class: {students} students",
    "class_heading": "The class",
    "class_median": "Half of those graded have {median} per cent of the points or more.",
    "class_graded": "{graded} of {students} students are graded.",
    "class_time": "The last run took {seconds} seconds.",
    "class_partial": "The run was stopped before its end, so this page is not the whole class.",
    "class_double": "{student} handed in {count} times; {taken} was graded.",
    "class_unknown": "Handed in by nobody of the roster: {listed}.",
    "class_passed_over": "Passed over, because it is no submission: {listed}.",
    "class_lost": "Points lost by check",
    "class_not_graded": "Not graded, by a failure of adjudge: {listed}.",
    "class_private": "This page names every student; it is not meant for them.",
    "class_points": "Points",
    "class_points_alt": "How many students have how much of the points. The table below says the "
    "same.",
    "class_points_numbers": "The distribution in numbers",
    "class_share": "Part of the points",
    "class_between": "{low} to {high} per cent",
    "class_students": "Students",
    "class_mistakes": "Commonest mistakes",
    "class_mistakes_about": "How many students have each, where a known mistake gives exactly "
    "their numbers.",
    "class_who": "Show who",
    "class_looks": "To be looked at",
    "class_lost_about": "The costliest check first. Credited are those who kept the points, "
    "because the mistake is in another part.",
    "class_lost_points": "Points lost",
    "class_lost_none": "No check took a point.",
    "class_credited": "Credited",
    "class_map": "Students by checks",
    "class_map_about": "A heading sorts by its column; a name leads to the student's page.",
    "class_student": "Student",
    "class_whole": "whole",
    "class_filter": "Which students are shown",
    "class_filter_name": "Name contains",
    "class_filter_state": "Who",
    "class_filter_mistake": "With the mistake",
    "class_everybody": "everybody",
    "class_any": "any or none",
    "class_state_lost": "lost points",
    "class_state_flagged": "to be looked at",
    "class_state_unreadable": "could not be read",
    "class_state_late": "late",
    "class_state_absent": "handed in nothing",
    "class_state_whole": "all points",
    "class_shown": "{count} of {all} students are shown.",
    "class_axis_share": "per cent of the points",
    "class_axis_students": "students",
}
"""Every sentence and label of a page, each whole, so that a second catalogue can replace it."""
STATES = ("lost", "flagged", "unreadable", "late", "absent", "whole")
"""What the class page can be filtered by, in the order in which it offers them."""


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
    clean = [_visible(line.expandtabs(4)).rstrip()[:LONGEST] for line in kept[:lines]]
    return "\n".join(clean).strip("\n")


def status(verdict: Verdict) -> str:
    """One or two words for what became of a check."""
    if _is_unwritten(verdict.problem):
        return "not written"
    return STATUS[verdict.status]


def sentence(verdict: Verdict) -> str:
    """What is wrong, in one sentence; nothing for a check that passed."""
    if verdict.status is Status.CREDITED and verdict.spared:
        return SPARED.format(parts=parts(verdict))
    if verdict.status is Status.CREDITED:
        return CREDITED.format(parts=parts(verdict))
    if verdict.status is Status.SKIPPED and (verdict.replaced or verdict.spared):
        return STRICT.format(parts=parts(verdict))
    if verdict.status is Status.SKIPPED:
        return NOT_JUDGED.format(checks=listed(verdict.blocked_by))
    if verdict.status is Status.INCONCLUSIVE:
        return INCONCLUSIVE
    if _is_blank(verdict):
        told = HIDDEN if verdict.tried else HIDDEN_UNTRIED
        return told.format(failed=verdict.failed, tried=verdict.tried)
    return "" if verdict.problem is None else problem(verdict.problem)


def first_step(grades: Sequence[Grade]) -> str:
    """What a student fixes first: the first check that failed by itself; nothing where none did.

    The checks of an assignment stand in the order in which they build on one another.
    """
    for grade in grades:
        for verdict in grade.verdicts:
            if verdict.status in (Status.FAILED, Status.FAULTED) and verdict.exercise:
                check = f"{verdict.exercise} {verdict.check}"
                return FIX_FIRST.format(check=check, sentence=sentence(verdict)).strip()
    return ""


def is_missing(found: Problem | None) -> TypeGuard[Finding]:
    """Whether a problem is that the module lacks a name."""
    return isinstance(found, Finding) and found.kind == "missing"


def gap(found: Finding) -> tuple[str, ...]:
    """What findings on missing names share where one sentence tells them all: the reason."""
    return ("missing", *(text for name, text in found.facts if name in ("where", "line")))


def gaps(found: Sequence[Problem | None]) -> str:
    """One sentence for the names that several checks miss; nothing for other problems."""
    missing = [each for each in found if is_missing(each)]
    if not missing or len(missing) < len(found):
        return ""
    names = dict.fromkeys(name for each in missing for name in each["names"].split(", "))
    facts = [(key, text) for key, text in missing[0].facts if key != "names"]
    return problem(Finding("missing", (("names", ", ".join(names)), *facts)))


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
    found, told = verdict.problem, []
    if isinstance(found, Fault) and found.where and found.text:
        told.append(_place(found))
    seen = verdict.tried > 1 and verdict.failed and not _is_unwritten(found)
    if seen and not _is_blank(verdict):
        told.append(f"{verdict.failed} of {verdict.tried} programs show it")
    if found is not None and verdict.replaced:
        told.append(REPLACED.format(parts=parts(verdict)))
    return "; ".join(told)


def diagnosis(verdict: Verdict) -> list[str]:
    """The known mistakes that give the student's numbers, and where to look: one line each."""
    known = verdict.diagnosis
    if not known:
        return []
    if len(known) == 1:
        told = ONE_MISTAKE.format(sentence=known[0].sentence)
    else:
        told = SEVERAL_MISTAKES.format(sentences=" ".join(model.sentence for model in known))
    hints = dict.fromkeys(model.hint for model in known)
    return [told, *(HINT.format(hint=hint) for hint in hints)]


def parts(verdict: Verdict) -> str:
    """The parts that were replaced or spared: "`relu` and `__mul__`"."""
    return listed(tuple(f"`{part}`" for part in verdict.parts))


def program(verdict: Verdict, grade: Grade) -> str:
    """The smallest program as Python that can be pasted below the import, or nothing."""
    if verdict.program is None or verdict.status is Status.SKIPPED:
        return ""
    lines = snippet.shown(verdict.program, grade.dialect, verdict.problem).splitlines()
    if len(lines) > MOST_LINES:
        cut = len(lines) - MOST_LINES + 1
        half = MOST_LINES // 2
        lines = [*lines[:half], f"# ... {cut} more lines like these ...", *lines[half + cut :]]
    if isinstance(verdict.problem, Comparison):
        lines[-1] += f"  # {_beside(verdict.problem)}"
    if not isinstance(verdict.program, Expression) and "np." not in "\n".join(lines):
        lines = [line for line in lines if line != "import numpy as np"]
    lines += [f"# {line}" for line in broken_edge(verdict, grade.dialect)]
    told = [*grade.import_line[:LONGEST_LINE].splitlines(), *lines]
    return "\n".join(_visible(line[:LONGEST_LINE]) for line in told)


def broken_edge(verdict: Verdict, dialect: Dialect) -> list[str]:
    """A wrong order with its first broken edge marked, as lines of text; or nothing.

    v1  x1  v2
    ^^--^^  v1 = x1 * x1 needs x1 before it
    """
    found, shown = verdict.problem, verdict.program
    if not (isinstance(found, Finding) and found.kind == "order_broken"):
        return []
    order = found["order"].split(", ")
    if not isinstance(shown, Expression) or not {found["node"], found["input"]} <= {*order}:
        return []
    starts = [sum(len(name) + 2 for name in order[:k]) for k in range(len(order))]
    first, last = order.index(found["node"]), order.index(found["input"])
    between = starts[last] - starts[first] - len(order[first])
    marks = "^" * len(order[first]) + "-" * between + "^" * len(order[last])
    k = shown.names.index(found["node"])
    line = f"{found['node']} = {snippet.spell(shown.nodes[k], shown.names, dialect)}"
    told = BROKEN_EDGE.format(line=line, input=found["input"])
    return ["  ".join(order), " " * starts[first] + marks + "  " + told]


def convention(found: Convention) -> str:
    """What a submission does where the assignment leaves it open."""
    name, answer = (printable(text.replace("_", " ")) for text in (found.name, found.answer))
    return printable(found.sentence, 1000) or f"{name}: {answer}"


def conventions(grade: Grade) -> list[str]:
    """What a submission does, of all that was observed, each once."""
    seen = (found for found in grade.conventions if found.answer != NOT_OBSERVED)
    return list(dict.fromkeys(convention(found) for found in seen))


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
    line = _visible(text).strip()
    return line if len(line) <= longest else line[:longest] + "..."


def _visible(text: str) -> str:
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
    failed = verdict.status in (Status.FAILED, Status.FAULTED)
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
    told = number(found.actual, found.actual_type)
    same = found.actual == found.expected and found.actual_type not in ("float", "bool")
    return f"{told} ({_article(found.actual_type)})" if same else told


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


def _beside(found: Comparison) -> str:
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
    stopped = found.kind == "missing" and len(found.facts) > 1
    facts = {name: printable(text) for name, text in found.facts}
    template = found.sentence or FINDINGS.get("missing_stopped" if stopped else found.kind, "")
    if template:
        with suppress(KeyError, IndexError, ValueError, AttributeError):
            return template.format(**{"sort": "The sort", **facts})
    told = "; ".join(f"{name}: {text}" for name, text in facts.items())
    kind = printable(found.kind.replace("_", " "))
    return f"{kind[:1].upper()}{kind[1:]}{f' ({told})' if told else ''}."


def _fault(found: Fault) -> str:
    kind = found.kind
    if kind == "raised" and not found.message.strip():
        kind = "raised_bare"
    facts = {"exception": printable(found.exception), "message": printable(found.message)}
    return FAULTS[kind].format(**facts)
