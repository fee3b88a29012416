"""What happens in the helpdesk after the first reading is brought by the next one."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from connector.demo import faults
from connector.demo.zendesk.account import Account
from connector.demo.zendesk.habits import Habits
from connector.errors import MissingError
from memory.entities import Page, Status
from tests.integration.zendesk.conftest import AS_OF, message, ticket
from tests.integration.zendesk.reading import messages, read

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.clock import ManualClock
    from connector.demo.server import DemoHelpdesk
    from connector.zendesk import Zendesk

    Later = Callable[..., tuple[dict[str, list[Page]], list[Page]]]

HOUR = 3600
SOON = datetime.fromtimestamp(AS_OF + 60, UTC).isoformat()


@pytest.fixture
def later(
    document: dict[str, Any],
    clock: ManualClock,
    serve: Callable[..., DemoHelpdesk],
    connect: Callable[..., Zendesk],
) -> Later:
    """Reads, lets changes happen, reads what changed, and then every ticket's messages."""

    async def run(zendesk: Zendesk) -> tuple[dict[str, list[Page]], list[Page]]:
        async with zendesk:
            await zendesk.check()
            places = {name: (await read(zendesk, name))[1] for name in zendesk.changes}
            clock.advance(HOUR)
            news = {name: (await read(zendesk, name, places[name]))[0] for name in places}
            return news, await messages(zendesk, ["1", "2", "3", "4", "5"])

    def after(*changes: dict[str, Any], **habits: Any) -> tuple[dict[str, list[Page]], list[Page]]:
        document["changes"] = [{"at": SOON, **change} for change in changes]
        helpdesk = serve()
        assert isinstance(helpdesk.state, Account)
        helpdesk.state.habits = Habits(**habits)
        return asyncio.run(run(connect(helpdesk)))

    return after


def test_a_new_message_comes_by_its_event(
    later: Later,
) -> None:
    """Its ticket needs not be read."""
    told = {"do": "add_message", "ticket": 4, "message": message("customer", AS_OF + 60, "News")}
    news, _ = later(told)
    texts = [m.text for page in news["ticket_events"] for m in page.messages]
    assert "News" in texts
    assert all("4" not in page.stale_tickets for page in news["ticket_events"])
    assert "4" in {t.id for page in news["tickets"] for t in page.tickets}


def test_a_new_call_makes_its_ticket_stale(
    later: Later,
) -> None:
    """An event does not hold the call's data; the ticket does."""
    call = message("customer", AS_OF + 60, "x", call={"minutes": 3.0, "from": "+12125550177"})
    told = {"do": "add_message", "ticket": 4, "message": call}
    news, whole = later(told)
    assert "4" in {name for page in news["ticket_events"] for name in page.stale_tickets}
    numbers = [m.call.number for page in whole for m in page.messages if m.call]
    assert "+12125550177" in numbers


def test_a_redaction_makes_its_ticket_stale(
    later: Later,
) -> None:
    """The words are gone when the ticket is read again."""
    told = {"do": "redact_message", "ticket": 5, "message": 7, "words": "Line 7"}
    news, whole = later(told)
    assert "5" in {name for page in news["ticket_events"] for name in page.stale_tickets}
    assert "Line 7" not in {m.text for page in whole for m in page.messages}


def test_a_deleted_ticket_is_told_and_gone(
    later: Later,
) -> None:
    """The export brings its row without words; its messages are not found. Scrubbed ones too."""
    news, whole = later(
        {"do": "delete_ticket", "ticket": 3},
        {"do": "delete_ticket", "ticket": 4},
        {"do": "scrub_ticket", "ticket": 4},
    )
    rows = {t.id: t for page in news["tickets"] for t in page.tickets}
    assert {rows["3"].status, rows["4"].status} == {Status.DELETED}
    assert (rows["3"].subject, rows["3"].description) == ("", None)
    assert {name for page in whole for name in page.gone_tickets} == {"3", "4"}


