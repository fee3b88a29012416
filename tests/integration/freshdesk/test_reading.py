"""Backfill and sync of a simulated Freshdesk: everything lands, and follows what changes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from connector.demo import faults
from connector.demo.freshdesk.plan import TRIAL, FreshdeskKeys, Rates
from connector.errors import CredentialsError, HelpdeskError
from memory.record import tables as t
from tests.support.tale import AS_OF, DAY, customer, message, ticket

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.freshdesk.conftest import Desk

HOUR = 3600
SOON = AS_OF + HOUR


def test_everything_lands(open_desk: Callable[..., Desk]) -> None:
    """Tickets, words with their authors, people with all their numbers, ratings, calls."""
    desk = open_desk()
    report = desk.run()
    assert (report["tickets"], report["customers"], report["quarantined"]) == (8, 3, 0)
    assert desk.words() == desk.told()
    assert {row.id: row.name for row in desk.rows(sa.select(t.person))} == {
        "10": "Dana Cole",
        "11": "Daniel Osei",
        "101": "Customer 101",
        "102": "Customer 102",
        "103": "Customer 103",
    }
    phones = desk.rows(sa.select(t.identity).where(t.identity.c.kind == "phone"))
    assert {row.value for row in phones} == {f"+1212555{number:04}" for number in (101, 102, 103)}
    assert [row.score for row in desk.rows(sa.select(t.rating))] == ["good"]
    [call] = desk.rows(sa.select(t.message).where(t.message.c.direction.is_not(None)))
    assert (call.ticket_id, call.answered_by, call.channel) == ("7", "11", "voice")
    assert not desk.warnings


def test_nothing_is_asked_twice_without_need(open_desk: Callable[..., Desk]) -> None:
    """One request a ticket that has more than its first text, one a contact with an address."""
    desk = open_desk()
    desk.run()
    paths = Counter(one.path for one in desk.helpdesk.seen)
    talks = [path for path in paths if path.endswith("/conversations")]
    assert all(paths[path] == 1 for path in talks)
    assert {path.split("/")[-2] for path in talks} == {"1", "6", "7", "8"}
    assert paths["/api/v2/contacts/103"] == 0
    assert all(one.status == 200 for one in desk.helpdesk.seen)


def test_a_sync_follows_what_changes(
    open_desk: Callable[..., Desk], document: dict[str, Any]
) -> None:
    """New words, new tickets and people, other requesters; deleted and spam tickets go."""
    document["changes"] = [
        {"at": SOON, "do": "add_message", "ticket": 2, "message": message("agent", SOON, "Done.")},
        {"at": SOON + 1, "do": "delete_ticket", "ticket": 3},
        {"at": SOON + 2, "do": "spam_ticket", "ticket": 4},
        {"at": SOON + 3, "do": "add_customer", "customer": customer(104)},
        {"at": SOON + 4, "do": "add_ticket", "ticket": ticket(9, 104, SOON + 4)},
        {"at": SOON + 5, "do": "update_ticket", "ticket": 5, "set": {"customer": 101}},
        {"at": SOON + 2 * HOUR, "do": "restore_ticket", "ticket": 3},
    ]
    desk = open_desk()
    desk.run()
    desk.clock.advance(2 * HOUR)
    report = desk.run(sync=True)
    assert desk.words() == desk.told()
    assert {key for key, one in desk.statuses().items() if one == "deleted"} == {"3", "4"}
    assert (report["tickets"], report["customers"]) == (7, 4)
    [five] = desk.rows(sa.select(t.ticket).where(t.ticket.c.id == "5"))
    assert five.requester_id == "101"
    desk.clock.advance(2 * HOUR)
    desk.run(sync=True)
    assert desk.statuses()["3"] == "open"
    assert desk.words() == desk.told()


def test_a_quiet_sync_reads_no_ticket_again(open_desk: Callable[..., Desk]) -> None:
    """Only the lists, and what changed in the very last second."""
    desk = open_desk()
    desk.run()
    desk.clock.advance(HOUR)
    before = len(desk.helpdesk.seen)
    desk.run(sync=True)
    assert not [
        one.path for one in list(desk.helpdesk.seen)[before:] if "conversations" in one.path
    ]


def test_people_come_and_go(open_desk: Callable[..., Desk], document: dict[str, Any]) -> None:
    """Further numbers and addresses count; a deleted contact is hidden until restored."""
    add = {"at": SOON, "do": "add_identity", "customer": 101}
    document["changes"] = [
        {**add, "identity": {"type": "email", "value": "second@mail.example"}},
        {**add, "identity": {"type": "phone_number", "value": "+12125550199"}},
        {"at": SOON, "do": "delete_customer", "customer": 102},
        {"at": SOON + 2 * HOUR, "do": "restore_customer", "customer": 102},
    ]
    desk = open_desk()
    desk.run()
    desk.clock.advance(2 * HOUR)
    desk.run(sync=True)
    mine = desk.rows(sa.select(t.identity).where(t.identity.c.person_id == "101"))
    assert {row.value for row in mine} == {
        "c101@mail.example",
        "second@mail.example",
        "+12125550101",
        "+12125550199",
    }
    gone = sa.select(t.person.c.active).where(t.person.c.id == "102")
    assert desk.rows(gone)[0].active is False
    desk.clock.advance(2 * HOUR)
    desk.run(sync=True)
    assert desk.rows(gone)[0].active is True


def test_who_is_deleted_for_good_is_forgotten_by_a_recheck(
    open_desk: Callable[..., Desk], document: dict[str, Any]
) -> None:
    """No list tells of it: neither of the contact nor of the tickets that went along."""
    document["changes"] = [{"at": SOON, "do": "delete_customer_permanently", "customer": 102}]
    desk = open_desk()
    desk.run()
    desk.clock.advance(2 * HOUR)
    report = desk.run(sync=True, recheck_days=0)
    assert report["customers"] == 2
    assert desk.words() == desk.told()
    assert not desk.rows(sa.select(t.identity).where(t.identity.c.person_id == "102"))


def test_a_merge_of_contacts_is_found_by_a_recheck(
    open_desk: Callable[..., Desk], document: dict[str, Any]
) -> None:
    """The tickets are the winner's, though their times did not move."""
    document["changes"] = [{"at": SOON, "do": "merge_customers", "loser": 102, "winner": 101}]
    desk = open_desk()
    desk.run()
    desk.clock.advance(2 * HOUR)
    desk.run(sync=True, recheck_days=0)
    requesters = {row.requester_id for row in desk.rows(sa.select(t.ticket))}
    assert requesters == {"101", "103"}
    [merged] = desk.rows(sa.select(t.merge))
    assert (merged.loser_id, merged.winner_id) == ("102", "101")


