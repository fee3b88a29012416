"""What Freshdesk's answers say of its rate limits.

The headers tell of the account's limit only. The lists of tickets and of contacts have lower ones
of their own, which show when a request is refused; `connector.budget` learns those.
https://developers.freshdesk.com/api/#ratelimit
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from connector.budget import ACCOUNT, Limit

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBER = re.compile(r"\s*(\d{1,9})(?:\.\d{1,9})?\s*")
_NAMES = {
    "x-ratelimit-total": "total",
    "x-ratelimit-remaining": "remaining",
    "x-ratelimit-used-currentrequest": "used",
}


def limits(headers: Mapping[str, str]) -> tuple[Limit, ...]:
    """Read the limit of an answer; headers that cannot be read are passed over.

    Names come in any letter case, numbers also as `100.0`. No header tells when a minute ends.
    """
    told: dict[str, int] = {}
    for name, value in headers.items():
        known = _NAMES.get(name.lower())
        number = _NUMBER.fullmatch(value) if known else None
        if known and number:
            told[known] = int(number[1])
    if "total" not in told:
        return ()
    return (Limit(ACCOUNT, told["total"], told.get("remaining"), used=told.get("used")),)
