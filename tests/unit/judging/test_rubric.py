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


def marked(assignment, flag):
    return [check.name for check in assignment.checks if getattr(check, flag)]


# --- what a file changes --------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "# nothing\n", "\ufeff", "[points]\n", "[lab]\n"])
def test_a_file_that_says_nothing_changes_nothing(load, text):
    assert LAB == load(text)


def test_points_change_by_name_and_0_switches_a_check_off(load):
    told = load("[points]\ngradient_mul = 6\norder_random = 0\nrelu_sweep = 2.5\n")

    assert {"order_exact": 0.0, "gradient_mul": 6.0, "order_random": 0.0, "relu_sweep": 2.5} == (
        points(told)
    )
    assert ["gradient_mul", "relu_sweep"] == [check.name for check in told.active]


@pytest.mark.parametrize("name", [field.name for field in fields(Limits)])
def test_each_limit_changes_alone(load, name):
    assert replace(Limits(), **{name: 77}) == load(f"[limits]\n{name} = 77\n").limits


@pytest.mark.parametrize("flag", ["hidden", "bonus"])
def test_a_list_marks_its_checks_and_no_others(load, flag):
    told = load(f'{flag} = ["gradient_mul", "relu_sweep"]')

    assert ["gradient_mul", "relu_sweep"] == marked(told, flag)
    assert LAB == load(f"{flag} = []", told)


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("strict_order = true", 5.0),
        ("strict_order = true\n[points]\norder_exact = 2", 2.0),
        ("strict_order = false", 0.0),
        ("strict_order = false\n[points]\norder_exact = 2", 2.0),
    ],
)
def test_strict_order_switches_one_check_on(load, text, exact):
    assert points(LAB) | {"order_exact": exact} == points(load(text))


def test_strict_order_keeps_the_points_that_the_assignment_gives(load):
    assert (
        8.0 == points(load("strict_order = true", LAB.with_points(order_exact=8.0)))["order_exact"]
    )


def test_credit_is_isolated_or_strict(load):
    strict = load('credit = "strict"')

    assert (True, False) == (strict.strict, load('credit = "isolated"', strict).strict)


@pytest.mark.parametrize("depth", FEEDBACK)
def test_feedback_is_each_of_the_depths(load, depth):
    assert depth == load(f'feedback = "{depth}"').feedback


def test_cap_and_total_are_numbers_of_points(load):
    told = load("cap = 100\ntotal = 50.5")

    assert (100.0, 50.5) == (told.cap, told.total)


def test_the_table_of_an_assignment_wins_over_what_holds_for_all(load):
    told = load(
        'cap = 90\nhidden = ["order_random"]\nfeedback = "none"\n'
        "points.relu_sweep = 1\nlimits = {seconds = 3, megabytes = 512}\n"
        '[lab]\ncap = 80\nhidden = ["gradient_mul"]\n'
        "points = {gradient_mul = 7}\n[lab.limits]\nseconds = 4\n"
    )

    assert (80.0, ["gradient_mul"], "none") == (told.cap, marked(told, "hidden"), told.feedback)
    assert points(LAB) | {"relu_sweep": 1.0, "gradient_mul": 7.0} == points(told)
    assert Limits(seconds=4, megabytes=512) == told.limits


def test_what_is_said_of_another_installed_assignment_is_left_alone(load):
    assert LAB == load("[mlp_training.points]\nmse = 1\n[scalar_autograd]\nnonsense = 1\n")


# --- mistakes -------------------------------------------------------------------------------

