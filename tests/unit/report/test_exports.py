"""The exports of a class: golden files, what each platform documents, and names that do harm.

UPDATE_GOLDEN=1 writes tests/golden/exports and docs/reference/results.schema.json anew.
"""

import base64
import csv
import io
import json
import os
import random
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
from harness.report.words import explain, wording
from support import some_evidence
from support.a_class import (
    CLASS,
    DISPUTED,
    FAULT,
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
SUFFIXES = {"jsonl": "jsonl", "junit": "xml"}
BY_KEY = {result.person.key: result for result in CLASS}
ADA, LATE, ADJUSTED = BY_KEY["u01"], BY_KEY["u02"], BY_KEY["u03"]
INCONCLUSIVE, EMPTY, ABSENT = BY_KEY["u05"], BY_KEY["u06"], BY_KEY["U07/../x"]
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


def _files(name):
    told = exported(name)
    if isinstance(told, dict):
        return {f"{name}/{file}": text for file, text in told.items()}
    return {f"{name}.{SUFFIXES.get(name, 'csv')}": told}


def _github():
    return {
        f"github/{one.person.key}.{end}": text
        for one in (LATE, ADJUSTED, EMPTY)
        for end, text in {
            "json": base64.b64decode(github.runner(one, TITLES)).decode(),
            "log": github.annotate(one, TITLES, "ag.py") + github.notices(one),
            "md.txt": github.summary(one, TITLES),
        }.items()
    }


def _held(files):
    for name, text in files.items():
        if os.environ.get("UPDATE_GOLDEN") == "1":
            (GOLDEN / name).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / name).write_bytes(text.encode())
    return {name: (GOLDEN / name).read_bytes().decode() for name in files}


@pytest.mark.parametrize("name", EVERYWHERE)
def test_a_class_is_exported_as_it_was(name):
    told = _files(name)

    assert _held(told) == told


def test_one_person_is_told_on_github_as_before():
    told = _github()

    assert _held(told) == told


@pytest.mark.parametrize("name", SHEETS)
def test_the_same_results_in_another_order_give_the_same_sheet(name):
    shuffled = random.Random(7).sample(CLASS, len(CLASS))

    assert shuffled != list(CLASS)
    assert exported(name) == exported(name, shuffled)


@pytest.mark.parametrize("name", EVERYWHERE)
def test_a_class_of_nobody_is_exported(name):
    assert exported(name, ()) is not None


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


def test_a_credited_check_says_so_and_keeps_its_points():
    tests = json.loads(gradescope.results(LATE, TITLES))["tests"]
    told = next(test for test in tests if "gradient_random" in test["name"])

    assert (7.5, 7.5, "passed") == (told["score"], told["max_score"], told["status"])
    assert told["output"].startswith("Correct on its own")


def test_a_check_is_numbered_by_its_exercise_and_its_place_there():
    tests = json.loads(gradescope.results(LATE, TITLES))["tests"]

    assert ["1.1", "2.1", "2.2", "3.1", "4.1", "5.1"] == [test["number"] for test in tests]
    assert "2.B gradient_mul: the gradient of * is right" == tests[1]["name"]


def test_a_failed_check_shows_its_sentence_its_mistake_and_its_program():
    tests = json.loads(gradescope.results(LATE, TITLES))["tests"]

    assert "failed" == tests[1]["status"]
    for text in (
        "x1.grad is 2.0",
        "3 of 5 programs",
        "One known mistake",
        "Hint:",
        "print(x1.grad)",
    ):
        assert text in tests[1]["output"]


DRAWN = Result(
    person("a"),
    (
        grade(
            replace(OVERWRITTEN, check="relu_sweep", evidence=some_evidence.PLOT),
            replace(OVERWRITTEN, check="training_curve", evidence=some_evidence.LOSS),
            replace(OVERWRITTEN, evidence=some_evidence.GRAPH),
            replace(MUL, check="right", evidence=some_evidence.PLOT),
        ),
    ),
)


