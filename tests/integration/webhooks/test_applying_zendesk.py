"""An event brings exactly what it is about up to date, as a sync would have."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from connector.clock import ManualClock
from connector.demo import faults
from connector.demo.server import DemoHelpdesk
from connector.demo.story import read_story
from connector.demo.zendesk.limits import UNLIMITED
from connector.errors import HelpdeskError
from connector.zendesk import ClientCredentials, Zendesk
from connector.zendesk.webhooks import read_event
from memory.entities import Status
from memory.record import Record
from memory.record import tables as t
from memory.record.events import LONGEST_NAME, MOST_NAMES, OTHERS, ignored
from tests.integration.webhooks.desk import Desk, asked
from tests.support.tale import ACCOUNT, AS_OF, DAY, customer, message, tale, ticket

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from connector.sync.webhooks import Event

LATER = AS_OF + 600
"""When things happen; the helpdesk's clock is moved past it."""


def event(kind: str, number: int | str, **told: Any) -> Event:
    """An event as Zendesk tells it."""
    family = kind.partition(".")[0]
    return read_event(
        {
            "type": f"zen:event-type:{kind}",
            "subject": f"zen:{family}:{number}",
            "detail": {"id": str(number)},
            "event": told,
        }
    )


@pytest.fixture
def changes() -> list[dict[str, Any]]:
    """What happens after the history was taken; a test says."""
    return []


@pytest.fixture
def helpdesk(changes: list[dict[str, Any]], clock: ManualClock) -> Iterator[DemoHelpdesk]:
    """Three customers, four tickets of a question and an answer each."""
    tickets = [
        ticket(
            n,
            who,
            AS_OF - (50 - n) * DAY,
            messages=[
                message("customer", AS_OF - (50 - n) * DAY, f"Question {n}"),
                message("agent", AS_OF - (50 - n) * DAY + 60, f"Answer {n}"),
            ],
        )
        for n, who in ((1, 101), (2, 101), (3, 102), (4, 103))
    ]
    story = tale(tickets, [customer(101), customer(102), customer(103)])
    story["organizations"] = [{"id": 7, "name": "Harbour Co-op"}]
    story["changes"] = changes
    with DemoHelpdesk(read_story(story), clock=clock.now, limits=UNLIMITED) as started:
        yield started


@pytest.fixture
def clock() -> ManualClock:
    """The time of helpdesk and client."""
    return ManualClock(datetime.fromtimestamp(AS_OF, UTC))


@pytest.fixture
def desk(tmp_path: Path, helpdesk: DemoHelpdesk, clock: ManualClock) -> Iterator[Desk]:
    """The history is taken and remembered, and then the changes happen."""

    def connect() -> Zendesk:
        known = helpdesk.credentials
        credentials = ClientCredentials(known.client_id, known.client_secret)
        return Zendesk(
            helpdesk.url, credentials, clock=clock, share=1.0, account=ACCOUNT, retry_seconds=5
        )

    with contextlib.closing(Record.in_folder(tmp_path)) as record:
        made = Desk(record, ACCOUNT, connect, clock)
        made.backfill()
        made.empty(t.outbox)
        clock.advance(DAY)
        yield made


def _texts(desk: Desk, ticket_id: str) -> list[str]:
    return [row["text"] for row in desk.rows(t.message) if row["ticket_id"] == ticket_id]


