"""What a brief knows of calls: who rang in vain, and from numbers that stand on no profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from memory.asking.export import export_of
from memory.asking.lines import lines_of
from memory.entities import Call, CallOutcome, CallRecord, Merge, Status
from memory.record import queries
from memory.record import tables as t
from tests.support.book import agent, ago, customer, ticket

if TYPE_CHECKING:
    from tests.support.book import Book


@pytest.fixture
def known(book: Book) -> Book:
    """Mara, who last spoke with Daniel nine days ago, and Bo."""
    book.people(customer(phone="2125550101"), customer("101", "Bo"), agent())
    book.ticket("1")
    book.contact("1", "11")
    return book


def rang(call_id: str = "c1", **more: Any) -> CallRecord:
    """A call of Mara's that nobody answered, without a ticket."""
    at = more.pop("at", ago(1))
    told = {
        "customer_id": "100",
        "ticket_id": None,
        "agent_id": None,
        "direction": "inbound",
        "outcome": CallOutcome.ABANDONED,
        "at": at,
        "updated_at": at,
        **more,
    }
    return CallRecord(call_id, **told)


def missed(book: Book, **how: Any) -> list[str]:
    """The days of the missed calls in Mara's brief."""
    return [one["on"] for one in book.brief(**how)["missed"]]


def line(book: Book) -> str | None:
    """The line of missed calls in Mara's printed brief."""
    found = [str(one) for one in lines_of(book.brief()) if one.section == "missed"]
    return found[0] if found else None


def test_a_call_nobody_answered_is_known_without_a_ticket(known: Book) -> None:
    """It has no message, so there is nothing to quote."""
    known.store(calls=(rang(),))
    (one,) = known.brief()["missed"]
    assert one == {"on": "2026-07-06", "channel": "voice", "evidence": [], "first_view": True}


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([1], "Missed: rang once yesterday, nobody answered"),
        ([1.1, 1], "Missed: rang twice yesterday, nobody answered"),
        ([0.1, 0.05, 0.01], "Missed: rang 3 times today, nobody answered"),
        ([5, 1], "Missed: rang twice since 2 Jul, nobody answered"),
        ([4.1, 4], "Missed: rang twice 3 Jul, nobody answered"),
        ([], None),
    ],
    ids=["one", "two", "today", "since", "a day", "none"],
)
def test_the_line_says_how_often_and_when(
    known: Book, days: list[float], words: str | None
) -> None:
    """One short line, however many calls."""
    known.store(calls=tuple(rang(f"c{at}", at=ago(at)) for at in days))
    assert line(known) == words


def test_a_later_talk_settles_the_calls_before_it(known: Book) -> None:
    """An agent's contact on a ticket, or an answered call, with a ticket or without."""
    known.store(calls=(rang("before", at=ago(10)), rang("after", at=ago(3))))
    assert missed(known) == ["2026-07-04"]
    answered = rang("answered", at=ago(2), outcome=CallOutcome.ANSWERED, agent_id="11")
    known.store(calls=(answered,))
    assert missed(known) == []


def test_who_rang_long_ago_is_no_news(book: Book) -> None:
    """Calls are shown for thirty days."""
    book.people(customer())
    book.store(calls=(rang("old", at=ago(31)), rang("new", at=ago(29))))
    assert missed(book) == ["2026-06-08"]


def test_a_call_out_is_never_missed(known: Book) -> None:
    """That a customer did not pick up is not our failure to answer."""
    known.store(calls=(rang(direction="outbound"),))
    assert missed(known) == []


def test_a_voicemail_is_a_missed_call_with_its_words(known: Book) -> None:
    """The words are evidence once the caller is verified, and never when they are sensitive."""
    known.ticket("2", at=ago(1))
    known.say("2", "Please ring me back.", at=ago(1), call=Call("inbound", missed=True))
    (one,) = known.brief()["missed"]
    assert [each["quote"] for each in one["evidence"]] == ["Please ring me back."]
    (unverified,) = known.brief(verified=False)["missed"]
    assert unverified["evidence"] == []
    known.say("2", "My husband passed away.", at=ago(1), call=Call("inbound", missed=True))
    assert known.brief()["missed"][0]["evidence"] == []


def test_a_call_and_its_message_are_one_contact(known: Book) -> None:
    """The list of calls says best whether it was answered."""
    known.ticket("2", at=ago(1))
    known.say("2", "", at=ago(1), call=Call("inbound", id="c1", missed=True))
    known.store(calls=(rang(ticket_id="2"),))
    assert missed(known) == ["2026-07-06"]
    known.store(calls=(rang(ticket_id="2", outcome=CallOutcome.ANSWERED, updated_at=ago(0)),))
    assert missed(known) == []