def test_gradescope_shows_the_plots_of_what_failed_and_reads_no_text_as_html():
    told = _meets("gradescope", gradescope.results(DRAWN, TITLES))["tests"]

    assert ["html", "html", "text", "text"] == [test["output_format"] for test in told]
    for test in told[:2]:
        assert '<img alt="' in test["output"]
        png = test["output"].partition("base64,")[2].partition('"')[0]
        assert base64.b64decode(png).startswith(b"\x89PNG")
    loud = replace(OVERWRITTEN.problem, subject="<img src=x onerror=alert(1)>")
    verdict = replace(OVERWRITTEN, problem=loud, evidence=some_evidence.PLOT)
    (test,) = json.loads(gradescope.results(Result(person("a"), (grade(verdict),)), {}))["tests"]
    assert 1 == test["output"].count("<img")


def test_prairielearn_shows_the_plots_of_what_failed():
    told = _meets("prairielearn", prairielearn.results(DRAWN, TITLES))["tests"]

    assert [1, 1, 0, 0] == [len(test.get("images", ())) for test in told]
    assert told[0]["images"][0]["url"].startswith("data:image/png;base64,")


def test_a_job_summary_draws_the_graph_of_what_failed():
    told = github.summary(DRAWN, TITLES)

    assert 1 == told.count("```mermaid\nflowchart TB\n")
    assert "differs first" in told
    hidden = replace(OVERWRITTEN, program=None, evidence=some_evidence.GRAPH)
    assert "mermaid" not in github.summary(Result(person("a"), (grade(hidden),)), {})


def test_a_flag_takes_no_points_and_asks_for_a_look():
    told = json.loads(gradescope.results(LATE, TITLES))["tests"][4]

    assert (0, 0, "passed") == (told["score"], told["max_score"], told["status"])
    assert told["output"].startswith("To be looked at.\nThe code uses names")


def test_adjustments_are_in_the_score_and_are_told_with_their_reasons():
    told = json.loads(gradescope.results(ADJUSTED, TITLES))

    assert 11.5 == told["score"]
    assert "+2.5 points by a person: =oral <b>exam</b>" in told["output"]
    assert "-1 points by a person: late" in told["output"]


def test_an_unreadable_submission_is_a_zero_with_its_reason():
    told = json.loads(gradescope.results(EMPTY, TITLES))

    assert (0, ["failed"]) == (told["score"], [test["status"] for test in told["tests"]])
    assert "ag.py: is empty" in told["output"]
    assert "ag.py: is empty" in told["tests"][0]["output"]


def test_who_handed_in_late_is_told_so():
    assert wording.LATE in json.loads(gradescope.results(LATE, TITLES))["output"]
    assert wording.LATE not in gradescope.results(ADA, TITLES)


def test_points_have_no_rounding_of_a_sum():
    sums = [verdict(f"c{k}", "2.A", points=0.1, out_of=0.1) for k in range(3)]

    assert 0.3 == json.loads(gradescope.results(Result(person("a"), (grade(*sums),)), {}))["score"]


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


@pytest.mark.parametrize("name", ["gradescope", "prairielearn"])
def test_each_file_has_the_fields_that_the_platform_documents(name):
    files = exported(name)

    assert len(CLASS) - 1 == len(files)
    for text in files.values():
        _meets(name, text)


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


def test_prairielearn_shows_tests_that_add_up_to_the_points():
    for one in CLASS[:-1]:
        told = json.loads(prairielearn.results(one, TITLES))

        assert one.points == sum(test["points"] for test in told["tests"])
        assert one.out_of == sum(test["max_points"] for test in told["tests"])
        assert told["score"] == pytest.approx(one.points / one.out_of, abs=1e-6)


@pytest.mark.parametrize(("points", "score"), [(99.0, 1.0), (-99.0, 0.0)])
def test_a_score_of_prairielearn_stays_between_0_and_1(points, score):
    change = Adjustment("a", points, "why", "who")
    told = json.loads(prairielearn.results(Result(person("a"), (grade(ORDER),), (change,)), {}))

    assert score == told["score"]


def test_what_cannot_be_judged_costs_no_attempt_on_prairielearn():
    disputed = Result(person("a"), (grade(DISPUTED),))
    empty, told = (json.loads(prairielearn.results(one, TITLES)) for one in (EMPTY, disputed))

    assert (False, ["ag.py: is empty?[2J <b>"]) == (empty["gradable"], empty["format_errors"])
    assert (False, 1) == (told["gradable"], len(told["format_errors"]))
    assert "oracles disagree" in told["format_errors"][0]


def test_points_that_a_person_gives_make_an_unreadable_submission_gradable():
    change = Adjustment("a", 15.0, "read by hand", "who")
    one = Result(person("a"), (unreadable("no"),), (change,))
    told = _meets("prairielearn", prairielearn.results(one, {}))

    assert (True, 0.4) == (told["gradable"], told["score"])


