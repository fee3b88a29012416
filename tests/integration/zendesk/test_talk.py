"""Talk's calls and legs, read from a simulated account over real HTTP."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from connector.demo import faults
from connector.demo.zendesk.account import Account
from connector.errors import CredentialsError
from connector.sync.helpdesk import Checkpoint
from memory.entities import Call, CallOutcome
from tests.integration.zendesk.conftest import AS_OF, BEGAN, message, ticket
from tests.integration.zendesk.reading import messages, read

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.clock import ManualClock
    from connector.demo.server import DemoHelpdesk
    from connector.zendesk import Zendesk
    from memory.entities import CallRecord, Leg, Page

    Serve = Callable[..., DemoHelpdesk]
    Connect = Callable[..., Zendesk]

MISSED = {"minutes": 1.4, "outcome": "missed"}


def run(zendesk: Zendesk, stream: str) -> tuple[list[Page], Checkpoint]:
    """A stream to its end."""

    async def whole() -> tuple[list[Page], Checkpoint]:
        async with zendesk:
            await zendesk.check()
            return await read(zendesk, stream)

    return asyncio.run(whole())


def calls(zendesk: Zendesk) -> dict[str | None, CallRecord]:
    """All calls by their tickets."""
    return {one.ticket_id: one for page in run(zendesk, "calls")[0] for one in page.calls}


def legs(zendesk: Zendesk) -> list[Leg]:
    """All agents' legs."""
    return [one for page in run(zendesk, "legs")[0] for one in page.legs]


def test_an_answered_call_is_the_one_its_comment_names(serve: Serve, connect: Connect) -> None:
    """The same id, the same agent, the same length; a partner's call is not among Talk's."""
    helpdesk = serve()
    found = calls(connect(helpdesk))
    assert set(found) == {"1"}
    record = found["1"]
    assert (record.customer_id, record.agent_id, record.minutes) == ("100", "11", 97.0)
    assert (record.direction, record.outcome) == ("inbound", CallOutcome.ANSWERED)
    assert int(record.at.timestamp()) == BEGAN

    async def told() -> list[Call | None]:
        async with connect(helpdesk) as zendesk:
            return [m.call for page in await messages(zendesk, ["1"]) for m in page.messages]

    assert record.id in {call.id for call in asyncio.run(told()) if call}


@pytest.mark.parametrize("outcome", ["missed", "abandoned", "voicemail"])
def test_a_call_nobody_answered_comes_without_a_ticket(
    serve: Serve, connect: Connect, document: dict[str, Any], outcome: str
) -> None:
    """Though Talk itself says of two of them that they have completed."""
    call = {"minutes": 1.4, "outcome": outcome}
    document["calls"] = [{"id": 1, "at": AS_OF - 9000, "customer": 101, "call": call}]
    helpdesk = serve()
    record = calls(connect(helpdesk))[None]
    assert (record.customer_id, record.agent_id) == ("101", None)
    assert record.outcome is CallOutcome(outcome)
    assert record.id in {leg.call_id for leg in legs(connect(helpdesk))}


def test_legs_tell_who_did_not_pick_up(
    serve: Serve, connect: Connect, document: dict[str, Any]
) -> None:
    """The agents whose telephones rang; the customer's own end is left out."""
    document["agents"] += [{"id": n, "name": f"Agent {n}"} for n in (12, 13)]
    document["calls"] = [{"id": 1, "at": AS_OF - 9000, "customer": 101, "call": MISSED}]
    helpdesk = serve()
    rung = [leg for leg in legs(connect(helpdesk)) if leg.outcome is CallOutcome.MISSED]
    assert {leg.agent_id for leg in rung} < {"11", "12", "13"}
    answered = [leg for leg in legs(connect(helpdesk)) if leg.outcome is CallOutcome.ANSWERED]
    assert [(leg.agent_id, leg.minutes) for leg in answered] == [("11", 97.0)]


@pytest.mark.parametrize("kind", ["talk", "partner"])
@pytest.mark.parametrize("outcome", ["missed", "abandoned", "voicemail"])
def test_a_ticket_tells_of_its_missed_call(
    serve: Serve, connect: Connect, document: dict[str, Any], kind: str, outcome: str
) -> None:
    """Of both telephonies; what was said to the machine is the text."""
    call = {"minutes": 1.4, "outcome": outcome, "kind": kind}
    if outcome == "voicemail":
        call["transcript"] = "Ring me back"
    said = message("customer", AS_OF - 9000, "x", call=call)
    told = ticket(9, 100, AS_OF - 9000, agent=None, status="new", messages=[said])
    document["tickets"].append(told)

    async def whole() -> list[Any]:
        async with connect(serve()) as zendesk:
            return [m for page in await messages(zendesk, ["9"]) for m in page.messages]

    (found,) = asyncio.run(whole())
    assert (found.call.missed, found.call.answered_by) == (True, None)
    assert found.call.number == "+12125550101"
    assert found.channel == "voice"
    if outcome == "voicemail":
        assert found.text == "Ring me back"