@pytest.mark.parametrize("shows_trash", [True, False])
def test_archived_tickets_stay(open_desk: Callable[..., Desk], *, shows_trash: bool) -> None:
    """No list may show them any more; they are asked for by themselves before they are missed."""
    desk = open_desk(shows_trash=shows_trash)
    desk.run()
    hidden = [one for one in desk.statuses() if one != "1"]
    desk.helpdesk.faults.append(
        faults.edited(
            lambda document: [one for one in document if one["id"] != 1],
            times=faults.ALWAYS,
            path="/tickets$",
        )
    )
    desk.clock.advance(HOUR)
    desk.run(sync=True, recheck_days=0)
    assert desk.statuses()["1"] == "closed"
    assert len(hidden) == 7
    assert desk.words() == desk.told()
    [archived] = desk.rows(sa.select(t.ticket).where(t.ticket.c.archived))
    assert archived.id == "1"


@pytest.mark.parametrize("since", ["_updated_since", "updated_since"])
def test_both_names_of_changed_contacts_work(
    open_desk: Callable[..., Desk], document: dict[str, Any], since: str
) -> None:
    """Whichever an account takes."""
    document["changes"] = [
        {"at": SOON, "do": "update_customer", "customer": 101, "set": {"name": "Mara Lindqvist"}}
    ]
    desk = open_desk(contacts_since=since)
    desk.run()
    desk.clock.advance(2 * HOUR)
    desk.run(sync=True)
    [mara] = desk.rows(sa.select(t.person).where(t.person.c.id == "101"))
    assert mara.name == "Mara Lindqvist"


