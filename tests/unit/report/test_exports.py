"""The exports of a class: golden files, what each platform documents, and names that do harm.

UPDATE_GOLDEN=1 writes tests/golden/exports and docs/reference/results.schema.json anew.
"""

import base64
import csv
import io
import json
import os
import re
import unicodedata
from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from harness.records.errors import UsageError
from harness.records.people import Adjustment, Person, Result
from harness.records.program import Apply, Backward, Expression
from harness.records.verdict import Finding, Status
from harness.report.exports import document, export, github, gradescope, lines, prairielearn, sheet
from harness.report.exports.export import FORMATS, file_name
from harness.report.exports.gradebooks import Gradebook
from harness.report.words import explain
from support import some_evidence
from support.a_class import (
    CLASS,
    DISPUTED,
    FAULT,
    FLAG,
    LOSS,
    MUL,
    ORDER,
    OVERWRITTEN,
    PROGRAM,
    SEED,
    STOPPED,
    TITLES,
    grade,
    person,
    unreadable,
    verdict,
)

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests" / "golden" / "exports"
SCHEMA = ROOT / "docs" / "reference" / "results.schema.json"
SCHEMAS = ROOT / "tests" / "support" / "schemas"
COLUMN = "HW3 autograd (123456)"
BY_KEY = {result.person.key: result for result in CLASS}
ADA, LATE, ADJUSTED, EMPTY = (BY_KEY[key] for key in ("u01", "u02", "u03", "u06"))
"""All is right; a mistake, credit and a flag, and late; points by hand; a file that is empty."""
SHEETS = ("canvas", "moodle", "csv")
EVERYWHERE = tuple(name for name in FORMATS if name != "moodle-worksheet")
"""The formats that any roster will do for."""
FORMULA = "=+-@\t\r\uff1d\uff0b\uff0d\uff20"


def exported(name, results=CLASS, column=COLUMN):
    form = FORMATS[name]
    if isinstance(form, export.Files):
        return dict(export.files(form, results, TITLES))
    if isinstance(form, export.Pieces):
        return "".join(form.whole(form.piece(one, TITLES) for one in results))
    return "".join(form.write(results, TITLES, Gradebook(column)))


PARTS = (
    r"^    \{.*?^    \}",
    r"^    <testcase .*?^    </testcase>",
    r"^### .*?(?=\n\n##|\Z)",
    r"^  \"output_format.*?_visibility[^\n]*",
)
"""What files for a platform say of one check, and what they say of all alike."""


def _once(files):
    """The files, with its place instead of a part that stands to the letter in one before."""
    places, told = {}, {}
    for name, text in files.items():
        parts = re.split(f"({'|'.join(PARTS)})", text, flags=re.MULTILINE | re.DOTALL)
        for k in range(1, len(parts), 2):
            here = f"    as part {k // 2 + 1} of {name}"
            place = places.setdefault(parts[k], here)
            parts[k] = parts[k] if place == here else place
        told[f"{name}.txt"] = "".join(parts)
    return told


def _files(name):
    told = exported(name)
    if isinstance(told, dict):
        return {f"{name}/{file}": text for file, text in _once(told).items()}
    if name == "junit":
        return _once({"junit.xml": told})
    return {f"{name}.{'jsonl' if name == 'jsonl' else 'csv'}": told}


def _github():
    people = (LATE, ADJUSTED, EMPTY)
    told = _once({f"{one.person.key}.md": github.summary(one, TITLES) for one in people})
    for one in people:
        runner = base64.b64decode(github.runner(one, TITLES)).decode()
        log = github.annotate(one, TITLES, "ag.py") + github.notices(one)
        told |= {f"{one.person.key}.json": runner, f"{one.person.key}.log": log}
    return {f"github/{name}": text for name, text in told.items()}


def _held(files):
    for name, text in files.items():
        if os.environ.get("UPDATE_GOLDEN") == "1":
            (GOLDEN / name).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / name).write_bytes(text.encode())
    return {name: (GOLDEN / name).read_bytes().decode() for name in files}


