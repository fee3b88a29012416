"""Shows a caller's name in Aircall's own phone, as an insight card.

https://developer.aircall.io/docs/insight-cards
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from connector.errors import CredentialsError, HelpdeskError, LimitedError, RetryableError
from connector.headers import retry_after
from connector.http import Transport

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from connector.http import Response
    from connector.rings.ring import Ring

API = "https://api.aircall.io"
PER_MINUTE = 60
"""Aircall's limit for all requests of a company (developer.aircall.io/api-references)."""
_SILENCE = 5.0
_LARGEST = 1 << 20


class AircallCards:
    """A card per call, with the name and nothing else: whoever passes by may read the screen."""

    account: str | None = None
    per_minute = PER_MINUTE

    def __init__(
        self,
        api_id: str,
        api_token: str,
        name: Callable[[str, str], Awaitable[str | None]],
        base: str = API,
    ) -> None:
        """Nothing is sent yet.

        Args:
            api_id: From Aircall's dashboard.
            api_token: Goes with it.
            name: Brings a customer's name, by account and id.
            base: Where Aircall's API is.
        """
        self._transport = Transport(base, silence=_SILENCE, largest=_LARGEST)
        pair = b64encode(f"{api_id}:{api_token}".encode()).decode()
        self._headers = {"Authorization": f"Basic {pair}"}
        self._name = name

    def targets(self, ring: Ring) -> Iterable[str]:
        """The call itself, once it is known to be one customer's."""
        is_theirs = ring.provider == "aircall" and ring.call_id.isascii() and ring.call_id.isdigit()
        return (ring.key,) if is_theirs and ring.customer_id is not None else ()

    async def tell(self, target: str, ring: Ring) -> None:
        """Put the card on a call.

        Raises:
            LimitedError: Aircall has had enough requests for now.
            CredentialsError: It refuses the API id or token.
            HelpdeskError: It cannot be reached, or does not accept the card.
        """
        del target
        name = await self._name(ring.account, ring.customer_id or "")
        if not name:
            return
        _check(
            await self._transport.send(
                "POST",
                f"/v1/calls/{ring.call_id}/insight_cards",
                document={"contents": [{"type": "title", "text": name}]},
                headers=self._headers,
            )
        )

    async def close(self) -> None:
        """Let go of all connections."""
        await self._transport.close()


def _check(answer: Response) -> None:
    status = answer.status
    if 200 <= status < 300:
        return
    if status == 429:
        raise LimitedError(
            "Aircall limits the requests for cards.", seconds=retry_after(answer.headers)
        )
    if status in {401, 403}:
        raise CredentialsError(
            f"Aircall refuses the credentials ({status}).",
            "Check REMEMBER_RING_AIRCALL_API_ID and REMEMBER_RING_AIRCALL_API_TOKEN.",
        )
    if status >= 500:
        raise RetryableError(f"Aircall cannot take a card now ({status}).")
    raise HelpdeskError(f"Aircall does not accept the card ({status}).")
