"""Reads the HTTP headers that every helpdesk sends alike."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECONDS = re.compile(r"\d{1,9}(\.\d{1,9})?")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that `Retry-After` asks for, given as a number or as a date; None where it does not.

    Args:
        headers: The HTTP headers, their names in lower case.
    """
    value = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(value):
        return float(value)
    until, now = http_date(value), http_date(headers.get("date", ""))
    return max((until - now).total_seconds(), 0.0) if until and now else None


def http_date(value: str) -> datetime | None:
    """A date as HTTP writes it, in UTC; None where it is none."""
    try:
        parsed = parsedate_to_datetime(value)
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
