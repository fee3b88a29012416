"""What is written to the simulated account: comments, which a ticket's update carries.

https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#update-ticket
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from connector.demo.story_parts import ByAgent, Message
from connector.demo.times import iso
from connector.demo.zendesk import problems

if TYPE_CHECKING:
    from connector.demo.zendesk.account import Account
    from connector.demo.zendesk.live import LiveComment, LiveTicket, LiveUser
    from connector.demo.zendesk.rows import Row, Rows


@dataclass(frozen=True)
class Updates:
    """Changes `account` as it is asked to."""

    account: Account
    rows: Rows

    def ticket(self, key: int, document: object, user: LiveUser, now: int) -> Row:
        """``PUT /tickets/{id}`` with a ``comment``; the answer names it among the audit's events.

        A comment that does not say whether it is public is as public as the ticket. A safe update
        (``safe_update`` and ``updated_stamp``) is refused once the ticket has changed.

        Raises:
            RefusedError: 404 for a ticket that is not there, 400, 409 or 422 for what cannot be
                done.
        """
        ticket = self.account.tickets.get(key)
        if ticket is None or ticket.deleted:
            raise problems.not_found()
        asked = document.get("ticket") if isinstance(document, dict) else None
        if not isinstance(asked, dict):
            raise problems.invalid_value("Parameter ticket is required")
        if ticket.status == "closed":
            raise problems.invalid_record("status", "closed prevents ticket update")
        if asked.get("safe_update") and asked.get("updated_stamp") != iso(ticket.updated):
            raise problems.collision()
        said = asked.get("comment")
        events = [] if said is None else [self._comment(ticket, said, user, now)]
        return {"ticket": self.rows.ticket(key), "audit": self._audit(ticket, user, events, now)}

    def _comment(self, ticket: LiveTicket, said: object, user: LiveUser, now: int) -> LiveComment:
        if not isinstance(said, dict):
            raise problems.invalid_record("comment")
        text, markup = said.get("body"), said.get("html_body")
        words = text if isinstance(text, str) else markup
        public = said.get("public", self.rows.is_public(ticket))
        author = self.account.users.get(said.get("author_id", user.id))
        if not isinstance(words, str) or not words.strip() or not isinstance(public, bool):
            raise problems.invalid_record("comment")
        if author is None:
            raise problems.invalid_record("author")
        at = datetime.fromtimestamp(now, UTC)
        html = markup if isinstance(markup, str) else None
        told = Message(by=ByAgent(author.id), at=at, text=words, html=html, public=public)
        self.account.present = now
        comment = self.account.add_comment(ticket, told, [], api=True)
        ticket.updated = max(ticket.updated, now)
        self.account.generate(ticket, now)
        return comment

    def _audit(
        self, ticket: LiveTicket, user: LiveUser, comments: list[LiveComment], now: int
    ) -> Row:
        events: list[dict[str, Any]] = [self.rows.comment(ticket, each) for each in comments]
        return {
            "id": comments[0].audit if comments else None,
            "ticket_id": ticket.id,
            "created_at": iso(now),
            "author_id": user.id,
            "metadata": {"system": {}, "custom": {}},
            "via": {"channel": "api", "source": {"from": {}, "to": {}, "rel": None}},
            "events": events,
        }
