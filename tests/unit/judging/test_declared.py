"""A dialect that is declared: by name, by a file, in a rubric; and what is said of mistakes."""

import tomllib
from dataclasses import replace

import pytest

from harness.assignments.engine.dialects import FULL, MICROGRAD
from harness.classes.gradebook import Plan
from harness.judging import declared, rubric
from harness.judging.check import find
from harness.judging.grade import unreadable, worth
from harness.records.errors import UsageError
from harness.records.verdict import Status
from harness.report.tables import rubric_table

ENGINE = find("scalar_engine")
KNOT = """node = "Knot"
value = "{0}.data"
backward = ["{0}.backward({0}.topo()[::-1])"]
[operations]
add = "{0} + {1}"
mul = "{0} * {1}"
"""


def rows(assignment):
    return dict(rubric_table.rules(assignment))


@pytest.mark.parametrize("dialect", [FULL, MICROGRAD], ids=lambda dialect: dialect.name)
def test_what_is_printed_is_read_back_as_the_same(dialect):
    again = declared.table_of(tomllib.loads(declared.text_of(dialect)), "a file")

    texts = {o.name: (o.text, o.takes) for o in again.operations}
    assert set(dialect.takes) == set(texts)
    assert replace(dialect, operations=()) == replace(again, operations=())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "missing required field `node`"),
        ('node = "V"\n[operations]\nadd = "{0} + {1}"', "lacks add or mul"),
        (KNOT + 'plus = "{0} + {1}"', 'no operation "plus"; there are add, mul'),
        (KNOT + 'exp = "{0}.exp({7})"', "exp = .* is no template"),
        (KNOT.replace("{0}.data", "{0.data"), "value = .* is no template"),
        (KNOT + "pow = 3", "Expected `str"),
        ("x", "knot.toml: this is not TOML"),
    ],
)
def test_a_slip_in_a_file_is_told_in_a_sentence(tmp_path, monkeypatch, text, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "knot.toml").write_text(text)

    with pytest.raises(UsageError, match=says):
        declared.named("knot.toml", ENGINE)


@pytest.mark.parametrize(
    ("assignment", "name", "says"),
    [
        ("scalar_engine", "tinygrad", 'no dialect "tinygrad"; there are found, lecture, micro'),
        ("scalar_engine", "nowhere.toml", r"nowhere\.toml: No such file"),
        ("scalar_autograd", "micrograd", "scalar_autograd has a dialect of its own"),
    ],
)
def test_a_name_that_is_none_or_has_no_place_is_refused(assignment, name, says):
    with pytest.raises(UsageError, match=says):
        declared.spoken(find(assignment), name)


def test_whoever_declares_a_dialect_asks_for_no_more_than_is_in_it():
    asked = declared.spoken(replace(ENGINE, absent_costs=True), "micrograd")
    closed = {c.name for c in asked.checks if not c.absent}

    assert {"exp", "tanh", "order"} <= {c.name for c in asked.checks if c.absent == "open"}
    assert not any(asked.counts(check) for check in asked.checks if check.absent)
    assert closed <= {*MICROGRAD.takes, "random", "sessions", "depth"}


# --- in a rubric ------------------------------------------------------------------------------


def engine(text, **given):
    return rubric.ruled(["scalar_engine"], text, "rubric.toml", graded=True, **given)[0]


def test_marks_need_a_dialect_and_cost_what_is_absent_unless_the_rubric_says_otherwise():
    found, free = engine('dialect = "found"'), engine('dialect = "found"\nabsent = "free"')
    alone, costly = (rubric.ruled(["scalar_engine"], text)[0] for text in ("", 'absent = "costs"'))

    assert [True, False, False, True] == [a.absent_costs for a in (found, free, alone, costly)]
    assert ("found", "costs") == (rows(found)["dialect"], rows(found)["absent"])
    assert alone.finds
    assert rubric.ruled(["scalar_autograd"], graded=True)[0] == find("scalar_autograd")
    with pytest.raises(UsageError, match=r'one dialect.*dialect = "found", "lecture", "microgr'):
        engine("")


@pytest.mark.parametrize("inside", ["", "scalar_engine"])
def test_a_dialect_is_declared_by_name_file_or_table(tmp_path, inside):
    (tmp_path / "knot.toml").write_text(KNOT)
    head, dot = (f"[{inside}]\n", ".") if inside else ("", "")
    by_file = rubric.with_dialects(f'{head}dialect = "knot.toml"  # ours\n', tmp_path)
    table = f"{inside}{dot}dialect"
    by_table = f"[{table}]\n{KNOT}".replace("[operations]", f"[{table}.operations]")

    assert "micrograd" == engine(f'{head}dialect = "micrograd"').dialect.name
    # The command has the last word.
    assert "lecture" == engine(f'{head}dialect = "micrograd"', dialect="lecture").dialect.name
    assert "Knot" == engine(by_file).dialect.node
    assert engine(by_file).dialect == engine(by_table).dialect


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[scalar_engine]\ndialect = 3", "line 2: dialect should be a dialect's name"),
        ("[scalar_engine]\n\ndialect = 'tiny'", 'line 3: there is no dialect "tiny"'),
        ("[scalar_engine]\nabsent = 'maybe'", 'line 2: there is no absent "maybe"'),
        ("[scalar_engine.dialect]\nname = 'x'", "line 1: .*missing required field `node`"),
    ],
)
def test_a_slip_in_a_rubric_is_told_with_its_line(text, says):
    with pytest.raises(UsageError, match=says):
        engine(text)


def test_a_dialect_for_all_is_for_those_that_have_a_place_for_it():
    lecture, own = rubric.ruled(["scalar_autograd", "scalar_engine"], 'dialect = "micrograd"')

    assert lecture == find("scalar_autograd")
    assert "micrograd" == own.dialect.name
    with pytest.raises(UsageError, match="line 2: scalar_autograd has a dialect of its own"):
        rubric.ruled(["scalar_autograd"], '[scalar_autograd]\ndialect = "micrograd"')


def test_a_total_is_of_what_counts_and_a_grades_stamp_of_its_dialect():
    asked = engine('dialect = "micrograd"\ntotal = 50')
    closed = unreadable(asked, "ann", "it is no Python", "1")
    texts = [f'dialect = "{name}"' for name in ("found", "micrograd", "lecture")]
    texts.append('dialect = "found"\nabsent = "free"')

    assert 50 == pytest.approx(sum(worth(asked, c) for c in asked.active if asked.counts(c)))
    assert 50 == pytest.approx(closed.out_of)
    assert Status.FAILED is closed.verdicts[0].status
    assert 4 == len({Plan(("scalar_engine",), "1", (b"",), rubric=t).digest for t in texts})
