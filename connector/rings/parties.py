"""Remembers who still takes part in a call, where a phone system tells of one party at a time.

That one agent's telephone has stopped ringing ends the call only if it was the last.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.rings.event import State

MOST_CALLS = 5_000
MOST_PARTIES = 200
_LIVE: Mapping[str, State] = {
    "setup": "ringing",
    "proceeding": "ringing",
    "answered": "answered",
    "hold": "answered",
    "parked": "answered",
}
_LEFT = frozenset({"disconnected", "gone"})
_OVER = frozenset({"voicemail", "voicemailscreening", "vmscreening", "faxreceive"})
"""Nobody of ours will answer any more."""
_GOES_ON = frozenset(
    {
        "agentanswered",
        "attendedtransfer",
        "blindtransfer",
        "callerinputredirect",
        "callflip",
        "callpark",
        "callredirected",
        "callswitch",
        "dtmftransfer",
        "parklocation",
        "pickup",
        "rcctransfer",
        "takeover",
    }
)
"""Reasons for which a party leaves and the call goes on with another."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What a party's change means for the call.

    Attributes:
        state: The state of the call, or of the party that joined.
        left: Whether the party has left and the call goes on.
    """

    state: State
    left: bool


@dataclass(slots=True)
class _Party:
    code: str
    sequence: int


class Parties:
    """The parties of the calls of the last while; safe between threads."""

    def __init__(self, most: int = MOST_CALLS) -> None:
        """No call is known yet.

        Args:
            most: How many calls are remembered; the oldest goes first.
        """
        self._most = most
        self._calls: OrderedDict[str, dict[str, _Party]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._calls)

    def move(
        self, call: str, party: str, *, code: str, reason: str | None, sequence: int | None
    ) -> Moved | None:
        """Take note of a party's change.

        Args:
            call: The session.
            party: The party.
            code: What has become of it, such as `Proceeding`.
            reason: Why, where it is told.
            sequence: The place of the change among those of the call.

        Returns:
            None for old news and for codes that say nothing of ringing.
        """
        plain = code.casefold()
        if plain not in _LIVE and plain not in _LEFT | _OVER:
            return None
        with self._lock:
            parties = self._of(call)
            before = parties.get(party)
            place = sequence if sequence is not None else before.sequence if before else 0
            if before is not None and place < before.sequence:
                return None
            if before is not None or len(parties) < MOST_PARTIES:
                parties[party] = _Party(plain, place)
            return _moved(plain, (reason or "").casefold(), parties)

    def _of(self, call: str) -> dict[str, _Party]:
        parties = self._calls.setdefault(call, {})
        if len(self._calls) > self._most:
            self._calls.popitem(last=False)
        return parties


def _moved(code: str, reason: str, parties: Mapping[str, _Party]) -> Moved:
    if code in _LIVE:
        return Moved(_LIVE[code], left=False)
    live = {_LIVE[party.code] for party in parties.values() if party.code in _LIVE}
    if live:
        return Moved("answered" if "answered" in live else "ringing", left=True)
    if code in _LEFT and reason in _GOES_ON:
        return Moved("ringing", left=True)
    return Moved("ended", left=False)
