"""A student's page in a real browser: what it does, asks for, shows and lets nobody do."""

from dataclasses import replace
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe

from browser.screenshots import TELLING, write
from harness.grading.grader import Grader
from harness.judging.check import find
from harness.records.observation import Fault
from harness.records.people import Person, Result
from harness.records.verdict import Comparison, Diagnosis, Evidence, Finding, Grade, Status, Verdict
from harness.report.pages import page
from support.long import sample
from support.some_evidence import SQUARE, observation

PHONE = {"width": 360, "height": 740}
STOPS = "a[href], button:not([hidden]), summary, input, select, [tabindex='0']"


@pytest.fixture(scope="session")
def pages(results, tmp_path_factory):
    """The page of each telling specimen, by its name."""
    return {path.stem: path for path in write(tmp_path_factory.mktemp("pages"), results)}


def serious(seen, **rules):
    """What axe finds in its rules, or in some of them."""
    options = {"resultTypes": ["violations"], **rules}
    found = Axe().run(seen.page, options=options).response["violations"]
    return [
        (one["id"], [node["html"][:200] for node in one["nodes"]][:3])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def too_wide(seen):
    return seen.page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


WATCH = """stops => {
    const every = [...document.querySelectorAll(stops)], reached = new Set();
    addEventListener("focusin", event => {
        if (getComputedStyle(event.target).outlineStyle !== "none") reached.add(event.target);
    });
    window.unreached = () => every.filter(one => !reached.has(one));
    return every.length;
}"""


def unreached(seen):
    """What Tab does not come to, or where what has the focus is not seen, in HTML."""
    for _ in range(seen.page.evaluate(WATCH, STOPS)):
        seen.page.keyboard.press("Tab")
    return seen.page.evaluate("unreached().map(one => one.outerHTML.slice(0, 200))")


def silent(seen):
    return [seen.console, seen.requests, seen.dialogs] == [[], [], []]


CONTRAST = "color-contrast"
VIEWS = {
    "light": ({}, {}),
    "dark": ({"scheme": "dark"}, {"runOnly": [CONTRAST]}),
    "phone": (PHONE, {"rules": {CONTRAST: {"enabled": False}}}),
}
"""Each view, and the rules of axe that may come out otherwise there than in the light."""


def holds_in(view, path, visit):
    """Whether a page asks for nothing, fits and has no serious violation."""
    how, rules = VIEWS[view]
    seen = visit(path, **how)
    assert silent(seen)
    assert 0 == too_wide(seen)
    assert [] == serious(seen, **rules)


@pytest.mark.parametrize("name", sample(5, TELLING))
@pytest.mark.parametrize("view", sample(2, VIEWS))
def test_a_page_is_silent_fits_and_has_no_serious_violation(name, view, pages, visit):
    holds_in(view, pages[name], visit)


@pytest.mark.parametrize("name", TELLING)
def test_headings_go_down_one_step_at_a_time_and_every_link_leads_somewhere(name, pages, visit):
    page = visit(pages[name]).page
    levels = page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => Number(h.tagName[1]))"
    )
    lost = page.evaluate(
        "[...document.querySelectorAll('a')].map(a => a.getAttribute('href'))"
        ".filter(to => !to.startsWith('#') || !document.getElementById(to.slice(1)))"
    )

    assert 1 == levels[0]
    assert 1 == levels.count(1)
    assert all(b <= a + 1 for a, b in pairwise(levels))
    assert [] == lost


def test_the_copy_button_copies_the_program_with_the_keyboard_alone(pages, visit):
    seen = visit(pages["mul_overwrites"])
    button = seen.page.get_by_role("button", name="Copy the program gradient_mul")
    button.focus()
    seen.page.keyboard.press("Enter")
    said = seen.page.get_by_text("The program is on the clipboard.")
    said.wait_for()

    copied = seen.page.evaluate("navigator.clipboard.readText()")
    assert "v1 = x1 * x1\nv1.backward()\nprint(x1.grad)" in copied.replace("\r", "")


def test_where_the_clipboard_is_refused_the_program_is_selected(pages, visit):
    seen = visit(pages["mul_overwrites"])
    seen.page.evaluate(
        "() => { navigator.clipboard.writeText = () => Promise.reject(new Error()); }"
    )
    seen.page.get_by_role("button", name="Copy the program gradient_mul").click()
    seen.page.get_by_text("the program is selected").wait_for()

    assert "v1.backward()" in seen.page.evaluate("String(getSelection())")


@pytest.mark.parametrize("name", sample(2, ["order_preorder", "answer_key"]))
def test_the_keyboard_reaches_everything_and_what_has_the_focus_is_seen(name, pages, visit):
    seen = visit(pages[name])
    seen.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert [] == unreached(seen)


@pytest.mark.parametrize("name", ["mse_half", "answer_key"])
def test_a_right_gradient_of_relu_lies_on_the_manual_one(name, pages):
    text = pages[name].read_text(encoding="utf-8")

    assert "Your gradient lies on the manual one" in text
    assert "Your gradient leaves" not in text


def test_in_dark_the_plots_are_light_on_dark(pages, visit):
    def ink(scheme):
        return visit(pages["mse_half"], scheme=scheme).page.evaluate(
            "getComputedStyle(document.querySelector('.plot svg text')).fill"
        )

    assert ink("light") != ink("dark")


