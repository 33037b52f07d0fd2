"""Every sentence that a student reads, held in tests/golden/wording.txt.

UPDATE_GOLDEN=1 writes the file anew.
"""

import os
import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.assignments.lecture6.dialect import AG
from harness.assignments.lecture6.training import training as training_run
from harness.judging import stops
from harness.judging.check import available, find
from harness.records.observation import Fault, TraceLine
from harness.records.program import Apply, Backward, Call, Expression
from harness.records.verdict import (
    Comparison,
    Convention,
    Diagnosis,
    Finding,
    Grade,
    Status,
    Verdict,
)
from harness.report.words import listing, wording
from support.a_class import PROGRAM
from support.some_evidence import BROKEN, SORTED

GOLDEN = Path(__file__).parents[2] / "golden" / "wording.txt"
HARNESS = Path(wording.__file__).parents[2]
WRONG = Comparison("grad", "x1.grad", 3, ("torch", "jax"), 2.5, 5.0, "float", 1e-15, False)
FACTS = {
    "meant": "ag.Scalar.topo_sort", "nodes": "11,201", "seconds": "6.0", "alone": "0.2",
    "times": "16", "growth": "4", "check": "gradient_mul", "value": "1e+60",
    "names": "ag.exp, ag.log", "where": "cell 2", "line": "4", "exception": "NameError",
    "message": "name 'x' is not defined", "functions": "exp, log", "type": "set", "count": "2",
    "reason": "ag.py: is empty; hand in the file with your code", "order": "x1, v2, v1",
    "sort": "topological_sort()", "node": "v2", "input": "v1", "root": "v3",
    "wanted": "x1, v1, v2", "name": "model.b2[0]", "seed": "7", "shape": "(4, 3, 7)",
    "expected": "(4, 7)", "argument": "W1", "few": "506", "many": "5690", "small": "2 samples",
    "large": "34", "why": "5 6", "function": "np.vectorize",
    "library": "Python's standard library and NumPy",
}  # fmt: skip
MESSAGES = {"raised": "division by zero", "syntax": "'(' was never closed", "crashed": "SIGSEGV"}
MESSAGES |= {"timeout": "2", "waited": "7", "output": "8", "exited": "3"}
MESSAGES["malformed"] = "a reply to another request"
COMPARISONS = {
    "wrong": WRONG,
    "one oracle": replace(WRONG, oracles=("jax",)),
    "three oracles": replace(WRONG, oracles=("torch", "jax", "numpy")),
    "epoch": replace(WRONG, subject="loss.value", epoch=3),
    "nan": replace(WRONG, actual=float("nan")),
    "infinity": replace(WRONG, actual=float("inf")),
    "negative zero": replace(WRONG, actual=-0.0),
    "tiny": replace(WRONG, actual=5e-324),
    "int": replace(WRONG, actual=5, actual_type="int"),
    "int for float": replace(WRONG, actual=2, expected=2.0, actual_type="int"),
    "bool": replace(WRONG, actual=False, expected=1.0, actual_type="bool", subject="same"),
    "count": replace(WRONG, actual=3, expected=4.0, actual_type="int", subject="len(output)"),
    "numpy": replace(WRONG, actual=2.5, actual_type="ndarray"),
    "nothing": replace(WRONG, actual=None, actual_type="nothing"),
    "none": replace(WRONG, actual=None, actual_type="NoneType"),
    "no number": replace(WRONG, actual=None, actual_type="Scalar"),
    "no number, a vowel": replace(WRONG, actual=None, actual_type="ndarray", epoch=0),
    "an object": replace(WRONG, actual=None, actual_type="object"),
}


WORDS = {key: text for name in available() for key, text in find(name).words.items()}
"""Every sentence of an assignment's own."""


def _found(pattern, paths):
    return {found for p in paths for found in re.findall(pattern, p.read_text(encoding="utf-8"))}


MADE = _found(r'Finding\(\s*"(\w+)"', HARNESS.rglob("*.py"))
READ = set(WORDS) - MADE
"""The answers of probes."""
OWN = {key: text for key, text in WORDS.items() if key in MADE}
"""The sentences of findings."""


def verdict(problem=None, status=Status.FAILED, **more):
    if "replaced" in more:
        more["parts"] = tuple(map(AG.short, more["replaced"]))
    return Verdict("gradient_mul", "2.B", status, 0.0, 4.0, problem, **more)


