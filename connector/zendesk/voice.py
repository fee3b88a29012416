"""Calls: Zendesk Talk's `VoiceComment` and partner telephony's `TpeVoiceComment`.

The two name everything differently; a reader that knows the first only loses every partner call.
https://developer.zendesk.com/documentation/ticketing/reference-guides/ticket-audit-events-reference
https://developer.zendesk.com/api-reference/voice/talk-partner-edition-api/basics
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from memory.entities import Call

if TYPE_CHECKING:
    from connector.fields import Row

TALK, PARTNER = "VoiceComment", "TpeVoiceComment"
KINDS = frozenset({TALK, PARTNER})
CHANNEL = "voice"

_TOLD_ELSEWHERE = re.compile(
    r"^[ \t]*(?:call(?:ed)? (?:from|to)|voicemail (?:from|to)|time of call|location|answered by|"
    r"called by|length of phone call|call duration|listen to the recording)\b[^\n]*:[^\n]*\n?",
    re.IGNORECASE | re.MULTILINE,
)


def read_call(comment: Row) -> Call | None:
    """The call a comment tells of, or None where it is no voice comment.

    Args:
        comment: A ticket's comment.

    Raises:
        FieldError: A field of `data` is not what Zendesk documents.
    """
    kind = comment.raw("type")
    if kind == TALK:
        return _talk(comment.child("data"), comment.child("via"))
    if kind == PARTNER:
        return _partner(comment.child("data"))
    return None


def transcript(comment: Row) -> str | None:
    """What was said, where it was written down."""
    data = comment.child("data")
    return data.text("transcription_text") or data.text("transcript") or None


def own_words(body: str) -> str:
    """What a person wrote of a call, without the lines Zendesk puts in front.

    Those repeat the numbers, the caller's place and the duration.
    """
    return _TOLD_ELSEWHERE.sub("", body).strip()


def _talk(data: Row, via: Row) -> Call:
    outbound = data.flag("outbound", default=_is_outbound(via))
    seconds = data.number("call_duration")
    if seconds is None:
        seconds = data.number("recording_duration")
    return Call(
        direction="outbound" if outbound else "inbound",
        minutes=None if seconds is None else round(seconds / 60, 1),
        answered_by=data.maybe_id("answered_by_id"),
        number=data.word("to" if outbound else "from"),
    )


def _partner(data: Row) -> Call:
    outbound = (data.word("direction") or "").lower().startswith("out")
    began, ended = data.maybe_time("call_started_at"), data.maybe_time("call_ended_at")
    minutes = None
    if began is not None and ended is not None and ended >= began:
        minutes = round((ended - began).total_seconds() / 60, 1)
    return Call(
        direction="outbound" if outbound else "inbound",
        minutes=minutes,
        answered_by=data.maybe_id("answered_by_id"),
        number=data.word("to_line" if outbound else "from_line"),
    )


def _is_outbound(via: Row) -> bool:
    rel = via.child("source").raw("rel")
    return isinstance(rel, str) and rel.lower() == "outbound"
