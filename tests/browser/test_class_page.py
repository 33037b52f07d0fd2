"""The page of a class in a real browser: what it sorts, filters, links to and lets nobody do."""

from dataclasses import replace

import pytest

from browser.screenshots import class_of, titles
from browser.test_student_page import (
    ATTACKS,
    EVERYTHING,
    PHONE,
    VIEWS,
    harmless,
    holds_in,
    unreached,
)
from harness.records.people import Person, Result
from harness.records.verdict import Diagnosis, Finding, Status, Verdict
from harness.report.exports import export
from harness.report.pages import class_page
from support.long import sample

COUNT = 40
ABSENT = Result(Person("z1", "Zoe, who handed in nothing"), ())
NAMES = "tbody tr:not([hidden]) th"


def build(room, roll):
    links = {
        r.person.key: f"students/{export.file_name(r.person.key, '.html')}" for r in roll.each()
    }
    path = room / "index.html"
    path.write_text(class_page.written(roll, class_page.Frame(titles(), links)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def path(results, tmp_path_factory):
    """A class in which everybody is one of five, but for one who handed in nothing."""
    return build(tmp_path_factory.mktemp("site"), class_of(results, COUNT, ABSENT, seconds=12.5))


def hostile(result):
    """Somebody with each attack as name, as reason, as exercise and as diagnosis."""
    for k, text in enumerate((*ATTACKS, EVERYTHING, "W" * 1_000_000)):
        names = Finding("flag_names", (("names", text),))
        flag = Verdict("flag_names", "", Status.FLAGGED, problem=names)
        known = (Diagnosis("d", text[:900], text[:900]),)
        wrong = Verdict("relu", text[:300], Status.FAILED, 0.0, 5.0, diagnosis=known)
        graded = replace(result.grades[0], verdicts=(flag, wrong))
        refused = replace(result.grades[0], verdicts=(), unreadable=text)
        yield Result(Person(f"h{k}{text[:40]}", text), (graded,))
        yield Result(Person(f"u{k}", text), (refused,))


def shown(seen):
    return seen.page.eval_on_selector_all(f"#map {NAMES}", "all => all.map(one => one.textContent)")


@pytest.mark.parametrize("view", sample(2, VIEWS))
def test_the_page_is_silent_fits_and_has_no_serious_violation(view, path, visit):
    holds_in(view, path, visit)


@pytest.mark.long
def test_the_keyboard_reaches_everything_and_what_has_the_focus_is_seen(results, tmp_path, visit):
    seen = visit(build(tmp_path, class_of(results, 12, ABSENT)))
    seen.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")

    assert [] == unreached(seen)


@pytest.mark.long
def test_a_heading_sorts_by_its_column_and_says_so(path, visit):
    seen = visit(path)
    heading = seen.page.locator("#map th", has_text="gradient_mul")
    heading.get_by_role("button").focus()
    seen.page.keyboard.press("Enter")

    assert "ascending" == heading.get_attribute("aria-sort")
    column = heading.evaluate("th => th.cellIndex")
    marks = seen.page.eval_on_selector_all(
        "#map tbody tr", f"all => all.map(row => row.cells[{column}].textContent.trim())"
    )
    wrong = marks.count("✗")
    assert 0 < wrong < COUNT
    assert ["✗"] * wrong == marks[:wrong]

    heading.get_by_role("button").click()
    assert "descending" == heading.get_attribute("aria-sort")
    assert 1 == seen.page.locator("#map [aria-sort]").count()


@pytest.mark.long
def test_points_and_names_sort_as_numbers_and_as_words(path, visit):
    seen = visit(path)
    points = seen.page.locator("#map th", has_text="Points").get_by_role("button")
    points.click()
    points.click()
    told = seen.page.eval_on_selector_all(
        "#map tbody tr", "all => all.map(row => Number(row.cells[2].dataset.value))"
    )
    assert sorted(told, reverse=True) == told

    seen.page.locator("#map th", has_text="Student").first.get_by_role("button").click()
    assert sorted(shown(seen)) == shown(seen)


@pytest.mark.long
def test_the_filter_shows_who_fits_and_counts_them(path, visit):
    seen = visit(path)
    everybody = shown(seen)
    seen.page.get_by_label("Name contains").fill("student 001")

    assert [f"Student 001{k}" for k in range(10)] == shown(seen)
    assert f"10 of {COUNT} students are shown." == seen.page.locator("#shown").text_content()

    seen.page.get_by_label("Name contains").fill("")
    seen.page.get_by_label("Who").select_option("handed in nothing")
    assert [ABSENT.person.name] == shown(seen)

    seen.page.get_by_label("Who").select_option("all points")
    assert [name for name in everybody if name.endswith(("4", "9"))] == shown(seen)


def test_a_mistake_leads_to_those_who_made_it(path, visit):
    seen = visit(path)
    seen.page.get_by_role("button", name="Show who `__mul__` overwrites").click()

    assert all(name.endswith(("1", "6")) for name in shown(seen))
    assert 8 == len(shown(seen))
    assert "map" in seen.page.evaluate("document.activeElement.className")


def test_every_name_is_a_link_to_a_page_of_its_own(path, visit):
    links = visit(path).page.eval_on_selector_all(
        "#map tbody a", "all => all.map(one => one.getAttribute('href'))"
    )

    assert COUNT == len(set(links)) == len(links)
    assert all(link.startswith("students/") and link.count("/") == 1 for link in links)


@pytest.mark.long
def test_without_scripts_everything_is_there(path, chromium):
    context = chromium.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(path.resolve().as_uri())

    assert COUNT == opened.locator("#map tbody tr").count()
    assert not opened.locator(".filter").is_visible()
    context.close()


@pytest.mark.parametrize("view", [{}, PHONE], ids=["wide", "phone"])
def test_hostile_text_never_executes_nor_breaks_the_layout(view, results, tmp_path, visit):
    roll = class_of(results, 30, *hostile(results[0]), unknown=[EVERYTHING])
    seen = visit(build(tmp_path, roll), **view)

    harmless(seen)
    seen.page.get_by_label("Name contains").fill("<img")
    assert shown(seen)
