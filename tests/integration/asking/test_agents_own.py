"""What is an agent's own: the customers they know, their day, and who somebody may be."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from memory import Memory
from memory.entities import Call, Rating, Status
from memory.errors import UsageError
from memory.record import tables as t
from tests.support.book import AS_OF, Book, agent, ago, customer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from memory.asking.day import Conversation

DANIEL, DANA = "zendesk:11", "dana@acme.example"
MORNING = AS_OF - timedelta(hours=1)


@pytest.fixture
def memory(book: Book, tmp_path: Path) -> Iterator[Memory]:
    """Mara, Ellen and Bo, and two agents; noon is in New York."""
    book.people(
        customer(phone="+12125550101", email="mara@example.com"),
        customer("101", "Ellen Park", phone="+12125550102", email="ellen@example.com"),
        customer("102", "Bo Lind", phone="+12125550102"),
        agent(email="daniel@acme.example"),
        agent("12", "Dana", email=DANA),
    )
    with Memory.open(
        tmp_path, database_url=book.database_url, default_region="US", now=lambda: AS_OF
    ) as opened:
        yield opened


def _talked(
    book: Book, ticket_id: str, who: str, minutes: float, days: float, *, by: str = "11"
) -> None:
    """An agent and a customer talked on a ticket of its own."""
    book.ticket(ticket_id, who, at=ago(days), assignee_id=by)
    book.contact(ticket_id, by, minutes, at=ago(days), customer_id=who)


def _call(book: Book, ticket_id: str, at: datetime, minutes: float = 5.0, by: str = "11") -> None:
    """A call on a ticket, answered by an agent."""
    book.say(ticket_id, "Hello", author_id=by, at=at, call=Call("inbound", minutes, answered_by=by))
    book.contact(ticket_id, by, minutes, at=at)


def _names(memory: Memory, who: str = DANIEL) -> list[str | None]:
    return [one["customer"]["name"] for one in memory.regulars(who)["regulars"]]


def _day(memory: Memory, on: date | None = None, who: str = DANIEL) -> list[Conversation]:
    return memory.day(who, on=on)["conversations"]


class TestRegulars:
    """Whom an agent knows."""

    def test_recent_time_weighs_more(self, memory: Memory, book: Book) -> None:
        """Ten minutes now outweigh thirty of a year ago; once is no acquaintance."""
        for number, days in enumerate((300, 301)):
            _talked(book, f"1{number}", "100", 30, days)
        for number, days in enumerate((2, 9)):
            _talked(book, f"2{number}", "101", 10, days)
        _talked(book, "30", "102", 97, 1)
        assert _names(memory) == ["Ellen Park", "Mara Lindqvist"]

    def test_a_regular_in_full(self, memory: Memory, book: Book) -> None:
        """How often, how long altogether, and whether they would rather speak to the agent."""
        _talked(book, "1", "100", 10.5, 9)
        _talked(book, "2", "100", 20, 2)
        assert memory.regulars("daniel@acme.example") == {
            "version": 1,
            "agent": DANIEL,
            "regulars": [
                {
                    "customer": {
                        "ref": "zendesk:100",
                        "name": "Mara Lindqvist",
                        "organization": None,
                        "last_contact_on": "2026-07-05",
                        "url": "https://acme.zendesk.com/agent/users/100",
                    },
                    "times": 2,
                    "last_on": "2026-07-05",
                    "minutes": 30.5,
                    "preferred": True,
                    "offered": True,
                }
            ],
        }

    def test_each_agent_sees_their_own(self, memory: Memory, book: Book) -> None:
        """What another spent is another's."""
        _talked(book, "1", "100", 10, 9)
        _talked(book, "2", "100", 10, 8)
        _talked(book, "3", "101", 10, 9, by="12")
        _talked(book, "4", "101", 10, 8, by="12")
        assert _names(memory) == ["Mara Lindqvist"]
        assert _names(memory, DANA) == ["Ellen Park"]

    def test_who_would_rather_not_is_not_preferred(self, memory: Memory, book: Book) -> None:
        """To one customer or to all; the brief of the customer says the same."""
        for number, who in enumerate(("100", "100", "101", "101")):
            _talked(book, str(number), who, 10, 3 + number)

        def standing() -> dict[str | None, tuple[bool, bool]]:
            rows = memory.regulars(DANIEL)["regulars"]
            return {one["customer"]["name"]: (one["preferred"], one["offered"]) for one in rows}

        assert set(standing().values()) == {(True, True)}
        memory.do_not_offer(DANIEL, customer="zendesk:100")
        assert standing() == {"Mara Lindqvist": (False, False), "Ellen Park": (True, True)}
        assert memory.brief(customer="zendesk:100")["preferred_agent"] is None
        assert memory.brief(customer="zendesk:101")["preferred_agent"] is not None
        memory.offer_again(DANIEL, customer="zendesk:100")
        assert standing()["Mara Lindqvist"] == (True, True)
        memory.do_not_offer(DANIEL)
        assert set(standing().values()) == {(False, False)}

    def test_who_asked_for_another_is_not_the_agents(self, memory: Memory, book: Book) -> None:
        """A request outranks time, unless it was said to be wrong."""
        _talked(book, "1", "100", 10, 9)
        _talked(book, "2", "100", 10, 8)
        asked = book.told("agent_request", "I would rather speak to Dana", code="12")
        assert not memory.regulars(DANIEL)["regulars"][0]["preferred"]
        memory.correct(asked, "wrong")
        assert memory.regulars(DANIEL)["regulars"][0]["preferred"]

    def test_who_is_gone_or_opted_out_is_no_regular(self, memory: Memory, book: Book) -> None:
        """Deleted, erased, or of whom nothing is to be kept."""
        for number, who in enumerate(("100", "100", "101", "101", "102", "102")):
            _talked(book, str(number), who, 10, 3 + number)
        assert len(_names(memory)) == 3
        memory.opt_out("zendesk:100")
        book.people(customer("101", "Ellen Park", active=False, updated_at=ago(1)))
        assert _names(memory) == ["Bo Lind"]
        book.people(customer("102", None, active=False, erased=True, updated_at=ago(1)))
        assert _names(memory) == []

    def test_there_are_fifty_at_most(self, memory: Memory, book: Book) -> None:
        """The warmest."""
        book.people(*(customer(f"2{n:02}", f"Customer {n}") for n in range(60)))
        for number in range(60):
            for day in (1, 2):
                _talked(book, f"{number}{day}", f"2{number:02}", 10 + number, day)
        assert _names(memory) == [f"Customer {n}" for n in range(59, 9, -1)]


