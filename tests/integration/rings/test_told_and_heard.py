"""From the phone system's webhook to the agent's open stream."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from connector.clock import ScaledClock
from tests.integration.rings.desk import open_desk, staffed
from tests.support.book import AS_OF, Book, agent
from tests.support.service import bearing, session_of, token_of

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from tests.integration.rings.desk import Desk

WORDS = {"version", "ring", "state", "direction", "at", "hidden", "unclaimed", "yours"}


def test_a_ring_is_heard_from_its_begin_to_its_end(desk: Desk) -> None:
    """The agent whom it rings hears of each change, of one and the same key."""
    with desk.stream() as stream:
        assert desk.ring("ringing").status_code == 204
        rung = stream.next()
        assert desk.ring("answered").status_code == 204
        answered = stream.next()
        assert desk.ring("ended").status_code == 204
        over = stream.next()

    assert [rung.event, answered.event, over.event] == [
        "ring.ringing",
        "ring.answered",
        "ring.ended",
    ]
    assert rung.data["yours"]
    assert rung.data["ring"] == answered.data["ring"] == over.data["ring"]
    assert rung.id < answered.id < over.id


def test_nothing_that_is_heard_says_who_calls(desk: Desk) -> None:
    """Neither a number nor a name is in the stream: a brief is asked for, and that is logged."""
    with desk.stream() as stream:
        desk.ring(called="+12125550199")
        told = stream.next()
        sent = "\n".join(stream.lines)

    assert told.data.keys() == WORDS
    assert "5550" not in sent
    assert "Mara" not in sent


def test_only_those_whom_it_rings_hear_of_it(desk: Desk) -> None:
    """Another agent hears of their own ring alone."""
    with desk.stream("12") as other:
        desk.ring(call_id="c1")
        desk.ring(call_id="c2", agent="dana@acme.example")
        told = other.next()

    [mine] = desk.context.board.of_agent("zendesk:acme", "12")
    assert told.data["ring"] == mine.key
    assert mine.call_id == "c2"


def test_a_ring_for_nobody_in_particular_goes_to_all_until_one_claims_it(desk: Desk) -> None:
    """Until then it is nobody's; then it is the claimer's, and the others hear that."""
    with desk.stream("11") as one, desk.stream("12") as other:
        desk.ring(agent=None)
        first, second = one.next(), other.next()
        assert (first.data["unclaimed"], first.data["yours"]) == (True, False)
        assert second.data["unclaimed"]

        desk.call(desk.context.board.claim("zendesk:acme", first.data["ring"], "12"))
        first, second = one.next(), other.next()

    assert (first.data["unclaimed"], first.data["yours"]) == (False, False)
    assert (second.data["unclaimed"], second.data["yours"]) == (False, True)


def test_an_outbound_call_is_heard_on_dial(desk: Desk) -> None:
    """The agent who dials sees whom they call, before anybody answers."""
    with desk.stream() as stream:
        desk.ring(direction="outbound")
        told = stream.next()

    assert (told.event, told.data["direction"], told.data["yours"]) == (
        "ring.ringing",
        "outbound",
        True,
    )
    assert desk.rings()[0].customer_id == "100"


def test_a_hidden_caller_is_said_to_be_hidden(desk: Desk) -> None:
    """A withheld number is no number, and the ring says so."""
    with desk.stream() as stream:
        desk.ring(caller="anonymous")

        assert stream.next().data["hidden"]


def test_who_comes_again_hears_what_has_changed_since_once_as_it_is_now(desk: Desk) -> None:
    """Each ring comes in its latest state; what was read is not read again."""
    with desk.stream() as stream:
        desk.ring(call_id="c1")
        desk.ring(call_id="c2")
        read = [stream.next(), stream.next()]
    desk.ring("answered", call_id="c2")
    desk.ring("ended", call_id="c2")
    desk.ring(call_id="c3")

    with desk.stream(after=read[-1].id) as stream:
        told = [stream.next(), stream.next()]

    assert [one.event for one in told] == ["ring.ended", "ring.ringing"]
    assert told[0].data["ring"] == read[1].data["ring"]


def test_who_comes_for_the_first_time_hears_what_is_going_on(desk: Desk) -> None:
    """A page that opens during a call shows it; calls that are over are no news."""
    desk.ring("ringing", call_id="c1")
    desk.ring("ended", call_id="c1")
    desk.ring("ringing", call_id="c2")

    with desk.stream() as stream:
        told = stream.next()

    assert told.event == "ring.ringing"
    [live] = desk.context.board.of_agent("zendesk:acme", "11")
    assert told.data["ring"] == live.key


@pytest.mark.parametrize("said", ["-1", "x", "1.5", "٣"])
def test_an_id_that_we_never_gave_counts_as_none(desk: Desk, said: str) -> None:
    """The stream then begins with what is going on."""
    desk.ring()
    headers = {**bearing(desk.session()), "Last-Event-ID": said.encode()}
    path = f"{desk.url}/v1/rings/stream"
    with desk.client.stream("GET", path, headers=headers) as answer:  # type: ignore[arg-type]
        assert answer.status_code == 200
        assert any(line == "event: ring.ringing" for line in answer.iter_lines())


def test_only_an_agents_session_hears_of_rings(desk: Desk) -> None:
    """A program's token is no agent; nobody at all is nobody."""
    path = f"{desk.url}/v1/rings/stream"
    token = token_of(desk.book, desk.clock, "brief:read")

    assert desk.client.get(path, headers=bearing(token)).status_code == 403
    assert desk.client.get(path).status_code == 401
    lacking = session_of(desk.book, desk.clock, scopes=("notes:write",))
    assert desk.client.get(path, headers=bearing(lacking)).status_code == 403


