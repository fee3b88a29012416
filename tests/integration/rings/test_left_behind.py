"""What a ring leaves in the record: a missed contact, a number while it is needed, no more."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event as database_event

from connector.clock import ManualClock
from connector.rings.agents import AgentMap
from connector.rings.board import Board
from connector.rings.event import RingEvent
from memory.entities import CallOutcome, CallRecord, Merge
from memory.record import callers
from memory.record import tables as t
from tests.integration.rings.desk import staffed
from tests.support.book import AS_OF, Book, ago

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    from connector.rings.ring import Ring

ACME = "zendesk:acme"
MINUTE = 1 / 24 / 60


@pytest.fixture
def book(database_url: str) -> Iterator[Book]:
    """A record of agents and customers, on each kind of database."""
    made = staffed(Book(database_url))
    yield made
    made.record.close()


def told(state: str = "ringing", days_ago: float = 1, **more: Any) -> RingEvent:
    """A moment of a call of Mara's that rings Daniel."""
    about = {
        "provider": "generic",
        "call_id": "c1",
        "caller": "+12125550101",
        "called": None,
        "direction": "inbound",
        "agents": ("daniel@acme.example",),
        "state": state,
        "at": ago(days_ago),
        **more,
    }
    return RingEvent(**about)


def on_a_board(book: Book, work: Callable[[Board], Coroutine[Any, Any, Any]]) -> Any:
    """Do something with a board that has read the record."""

    async def do() -> Any:
        board = Board(book.record, AgentMap(), ManualClock(AS_OF), region="US")
        await board.load()
        try:
            return await work(board)
        finally:
            await board.close()

    return asyncio.run(do())


def tell(book: Book, *events: RingEvent) -> Ring | None:
    """Tell a board of these; the last ring."""

    async def telling(board: Board) -> Ring | None:
        return [await board.tell(ACME, event) for event in events][-1]

    found: Ring | None = on_a_board(book, telling)
    return found


def missed(book: Book, **how: Any) -> list[dict[str, Any]]:
    """The missed contacts in Mara's brief."""
    return [dict(one) for one in book.brief(**how)["missed"]]


def numbers(book: Book) -> list[str | None]:
    """The numbers in the record's rings."""
    return [row["caller"] for row in book.rows(t.ring)]


def test_a_ring_nobody_answered_is_a_missed_contact(book: Book) -> None:
    """The next brief says that she rang in vain; there are no words to show for it."""
    tell(book, told("ringing"), told("ended"))

    entry = {"on": "2026-07-06", "channel": "voice", "evidence": [], "first_view": True}
    assert missed(book) == [entry]
    assert missed(book, verified=False) == [entry]


@pytest.mark.parametrize(
    "events",
    [
        pytest.param([told("ringing")], id="still ringing"),
        pytest.param([told("ringing"), told("answered"), told("ended")], id="answered"),
        pytest.param(
            [told("ended"), told("answered"), told("ringing")], id="answered, in disorder"
        ),
        pytest.param(
            [told("ringing", direction="outbound"), told("ended", direction="outbound")],
            id="we called",
        ),
        pytest.param(
            [told("ringing", caller="+12125550102"), told("ended", caller="+12125550102")],
            id="a shared number",
        ),
    ],
)
def test_what_is_no_missed_contact(book: Book, events: list[RingEvent]) -> None:
    """Only a customer's own call that was surely in vain is called so."""
    tell(book, *events)

    assert missed(book) == []
    assert missed(book, value="zendesk:101") == []


def test_a_claimed_call_was_not_missed(book: Book) -> None:
    """Where the phone system does not say who answers, the claim does."""

    async def work(board: Board) -> None:
        ring = await board.tell(ACME, told("ringing", agents=()))
        assert ring is not None
        await board.claim(ACME, ring.key, "12")
        await board.tell(ACME, told("ended", agents=()))

    on_a_board(book, work)

    assert missed(book) == []


def rang(minutes_later: float, **more: Any) -> CallRecord:
    """The helpdesk's own word of a call of Mara's that nobody answered."""
    at = ago(1) + timedelta(minutes=minutes_later)
    about: dict[str, Any] = {
        "customer_id": "100",
        "ticket_id": None,
        "agent_id": None,
        "direction": "inbound",
        "outcome": CallOutcome.ABANDONED,
        "at": at,
        "updated_at": at,
        **more,
    }
    return CallRecord("k1", **about)


@pytest.mark.parametrize(("minutes", "times"), [(-10, 1), (0, 1), (9, 1), (11, 2), (-30, 2)])
def test_what_the_helpdesk_tells_of_the_same_call_is_not_told_twice(
    book: Book, minutes: int, times: int
) -> None:
    """Within ten minutes it is one call, told by two; further apart it is two."""
    tell(book, told("ringing"), told("ended"))
    book.store(calls=(rang(minutes),))

    assert len(missed(book)) == times


def test_who_was_answered_since_is_not_missed_any_more(book: Book) -> None:
    """By the phone system's word at once, though the helpdesk does not know of it yet."""
    tell(book, told("ringing"), told("ended"))
    assert missed(book)

    tell(book, told("ringing", 0.5, call_id="c2"), told("answered", 0.5, call_id="c2"))

    assert missed(book) == []


