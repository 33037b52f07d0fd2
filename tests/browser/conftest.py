"""A real browser: Debian's chromium, driven by Playwright."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from browser.screenshots import CHROMIUM, TELLING, browsing, graded
from harness.records.people import Result

INSTALL = 'no chromium was found: install it with "apt-get install -y chromium"'


@dataclass
class Visit:
    """A page that is open, and what it did besides showing itself."""

    page: Page
    console: list[str] = field(default_factory=list)
    """Messages of the console and errors of scripts."""
    requests: list[str] = field(default_factory=list)
    """What was asked for besides the page itself."""
    dialogs: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser, until the tests of a file are done: others look at what processes there are.

    Absence fails in continuous integration and skips elsewhere.
    """
    if CHROMIUM is None and os.environ.get("CI"):
        pytest.fail(INSTALL)
    if CHROMIUM is None:
        pytest.skip(INSTALL)
    with browsing() as browser:
        yield browser


@pytest.fixture(scope="session")
def results() -> tuple[Result, ...]:
    """The telling specimens with their grades."""
    return graded(TELLING)


@pytest.fixture(scope="module")
def tab(chromium: Browser) -> Iterator[Page]:
    """One tab for all tests: what a page did in it ends where the next one is opened."""
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    yield context.new_page()
    context.close()


@pytest.fixture
def visit(tab: Page) -> Iterator[Callable[..., Visit]]:
    """Opens a file and says what it did: visit(path, width=1200, height=900, scheme="light")."""
    heard = []

    def listen(event: str, act: Callable[..., None]) -> None:
        tab.on(event, act)
        heard.append((event, act))

    def opened(path: Path, width: int = 1200, height: int = 900, scheme: str = "light") -> Visit:
        tab.goto("about:blank")
        tab.set_viewport_size({"width": width, "height": height})
        tab.emulate_media(media="screen", color_scheme=scheme)
        seen = Visit(tab)
        address = path.resolve().as_uri()
        listen("console", lambda message: seen.console.append(message.text))
        listen("pageerror", lambda problem: seen.console.append(str(problem)))
        listen("dialog", lambda dialog: (seen.dialogs.append(dialog.message), dialog.dismiss()))
        asked = seen.requests.append
        listen("request", lambda it: it.url.startswith(address) or asked(it.url))
        tab.goto(address)
        return seen

    yield opened
    for event, act in heard:
        tab.remove_listener(event, act)
