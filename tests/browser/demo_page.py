"""Serves the end of the demo over the record of a folder, as a process of its own."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from connector.cli.demo_page import serve_page
from connector.clock import ScaledClock
from connector.settings import Settings
from tests.browser.running import MARA
from tests.support.book import AS_OF


def main(folder: str) -> int:
    """Serve it; the link is the one line of standard output."""
    settings = Settings.model_validate({"home": Path(folder), "default_region": "US"})
    return serve_page(
        settings,
        account="zendesk:acme",
        clock=ScaledClock(1, AS_OF),
        agent_email="daniel@acme.example",
        callers=[MARA],
        stays=True,
        say=typer.echo,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