SORT, RELU = "ag.Scalar.topological_sort", "ag.relu"
FIRST = Diagnosis("first", "`__add__` overwrites the gradient.", 'See "Backward and add".')
SECOND = Diagnosis("second", "`backward` ends at the first node.", 'See "Backward and add".')
EXPLAINED = {
    "credited": verdict(None, Status.CREDITED, replaced=(SORT, RELU)),
    "credited, another assignment's": verdict(None, Status.CREDITED, replaced=("ag",)),
    "credited, a class's": verdict(None, Status.CREDITED, replaced=("Loss.mse",)),
    "strict": verdict(None, Status.SKIPPED, replaced=(RELU,)),
    "replaced": verdict(WRONG, tried=5, failed=2, replaced=(SORT,)),
    "hidden": verdict(None, tried=25, failed=3, hidden=True),
    "hidden, not run": verdict(None, Status.FAULTED, hidden=True),
    "hidden, told to us": verdict(WRONG, tried=25, failed=3, hidden=True),
    "one mistake": verdict(WRONG, diagnosis=(FIRST,)),
    "two mistakes": verdict(WRONG, diagnosis=(FIRST, SECOND)),
    "order": verdict(BROKEN, program=SORTED),
    "after other calls": verdict(WRONG, before=(SORTED,), keeps_state=True),
    "after calls that are not known": verdict(WRONG, keeps_state=True),
    "another number each time": verdict(WRONG, steady=False),
    "stops as a mistake does": verdict(Fault("raised", "TypeError", "no"), diagnosis=(FIRST,)),
    "nearly right": verdict(replace(WRONG, actual=2.5000002)),
}


def _golden():
    lines = []
    sentences = [(kind, text, "") for kind, text in wording.FINDINGS.items()]
    sentences += [(kind, text, text) for kind, text in OWN.items()]
    for kind, template, text in sentences:
        fields = re.findall(r"{(\w+)}", template)
        facts = tuple((name, FACTS[name]) for name in fields)
        own = "missing" if kind == "missing_stopped" else kind
        whose = "finding of an assignment's" if text else "finding"
        lines.append(f"{whose} {kind}: {wording.problem(Finding(own, facts, text))}")
    for kind in wording.FAULTS:
        message = MESSAGES.get(kind, "")
        own = "raised" if kind == "raised_bare" else kind
        fault = Fault(own, "ZeroDivisionError", message, "ag.py", 7, "x = 1 / 0")
        lines.append(f"fault {kind}: {wording.problem(fault)}")
    for key in sorted(READ):
        lines.append(f"convention {key}: {wording.convention(Convention('x', key, WORDS[key]))}")
    lines += [f"comparison {key}: {wording.problem(c)}" for key, c in COMPARISONS.items()]
    for status in Status:
        blocked = ("values", "order_random", "gradient_add")
        replaced = (RELU,) if status is Status.CREDITED else ()
        told = verdict(None, status, blocked_by=blocked, replaced=replaced)
        lines.append(f"status {status.value}: {wording.status(told)}. {wording.sentence(told)}")
    lines += [f"{name}: {line}" for name, told in EXPLAINED.items() for line in _explained(told)]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _explained(told):
    edge = listing.broken_edge(told, AG)
    lines = [wording.sentence(told), wording.detail(told), *wording.diagnosis(told), *edge]
    return [line for line in lines if line]


def test_every_sentence_reads_as_it_did():
    told = _golden()
    if os.environ.get("UPDATE_GOLDEN") == "1":
        GOLDEN.write_text(told, encoding="utf-8")

    assert GOLDEN.read_text(encoding="utf-8") == told


def test_every_record_of_the_source_has_a_sentence_and_every_sentence_a_record():
    stopped = {f"stopped_{kind}" for kind in (*stops.KINDS, "ended")}
    assert {*wording.FINDINGS, *OWN} == {*MADE, "missing_stopped", "missing_meant"} | stopped
    faults = _found(r'Fault\(\s*"(\w+)"', (HARNESS / "sandbox").rglob("*.py"))
    assert set(wording.FAULTS) - {"raised", "raised_bare", "syntax"} == faults
    assert READ <= _found(r'"(\w+)"', (HARNESS / "assignments").rglob("conventions.py"))


def test_what_nobody_knows_is_told_by_its_own_sentence_or_as_it_is():
    facts = (("name", "distance"), ("steps", "40"))
    slow, apart = Finding("too_slow", facts), Convention("sign_of_zero", "kept_apart")

    told = replace(slow, sentence="`{name}` takes {steps} steps.")
    assert "`distance` takes 40 steps." == wording.problem(told)
    assert "Too slow (name: distance; steps: 40)." == wording.problem(slow)
    assert "Too slow." == wording.problem(Finding("too_slow"))
    assert "sign of zero: kept apart" == wording.convention(apart)
    assert "-0.0 is 0.0" == wording.convention(replace(apart, sentence="-0.0 is 0.0"))


