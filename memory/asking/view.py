"""The eyes a question is asked with: whose record, what time it is, what may be shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date, datetime, tzinfo

    from memory.asking.document import Evidence
    from memory.record import Account
    from memory.record.stored import Stored

Sensitive = Literal["full", "masked", "off"]

_TICKET_PAGES = {"zendesk": "agent/tickets", "freshdesk": "a/tickets"}
_CUSTOMER_PAGES = {"zendesk": "agent/users", "freshdesk": "a/contacts"}


@dataclass(frozen=True, slots=True)
class View:
    """How one question is asked.

    Attributes:
        as_of: The present, for "8 days ago"; what was said later is not shown.
        zone: What "Friday" means.
        sensitive: The account's policy for sensitive kinds.
        reveal: Whether hidden words are shown; the caller has logged it.
    """

    account: Account
    as_of: datetime
    zone: tzinfo
    sensitive: Sensitive = "masked"
    reveal: bool = False

    @property
    def today(self) -> date:
        """The day it is."""
        return self.as_of.astimezone(self.zone).date()

    def day(self, at: datetime) -> str:
        """The day of a time, as the brief writes it."""
        return at.astimezone(self.zone).date().isoformat()

    def days_ago(self, at: datetime) -> int:
        """Whole days between a time's day and today."""
        return (self.today - at.astimezone(self.zone).date()).days

    def ticket_url(self, ticket_id: str) -> str:
        """The agent's page of a ticket."""
        return f"{self.account.url}/{_TICKET_PAGES[self.account.provider]}/{ticket_id}"

    def customer_url(self, person_id: str) -> str:
        """The agent's page of a customer."""
        return f"{self.account.url}/{_CUSTOMER_PAGES[self.account.provider]}/{person_id}"

    def evidence(self, row: Stored, quote: str | None = None) -> Evidence:
        """A row of `of_customer.evidence_of` as the brief writes it.

        Args:
            row: With a message; a ticket's subject is no evidence.
            quote: A part of the row's quote to show in its place.
        """
        return {
            "ticket": self.account.ref(row.ticket_id),
            "message": row.message_id,
            "url": self.ticket_url(row.ticket_id),
            "said_on": self.day(row.at),
            "channel": row.channel,
            "author": {"name": row.author_name, "role": row.role or "other"},
            "quote": row.quote if quote is None else quote,
        }


def rfc3339(at: datetime) -> str:
    """A time as documents write it: UTC, to the second, with a Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
