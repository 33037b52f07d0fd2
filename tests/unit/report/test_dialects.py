"""What is said of a class that stands where a course wants it, under names of its own."""

from dataclasses import replace

from harness.assignments.lecture6.dialect import AG
from harness.report.words.dialects import renamed


def test_a_value_under_another_name_is_said_once():
    found = replace(AG, value="{0}.data")

    assert renamed(found, AG) == (
        "`ag.Scalar` has no `value`, which is called `data` here. "
        "Rename it to be judged by the course's own checks."
    )


def test_each_other_name_is_said():
    found = replace(AG, value="{0}.data", gradient="{0}.g")

    assert "no `value`, which is called `data` here; no `grad`, which is called `g`" in renamed(
        found, AG
    )


def test_nothing_is_said_of_the_same_names_or_of_a_class_elsewhere():
    assert "" == renamed(AG, AG)
    assert "" == renamed(replace(AG, node="Value", value="{0}.data"), AG)
