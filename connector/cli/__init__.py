"""The command line, `remember`."""

from __future__ import annotations

import sys

from connector.cli.app import app
from connector.cli.failing import explained
from connector.modes import keep_to_owner

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line and leave with its exit code (design: section 5.1)."""
    keep_to_owner()
    sys.exit(explained(lambda: app(standalone_mode=False), as_json="--json" in sys.argv))
