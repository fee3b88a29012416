"""A busy account under enforced limits, served as a process of its own on a clock that runs fast.

It prints its address. Each line it reads is answered with what was asked of it so far.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from typing import TYPE_CHECKING

from connector.clock import ScaledClock
from connector.demo.server import DemoHelpdesk
from connector.demo.zendesk.limits import Limits
from tests.support.busy import AS_OF, busy_account

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.account")
    parser.add_argument("tickets", type=int)
    parser.add_argument("--speed", type=float, required=True)
    parser.add_argument("--limits", type=int, nargs=3, required=True)
    asked = parser.parse_args(arguments)
    story = busy_account(asked.tickets)
    clock = ScaledClock(asked.speed, AS_OF)
    limits = Limits(*asked.limits)
    with DemoHelpdesk(story, clock=clock.now, limits=limits, latency=LATENCY / asked.speed) as desk:
        sys.stdout.write(f"{desk.url}\n")
        sys.stdout.flush()
        for _ in sys.stdin:
            _tell(desk)


LATENCY = 0.2
"""Seconds of the helpdesk's own clock before each answer."""


def _tell(desk: DemoHelpdesk) -> None:
    """Answers by status and by minute, and each place of an export that was answered, in order."""
    seen = list(desk.seen)
    document = {
        "status": Counter(str(one.status) for one in seen),
        "minutes": Counter(int(one.at.timestamp()) // 60 for one in seen),
        "exports": [[one.path, one.query] for one in seen if "/incremental/" in one.path],
        "comments": [one.path for one in seen if one.path.endswith("/comments")],
    }
    sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