def test_a_silent_stream_gives_signs_of_life_and_ends_with_its_session(
    book: Book, tmp_path: Path
) -> None:
    """A comment comes every quarter of a minute; after ten minutes the client comes anew."""
    clock = ScaledClock(300, AS_OF)
    with open_desk(book, tmp_path, clock=clock, beats=True) as desk:
        began = clock.now()
        with desk.stream() as stream:
            assert stream.comment().startswith(":")
            assert stream.ends()
        lasted = (clock.now() - began).total_seconds()

    assert lasted >= 598


def test_a_service_that_stops_ends_every_stream(desk: Desk) -> None:
    """A client hears the end at once and comes again; the stop does not wait for it."""
    with desk.stream("11") as one, desk.stream("12") as other:
        desk.stop()

        assert one.ends()
        assert other.ends()


def test_streams_are_counted_while_they_are_open(desk: Desk) -> None:
    """Who goes is not counted any more, and costs nothing."""
    with desk.stream(), desk.stream("12"):
        assert desk.counted("remember_streams_open") == 2
    desk.ring()
    desk.ring("ended")

    def open_() -> float:
        return desk.counted("remember_streams_open")

    for _ in range(200):
        if not open_():
            break
        desk.call(_moment())
    assert open_() == 0


async def _moment() -> None:
    import asyncio  # noqa: PLC0415

    await asyncio.sleep(0.01)


def test_forged_replayed_truncated_and_strange_webhooks_change_nothing(desk: Desk) -> None:
    """Each is refused with the status that says why, and the board stays as it was."""
    body = json.dumps({"call_id": "c1", "state": "ringing"}).encode()
    forged = desk.client.post(
        f"{desk.url}/v1/rings/generic",
        content=body,
        headers={"X-Remember-Timestamp": "1", "X-Remember-Signature": "00"},
    )
    old = desk.post(body, at=AS_OF.replace(year=2025))
    truncated = desk.post(body[:-5])
    large = desk.post(b"x" * (257 << 10))
    strange = desk.client.post(
        f"{desk.url}/v1/rings/generic", content=body, headers={"Content-Type": "image/png"}
    )
    unknown = desk.client.post(f"{desk.url}/v1/rings/carrier-pigeon", content=body)

    answers = [forged, old, truncated, large, strange, unknown]
    assert [one.status_code for one in answers] == [401, 401, 400, 413, 415, 404]
    assert all(one.headers["content-type"] == "application/problem+json" for one in answers)
    assert desk.rings() == []
    assert desk.counted("remember_rings_total", provider="generic", state="refused") == 2
    assert desk.counted("remember_rings_total", provider="generic", state="unreadable") == 1


