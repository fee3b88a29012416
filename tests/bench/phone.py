"""A phone system that rings a service which runs, signed as any phone system can sign."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PATH = "/v1/rings/generic"


def ring(
    secret: str, call_id: str, state: str, caller: str | None, agent_email: str | None = None
) -> tuple[bytes, Mapping[str, str]]:
    """The body and the headers of a ring, signed now.

    Args:
        secret: What the service knows as `REMEMBER_RING_GENERIC_SECRET`.
        call_id: The call.
        state: `ringing`, `answered` or `ended`.
        caller: The number that calls.
        agent_email: Whom it rings; None is a call for every agent.
    """
    told = {"call_id": call_id, "caller": caller, "agent_email": agent_email, "state": state}
    body = json.dumps(told).encode()
    at = str(int(time.time()))
    made = hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256)
    return body, {
        "Content-Type": "application/json",
        "X-Remember-Timestamp": at,
        "X-Remember-Signature": made.hexdigest(),
    }
