"""Plots without a library: ticks a person would choose, and what is written is text."""

import math

import pytest

from harness.report.pages.chart import Axes, Figure, Label, linear, logarithmic
from harness.report.pages.rendering import png, svg


@pytest.mark.parametrize(
    ("numbers", "whole", "ticks"),
    [
        ((-10.0, 10.0), True, ["-10", "-5", "0", "5", "10"]),
        ((0.0, 4.0), True, ["0", "1", "2", "3", "4"]),
        ((0.0, 1.0), False, ["0", "0.2", "0.4", "0.6", "0.8", "1"]),
        ((1e100, -1e100), False, ["-1e+100", "-5e+99", "0", "5e+99", "1e+100"]),
        ((1.0, 1.0 + 1e-6), False, ["1", "1.0000002", "1.0000004", "1.0000006", "1.0000008"]),
        ((3.0, 3.0), False, ["1.5", "2", "2.5", "3", "3.5", "4", "4.5"]),
        ((0.0, 5e-324), False, ["-1", "-0.5", "0", "0.5", "1"]),
        ((), False, ["0", "0.2", "0.4", "0.6", "0.8", "1"]),
    ],
)
def test_ticks_stand_at_numbers_that_a_person_would_choose(numbers, whole, ticks):
    told = [text for _, text in linear(numbers, whole=whole).ticks]

    assert ticks == told[: len(ticks)]
    assert len(told) <= len(ticks) + 1


@pytest.mark.parametrize(
    ("numbers", "ticks"),
    [
        ((0.5, 90.0), ["0.1", "1", "10", "100"]),
        ((1e-16, 1.0), ["1e-16", "1e-12", "1e-08", "0.0001", "1"]),
        ((10.0,), ["10", "100"]),
        ((5e-324,), ["1e-324", "1e-323"]),
    ],
)
def test_a_logarithmic_scale_has_whole_powers_of_ten(numbers, ticks):
    scale = logarithmic(numbers)

    assert ticks == [text for _, text in scale.ticks]
    assert all(0.0 <= scale.share(number) <= 1.0 for number in numbers)


def test_a_curve_has_a_gap_where_there_is_no_number():
    axes = Axes(0.0, 0.0, 100.0, 100.0, linear((0.0, 5.0)), linear((0.0, 1.0)))
    parts = axes.curve(range(6), (0.0, 1.0, math.nan, 0.5, math.nan, math.nan), "ink")

    assert ["Line", "Mark"] == [type(part).__name__ for part in parts]


def test_text_in_a_plot_is_no_markup():
    figure = Figure(80.0, 40.0, (Label(4.0, 20.0, "<b>&", turned=True),))

    assert "&lt;b&gt;&amp;" in svg(figure)
    assert png(figure) != png(Figure(80.0, 40.0, ()))
