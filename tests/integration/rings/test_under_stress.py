"""Rings when much happens at once, when clients do not read, and when the service is killed."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from connector.clock import ManualClock, SystemClock
from connector.rings.agents import AgentMap
from connector.rings.board import Board, ClaimedError
from connector.rings.event import RingEvent
from connector.rings.hearing import MOST_WAITING
from connector.service import rings as service
from connector.service import serving
from memory.errors import NotFoundError, RecordError
from tests.integration.rings.desk import PATIENCE, SECRET, Callers, staffed
from tests.support.book import AS_OF, Book, agent
from tests.support.service import bearing

if TYPE_CHECKING:
    from connector.rings.ring import Ring
    from tests.integration.rings.desk import Desk

ACME = "zendesk:acme"


def told(call_id: str = "c1", state: str = "ringing", **more: Any) -> RingEvent:
    """A moment of a call that rings Daniel."""
    about: dict[str, Any] = {
        "provider": "generic",
        "call_id": call_id,
        "caller": "+12125550101",
        "called": None,
        "direction": "inbound",
        "agents": ("daniel@acme.example",),
        "state": state,
        "at": AS_OF,
        **more,
    }
    return RingEvent(**about)


def board_of(book: Book) -> Board:
    """A board over the record, by a clock that stands."""
    return Board(book.record, AgentMap(), ManualClock(AS_OF), region="US")


def test_ten_rings_a_second_for_one_agent_all_arrive(desk: Desk) -> None:
    """Fifty, as fast as they go: each is heard, in order, and each is in the record."""
    with desk.stream() as stream:
        answers = [desk.ring(call_id=f"c{number}").status_code for number in range(50)]
        heard = [stream.next() for _ in range(50)]

    assert set(answers) == {204}
    board = desk.context.board
    rings = [board.ring(ACME, one.data["ring"]) for one in heard]
    assert [ring.call_id for ring in rings if ring] == [f"c{number}" for number in range(50)]
    assert [one.id for one in heard] == sorted(one.id for one in heard)


def test_rings_told_at_once_are_each_told_and_written_once(book: Book) -> None:
    """Side by side, twice over, with their answers between: no ring is lost or doubled."""

    async def work() -> list[Ring]:
        board = board_of(book)
        states = ("ringing", "answered", "ringing")
        events = [told(f"c{number}", state) for state in states for number in range(20)]
        await asyncio.gather(*(board.tell(ACME, event) for event in events))
        found = board.of_agent(ACME, "11")
        await board.close()
        return found

    rings = asyncio.run(work())

    assert sorted(ring.call_id for ring in rings) == sorted(f"c{number}" for number in range(20))
    assert {ring.state for ring in rings} == {"answered"}
    stored = asyncio.run(_loaded(book))
    assert {(ring.key, ring.state, ring.sequence) for ring in stored} == {
        (ring.key, ring.state, ring.sequence) for ring in rings
    }


async def _loaded(book: Book) -> list[Ring]:
    board = board_of(book)
    await board.load()
    return board.of_agent(ACME, "11", after=0)


def test_two_accounts_may_name_their_calls_alike(book: Book) -> None:
    """Each has its own ring, and agents of the same id hear of their own account's alone."""
    other = Book(book.database_url, "freshdesk:beta", "https://beta.freshdesk.com")
    other.people(agent("11", "Eve Other", email="daniel@acme.example"))

    async def work() -> None:
        board = board_of(book)
        ours, theirs = board.subscribe(ACME, "11"), board.subscribe("freshdesk:beta", "11")
        mine = await board.tell(ACME, told("c1"))
        await board.tell("freshdesk:beta", told("c1"))
        await board.tell("freshdesk:beta", told("c1", "ended"))
        heard, other_heard = await anext(ours), await anext(theirs)
        assert mine is not None
        assert heard is not None
        assert other_heard is not None
        assert (heard.key, heard.state) == (mine.key, "ringing")
        assert other_heard.key != mine.key
        assert (other_heard.customer_id, mine.customer_id) == (None, "100")
        assert board.ring("freshdesk:beta", mine.key) is None
        with pytest.raises(NotFoundError):
            await board.claim("freshdesk:beta", mine.key, "11")

    asyncio.run(work())
    other.record.close()


def test_how_long_a_brief_took_is_told_once(book: Book) -> None:
    """From the first webhook to the first brief; not of a ring that another process heard."""

    async def work() -> list[float | None]:
        clock = ManualClock(AS_OF)
        board = Board(book.record, AgentMap(), clock)
        ring = await board.tell(ACME, told())
        assert ring is not None
        clock.advance(0.25)
        await board.tell(ACME, told(state="answered"))
        later = board_of(book)
        await later.load()
        asked = [board.asked(ACME, ring.key), board.asked(ACME, ring.key)]
        return [*asked, later.asked(ACME, ring.key), board.asked(ACME, "none")]

    assert asyncio.run(work()) == [0.25, None, None, None]


