"""The calls nobody answered: a customer who rang in vain has been in touch, too."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from memory import policy

if TYPE_CHECKING:
    from memory.asking.document import Missed
    from memory.asking.facts import Facts
    from memory.asking.view import View
    from memory.record.stored import Stored

_REMEMBERED = timedelta(days=30)
"""Who rang in vain longer ago has found another way, or none; either way it is no news."""
_SAME_CALL = timedelta(minutes=10)
"""A phone system's ring and the helpdesk's own missed call so close to it are one call."""


def missed_of(view: View, facts: Facts) -> list[Missed]:
    """The calls nobody answered since an agent last spoke with the customer, the latest first.

    Args:
        view: How the question is asked.
        facts: What is known of the customer.
    """
    since = max(
        (
            view.as_of - _REMEMBERED,
            *(row.at for row in facts.contacts),
            *(row.at for row in facts.answered),
        )
    )
    missed = [row for row in facts.missed if since < row.at]
    told = [row.at for row in missed if not row.of_ring]
    return [
        _entry(view, row)
        for row in reversed(missed)
        if not (row.of_ring and any(abs(row.at - at) <= _SAME_CALL for at in told))
    ]


def _entry(view: View, row: Stored) -> Missed:
    """A voicemail's words stand beside it, unless they are sensitive."""
    told = bool(row.message_id and row.quote) and not policy.sensitive_words(row.quote)
    return {
        "on": view.day(row.at),
        "channel": row.channel or "voice",
        "evidence": [view.evidence(row)] if told else [],
        "first_view": True,
    }


def only_missed(facts: Facts) -> set[str]:
    """The tickets that are nothing but calls nobody answered."""
    spoken = {row.ticket_id for row in facts.contacts}
    return {row.ticket_id for row in facts.missed if row.ticket_id} - spoken