MISTAKES = {
    "[points]\n\n# x\ngradient_mull = 6": (
        'line 4: there is no check "gradient_mull"; did you mean "gradient_mul"?'
    ),
    "[points]\nzzz = 6": (
        'line 2: there is no check "zzz"; '
        "there are order_random, order_exact, gradient_mul, relu_sweep"
    ),
    "[points]\nmse = 6": (
        'line 2: "mse" is a check of mlp_training, not of lab; it belongs below [mlp_training]'
    ),
    "[points]\ngradient_mul = -1": (
        "line 2: gradient_mul should be a number from 0 to 1000000, not -1"
    ),
    '[points]\n"gradient_mul" = "6"': (
        'line 2: gradient_mul should be a number from 0 to 1000000, not "6"'
    ),
    "[points]\ngradient_mul = true": (
        "line 2: gradient_mul should be a number from 0 to 1000000, not true"
    ),
    "[points]\ngradient_mul = nan": (
        "line 2: gradient_mul should be a number from 0 to 1000000, not NaN"
    ),
    "[points]\ngradient_mul = inf": (
        "line 2: gradient_mul should be a number from 0 to 1000000, not Infinity"
    ),
    "[points]\ngradient_mul = 2020-01-01": (
        'line 2: gradient_mul should be a number from 0 to 1000000, not "2020-01-01"'
    ),
    "\npoints = 5": "line 2: points should be a table, not 5",
    "[[points]]\na = 1": 'line 1: points should be a table, not [{"a": 1}]',
    "lab = 5": "line 1: lab should be a table, not 5",
    "[limits]\nseconds = 2.5": (
        "line 2: seconds should be a whole number from 1 to 1000000, not 2.5"
    ),
    "[limits]\nseconds = 0": "line 2: seconds should be a whole number from 1 to 1000000, not 0",
    "[limits]\nseconds = true": (
        "line 2: seconds should be a whole number from 1 to 1000000, not true"
    ),
    "[limits]\nsecond = 2": 'line 2: there is no limit "second"; did you mean "seconds"?',
    'cap = 1\nhidden = ["gradient_mil"]': (
        'line 2: there is no check "gradient_mil"; did you mean "gradient_mul"?'
    ),
    'hidden = "gradient_mul"': 'line 1: hidden should be a list of checks, not "gradient_mul"',
    "bonus = [1]": "line 1: bonus should be a list of checks, not [1]",
    f"bonus = [{', '.join('1' * 50)}]": (
        f"line 1: bonus should be a list of checks, not [{', '.join('1' * 13)}, ..."
    ),
    "strict_order = 1": "line 1: strict_order should be true or false, not 1",
    "strict_order = true\n[points]\norder_exact = 0": (
        "line 3: order_exact has 0 points, although strict_order is true"
    ),
    'credit = "strickt"': 'line 1: there is no credit "strickt"; did you mean "strict"?',
    "credit = 1": 'line 1: credit should be "isolated" or "strict", not 1',
    'feedback = "all"': (
        'line 1: there is no feedback "all"; there are none, exercise, sentence, program'
    ),
    "cap = 0": "line 1: cap should be more than 0, not 0",
    'cap = 1\n[lab]\ncap = "1"': 'line 3: cap should be a number from 0 to 1000000, not "1"',
    "total = -2": "line 1: total should be a number from 0 to 1000000, not -2",
    "total = 5\n[points]\ngradient_mul = 0\norder_random = 0\nrelu_sweep = 0": (
        "line 1: total needs a check that has points and is no bonus"
    ),
    '\nbonus = ["order_random", "gradient_mul", "relu_sweep"]\n[lab]\n\ntotal = 5': (
        "line 5: total needs a check that has points and is no bonus"
    ),
    "pionts = 5": 'line 1: there is no key or assignment "pionts"; did you mean "points"?',
    "[mlp_trainig.points]\nmse = 1": (
        'line 1: there is no key or assignment "mlp_trainig"; did you mean "mlp_training"?'
    ),
    "[lab]\nlimit = 5": 'line 2: there is no key "limit"; did you mean "limits"?',
    "[lateness]\nper_day = 10": "line 1: lateness needs due",
    "[lateness]\ndue = 2026-11-20T23:59:00Z\nper_day = 101": (
        "line 3: per_day should be a number from 0 to 100, not 101"
    ),
    "[submissions]\nhours = 3": "line 1: submissions needs most",
    '[lab.visibility]\ngradient_mull = "never"': (
        'line 2: there is no check "gradient_mull"; did you mean "gradient_mul"?'
    ),
    '[visibility]\ngradient_mul = "after_du"': (
        'line 2: there is no visibility "after_du"; did you mean "after_due"?'
    ),
    "cap = ": "line 1: this is not TOML: Invalid value",
    "cap = 1\n= 3\n": "line 2: this is not TOML: Invalid statement",
    "cap = 1\ncap = 2": "line 2: this is not TOML: Cannot overwrite a value",
}