def test_people_who_are_merged_deleted_or_erased_are_told(
    later: Later,
) -> None:
    """Who lost, who is inactive and who is gone for good; the winner has all identities."""
    news, _ = later(
        {"do": "merge_customers", "loser": 102, "winner": 100},
        {"do": "delete_customer_permanently", "customer": 101},
    )
    people = {p.id: p for page in news["users"] for p in page.people}
    assert (people["102"].active, people["102"].erased) == (False, False)
    assert (people["101"].active, people["101"].erased) == (False, True)
    numbers = {i.value for page in news["users"] for i in page.identities if i.person_id == "100"}
    assert numbers >= {"+12125550101", "+12125550103"}
    moved = {t.id: t.requester_id for page in news["tickets"] for t in page.tickets}
    assert moved["3"] == "100"


def test_a_new_ticket_and_its_rating_come(
    later: Later,
) -> None:
    """In the streams that are read for changes."""
    rated = {"rating": {"score": "bad", "agent": 11, "at": SOON}}
    news, _ = later(
        {"do": "add_ticket", "ticket": ticket(77, 101, AS_OF + 60)},
        {"do": "update_ticket", "ticket": 1, "set": rated},
    )
    assert "77" in {t.id for page in news["tickets"] for t in page.tickets}
    scores = {(r.ticket_id, r.score) for p in news["satisfaction_ratings"] for r in p.ratings}
    assert ("1", "bad") in scores


def stale(news: dict[str, list[Page]]) -> set[str]:
    """The tickets that events say are to be read."""
    return {name for page in news["ticket_events"] for name in page.stale_tickets}


def rows_of(news: dict[str, list[Page]], stream: str, kind: str) -> dict[str, Any]:
    """What a stream brought, the last row of each id."""
    return {one.id: one for page in news[stream] for one in getattr(page, kind)}


def test_a_message_made_private_makes_its_ticket_stale(later: Later) -> None:
    """Read again, it is a note."""
    news, whole = later({"do": "make_private", "ticket": 4, "message": 0})
    assert "4" in stale(news)
    (found,) = [m for page in whole for m in page.messages if m.ticket_id == "4"]
    assert not found.public


def test_a_redaction_that_is_not_told_is_seen_when_the_ticket_is_read(later: Later) -> None:
    """Nothing else shows it: not the export, not an event."""
    told = {"do": "redact_message", "ticket": 5, "message": 7, "words": "Line 7"}
    news, whole = later(told, tells_redactions=False)
    assert "5" not in stale(news)
    assert "5" not in rows_of(news, "tickets", "tickets")
    assert "Line 7" not in {m.text for page in whole for m in page.messages}


def test_words_that_a_replay_brings_back_are_read_again(later: Later) -> None:
    """The replay holds them, and says of the redaction that the ticket has to be read."""
    told = {"do": "redact_message", "ticket": 5, "message": 7, "words": "Line 7"}
    news, whole = later(told, replays_redacted=True)
    assert "5" in stale(news)
    assert "Line 7" not in {m.text for page in whole for m in page.messages}


def test_spam_is_gone(later: Later) -> None:
    """Its row says deleted; its messages are not found. Whoever sent it is still there."""
    news, whole = later({"do": "spam_ticket", "ticket": 3})
    assert rows_of(news, "tickets", "tickets")["3"].status is Status.DELETED
    assert "3" in {name for page in whole for name in page.gone_tickets}
    assert rows_of(news, "users", "people")["102"].active


def test_a_restored_ticket_is_there_again(later: Later) -> None:
    """With its status and its words."""
    news, whole = later({"do": "delete_ticket", "ticket": 3}, {"do": "restore_ticket", "ticket": 3})
    assert rows_of(news, "tickets", "tickets")["3"].status is Status.SOLVED
    assert "Hello 3" in {m.text for page in whole for m in page.messages}


def test_merged_tickets_keep_every_word_with_its_author(later: Later) -> None:
    """The loser is closed; the note in the winner repeats nothing of what the customer said."""
    news, whole = later({"do": "merge_tickets", "loser": 3, "winner": 4})
    rows = rows_of(news, "tickets", "tickets")
    assert (rows["3"].status, rows["4"].status) == (Status.CLOSED, Status.OPEN)
    said = [m for page in whole for m in page.messages if "Hello 3" in m.text]
    assert [(m.ticket_id, m.author_id) for m in said] == [("3", "102")]
    notes = [m for page in whole for m in page.messages if "merged" in m.text]
    assert [(m.ticket_id, m.author_id, m.public) for m in notes] == [
        ("3", "11", False),
        ("4", "11", False),
    ]
    events = {m.text for page in news["ticket_events"] for m in page.messages}
    assert not any("Hello 3" in text for text in events)


