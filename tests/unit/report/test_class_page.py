"""The page of a class as text: the same bytes for the same results, and no seed."""

import re

import pytest

from harness.records.people import Result
from harness.report.exports import export
from harness.report.pages import class_page
from support.a_class import CLASS, SEED, TITLES


class Book:
    def __init__(self, results=CLASS, **facts):
        self.results, self.facts = results, facts

    def each(self):
        return iter(self.results)

    def fact(self, name):
        return self.facts.get(name.replace(" ", "_"))


def written(results=CLASS, **facts):
    return class_page.written(
        Book(results, **facts), TITLES, {r.person.key: "x.html" for r in results}
    )


def test_the_same_results_give_the_same_bytes():
    assert written(seconds=1.5) == written(seconds=1.5)


def test_nobody_is_left_out_and_no_seed_is_told():
    text = written(seed=SEED)

    assert len(CLASS) == text.count("data-states=")
    assert SEED not in text


def test_a_page_loads_nothing():
    text = written()

    assert "default-src &#39;none&#39;; script-src &#39;sha256-" in text
    assert [] == re.findall(r"(?:src|href)=[\"']?(?:https?:)?//", text)
    assert [] == re.findall(r"@import|url\((?!#)", text)


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"seconds": 12.5}, "The last run took 12.5 seconds."),
        ({"partial": True}, "stopped before its end"),
        ({"unknown": ["x.py"]}, "Handed in by nobody of the roster: x.py."),
        ({"passed_over": ["notes.txt"]}, "notes.txt"),
        ({"lost": ["u9 (ended)"]}, "by a failure of adjudge: u9 (ended)."),
        ({"duplicates": [["u1", "b.py", ["a.py"]]]}, "u1 handed in 2 times; b.py was graded."),
    ],
)
def test_what_happened_in_the_run_is_told(facts, says):
    assert says in written(**facts)
    assert says not in written()


def test_a_class_of_nobody_is_a_page_too():
    assert "0 of 0 students are graded." in written(())
    assert "No check took a point." in written((Result(CLASS[0].person, ()),))


def test_the_costliest_check_stands_first_and_the_bins_add_up():
    text = written()
    lost = [float(one) for one in re.findall(r'class="number bar"[^>]*>([\d.]+)<', text)]

    assert lost
    assert sorted(lost, reverse=True) == lost
    counts = re.findall(r'per cent</th><td class="number">(\d+)<', text)
    assert sum(map(int, counts)) == len([r for r in CLASS if r.grades])


def test_a_file_name_of_a_page_is_as_safe_as_any():
    assert export.file_name("U07/../x", ".html").endswith(".html")
    assert "/" not in export.file_name("U07/../x", ".html")