def test_an_agent_who_joined_a_moment_ago_is_rung(book: Book) -> None:
    """A name that nobody knows is looked for again, though not at every ring."""

    async def work() -> list[str]:
        clock = ManualClock(AS_OF)
        board = Board(book.record, AgentMap(), clock)
        await board.tell(ACME, told("c1", agents=("new@acme.example",)))
        book.people(agent("14", "Nia New", email="new@acme.example"))
        await board.tell(ACME, told("c2", agents=("new@acme.example",)))
        clock.advance(6)
        await board.tell(ACME, told("c3", agents=("new@acme.example",)))
        return [ring.call_id for ring in board.of_agent(ACME, "14")]

    assert asyncio.run(work()) == ["c3"]


def test_of_all_who_claim_a_call_at_once_one_has_it(book: Book) -> None:
    """The others are told so; who has it may say so again."""

    async def work() -> tuple[list[Ring | BaseException], Ring]:
        board = board_of(book)
        ring = await board.tell(ACME, told(agents=()))
        assert ring is not None
        claims = [board.claim(ACME, ring.key, one) for one in ("12", "11", "12", "11")]
        done = list(await asyncio.gather(*claims, return_exceptions=True))
        return done, await board.claim(ACME, ring.key, "12")

    done, ring = asyncio.run(work())

    refused = [isinstance(one, ClaimedError) for one in done]
    assert refused == [False, True, False, True]
    assert ring.agent_id == "12"


def test_what_cannot_be_claimed(book: Book) -> None:
    """A ring that is none, that is others', or that ended before anybody took it."""

    async def work() -> list[str]:
        board = board_of(book)
        mine = await board.tell(ACME, told("c1"))
        over = await board.tell(ACME, told("c2", agents=()))
        await board.tell(ACME, told("c2", "ended", agents=()))
        assert mine is not None
        assert over is not None
        assert (await board.claim(ACME, mine.key, "11")).agent_id is None
        found = []
        for key, who in (("none", "11"), (mine.key, "12"), (over.key, "11")):
            with pytest.raises(NotFoundError) as refused:
                await board.claim(ACME, key, who)
            found.append(refused.value.detail)
        return found

    told_why = asyncio.run(work())
    assert told_why[0] == told_why[1]
    assert "ended" in told_why[2]


def test_a_reader_too_far_behind_is_let_go_and_finds_everything_when_it_comes_again(
    book: Book,
) -> None:
    """What waits for one reader is bounded, however many rings there are."""

    async def work() -> None:
        board = board_of(book)
        hearing = board.subscribe(ACME, "11")
        for number in range(MOST_WAITING + 1):
            await board.tell(ACME, told(f"c{number}"))
        assert [ring async for ring in hearing] == []
        again = board.subscribe(ACME, "11", after=0)
        found = [await anext(again) for _ in range(MOST_WAITING)]
        assert len({ring.key for ring in found if ring}) == MOST_WAITING

    asyncio.run(work())