def test_an_agent_who_is_renamed_and_leaves_comes_again(later: Later) -> None:
    """With the name of now, inactive, still an agent."""
    news, _ = later(
        {"do": "update_agent", "agent": 11, "set": {"name": "Elias"}},
        {"do": "update_agent", "agent": 11, "set": {"active": False}},
    )
    found = rows_of(news, "users", "people")["11"]
    assert (found.name, found.active, str(found.role)) == ("Elias", False, "agent")


def test_identities_come_and_go_with_their_people(later: Later) -> None:
    """All that somebody has stands in the page that brings them."""
    more = {"type": "phone_number", "value": "+12125550188"}
    less = {"type": "phone_number", "value": "+12125550103"}
    news, _ = later(
        {"do": "add_identity", "customer": 100, "identity": more},
        {"do": "remove_identity", "customer": 102, "identity": less},
    )
    (page,) = [page for page in news["users"] if page.people]
    assert set(page.identified) >= {"100", "102"}
    assert "+12125550188" in {i.value for i in page.identities if i.person_id == "100"}
    assert not [i for i in page.identities if i.person_id == "102"]


def test_a_ticket_that_changes_hands_belongs_to_its_new_requester(later: Later) -> None:
    """What was written stays its author's."""
    news, whole = later({"do": "update_ticket", "ticket": 3, "set": {"customer": 100}})
    assert rows_of(news, "tickets", "tickets")["3"].requester_id == "100"
    (first,) = [m for page in whole for m in page.messages if m.ticket_id == "3"]
    assert first.author_id == "102"


def test_who_is_deleted_may_come_back_and_who_is_erased_may_not(later: Later) -> None:
    """The rows tell the three apart."""
    news, _ = later(
        {"do": "delete_customer", "customer": 100},
        {"do": "delete_customer", "customer": 101},
        {"do": "restore_customer", "customer": 101},
        {"do": "delete_customer", "customer": 102},
        {"do": "delete_customer_permanently", "customer": 102},
    )
    people = rows_of(news, "users", "people")
    told = {name: (people[name].active, people[name].erased) for name in ("100", "101", "102")}
    assert told == {"100": (False, False), "101": (True, False), "102": (False, True)}
    assert (people["100"].phone, people["102"].phone) == ("+12125550101", None)


def test_a_bulk_update_does_not_hold_the_events(
    document: dict[str, Any],
    clock: ManualClock,
    serve: Callable[..., DemoHelpdesk],
    connect: Callable[..., Zendesk],
) -> None:
    """More rows of one second than a page: reading goes on, and says of which second it was."""
    document["tickets"] += [ticket(n, 101, AS_OF - 9000 + n) for n in range(100, 130)]
    bulk = AS_OF + 60
    document["changes"] = [
        {"at": bulk, "do": "add_message", "ticket": n, "message": message("agent", bulk, f"B{n}")}
        for n in range(100, 130)
    ]
    late = message("customer", bulk + 9, "Late")
    document["changes"] += [{"at": bulk + 9, "do": "add_message", "ticket": 4, "message": late}]
    helpdesk = serve()
    assert isinstance(helpdesk.state, Account)
    helpdesk.state.habits = Habits(parts_seconds=True)
    helpdesk.faults.append(faults.fewer_rows(10, path="/ticket_events"))

    async def run() -> tuple[set[str], set[int | None]]:
        async with connect(helpdesk) as zendesk:
            await zendesk.check()
            _, place = await read(zendesk, "ticket_events")
            clock.advance(HOUR)
            texts, seconds = set(), set()
            async for batch in zendesk.stream("ticket_events", place):
                texts |= {m.text for m in batch.page.messages}
                seconds.add(batch.untold_second)
            assert batch.checkpoint.done
            return texts, seconds

    texts, seconds = asyncio.run(run())
    assert "Late" in texts
    assert bulk in seconds


