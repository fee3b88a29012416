"""A phone system that rings: it sends the service what any phone system can send, over HTTP.

It signs as the README says for phone systems without a provider of their own (design: section
5.5), so that whoever connects one can read here what is expected.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from connector.http import Transport

if TYPE_CHECKING:
    from connector.clock import Clock

PATH = "/v1/rings/generic"


@dataclass(frozen=True, slots=True)
class DemoCall:
    """A call; `call_id` is the phone system's name for it."""

    caller: str | None
    agent_email: str | None
    call_id: str = field(default_factory=lambda: secrets.token_hex(8))


class DemoPhone:
    """Tells a service of calls."""

    def __init__(self, url: str, secret: str, clock: Clock) -> None:
        """Nothing is sent yet.

        Args:
            url: The service's address.
            secret: What the service knows as `REMEMBER_RING_GENERIC_SECRET`.
            clock: Tells the time, which is signed.
        """
        self._transport = Transport(url)
        self._secret = secret.encode()
        self._clock = clock

    async def tell(self, call: DemoCall, state: Literal["ringing", "answered", "ended"]) -> int:
        """Say what has become of a call.

        Returns:
            The status of the answer; 204 when all is well.
        """
        now = self._clock.now()
        document: dict[str, Any] = {
            "call_id": call.call_id,
            "caller": call.caller,
            "called": None,
            "agent_email": call.agent_email,
            "state": state,
            "at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        }
        # The transport writes the document in the same way; only those bytes fit the signature.
        body = json.dumps(document).encode()
        stamp = str(int(now.timestamp()))
        signed = hmac.new(self._secret, f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        answer = await self._transport.send(
            "POST",
            PATH,
            document=document,
            headers={"X-Remember-Timestamp": stamp, "X-Remember-Signature": signed},
        )
        return answer.status

    async def close(self) -> None:
        """Let go of the connections."""
        await self._transport.close()
