"""A student's page as text: words, bytes, what it may tell and how large it may be."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.assignments.lecture6.dialect import AG
from harness.judging.grade import FEEDBACK, within_feedback
from harness.programs import generate
from harness.records.observation import Fault
from harness.records.people import Person, Result
from harness.records.program import Apply, Call, Expression
from harness.records.verdict import Convention, Evidence, Grade, Status, Verdict
from harness.report.pages import drawing, figures, page, rendering
from harness.report.words import catalogue
from support.long import sample
from support.some_evidence import (
    BROKEN,
    DIAGNOSIS,
    GRAPH,
    LOSS,
    ORACLES,
    ORDER,
    OVERWRITTEN,
    PLOT,
    SORTED,
    SQUARE,
    TRAINING,
    losses,
    observation,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "page_words.txt"
HARNESS = Path(page.__file__).parents[2]
TEMPLATES = Path(page.__file__).parent / "templates"
TITLES = {"gradient_mul": "the gradient of * is right"}


def verdict(evidence=None, check="gradient_mul", exercise="2.B", **more):
    facts = {"problem": OVERWRITTEN, "program": SQUARE, "tried": 5, "failed": 3, **more}
    status = facts.pop("status", Status.FAILED)
    return Verdict(check, exercise, status, 0.0, 5.0, evidence=evidence, **facts)


VERDICTS = (
    verdict(GRAPH, diagnosis=(DIAGNOSIS,)),
    verdict(ORDER, "order_random", "2.A", problem=BROKEN, program=SORTED),
    verdict(PLOT, "relu_sweep", "2.C"),
    verdict(LOSS, "training_curve", "Training", problem=LOSS.problem, program=TRAINING),
)


def grade(*verdicts, **more):
    order = Convention("order", "order_list", "topological_sort() returns a list")
    facts = {"isolation": "S3", "oracles": ("torch 2", "jax 0.4"), "dialect": AG}
    facts |= {"submission": "ag.py", "digest": "d1", "import_line": "from ag import ag"}
    facts |= {"points": sum(v.points for v in verdicts), "conventions": (order,), **more}
    out_of = sum(v.out_of for v in verdicts)
    return Grade(
        assignment="scalar_autograd", seed="577", verdicts=verdicts, out_of=out_of, **facts
    )


def shown(*verdicts, feedback="program", **more):
    given = within_feedback(grade(*verdicts, **more), feedback)
    return page.student(Result(Person("ag.py"), (given,)), TITLES)


@pytest.fixture(scope="module")
def whole():
    return shown(*VERDICTS)


# --- words --------------------------------------------------------------------------------

FACTS = {
    "submission": "ag.py", "points": "95", "out_of": "100", "reason": "ag.py: is empty",
    "assignment": "scalar_autograd", "exercise": "2.B", "check": "gradient_mul", "count": "11",
    "line": "v1.backward()", "node": "v1", "input": "x1", "order": "x2, v1, x1", "most": "60",
    "number": "2.5", "oracles": "torch and jax", "type": "ndarray", "place": "3", "epoch": "4",
    "epochs": "40", "shape": "(2, 3)", "numbers": "1.0, 2.0", "level": "S3", "meaning": "hostile",
    "seed": "577", "students": "200", "graded": "198", "median": "95", "seconds": "12.5",
    "student": "7012", "taken": "ag-1.py", "listed": "7013, 7014", "low": "90", "high": "100",
    "all": "200", "name": "ag.py",
}  # fmt: skip


def test_every_word_of_a_page_reads_as_it_did():
    lines = [f"{key}: {text.format(**FACTS)}\n" for key, text in catalogue.PAGE.items()]
    if os.environ.get("UPDATE_GOLDEN") == "1":
        GOLDEN.write_text("".join(lines), encoding="utf-8")

    assert GOLDEN.read_text(encoding="utf-8") == "".join(lines)


def test_every_word_of_the_catalogue_is_used_and_every_word_used_is_in_it():
    files = [*TEMPLATES.glob("*.html"), *(HARNESS / "report").rglob("*.py")]
    text = "\n".join(path.read_text("utf-8") for path in files if path.name != "catalogue.py")
    used = set(re.findall(r"(?<!report\.)words\.(\w+)|say\(\s*\"(\w+)\"", text))
    named = {name for pair in used for name in pair if name} - {"format"}
    words = set(catalogue.PAGE)
    # Templates and modules name these by what they have found.
    built = {key for key in words if key.startswith(("tag_", "class_state_", "class_what_"))}

    assert named <= words
    assert built == {key for key in words - named if f'"{key}"' not in text}


def test_templates_hold_no_words_of_their_own():
    for path in TEMPLATES.glob("*.html"):
        text = re.sub(r"{%.*?%}|{{.*?}}|<[^>]*>|&\w+;", " ", path.read_text("utf-8"), flags=re.S)

        assert [] == re.findall(r"[A-Za-z]{2,}", text), path.name


# --- bytes --------------------------------------------------------------------------------


def test_the_same_grade_gives_the_same_bytes_in_another_process(whole):
    code = (
        "import sys; sys.path[:0] = ['tests', 'tests/unit/report']; import test_student_page as t;"
        "sys.stdout.reconfigure(encoding='utf-8'); sys.stdout.write(t.shown(*t.VERDICTS))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        cwd=HARNESS.parent,
        env={**os.environ, "PYTHONHASHSEED": "7", "MPLCONFIGDIR": "/nonexistent"},
    )

    assert whole == done.stdout.decode()


def test_a_page_names_nothing_outside_itself_and_no_two_things_alike(whole):
    addresses = set(re.findall(r"https?://[^\s\"'<]+", whole))
    ids = re.findall(r'\bid="([^"]*)"', whole)

    assert {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"} >= addresses
    assert [] == re.findall(r"<(?:link|img|iframe|object|embed)\b|@import|\bsrc=", whole)
    assert len(ids) > 20
    assert sorted(set(ids)) == sorted(ids)


@pytest.mark.parametrize("count", sample(2, [1, 60]))
def test_a_page_stays_below_its_largest_size_whatever_is_in_it(count):
    long = "x" * 10_000_000
    fault = Fault("raised", long, long, long, 3, long)
    bad = replace(GRAPH, student=replace(GRAPH.student, printed=long))
    many = tuple(
        verdict(bad, f"c{k}{long[:500]}", f"e{k}", problem=p, status=s, diagnosis=(DIAGNOSIS,) * 4)
        for k in range(count)
        for p, s in ((fault, Status.FAULTED), (OVERWRITTEN, Status.FAILED))
    )

    assert len(shown(*many, submission=long).encode()) < 500_000


# --- what is told -------------------------------------------------------------------------

SECRETS = {
    "program": ("ag.Scalar(2.0)", "<svg"),
    "sentence": ("x1.grad is 2.0", "overwrites the gradient"),
    "exercise": ("2.B", "2.A"),
}


@pytest.mark.parametrize("feedback", FEEDBACK)
def test_a_page_tells_as_much_as_the_assignment_allows(feedback):
    text = shown(*VERDICTS, feedback=feedback)

    for depth, secrets in SECRETS.items():
        allowed = FEEDBACK.index(feedback) >= FEEDBACK.index(depth)
        assert [allowed] * len(secrets) == [secret in text for secret in secrets], depth


def test_of_a_hidden_check_no_number_no_program_and_no_seed_is_on_the_page():
    text = shown(verdict(GRAPH, hidden=True, diagnosis=(DIAGNOSIS,)))

    assert "Hidden check: 3 of 5 programs fail." in text
    assert "577" not in text.replace(catalogue.PAGE["seed_is"], "")
    for secret in ("x1", "overwrites", "<svg", "in the middle", "ag.Scalar"):
        assert secret not in text


def test_what_passed_shows_no_program_and_no_text_that_it_printed():
    text = shown(verdict(GRAPH, status=Status.PASSED, problem=None, program=None))

    assert not [secret for secret in ("in the middle", "ag.Scalar(2.0)") if secret in text]


# --- what is drawn ------------------------------------------------------------------------


DRAWN = {
    "the first wrong node is marked": ('class="box first"', "differs first"),
    "the backward direction is drawn": ('class="backward"', "when v1.backward() runs"),
    "a broken order stands beside a valid one with the same edge in both": (
        "v1 = x1 * x2 needs x1, so x1 must stand above v1",
        *('class="broken"', 'class="held"'),
    ),
    "the plot says where it leaves the manual gradient": (
        "Your gradient leaves the manual one, 3 * max(0, x)**2, at x = -5, x = -4 and x = -3.",
    ),
    "the first diverging epoch is told": (
        "Your loss leaves that of torch and jax at epoch 2, counted from 0.",
    ),
    "what the program printed is shown": ("<bdi>in the middle</bdi>",),
}


@pytest.mark.parametrize("parts", DRAWN.values(), ids=DRAWN)
def test_what_was_found_is_drawn_and_told(whole, parts):
    assert [] == [part for part in parts if part not in whole]


def test_text_of_a_plot_stays_text(whole):
    for text in ("epoch", "first differs"):
        assert re.search(rf"<text[^>]*>{text}</text>", whole)


def test_a_call_and_an_array_are_shown_as_text():
    call = Call("mse", (("output", (1.0,)),), ("loss = Loss.mse(output, y)",), SQUARE, ())
    half, both = (("loss", -1, (0.5, None), ("float", "str")), ("loss", -1, (1.0, 2.0)))
    told = Evidence(call, ORACLES, observation(half), (observation(both),) * 2, OVERWRITTEN)
    text = shown(verdict(told, program=call))

    for part in ("What the program gave", "0.5, nothing", "1.0, 2.0"):
        assert part in text


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -1e308, 1e308, 5e-324, None, 0.0])
def test_any_number_can_be_drawn(bad):
    graph = replace(GRAPH, student=observation(("value", -1, (bad, bad)), ("grad", 1, (bad, bad))))
    curve = replace(LOSS, student=losses(bad, 1.0, bad, 3.0))
    plot = replace(PLOT, student=observation(("grad", 29, (bad,) * 30)))

    text = shown(verdict(graph), verdict(curve, "c"), verdict(plot, "d"))

    assert 2 == text.count('<figure class="plot">')


@pytest.mark.parametrize("values", [(), (1.0,), (1.0,) * 63])
def test_a_quantity_of_another_length_breaks_nothing(values):
    types = ("str",) if values else ()
    odd = observation(("value", -1, values, types), ("grad", 1, values, types))
    orders = replace(ORDER, student=observation(("order", 2, values), ("value", -1, values)))
    graph = verdict(replace(GRAPH, student=odd))

    assert "The graph of this program" in shown(graph, verdict(orders, "c", problem=BROKEN))


@given(st.integers(0, 10_000))
@settings(max_examples=40)
def test_no_node_covers_another_and_every_edge_has_an_arrow(seed):
    dice = generate.Dice(str(seed))
    count = dice.whole(1, 14)
    steps = tuple(Apply("mul", (dice.whole(0, 1 + k), dice.whole(0, 1 + k))) for k in range(count))
    program = Expression((2.0, 3.0), steps)
    placed = drawing.layout(program, (4,) * len(program.nodes))

    assert 2 * count == len(placed.arrows)
    for i, a in enumerate(placed.places):
        assert 0 <= a.left
        assert a.left + drawing.BOX <= placed.width
        assert a.y + a.height <= placed.height
        for b in placed.places[:i]:
            apart = abs(a.x - b.x) >= drawing.BOX
            assert apart or a.y >= b.y + b.height or b.y >= a.y + a.height


def test_an_input_stands_above_every_node_that_uses_it():
    program = Expression((2.0,), (Apply("exp", (0,)), Apply("mul", (1, 0)), Apply("add", (2, 0))))
    placed = drawing.layout(program, (3,) * 4).places

    assert sorted(placed, key=lambda place: place.y) == list(placed)


def test_a_figure_as_png_is_the_same_twice():
    def made():
        rendering.png.cache_clear()
        return rendering.png(figures.loss((3.0, 2.0, 1.5), (("torch", (3.0, 2.0, 1.0)),), 2))

    assert made() == made()
    assert made().startswith(b"\x89PNG")
