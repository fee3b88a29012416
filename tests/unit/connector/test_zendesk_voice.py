"""Calls, in Talk's words and in a partner's."""

from __future__ import annotations

from typing import Any

import pytest

from connector.fields import Row
from connector.zendesk import rows
from memory.entities import Call, Message

AT = "2026-07-01T10:00:00Z"
LINE = "+18005550142"
CALLER = "+12125550101"


def talk(body: str = "", **data: Any) -> Message:
    """A Talk call as a message."""
    usual = {
        "from": CALLER,
        "to": LINE,
        "call_duration": 5820,
        "answered_by_id": 11,
        "started_at": "2026-07-01 10:00:00 UTC",
        "outbound": False,
    }
    return read("VoiceComment", {**usual, **data}, body, {"channel": "voice"})


def partner(body: str = "", **data: Any) -> Message:
    """A partner's call as a message."""
    usual = {
        "from_line": CALLER,
        "to_line": LINE,
        "direction": "inbound",
        "call_started_at": AT,
        "call_ended_at": "2026-07-01T11:37:00Z",
    }
    return read("TpeVoiceComment", {**usual, **data}, body, {"channel": "api"})


def read(kind: str, data: dict[str, Any], body: str, via: dict[str, Any]) -> Message:
    """A voice comment as a message."""
    row = {
        "id": 1,
        "type": kind,
        "author_id": 7,
        "public": True,
        "created_at": AT,
        "body": body,
        "via": via,
        "data": data,
    }
    return rows.comment(Row(row), "5")


@pytest.mark.parametrize("message", [talk(), partner(answered_by_id=11)])
def test_both_kinds_are_calls_on_the_channel_voice(message: Message) -> None:
    """A partner's call comes by the API and is a call all the same."""
    assert message.channel == "voice"
    assert message.call == Call("inbound", 97.0, "11", CALLER)


@pytest.mark.parametrize(
    ("message", "number"),
    [(talk(call_id=360_001), "360001"), (partner(call_id="CA-7f"), "CA-7f"), (talk(), None)],
    ids=["talk", "partner", "untold"],
)
def test_a_call_is_known_by_the_telephonys_own_id(message: Message, number: str | None) -> None:
    """A number from Talk, any text from a partner."""
    assert message.call is not None
    assert message.call.id == number


@pytest.mark.parametrize(
    "message",
    [
        talk(answered_by_id=None),
        talk(answered_by_id=None, voicemail=True, transcription_text="Ring me"),
        talk(voicemail=True),
        partner(title="Missed call from Mara"),
        partner(title="Voicemail", transcript="Ring me"),
        partner(call_ended_at=AT),
        read("VoiceComment", {"from": CALLER}, "", {"source": {"rel": "voicemail"}}),
    ],
    ids=["nobody", "words", "voicemail", "title", "machine", "no-time", "via"],
)
def test_a_call_nobody_answered_is_missed(message: Message) -> None:
    """Whether it left words on the machine or not."""
    assert message.call is not None
    assert message.call.missed
    assert message.call.answered_by in {None, "11"}


@pytest.mark.parametrize(
    "message",
    [
        talk(),
        partner(),
        partner(title="Missed call", answered_by_id=11),
        partner(title="Call about a missed delivery"),
        talk(outbound=True, answered_by_id=None),
        partner(direction="outbound", title="Voicemail"),
        read("VoiceComment", {"from": CALLER, "call_duration": 60}, "", {}),
    ],
    ids=["answered", "partner", "named", "title", "outbound", "partner-outbound", "untold"],
)
def test_other_calls_are_not_missed(message: Message) -> None:
    """An agent's own calls are not, nor is one of which nothing says who answered."""
    assert message.call is not None
    assert not message.call.missed


