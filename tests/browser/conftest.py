"""A real browser: Debian's chromium, driven by Playwright."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from browser.screenshots import CHROMIUM, FLAGS

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


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser; absence fails in continuous integration and skips elsewhere."""
    if CHROMIUM is None and os.environ.get("CI"):
        pytest.fail(INSTALL)
    if CHROMIUM is None:
        pytest.skip(INSTALL)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """Opens a file and says what it did: visit(path, width=1200, height=900, scheme="light")."""
    contexts = []

    def opened(path: Path, width: int = 1200, height: int = 900, scheme: str = "light") -> Visit:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        page = context.new_page()
        seen = Visit(page)
        page.on("console", lambda message: seen.console.append(message.text))
        page.on("pageerror", lambda problem: seen.console.append(str(problem)))
        page.on("dialog", lambda dialog: (seen.dialogs.append(dialog.message), dialog.dismiss()))
        address = path.resolve().as_uri()
        page.on(
            "request",
            lambda request: (
                seen.requests.append(request.url) if not request.url.startswith(address) else None
            ),
        )
        page.goto(address)
        return seen

    yield opened
    for context in contexts:
        context.close()
