"""Counts failed log-ins by where they come from; a few are human, many are not."""

from __future__ import annotations

from collections import OrderedDict, deque
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connector.clock import Clock

MOST = 20
"""Failures of one peer within the window; a whole office may stand behind one address."""

WINDOW = 60.0
"""Seconds."""

PEERS = 4096
"""Of how many peers failures are known; the one that is longest quiet is forgotten first."""

_NETWORK = 64
"""Bits of an IPv6 address that one customer of a provider has to themselves (RFC 6177)."""


class Tries:
    """The failures of the last minute. Used on the event loop alone."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, address: str | None) -> float | None:
        """Seconds until a peer is heard again; None where it is heard now."""
        known = self._failures.get(_peer(address))
        if known is None or len(known) < MOST:
            return None
        left = known[0] + WINDOW - self._clock.monotonic()
        return left if left > 0 else None

    def failed(self, address: str | None) -> None:
        """Write down that a peer's log-in failed."""
        peer = _peer(address)
        self._failures.setdefault(peer, deque(maxlen=MOST)).append(self._clock.monotonic())
        self._failures.move_to_end(peer)
        if len(self._failures) > PEERS:
            self._failures.popitem(last=False)


def _peer(address: str | None) -> str:
    try:
        known = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(known, IPv6Address):
        return str(ip_network((known, _NETWORK), strict=False))
    return str(known)
