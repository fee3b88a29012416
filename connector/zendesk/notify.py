"""Tells Zendesk's agents of rings: through our app in their browser, or by opening a page.

https://developer.zendesk.com/api-reference/ticketing/apps/apps/ (notify) and
https://developer.zendesk.com/api-reference/voice/talk-partner-edition-api/ (screen pop)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.errors import CredentialsError
from connector.http import Transport, base_url
from connector.rings.notify import EVERYBODY, named, who_may
from connector.zendesk.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connector.clock import Clock
    from connector.rings.ring import Ring
    from connector.zendesk.auth import Credentials

PER_MINUTE = 100
"""Notices an account may send its apps; nobody documents a limit of screen pops."""
EVENT = "ring"
"""What the app hears as `api_notification.ring`."""
_PATIENCE = 3.0
"""Seconds to try: a ring is soon answered."""
_SILENCE = 5.0
_LARGEST = 1 << 20


def open_session(url: str, credentials: Credentials, clock: Clock) -> Session:
    """Requests to Zendesk that come at once or not at all; nothing is sent yet.

    They have a token of their own, so that reading never fails for want of a scope of theirs.

    Args:
        url: The account's address.
        credentials: Who we are.
        clock: Tells the time and waits.

    Raises:
        ConfigurationError: The address cannot be used.
    """
    base = base_url(url, "REMEMBER_ZENDESK_URL")
    wire = Transport(base, silence=_SILENCE, largest=_LARGEST)
    return Session(wire, base, credentials, clock=clock, share=1.0, retry_seconds=_PATIENCE)


class AppNotices:
    """Notices to the running app: the ring's opaque key, never a word of whom it is about."""

    per_minute = PER_MINUTE

    def __init__(self, account: str, session: Session, app_id: int) -> None:
        """Nothing is sent yet.

        Args:
            account: Whose rings these are.
            session: Asks Zendesk; closed with the notices.
            app_id: The number of the installed app.
        """
        self.account: str | None = account
        self._session = session
        self._app_id = app_id

    def targets(self, ring: Ring) -> Iterable[str]:
        """The agents whom it rings; where none is named, whoever may claim it."""
        return who_may(ring)

    async def tell(self, target: str, ring: Ring) -> None:
        """Let the app of one agent, or of every agent, know of a ring.

        Raises:
            connector.errors: What `Session.post` raises.
        """
        document: dict[str, object] = {"app_id": self._app_id, "event": EVENT, "body": ring.key}
        if target != EVERYBODY:
            document["agent_id"] = int(target)
        try:
            await self._session.post(
                "notices to the app", "/api/v2/apps/notify", document, patience=_PATIENCE
            )
        except CredentialsError as error:
            raise CredentialsError(
                error.detail, "Allow the OAuth client the scope apps:write in the Admin Center."
            ) from None

    async def close(self) -> None:
        """Let go of all connections."""
        await self._session.close()


class ScreenPops:
    """Opens the customer's page in an agent's browser; needs Talk Partner Edition."""

    per_minute = PER_MINUTE

    def __init__(self, account: str, session: Session) -> None:
        """Nothing is opened yet.

        Args:
            account: Whose rings these are.
            session: Asks Zendesk; closed with the pops.
        """
        self.account: str | None = account
        self._session = session

    def targets(self, ring: Ring) -> Iterable[str]:
        """The agents whom it rings, once it is known to be one customer's."""
        return () if ring.customer_id is None else named(ring)

    async def tell(self, target: str, ring: Ring) -> None:
        """Open the page of the one customer who calls.

        Raises:
            connector.errors: What `Session.post` raises.
        """
        path = f"/api/v2/channels/voice/agents/{target}/users/{ring.customer_id}/display"
        try:
            await self._session.post("screen pops", path, {}, patience=_PATIENCE)
        except CredentialsError as error:
            raise CredentialsError(
                error.detail,
                "Screen pop needs Talk Partner Edition and an OAuth client with the scope write; "
                "else unset REMEMBER_ZENDESK_SCREEN_POP.",
            ) from None

    async def close(self) -> None:
        """Let go of all connections."""
        await self._session.close()
