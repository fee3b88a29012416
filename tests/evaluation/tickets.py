"""The messages of a table's case as the turns that remembering reads."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from memory.remembering.keeping import Event
from memory.remembering.turns import turns_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import tzinfo

CUSTOMER = "customer"


def events_of(messages: Iterable[Mapping[str, Any]], zone: tzinfo) -> list[Event]:
    """The turns of a case; an agent's id is their name."""
    return [
        Event(turn, message.get("call"))
        for number, message in enumerate(messages)
        for turn in turns_of(_row(number, message, zone), CUSTOMER)
    ]


def _row(number: int, message: Mapping[str, Any], zone: tzinfo) -> SimpleNamespace:
    """A message as `queries.messages_of_tickets` would give it."""
    by_customer = message["by"] == "customer"
    call = message.get("call")
    return SimpleNamespace(
        ticket_id="1",
        id=f"m{number}",
        author_id=CUSTOMER if by_customer else message["who"],
        answered_by=message.get("who"),
        role="customer" if by_customer else "agent",
        at=datetime.fromisoformat(message["at"]).replace(tzinfo=zone).astimezone(UTC),
        channel="voice" if call else "email",
        public=message["by"] != "note",
        direction=call,
        text=message["text"],
    )
