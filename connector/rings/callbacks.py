"""Reads status callbacks of the shape that Twilio invented and Telnyx's TeXML shares.

They come as a form, as a query or as JSON, each with a `CallSid` and a `CallStatus`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from connector.fields import FieldError, Row
from connector.headers import http_date
from connector.rings.event import RingEvent
from connector.rings.legs import leg
from connector.rings.reading import json_row, known, moment, needed, word

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from urllib.parse import SplitResult

    from connector.rings.event import RingRequest, State

_FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 500
_STATES: Mapping[str, State] = {
    "queued": "ringing",
    "initiated": "ringing",
    "ringing": "ringing",
    "in-progress": "answered",
    "answered": "answered",
    "completed": "ended",
    "busy": "ended",
    "no-answer": "ended",
    "canceled": "ended",
    "failed": "ended",
}
_UNANSWERED = frozenset({"busy", "no-answer", "canceled", "failed"})


def callback(provider: str, row: Row, address: Row, now: datetime) -> RingEvent | None:
    """The event that a callback is.

    Args:
        provider: The phone system.
        row: The fields of the callback.
        address: Those of the address that it was sent to, which its owner chose.
        now: When it came; UTC.
    """
    call, status = needed(row, "CallSid"), needed(row, "CallStatus").casefold()
    state = _STATES.get(status)
    if state is None:
        return None
    parent = word(row, "ParentCallSid")
    usual = "inbound" if parent is None else "outbound"
    ends = leg(
        word(row, "From"),
        word(row, "To"),
        incoming=(word(row, "Direction") or usual).casefold() == "inbound",
        agent_rung=(word(address, "direction") or "").casefold() == "inbound",
    )
    agents = known([word(address, "agent") or ends.agent])
    gone = ends.rung and status in _UNANSWERED
    return RingEvent(
        provider=provider,
        call_id=(parent if ends.rung else None) or call,
        caller=ends.caller,
        called=ends.called,
        direction=ends.direction,
        agents=() if gone else agents,
        state="ringing" if gone else state,
        at=http_date(word(row, "Timestamp") or "") or moment(row, ["Timestamp"], now),
        group=word(address, "group"),
        left=agents if gone else (),
    )


def fields(request: RingRequest) -> Row:
    """The fields of a callback, wherever they are."""
    if not request.body:
        return query(request)
    if is_form(request):
        return Row(dict(pairs(request.body)))
    return json_row(request.body)


def query(request: RingRequest) -> Row:
    """The fields of the address."""
    return Row(dict(pairs(split(request.url).query.encode("utf-8", "replace"))))


def is_form(request: RingRequest) -> bool:
    """Whether the body is a form; it is one unless it says otherwise."""
    return request.headers.get("content-type", _FORM).partition(";")[0].strip().lower() == _FORM


def pairs(form: bytes) -> list[tuple[str, str]]:
    """Names and values of a form, in their order.

    Raises:
        FieldError: It is none.
    """
    try:
        return parse_qsl(
            form.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        raise FieldError("", "is not a form") from None


def split(url: str) -> SplitResult:
    """An address in its parts.

    Raises:
        FieldError: It is none.
    """
    try:
        return urlsplit(url)
    except ValueError:
        raise FieldError("", "has no address") from None
