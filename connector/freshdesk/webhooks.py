"""Reads what Freshdesk sends when something happens: what each event is about. No I/O.

Two senders are known. A rule's "trigger webhook" sends texts, `{"freshdesk_webhook": {"ticket_id":
"5", …}}`, or what its own template says: `{"ticket_id": "{{ticket.id}}"}` is all we need. A
Freshworks app sends product events, `{"event": "onTicketUpdate", "data": {"ticket": {…}, …}, …}`.
Neither is signed, so who sends has to be verified by a secret.
https://support.freshdesk.com/support/solutions/articles/132589-using-webhooks-in-automation-rules
https://github.com/freshworks-developers/marketplace (skills/app-dev/references)
"""

from __future__ import annotations

from connector.errors import EventError
from connector.fields import FieldError, Row
from connector.sync.webhooks import Event

RULE = "webhook"
"""What an event of an automation rule is called; such rules exist for tickets only."""

_ABOUT = {
    "onTicketCreate": ("ticket", "id"),
    "onTicketUpdate": ("ticket", "id"),
    "onTicketDelete": ("ticket", "id"),
    "onConversationCreate": ("conversation", "ticket_id"),
    "onConversationUpdate": ("conversation", "ticket_id"),
    "onConversationDelete": ("conversation", "ticket_id"),
    "onContactCreate": ("contact", "id"),
    "onContactUpdate": ("contact", "id"),
    "onContactDelete": ("contact", "id"),
}
"""Where a product event names what it is about."""


def read_event(document: object) -> Event:
    """What an event is about; one that nobody knows gives an event that is ignored.

    Args:
        document: The JSON document that was sent, its sender verified.

    Raises:
        EventError: It is not an event, or does not say what it is about.
    """
    try:
        return _event(Row(document))
    except FieldError as error:
        where = f"its {error.path} {error.reason}" if error.path else f"it {error.reason}"
        raise EventError(
            f"Freshdesk's event cannot be read: {where}.",
            'Let the rule send {"ticket_id": "{{ticket.id}}"} as JSON.',
        ) from None


def _event(row: Row) -> Event:
    name = row.word("event")
    if name is None:
        told = row.child("freshdesk_webhook") if "freshdesk_webhook" in row else row
        return Event(RULE, tickets=(told.id("ticket_id"),))
    if name not in _ABOUT:
        return Event(name)
    kind, key = _ABOUT[name]
    this = row.child("data").child(kind).id(key)
    return Event(name, people=(this,)) if kind == "contact" else Event(name, tickets=(this,))