def _huge(count, length):
    """Checks whose programs and messages are long: the longest first by their number."""
    labels = tuple(f"x{k}:{'x' * length}" for k in range(31))
    program = Expression((2.0,) * 30, (Apply("add", (0, 1)), Backward(30)), labels)
    wrong = Finding("order_stranger", (("count", "2"), ("order", "v" * 190)))
    return Result(
        person("a"),
        (
            grade(
                *(
                    verdict(f"c{k}", "2.A", Status.FAILED, problem=wrong, program=program)
                    for k in range(count)
                )
            ),
        ),
    )


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


def test_messages_are_left_out_where_leaving_out_programs_is_not_enough():
    told = prairielearn.results(_huge(3000, 1), {})

    assert len(told.encode()) <= prairielearn.LARGEST
    assert 3000 == len(json.loads(told)["tests"])


def _commands(text):
    """The workflow commands of a log, with their properties and messages unescaped."""
    found = []
    for line in text.splitlines():
        kind, given, message = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line).groups()
        properties = dict(one.split("=", 1) for one in given.split(","))
        assert not re.search("[\x00-\x1f\x7f\u2028\u202e]", line)
        found.append((kind, properties, message.replace("%0A", "\n").replace("%25", "%")))
    return found


def test_each_check_that_did_not_pass_is_one_annotation_at_its_line():
    told = _commands(github.annotate(ADJUSTED, TITLES, "src/ag.py"))

    assert ["error"] * 3 == [kind for kind, _, _ in told]
    assert [None, None, "7"] == [properties.get("line") for _, properties, _ in told]
    assert {"src/ag.py"} == {properties["file"] for _, properties, _ in told}
    assert "2.B gradient_mul%3A the gradient of * is right" == told[0][1]["title"]
    assert "x1.grad is 2.0, but torch and jax say 4.0.\n3 of 5" in told[0][2]


def test_what_a_student_writes_stays_in_the_message_of_its_annotation():
    name = "a,line=1::\r\n::error::x%0A\u2028.py"
    stopped = replace(STOPPED, problem=replace(FAULT, where=name, message="50% \n::stop"))
    one = Result(person("a"), (grade(stopped),))
    [(_, properties, message)] = _commands(github.annotate(one, {}, "ag.py"))

    assert {"file", "line", "title"} == set(properties)
    assert "7" == properties["line"]
    assert "50% ::stop" in message.replace("  ", " ")


@pytest.mark.parametrize(("count", "told"), [(0, 0), (1, 1), (10, 10), (11, 10), (40, 10)])
def test_ten_annotations_are_made_at_most_and_the_last_names_the_rest(count, told):
    broken = [replace(OVERWRITTEN, check=f"c{k}") for k in range(count)]
    found = _commands(github.annotate(Result(person("a"), (grade(ORDER, *broken),)), {}, "ag.py"))

    assert told == len(found)
    named = [
        f"c{k}" in properties.get("title", "") + text
        for k, (_, properties, text) in zip(range(told), found, strict=True)
    ]
    assert all(named)
    if count > 10:
        assert f"{count - 9} more checks" in found[-1][2]
        assert f"c{count - 1}" in found[-1][2]


def test_the_notices_are_those_of_the_classroom_reporter():
    assert (
        "::notice title=Autograding complete::Points 11.5/37.5\n"
        '::notice title=Autograding report::{"totalPoints":11.5,"maxPoints":37.5}\n'
    ) == github.notices(ADJUSTED)


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


def test_what_a_student_writes_is_text_in_the_summary():
    text = github.summary(ADJUSTED, TITLES)
    kinds = {token.type for token in _tokens(text)}
    shown = [token.content for token in _tokens(text)]

    assert {"table_open", "fence", "heading_open"} <= kinds
    assert not kinds & {"html_block", "html_inline", "link_open", "image", "code_inline", "em_open"}
    assert any("</code><script>alert(1)</script>" in content for content in shown)


def test_a_program_cannot_end_its_own_block_in_the_summary():
    program = replace(PROGRAM, labels=("x`````\n```\n# h", "v1"))
    one = Result(person("a"), (grade(replace(OVERWRITTEN, program=program)),))
    fences = [token for token in _tokens(github.summary(one, {})) if token.type == "fence"]

    assert 1 == len(fences)
    assert "v1.backward()" in fences[0].content


