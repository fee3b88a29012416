"""Makes the README's pictures: `python -m tests.browser.screenshots`, or `make screenshots`.

`remember demo` runs as anybody would run it, a browser opens the page that it serves, and what is
photographed is what comes when the demo's phone rings. Everybody in the pictures is invented.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from playwright.sync_api import sync_playwright

from tests.support import chromium

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from playwright.sync_api import Browser, Locator, Page

FOLDER: Final = Path(__file__).parents[2] / "deploy" / "screenshots"
LARGEST: Final = 150_000
"""Bytes of a picture; the repository carries every version of each."""

_REMEMBER: Final = Path(sys.executable).with_name("remember")
_LINK: Final = re.compile(r"http\S+#link=\S+")
_AROUND: Final = 24
"""Pixels of the page beside the brief, where one is above the other."""
_SIDEBAR: Final = 320
_PAGE: Final = 1000
_TALL: Final = 900
_PATIENCE_MS: Final = 120_000
_SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")


@contextmanager
def demo() -> Iterator[str]:
    """The sign-in link of a demo that runs, in a data folder that is thrown away."""
    with tempfile.TemporaryDirectory() as home:
        process = subprocess.Popen(
            [_REMEMBER, "demo"],
            env={**os.environ, "REMEMBER_HOME": home, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            yield _link(process)
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate()


def _link(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        found = _LINK.search(line)
        if found:
            return found.group()
    raise RuntimeError(f"The demo ended with {process.wait()} before it served the page.")


def photograph(browser: Browser, link: str, folder: Path) -> None:
    """Write the pictures of the first call: while it rings, and once the caller is verified.

    Args:
        browser: Opens the page.
        link: The demo's.
        folder: Takes the pictures.
    """
    context = browser.new_context(
        viewport={"width": _SIDEBAR + _AROUND, "height": _TALL},
        device_scale_factor=2,
        locale="en-US",
        timezone_id="UTC",  # where the story's present is nine in the morning
    )
    page = context.new_page()
    page.set_default_timeout(_PATIENCE_MS)
    page.goto(link)
    brief = page.locator("remember-brief")
    page.locator('remember-brief[state="one"][call="ringing"]').wait_for()
    _both(page, brief, folder / "brief-ringing")
    page.locator('remember-brief[call="answered"]').wait_for()
    page.get_by_role("checkbox").check()
    page.locator('remember-brief[state="verified"]').wait_for()
    _both(page, brief, folder / "brief-verified")
    page.set_viewport_size({"width": _PAGE, "height": _TALL})
    page.locator("remember-day .mark", has_text="On the line").wait_for()
    _both(page, page.locator("body"), folder / "page", scale="css")
    context.close()


def _both(
    page: Page, what: Locator, name: Path, scale: Literal["css", "device"] = "device"
) -> None:
    """Write a picture in each scheme, with the mouse where it touches nothing."""
    page.mouse.move(0, 0)
    for scheme in _SCHEMES:
        page.emulate_media(color_scheme=scheme)
        what.screenshot(path=f"{name}-{scheme}.png", animations="disabled", scale=scale)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make them; 1 when there is no browser, or one of them is too large."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.screenshots")
    parser.add_argument("--link", help="of a demo that runs already, and has not rung yet")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    asked = parser.parse_args(arguments)
    try:
        path = chromium.find()
    except chromium.NoBrowserError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    asked.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=[*chromium.ARGUMENTS, "--hide-scrollbars"]
        )
        if asked.link:
            photograph(browser, asked.link, asked.folder)
        else:
            with demo() as link:
                photograph(browser, link, asked.folder)
        browser.close()
    made = {file: file.stat().st_size for file in sorted(asked.folder.glob("*.png"))}
    for file, size in made.items():
        sys.stdout.write(f"{file.name}: {size / 1000:.0f} kB\n")
    return 1 if max(made.values()) > LARGEST else 0


if __name__ == "__main__":
    sys.exit(main())
