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
            ids; empty where it names none.
        state: What has happened.
        at: When; UTC.
        group: The queue or line, by which `AGENT_MAP` knows who may answer.
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


class RingRefusedError(RememberError):
    """A ring whose sender is not proven; nothing of it was used."""

    exit_code = 4
    title = "The ring is refused"


class RingUnreadableError(RememberError):
    """A ring that is not what its phone system documents."""

    exit_code = 2
    title = "The ring cannot be read"
