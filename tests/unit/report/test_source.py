"""The student's own text is shown with the lines marked that a failed check points at."""

import re
from dataclasses import replace

from harness.records.handed_in import Source, Submission
from harness.records.observation import Fault
from harness.records.people import Person, Result
from harness.records.verdict import Status
from harness.report.pages import page, source
from support.small_class import graded

TEXT = """class ag:
    class Scalar:
        def __add__(self, other):
            return self

        def __mul__(self, other):
            product = 1 / 0
            return product
"""
HANDED_IN = Submission("ada", (Source("ag.py", TEXT),))
PARTS = {"gradient_mul": ("ag.Scalar.__mul__",), "gradient_add": ("ag.Scalar.__add__",)}


def result(check, **changes):
    grade = graded()
    verdicts = tuple(
        replace(v, status=Status.FAILED, **changes) if v.check == check else v
        for v in grade.verdicts
    )
    return Result(Person("ada"), (replace(grade, verdicts=verdicts),))


def marks(check, parts, **changes):
    ((_, lines),) = source.marked(result(check, **changes), HANDED_IN, parts)
    return {line.number: (line.style, line.note) for line in lines if line.style}


def test_the_function_that_a_failed_check_is_about_and_the_line_where_it_stopped_are_marked():
    fault = Fault("raised", "ZeroDivisionError", "x", where="ag.py", line=7)
    near = {6: ("near", "gradient_mul"), 7: ("near", ""), 8: ("near", "")}

    assert near == marks("gradient_mul", PARTS)
    assert {7: ("wrong", "gradient_mul")} == marks("gradient_mul", {}, problem=fault)


def test_nothing_is_shown_where_nothing_fails_or_the_check_is_hidden():
    assert [] == source.marked(result("gradient_mul", hidden=True), HANDED_IN, PARTS)
    assert [] == source.marked(Result(Person("ada"), (graded(),)), HANDED_IN, PARTS)
    assert [] == source.marked(result("gradient_mul"), None, PARTS)


def written(text):
    """The page of who handed this in."""
    told = result("gradient_mul")
    shown = source.marked(told, Submission("ada", (Source("ag.py", text),)), PARTS)
    return page.student(told, {}, shown)


def test_hostile_text_stays_text_on_the_page():
    shown = written(f"{TEXT}x = '</code><script>alert(1)</script>\u202e'\n")

    assert "<script>alert" not in shown
    assert "\u202e" not in shown
    assert '<span class="line near">' in shown


def test_lines_and_their_indentation_stay_as_the_student_wrote_them():
    listing = re.search(r'<pre class="source"[^>]*>(.*?)</pre>', written(TEXT), re.DOTALL)[1]
    lines = [re.sub(r"<[^>]*>", "", line) for line in listing.splitlines()]

    assert ["7            product = 1 / 0"] == [line for line in lines if "1 / 0" in line]
    assert len(TEXT.splitlines()) <= len(lines)


def test_text_that_is_no_python_has_no_functions():
    for text in ("def (", "\x00", "(" * 5000):
        assert {} == source.functions(text)
