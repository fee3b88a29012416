"""The arguments of ``python -m connector.demo.server``."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connector.demo.freshdesk.plan import (
    BY_THE_HOUR,
    ENTERPRISE,
    GROWTH,
    PRO,
    TRIAL,
    UNLIMITED,
    FreshdeskKeys,
    FreshdeskPlan,
)
from connector.demo.zendesk.auth import Credentials
from connector.demo.zendesk.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Sequence

_RATES = {
    "trial": TRIAL,
    "by-the-hour": BY_THE_HOUR,
    "growth": GROWTH,
    "pro": PRO,
    "enterprise": ENTERPRISE,
    "unlimited": UNLIMITED,
}


def _moment(told: str) -> datetime:
    moment = datetime.fromisoformat(told)
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("a time has an offset: 2026-07-07T09:00:00Z")
    return moment


def arguments(told: Sequence[str] | None) -> argparse.Namespace:
    """Reads the arguments; those that cannot be read end the program with a line that says why."""
    usual = Limits()
    known = Credentials()
    parser = argparse.ArgumentParser(prog="python -m connector.demo.server")
    parser.add_argument("story", nargs="?", type=Path, help="default: the packaged story")
    parser.add_argument(
        "--provider", choices=["zendesk", "freshdesk"], default="zendesk", help="whose API"
    )
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument(
        "--as-of", type=_moment, help="the helpdesk's present time; default: the story's"
    )
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--requests-per-minute", type=int, help="default: the provider's")
    freshdesk = parser.add_argument_group("of a Freshdesk")
    freshdesk.add_argument("--api-key", default=FreshdeskKeys().admin, help="an admin's")
    freshdesk.add_argument("--plan", choices=sorted(_RATES), default="enterprise", help="limits")
    freshdesk.add_argument("--without-ratings", action="store_true", help="a small plan's 403")
    freshdesk.add_argument("--hide-archived", action="store_true", help="from the ticket list")
    freshdesk.add_argument("--wall", type=int, default=300, help="last page of the ticket list")
    zendesk = parser.add_argument_group("of a Zendesk")
    zendesk.add_argument("--exports-per-minute", type=int, default=usual.exports)
    zendesk.add_argument("--users-exports-per-minute", type=int, default=usual.users_export)
    zendesk.add_argument("--client-id", default=known.client_id)
    zendesk.add_argument("--client-secret", default=known.client_secret)
    return parser.parse_args(told)


def _zendesk(asked: argparse.Namespace) -> dict[str, Any]:
    usual = Limits()
    return {
        "credentials": Credentials(client_id=asked.client_id, client_secret=asked.client_secret),
        "limits": Limits(
            asked.requests_per_minute or usual.requests,
            asked.exports_per_minute,
            asked.users_exports_per_minute,
        ),
    }


def _freshdesk(asked: argparse.Namespace) -> dict[str, Any]:
    rates = _RATES[asked.plan]
    plan = FreshdeskPlan(
        rates=replace(rates, requests=asked.requests_per_minute or rates.requests),
        ratings=not asked.without_ratings,
        lists_archived=not asked.hide_archived,
        wall=asked.wall,
    )
    return {"plan": plan, "keys": FreshdeskKeys(admin=asked.api_key)}


def of_provider(asked: argparse.Namespace) -> dict[str, Any]:
    """What only the provider that is asked for takes: arguments of `DemoHelpdesk`."""
    return _freshdesk(asked) if asked.provider == "freshdesk" else _zendesk(asked)