@pytest.mark.parametrize("name", [*EVERYWHERE, "github"])
def test_a_class_is_exported_as_it_was(name):
    told = _github() if name == "github" else _files(name)

    assert _held(told) == told


@pytest.mark.parametrize("name", EVERYWHERE)
def test_a_class_of_nobody_is_exported_and_in_any_order_to_the_same_whole_sheet(name):
    assert exported(name, ()) is not None
    if name in SHEETS:
        assert is_a_sheet(exported(name))
        assert exported(name) == exported(name, CLASS[::-1])


# --- what a student reads --------------------------------------------------------------------


def _told_to(one):
    yield gradescope.results(one, TITLES)
    yield prairielearn.results(one, TITLES)
    yield base64.b64decode(github.runner(one, TITLES)).decode()
    yield github.annotate(one, TITLES, "ag.py")
    yield github.summary(one, TITLES)
    yield exported("junit", [one])


@pytest.mark.parametrize("one", CLASS, ids=lambda one: one.person.key.replace("/", "-"))
def test_no_student_is_told_the_seed_or_who_changed_the_points(one):
    assert [] == [text for text in _told_to(one) if SEED in text or "the instructor" in text]


def _one(*verdicts, changes=(), **more):
    """What a student got who has these verdicts."""
    return Result(person("a"), (grade(*verdicts, **more),), changes)


DRAWN = _one(
    replace(OVERWRITTEN, check="relu_sweep", evidence=some_evidence.PLOT),
    replace(OVERWRITTEN, check="training_curve", evidence=some_evidence.LOSS),
    replace(OVERWRITTEN, evidence=some_evidence.GRAPH),
    replace(MUL, check="right", evidence=some_evidence.PLOT),
)


def test_each_platform_shows_the_plots_and_graphs_of_what_failed_that_it_can():
    in_html = _meets("gradescope", gradescope.results(DRAWN, TITLES))["tests"]
    beside = _meets("prairielearn", prairielearn.results(DRAWN, TITLES))["tests"]
    summary = github.summary(DRAWN, TITLES)

    assert ["html", "html", "text", "text"] == [test["output_format"] for test in in_html]
    for test in in_html[:2]:
        assert '<img alt="' in test["output"]
        png = test["output"].partition("base64,")[2].partition('"')[0]
        assert base64.b64decode(png).startswith(b"\x89PNG")
    assert [1, 1, 0, 0] == [len(test.get("images", ())) for test in beside]
    assert beside[0]["images"][0]["url"].startswith("data:image/png;base64,")
    assert 1 == summary.count("```mermaid\nflowchart TB\n")
    assert "differs first" in summary


def test_no_text_is_html_beside_a_plot_and_a_hidden_program_has_no_graph():
    loud = replace(OVERWRITTEN.problem, subject="<img src=x onerror=alert(1)>")
    plotted = _one(replace(OVERWRITTEN, problem=loud, evidence=some_evidence.PLOT))
    hidden = _one(replace(OVERWRITTEN, program=None, evidence=some_evidence.GRAPH))

    (test,) = json.loads(gradescope.results(plotted, {}))["tests"]
    assert 1 == test["output"].count("<img")
    assert "mermaid" not in github.summary(hidden, {})


def test_points_have_no_rounding_of_a_sum():
    sums = [verdict(f"c{k}", "2.A", points=0.1, out_of=0.1) for k in range(3)]

    assert 0.3 == json.loads(gradescope.results(_one(*sums), {}))["score"]


# --- what the platforms document ---------------------------------------------------------------


@cache
def _validator(name):
    """A validator by the name of its schema; "lines" is the schema that we publish."""
    text = lines.schema() if name == "lines" else (SCHEMAS / f"{name}.json").read_text("utf-8")
    jsonschema.Draft202012Validator.check_schema(json.loads(text))
    return jsonschema.Draft202012Validator(json.loads(text))


