"""A rubric from a file: what it changes, and what is said of its mistakes."""

from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.judging import rubric
from harness.judging.check import Assignment, Check, Limits, find
from harness.judging.class_rules import class_rules
from harness.judging.grade import FEEDBACK
from harness.judging.toml_file import line_of
from harness.records.errors import UsageError
from harness.report.tables import rubric_table

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "rubric.md"


def check(name, points=5.0, title="something holds"):
    return Check(name, "2.A", points, title, lambda seed: (), lambda *told: None)


LAB = Assignment(
    "lab",
    "Lab",
    (check("order_random"), check("order_exact", 0.0), check("gradient_mul"), check("relu_sweep")),
)


@pytest.fixture
def load(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def loaded(text, assignment=LAB):
        path = Path("rubric.toml")
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return rubric.load(path, assignment)

    return loaded


def points(assignment):
    return {check.name: check.points for check in assignment.checks}


def marked(field, value, *names):
    """LAB, but for one field of the checks of some names."""
    return replace(
        LAB,
        checks=tuple(replace(c, **{field: value}) if c.name in names else c for c in LAB.checks),
    )


# --- what a file changes --------------------------------------------------------------------

TWO = ("gradient_mul", "relu_sweep")
CHANGES = {
    "points.gradient_mul = 6": LAB.with_points(gradient_mul=6.0),
    "[points]\nrelu_sweep = 2.5\norder_random = 0": (
        LAB.with_points(relu_sweep=2.5, order_random=0.0)
    ),
    "points.gradient_mul = 0": LAB.with_points(gradient_mul=0.0),
    **{
        f'{flag} = ["{TWO[0]}", "{TWO[1]}"]': marked(flag, True, *TWO)
        for flag in ("hidden", "bonus")
    },
    "strict_order = true": LAB.with_points(order_exact=5.0),
    "strict_order = true\n[points]\norder_exact = 2": LAB.with_points(order_exact=2.0),
    'credit = "strict"': replace(LAB, strict=True),
    "cap = 100": replace(LAB, cap=100.0),
    "total = 50.5": replace(LAB, total=50.5),
    'libraries = ["scipy"]': replace(LAB, libraries=("scipy",)),
    '[lab.visibility]\ngradient_mul = "never"': marked("visibility", "never", "gradient_mul"),
    **{f'feedback = "{depth}"': replace(LAB, feedback=depth) for depth in FEEDBACK[:-1]},
    **{
        f"[limits]\n{field.name} = 77\n": replace(LAB, limits=replace(Limits(), **{field.name: 77}))
        for field in fields(Limits)
    },
}
NOTHING = (
    *("", "# nothing\n", "\ufeff", "[points]\n", "[lab]\n"),
    *("strict_order = false", f'feedback = "{FEEDBACK[-1]}"'),
    "[mlp_training.points]\nmse = 1\n[scalar_autograd]\nnonsense = 1\n",
)


@pytest.mark.parametrize(("text", "told"), [*CHANGES.items(), *((text, LAB) for text in NOTHING)])
def test_a_file_changes_what_it_names_and_nothing_else(load, text, told):
    assert told == load(text)


def test_a_file_takes_back_what_the_assignment_says(load):
    for flag in ("hidden", "bonus"):
        assert LAB == load(f"{flag} = []", marked(flag, True, *TWO))
    assert LAB == load('credit = "isolated"', replace(LAB, strict=True))


def test_strict_order_keeps_the_points_that_are_given(load):
    eight = LAB.with_points(order_exact=8.0)

    assert eight == load("strict_order = true", eight)
    assert 2.0 == points(load("strict_order = false\npoints.order_exact = 2"))["order_exact"]


def test_the_table_of_an_assignment_wins_over_what_holds_for_all(load):
    told = load(
        'cap = 90\nhidden = ["order_random"]\nfeedback = "none"\n'
        "points.relu_sweep = 1\nlimits = {seconds = 3, megabytes = 512}\n"
        '[lab]\ncap = 80\nhidden = ["gradient_mul"]\n'
        "points = {gradient_mul = 7}\n[lab.limits]\nseconds = 4\n"
    )
    hidden = marked("hidden", True, "gradient_mul").with_points(relu_sweep=1.0, gradient_mul=7.0)
    limits = Limits(seconds=4, megabytes=512)

    assert told == replace(hidden, cap=80.0, feedback="none", limits=limits)


# --- mistakes -------------------------------------------------------------------------------

NUMBER = "should be a number from 0 to 1000000, not"
FREE = "total needs a check that has points and is no bonus"
WHOLE = "should be a whole number from 1 to 1000000, not"
NO_NUMBERS = {"-1": "-1", "true": "true", "nan": "NaN", "inf": "Infinity"}
DAY = "2020-01-01"
MISSPELT = {
    "[points]\n\n# x\ngradient_mull = 6": (4, "check", "gradient_mull", "gradient_mul"),
    "[limits]\nsecond = 2": (2, "limit", "second", "seconds"),
    'cap = 1\nhidden = ["gradient_mil"]': (2, "check", "gradient_mil", "gradient_mul"),
    'credit = "strickt"': (1, "credit", "strickt", "strict"),
    "pionts = 5": (1, "key or assignment", "pionts", "points"),
    "[mlp_trainig.points]\nmse = 1": (1, "key or assignment", "mlp_trainig", "mlp_training"),
    "[lab]\nlimit = 5": (2, "key", "limit", "limits"),
    '[lab.visibility]\ngradient_mull = "never"': (2, "check", "gradient_mull", "gradient_mul"),
    '[visibility]\ngradient_mul = "after_du"': (2, "visibility", "after_du", "after_due"),
}
MISTAKES = {
    **{
        text: f'line {line}: there is no {kind} "{wrong}"; did you mean "{meant}"?'
        for text, (line, kind, wrong, meant) in MISSPELT.items()
    },
    "[points]\nzzz = 6": (
        'line 2: there is no check "zzz"; '
        "there are order_random, order_exact, gradient_mul, relu_sweep"
    ),
    "[points]\nmse = 6": (
        'line 2: "mse" is a check of mlp_training, not of lab; it belongs below [mlp_training]'
    ),
    '[points]\n"gradient_mul" = "6"': f'line 2: gradient_mul {NUMBER} "6"',
    **{
        f"[points]\ngradient_mul = {wrong}": f"line 2: gradient_mul {NUMBER} {told}"
        for wrong, told in (NO_NUMBERS | {DAY: f'"{DAY}"'}).items()
    },
    "\npoints = 5": "line 2: points should be a table, not 5",
    "[[points]]\na = 1": 'line 1: points should be a table, not [{"a": 1}]',
    "lab = 5": "line 1: lab should be a table, not 5",
    **{
        f"[limits]\nseconds = {wrong}": f"line 2: seconds {WHOLE} {wrong}"
        for wrong in ("2.5", "0", "true")
    },
    'hidden = "gradient_mul"': 'line 1: hidden should be a list of checks, not "gradient_mul"',
    "bonus = [1]": "line 1: bonus should be a list of checks, not [1]",
    f"bonus = [{', '.join('1' * 50)}]": (
        f"line 1: bonus should be a list of checks, not [{', '.join('1' * 13)}, ..."
    ),
    "strict_order = 1": "line 1: strict_order should be true or false, not 1",
    "strict_order = true\n[points]\norder_exact = 0": (
        "line 3: order_exact has 0 points, although strict_order is true"
    ),
    "credit = 1": 'line 1: credit should be "isolated" or "strict", not 1',
    'feedback = "all"': (
        'line 1: there is no feedback "all"; there are none, exercise, sentence, program'
    ),
    "cap = 0": "line 1: cap should be more than 0, not 0",
    'cap = 1\n[lab]\ncap = "1"': f'line 3: cap {NUMBER} "1"',
    "total = -2": f"line 1: total {NUMBER} -2",
    "total = 5\n[points]\ngradient_mul = 0\norder_random = 0\nrelu_sweep = 0": f"line 1: {FREE}",
    '\nbonus = ["order_random", "gradient_mul", "relu_sweep"]\n[lab]\n\ntotal = 5': (
        f"line 5: {FREE}"
    ),
    "[lateness]\nper_day = 10": "line 1: lateness needs due",
    "[lateness]\ndue = 2026-11-20T23:59:00Z\nper_day = 101": (
        "line 3: per_day should be a number from 0 to 100, not 101"
    ),
    "[submissions]\nhours = 3": "line 1: submissions needs most",
    "cap = ": "line 1: this is not TOML: Invalid value",
    "cap = 1\n= 3\n": "line 2: this is not TOML: Invalid statement",
    "cap = 1\ncap = 2": "line 2: this is not TOML: Cannot overwrite a value",
}


@pytest.mark.parametrize(("text", "told"), MISTAKES.items())
def test_a_mistake_is_told_with_its_line(load, text, told):
    with pytest.raises(UsageError) as refused:
        load(text)

    assert f"rubric.toml, {told}" == str(refused.value)


def test_what_is_no_file_no_text_or_of_the_other_half_of_the_lecture_is_refused(load, tmp_path):
    with pytest.raises(UsageError, match=r"none\.toml: No such file"):
        rubric.load(tmp_path / "none.toml", LAB)
    with pytest.raises(UsageError, match=r"^rubric\.toml: this is not text in UTF-8$"):
        load(b"cap = \xff")
    with pytest.raises(UsageError, match=r"line 1: .*order_exact.* below \[scalar_autograd\]"):
        load("strict_order = true", find("mlp_training"))


TOKENS = st.sampled_from(
    [
        *rubric.KEYS,
        *("[", "]", "{", "}", "=", ".", ",", "\n", "#", '"', "'"),
        *("lab", "mlp_training", "gradient_mul", "seconds", "strict"),
        *("1", "-1", "true", "nan", "1979-05-27"),
    ]
)


@settings(max_examples=300)
@given(st.lists(TOKENS, max_size=12).map(" ".join) | st.text(max_size=40))
def test_any_text_is_a_rubric_or_refused(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "rubric.toml"
    path.write_text(text, encoding="utf-8", errors="ignore")
    try:
        told = points(rubric.load(path, LAB)).keys()
    except UsageError as problem:
        told = str(problem)

    assert told == points(LAB).keys() or told.startswith(f"{path}, line ")


# --- where a key stands ---------------------------------------------------------------------

TEXT = """\
# points = 1
cap = 1 # total = 2
hidden = [
  "order_random",
]
limits.seconds = 3
[ lab . "points" ]  # [limits]
  'gradient_mul'=6
[mlp_training]
points = { mse = 6 }
cap = 4
"""


PLACES = {
    **{"cap": 2, "hidden": 3, "limits.seconds": 6, "limits": 6, "total": 1},
    **{"lab.points.gradient_mul": 8, "lab.points.absent": 7, "lab": 7},
    **{"mlp_training.points.mse": 10, "mlp_training.cap": 11},
}


@pytest.mark.parametrize(("key", "line"), PLACES.items())
def test_a_key_is_found_where_its_table_spells_it(key, line):
    place = tuple(key.split("."))

    assert line == line_of(TEXT, place) == line_of(TEXT.replace("\n", "\r\n"), place)


# --- the digest -----------------------------------------------------------------------------


def test_the_digest_is_of_the_rubric_and_tells_every_change_but_not_how_it_is_written(load):
    two = replace(LAB, checks=tuple(replace(c, programs=lambda seed: ()) for c in LAB.checks))
    texts = ["", "stopping = 5", *CHANGES]

    assert len(texts) == len({rubric.digest(load(text)) for text in texts})
    assert rubric.digest(LAB) == rubric.digest(two)
    assert rubric.digest(load("cap = 50")) == rubric.digest(load("[lab]\ncap = 50.0"))
    assert "c287289fb965df9a45cc75cc778a5927cd0f41a90f8fdf0815323d4b5690ec16" == rubric.digest(LAB)


# --- the table ------------------------------------------------------------------------------


def test_the_table_shows_what_is_in_force(load):
    told = load(
        'hidden = ["order_random"]\nbonus = ["relu_sweep"]\ncap = 12\ntotal = 50\n'
        'credit = "strict"\nfeedback = "sentence"\n[points]\ngradient_mul = 2.5\n'
    )

    assert [
        ("2.A", "order_random", "5", "hidden", "", "something holds"),
        ("2.A", "order_exact", "off", "", "", "something holds"),
        ("2.A", "gradient_mul", "2.5", "", "", "something holds"),
        ("2.A", "relu_sweep", "5", "", "bonus", "something holds"),
    ] == rubric_table.table(told)
    rules = dict(rubric_table.rules(told))
    assert ("7.5, and 5 of bonus", "12", "50") == (rules["points"], rules["cap"], rules["total"])
    assert ("strict", "sentence") == (rules["credit"], rules["feedback"])


def test_the_table_is_plain_text_with_every_cell(load, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    odd = replace(LAB, title="a [bold] title", checks=(check("a", title="[red]x[/red] holds"),))
    text = rubric_table.shown(odd)

    assert text.startswith("lab: a [bold] title\n")
    assert "[red]x[/red] holds" in text
    assert "\x1b" not in text
    for field in fields(Limits):
        assert f"\n{field.name.ljust(18)}{field.default}\n" in text


def test_the_rules_of_a_class_are_shown_below_the_tables():
    text = "[lateness]\ndue = 2026-11-20T23:59:00+01:00\nper_day = 10\n[submissions]\nmost = 3\n"
    lines = rubric_table.of_class(class_rules(text, "rubric.toml")).splitlines()

    assert 2 == len(lines)
    assert "due 2026-11-20 23:59:00+01:00; 10 % for each day begun, at most 100 %" in lines[0]
    assert "submissions: 3 are graded" == lines[1]
    assert "" == rubric_table.of_class(class_rules("", "rubric.toml"))


# --- the page -------------------------------------------------------------------------------


def test_the_page_has_every_key_and_its_examples_are_read(load):
    page = PAGE.read_text(encoding="utf-8")
    examples = [part.split("```")[0] for part in page.split("```toml\n")[1:]]
    labs = [find("scalar_autograd"), find("mlp_training")]

    assert all(labs != [load(text, lab) for lab in labs] for text in examples)
    assert [] == [key for key in (*rubric.KEYS, *rubric.LIMITS) if f"`{key}`" not in page]
    assert [] == [key for key in rubric.KEYS if not any(key in text for text in examples)]