def test_junit_is_one_suite_for_each_student_and_assignment():
    root = ElementTree.fromstring(exported("junit").encode())
    suites = {suite.get("name"): suite for suite in root}

    assert sum(len(one.grades) for one in CLASS) == len(suites)
    assert [("5", "1", "0", "0"), ("4", "2", "0", "1"), ("4", "0", "0", "1")] == [
        tuple(suites[name].get(key) for key in ("tests", "failures", "errors", "skipped"))
        for name in ("u02: scalar_autograd", "u03: scalar_autograd", "u05: scalar_autograd")
    ]
    for key in ("tests", "failures", "errors", "skipped"):
        assert int(root.get(key)) == sum(int(suite.get(key)) for suite in root)


def test_junit_has_nothing_that_xml_cannot_write():
    odd = grade(
        replace(ORDER, check="c\x00\x0b\ufffe\ud800]]>"), assignment="a\x1b\ufffd\U0001f600"
    )
    root = ElementTree.fromstring(exported("junit", [Result(person("a"), (odd,))]).encode())

    assert "a: a\ufffd\U0001f600" == root[0].get("name")
    assert "c]]>" == root[0].find("testcase").get("name")


def _properties(element):
    return {one.get("name"): one.get("value") for one in element.find("properties")}


def test_junit_has_the_points_of_a_suite_and_of_each_case_as_properties():
    root = ElementTree.fromstring(exported("junit").encode())
    suite = next(one for one in root if one.get("name") == "u03: scalar_autograd")
    points = [_properties(case)["points"] for case in suite.iter("testcase")]

    assert ("10", "11.5") == (
        _properties(suite)["points"],
        _properties(suite)["points_with_adjustments"],
    )
    assert ["10", "0", "0", "0"] == points
    failed = suite.findall("testcase")[1].find("failure")
    assert "x1.grad is 2.0, but torch and jax say 4.0." == failed.get("message")
    assert "print(x1.grad)" in failed.text


def test_every_line_meets_the_schema_on_file():
    if os.environ.get("UPDATE_GOLDEN") == "1":
        SCHEMA.write_text(lines.schema(), encoding="utf-8")

    assert lines.schema() == SCHEMA.read_text(encoding="utf-8"), "UPDATE_GOLDEN=1 writes it anew"
    assert len(CLASS) == len([_meets("lines", line) for line in exported("jsonl").splitlines()])


def test_a_line_has_the_grades_as_the_command_prints_them():
    told = [json.loads(line) for line in exported("jsonl").splitlines()]
    by_key = {one["person"]["key"]: one for one in told}
    grades = json.loads(document.encode(list(LATE.grades)))["grades"]

    assert grades == by_key["u02"]["grades"]
    assert [2.5, -1.0] == [change["points"] for change in by_key["u03"]["adjustments"]]
    assert "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627 \\" == by_key["U07/../x"]["person"]["name"]


# --- sheets ------------------------------------------------------------------------------------


def rows(name, results=CLASS, column=COLUMN):
    return list(csv.reader(io.StringIO(exported(name, results, column)), strict=True))


def cells(text):
    return [cell for row in csv.reader(io.StringIO(text), strict=True) for cell in row]


def is_safe(cell):
    """Whether no spreadsheet takes a cell, or a part of it between semicolons, for a formula."""
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", cell):
        return True
    begins = [part.lstrip(' "\u201c\u201d`')[:1] for part in cell.split(";")]
    clean = all(c.isprintable() or c in " \u200c\u200d" for c in cell)
    return clean and not {*"<>\\"} & {*cell} and not any(c and c in FORMULA for c in begins)


@pytest.mark.parametrize("name", SHEETS)
def test_no_cell_is_a_formula_or_markup(name):
    assert [] == [cell for cell in cells(exported(name)) if not is_safe(cell)]


