"""What reaches agents' browsers: notices to installed apps, and customers' pages that open.

https://developer.zendesk.com/api-reference/ticketing/apps/apps/#notify-app
https://developer.zendesk.com/api-reference/voice/talk-partner-edition-api/
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connector.demo.zendesk import problems
from connector.demo.zendesk.signed_urls import APP_ID

if TYPE_CHECKING:
    from connector.demo.zendesk.account import Account
    from connector.demo.zendesk.live import LiveUser

_LARGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Notice:
    """What an app heard, in one agent's browser or, where `agent` is None, in everybody's."""

    app: int
    event: str
    body: Any
    agent: int | None


@dataclass(frozen=True, slots=True)
class Display:
    """A customer's page that opened in an agent's browser."""

    agent: int
    user: int


@dataclass(frozen=True)
class Apps:
    """Keeps in `account` what reached whom."""

    account: Account

    def notify(self, document: object, size: int) -> None:
        """``POST /apps/notify``.

        Args:
            document: The body.
            size: Its bytes.

        Raises:
            RefusedError: 404 for an app that is not installed, 413 for what is too large, 422 for
                what cannot be done.
        """
        if size > _LARGEST:
            raise problems.invalid_value("Payload Too Large", 413)
        told = document if isinstance(document, dict) else {}
        app, event, agent = told.get("app_id"), told.get("event"), told.get("agent_id")
        if isinstance(app, bool) or not isinstance(app, int):
            raise problems.invalid_record("app_id")
        if app != APP_ID:
            raise problems.not_found()
        if not isinstance(event, str) or not event:
            raise problems.invalid_record("event")
        if agent is not None and not self._is_agent(agent):
            raise problems.invalid_record("agent_id")
        self.account.notices.append(Notice(app, event, told.get("body"), agent))

    def display(self, agent: int, user: int) -> None:
        """``POST /channels/voice/agents/{agent}/users/{user}/display``.

        Raises:
            RefusedError: 404 for an agent or a user who is not there.
        """
        found = self.account.users.get(user)
        if not self._is_agent(agent) or found is None or not found.active:
            raise problems.not_found()
        self.account.displays.append(Display(agent, user))

    def _is_agent(self, key: object) -> bool:
        found: LiveUser | None = self.account.users.get(key) if isinstance(key, int) else None
        return found is not None and found.active and found.role != "end-user"
