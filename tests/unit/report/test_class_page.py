"""The page of a class as text: the same bytes for the same results, and no seed."""

import re

import pytest

from harness.records.people import Result
from harness.report.pages import class_page
from support.a_class import CLASS, SEED, TITLES, Roll


def written(results=CLASS, **facts):
    frame = class_page.Frame(TITLES, {r.person.key: "x.html" for r in results})
    return class_page.written(Roll(results, **facts), frame)


def test_nobody_is_left_out_and_the_same_results_give_the_same_bytes():
    text = written(seconds=1.5)

    assert text == written(seconds=1.5)
    assert len(CLASS) == text.count("data-states=")
    assert ["u01", "u02"] == re.findall(r'<td class="key">(u0[12])</td>', text)


def test_a_page_says_what_the_class_was_graded_by():
    facts = {"seed": SEED, "rubric": "hw3.toml (c0ffee)", "due": "today"}
    frame = class_page.Frame(TITLES, heading="Autodiff, by hand", facts=facts)
    text = class_page.written(Roll(), frame)

    assert "<h1>Autodiff, by hand</h1>" in text
    for value in (SEED, "hw3.toml (c0ffee)", "today"):
        assert f"<dd>{value}</dd>" in text


def test_who_has_the_same_mistake_stands_together_and_who_is_alike_is_pointed_at():
    text = written()
    (names,) = re.findall(r'<ul class="names">(.*?)</ul>', text)
    frame = class_page.Frame(TITLES, alike={"u02": ("u03",), "u03": ("u02",)})

    assert 2 == names.count("<li>")
    assert 2 == len(re.findall(r'<td class="alike">u0[23]</td>', class_page.written(Roll(), frame)))
    assert 'class="alike"' not in text


def test_the_checklist_has_those_of_whom_a_person_decides():
    book = Roll(duplicates=[["u01", "b.py", ["a.py"]]], absent=["U07/../x"])
    text = class_page.checklist(book, class_page.Frame(TITLES))
    lines = class_page.by_hand(book).splitlines()

    assert 3 == text.count("checkbox")
    assert "key,check,points,reason,by,hours" == lines[0]
    assert {"u01", "u02", "u06"} == {line.split(",")[0] for line in lines[1:]}


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
        ({"duplicates": [["u1", "b.py", ["a.py"]]]}, "2 times; counted: b.py"),
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
    counts = re.findall(r'per cent</th><td class="number">(\d+)<', text)

    assert lost
    assert sorted(lost, reverse=True) == lost
    assert sum(map(int, counts)) == len([r for r in CLASS if r.grades])
