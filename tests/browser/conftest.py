"""A real browser, and a small service that answers it with what a test has written down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pytest
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from tests.browser.answering import Answering
from tests.browser.serving import served
from tests.support import chromium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
        started = playwright.chromium.launch(executable_path=path, args=list(chromium.ARGUMENTS))
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


@pytest.fixture(scope="package")
def bench(browser: Browser, answering_at: tuple[Answering, str]) -> Page:
    """A page that tests use one after the other: to start its processes takes longer than they."""
    return browser.new_context(base_url=answering_at[1]).new_page()


@pytest.fixture
def cleared(bench: Page) -> Iterator[Page]:
    """The same page as if nobody had used it: elsewhere, and with nothing kept or listened to."""
    yield bench
    bench.unroute_all(behavior="ignoreErrors")
    bench.context.clear_cookies()
    bench.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    bench.goto("about:blank")


@pytest.fixture
def open_page(
    request: pytest.FixtureRequest, browser: Browser, answering_at: tuple[Answering, str]
) -> Iterator[Callable[..., Page]]:
    """Opens a page of the small service: `open_page(path, width=320, scheme="light")`.

    A test's first page of the bench is one that others had before; one that is to be `alone`, has
    options of the browser's, or is the second is in a context of its own. An error in the page's
    own script fails the test.
    """
    contexts = []
    errors: list[str] = []
    shared: list[Page] = []

    def heard(error: Error) -> None:
        errors.append(str(error))

    def of_its_own(**how: Any) -> Page:
        contexts.append(browser.new_context(base_url=answering_at[1], **how))
        return contexts[-1].new_page()

    def opening(
        path: str = "/bench",
        *,
        width: int = 320,
        height: int = 640,
        scheme: Literal["light", "dark"] = "light",
        alone: bool = False,
        **more: Any,
    ) -> Page:
        if path.startswith("/bench") and not (alone or more or shared):
            shared.append(request.getfixturevalue("cleared"))
            page = shared[0]
        else:
            page = of_its_own(**more)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", heard)
        page.goto(path)
        if path.startswith("/bench"):
            page.locator("html[data-ready]").wait_for(state="attached")
        return page

    yield opening
    for page in shared:
        page.remove_listener("pageerror", heard)
    for context in contexts:
        context.close()
    assert errors == []
