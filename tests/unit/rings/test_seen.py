"""What was seen counts once, and is not kept for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest

from connector.rings.event import RingRepeatedError
from connector.rings.seen import Seen
from tests.support.ring_webhooks import CALLER, NOW


def test_a_mark_counts_once() -> None:
    """Until it is discarded."""
    seen = Seen()
    seen.add("a", NOW)
    with pytest.raises(RingRepeatedError):
        seen.add("a", NOW)
    seen.discard("a")
    seen.add("a", NOW)


def test_a_mark_is_forgotten_after_its_time() -> None:
    """By the time that is given."""
    seen = Seen(kept=timedelta(minutes=1))
    seen.add("a", NOW)
    with pytest.raises(RingRepeatedError):
        seen.add("a", NOW + timedelta(minutes=1))
    seen.add("b", NOW + timedelta(minutes=1, seconds=1))
    assert len(seen) == 1
    seen.add("a", NOW + timedelta(minutes=1, seconds=1))


def test_only_so_many_marks_are_kept() -> None:
    """The oldest goes first."""
    seen = Seen(most=3)
    for number in range(9):
        seen.add(str(number), NOW)
    assert len(seen) == 3
    seen.add("0", NOW)
    with pytest.raises(RingRepeatedError):
        seen.add("8", NOW)


def test_a_refused_mark_is_not_made_younger() -> None:
    """A sender that repeats itself without end is heard again when the time is over."""
    seen = Seen(kept=timedelta(minutes=1))
    seen.add("a", NOW)
    with pytest.raises(RingRepeatedError):
        seen.add("a", NOW + timedelta(seconds=59))
    seen.add("a", NOW + timedelta(seconds=61))


def test_no_number_is_kept() -> None:
    """A mark may be a whole body: only a digest of it stays."""
    seen = Seen()
    seen.add(f"from {CALLER}", NOW)
    assert CALLER.encode() not in b"".join(seen._marks)
