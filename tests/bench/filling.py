"""`remember backfill zendesk --no-remember` on a clock that runs fast, as a process of its own.

It prints one JSON document: the report, the seconds by that clock, and the most memory it held.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from connector.cli.running import run
from connector.clock import ScaledClock
from connector.demo.server import Credentials
from connector.settings import Settings
from tests.support.busy import AS_OF

if TYPE_CHECKING:
    from collections.abc import Sequence

ACCOUNT = "zendesk:busy"


def main(arguments: Sequence[str] | None = None) -> None:
    """Backfill the account at the address into the folder."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.filling")
    parser.add_argument("home", type=Path)
    parser.add_argument("url")
    parser.add_argument("--speed", type=float, required=True)
    parser.add_argument("--share", type=float, required=True)
    asked = parser.parse_args(arguments)
    known = Credentials()
    settings = Settings(
        home=asked.home,
        zendesk_url=asked.url,
        zendesk_client_id=known.client_id,
        zendesk_client_secret=SecretStr(known.client_secret),
        zendesk_rate_share=asked.share,
    )
    report = run(
        settings,
        "backfill",
        lambda job: job.together.backfill(),
        account=ACCOUNT,
        remember=False,
        clock=ScaledClock(asked.speed, AS_OF),
    )
    sys.stdout.write(json.dumps({"report": report, "megabytes": _most_held()}) + "\n")


def _most_held() -> float:
    """The most memory that this process has held, in MB.

    Linux hands the figure of `getrusage` down to whoever a process starts, so that it would be
    that of a parent which had loaded a model.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    (most,) = re.findall(r"^VmHWM:\s+(\d+) kB$", status.read_text("ascii"), re.MULTILINE)
    return int(most) / 1024


if __name__ == "__main__":
    main()
