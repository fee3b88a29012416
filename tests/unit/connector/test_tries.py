"""Failed log-ins are counted by where they come from, in little room."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connector.clock import ManualClock
from connector.service.tries import MOST, PEERS, WINDOW, Tries


@pytest.fixture
def clock() -> ManualClock:
    """Stands still."""
    return ManualClock(datetime(2026, 7, 7, tzinfo=UTC))


def _fail(tries: Tries, peer: str | None, times: int = MOST) -> None:
    for _ in range(times):
        tries.failed(peer)


def test_a_peer_waits_until_its_first_failure_is_forgotten(clock: ManualClock) -> None:
    """A failure fewer, and it is heard."""
    tries = Tries(clock)
    _fail(tries, "192.0.2.1", MOST - 1)
    assert tries.wait("192.0.2.1") is None
    clock.advance(10)
    _fail(tries, "192.0.2.1", 1)
    assert tries.wait("192.0.2.1") == WINDOW - 10
    clock.advance(WINDOW - 10)
    assert tries.wait("192.0.2.1") is None


def test_peers_do_not_wait_for_one_another(clock: ManualClock) -> None:
    """Nor for one whose address is not known."""
    tries = Tries(clock)
    _fail(tries, "192.0.2.1")
    _fail(tries, None)
    assert tries.wait("192.0.2.2") is None
    assert tries.wait("not an address") == WINDOW


def test_a_network_of_ipv6_is_one_peer(clock: ManualClock) -> None:
    """Its customer may use 2 to the 64 addresses."""
    tries = Tries(clock)
    _fail(tries, "2001:db8::1")
    assert tries.wait("2001:db8::ffff:2") == WINDOW
    assert tries.wait("2001:db8:0:1::1") is None


def test_only_so_many_peers_are_known(clock: ManualClock) -> None:
    """The one that is longest quiet is forgotten; nobody fills our memory."""
    tries = Tries(clock)
    _fail(tries, "192.0.2.1")
    for number in range(PEERS):
        tries.failed(f"10.0.{number // 256}.{number % 256}")
    assert tries.wait("192.0.2.1") is None
    assert len(tries._failures) == PEERS