def test_on_paper_nothing_is_cut_and_no_button_is_printed(pages, visit):
    seen = visit(pages["order_preorder"], scheme="dark", width=700)
    seen.page.emulate_media(media="print")

    assert 0 == seen.page.locator("button:visible").count()
    assert "rgb(255, 255, 255)" == seen.page.evaluate(
        "getComputedStyle(document.body).backgroundColor"
    )
    hidden = "all => all.filter(one => getComputedStyle(one).overflowX !== 'visible').length"
    assert 0 == seen.page.eval_on_selector_all(".wide", hidden)
    wide = "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).length"
    assert 0 == seen.page.eval_on_selector_all("pre", wide)
    assert seen.page.pdf().startswith(b"%PDF")


# --- hostile content ----------------------------------------------------------------------

ATTACKS = (
    "</script><script>window.hit=1;alert(1)</script>",
    "<img src=x onerror='window.hit=1;alert(1)'>",
    "</style></svg></code></pre><svg onload=alert(1)><a href='javascript:alert(1)'>x</a>",
    '"\' autofocus onfocus=alert(1) x="',
    "{{ 7 * 7 }}{% include '/etc/passwd' %}",
    "\x1b[2J\x1b[31m\x9b1m\x07\x00\u202eevil\u2066\u2067\u200f\ufeff\u2028",
    "]]>--><!--<base href=//evil.example><link rel=stylesheet href=//evil.example>",
)
EVERYTHING = "".join(ATTACKS)
LONG = "W" * 10_000_000


def hostile(text):
    """A page with a text in each place that takes one of the student's."""
    labelled = replace(SQUARE, labels=(f"{text[:300]}:x", "z2:x^2"))
    wrong = Comparison("grad", text, 1, ("torch",), 4.0, None, text, 0.0, agrees=False)
    seen = observation(
        ("value", -1, (None, 4.0), (text, "float")),
        ("grad", 1, (2.0, None), ("float", text)),
        printed=f"{text}\n" * (1 if len(text) > 10_000 else 50),
    )
    expected = observation(("value", -1, (2.0, 4.0)), ("grad", 1, (4.0, 1.0)))
    fault = Fault("raised", text, text, text, 3, text)
    order = Finding("order_broken", (("node", text), ("input", "x1"), ("order", text)))
    flag = Finding("flag_names", (("names", text),))
    problems = (
        (Status.FAILED, wrong, SQUARE),
        (Status.FAILED, wrong, labelled),
        (Status.FAULTED, fault, SQUARE),
        (Status.FAILED, order, SQUARE),
        (Status.FLAGGED, flag, None),
    )
    verdicts = tuple(
        Verdict(
            f"c{k}", "2.B", status, 0.0, 5.0, problem, shown, 5, 3,
            diagnosis=(Diagnosis("d", text[:900], text[:900]),),
            evidence=Evidence(shown, ("torch",), seen, (expected,), problem),
        )
        for k, (status, problem, shown) in enumerate(problems)
    )  # fmt: skip
    grade = Grade(
        text, "d", "scalar_autograd", "577", verdicts, 0.0, 25.0, missing_oracles=(text,),
        isolation="S3", import_line="from ag import ag", unreadable=text,
    )  # fmt: skip
    return page.student(Result(Person(text, text), (grade,)), {})


def harmless(seen):
    """Whether nothing of what a page was given ran, widened it or can act where it is copied."""
    text = seen.page.evaluate("document.body.textContent + document.title")
    assert silent(seen)
    assert seen.page.evaluate("window.hit === undefined")
    assert 0 == too_wide(seen)
    assert not set(text) & set("\x1b\x9b\x07\x00\u202e\u2066\u2067\u200f\ufeff\u2028")
    elements = "script, img, iframe, base, link, [onerror], [onload], [onfocus]"
    assert 1 == seen.page.locator(elements).count()


@pytest.mark.parametrize("view", sample(2, [{}, PHONE]), ids=["wide", "phone"])
@pytest.mark.parametrize("text", [EVERYTHING, *ATTACKS, LONG], ids=lambda text: repr(text[:12]))
def test_hostile_text_never_executes_nor_breaks_the_layout(text, view, tmp_path, visit):
    path = tmp_path / "page.html"
    path.write_text(hostile(text), encoding="utf-8")
    seen = visit(path, **view)

    harmless(seen)
    assert path.stat().st_size < 500_000
    assert 0 == seen.page.locator("[autofocus]").count()


def test_the_policy_of_a_page_stops_what_would_slip_through_the_template(tmp_path, visit):
    path = tmp_path / "page.html"
    planted = "".join(ATTACKS[:3]).replace("alert(1)", "0")
    path.write_text(hostile("x").replace("</main>", f"<b>{planted}</b></main>"), encoding="utf-8")
    seen = visit(path)

    assert 2 <= seen.page.locator("script").count()
    assert seen.page.evaluate("window.hit === undefined")
    assert any("Content Security Policy" in line for line in seen.console)


def test_what_a_submission_prints_is_shown_as_text(answer_key, tmp_path, visit):
    text = answer_key.read_text(encoding="utf-8")
    right = "self.grad += other.value * output.grad"
    shouting = "print('<script>alert(1)</script>\\x1b[31m\\u202e' * 9); self.grad = 7.0"
    wrong = text.replace(right, shouting)
    assert wrong != text
    (tmp_path / "ag.py").write_text(wrong, encoding="utf-8")
    with Grader() as grader:
        graded = grader.grade(tmp_path / "ag.py", find("scalar_autograd"))
    path = tmp_path / "page.html"
    path.write_text(page.student(Result(Person("ag.py"), (graded,)), {}), encoding="utf-8")
    seen = visit(path)

    assert silent(seen)
    assert "<script>alert(1)</script>?[31m?" in seen.page.locator(".printed").first.inner_text()
