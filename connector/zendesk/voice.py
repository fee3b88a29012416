"""Calls: Talk's `VoiceComment`, partner telephony's `TpeVoiceComment`, Talk's lists of calls.

The comments name everything differently; a reader that knows the first only loses every partner
call. In the lists `phone_number` and `line` are the company's own; who rang is an id.
https://developer.zendesk.com/documentation/ticketing/reference-guides/ticket-audit-events-reference
https://developer.zendesk.com/api-reference/voice/talk-partner-edition-api/basics
"""

from __future__ import annotations

import re

from connector.fields import Row
from memory.entities import Call, CallOutcome, CallRecord, Leg

TALK, PARTNER = "VoiceComment", "TpeVoiceComment"
KINDS = frozenset({TALK, PARTNER})
CHANNEL = "voice"
_AGENT_LEGS = frozenset({"agent", "external"})
_NOBODY = re.compile(
    r"^\s*(?:missed|unanswered|abandoned|no answer|voice ?mail)\b"
    r"|\b(?:missed|unanswered|abandoned) call\b",
    re.IGNORECASE,
)

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


def call_record(row: Row) -> CallRecord | None:
    """A call of the export; None for one that has not ended."""
    status, seconds = row.word("completion_status"), row.number("talk_time")
    if status is None and not seconds and not row.number("duration"):
        return None
    created_at = row.time("created_at")
    outbound = (row.word("direction") or "").lower().startswith("out")
    return CallRecord(
        id=row.id("id"),
        customer_id=row.maybe_id("customer_id"),
        ticket_id=row.maybe_id("ticket_id"),
        agent_id=row.maybe_id("agent_id"),
        direction="outbound" if outbound else "inbound",
        outcome=_outcome(row, status, seconds, outbound=outbound),
        at=created_at,
        updated_at=row.maybe_time("updated_at") or created_at,
        minutes=_minutes(seconds),
    )


def leg(row: Row) -> Leg | None:
    """An agent's leg; None for a customer's or a listener's, and for one that still rings."""
    status, seconds = row.word("completion_status"), row.number("talk_time")
    if row.word("type") not in _AGENT_LEGS or status is None:
        return None
    if seconds or (status == "completed" and seconds is None):
        outcome = CallOutcome.ANSWERED
    elif status == "customer_hang_up":
        outcome = CallOutcome.ABANDONED
    else:
        outcome = CallOutcome.MISSED
    return Leg(
        row.id("id"), row.id("call_id"), row.maybe_id("agent_id"), outcome, _minutes(seconds)
    )


def transcript(comment: Row) -> str | None:
    """What was said, where it was written down: as text, or in segments with their speakers."""
    data = comment.child("data")
    for key in ("transcription_text", "transcript", "transcription"):
        said = _segments(data.child(key)) if isinstance(data.raw(key), dict) else data.text(key)
        if said:
            return said
    return None


def _segments(transcription: Row) -> str:
    """The lines of a transcription; its summary is a machine's and nobody's words."""
    segments = transcription.raw("segments")
    lines = []
    for place, segment in enumerate(segments if isinstance(segments, list) else ()):
        row = Row(segment, f"{transcription.path('segments')}.{place}")
        text, speaker = row.word("text"), row.word("speaker")
        if text:
            lines.append(f"{speaker}: {text}" if speaker else text)
    return "\n".join(lines)


def own_words(body: str) -> str:
    """What a person wrote of a call, without the lines Zendesk puts in front.

    Those repeat the numbers, the caller's place and the duration.
    """
    return _TOLD_ELSEWHERE.sub("", body).strip()


def _talk(data: Row, via: Row) -> Call:
    outbound = data.flag("outbound", default=_rel(via) == "outbound")
    seconds = data.number("call_duration")
    if seconds is None:
        seconds = data.number("recording_duration")
    nobody = data.tells("answered_by_id") and "answered_by_id" not in data
    voicemail = data.flag("voicemail", default=_rel(via) == "voicemail")
    return Call(
        direction="outbound" if outbound else "inbound",
        minutes=_minutes(seconds),
        answered_by=data.maybe_id("answered_by_id"),
        number=data.word("to" if outbound else "from"),
        id=data.word("call_id"),
        missed=not outbound and (nobody or voicemail),
    )


def _partner(data: Row) -> Call:
    outbound = (data.word("direction") or "").lower().startswith("out")
    began, ended = data.maybe_time("call_started_at"), data.maybe_time("call_ended_at")
    minutes = None
    if began is not None and ended is not None and ended >= began:
        minutes = _minutes((ended - began).total_seconds())
    # Nothing but the partner's title and the length tell that nobody answered.
    nobody = minutes == 0 or _NOBODY.search(data.word("title") or "") is not None
    return Call(
        direction="outbound" if outbound else "inbound",
        minutes=minutes,
        answered_by=data.maybe_id("answered_by_id"),
        number=data.word("to_line" if outbound else "from_line"),
        id=data.word("call_id"),
        missed=not outbound and "answered_by_id" not in data and nobody,
    )


def _rel(via: Row) -> str:
    rel = via.child("source").raw("rel")
    return rel.lower() if isinstance(rel, str) else ""


def _outcome(row: Row, status: str | None, seconds: float | None, *, outbound: bool) -> CallOutcome:
    """How a call ended: Talk says `completed` of a call that nobody picked up, too.

    One whom an agent had on the line, and who hung up while on hold, was answered.
    """
    if row.flag("voicemail", default=False) or status == "pending_voicemail":
        return CallOutcome.VOICEMAIL
    if seconds:
        return CallOutcome.ANSWERED
    if (status or "").startswith("abandoned"):
        return CallOutcome.ABANDONED
    picked_up = "agent_id" in row and not (outbound and seconds == 0)
    is_answered = status == "completed" and picked_up
    return CallOutcome.ANSWERED if is_answered else CallOutcome.MISSED


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / 60, 1)
