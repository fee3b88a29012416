"""One shape for what every phone system says of a call, and for the request it says it with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from memory.errors import RememberError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

Direction = Literal["inbound", "outbound"]
State = Literal["ringing", "answered", "ended"]


@dataclass(frozen=True, slots=True)
class RingRequest:
    """A webhook as it came.

    Attributes:
        url: The address the phone system called, as `PUBLIC_URL` says it: some sign it.
        headers: With names in lower case.
        body: The raw bytes: what is signed.
    """

    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class RingEvent:
    """A moment of a call.

    Attributes:
        provider: The phone system, as in `/v1/rings/{provider}`.
        call_id: As the phone system names the call; the same through all its moments.
        caller: The other end, as the phone system writes it (of an outbound call: who is rung);
            None where it is withheld or no number (`client:`, `sip:` without digits).
        called: Our line, as the phone system names it.
        direction: Who calls whom.
        agents: Names of the agents whom it rings, or who answered: e-mails or the phone system's
            ids, and of one agent both where both are told; empty where it names none.
        state: What has happened.
        at: When; UTC.
        group: The queue or line, by which `AGENT_MAP` knows who may answer.
        left: Names of agents whom it no longer rings though the call goes on: they declined, did
            not pick up, or another was faster. Such an event says nothing else of anyone.
        sequence: Its place among the moments of the call, where the phone system counts them;
            a lesser one that comes later is old news.
    """

    provider: str
    call_id: str
    caller: str | None
    called: str | None
    direction: Direction
    agents: tuple[str, ...]
    state: State
    at: datetime
    group: str | None = None
    left: tuple[str, ...] = ()
    sequence: int | None = None


@dataclass(frozen=True, slots=True)
class RingReply:
    """What a phone system demands to hear in place of the usual 204."""

    status: int
    headers: Mapping[str, str]


class RingRefusedError(RememberError):
    """A ring whose sender is not proven; nothing of it was used."""

    exit_code = 4
    title = "The ring is refused"


class RingRepeatedError(RingRefusedError):
    """A ring that was told before, word for word: a copy, or a phone system that tells it twice."""

    title = "The ring was told before"


class RingUnreadableError(RememberError):
    """A ring that is not what its phone system documents."""

    exit_code = 2
    title = "The ring cannot be read"