class TestTickets:
    """Events of tickets."""

    @pytest.fixture
    def changes(self) -> list[dict[str, Any]]:
        """A further message, a new ticket of a new customer, a redaction, a merge, an end."""
        told = message("customer", LATER, "One thing more")
        new = ticket(9, 109, LATER, messages=[message("customer", LATER, "I am new")])
        return [
            {"at": LATER, "do": "add_message", "ticket": 1, "message": told},
            {"at": LATER, "do": "add_customer", "customer": customer(109)},
            {"at": LATER, "do": "add_ticket", "ticket": new},
            {"at": LATER, "do": "redact_message", "ticket": 3, "message": 0, "words": "Question"},
            {"at": LATER, "do": "delete_ticket", "ticket": 4},
            {"at": LATER, "do": "merge_tickets", "loser": 2, "winner": 1},
        ]

    def test_a_new_message_is_there_and_is_to_be_remembered(self, desk: Desk) -> None:
        """With all that the ticket is now, and nothing of other tickets."""
        desk.hear(event("ticket.comment_added", 1))
        assert _texts(desk, "1")[:3] == ["Question 1", "Answer 1", "One thing more"]
        assert desk.waiting(t.outbox) == ["1"]
        assert "▇" not in "".join(_texts(desk, "3"))

    def test_a_new_ticket_brings_its_customer(self, desk: Desk) -> None:
        """By name and identities, as the export will tell them."""
        desk.hear(event("ticket.created", 9))
        assert _texts(desk, "9") == ["I am new"]
        assert desk.row(t.person, id="109")["name"] == "Customer 109"
        assert {row["value"] for row in desk.rows(t.identity) if row["person_id"] == "109"} == {
            "+12125550109",
            "c109@mail.example",
        }

    def test_a_redaction_is_known_at_once(self, desk: Desk) -> None:
        """No export tells of it for certain."""
        desk.hear(event("ticket.comment_redacted", 3))
        assert all("Question" not in text for text in _texts(desk, "3"))

    @pytest.mark.parametrize("what", ["soft_deleted", "permanently_deleted", "marked_as_spam"])
    def test_a_ticket_that_is_gone_is_gone_here(self, desk: Desk, what: str) -> None:
        """With its words."""
        desk.hear(event(f"ticket.{what}", 4))
        assert desk.row(t.ticket, id="4")["status"] == Status.DELETED.value
        assert _texts(desk, "4") == []
        assert desk.waiting(t.outbox) == []

    def test_a_late_word_of_a_deletion_takes_nothing_away(self, desk: Desk) -> None:
        """The helpdesk says that the ticket is there."""
        desk.hear(event("ticket.soft_deleted", 1))
        assert desk.row(t.ticket, id="1")["status"] == Status.OPEN.value
        assert "Question 1" in _texts(desk, "1")

    def test_a_late_word_of_a_change_brings_nothing_back(self, desk: Desk) -> None:
        """The ticket was deleted since."""
        desk.hear(event("ticket.permanently_deleted", 4))
        desk.hear(event("ticket.comment_added", 4))
        assert _texts(desk, "4") == []

    def test_a_merge_is_read_in_both_tickets(self, desk: Desk) -> None:
        """The loser closed, the winner with its last words."""
        desk.hear(event("ticket.merged", 2, target_ticket_id="1"))
        assert desk.row(t.ticket, id="2")["status"] == Status.CLOSED.value
        assert any("Request #2" in text for text in _texts(desk, "1"))

    def test_events_leave_what_a_sync_would_have_left(self, desk: Desk) -> None:
        """Whichever comes first, and however often: the record is the same."""
        told = [
            event("ticket.comment_added", 1),
            event("ticket.created", 9),
            event("ticket.comment_redacted", 3),
            event("ticket.soft_deleted", 4),
            event("ticket.merged", 2, target_ticket_id="1"),
        ]
        desk.hear(*told)
        desk.hear(*reversed(told))
        heard = {ref: desk.export(ref) for ref in ("zendesk:101", "zendesk:102", "zendesk:109")}
        desk.sync()
        synced = {ref: desk.export(ref) for ref in heard}
        assert heard == synced
        assert len(heard["zendesk:101"]["tickets"]) == 2

    def test_no_checkpoint_moves(self, desk: Desk) -> None:
        """The exports stay the source of truth: they bring all of it once more."""
        before = desk.rows(t.checkpoint)
        synced = desk.rows(t.account)
        desk.hear(event("ticket.comment_added", 1), event("user.created", 109))
        assert desk.rows(t.checkpoint) == before
        assert desk.rows(t.account) == synced

    def test_a_handful_of_events_of_one_ticket_is_one_reading(
        self, desk: Desk, helpdesk: DemoHelpdesk
    ) -> None:
        """A change of a ticket is told many times over; two readings are all it may cost."""
        seen = len(helpdesk.seen)
        kinds = ("status_changed", "tags_changed", "priority_changed", "comment_added") * 5
        desk.hear(*(event(f"ticket.{kind}", 1) for kind in kinds))
        assert asked(helpdesk.seen, seen).count("/api/v2/tickets/1") <= 2
        assert "One thing more" in _texts(desk, "1")

    def test_a_helpdesk_that_is_away_is_told_of_and_asked_again(
        self, desk: Desk, helpdesk: DemoHelpdesk
    ) -> None:
        """The event is not lost: whoever sent it hears that it was not applied."""
        helpdesk.faults.append(faults.status(503, times=1000, path="/tickets/1"))
        with pytest.raises(HelpdeskError):
            desk.hear(event("ticket.comment_added", 1))
        helpdesk.faults.clear()
        desk.hear(event("ticket.comment_added", 1))
        assert "One thing more" in _texts(desk, "1")