@pytest.mark.parametrize(
    ("duration", "minutes"),
    [(5820, 97.0), ("0300", 5.0), (125, 2.1), ("125.0", 2.1), (0, 0.0), (None, 1.5), ("", 1.5)],
)
def test_a_duration_is_a_number_or_text(duration: object, minutes: float) -> None:
    """Accounts differ; without it the recording's length is taken."""
    call = talk(call_duration=duration, recording_duration="90").call
    assert call is not None
    assert call.minutes == minutes


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        (AT, "2026-07-01T10:02:05Z", 2.1),
        ("2026-07-01 10:00:00 UTC", "2026-07-01T10:02:05+00:00", 2.1),
        (AT, None, None),
        (None, AT, None),
        (AT, "2026-07-01T09:59:00Z", None),
    ],
)
def test_a_partners_call_lasts_from_start_to_end(
    start: str | None, end: str | None, minutes: float | None
) -> None:
    """In either way of writing times; unknown where one is missing or they are swapped."""
    call = partner(call_started_at=start, call_ended_at=end).call
    assert call is not None
    assert call.minutes == minutes


def test_the_number_is_never_the_companys_line() -> None:
    """Inbound it is who rang, outbound who was rung."""
    outward = [
        talk(outbound=True, **{"from": LINE, "to": CALLER}),
        partner(direction="outbound", from_line=LINE, to_line=CALLER),
    ]
    assert {message.call for message in outward} == {
        Call("outbound", 97.0, "11", CALLER),
        Call("outbound", 97.0, None, CALLER),
    }


def test_a_hidden_number_is_kept_as_written() -> None:
    """What hides behind it is decided where numbers are understood."""
    call = talk(**{"from": "anonymous"}).call
    assert call is not None
    assert call.number == "anonymous"


def test_the_direction_may_stand_in_via_only() -> None:
    """Older Talk comments lack `outbound`."""
    via = {"channel": "voice", "source": {"rel": "outbound"}}
    call = read("VoiceComment", {"from": LINE, "to": CALLER}, "", via).call
    assert call == Call("outbound", None, None, CALLER)


@pytest.mark.parametrize(
    "message",
    [talk("Call from: x", transcription_text="Hi, Mara"), partner(transcript="Hi, Mara")],
)
def test_a_transcript_is_the_messages_text(message: Message) -> None:
    """What was said stands before what Zendesk writes of the call."""
    assert message.text == "Hi, Mara"


def test_a_transcript_may_come_in_segments() -> None:
    """Each with its speaker; the machine's summary is nobody's words."""
    segments = [
        {"start": 0, "end": 2, "speaker": "Customer", "text": "It costs too much"},
        {"start": 2, "end": 3, "speaker": None, "text": "Let me look"},
        {"start": 3, "end": 3, "speaker": "Agent", "text": " "},
    ]
    told = {"language": "en", "segments": segments, "summary": "Customer is unhappy"}
    for key in ("transcription", "transcript", "transcription_text"):
        assert talk("x", **{key: told}).text == "Customer: It costs too much\nLet me look"
    assert talk("noted", transcription={"segments": None}).text == "noted"


def test_the_lines_zendesk_writes_of_a_call_are_left_out() -> None:
    """They repeat numbers and the caller's place; what the agent wrote stays."""
    body = (
        "Call from: +1 (212) 555-0101\nCall to: +1 (800) 555-0142\n"
        "Time of call: July 1, 2026 10:00\nLocation: New York, New York, United States\n"
        "Answered by: Daniel Osei\nLength of phone call: 97 minutes\n"
        "set up roaming, cb fri\nLocation of the router is the cellar"
    )
    assert talk(body).text == "set up roaming, cb fri\nLocation of the router is the cellar"


def test_a_call_without_data_is_still_a_call() -> None:
    """Scrubbed or restricted, its length and number are unknown."""
    message = read("VoiceComment", {}, "noted", {"channel": "voice"})
    assert message.call == Call("inbound")
    assert message.text == "noted"


@pytest.mark.parametrize("kind", ["Comment", None, "NewKind"])
def test_other_comments_are_no_calls(kind: str | None) -> None:
    """Even when they have data."""
    row = {"id": 1, "type": kind, "created_at": AT, "body": "x", "data": {"call_duration": 5}}
    assert rows.comment(Row(row), "5").call is None
