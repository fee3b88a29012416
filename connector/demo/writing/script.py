"""From a scripted ticket to a ticket of the story.

A scripted ticket says who spoke in a short head before each text. Heads are::

    customer            agent               the ticket's customer, its assignee
    note                                    the assignee, unseen by the customer
    tom    tom note     ana                 another agent or customer, by key
    system              system note         the helpdesk itself
    call in 97          call out 4.5        a call, its minutes; words may follow:
                                            by=tom  from=+1…  partner  voicemail  missed

and ``+10m``, ``+3h``, ``+2d`` after a head is the time since the message before. The text of a
call is its transcript; ``C:`` and ``A:`` at the start of its lines are the two voices.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]

AS_OF = datetime(2026, 7, 7, 9, tzinfo=UTC)
"""The story's present time."""

CLOSES_AFTER = timedelta(days=28)
"""How long a solved ticket stays open to a reply, as Zendesk closes them by default."""

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_USUAL_GAP = {"chat": timedelta(minutes=1), "voice": timedelta(minutes=3)}
_OTHER_GAP = timedelta(hours=3)
_MORNING = 13
_EVENING = 23


@dataclass(frozen=True, slots=True)
class Names:
    """Who is meant by a key: the ids of agents and customers, and the agents' names."""

    agents: dict[str, int]
    customers: dict[str, int]
    agent_names: dict[str, str]


def rfc3339(moment: datetime) -> str:
    """Return the time as the story writes it: UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def settled(at: datetime) -> str:
    """Return the status of a ticket of that time with which nothing is left to do."""
    return "solved" if AS_OF - at < CLOSES_AFTER else "closed"


def ticket(spec: Json, customer: int, names: Names) -> Json:
    """Return the story's ticket, without its id, for a scripted one.

    Raises:
        ValueError: a head names nobody.
    """
    assignee = spec.get("agent")
    at: datetime = spec["at"]
    messages: list[Json] = []
    for head, text in spec["said"]:
        step = _gap(head)
        if step is None:
            step = _USUAL_GAP.get(spec["channel"], _OTHER_GAP) if messages else timedelta(0)
        at = _at_work(at + step) if spec["channel"] in {"email", "web"} and messages else at + step
        message = _message(head, text.strip(), assignee, names)
        messages.append({**message, "at": rfc3339(at)})
        at += timedelta(minutes=round(message.get("call", {}).get("minutes", 0.0)))
    made: Json = {
        "customer": customer,
        "agent": names.agents[assignee] if assignee else None,
        "subject": spec["subject"],
        "channel": spec["channel"],
        "status": spec.get("status", settled(spec["at"])),
        "at": rfc3339(spec["at"]),
        "messages": messages,
    }
    if made["status"] in {"solved", "closed"}:
        made["solved_at"] = rfc3339(at)
    if "rating" in spec:
        made["rating"] = {
            "score": spec["rating"],
            "agent": made["agent"],
            "at": rfc3339(at + timedelta(hours=20)),
        }
        if "rating_comment" in spec:
            made["rating"]["comment"] = spec["rating_comment"]
    return made


def message(head: str, text: str, at: datetime, assignee: str | None, names: Names) -> Json:
    """Return one message of the story, as a later change adds it."""
    return {**_message(head, text.strip(), assignee, names), "at": rfc3339(at)}


def lone_call(spec: Json, customer: int | None, names: Names) -> Json:
    """Return a call of the story that left no ticket, from a head and a time.

    Raises:
        ValueError: a head names nobody.
    """
    words = spec["call"].split()
    call = _call(words, "", None, names)["call"]
    return {"id": spec["id"], "at": rfc3339(spec["at"]), "customer": customer, "call": call}


def _at_work(at: datetime) -> datetime:
    """Move what would be written late in the evening to the next morning, by New York's clock."""
    if at.hour < _EVENING and at.hour >= _MORNING:
        return at
    day = at if at.hour < _MORNING else at + timedelta(days=1)
    return day.replace(hour=_MORNING)


def _gap(head: str) -> timedelta | None:
    found = re.search(r"\+(\d+)([mhd])\b", head)
    return timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else None


def _message(head: str, text: str, assignee: str | None, names: Names) -> Json:
    who, *rest = head.split()
    if who == "call":
        return _call(rest, text, assignee, names)
    if who == "note":
        who, rest = "agent", ["note"]
    by: str | Json
    if who in {"customer", "agent", "system"}:
        by = who
    elif who in names.agents:
        by = {"agent": names.agents[who]}
    elif who in names.customers:
        by = {"customer": names.customers[who]}
    else:
        raise ValueError(f"the head {head!r} names nobody")
    said: Json = {"by": by, "text": text}
    if "note" in rest:
        said["public"] = False
    return said


def _call(words: list[str], transcript: str, assignee: str | None, names: Names) -> Json:
    direction = "inbound" if words[0] == "in" else "outbound"
    options = dict(word.split("=") for word in words if "=" in word)
    answered = None if {"missed", "voicemail"} & set(words) else options.get("by", assignee)
    minutes = float(words[1])
    call: Json = {
        "kind": "partner" if "partner" in words else "talk",
        "direction": direction,
        "minutes": minutes,
        "answered_by": names.agents[answered] if answered else None,
    }
    if "from" in options:
        call["from"] = options["from"]
    if "voicemail" in words:
        call["voicemail"] = True
    if "missed" in words:
        call["outcome"] = "missed"
    if transcript:
        call["transcript"] = re.sub(r"^C: ", "Customer: ", transcript, flags=re.MULTILINE)
        call["transcript"] = re.sub(r"^A: ", "Agent: ", call["transcript"], flags=re.MULTILINE)
    who = f", answered by {names.agent_names[answered]}" if answered else ""
    text = "Missed call" if "missed" in words else f"{direction.capitalize()} call{who}"
    if "voicemail" in words:
        text = "Voicemail"
    by = "customer" if direction == "inbound" else "agent"
    return {"by": by, "text": text, "call": call}
