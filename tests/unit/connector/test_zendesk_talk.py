"""Talk's lists of calls and legs: what each row says, and where a list without an end ends."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import MalformedError
from connector.fields import FieldError, Row
from connector.sync.helpdesk import Checkpoint
from connector.zendesk import pages, talk, voice
from connector.zendesk.client import Answer
from connector.zendesk.walks import Export
from memory.entities import CallOutcome, CallRecord, Leg

AT = "2026-07-01T10:00:00Z"
MOMENT = datetime(2026, 7, 1, 10, tzinfo=UTC)
NOW = 1_783_414_800
LINE = "+18005550142"


def call(**changed: Any) -> dict[str, Any]:
    """A call as Talk lists it: answered by agent 11 and 97 minutes long."""
    return {
        "id": 360_001,
        "ticket_id": 5,
        "customer_id": 7,
        "agent_id": 11,
        "direction": "inbound",
        "duration": 5840,
        "talk_time": 5820,
        "wait_time": 20,
        "completion_status": "completed",
        "voicemail": False,
        "phone_number": LINE,
        "line": LINE,
        "created_at": AT,
        "updated_at": "2026-07-01T11:38:00Z",
        **changed,
    }


def leg(**changed: Any) -> dict[str, Any]:
    """An agent's leg of it."""
    return {
        "id": 9,
        "call_id": 360_001,
        "type": "agent",
        "agent_id": 11,
        "completion_status": "completed",
        "talk_time": 5820,
        **changed,
    }


def test_a_call_is_read() -> None:
    """Who rang is an id; the number in the row is the company's own and is not read."""
    assert voice.call_record(Row(call())) == CallRecord(
        id="360001",
        customer_id="7",
        ticket_id="5",
        agent_id="11",
        direction="inbound",
        outcome=CallOutcome.ANSWERED,
        at=MOMENT,
        updated_at=datetime(2026, 7, 1, 11, 38, tzinfo=UTC),
        minutes=97.0,
    )


@pytest.mark.parametrize("told", [AT, "2026-07-01T10:00:00", "2026-07-01 10:00:00 UTC"])
def test_a_time_may_lack_its_zone(told: str) -> None:
    """It is UTC all the same; without a time of change the call's own is its version."""
    found = voice.call_record(Row(call(created_at=told, updated_at=None)))
    assert found is not None
    assert (found.at, found.updated_at) == (MOMENT, MOMENT)


UNANSWERED = {"agent_id": None, "talk_time": 0}


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({}, "answered"),
        ({"agent_id": None}, "answered"),
        ({"talk_time": None}, "answered"),
        ({"talk_time": 0}, "answered"),
        (UNANSWERED, "missed"),
        ({**UNANSWERED, "talk_time": None}, "missed"),
        ({**UNANSWERED, "completion_status": "abandoned_in_queue"}, "abandoned"),
        ({**UNANSWERED, "completion_status": "abandoned_in_ivr"}, "abandoned"),
        ({**UNANSWERED, "completion_status": "abandoned_in_voicemail"}, "abandoned"),
        ({"completion_status": "abandoned_on_hold"}, "answered"),
        ({**UNANSWERED, "voicemail": True}, "voicemail"),
        ({**UNANSWERED, "completion_status": "pending_voicemail"}, "voicemail"),
        ({**UNANSWERED, "completion_status": "not_attempted"}, "missed"),
        ({"completion_status": "novelty"}, "answered"),
        ({"completion_status": "novelty", "talk_time": 0}, "missed"),
        ({**UNANSWERED, "completion_status": None}, "missed"),
        ({"direction": "outbound", "talk_time": 0}, "missed"),
        ({"direction": "outbound"}, "answered"),
    ],
    ids=str,
)
def test_how_a_call_ended(changed: dict[str, Any], outcome: str) -> None:
    """Talk says `completed` of calls nobody picked up; an unknown word counts by the talk."""
    found = voice.call_record(Row(call(**changed)))
    assert found is not None
    assert found.outcome is CallOutcome(outcome)


def test_a_call_that_still_goes_on_is_left_out() -> None:
    """It comes again when it has ended; until then it would look missed."""
    rings = call(completion_status=None, talk_time=0, duration=0, agent_id=None)
    page = pages.calls({"calls": [rings, call()]})
    assert ([found.id for found in page.calls], page.rows) == (["360001"], 2)