class TestDay:
    """What an agent's day was."""

    def test_a_conversation_in_full(self, memory: Memory, book: Book) -> None:
        """One line, with where it stands."""
        book.ticket("1", at=MORNING, subject="Router drops")
        _call(book, "1", MORNING, 12.5)
        assert memory.day(DANIEL) == {
            "version": 1,
            "agent": DANIEL,
            "on": "2026-07-07",
            "conversations": [
                {
                    "at": "2026-07-07T08:00:00Z",
                    "customer": {
                        "ref": "zendesk:100",
                        "name": "Mara Lindqvist",
                        "url": "https://acme.zendesk.com/agent/users/100",
                    },
                    "ticket": "zendesk:1",
                    "title": "Router drops",
                    "hidden": False,
                    "channel": "voice",
                    "minutes": 12.5,
                    "outcome": "open",
                    "remember": ["first_contact"],
                }
            ],
            "rings": [],
        }

    def test_each_day_has_what_was_done_then(self, memory: Memory, book: Book) -> None:
        """A conversation that goes on the next day stands in both, with each day's minutes."""
        book.ticket("1", at=ago(2))
        book.say("1", "Hello", author_id="11", at=ago(2), call=Call("inbound", 10, "11"))
        _call(book, "1", ago(1), 7)
        assert _day(memory) == []
        assert [one["minutes"] for one in _day(memory, date(2026, 7, 6))] == [7]
        assert [one["minutes"] for one in _day(memory, date(2026, 7, 5))] == [10]

    def test_each_agent_sees_their_own(self, memory: Memory, book: Book) -> None:
        """On one ticket each has their part."""
        book.ticket("1", at=MORNING)
        _call(book, "1", MORNING, 10)
        _call(book, "1", MORNING, 3, by="12")
        assert [one["minutes"] for one in _day(memory)] == [10]
        assert [one["minutes"] for one in _day(memory, who=DANA)] == [3]

    def test_what_is_sensitive_has_a_neutral_title(self, memory: Memory, book: Book) -> None:
        """Of what was told there is but that it was."""
        book.ticket("1", at=MORNING, subject="Cancel my late husband's line")
        _call(book, "1", MORNING)
        book.told("bereavement", "My husband died in May", at=MORNING)
        (one,) = _day(memory)
        assert (one["title"], one["hidden"]) == ("Cancellation", True)
        assert one["remember"] == ["first_contact", "care"]
        assert "husband" not in str(memory.day(DANIEL))

    def test_what_there_is_to_remember(self, memory: Memory, book: Book) -> None:
        """A promise, a thing to check, how they left; of that day, and as far as it stands."""
        book.ticket("1", at=ago(30))
        book.ticket("2", at=MORNING, rating="bad")
        _call(book, "2", MORNING)
        told: dict[str, Any] = {"ticket_id": "2", "at": MORNING}
        promise = book.told("promise", "I will call you", by="11", code="call", **told)
        check = book.told("check", "it is Ashgrove I think", code="Ashgrove", **told)
        (one,) = _day(memory)
        assert one["remember"] == ["promise", "check", "left_unhappy"]
        memory.correct(promise, "wrong")
        memory.correct(check, "outdated")
        (one,) = _day(memory)
        assert one["remember"] == ["left_unhappy"]
        memory.note("?street", customer="zendesk:100", agent=DANA)
        assert _day(memory)[0]["remember"] == ["left_unhappy"]
        memory.note("?street", customer="zendesk:100", agent=DANIEL)
        assert _day(memory)[0]["remember"] == ["check", "left_unhappy"]

    def test_what_was_solved_and_came_back_is_marked(self, memory: Memory, book: Book) -> None:
        """As the brief's list of what was before has it."""
        done: dict[str, Any] = {"status": Status.SOLVED, "solved_at": ago(9)}
        book.ticket("1", at=ago(10), subject="Router drops the line", **done)
        said = "The router drops the line every evening"
        book.issue("1", "Router drops the line", restatement=said, vector=[1, 0])
        book.ticket("2", at=MORNING, subject="Router drops the line again")
        book.issue(
            "2",
            "Router drops the line again",
            restatement=f"{said} again",
            at=MORNING,
            vector=[1, 0],
        )
        _call(book, "2", MORNING)
        (before,) = memory.brief(customer="zendesk:100", verified=True)["before"]
        assert before["tickets"] == ["zendesk:1", "zendesk:2"]
        (one,) = _day(memory)
        assert one["remember"] == ["returned"]

    def test_who_is_gone_or_opted_out_is_not_in_it(self, memory: Memory, book: Book) -> None:
        """Nor is a ticket that was deleted."""
        for number, who in enumerate(("100", "101", "102")):
            book.ticket(str(number), who, at=MORNING)
            book.say(
                str(number),
                "Hello",
                author_id="11",
                at=MORNING,
                call=Call("inbound", 5.0, answered_by="11"),
            )
            book.contact(str(number), "11", 5, at=MORNING, customer_id=who)
        assert len(_day(memory)) == 3
        memory.opt_out("zendesk:100")
        book.people(customer("101", "Ellen Park", active=False, updated_at=ago(0)))
        assert [one["customer"]["name"] for one in _day(memory)] == ["Bo Lind"]
        book.ticket("2", "102", status=Status.DELETED, version=2)
        assert _day(memory) == []

    def test_nothing_of_after_now_is_told(self, memory: Memory, book: Book) -> None:
        """A helpdesk's clock may be ahead."""
        book.ticket("1", at=MORNING)
        _call(book, "1", AS_OF + timedelta(minutes=10))
        assert _day(memory) == []

    def test_the_rings_of_a_day(self, memory: Memory, book: Book) -> None:
        """Those that rang for the agent, or that they took; who called where that is known."""

        def ring(key: str, *agents: str, **more: Any) -> None:
            row = {
                "account": book.number,
                "id": key,
                "provider": "generic",
                "call_id": key,
                "direction": "inbound",
                "caller": "+12125550101",
                "state": "ended",
                "agents": list(agents),
                "members": [],
                "agent_id": None,
                "customer_id": None,
                "at": MORNING,
                "answered_at": None,
                "sequence": 1,
                **more,
            }
            with book.record.writing(book.account) as writer:
                writer.connection.execute(t.ring.insert().values(row))

        ring("a", "11", "12", customer_id="100")
        ring("b", agent_id="11", answered_at=MORNING, state="answered", customer_id="101")
        ring("c", "12", customer_id="100")
        ring("d", "11", at=ago(1), customer_id="100")
        ring("e", "11", customer_id="102")
        book.people(customer("102", "Bo Lind", active=False, updated_at=ago(0)))
        rings = memory.day(DANIEL)["rings"]
        assert [(one["ring"], one["answered"]) for one in rings] == [
            ("a", False),
            ("b", True),
            ("e", False),
        ]
        assert [one["customer"] for one in rings] == [
            {"ref": "zendesk:100", "name": "Mara Lindqvist"},
            {"ref": "zendesk:101", "name": "Ellen Park"},
            None,
        ]
        assert "+1212" not in str(rings)


