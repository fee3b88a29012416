"""Reads what Freshdesk sends when something changes: what each event is about. No I/O.

Automation rules send `{"freshdesk_webhook": {"ticket_id": …}}`, or a body of one's own, of which
only `{"ticket_id": …}` is read: text that a template puts in may break the JSON. The serverless
part of an app hands on product events as they are.
https://support.freshdesk.com/support/solutions/articles/132589-using-webhooks-in-automation-rules
https://developers.freshworks.com/docs/app-sdk/v3.0/support_ticket/serverless-apps/product-events/
"""

from __future__ import annotations

from connector.errors import EventError
from connector.fields import FieldError, Row
from connector.sync.webhooks import Event

AUTOMATION = "automation"
"""What an automation rule's webhook is called: it does not say what happened."""

TICKET_EVENTS = frozenset({"onTicketCreate", "onTicketUpdate", "onTicketDelete"})
CONVERSATION_EVENTS = frozenset(
    {"onConversationCreate", "onConversationUpdate", "onConversationDelete"}
)
CONTACT_EVENTS = frozenset({"onContactCreate", "onContactUpdate", "onContactDelete"})

_NOBODY = frozenset({None, "0"})


def read_event(document: object) -> Event:
    """What an event is about, sent by an automation rule or by an app.

    Product events that nobody knows give an event that is ignored.

    Args:
        document: The JSON document that came, its sender verified.

    Raises:
        EventError: It is not an event, or does not say what it is about.
    """
    try:
        row = Row(document)
        return _of_app(row) if "event" in row else _of_rule(row)
    except FieldError as error:
        where = f"its {error.path} {error.reason}" if error.path else f"it {error.reason}"
        raise EventError(
            f"Freshdesk's event cannot be read: {where}.",
            'Let the automation rule send {"ticket_id": "{{ticket.id}}"}, or the app its events.',
        ) from None


def _of_rule(row: Row) -> Event:
    simple = "freshdesk_webhook" in row
    return Event(AUTOMATION, tickets=(_id(row.child("freshdesk_webhook") if simple else row),))


def _of_app(row: Row) -> Event:
    """An app's event. One of a conversation names its ticket; a deleted ticket's is an update."""
    name = row.word("event") or ""
    data = row.child("data")
    if name in TICKET_EVENTS:
        return Event(name, tickets=(_id(data.child("ticket"), "id"),))
    if name in CONVERSATION_EVENTS:
        return Event(name, tickets=(_id(data.child("conversation")),))
    if name in CONTACT_EVENTS:
        return Event(name, people=(_id(data.child("contact"), "id"),))
    return Event(name)


def _id(row: Row, key: str = "ticket_id") -> str:
    found = row.maybe_id(key)
    if found is None or found in _NOBODY:
        raise FieldError(row.path(key), "is missing")
    return found