def test_an_agents_key_goes_on_without_names(open_desk: Callable[..., Desk]) -> None:
    """The agents are known by what they wrote; the user is told."""
    desk = open_desk()
    report = desk.run(key=FreshdeskKeys().agent)
    assert report["tickets"] == 8
    assert any("admin" in one for one in desk.warnings)
    agents = desk.rows(sa.select(t.person).where(t.person.c.role == "agent"))
    assert {row.id for row in agents} == {"11"}


def test_a_wrong_key_is_refused(open_desk: Callable[..., Desk]) -> None:
    """Before anything is stored."""
    desk = open_desk()
    with pytest.raises(CredentialsError):
        desk.run(key="wrong")
    assert not desk.statuses()


def test_a_plan_without_ratings_is_told(open_desk: Callable[..., Desk]) -> None:
    """And nothing else is missing."""
    desk = open_desk(ratings=False)
    assert desk.run()["tickets"] == 8
    assert any("satisfaction_ratings" in one for one in desk.warnings)


@pytest.mark.parametrize("case", ["documented", "lower", "upper"])
def test_the_accounts_limit_is_kept(open_desk: Callable[..., Desk], case: str) -> None:
    """However its headers are spelt, and though they cost credits: none is refused."""
    desk = open_desk(rates=TRIAL, header_case=case, decimals=True)
    report = desk.run(share=0.5)
    assert report["refused"] == 0
    assert desk.words() == desk.told()


def test_a_limit_that_no_header_tells_of_costs_one_refusal(
    open_desk: Callable[..., Desk], document: dict[str, Any]
) -> None:
    """The ticket list's own, used up by many a page; everything still lands."""
    document["tickets"] += [
        ticket(number, 101, AS_OF - 300 * DAY + number * HOUR, channel="email")
        for number in range(1000, 1600)
    ]
    desk = open_desk(rates=Rates(200, 5, 20))
    report = desk.run()
    assert report["tickets"] == 608
    assert 0 < report["refused"] <= 2


@pytest.mark.parametrize("answered", [0, 3, 7, 12])
def test_a_run_that_breaks_off_goes_on(open_desk: Callable[..., Desk], answered: int) -> None:
    """Wherever it stopped, the same command brings the same end."""
    desk = open_desk()
    good = faults.Fault(faults.edited(lambda document: document).play, times=answered)
    desk.helpdesk.faults += [good, faults.status(500, times=faults.ALWAYS)]
    with pytest.raises(HelpdeskError):
        desk.run()
    desk.helpdesk.faults.clear()
    report = desk.run()
    assert (report["tickets"], report["customers"]) == (8, 3)
    assert desk.words() == desk.told()


def test_a_row_that_cannot_be_read_costs_only_itself(open_desk: Callable[..., Desk]) -> None:
    """It is put aside, without a word of it."""
    desk = open_desk()

    def broken(document: Any) -> Any:
        return [{**one, "created_at": "soon"} if one["id"] == 1 else one for one in document]

    desk.helpdesk.faults.append(faults.edited(broken, times=faults.ALWAYS, path="/tickets$"))
    report = desk.run()
    assert report["tickets"] == 7
    assert report["quarantined"] > 0
    aside = desk.rows(sa.select(t.quarantine))
    assert {(row.field, row.reason) for row in aside} == {("created_at", "is not a time")}
    assert "dead" not in str([row.body for row in aside])
