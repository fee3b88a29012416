"""The times of a story as a helpdesk keeps and writes them."""

from __future__ import annotations

from datetime import UTC, datetime

_RAILS_ZONES = {
    "America/New_York": "Eastern Time (US & Canada)",
    "America/Chicago": "Central Time (US & Canada)",
    "America/Denver": "Mountain Time (US & Canada)",
    "America/Los_Angeles": "Pacific Time (US & Canada)",
}


def seconds(moment: datetime) -> int:
    """`moment` as whole Unix seconds."""
    return int(moment.timestamp())


def iso(second: int | None) -> str | None:
    """A Unix second as helpdesks write it: ``2026-07-07T09:00:00Z``."""
    if second is None:
        return None
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def rails_zone(name: str) -> str:
    """What helpdesks written in Ruby on Rails call the IANA time zone `name`."""
    return _RAILS_ZONES.get(name) or name.rsplit("/", 1)[-1].replace("_", " ")