class TestOne:
    """One ticket or one person, as a webhook asks for them."""

    def ask(self, zendesk: Zendesk, kind: str, name: str) -> Page:
        """The page of one."""

        async def run() -> Page:
            async with zendesk:
                asked = {"ticket": zendesk.ticket, "person": zendesk.person}
                return await asked[kind](name)

        return asyncio.run(run())

    def test_a_ticket_comes_with_its_people_and_solving_time(
        self, serve: Callable[..., DemoHelpdesk], connect: Callable[..., Zendesk]
    ) -> None:
        """As the export has it."""

        async def exported() -> dict[str, Any]:
            async with connect(serve()) as zendesk:
                pages, _ = await read(zendesk, "tickets")
                return {one.id: one for page in pages for one in page.tickets}

        page = self.ask(connect(serve()), "ticket", "3")
        assert page.tickets[0] == asyncio.run(exported())["3"]
        assert "102" in {person.id for person in page.people}

    @pytest.mark.parametrize(
        "change",
        [
            {"do": "delete_ticket", "ticket": 3},
            {"do": "spam_ticket", "ticket": 3},
            {"do": "scrub_ticket", "ticket": 3},
        ],
        ids=["deleted", "spam", "scrubbed"],
    )
    def test_a_ticket_that_is_not_there_is_gone(
        self,
        document: dict[str, Any],
        serve: Callable[..., DemoHelpdesk],
        connect: Callable[..., Zendesk],
        change: dict[str, Any],
    ) -> None:
        """Deleted, spam, scrubbed, or never there."""
        document["changes"] = [{"at": AS_OF - 60, **change}]
        helpdesk = serve()
        assert self.ask(connect(helpdesk), "ticket", "3") == Page(gone_tickets=("3",))
        assert self.ask(connect(helpdesk), "ticket", "999") == Page(gone_tickets=("999",))

    @pytest.mark.parametrize("kind", ["ticket", "person", "messages", "identities"])
    def test_what_the_address_does_not_offer_is_not_gone(
        self, serve: Callable[..., DemoHelpdesk], connect: Callable[..., Zendesk], kind: str
    ) -> None:
        """Or a proxy's mistake would erase people."""
        helpdesk = serve()
        missing = faults.status(404, {"error": "InvalidEndpoint"}, times=9)
        helpdesk.faults.append(faults.Fault(missing.play, 9, r"/tickets/|/users/\d"))

        async def run() -> None:
            async with connect(helpdesk) as zendesk:
                found = getattr(zendesk, kind)("3")
                if hasattr(found, "__aiter__"):
                    async for _ in found:
                        pass
                else:
                    await found

        with pytest.raises(MissingError):
            asyncio.run(run())

    @pytest.mark.parametrize(
        ("do", "active", "erased"),
        [("delete_customer", False, False), ("delete_customer_permanently", False, True)],
    )
    def test_a_person_who_was_deleted_says_so(
        self,
        document: dict[str, Any],
        serve: Callable[..., DemoHelpdesk],
        connect: Callable[..., Zendesk],
        *,
        do: str,
        active: bool,
        erased: bool,
    ) -> None:
        """Whether they may come back."""
        document["changes"] = [{"at": AS_OF - 60, "do": do, "customer": 100}]
        (found,) = self.ask(connect(serve()), "person", "100").people
        assert (found.active, found.erased) == (active, erased)

    def test_a_person_whom_zendesk_no_longer_has_is_gone(
        self,
        document: dict[str, Any],
        serve: Callable[..., DemoHelpdesk],
        connect: Callable[..., Zendesk],
    ) -> None:
        """Permanently deleted, or never there."""
        change = {"at": AS_OF - 60, "do": "delete_customer_permanently", "customer": 100}
        document["changes"] = [change]
        helpdesk = serve()
        assert isinstance(helpdesk.state, Account)
        helpdesk.state.habits = Habits(lists_erased_users=False)
        assert self.ask(connect(helpdesk), "person", "100") == Page(gone_people=("100",))
        assert self.ask(connect(helpdesk), "person", "999") == Page(gone_people=("999",))

    def test_an_agent_is_a_person_too(
        self, serve: Callable[..., DemoHelpdesk], connect: Callable[..., Zendesk]
    ) -> None:
        """By the same call."""
        (found,) = self.ask(connect(serve()), "person", "11").people
        assert (found.name, str(found.role)) == ("Eli", "agent")