def test_a_contact_since_takes_it_from_the_list(book: Book) -> None:
    """As with every missed contact, whichever way they were in touch."""
    tell(book, told("ringing"), told("ended"))
    book.store(calls=(rang(60, agent_id="11", outcome=CallOutcome.ANSWERED),))

    assert missed(book) == []


def test_a_brief_of_the_day_before_knows_nothing_of_it(book: Book) -> None:
    """A brief as of a time tells what was so then."""
    tell(book, told("ringing"), told("ended"))

    assert missed(book, as_of=ago(1.5)) == []


def test_it_costs_a_brief_no_statement_of_its_own(book: Book) -> None:
    """Rings are read with the helpdesk's calls, by their customer's index."""
    asked: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, values))

    with book.record.reading() as connection:
        database_event.listen(connection, "before_cursor_execute", note)
        callers.missed_calls(connection, book.number, "100")
        database_event.remove(connection, "before_cursor_execute", note)
        ((statement, values),) = asked
        if connection.dialect.name == "sqlite":
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            steps = [row[-1] for row in plan if " ring" in row[-1]]
            assert steps
            assert all("ring_by_customer" in step for step in steps)


def test_a_merged_customers_rings_are_the_winners(book: Book) -> None:
    """In the record at once, and on the board soon."""
    tell(book, told("ringing"), told("ended"))
    book.store(merges=(Merge("100", "101"),))

    assert [row["customer_id"] for row in book.rows(t.ring)] == ["101"]
    assert missed(book, value="zendesk:101")


def test_the_board_follows_a_merge(book: Book) -> None:
    """Whoever asks it next is told who the customer is now."""

    async def work(board: Board) -> Ring | None:
        ring = await board.tell(ACME, told("ringing", 0))
        assert ring is not None
        assert ring.customer_id == "100"
        book.store(merges=(Merge("100", "101"),))
        await board.tend()
        return board.ring(ACME, ring.key)

    assert on_a_board(book, work).customer_id == "101"


def test_an_erased_customers_rings_go_with_them(book: Book) -> None:
    """Those of their numbers too, which nobody was recognised by; others' rings stay."""
    tell(book, told(call_id="c1"))
    tell(book, told(call_id="c2", caller="+12125550109"))
    tell(book, told(call_id="c3", caller="+12125550102"))
    book.store(gone_people=("100",))

    assert sorted(row["call_id"] for row in book.rows(t.ring)) == ["c2", "c3"]

    book.store(gone_people=("101",))

    assert [row["call_id"] for row in book.rows(t.ring)] == ["c2"]


def test_nothing_that_is_told_later_brings_an_erased_ring_back(book: Book) -> None:
    """The call goes on while its customer is erased; neither record nor board has it then."""

    async def work(board: Board) -> None:
        ring = await board.tell(ACME, told("ringing", 0))
        assert ring is not None
        book.store(gone_people=("100",))
        await board.tell(ACME, told("ended", 0))
        assert board.ring(ACME, ring.key) is None

    on_a_board(book, work)

    assert book.rows(t.ring) == []


def test_the_board_forgets_whom_the_record_forgot(book: Book) -> None:
    """Without a further word of the call, too."""

    async def work(board: Board) -> Ring | None:
        ring = await board.tell(ACME, told("ringing", 0))
        assert ring is not None
        book.store(gone_people=("100",))
        await board.tend()
        return board.ring(ACME, ring.key)

    assert on_a_board(book, work) is None


def test_a_number_is_kept_for_a_day_and_a_missed_customers_for_a_month(book: Book) -> None:
    """After that the record knows that a call was, and not whose number it was."""
    tell(book, told("ringing", 1.1, call_id="unknown", caller="+12125550109"))
    tell(book, told("ringing", 0.9, call_id="young", caller="+12125550109"))
    tell(book, told("answered", 1.1, call_id="answered"))
    tell(book, told("ringing", 29, call_id="missed"), told("ended", 29, call_id="missed"))
    tell(book, told("ringing", 31, call_id="long ago"), told("ended", 31, call_id="long ago"))

    on_a_board(book, Board.sweep)

    kept = {row["call_id"] for row in book.rows(t.ring) if row["caller"] is not None}
    assert kept == {"young", "missed"}
    assert len(numbers(book)) == 5


def test_a_ring_of_the_future_is_one_of_now(book: Book) -> None:
    """By a clock that is years ahead it would ring for years."""

    async def work(board: Board) -> list[Ring]:
        await board.tell(ACME, told("ringing", -4000, call_id="c1"))
        await board.tell(ACME, told("ringing", -MINUTE, call_id="c2"))
        return board.of_agent(ACME, "11")

    assert [ring.at for ring in on_a_board(book, work)] == [AS_OF, ago(-MINUTE)]


def test_a_ring_that_never_ends_is_ended_after_some_hours(book: Book) -> None:
    """Nobody knows whether it was answered, so that nobody is said to have missed it."""

    async def work(board: Board) -> list[Ring]:
        await board.tell(ACME, told("ringing", 3 * 60 * MINUTE, call_id="c1"))
        await board.tell(ACME, told("ringing", 60 * MINUTE, call_id="c2"))
        await board.tell(ACME, told("answered", 3 * 60 * MINUTE, call_id="c3"))
        await board.tend()
        return board.of_agent(ACME, "11")

    assert [ring.call_id for ring in on_a_board(book, work)] == ["c2", "c3"]
    assert {row["call_id"]: row["state"] for row in book.rows(t.ring)}["c1"] == "ended"
    assert missed(book) == []