class TestPeople:
    """Events of users and organizations."""

    @pytest.fixture
    def changes(self) -> list[dict[str, Any]]:
        """A name, a number, a merge, an end, an agent's name."""
        number = {"type": "phone_number", "value": "+12125550177"}
        return [
            {"at": LATER, "do": "update_customer", "customer": 101, "set": {"name": "Ana"}},
            {"at": LATER, "do": "add_identity", "customer": 101, "identity": number},
            {"at": LATER, "do": "merge_customers", "loser": 102, "winner": 101},
            {"at": LATER, "do": "delete_customer_permanently", "customer": 103},
            {"at": LATER, "do": "update_agent", "agent": 11, "set": {"name": "Dan Osei"}},
        ]

    def test_a_new_name_and_number_are_known(self, desk: Desk) -> None:
        """The number answers the next call."""
        desk.hear(event("user.name_changed", 101), event("user.identity_created", 101))
        assert desk.row(t.person, id="101")["name"] == "Ana"
        assert "+12125550177" in {row["value"] for row in desk.rows(t.identity)}

    def test_an_agents_name_is_known(self, desk: Desk) -> None:
        """It is shown wherever they spoke."""
        desk.hear(event("user.name_changed", 11))
        assert desk.row(t.person, id="11")["name"] == "Dan Osei"

    @pytest.mark.parametrize(("this", "other"), [(102, 101), (101, 102)])
    def test_a_merge_makes_one_of_two(self, desk: Desk, this: int, other: int) -> None:
        """Whichever of them the event names first."""
        desk.hear(event("user.merged", this, user={"id": str(other)}))
        merged = [(row["loser_id"], row["winner_id"]) for row in desk.rows(t.merge)]
        assert merged == [("102", "101")]
        assert desk.row(t.ticket, id="3")["requester_id"] == "101"
        assert desk.export("zendesk:101")["customer"]["merged_from"] == ["zendesk:102"]

    def test_a_merge_told_twice_is_the_same(self, desk: Desk) -> None:
        """And so is one that is told late."""
        merged = event("user.merged", 102, user={"id": "101"})
        desk.hear(merged)
        before = desk.rows(t.merge), desk.rows(t.ticket), desk.rows(t.person)
        desk.hear(merged, event("user.identity_created", 101))
        assert [(r["loser_id"], r["winner_id"]) for r in desk.rows(t.merge)] == [("102", "101")]
        assert desk.rows(t.ticket) == before[1]

    def test_two_who_were_not_merged_stay_two(self, desk: Desk) -> None:
        """Whatever an event says."""
        desk.hear(event("user.merged", 101, user={"id": "11"}))
        assert desk.rows(t.merge) == []

    def test_who_is_erased_there_is_erased_here(self, desk: Desk) -> None:
        """With their tickets and words."""
        desk.hear(event("user.deleted", 103))
        assert "103" not in {row["id"] for row in desk.rows(t.person)}
        assert _texts(desk, "4") == []

    def test_an_organization_is_called_as_it_is_now(self, desk: Desk) -> None:
        """And one that is not there changes nothing."""
        desk.empty(t.organization)
        desk.hear(event("organization.name_changed", 7), event("organization.deleted", 99))
        assert [(r["id"], r["name"]) for r in desk.rows(t.organization)] == [("7", "Harbour Co-op")]


class TestWhatIsIgnored:
    """Events that nobody needs."""

    def test_it_is_counted_by_name_and_asks_nothing(
        self, desk: Desk, helpdesk: DemoHelpdesk
    ) -> None:
        """So that somebody can see what is sent in vain."""
        seen = len(helpdesk.seen)
        desk.hear(*[read_event({"type": "zen:event-type:article.published"})] * 3)
        assert [(r["event"], r["count"]) for r in desk.rows(t.ignored_event)] == [
            ("zen:event-type:article.published", 3)
        ]
        assert asked(helpdesk.seen, seen) == []

    def test_names_are_bounded_in_length_and_number(self, desk: Desk) -> None:
        """Whoever sends events chooses their names, and what stands in them."""
        names = [f"made up <{n:04}> " + "x" * 500 for n in range(MOST_NAMES + 20)]
        desk.hear(*(read_event({"type": name}) for name in names))
        with desk.record.reading() as connection:
            counts = ignored(connection, desk.account.number)
        assert len(counts) <= MOST_NAMES + 1
        assert sum(counts.values()) == len(names)
        assert counts[OTHERS] == 20
        assert max(map(len, counts)) <= LONGEST_NAME
        assert not any({"<", " "} & set(name) for name in counts)
