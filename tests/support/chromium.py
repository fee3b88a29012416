"""Finds a Chromium for the browser tests, and has one installed where there is none.

`python -m tests.support.chromium` is the first thing `make test` does: the system's browser is
used; else Debian's package is installed where this user may; else Playwright's own is fetched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
"""What it is started with: as root too, and silent towards its maker."""

MISSING = (
    "There is no Chromium for the browser tests. Install one, such as with "
    "`apt-get install chromium` or `.venv/bin/playwright install chromium`, and run them again."
)


class NoBrowserError(RuntimeError):
    """There is no browser, and none could be installed."""


def find() -> str:
    """The path of a Chromium.

    Raises:
        NoBrowserError: There is none; the message says what to install.
    """
    named = os.environ.get("CHROMIUM")
    for name in (named, *NAMES) if named else NAMES:
        path = shutil.which(name)
        if path:
            return path
    own = _of_playwright()
    if own is not None:
        return own
    raise NoBrowserError(MISSING)


def _of_playwright() -> str | None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  starts a process

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _install() -> None:
    """Try Debian's package, then Playwright's own; what they say is shown."""
    may = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if shutil.which("apt-get") and (not may or shutil.which("sudo")):
        subprocess.run([*may, "apt-get", "update", "-qq"], check=False)
        apt = [*may, "apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
        if subprocess.run(apt, check=False).returncode == 0:
            return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def main() -> int:
    """Say which browser is used; 1 when there is none and none can be had."""
    try:
        path = find()
    except NoBrowserError:
        _install()
        try:
            path = find()
        except NoBrowserError as error:
            sys.stderr.write(f"{error}\n")
            return 1
    sys.stdout.write(f"Browser tests use {path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
