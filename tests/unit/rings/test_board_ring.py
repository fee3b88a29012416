"""A ring is what was told of it, in whatever order and however often."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.rings import roll as roll_module
from connector.rings.ring import Moment, Ring, after, claimed, ended, given_up
from connector.rings.roll import Roll

NOON = datetime(2026, 7, 7, 12, 0, tzinfo=UTC)


def at(seconds: int) -> datetime:
    """So many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def moment(state: str = "ringing", seconds: int = 0, *agents: str, **more: object) -> Moment:
    """A moment of an inbound call."""
    told: dict[str, object] = {
        "provider": "aircall",
        "call_id": "7",
        "caller": "+12125550101",
        "called": None,
        "direction": "inbound",
        "agents": agents,
        "members": () if agents else None,
        "state": state,
        "at": at(seconds),
        **more,
    }
    return Moment(**told)  # type: ignore[arg-type]


def ring_of(*moments: Moment) -> Ring | None:
    """The ring that these make, told one after another."""
    roll, ring = Roll(), None
    for one in moments:
        ring, is_news = roll.taken("zendesk:acme", one)
        if ring is not None and is_news:
            roll.hold(ring, None)
    return None if ring is None else replace(ring, key="key")


AGENTS = st.lists(st.sampled_from(["11", "12", "13"]), max_size=3, unique=True).map(
    lambda found: tuple(sorted(found))
)
MOMENTS = st.builds(
    lambda state, seconds, agents, left, caller, called, members: moment(
        state,
        seconds,
        *agents,
        left=left,
        caller=caller,
        called=called,
        members=() if agents or left else members,
    ),
    st.sampled_from(["ringing", "answered", "ended"]),
    st.integers(0, 5),
    AGENTS,
    st.sampled_from([(), ("11",), ("12",)]),
    st.sampled_from([None, "+12125550101", "+12125550102"]),
    st.sampled_from([None, "support"]),
    st.sampled_from([None, ("11", "12"), ("13",), ()]),
)


@given(st.data(), st.lists(MOMENTS, max_size=6))
def test_any_order_and_any_repetition_end_in_the_same_ring(
    data: st.DataObject, told: list[Moment]
) -> None:
    """What is known of a call depends on what was told, not on when or how often."""
    again = data.draw(st.lists(st.sampled_from(told), max_size=3)) if told else []
    shuffled = data.draw(st.permutations([*told, *again]))

    assert ring_of(*shuffled) == ring_of(*told)


@given(st.lists(MOMENTS, min_size=1, max_size=6))
def test_the_state_never_goes_back(told: list[Moment]) -> None:
    """A ring that ended has ended, whatever is told later."""
    order = ("ringing", "answered", "ended")
    reached = 0
    for count in range(1, len(told) + 1):
        ring = ring_of(*told[:count])
        if ring is not None:
            assert order.index(ring.state) >= reached
            reached = order.index(ring.state)


def test_an_answer_told_after_the_end_is_still_an_answer() -> None:
    """Who was spoken to was not missed, though the news of it came late."""
    told = (moment("ringing", 0, "11"), moment("ended", 60), moment("answered", 5, "11"))

    for order in permutations(told):
        ring = ring_of(*order)
        assert ring is not None
        assert (ring.state, ring.answered_at, ring.ended_at) == ("ended", at(5), at(60))
        assert not ring.is_missed
        assert ring.agent_id == "11"


def test_nobody_answers_after_the_end() -> None:
    """Where the clocks of a phone system differ, the answer is no later than the end."""
    ring = ring_of(moment(), moment("answered", 9, "11"), moment("ended", 7))

    assert ring is not None
    assert ring.answered_at == ring.ended_at == at(7)


def test_an_answer_alone_makes_a_ring() -> None:
    """Some phone systems tell of a call only when somebody has it."""
    ring = ring_of(moment("answered", 3, "11"))

    assert ring is not None
    assert (ring.state, ring.agent_id, ring.agents) == ("answered", "11", ("11",))


def test_an_end_alone_makes_none() -> None:
    """There is nothing to show of a call that nobody heard of before it ended."""
    assert ring_of(moment("ended", 3)) is None