def _meets(name, text):
    told = json.loads(text)
    _validator(name).validate(told)
    return told


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("gradescope", {"score": "1"}),
        ("gradescope", {"output": "no score, no tests"}),
        ("gradescope", {"tests": [{"status": "skipped"}]}),
        ("gradescope", {"tests": [{"number": 1}]}),
        ("prairielearn", {"message": "no score"}),
        ("prairielearn", {"score": 1.5}),
        ("prairielearn", {"score": 1, "tests": [{"name": "no points"}]}),
        ("prairielearn", {"score": 0, "gradable": True, "format_errors": ["x"]}),
    ],
)
def test_the_schemas_refuse_what_the_platforms_refuse(name, wrong):
    with pytest.raises(jsonschema.ValidationError):
        _validator(name).validate(wrong)


def test_each_file_has_the_fields_that_a_platform_documents_and_tests_that_add_up_to_the_points():
    assert [len(CLASS) - 1] * 2 == [len(exported(name)) for name in ("gradescope", "prairielearn")]
    for one in CLASS[:-1]:
        _meets("gradescope", gradescope.results(one, TITLES))
        told = _meets("prairielearn", prairielearn.results(one, TITLES))

        assert one.points == sum(test["points"] for test in told["tests"])
        assert one.out_of == sum(test["max_points"] for test in told["tests"])
        assert told["score"] == pytest.approx(one.points / one.out_of, abs=1e-6)


@pytest.mark.parametrize(
    ("given", "points", "score"),
    [
        pytest.param(grade(ORDER), 99.0, 1.0, id="at most 1"),
        pytest.param(grade(ORDER), -99.0, 0.0, id="at least 0"),
        pytest.param(unreadable("no"), 15.0, 0.4, id="what is unreadable has what a person gives"),
    ],
)
def test_a_score_of_prairielearn_stays_between_0_and_1(given, points, score):
    one = Result(person("a"), (given,), (Adjustment("a", points, "why", "who"),))
    told = _meets("prairielearn", prairielearn.results(one, {}))

    assert (True, score) == (told["gradable"], told["score"])


def test_what_cannot_be_judged_costs_no_attempt_on_prairielearn():
    told = json.loads(prairielearn.results(_one(DISPUTED), TITLES))

    assert (False, 1) == (told["gradable"], len(told["format_errors"]))
    assert "oracles disagree" in told["format_errors"][0]


def _huge(count, length):
    """Checks whose programs and messages are long: the longest first by their number."""
    labels = tuple(f"x{k}:{'x' * length}" for k in range(31))
    program = Expression((2.0,) * 30, (Apply("add", (0, 1)), Backward(30)), labels)
    wrong = Finding("order_stranger", (("count", "2"), ("order", "v" * 190)))
    long = verdict("c", "2.A", Status.FAILED, problem=wrong, program=program)
    return _one(*(replace(long, check=f"c{k}") for k in range(count)))


@pytest.mark.parametrize(
    ("told", "largest"),
    [
        pytest.param(prairielearn.results, prairielearn.LARGEST, id="prairielearn"),
        pytest.param(github.summary, github.LARGEST_SUMMARY, id="github"),
    ],
)
def test_a_report_that_would_be_too_large_leaves_out_programs_and_says_so(told, largest):
    text = told(_huge(30, 1_500), {})
    cut = text.count("Left out here")

    assert largest - 400_000 < len(text.encode()) <= largest
    assert 0 < cut < 30
    assert 30 == text.count("v" * 190)


def test_messages_are_left_out_where_leaving_out_programs_is_not_enough(monkeypatch):
    monkeypatch.setattr(prairielearn, "LARGEST", 100_000)
    told = prairielearn.results(_huge(300, 1), {})

    assert len(told.encode()) <= 100_000
    assert 300 == len(json.loads(told)["tests"])