def test_many_calls_come_page_by_page_and_end(
    serve: Serve, connect: Connect, document: dict[str, Any]
) -> None:
    """Each page with its checkpoint; a run that is killed asks for one page again."""
    document["calls"] = [
        {"id": n, "at": AS_OF - 90_000 + 300 * n, "customer": 101, "call": MISSED}
        for n in range(1, 200)
    ]
    helpdesk = serve()
    found, place = run(connect(helpdesk), "calls")
    assert len({one.id for page in found for one in page.calls}) == 200
    assert place.done
    asked = sum(seen.path.endswith("/calls") for seen in helpdesk.seen)
    assert asked <= 200 // 50 + 2

    async def killed() -> set[str]:
        async with connect(helpdesk) as zendesk:
            before: set[str] = set()
            place = Checkpoint()
            async for batch in zendesk.stream("calls", Checkpoint()):
                before |= {one.id for one in batch.page.calls}
                place = batch.checkpoint
                if len(before) > 50:
                    break
            rest, _ = await read(zendesk, "calls", place)
            return before | {one.id for page in rest for one in page.calls}

    assert len(asyncio.run(killed())) == 200


def test_a_call_that_goes_on_comes_when_it_has_ended(
    serve: Serve, connect: Connect, document: dict[str, Any], clock: ManualClock
) -> None:
    """Not as a missed one before; and again when the agent has written it up."""
    voicemail = {"minutes": 10.0, "outcome": "voicemail"}
    document["calls"] = [{"id": 1, "at": AS_OF, "customer": 101, "call": voicemail}]
    zendesk = connect(serve())

    async def follow() -> list[list[str]]:
        async with zendesk:
            await zendesk.check()
            _, place = await read(zendesk, "calls")
            seen = []
            for step in (1, 660, 60):
                clock.advance(step)
                found, place = await read(zendesk, "calls", place)
                late = [one for page in found for one in page.calls if one.ticket_id is None]
                seen.append([str(one.outcome) for one in late])
            return seen

    first, *later = asyncio.run(follow())
    assert first == []
    assert later == [["voicemail"], ["voicemail"]]


def test_news_come_and_the_last_hour_comes_again(
    serve: Serve, connect: Connect, document: dict[str, Any], clock: ManualClock
) -> None:
    """Nothing that changed late is lost; what is older is not read again."""
    times = [AS_OF - 9000, AS_OF - 1800, AS_OF + 1800]
    document["calls"] = [
        {"id": n, "at": at, "customer": 101, "call": MISSED} for n, at in enumerate(times, 1)
    ]
    zendesk = connect(serve())

    async def follow() -> list[int]:
        async with zendesk:
            await zendesk.check()
            _, place = await read(zendesk, "calls")
            clock.advance(3600)
            found, _ = await read(zendesk, "calls", place)
            return [int(one.at.timestamp()) for page in found for one in page.calls]

    assert asyncio.run(follow()) == times[1:]


@pytest.mark.parametrize("stream", ["calls", "legs"])
@pytest.mark.parametrize("talk", ["not_on_plan", "not_allowed"])
def test_an_account_without_talk_is_read_without(
    serve: Serve, connect: Connect, stream: str, talk: Any
) -> None:
    """With a sentence about it, and everything else as before."""
    helpdesk = serve()
    assert isinstance(helpdesk.state, Account)
    helpdesk.state.habits.talk = talk

    async def whole() -> tuple[list[str | None], Checkpoint]:
        async with connect(helpdesk) as zendesk:
            batches = [batch async for batch in zendesk.stream(stream, Checkpoint(5))]
            assert (await read(zendesk, "tickets"))[0]
            return [batch.warning for batch in batches], batches[-1].checkpoint

    (warning,), place = asyncio.run(whole())
    assert stream in (warning or "")
    assert place == Checkpoint(5, done=True)


def test_a_token_that_is_refused_is_no_matter_of_plans(serve: Serve, connect: Connect) -> None:
    """401 stops the run."""
    helpdesk = serve()
    refusal = faults.status(401, {"error": "invalid_token"}, times=9, path="/voice/")
    helpdesk.faults.append(refusal)
    with pytest.raises(CredentialsError):
        run(connect(helpdesk), "calls")


def test_rows_out_of_order_and_twice_change_nothing(
    serve: Serve, connect: Connect, document: dict[str, Any]
) -> None:
    """The same calls arrive."""
    document["calls"] = [
        {"id": n, "at": AS_OF - 90_000 + 300 * n, "customer": 101, "call": MISSED}
        for n in range(1, 120)
    ]

    def untidy(page: dict[str, Any]) -> dict[str, Any]:
        rows = page["calls"]
        return {**page, "calls": [*reversed(rows), *rows[:2]]}

    undisturbed = {one.id: one for page in run(connect(serve()), "calls")[0] for one in page.calls}
    helpdesk = serve()
    helpdesk.faults.append(faults.edited(untidy, times=faults.ALWAYS, path="/calls"))
    found = {one.id: one for page in run(connect(helpdesk), "calls")[0] for one in page.calls}
    assert found == undisturbed
