"""What is said of a class that stands where a course wants it, under names of its own."""

from dataclasses import replace

from harness.assignments.lecture6.dialect import AG
from harness.report.words.dialects import renamed


def test_each_other_name_is_said():
    found = replace(AG, value="{0}.data")
    value = "`ag.Scalar` has no `value`, which is called `data` here"

    assert renamed(found, AG) == f"{value}. Rename it to be judged by the course's own checks."
    assert renamed(replace(found, gradient="{0}.g"), AG).startswith(
        f"{value}; no `grad`, which is called `g`"
    )


def test_nothing_is_said_of_the_same_names_or_of_a_class_elsewhere():
    assert "" == renamed(AG, AG)
    assert "" == renamed(replace(AG, node="Value", value="{0}.data"), AG)