def _commands(text):
    """The workflow commands of a log, with their properties and messages unescaped."""
    found = []
    for line in text.splitlines():
        kind, given, message = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line).groups()
        properties = dict(one.split("=", 1) for one in given.split(","))
        assert not re.search("[\x00-\x1f\x7f\u2028\u202e]", line)
        found.append((kind, properties, message.replace("%0A", "\n").replace("%25", "%")))
    return found


def test_what_a_student_writes_stays_in_the_message_of_its_annotation():
    name = "a,line=1::\r\n::error::x%0A\u2028.py"
    one = _one(replace(STOPPED, problem=replace(FAULT, where=name, message="50% \n::stop")))
    [(_, properties, message)] = _commands(github.annotate(one, {}, "ag.py"))

    assert {"file", "line", "title"} == set(properties)
    assert "7" == properties["line"]
    assert "50% ::stop" in message.replace("  ", " ")


@pytest.mark.parametrize(("count", "told"), [(0, 0), (1, 1), (10, 10), (11, 10), (40, 10)])
def test_ten_annotations_are_made_at_most_and_the_last_names_the_rest(count, told):
    broken = [replace(OVERWRITTEN, check=f"c{k}") for k in range(count)]
    found = _commands(github.annotate(_one(ORDER, *broken), {}, "ag.py"))

    assert told == len(found)
    for k, (_, properties, text) in enumerate(found):
        assert f"c{k}" in properties.get("title", "") + text
    if count > 10:
        assert f"{count - 9} more checks" in found[-1][2]
        assert f"c{count - 1}" in found[-1][2]


@pytest.mark.parametrize(
    ("one", "status"), [(ADA, "pass"), (LATE, "fail"), (ADJUSTED, "fail"), (EMPTY, "error")]
)
def test_a_runner_tells_tests_that_add_up_to_the_points(one, status):
    told = _meets("github_runner", base64.b64decode(github.runner(one, TITLES)))

    assert (status, one.out_of) == (told["status"], told["max_score"])
    assert one.points == sum(test["score"] for test in told["tests"])


def _tokens(text):
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        yield token
        yield from token.children or ()


def test_what_a_student_writes_is_text_in_the_summary_and_ends_no_block():
    found = list(_tokens(github.summary(ADJUSTED, TITLES)))
    kinds = {token.type for token in found}
    program = replace(PROGRAM, labels=("x`````\n```\n# h", "v1"))
    told = github.summary(_one(replace(OVERWRITTEN, program=program)), {})

    assert {"table_open", "fence", "heading_open"} <= kinds
    assert not kinds & {"html_block", "html_inline", "link_open", "image", "code_inline", "em_open"}
    assert any("</code><script>alert(1)</script>" in token.content for token in found)
    (fence,) = (token for token in _tokens(told) if token.type == "fence")
    assert "v1.backward()" in fence.content


def test_junit_has_nothing_that_xml_cannot_write():
    odd = _one(replace(ORDER, check="c\x00\x0b\ufffe\ud800]]>"), assignment="a\x1b\ufffd\U0001f600")
    root = ElementTree.fromstring(exported("junit", [odd]).encode())

    assert "a: a\ufffd\U0001f600" == root[0].get("name")
    assert "c]]>" == root[0].find("testcase").get("name")


def test_every_line_meets_the_schema_on_file_and_has_the_grades_as_the_command_prints_them():
    if os.environ.get("UPDATE_GOLDEN") == "1":
        SCHEMA.write_text(lines.schema(), encoding="utf-8")

    assert lines.schema() == SCHEMA.read_text(encoding="utf-8"), "UPDATE_GOLDEN=1 writes it anew"
    for one, line in zip(CLASS, exported("jsonl").splitlines(), strict=True):
        told = _meets("lines", line)
        assert one.person.key == told["person"]["key"]
        assert json.loads(document.encode(list(one.grades)))["grades"] == told["grades"]


# --- sheets ------------------------------------------------------------------------------------


def rows(name, results=CLASS, column=COLUMN):
    return list(csv.reader(io.StringIO(exported(name, results, column)), strict=True))


