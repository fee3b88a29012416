"""What Zendesk's answers say of its rate limits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from connector.budget import ACCOUNT, Limit

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBER = re.compile(r"\d{1,9}(\.\d{1,9})?")
_BUCKET = re.compile(r"zendesk-rate-?limit-(.+)")
_PLAIN = re.compile(r"(?:x-)?rate-?limit(?:-(limit|remaining|reset))?")


def limits(headers: Mapping[str, str]) -> tuple[Limit, ...]:
    """Read the limits of an answer; headers that cannot be read are passed over.

    Zendesk sends two families at once: `x-rate-limit…` and `ratelimit-…` for the account, and
    `zendesk-ratelimit-<bucket>: total=…; remaining=…; resets=…` for an endpoint; older spellings
    have a hyphen more.
    https://developer.zendesk.com/documentation/api-basics/best-practices/best-practices-for-avoiding-rate-limiting
    """
    told: dict[str, dict[str, str]] = {}
    for raw, value in headers.items():
        name = raw.lower()
        if bucket := _BUCKET.fullmatch(name):
            pairs = (part.partition("=") for part in value.split(";"))
            told[bucket[1]] = {key.strip().lower(): number.strip() for key, _, number in pairs}
        elif plain := _PLAIN.fullmatch(name):
            key = {"remaining": "remaining", "reset": "resets"}.get(plain[1] or "", "total")
            told.setdefault(ACCOUNT, {})[key] = value.strip()
    found = (_limit(name, values) for name, values in told.items())
    return tuple(limit for limit in found if limit is not None)


def _limit(name: str, values: Mapping[str, str]) -> Limit | None:
    numbers = {key: float(text) for key, text in values.items() if _NUMBER.fullmatch(text)}
    if "total" not in numbers:
        return None
    remaining = numbers.get("remaining")
    return Limit(
        name=name,
        total=int(numbers["total"]),
        remaining=None if remaining is None else int(remaining),
        resets=numbers.get("resets"),
        exact="." in values.get("resets", ""),
    )