def test_whom_it_rings_one_after_another_adds_up() -> None:
    """Whoever was rung may know of the call; it is theirs until somebody has it."""
    ring = ring_of(moment("ringing", 0, "11"), moment("ringing", 5, "12", "13"))

    assert ring is not None
    assert ring.agents == ("11", "12", "13")
    assert all(ring.is_of(one) for one in ring.agents)

    ring = after(ring, moment("answered", 9, "12"))

    assert [ring.is_of(one) for one in ring.agents] == [False, True, False]
    assert all(ring.concerns(one) for one in ring.agents)


def test_whom_it_left_hears_of_it_but_has_it_no_more() -> None:
    """An agent who declined need not look at the call; rung again, they do."""
    ring = ring_of(
        moment("ringing", 0, "11"), moment("ringing", 5, left=("11",), members=()), moment()
    )
    assert ring is not None
    assert ring.concerns("11")
    assert not ring.is_of("11")

    assert after(ring, moment("ringing", 9, "11")).is_of("11")


def test_a_transferred_call_is_whose_it_was_last() -> None:
    """The second agent to answer has the call."""
    ring = ring_of(moment("answered", 5, "11"), moment("answered", 50, "12"))

    assert ring is not None
    assert (ring.agent_id, ring.answered_at) == ("12", at(5))


def test_where_nobody_is_named_the_group_may_claim_it() -> None:
    """It concerns the group's members, is none of theirs yet, and then the claimer's."""
    ring = ring_of(moment(members=("11", "12")))

    assert ring is not None
    assert ring.unclaimed
    assert (ring.concerns("11"), ring.is_of("11"), ring.concerns("13")) == (True, False, False)

    ring = claimed(ring, "11")

    assert not ring.unclaimed
    assert (ring.is_of("11"), ring.is_of("12"), ring.concerns("12")) == (True, False, True)


def test_the_phone_system_knows_better_than_a_claim() -> None:
    """Whoever it says has answered has the call."""
    ring = ring_of(moment())
    assert ring is not None

    ring = after(claimed(ring, "11"), moment("answered", 5, "12"))

    assert ring.agent_id == "12"


def test_without_a_group_every_agent_may_claim_it() -> None:
    """A line that the map does not know rings for all."""
    ring = ring_of(moment())

    assert ring is not None
    assert ring.unclaimed
    assert ring.concerns("99")


def test_an_agent_whom_nobody_knows_hears_nothing_and_nobody_else_does() -> None:
    """A call for somebody in particular is no call for everybody."""
    ring = ring_of(moment(members=()))

    assert ring is not None
    assert not ring.unclaimed
    assert not ring.concerns("11")


@pytest.mark.parametrize(
    ("ring", "missed"),
    [
        pytest.param(ring_of(moment(), moment("ended", 20)), True, id="nobody answered"),
        pytest.param(ring_of(moment("ringing", 0, "11"), moment("ended", 20)), True, id="named"),
        pytest.param(
            ring_of(moment(), moment("answered", 2), moment("ended", 20)), False, id="answered"
        ),
        pytest.param(
            ring_of(moment(direction="outbound"), moment("ended", 9, direction="outbound")),
            False,
            id="we called",
        ),
        pytest.param(ring_of(moment()), False, id="still ringing"),
    ],
)
def test_what_is_missed(ring: Ring | None, missed: bool) -> None:  # noqa: FBT001  a case
    """A customer rang, it ended, and nobody had answered."""
    assert ring is not None
    assert ring.is_missed is missed


def test_neither_a_claimed_call_nor_one_whose_end_nobody_told_is_missed() -> None:
    """Only what is known to have been in vain is called so."""
    ring = ring_of(moment())
    assert ring is not None

    assert not ended(claimed(ring, "11"), at(20)).is_missed
    assert not given_up(ring).is_missed
    assert given_up(ring).state == "ended"


def test_of_too_many_rings_the_oldest_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded, whatever a phone system tells; the ring that changed last stays."""
    monkeypatch.setattr(roll_module, "MOST", 3)
    roll = Roll()
    for number in range(5):
        ring, _ = roll.taken("zendesk:acme", moment(call_id=str(number)))
        assert ring is not None
        roll.hold(ring, None)
        roll.taken("zendesk:acme", moment("ended", call_id=f"never rang {number}"))

    assert [held.ring.call_id for held in roll.all()] == ["2", "3", "4"]
    assert len(roll._ends) == 3
    assert len(roll._keys) == 3


def test_a_ring_says_no_number_where_it_is_printed() -> None:
    """A log or an error may print it."""
    assert "5550" not in repr(ring_of(moment()))
    assert "5550" not in repr(moment())