def is_safe(cell):
    """Whether no spreadsheet takes a cell, or a part of it between semicolons, for a formula."""
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", cell):
        return True
    begins = [part.lstrip(' "\u201c\u201d`')[:1] for part in cell.split(";")]
    clean = all(c.isprintable() or c in " \u200c\u200d" for c in cell)
    return clean and not {*"<>\\"} & {*cell} and not any(c and c in FORMULA for c in begins)


def is_a_sheet(text):
    """Whether each row stands on one line with all cells, and none is a formula or markup."""
    table = list(csv.reader(io.StringIO(text), strict=True))
    unsafe = [cell for row in table for cell in row if not is_safe(cell)]
    return not unsafe and (len(text.splitlines()), 1) == (len(table), len({*map(len, table)}))


QUOTED = ("=1+1", "+1+1", "-1+1", "@SUM(1)", "  =1", '"=1', '" =1', "\uff1d1", "-", "--1", "+1")
CELLS = dict.fromkeys(("-1.5", "12", "a=b", "O'Neil-Ray", ""))
"""What each text becomes; None is what stays as it is."""
CELLS |= {text: f"'{text}" for text in (*QUOTED, "-1e5")}
CELLS |= {"\t=1": "' =1", "\r=1": "' =1", "\x00=1": "'=1", "\ufeff=1": "'=1", "a;=1": "a;'=1"}
CELLS |= {"<b>": "\u2039b\u203a", "a\\": "a/", "a\nb": "a b"}


@pytest.mark.parametrize(("text", "cell"), CELLS.items())
def test_a_cell_is_text_or_a_number(text, cell):
    assert (text if cell is None else cell) == sheet.neutral(text)


def test_canvas_gets_every_column_of_the_roster_that_it_knows():
    columns = ("Colour", "Root Account", "Section", "ID", "Student", "Integration ID")
    one = Result(Person("a", "", "", tuple((name, f"{name}!") for name in columns)), (grade(MUL),))
    named, bare = Result(Person("a", "Ada"), (grade(MUL),)), Result(Person("b"), (grade(MUL),))

    assert [
        *("Student", "ID", "SIS User ID", "SIS Login ID", "Integration ID", "Root Account"),
        *("Section", COLUMN),
    ] == rows("canvas", [one])[0]
    head, _, *told = rows("canvas", [named, bare])
    assert ["Student", "ID", "Section", COLUMN] == head
    assert [["Ada", "", "", "10.00"], ["b", "", "", "10.00"]] == told


@pytest.mark.parametrize("column", ["  ", "My Final Score", "Override Grade (Fall)"])
def test_a_column_that_canvas_would_not_read_is_refused(column):
    with pytest.raises(UsageError, match="Canvas reads no scores"):
        exported("canvas", column=column)


def test_moodle_gets_no_column_that_lacks_somebody():
    ids = (("ID number", "7"), ("Username", "ada"))
    login = (("ID number", ""), ("Username", "bob"))
    some = [
        Result(Person("a", "", "a@b", ids), (grade(MUL),)),
        Result(Person("b", "", "", login), (grade(MUL),)),
    ]

    assert ["Username", COLUMN, "Feedback comments"] == rows("moodle", some)[0]
    assert ["Username", "ID number", "Email address"] == rows("moodle", some[:1])[0][:3]


def test_what_was_not_handed_in_is_worth_nothing_and_who_has_no_score_has_no_row():
    both = Result(person("a"), (grade(MUL), grade(LOSS, assignment="mlp_training")))
    one = Result(person("b"), (grade(MUL),))

    assert ["30.00", "30.00", "10.00"] == [
        row[-1] for row in rows("canvas", [both, one, _one(DISPUTED)])[1:]
    ]


def test_a_small_negative_sum_of_points_stays_a_number():
    table = rows("csv", [_one(ORDER, changes=(Adjustment("a", -12.25, "why", "who"),))])

    assert "-2.25" == dict(zip(*table, strict=True))["total"]