class TestCustomers:
    """Who somebody may be."""

    def _found(self, memory: Memory, words: str) -> list[str | None]:
        return [one["name"] for one in memory.customers(words)["customers"]]

    @pytest.mark.parametrize(
        ("words", "names"),
        [
            ("lindqvist mara", ["Mara Lindqvist"]),
            ("lind", ["Bo Lind", "Mara Lindqvist"]),
            ("(212) 555-0101", ["Mara Lindqvist"]),
            ("+1212555", ["Bo Lind", "Mara Lindqvist", "Ellen Park"]),
            ("2125550102", ["Bo Lind", "Ellen Park"]),
            ("MARA@example.com", ["Mara Lindqvist"]),
            ("ellen@", ["Ellen Park"]),
            ("nobody@example.com", []),
            ("anonymous", []),
            ("+", []),
        ],
    )
    def test_by_name_phone_or_address(
        self, memory: Memory, book: Book, words: str, names: list[str]
    ) -> None:
        """Whoever was spoken to last stands first, when several may be meant."""
        book.ticket("1", "102", at=ago(1))
        book.ticket("2", "100", at=ago(2))
        assert self._found(memory, words) == names

    def test_a_number_seen_in_calls_alone_is_found(self, memory: Memory, book: Book) -> None:
        """As by the phone itself."""
        book.ticket("1")
        book.say("1", "Hello", call=Call("inbound", 1.0, number="+12125550177"))
        assert self._found(memory, "+12125550177") == ["Mara Lindqvist"]

    def test_a_candidate_is_shown_and_nothing_else(self, memory: Memory, book: Book) -> None:
        """No phone, no address, no memory."""
        book.ticket("1", subject="My late husband")
        found = memory.customers("mara")
        assert found == {
            "version": 1,
            "customers": [
                {
                    "ref": "zendesk:100",
                    "name": "Mara Lindqvist",
                    "organization": None,
                    "last_contact_on": "2026-06-28",
                }
            ],
        }

    def test_twenty_at_most(self, memory: Memory, book: Book) -> None:
        """Whoever has a common name is found by more of it."""
        book.people(*(customer(f"2{n:02}", f"Kim Number{n}") for n in range(30)))
        assert len(self._found(memory, "kim")) == 20

    def test_nothing_is_not_looked_for(self, memory: Memory) -> None:
        """It would be everybody."""
        with pytest.raises(UsageError):
            memory.customers("  ")


def test_an_unknown_agent_has_neither(memory: Memory) -> None:
    """It is said so, without the words."""
    for ask in (memory.regulars, memory.day):
        with pytest.raises(UsageError, match="No agent"):
            ask("nobody@acme.example")


def test_a_good_rating_is_a_reason(memory: Memory, book: Book) -> None:
    """Regulars are preferred for whatever reason a brief gives."""
    for number in range(2):
        _talked(book, f"1{number}", "100", 5, 3 + number)
        _talked(book, f"2{number}", "100", 10, 3 + number, by="12")
        book.store(ratings=(Rating(f"r{number}", f"1{number}", "100", "11", "good", ago(2)),))
    brief = memory.brief(customer="zendesk:100", agent=DANIEL)
    assert brief["preferred_agent"] is not None
    own = memory.regulars(DANIEL)["regulars"][0]
    assert own["preferred"] == brief["preferred_agent"]["is_you"]
