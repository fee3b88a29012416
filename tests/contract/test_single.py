"""What is asked for one by one: a ticket's messages, a person's identities, either by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from connector.demo import faults
from memory.entities import DESCRIPTION, Origin
from tests.contract.stories import LONG, few, whole
from tests.support.tale import AS_OF, DAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contract.desk import Desk

    Open = Callable[..., Desk]

NOBODY = "987654"
GONE = [
    {"at": AS_OF + 60, "do": "delete_customer_permanently", "customer": 103},
    {"at": AS_OF + 60, "do": "delete_ticket", "ticket": 8},
]


def test_a_long_tickets_messages_come_in_pages_and_in_order(desk: Desk) -> None:
    """Several pages; only the last one makes the ticket whole; each says it is the ticket's."""
    pages = desk.pages(lambda helpdesk: helpdesk.messages("50"))
    assert len(pages) > 1
    assert [page.whole_tickets for page in pages] == [()] * (len(pages) - 1) + [("50",)]
    texts = [one.text for page in pages for one in page.messages]
    first = 1 if desk.kind.described else 0
    assert texts == [f"Line {number}" for number in range(first, LONG)]
    origins = {one.origin for page in pages for one in page.messages}
    assert origins <= {Origin.TICKET, Origin.DESCRIPTION}
    assert {one.ticket_id for page in pages for one in page.messages} == {"50"}


def test_a_ticket_that_is_not_there_is_gone(open_desk: Open) -> None:
    """Never heard of, or deleted since: one page that says so, and no error."""
    desk = open_desk({**few(), "changes": GONE})
    desk.clock.advance(3600)
    for number in (NOBODY, "8"):
        pages = desk.pages(lambda helpdesk, one=number: helpdesk.messages(one))  # type: ignore[misc]
        assert [page.gone_tickets for page in pages] == [(number,)]


def test_a_persons_identities_are_all_told(open_desk: Open) -> None:
    """In however many pages; the last one says that these were all."""
    desk = open_desk(_with_many_addresses())
    if desk.kind.places.get("identities") is None:
        pytest.skip("identities come with the person")
    desk.helpdesk.faults.append(faults.fewer_rows(3))
    pages = desk.pages(lambda helpdesk: helpdesk.identities("101"))
    assert [page.identified for page in pages] == [()] * (len(pages) - 1) + [("101",)]
    found = {(one.kind, one.value) for page in pages for one in page.identities}
    assert found == {(kind, value) for who, kind, value in desk.truth.identities if who == "101"}


def _with_many_addresses() -> dict[str, Any]:
    story = few()
    story["customers"][0]["identities"] = [
        {"type": "email", "value": f"ana{number}@mail.example"} for number in range(8)
    ]
    return story


def test_identities_that_come_in_pages_are_all_kept(open_desk: Open) -> None:
    """The last page does not put away what the pages before it told."""
    desk = open_desk(_with_many_addresses())
    desk.backfill()
    with desk.record.writing(desk.account) as writer:
        writer.connection.exec_driver_sql("UPDATE person SET identities_due = true")
    desk.helpdesk.faults.append(faults.fewer_rows(2))
    desk.backfill()
    assert desk.differences == []


def test_an_identity_that_cannot_be_read_is_not_asked_for_for_ever(open_desk: Open) -> None:
    """Once a run: the others are kept, and the run ends."""
    desk = open_desk(few())
    if desk.kind.places.get("identities") is None:
        pytest.skip("identities come with the person")

    def harm(document: Any) -> Any:
        for one in document.get("identities", []):
            one["user_id"] = {}
        return document

    desk.helpdesk.faults.append(faults.edited(harm, times=faults.ALWAYS, path="users"))
    report = desk.backfill()
    assert report["quarantined"] > 0
    assert len(desk.helpdesk.seen) < 60


def test_identities_of_nobody_are_none(desk: Desk) -> None:
    """No error, and nothing left to ask."""
    pages = desk.pages(lambda helpdesk: helpdesk.identities(NOBODY))
    assert [one for page in pages for one in page.identities] == []


def test_a_ticket_by_itself_is_as_its_list_tells_it(desk: Desk) -> None:
    """Status, people, subject, times; without its messages, but for a first text of its own."""
    desk.backfill()
    for number in ("1", "3", "50"):
        page = desk.ask(lambda helpdesk, one=number: helpdesk.ticket(one))  # type: ignore[misc]
        [found] = page.tickets
        told = (found.requester_id, found.assignee_id, found.subject, found.status.value)
        assert told == desk.truth.tickets[number][:4]
        own = [DESCRIPTION] if desk.kind.described else []
        assert [one.id for one in page.messages] == own


def test_a_ticket_and_a_person_that_are_not_there_are_gone(open_desk: Open) -> None:
    """Each in the page's own list of what is gone; who is erased counts as gone or erased."""
    desk = open_desk({**few(), "changes": GONE})
    desk.clock.advance(DAY)
    page = desk.ask(lambda helpdesk: helpdesk.ticket(NOBODY))
    assert page.gone_tickets == (NOBODY,)
    page = desk.ask(lambda helpdesk: helpdesk.person(NOBODY))
    assert page.gone_people == (NOBODY,)
    page = desk.ask(lambda helpdesk: helpdesk.person("103"))
    assert page.gone_people == ("103",) or [one.erased for one in page.people] == [True]


def test_a_person_by_themselves_is_as_their_list_tells_them(desk: Desk) -> None:
    """Name and organization; nobody else comes along."""
    page = desk.ask(lambda helpdesk: helpdesk.person("101"))
    [found] = page.people
    told = (found.name, found.organization_id, found.language, found.time_zone)
    assert told == desk.truth.customers["101"]
    assert whole()["customers"][0]["id"] == 101