@pytest.mark.parametrize("broken", ["{nothing}", "{", "{0}", "{name.lower.x}", "{name!z}"])
def test_a_sentence_that_does_not_fit_the_facts_gives_way_to_them(broken):
    assert "Odd (name: a)." == wording.problem(Finding("odd", (("name", "a"),), broken))


# --- text of the student's ----------------------------------------------------------------

HOSTILE = st.text(st.characters() | st.sampled_from("\x1b\0\n\r\u202e\u2066\u200b\x9b\ud800"))


def _is_clean(text):
    return all(c == " " or unicodedata.category(c)[0] not in "CZ" for c in text)


@given(HOSTILE)
@settings(max_examples=200)
def test_text_of_a_students_is_one_short_clean_line(text):
    told = wording.printable(text)

    assert _is_clean(told)
    assert len(told) <= wording.LONGEST + 3


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("\x1b[31mred\x1b[0m", "?[31mred?[0m", id="ANSI colours"),
        pytest.param("a\u202eb", "a?b", id="a mark of direction"),
        pytest.param("a\nb\tc\u2028d", "a b c d", id="line ends and tabs"),
        pytest.param("a\0b", "a?b", id="NUL"),
        pytest.param("  a  ", "a", id="space around"),
        pytest.param("<f at 0x7fb30bb5f460>", "<f at 0x...>", id="an address"),
        pytest.param("x" * 201, "x" * 200 + "...", id="longer than may be"),
        pytest.param("\x1b[2J" * 2_500_000, "?[2J" * 50 + "...", id="ten megabytes"),
        *(pytest.param(text, text, id=f"as it is: {text[:10]}")
          for text in ("é ∂ 梯度", "mask 0xff", "x" * 200, "")),
    ],
)  # fmt: skip
def test_text_is_made_printable(text, told):
    assert told == wording.printable(text)


@given(HOSTILE)
@settings(max_examples=60)
def test_nothing_of_a_students_acts_on_a_terminal(text):
    fault = Fault("raised", text, text, text, 3, text)
    lines = (TraceLine(text, 3, text, text), TraceLine(text, 4, text, text))
    traced = Fault("raised", "E", "m", text, 4, text, trace=lines)
    found = [
        Finding(kind, ((fact, text),))
        for kind, fact in (("order_type", "type"), ("missing", "names"), ("unreadable", "reason"))
    ]

    told = [wording.problem(each) for each in (fault, *found)]
    told += [wording.detail(verdict(fault, Status.FAULTED)), *listing.trace(verdict(traced))]
    assert all(map(_is_clean, told))


@pytest.mark.parametrize("actual", [None, 2.5])
@pytest.mark.parametrize("kind", ["x\x1b[2J", "x\nimport os"])
def test_a_type_cannot_act_on_a_terminal_or_add_a_line(actual, kind):
    found = replace(WRONG, actual=actual, actual_type=kind)
    told = listing.program(verdict(found, program=PROGRAM), GRADE)

    assert _is_clean(wording.problem(found))
    assert told.count("\n") == listing.program(verdict(WRONG, program=PROGRAM), GRADE).count("\n")


# --- the rest of a failure ----------------------------------------------------------------

GRADE = Grade("ada", "", "lab", "577", (), 0.0, 0.0, import_line="from ag import ag", dialect=AG)


@pytest.mark.parametrize(
    ("actual", "digits"),
    [(2.5 + 2e-9, "9"), (2.5 - 7e-7, "6"), (2.51, ""), (-2.5, ""), (float("nan"), "")],
)
def test_numbers_that_agree_by_no_accident_are_told_to(actual, digits):
    lines = wording.diagnosis(verdict(replace(WRONG, actual=actual)))

    assert ([f"The two numbers agree to {digits} digits"] if digits else []) == [
        line.partition(":")[0] for line in lines
    ]


NO_NUMBER = replace(WRONG, actual=None, actual_type="NoneType")
ENDS = {
    "the oracles' number alone": (verdict(NO_NUMBER, program=PROGRAM), "  # torch and jax: 2.5"),
    "a finding": (verdict(Finding("order_missing"), program=PROGRAM), "\nv1.backward()"),
    "no program": (verdict(WRONG), ""),
    "not judged": (verdict(None, Status.SKIPPED, program=PROGRAM), ""),
}


@pytest.mark.parametrize(("told", "end"), ENDS.values(), ids=ENDS)
def test_a_program_ends_as_its_problem_asks_and_without_one_nothing_is_shown(told, end):
    shown = listing.program(told, GRADE)

    assert shown.endswith(end)
    assert bool(shown) == bool(end)


def test_a_long_program_is_cut_in_the_middle_and_keeps_its_ends():
    chain = Expression((2.0,), (*(Apply("add", (k, 0)) for k in range(200)), Backward(200)))
    lines = listing.program(verdict(WRONG, program=chain), GRADE).splitlines()

    assert listing.MOST_LINES + 1 == len(lines)
    assert "x1 = ag.Scalar(2.0)" == lines[1]
    assert ["# ... 164 more lines like these ..."] == [x for x in lines if "more lines" in x]
    assert lines[-1].startswith("print(x1.grad)")


