"""How long a class takes to show itself in a browser, as a ratio inside one run: tox -e bench."""

from playwright.sync_api import sync_playwright
from within import seconds

from browser.screenshots import CHROMIUM, FLAGS, class_of, graded, titles
from harness.report.pages import class_page

PAINTED = """() => new Promise(done => new PerformanceObserver(
    list => done(list.getEntries().at(-1).startTime / 1000)
).observe({ type: "paint", buffered: true }))"""


def test_a_class_of_1000_is_painted_against_one_of_50(benchmark, tmp_path, tell):
    results = graded(("mul_overwrites", "mse_half", "answer_key"))
    paths = {}
    for count in (50, 1000):
        paths[count] = tmp_path / f"{count}.html"
        paths[count].write_text(
            class_page.written(class_of(results, count), class_page.Frame(titles())), "utf-8"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))

        def opened(count):
            page = browser.new_page()
            page.goto(paths[count].as_uri())
            told.append(page.evaluate(PAINTED))
            page.close()

        told = []
        small = min(seconds(lambda: opened(50)) for _ in range(5))
        told.clear()
        benchmark.pedantic(opened, (1000,), rounds=5)
        browser.close()
    tell("opening 50 / opening 1000", small)
    benchmark.extra_info["first paint of 1000, seconds"] = max(told)
