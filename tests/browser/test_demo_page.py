"""The end of `remember demo`: a page that is served, and a phone that rings while it is open."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.running import fill
from tests.support.book import Book

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.xdist_group("browser")


def test_the_phone_rings_in_the_open_page(tmp_path: Path, open_page: Callable[..., Page]) -> None:
    """The brief comes without a reload; stopped while it rings, the demo ends without complaint."""
    book = Book(tmp_path)
    fill(book)
    book.record.close()
    with subprocess.Popen(
        [sys.executable, "-m", "tests.browser.demo_page", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as demo:
        try:
            assert demo.stdout is not None
            page = open_page(demo.stdout.readline().strip(), locale="en-GB")
            page.evaluate("window.asOpened = true")  # gone after a reload
            brief = page.locator("remember-brief")
            expect(brief).to_have_attribute("call", "ringing", timeout=30_000)
            expect(brief.get_by_role("heading", name="Mara Lindqvist")).to_be_visible()
            assert page.evaluate("window.asOpened")
            demo.send_signal(signal.SIGTERM)
            _, complaints = demo.communicate(timeout=30)
        finally:
            demo.kill()
    assert complaints == ""
    assert demo.returncode == 0