def test_numpy_is_imported_only_where_it_is_used():
    lines = ("import numpy as np", "loss = Loss().mse([], [])")
    call = Call("mse", (), lines, PROGRAM, ())
    with_numpy = Call("mse", (), (*lines, "y = np.array([1.0])"), PROGRAM, ())

    assert "numpy" not in listing.program(verdict(program=call), GRADE)
    assert "import numpy as np" in listing.program(verdict(program=with_numpy), GRADE)


def test_training_is_shown_up_to_the_epoch_that_failed():
    run = training_run(1, 7, (0.5, 0.25, 2.0, 1.0), (1.0,), (0.5,), 0.1, 9)
    told = listing.program(verdict(replace(WRONG, epoch=2), program=run), GRADE)

    assert "for epoch in range(3):" in told


def _at(where, text, **more):
    return Fault("raised", "E", "m", where, 7, text, **more)


NOT_WRITTEN = Finding("not_written", (("functions", "f"),))
STOPPED = _at("ag.py", "x = 1 / 0")
READ_BACK = _at("program", 'record("grad", 1, x1.grad)')
DETAILS = [
    ("7 of 30 programs show it", verdict(WRONG, tried=30, failed=7)),
    ("ag.py, line 7: x = 1 / 0; 3 of 3 programs show it", verdict(STOPPED, tried=3, failed=3)),
    ("in the program: v1 = x1 * x1", verdict(_at("program", "v1 = x1 * x1"))),
    ("in the program, when its numbers were read", verdict(READ_BACK)),
    pytest.param("", verdict(WRONG, tried=1, failed=1), id="the only program"),
    pytest.param("", verdict(None, Status.PASSED, tried=30), id="passed"),
    pytest.param("", verdict(Fault("timeout", message="2")), id="nowhere"),
    pytest.param("", verdict(NOT_WRITTEN, tried=3, failed=3), id="not written"),
]


@pytest.mark.parametrize(("detail", "told"), DETAILS)
def test_a_second_line_says_how_often_and_where(detail, told):
    assert detail == wording.detail(told)


TRACE = (
    TraceLine("ag.py", 88, "forward", "z = w * x + b"),
    TraceLine("ag.py", 7, "__add__", "x = 1 / 0"),
)


def test_an_exception_shows_the_lines_that_led_to_it_and_no_place_twice():
    told = verdict(_at("ag.py", "x = 1 / 0", trace=TRACE), tried=3, failed=3)
    alone = verdict(_at("ag.py", "x = 1 / 0", trace=TRACE[1:]))

    assert [
        "    ag.py, line 88, in forward: z = w * x + b",
        "    ag.py, line 7, in __add__: x = 1 / 0",
    ] == listing.trace(told)
    assert "3 of 3 programs show it" == wording.detail(told)
    assert ([], "ag.py, line 7: x = 1 / 0") == (listing.trace(alone), wording.detail(alone))


def test_a_line_that_is_not_python_has_a_mark_below_it():
    facts = (("reason", "r"), ("text", "x = (1,\x1b"), ("column", "5"))

    assert ["    x = (1,?", "        ^"] == listing.trace(verdict(Finding("unreadable", facts)))


def test_a_stub_is_called_not_written_and_not_failed():
    assert "not written" == wording.status(verdict(NOT_WRITTEN))
    assert "failed" == wording.status(verdict(WRONG))


def test_no_names_are_no_list():
    assert "" == wording.listed(())


NUMBERS = [
    *((2.0, "float", "2.0"), (0.1, "float", "0.1"), (2.5, "float64", "2.5")),
    *((2, "int", "2"), (2.0, "int", "2"), (1, "bool", "True"), (0.0, "bool", "False")),
    *((None, "float", "None"), (float("inf"), "int", "inf"), (float("nan"), "float", "nan")),
    (1e300, "int", "1e+300"),
]


@pytest.mark.parametrize(("value", "kind", "told"), NUMBERS)
def test_a_number_is_told_as_python_prints_it(value, kind, told):
    assert told == wording.number(value, kind)


def test_an_edge_that_is_cut_from_a_long_order_is_not_drawn():
    facts = (("node", "v1"), ("input", "x1"), ("order", "x2, v2, ... (40 in all)"))
    cut = replace(EXPLAINED["order"], problem=Finding("order_broken", facts))

    assert [] == listing.broken_edge(cut, AG)
    assert [] == listing.broken_edge(replace(EXPLAINED["order"], program=None), AG)