def test_a_call_may_have_neither_customer_nor_ticket() -> None:
    """A hidden number, or nobody who answered."""
    found = voice.call_record(Row(call(customer_id=None, ticket_id=None)))
    assert found is not None
    assert (found.customer_id, found.ticket_id) == (None, None)


@pytest.mark.parametrize(
    ("changed", "outcome", "minutes"),
    [
        ({}, "answered", 97.0),
        ({"talk_time": None}, "answered", None),
        ({"talk_time": 0}, "missed", 0.0),
        ({"completion_status": "agent_missed", "talk_time": 0}, "missed", 0.0),
        ({"completion_status": "agent_declined", "talk_time": 0}, "missed", 0.0),
        ({"completion_status": "agent_unreachable", "talk_time": None}, "missed", None),
        ({"completion_status": "customer_hang_up", "talk_time": 0}, "abandoned", 0.0),
        ({"completion_status": "customer_hang_up", "talk_time": 90}, "answered", 1.5),
        ({"completion_status": "novelty", "talk_time": 90}, "answered", 1.5),
        ({"type": "external", "agent_id": None}, "answered", 97.0),
    ],
    ids=str,
)
def test_an_agents_leg_says_whether_they_picked_up(
    changed: dict[str, Any], outcome: str, minutes: float | None
) -> None:
    """And how long they talked."""
    found = voice.leg(Row(leg(**changed)))
    agent = changed.get("agent_id", 11)
    name = None if agent is None else str(agent)
    assert found == Leg("9", "360001", name, CallOutcome(outcome), minutes)


@pytest.mark.parametrize(
    "changed",
    [{"type": "customer"}, {"type": "supervisor"}, {"type": None}, {"completion_status": None}],
    ids=str,
)
def test_other_legs_are_left_out(changed: dict[str, Any]) -> None:
    """The customer's end, a listener's, and one that still rings."""
    assert voice.leg(Row(leg(**changed))) is None


@pytest.mark.parametrize("read", [pages.calls, pages.legs])
@pytest.mark.parametrize("broken", [{"id": None}, {"talk_time": "long"}, 7], ids=str)
def test_a_row_that_cannot_be_read_costs_no_other(read: Any, broken: Any) -> None:
    """It is told with its place and without its words."""
    key = read.__name__
    good = call() if key == "calls" else leg()
    bad = {**good, **broken} if isinstance(broken, dict) else broken
    page = read({key: [bad, good]})
    assert len(page.unreadable) == 1
    assert len(getattr(page, key)) == 1


@given(st.dictionaries(st.sampled_from(sorted({**call(), **leg()})), st.from_type(object)))
def test_no_row_whatsoever_is_worse_than_unreadable(wild: dict[str, Any]) -> None:
    """Wild fields are refused by name."""
    for read in (voice.call_record, voice.leg):
        with contextlib.suppress(FieldError):
            read(Row(wild))


class Scripted:
    """Answers as Talk does: rows from a second on, some to a page, never an end."""

    def __init__(self, seconds: list[int], size: int = 50) -> None:
        self.seconds = sorted(seconds)
        self.size = size
        self.asked: list[int] = []

    async def get(self, _stream: str, path: str, params: dict[str, str]) -> Answer:
        """One page."""
        assert path == "/api/v2/channels/voice/stats/incremental/calls"
        start = int(params["start_time"])
        self.asked.append(start)
        assert len(self.asked) < 60
        shown = [second for second in self.seconds if second >= start][: self.size]
        end = shown[-1] if shown else start
        rows = [call(id=second) for second in shown]
        following = f"https://acme.zendesk.com{path}?start_time={end}"
        document = {"calls": rows, "count": len(rows), "end_time": end, "next_page": following}
        return Answer(document, None)


def walked(server: Scripted, checkpoint: Checkpoint) -> tuple[list[str], Checkpoint, list[Any]]:
    """The ids of the calls, the last checkpoint and the warnings of one walk."""
    export = Export("calls", "calls", pages.calls, {})

    async def collect() -> tuple[list[str], Checkpoint, list[Any]]:
        place, found, warnings = checkpoint, [], []
        async for batch in talk.walk(server, export, checkpoint, lambda: NOW):  # type: ignore[arg-type]
            found += [record.id for record in batch.page.calls]
            place = batch.checkpoint
            warnings.append(batch.warning)
        return found, place, [each for each in warnings if each]

    return asyncio.run(collect())