# --- names -------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["u01", "ada.b-c_d", "12345"])
def test_a_plain_key_is_its_own_file_name(key):
    assert f"{key}.json" == file_name(key)
    assert f"{key}.html" == file_name(key, ".html")


HARMFUL = [
    *("", ".", "..", "../x", "a/b", "a\\b", "/etc/passwd", "-rf", ".hidden", "Ada", "ada "),
    *("con", "nul.txt", "com1", "a.", "a\x00b", "a\nb", "\u202ea", "\udcff", "a~b", "x" * 10_000),
    *("ada", "ADA", "a b", "a-b", "\u00e9", "e\u0301", "u07-x~07f5f3c26c493035", "U07/../x"),
]


HARMFUL += [explain.key(key) for key in HARMFUL if explain.key(key) != key]
HARMFUL += [file_name(key, "") for key in ("Ada", "../x", "con")]


def test_no_key_leads_out_of_the_folder_shares_a_file_name_or_is_shown_as_another():
    names = [file_name(key) for key in HARMFUL]

    assert len(set(HARMFUL)) == len(HARMFUL) == len({name.lower() for name in names})
    assert len(HARMFUL) == len({explain.key(key) for key in HARMFUL})
    for name in names:
        assert re.fullmatch(r"[a-z0-9][a-z0-9_~.-]{0,90}\.json", name)
        assert ".." not in name
        assert name.partition(".")[0] not in {"con", "nul", "com1"}


@pytest.mark.parametrize("name", ["gradescope", "prairielearn"])
def test_two_results_of_one_person_are_refused_and_not_lost(name):
    with pytest.raises(UsageError, match="two results belong to 'u01'"):
        exported(name, (ADA, ADA))


def test_a_program_from_a_file_with_an_unprintable_name_can_be_encoded():
    odd = grade(OVERWRITTEN, import_line="from a\udcff\u202eb import ag")
    told = json.loads(document.encode([odd]))["grades"][0]["verdicts"][0]["program"]

    assert told.startswith("from a??b import ag\nx1 = ag.Scalar(2.0)")


ANY = st.text(st.characters(exclude_categories=()), max_size=40)
HARM = st.sampled_from(
    [
        *(f"{lead}{c}1" for lead in ("", " ", '"', "a;") for c in FORMULA),
        *("]]>", "\ufffe", "\\", "%0A"),
    ]
)


@given(text=ANY | st.tuples(HARM, ANY).map("".join) | st.tuples(ANY, HARM).map("".join))
def test_any_text_gives_valid_output_in_each_format(text):
    stopped = replace(STOPPED, problem=replace(FAULT, message=text, text=text, where=text))
    flag = replace(FLAG, problem=Finding("flag_names", (("names", text),)))
    one = Result(
        Person(text, text, text, (("Student", text), ("ID number", text), ("Section", text))),
        (
            grade(ORDER, stopped, flag, submission=text, import_line=f"from {text} import ag"),
            replace(unreadable(text), assignment="other"),
        ),
        (Adjustment(text, 1.0, text, text),),
    )
    for name in SHEETS:
        assert is_a_sheet(exported(name, [one], text if name != "canvas" else "HW3")), name
    ElementTree.fromstring(exported("junit", [one]).encode())
    assert 1 == len([_meets("lines", line) for line in exported("jsonl", [one]).splitlines()])
    for name in ("gradescope", "prairielearn"):
        [(file, told)] = exported(name, [one]).items()
        assert re.fullmatch(r"[a-z0-9][a-z0-9_~.-]*\.json", file)
        _meets(name, told.encode())
    assert _commands(github.annotate(one, TITLES, "ag.py"))
    _meets("github_runner", base64.b64decode(github.runner(one, TITLES)))
    kinds = {token.type for token in _tokens(github.summary(one, TITLES))}
    assert not kinds & {"html_block", "html_inline", "link_open", "image", "code_inline", "fence"}
    assert all(
        unicodedata.category(c) != "Cf" or c in "\u200c\u200d" for c in "".join(_told_to(one))
    )