def test_a_reader_who_pauses_hears_each_ring_once_as_it_is_then(book: Book) -> None:
    """A hundred changes of one ring are one event for who reads after them."""

    async def work() -> list[Ring | None]:
        board = board_of(book)
        hearing = board.subscribe(ACME, "11")
        for number in range(100):
            at = AS_OF.replace(second=number % 60, minute=number // 60)
            await board.tell(ACME, told("c1", agents=(), at=at, called=f"line {number}"))
        await board.tell(ACME, told("c2"))
        return [await anext(hearing), await anext(hearing)]

    assert [ring.call_id for ring in asyncio.run(work()) if ring] == ["c1", "c2"]


def test_a_client_that_never_reads_is_dropped(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It holds up nobody else, and its stream does not stay open."""
    monkeypatch.setattr(service, "PATIENCE", 0.2)
    caplog.set_level("INFO")
    host, port = desk.url.removeprefix("http://").split(":")
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
    deaf.connect((host, int(port)))
    headers = f"Host: x\r\nAuthorization: Bearer {desk.session()}\r\n"
    deaf.sendall(f"GET /v1/rings/stream HTTP/1.1\r\n{headers}\r\n".encode())
    assert deaf.recv(15) == b"HTTP/1.1 200 OK"

    async def flood() -> None:
        board = desk.context.board
        async with asyncio.timeout(PATIENCE):
            while desk.counted("remember_streams_open"):
                for ring in board.of_agent(ACME, "11"):
                    board._ears.tell(ring)
                await asyncio.sleep(0)

    for number in range(20):
        desk.ring(call_id=f"c{number}")
    desk.call(flood())
    with desk.stream() as stream:
        assert stream.next().event == "ring.ringing"
    deaf.close()

    assert "did not read" in caplog.text


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="only Linux can cut it")
def test_what_waits_for_a_deaf_client_is_thrown_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that is over, but that nobody takes, does not hold its connection for ever."""
    monkeypatch.setattr(serving, "DEAF_SECONDS", 1)

    class Answer(asyncio.Protocol):
        """Says more than fits on the way, and closes."""

        def __init__(self) -> None:
            self.lost = asyncio.Event()

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.Transport)
            transport.write(bytes(20_000_000))
            transport.close()

        def connection_lost(self, exc: Exception | None) -> None:
            del exc
            self.lost.set()

    async def work() -> None:
        answer, listener = Answer(), serving.listen("127.0.0.1", 0)
        server = await asyncio.get_running_loop().create_server(lambda: answer, sock=listener)
        with socket.socket() as deaf:
            deaf.connect(listener.getsockname())
            async with asyncio.timeout(PATIENCE):
                await answer.lost.wait()
        server.close()

    asyncio.run(work())


def test_five_hundred_streams_on_one_process(desk: Desk) -> None:
    """Every one hears its ring; none has a task or a timer of the board's."""

    async def listen(client: httpx.AsyncClient, opened: asyncio.Semaphore) -> str:
        headers = bearing(desk.session())
        async with client.stream("GET", f"{desk.url}/v1/rings/stream", headers=headers) as answer:
            async for line in answer.aiter_lines():
                if line == ": open":
                    opened.release()
                if line.startswith("event: "):
                    return line
        return ""

    async def work() -> list[str]:
        limits = httpx.Limits(max_connections=None)
        opened = asyncio.Semaphore(0)
        async with httpx.AsyncClient(timeout=60, limits=limits) as client:
            listening = [asyncio.create_task(listen(client, opened)) for _ in range(500)]
            for _ in range(500):
                await opened.acquire()
            assert desk.counted("remember_streams_open") == 500
            await asyncio.to_thread(desk.ring)
            return await asyncio.gather(*listening)

    assert asyncio.run(work()) == ["event: ring.ringing"] * 500


def test_what_cannot_be_written_is_delivered_and_told_again(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever tells of it hears that it is not kept; told again, it is kept once."""

    async def work() -> Ring | None:
        board = board_of(book)
        hearing = board.subscribe(ACME, "11")
        with monkeypatch.context() as broken:
            broken.setattr(board._keeping, "_write", _broken)
            with pytest.raises(RecordError):
                await board.tell(ACME, told())
        heard = await anext(hearing)
        again = await board.tell(ACME, told())
        assert again is not None
        assert heard is not None
        assert again.key == heard.key
        return again

    ring = asyncio.run(work())

    [stored] = asyncio.run(_loaded(book))
    assert ring is not None
    assert (stored.key, stored.customer_id) == (ring.key, "100")


def _broken(*_: object) -> None:
    raise RecordError("The disk is full.", "Make room.")


def test_a_second_board_goes_on_where_the_first_one_was(book: Book) -> None:
    """Every ring is as it was; what comes next has a higher number, though the clock stands."""

    async def first() -> list[Ring]:
        board = board_of(book)
        await board.tell(ACME, told("c1"))
        await board.tell(ACME, told("c2", agents=("daniel@acme.example", "dana@acme.example")))
        waits = await board.tell(ACME, told("c3", agents=(), caller=None))
        assert waits is not None
        await board.claim(ACME, waits.key, "11")
        return board.of_agent(ACME, "11")

    async def second(known: list[Ring]) -> None:
        board = board_of(book)
        await board.load()
        found = board.of_agent(ACME, "11")
        assert [_seen(ring) for ring in found] == [_seen(ring) for ring in known]
        answered = await board.tell(ACME, told("c1", "answered"))
        assert answered is not None
        assert answered.key == known[0].key
        assert answered.sequence > max(ring.sequence for ring in known)

    asyncio.run(second(asyncio.run(first())))


def _seen(ring: Ring) -> tuple[object, ...]:
    return (
        ring.key,
        ring.state,
        ring.sequence,
        ring.agents,
        ring.members,
        ring.agent_id,
        ring.customer_id,
        ring.caller,
        ring.is_of("11"),
        ring.unclaimed,
    )


_SERVICE = textwrap.dedent("""
    import sys
    from pathlib import Path

    import uvicorn

    from connector.clock import SystemClock
    from connector.service.app import create_app
    from tests.support.book import Book
    from tests.support.service import context_of

    folder, port, secret = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    context = context_of(Book(folder), SystemClock(), folder, ring_generic_secret=secret)
    uvicorn.run(create_app(context), port=port, log_level="critical")
""")


def test_a_service_killed_during_a_ring_goes_on_with_it(tmp_path: Path) -> None:
    """The agent who comes again hears the end of the call that rang before."""
    book = staffed(Book(tmp_path))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    desk = Callers(book, SystemClock(), f"http://127.0.0.1:{port}")
    process = _serve(tmp_path, port)
    try:
        desk.wait()
        assert desk.ring("ringing").status_code == 204
        with desk.stream() as stream:
            rung = stream.next()
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process = _serve(tmp_path, port)
        desk.wait()
        with desk.stream() as stream:
            assert stream.next() == rung
            assert desk.ring("ended").status_code == 204
            over = stream.next()
    finally:
        process.kill()
        process.wait()
        desk.client.close()
        book.record.close()

    assert (over.event, over.data["ring"]) == ("ring.ended", rung.data["ring"])
    assert over.id > rung.id


def _serve(folder: Path, port: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", _SERVICE, str(folder), str(port), SECRET],
        cwd=Path(__file__).parents[3],
    )
