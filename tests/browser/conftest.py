"""A real browser, and a small service that answers it with what a test has written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.answering import Answering
from tests.browser.serving import served
from tests.support import chromium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

PATIENCE_MS = 20_000
"""Both cores may be busy with other tests."""

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A Chromium; without any the tests fail and say what to install.

    It lives as long as tests of this folder follow each other: Playwright's loop would be in the
    way of asynchronous tests of other folders.
    """
    try:
        path = chromium.find()
    except chromium.NoBrowserError as error:
        pytest.fail(str(error))
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield started
        started.close()


@pytest.fixture(scope="package")
def answering_at() -> Iterator[tuple[Answering, str]]:
    """The small service and its address; emptied before each test that asks for `answering`."""
    answering = Answering()
    with served(answering.app) as url:
        yield answering, url


@pytest.fixture
def answering(answering_at: tuple[Answering, str]) -> Answering:
    """A service that knows nothing yet."""
    answering_at[0].forget()
    return answering_at[0]


@pytest.fixture
def open_page(
    browser: Browser, answering_at: tuple[Answering, str]
) -> Iterator[Callable[..., Page]]:
    """Opens a page of the small service: `open_page(path, width=320, scheme="light")`.

    An error in the page's own script fails the test.
    """
    contexts = []
    errors: list[str] = []

    def opening(
        path: str = "/bench",
        *,
        width: int = 320,
        height: int = 640,
        scheme: str = "light",
        **more: object,
    ) -> Page:
        context = browser.new_context(
            base_url=answering_at[1],
            viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]  # light or dark
            **more,  # type: ignore[arg-type]
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(path)
        if path.startswith("/bench"):
            page.locator("html[data-ready]").wait_for(state="attached")
        return page

    yield opening
    for context in contexts:
        context.close()
    assert errors == []
