"""The times of a story as a helpdesk keeps and writes them."""

from __future__ import annotations

from datetime import UTC, datetime


def seconds(moment: datetime) -> int:
    """`moment` as whole Unix seconds."""
    return int(moment.timestamp())


def iso(second: int | None) -> str | None:
    """A Unix second as helpdesks write it: ``2026-07-07T09:00:00Z``."""
    if second is None:
        return None
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
