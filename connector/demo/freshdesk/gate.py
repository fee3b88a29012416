"""Who is asking: HTTP Basic, the API key as the user and anything as the password.

https://developers.freshdesk.com/api/#authentication
"""

from __future__ import annotations

import base64
import binascii
import hmac
from typing import TYPE_CHECKING

from connector.demo.freshdesk import problems

if TYPE_CHECKING:
    from connector.demo.freshdesk.account import Account, LiveAgent
    from connector.demo.freshdesk.plan import FreshdeskKeys


class Gate:
    """Knows whose each of the `keys` is."""

    def __init__(self, account: Account, keys: FreshdeskKeys) -> None:
        self._account = account
        self._keys = keys

    def who(self, authorization: str | None) -> tuple[LiveAgent, bool]:
        """The agent an ``Authorization`` header stands for, and whether they see only their own.

        Raises:
            RefusedError: 401: there is no key, or a wrong one, or its owner is no agent any more.
        """
        scheme, _, value = (authorization or "").partition(" ")
        if scheme.lower() != "basic":
            raise problems.unauthenticated()
        try:
            key = base64.b64decode(value.strip(), validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError) as error:
            raise problems.unauthenticated() from error
        for known, admin in (
            (self._keys.admin, True),
            (self._keys.agent, False),
            (self._keys.restricted, False),
        ):
            if hmac.compare_digest(key.encode(), known.encode()):
                return self._owner(admin=admin), known == self._keys.restricted
        raise problems.unauthenticated()

    def _owner(self, *, admin: bool) -> LiveAgent:
        for agent in self._account.agents.values():
            if agent.active and agent.admin == admin:
                return agent
        raise problems.unauthenticated()