@pytest.mark.parametrize("name", SHEETS)
def test_every_row_has_as_many_cells_as_the_header_and_stands_on_one_line(name):
    table = rows(name)

    assert {len(table[0])} == {len(row) for row in table}
    assert len(table) == len(exported(name).splitlines())


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1+1", "'+1+1"),
        ("-1+1", "'-1+1"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "' =1"),
        ("\r=1", "' =1"),
        ("  =1", "'  =1"),
        ('"=1', "'\"=1"),
        ('" =1', "'\" =1"),
        ("\x00=1", "'=1"),
        ("\ufeff=1", "'=1"),
        ("a;=1", "a;'=1"),
        ("\uff1d1", "'\uff1d1"),
        ("-", "'-"),
        ("--1", "'--1"),
        ("-1.5", "-1.5"),
        ("12", "12"),
        ("+1", "'+1"),
        ("-1e5", "'-1e5"),
        ("a=b", "a=b"),
        ("O'Neil-Ray", "O'Neil-Ray"),
        ("<b>", "\u2039b\u203a"),
        ("a\\", "a/"),
        ("a\nb", "a b"),
        ("", ""),
    ],
)
def test_a_cell_is_text_or_a_number(text, cell):
    assert cell == sheet.neutral(text)


def test_canvas_reads_its_own_columns_in_its_own_order():
    table = rows("canvas")

    assert ["Student", "ID", "SIS Login ID", "Section", COLUMN] == table[0]
    assert ["    Points Possible", "", "", "", "57.50"] == table[1]
    assert ["Ada, of the commas", "4711", "u01", "DL-01", "57.50"] == table[2]


def test_canvas_gets_every_column_of_the_roster_that_it_knows():
    columns = ("Colour", "Root Account", "Section", "ID", "Student", "Integration ID")
    one = Result(Person("a", "", "", tuple((name, f"{name}!") for name in columns)), (grade(MUL),))

    assert [
        *("Student", "ID", "SIS User ID", "SIS Login ID", "Integration ID", "Root Account"),
        *("Section", "HW3"),
    ] == rows("canvas", [one], "HW3")[0]


def test_canvas_takes_a_student_without_a_roster_by_name_or_key():
    named, bare = Result(Person("a", "Ada"), (grade(MUL),)), Result(Person("b"), (grade(MUL),))
    table = rows("canvas", [named, bare])

    assert ["Student", "ID", "Section", COLUMN] == table[0]
    assert [["Ada", "", "", "10.00"], ["b", "", "", "10.00"]] == table[2:]


def test_no_student_becomes_the_row_of_points_in_canvas():
    first = [row[0] for row in rows("canvas")]

    assert [1] == [k for k, cell in enumerate(first) if "Points Possible" in cell]


@pytest.mark.parametrize("column", ["  ", "My Final Score", "Override Grade (Fall)"])
def test_a_column_that_canvas_would_not_read_is_refused(column):
    with pytest.raises(UsageError, match="Canvas reads no scores"):
        exported("canvas", column=column)


@pytest.mark.parametrize("name", ["canvas", "moodle"])
def test_who_has_nothing_has_no_row_in_a_gradebook(name):
    assert ABSENT.person.email not in exported(name)
    assert "4717" not in exported(name)
    assert "U07/../x" in exported("csv")


def test_moodle_gets_a_grade_and_a_comment_under_names_that_everybody_has():
    table = rows("moodle")

    assert ["Email address", COLUMN, "Feedback comments"] == table[0]
    assert ["u02@example.edu", "47.50"] == table[2][:2]
    assert "47.5 of 57.5 points. | Handed in late. | 2.A 10/10, 2.B 7.5/17.5" in table[2][2]


def test_moodle_gets_no_column_that_lacks_somebody():
    ids = (("ID number", "7"), ("Username", "ada"))
    login = (("ID number", ""), ("Username", "bob"))
    some = [
        Result(Person("a", "", "a@b", ids), (grade(MUL),)),
        Result(Person("b", "", "", login), (grade(MUL),)),
    ]

    assert ["Username", COLUMN, "Feedback comments"] == rows("moodle", some)[0]
    assert ["Username", "ID number", "Email address"] == rows("moodle", some[:1])[0][:3]


@pytest.mark.parametrize("name", ["canvas", "moodle"])
def test_a_check_on_which_the_oracles_disagree_costs_nothing_in_a_gradebook(name):
    table = rows(name)
    scores = {
        row[table[0].index(COLUMN)] for row in table if "u05" in row or "u05@example.edu" in row
    }

    assert 47.5 == INCONCLUSIVE.points == INCONCLUSIVE.out_of
    assert {"57.50"} == scores


