"""A call as Zendesk shows it in a comment: its own telephony's names, or a partner's others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from connector.demo.times import iso

if TYPE_CHECKING:
    from connector.demo.story_parts import Call
    from connector.demo.zendesk.account import Account
    from connector.demo.zendesk.live import LiveComment


_TITLES = {"missed": "Missed call", "abandoned": "Abandoned call", "voicemail": "Voicemail"}


def voice_fields(account: Account, comment: LiveComment, call: Call) -> dict[str, Any]:
    """What a voice comment has beyond a plain one.

    A partner's call has ``type`` ``TpeVoiceComment`` and names of its own; whoever knows only
    ``VoiceComment`` loses it.
    """
    if call.kind == "partner":
        return {"type": "TpeVoiceComment", "data": _partner(comment, call)}
    return {
        "type": "VoiceComment",
        "data": _talk(account, comment, call),
        "formatted_from": formatted(comment.caller),
        "formatted_to": formatted(comment.called),
        "transcription_visible": call.transcript is not None,
        "trusted": True,
    }


def _talk(account: Account, comment: LiveComment, call: Call) -> dict[str, Any]:
    """Two accounts' habits in one: ``call_duration`` is a number or a string, times differ too."""
    duration = round(call.minutes * 60)
    # The same in every run, and different from one call to the next.
    odd = bool((comment.audit // 100_000 + comment.audit // 16) % 2)
    agent = account.users.get(call.answered_by or 0)
    started = iso(comment.at) or ""
    data = {
        "from": comment.caller,
        "to": comment.called,
        "recording_url": f"https://{account.story.account}.zendesk.com/api/v2/channels/voice"
        f"/calls/CA{comment.id:032x}/twilio/recording",
        "recording_duration": str(duration),
        "call_duration": str(duration) if odd else duration,
        "call_id": comment.id,
        "answered_by_id": call.answered_by,
        "answered_by_name": agent.name if agent else None,
        "transcription_text": call.transcript,
        "transcription_status": "completed" if call.transcript else "none",
        "started_at": started.replace("T", " ").replace("Z", " UTC") if odd else started,
        "location": "New York, New York, United States",
        "outbound": call.direction == "outbound",
        "recorded": True,
        "voicemail": call.voicemail,
    }
    return data if call.transcript else {**data, "transcription_text": ""}


def _partner(comment: LiveComment, call: Call) -> dict[str, Any]:
    """Nothing tells who answered; of a missed call only the title tells."""
    return {
        "app_id": 1042,
        "call_id": f"partner-{comment.id}",
        "call_started_at": iso(comment.at),
        "call_ended_at": iso(comment.at + round(call.minutes * 60)),
        "direction": call.direction,
        "from_line": comment.caller,
        "to_line": comment.called,
        "recording_url": f"https://recordings.partner.example/{comment.id}.mp3",
        "title": _TITLES.get(call.outcome) or f"{call.direction.capitalize()} call",
        "transcript": call.transcript,
    }


def voice_via(comment: LiveComment, call: Call) -> dict[str, Any]:
    """The ``via`` of a call: channel ``voice`` for Talk, ``api`` for a partner's."""
    if call.kind == "partner":
        return {"channel": "api", "source": {"from": {}, "to": {}, "rel": None}}
    rel = "voicemail" if call.voicemail else call.direction
    return {
        "channel": "voice",
        "source": {
            "rel": rel,
            "from": _party(comment.caller),
            "to": _party(comment.called),
        },
    }


def _party(number: str) -> dict[str, str]:
    return {"formatted_phone": formatted(number), "phone": number}


def formatted(number: str) -> str:
    """A North American number as Zendesk prints it; any other text as it is."""
    found = re.fullmatch(r"\+1(\d{3})(\d{3})(\d{4})", number)
    return f"+1 ({found[1]}) {found[2]}-{found[3]}" if found else number