def test_a_walk_ends_with_the_page_that_names_itself() -> None:
    """All calls, though there is always a next page; the next run reads the last hour again."""
    seconds = [NOW - 9000 + 60 * n for n in range(150)]
    server = Scripted(seconds)
    found, place, warnings = walked(server, Checkpoint())
    assert set(found) == {str(second) for second in seconds}
    assert place == Checkpoint(seconds[-1] - talk.OVERLAP, done=True)
    assert warnings == []
    assert len(server.asked) <= 5


def test_each_page_is_a_place_to_go_on_from() -> None:
    """A run that is killed asks for one page again."""
    server = Scripted([NOW - 9000 + 60 * n for n in range(150)])
    export = Export("calls", "calls", pages.calls, {})

    async def first() -> Checkpoint:
        async for batch in talk.walk(server, export, Checkpoint(), lambda: NOW):  # type: ignore[arg-type]
            return batch.checkpoint
        raise AssertionError

    assert asyncio.run(first()) == Checkpoint(NOW - 9000 + 60 * 49)


def test_smaller_pages_than_expected_do_not_end_a_walk() -> None:
    """A short page ends it only where it reaches the present."""
    seconds = [NOW - 90_000 + 60 * n for n in range(100)]
    found, place, _ = walked(Scripted(seconds, size=20), Checkpoint())
    assert set(found) == {str(second) for second in seconds}
    assert place.done


def test_a_second_with_more_calls_than_a_page_does_not_hold_the_walk() -> None:
    """What comes after it is read, and that something may be missing is told."""
    busy = NOW - 7200
    found, place, (warning,) = walked(Scripted([busy] * 70 + [busy + 5]), Checkpoint())
    assert str(busy + 5) in found
    assert place.done
    assert "calls" in warning


def test_without_news_a_walk_asks_once_and_stays_where_it_was() -> None:
    """Also when nothing lies within the hour that is read again."""
    for seconds in ([], [NOW - 100_000]):
        server = Scripted(seconds)
        checkpoint = Checkpoint(NOW - 3600, done=True)
        for _ in range(3):
            found, checkpoint, _ = walked(server, checkpoint)
            assert found == []
        assert checkpoint == Checkpoint(NOW - 3600, done=True)
        assert len(server.asked) == 3


def test_a_long_silence_costs_one_request_more() -> None:
    """The last call is old: whether its page is the last is asked once."""
    server = Scripted([NOW - 100_000])
    found, place, _ = walked(server, Checkpoint(NOW - 103_600, done=True))
    assert set(found) == {str(NOW - 100_000)}
    assert place == Checkpoint(NOW - 103_600, done=True)
    assert len(server.asked) == 2


def test_calls_of_the_last_minute_do_not_hold_the_walk() -> None:
    """Nothing withholds them; however many they are, the walk ends."""
    found, place, _ = walked(Scripted([NOW + n % 60 for n in range(200)]), Checkpoint(NOW - 60))
    assert len(found) == 50
    assert place == Checkpoint(NOW - 60, done=True)


def test_an_answer_without_rows_is_malformed() -> None:
    """Rather than an end."""

    class Silent(Scripted):
        async def get(self, _stream: str, _path: str, _params: dict[str, str]) -> Answer:
            return Answer({"count": 0}, None)

    with pytest.raises(MalformedError):
        walked(Silent([]), Checkpoint())


@given(
    st.lists(st.integers(NOW - 20_000, NOW - 61), max_size=300, unique=True),
    st.integers(50, 60),
)
def test_every_call_is_read_whatever_the_pages(seconds: list[int], size: int) -> None:
    """Where no second holds more than a page, nothing is lost and nothing goes on for ever."""
    found, place, _ = walked(Unhurried(seconds, size), Checkpoint())
    assert set(found) == {str(second) for second in seconds}
    assert place.done


class Unhurried(Scripted):
    """The same, for walks of many small pages."""

    async def get(self, _stream: str, path: str, params: dict[str, str]) -> Answer:
        """One page."""
        self.asked.clear()
        return await super().get(_stream, path, params)