def test_an_assignment_that_was_not_handed_in_is_worth_nothing_in_a_gradebook():
    both = Result(person("a"), (grade(MUL), grade(LOSS, assignment="mlp_training")))
    one = Result(person("b"), (grade(MUL),))

    assert ["30.00", "30.00", "10.00"] == [row[-1] for row in rows("canvas", [both, one])[1:]]


def test_who_cannot_be_given_a_score_has_no_row_in_a_gradebook():
    disputed = Result(person("a"), (grade(DISPUTED),))

    assert 3 == len(rows("canvas", [disputed, Result(person("b"), (grade(MUL),))]))


def test_a_sheet_has_points_by_assignment_and_exercise_and_the_sum():
    table = [dict(zip(rows("csv")[0], row, strict=True)) for row in rows("csv")[1:]]
    by_key = {row["key"]: row for row in table}

    assert {
        "key": "u03",
        "name": "\u2039script\u203aalert('x')\u2039/script\u203a",
        "scalar_autograd": "10",
        "scalar_autograd 2.A": "10",
        "scalar_autograd 2.B": "0",
        "scalar_autograd 2.C": "0",
        "mlp_training": "",
        "mlp_training Loss": "",
        "lateness": "0",
        "adjustments": "1.5",
        "total": "11.5",
        "out of": "37.5",
        "late": "",
        "submitted": "",
        "flags": "",
    } == by_key["u03"]
    assert ("late", "flag_names") == (by_key["u02"]["late"], by_key["u02"]["flags"])
    assert ("0", "unreadable") == (by_key["u06"]["total"], by_key["u06"]["flags"])


def test_a_small_negative_sum_of_points_stays_a_number():
    change = Adjustment("a", -12.25, "why", "who")
    table = rows("csv", [Result(person("a"), (grade(ORDER),), (change,))])

    assert "-2.25" == dict(zip(*table, strict=True))["total"]


# --- names -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("u01", "u01.json"),
        ("ada.b-c_d", "ada.b-c_d.json"),
        ("12345", "12345.json"),
    ],
)
def test_a_plain_key_is_its_own_file_name(key, name):
    assert name == file_name(key)


HARMFUL = [
    *("", ".", "..", "../x", "a/b", "a\\b", "/etc/passwd", "-rf", ".hidden", "Ada", "ada "),
    *("con", "nul.txt", "com1", "a.", "a\x00b", "a\nb", "\u202ea", "\udcff", "a~b", "x" * 10_000),
    *("ada", "ADA", "a b", "a-b", "\u00e9", "e\u0301", "u07-x~07f5f3c26c493035", "U07/../x"),
]


HARMFUL += [explain.key(key) for key in HARMFUL if explain.key(key) != key]
HARMFUL += [file_name(key).removesuffix(".json") for key in ("Ada", "../x", "con")]


def test_no_key_leads_out_of_the_folder_or_shares_a_file_name():
    names = [file_name(key) for key in HARMFUL]

    assert len(set(HARMFUL)) == len(HARMFUL) == len({name.lower() for name in names})
    for name in names:
        assert re.fullmatch(r"[a-z0-9][a-z0-9_~.-]{0,90}\.json", name)
        assert ".." not in name
        assert name.partition(".")[0] not in {"con", "nul", "com1"}


def test_no_two_keys_are_shown_alike():
    assert len(HARMFUL) == len({explain.key(key) for key in HARMFUL})


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
        "]]>",
        "\ufffe",
        "\\",
        "%0A",
    ]
)


@given(text=ANY | st.tuples(HARM, ANY).map("".join) | st.tuples(ANY, HARM).map("".join))
def test_any_text_gives_valid_output_in_each_format(text):
    one = Result(
        Person(text, text, text, (("Student", text), ("ID number", text), ("Section", text))),
        (
            grade(
                ORDER,
                replace(STOPPED, problem=replace(FAULT, message=text, text=text, where=text)),
                verdict(
                    "flag_names",
                    "",
                    Status.FLAGGED,
                    problem=Finding("flag_names", (("names", text),)),
                ),
                submission=text,
                import_line=f"from {text} import ag",
            ),
            replace(unreadable(text), assignment="other"),
        ),
        (Adjustment(text, 1.0, text, text),),
    )
    for name in SHEETS:
        told = exported(name, [one], text if name != "canvas" else "HW3")
        assert [] == [cell for cell in cells(told) if not is_safe(cell)]
        assert 1 == len({len(row) for row in csv.reader(io.StringIO(told))})
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