def test_a_ticket_of_calls_in_vain_is_not_the_last_contact(known: Book) -> None:
    """`last` stays with whom the customer last spoke to."""
    known.ticket("2", at=ago(1))
    known.say("2", "", at=ago(1), call=Call("inbound", missed=True))
    last = known.brief()["last"]
    assert last is not None
    assert last["on"] == "2026-06-28"


def test_a_call_belongs_to_its_tickets_requester(known: Book) -> None:
    """Whoever the telephony took the caller for."""
    known.ticket("2", "100", at=ago(1))
    known.store(calls=(rang(customer_id="101", ticket_id="2"),))
    assert missed(known) == ["2026-07-06"]
    assert known.brief(value="zendesk:101")["missed"] == []


def test_a_call_without_ticket_follows_a_merge(known: Book) -> None:
    """The winner is told of the loser's calls in vain."""
    known.store(calls=(rang(customer_id="101"),))
    known.people(customer("101", "Bo", active=False))
    known.store(merges=(Merge("101", "100"),))
    assert missed(known) == ["2026-07-06"]


def test_a_call_of_later_is_not_known_yet(known: Book) -> None:
    """`as_of` looks back into its own present."""
    known.store(calls=(rang(),))
    assert missed(known, as_of=ago(2)) == []


def test_calls_of_deleted_tickets_and_erased_people_go(known: Book) -> None:
    """And are not stored again when they come late."""
    known.ticket("2")
    calls = (rang("c1", ticket_id="2"), rang("c2"))
    known.store(calls=calls)
    known.store(tickets=(ticket("2", status=Status.DELETED, version=2),))
    assert [row["id"] for row in known.rows(t.call)] == ["c2"]
    known.people(customer(active=False, erased=True, updated_at=ago(0)))
    assert known.rows(t.call) == []
    known.store(calls=calls)
    assert known.rows(t.call) == []


class TestNumbersSeenInCalls:
    """A number that stands on no profile is an unconfirmed identity of who rang from it."""

    def test_it_finds_who_rang_from_it(self, known: Book) -> None:
        """However the telephony writes it."""
        known.say("1", "Hello.", call=Call("inbound", number="(212) 555-0142"))
        brief = known.brief(by="phone", value="+12125550142")
        assert (brief["match"]["outcome"], brief["match"]["value"]) == ("one", "+12125550142")
        assert brief["customer"] is not None
        assert brief["customer"]["ref"] == "zendesk:100"

    def test_it_is_exported_as_unconfirmed(self, known: Book) -> None:
        """Beside the confirmed ones of the profile."""
        known.say("1", "Hello.", call=Call("inbound", number="+12125550142"))
        known.say("1", "Hello.", call=Call("inbound", number="+12125550101"))
        with known.record.reading() as connection:
            mara = queries.person(connection, known.number, "100")
            assert mara is not None
            found = export_of(connection, known.view(), mara)
        assert found["customer"]["identities"] == [
            {"kind": "phone", "value": "+12125550101", "shared": False, "confirmed": True},
            {"kind": "phone", "value": "+12125550142", "shared": False, "confirmed": False},
        ]

    def test_one_that_several_rang_from_names_nobody(self, known: Book) -> None:
        """Be it on a profile or not: a brief never guesses."""
        known.ticket("2", "101")
        known.say("2", "Hi.", author_id="101", call=Call("inbound", number="+12125550101"))
        match = known.brief(by="phone", value="+12125550101")["match"]
        assert match["outcome"] == "several"
        assert [one["ref"] for one in match["candidates"]] == ["zendesk:100", "zendesk:101"]

    def test_it_goes_with_the_call(self, known: Book) -> None:
        """A ticket that is deleted takes along what only it had told."""
        known.ticket("2")
        known.say("2", "Hello.", call=Call("inbound", number="+12125550142"))
        known.store(tickets=(ticket("2", status=Status.DELETED, version=2),))
        assert known.brief(by="phone", value="+12125550142")["match"]["outcome"] == "none"

    def test_a_withheld_number_is_nobodys(self, known: Book) -> None:
        """It is not stored with the call at all."""
        known.say("1", "Hello.", call=Call("inbound", number="anonymous"))
        assert [row["number"] for row in known.rows(t.message)] == [None]