@pytest.mark.parametrize(("text", "told"), MISTAKES.items())
def test_a_mistake_is_told_with_its_line(load, text, told):
    with pytest.raises(UsageError) as refused:
        load(text)

    assert f"rubric.toml, {told}" == str(refused.value)


def test_a_check_of_the_other_half_of_the_lecture_is_sent_there(load):
    with pytest.raises(UsageError, match=r"line 1: .*order_exact.* below \[scalar_autograd\]"):
        load("strict_order = true", find("mlp_training"))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"none\.toml: No such file"):
        rubric.load(tmp_path / "none.toml", LAB)


def test_bytes_that_are_no_text_are_refused(load):
    with pytest.raises(UsageError, match=r"^rubric\.toml: this is not text in UTF-8$"):
        load(b"cap = \xff")


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
    path = tmp_path_factory.mktemp("any") / "rubric.toml"
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


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("cap",), 2),
        (("hidden",), 3),
        (("limits", "seconds"), 6),
        (("limits",), 6),
        (("lab", "points", "gradient_mul"), 8),
        (("lab", "points", "absent"), 7),
        (("lab",), 7),
        (("mlp_training", "points", "mse"), 10),
        (("mlp_training", "cap"), 11),
        (("total",), 1),
    ],
)
def test_a_key_is_found_where_its_table_spells_it(place, line):
    assert line == line_of(TEXT, place)
    assert line == line_of(TEXT.replace("\n", "\r\n"), place)


# --- the digest -----------------------------------------------------------------------------

CHANGES = [
    "points.gradient_mul = 6",
    "points.gradient_mul = 0",
    "limits.seconds = 3",
    'hidden = ["gradient_mul"]',
    'bonus = ["gradient_mul"]',
    "strict_order = true",
    'credit = "strict"',
    'feedback = "none"',
    "cap = 50",
    "total = 50",
    'libraries = ["scipy"]',
    "stopping = 5",
    '[lab.visibility]\ngradient_mul = "never"',
]


def test_the_digest_tells_every_change_from_every_other(load):
    digests = {rubric.digest(load(text)) for text in ["", *CHANGES]}

    assert len(CHANGES) + 1 == len(digests)


def test_the_digest_is_of_the_rubric_and_not_of_how_it_was_written(load):
    two = replace(LAB, checks=tuple(replace(c, programs=lambda seed: ()) for c in LAB.checks))

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
    assert {
        "points": "7.5, and 5 of bonus",
        "cap": "12",
        "total": "50",
        "credit": "strict",
        "feedback": "sentence",
    }.items() <= dict(rubric_table.rules(told)).items()


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


def test_the_page_has_every_key_and_its_examples_are_read(tmp_path):
    page = PAGE.read_text(encoding="utf-8")
    examples = [part.split("```")[0] for part in page.split("```toml\n")[1:]]
    for text in examples:
        path = tmp_path / "rubric.toml"
        path.write_text(text)
        told = [rubric.load(path, find(name)) for name in ("scalar_autograd", "mlp_training")]
        assert [find("scalar_autograd"), find("mlp_training")] != told

    assert [] == [key for key in (*rubric.KEYS, *rubric.LIMITS) if f"`{key}`" not in page]
    assert [] == [key for key in rubric.KEYS if not any(key in text for text in examples)]