def test_the_same_webhook_twice_is_taken_once(desk: Desk) -> None:
    """A copy is answered as if it were news, and changes nothing."""
    now = desk.clock.now().replace(microsecond=0)
    body = json.dumps({"call_id": "c1", "caller": "+12125550101", "state": "ringing"}).encode()
    first = desk.post(body, at=now)
    [ring] = desk.rings()
    again = desk.post(body, at=now)

    assert (first.status_code, again.status_code) == (204, 204)
    assert desk.rings() == [ring]
    assert desk.counted("remember_rings_total", provider="generic", state="repeated") == 1


def test_the_same_moment_told_twice_changes_nothing(desk: Desk) -> None:
    """Signed anew, it is still the same moment of the same call."""
    at = desk.clock.now().isoformat()
    desk.ring(at=at)
    [ring] = desk.rings()
    desk.ring(at=at, called=None, direction="inbound")

    assert desk.rings() == [ring]
    assert desk.counted("remember_rings_total", provider="generic", state="repeated") == 1


def test_a_ring_for_an_agent_whom_nobody_knows_goes_to_nobody(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """It is taken, counted and logged, without a word of who called whom."""
    with desk.stream("11") as stream:
        assert desk.ring(agent="stranger@else.example").status_code == 204
        desk.ring(call_id="c2")
        [ring] = desk.context.board.of_agent("zendesk:acme", "11")
        assert stream.next().data["ring"] == ring.key

    assert desk.counted("remember_rings_total", provider="generic", state="nobody") == 1
    assert "AGENT_MAP" in caplog.text
    assert "stranger" not in caplog.text
    assert "5550" not in caplog.text


def test_where_several_accounts_are_served_the_webhook_says_whose_call_it_is(
    tmp_path: Path,
) -> None:
    """Without it, it is refused with a hint; with it, the other account sees nothing."""
    book = staffed(Book(tmp_path))
    other = Book(book.database_url, "freshdesk:beta", "https://beta.freshdesk.com")
    other.people(agent("11", "Eve Other", email="daniel@acme.example"))
    with open_desk(book, tmp_path, "freshdesk:beta") as desk:
        unsaid = desk.ring()
        wrong = desk.ring(query="?account=zendesk:gamma")
        bearer = session_of(other, desk.clock, "11")
        with desk.stream("11") as ours, desk.stream(bearer=bearer) as theirs:
            assert desk.ring(call_id="c1", query="?account=zendesk:acme").status_code == 204
            assert desk.ring(call_id="c2", query="?account=freshdesk:beta").status_code == 204
            mine, their = ours.next(), theirs.next()

        assert [unsaid.status_code, wrong.status_code] == [400, 400]
        assert "?account=" in unsaid.json()["hint"]
        board = desk.context.board
        [ring] = board.of_agent("zendesk:acme", "11")
        assert (mine.data["ring"], ring.call_id) == (ring.key, "c1")
        assert their.data["ring"] != mine.data["ring"]
        assert board.ring("freshdesk:beta", mine.data["ring"]) is None
    other.record.close()
    book.record.close()


def test_a_phone_system_that_cannot_sign_comes_with_a_token(desk: Desk) -> None:
    """The token needs the scope, and tells of its own account."""
    flow = {
        "Details": {
            "ContactData": {
                "ContactId": "5f0c",
                "Channel": "VOICE",
                "CustomerEndpoint": {"Address": "+12125550101", "Type": "TELEPHONE_NUMBER"},
                "InitiationMethod": "INBOUND",
            },
            "Parameters": {},
        }
    }
    path = f"{desk.url}/v1/rings/connect"

    def post(scope: str | None) -> httpx.Response:
        token = token_of(desk.book, desk.clock, scope) if scope else ""
        return desk.client.post(path, json=flow, headers=bearing(token) if scope else {})

    assert [post(one).status_code for one in (None, "brief:read", "ring:write")] == [401, 403, 204]
    [ring] = desk.rings()
    assert (ring.provider, ring.unclaimed, ring.customer_id) == ("connect", True, "100")
