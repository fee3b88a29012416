"""The streams of a Freshdesk account, against a small Freshdesk on the wire."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from connector.clock import ManualClock
from connector.errors import (
    ConfigurationError,
    CredentialsError,
    HelpdeskError,
    LimitedError,
    MalformedError,
    RetryableError,
)
from connector.freshdesk import ApiKey, Freshdesk, walks
from connector.http import Response
from connector.sync.helpdesk import Batch, Checkpoint
from memory.entities import Page, Role, Status

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

NOW = datetime(2026, 7, 7, 9, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
AT = "2026-07-01T10:00:00Z"
ME = {"id": 11, "ticket_scope": 1, "contact": {"name": "Dana"}, "created_at": AT}

Answer = Any

NOT_FOUND: Answer = (404, b"", {})
FORBIDDEN: Answer = (403, {"code": "access_denied", "message": "x"}, {})


def stamp(second: int) -> str:
    """A second as Freshdesk writes it."""
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def second_of(text: str) -> int:
    """The second of a time."""
    return int(datetime.fromisoformat(text).timestamp())


def invalid(name: str, code: str = "invalid_value") -> Answer:
    """A 400 that names a field."""
    errors = [{"field": name, "message": "x", "code": code}]
    return 400, {"description": "Validation failed", "errors": errors}, {}


def ticket(number: int, second: int, **more: Any) -> dict[str, Any]:
    """A ticket's row."""
    return {
        "id": number,
        "requester_id": 7,
        "subject": "x",
        "description": "<div>x</div>",
        "status": 2,
        "source": 1,
        "created_at": AT,
        "updated_at": stamp(second),
        **more,
    }


def contact(number: int, **more: Any) -> dict[str, Any]:
    """A contact's row."""
    return {"id": number, "name": "x", "created_at": AT, "updated_at": AT, **more}


def conversation(number: int, **more: Any) -> dict[str, Any]:
    """A conversation's row."""
    told = {"id": number, "user_id": 7, "body_text": "x", "incoming": True, "source": 0}
    return {**told, "created_at": AT, **more}


@dataclass
class Wire:
    """Answers by path; a callable is told the query. What is not known is not there."""

    answers: dict[str, Answer]
    server_time: datetime = NOW
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    async def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        document: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Bring the answer."""
        del method
        query, name = dict(params or {}), path.removeprefix("/api/v2")
        self.asked.append((name, query))
        self.headers.append(dict(headers or {}))
        if document is not None:
            self.sent.append(dict(document))
        answer = self.answers.get(name, NOT_FOUND)
        if isinstance(answer, list) and answer and isinstance(answer[0], tuple):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        answer = answer(query) if callable(answer) else answer
        if isinstance(answer, Exception):
            raise answer
        status, body, more = answer if isinstance(answer, tuple) else (200, answer, {})
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return Response(status, {"date": format_datetime(self.server_time), **more}, content)

    async def close(self) -> None:
        """Nothing is held."""

    def paths(self) -> list[str]:
        """What was asked for."""
        return [path for path, _ in self.asked]


def paged(rows: list[Any]) -> Callable[[Mapping[str, str]], Answer]:
    """A list in pages, with the header that leads to the next one."""

    def answer(query: Mapping[str, str]) -> Answer:
        size, page = int(query.get("per_page", 30)), int(query.get("page", 1))
        shown = rows[(page - 1) * size : page * size]
        following = urlencode({**query, "page": page + 1})
        link = {"link": f'<https://acme.freshdesk.com/x?{following}>;rel="next"'}
        return 200, shown, link if page * size < len(rows) else {}

    return answer


def ticket_list(
    rows: list[dict[str, Any]], wall: int = 300, *, link: bool = True
) -> Callable[[Mapping[str, str]], Answer]:
    """Freshdesk's ticket list: by change, inclusive, with a wall."""

    def answer(query: Mapping[str, str]) -> Answer:
        if int(query["page"]) > wall:
            return invalid("page")
        assert (query["order_by"], query["order_type"]) == ("updated_at", "asc")
        since = second_of(query["updated_since"])
        found = [one for one in rows if second_of(one["updated_at"]) >= since]
        found.sort(key=lambda one: (one["updated_at"], one["id"]))
        status, shown, more = paged(found)(query)
        return status, shown, more if link else {}

    return answer


def account(answers: dict[str, Answer], **more: Any) -> tuple[Freshdesk, Wire, ManualClock]:
    """An account over a wire that answers so."""
    known = {"/agents/me": ME, "/agents": []}
    wire = Wire({**known, **answers}, more.pop("server_time", NOW))
    clock = ManualClock(NOW)
    client = Freshdesk("https://acme.freshdesk.com", ApiKey("k"), clock=clock, wire=wire, **more)
    return client, wire, clock


def collect(found: AsyncIterator[Any]) -> list[Any]:
    """All that is yielded."""

    async def gather() -> list[Any]:
        return [one async for one in found]

    return asyncio.run(gather())


def batches(client: Freshdesk, stream: str, checkpoint: Checkpoint | None = None) -> list[Batch]:
    """All batches of a stream."""
    return collect(client.stream(stream, checkpoint or Checkpoint()))


def run(work: Awaitable[Any]) -> Any:
    """What it brings."""

    async def wait() -> Any:
        return await work

    return asyncio.run(wait())


def ids(found: list[Batch]) -> list[str]:
    """The tickets of batches, in order."""
    return [one.id for batch in found for one in batch.page.tickets]


def test_every_stream_it_names_can_be_read() -> None:
    """Each ends, and says where the next run goes on."""
    client, _, _ = account({"/tickets": ticket_list([]), "/contacts": [], "/companies": []})
    for name in {*client.recent, *client.history, *client.changes, *client.rechecks}:
        assert batches(client, name)[-1].checkpoint.done
    with pytest.raises(ValueError, match="no stream"):
        client.stream("views", Checkpoint())


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://acme.freshdesk.com", "freshdesk:acme"),
        ("https://Acme.freshdesk.com/a/tickets", "freshdesk:acme"),
        ("https://help.acme.example", "freshdesk:help.acme.example"),
        ("http://127.0.0.1:8089", "freshdesk:127.0.0.1-8089"),
    ],
)
def test_an_account_is_named_after_its_address(url: str, name: str) -> None:
    """The domain where there is one."""
    assert Freshdesk(url, ApiKey("k")).account == name


def test_the_key_goes_unencrypted_to_nobody() -> None:
    """Only this machine may be asked by http."""
    with pytest.raises(ConfigurationError):
        Freshdesk("http://acme.freshdesk.com", ApiKey("k"))


def test_who_we_are_is_asked_with_the_key() -> None:
    """The time is the helpdesk's."""
    client, wire, _ = account({})
    access = run(client.check())
    assert (access.user_id, access.server_time, access.warnings) == ("11", NOW, ())
    assert wire.headers[0]["Authorization"] == "Basic azpY"


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"/agents/me": (401, {"code": "invalid_credentials"}, {})}, CredentialsError),
        ({"/agents/me": FORBIDDEN}, CredentialsError),
        ({"/agents/me": NOT_FOUND}, ConfigurationError),
        ({"/agents/me": {"id": None}}, CredentialsError),
        ({"/agents/me": []}, MalformedError),
    ],
)
def test_who_is_nobody_is_told_so(answers: dict[str, Answer], error: type[Exception]) -> None:
    """Before anything is read."""
    client, _, _ = account(answers)
    with pytest.raises(error):
        run(client.check())


def test_what_the_key_does_not_see_is_told() -> None:
    """Some of the tickets, and the agents."""
    client, _, _ = account({"/agents/me": {**ME, "ticket_scope": 3}, "/agents": FORBIDDEN})
    some, agents = run(client.check()).warnings
    assert "only some of the tickets" in some
    assert "admin" in agents


def test_a_clock_that_is_off_is_told() -> None:
    """Dates in briefs would be wrong."""
    client, _, _ = account({}, server_time=NOW + timedelta(minutes=5))
    [warning] = run(client.check()).warnings
    assert "300 s behind" in warning


@pytest.mark.parametrize("link", [True, False])
def test_every_ticket_is_read_once_in_the_order_of_changes(*, link: bool) -> None:
    """Page by page, each from the second where the one before ended; also without the header."""
    told = [ticket(number, SECONDS - 900 + number) for number in range(1, 551)]
    client, wire, _ = account({"/tickets": ticket_list(told, link=link)})
    found = batches(client, "tickets")
    assert ids(found) == [str(number) for number in range(1, 551)]
    assert all(query["page"] == "1" for _, query in wire.asked)
    assert found[-1].checkpoint == Checkpoint(SECONDS - 350, done=True)


def test_a_ticket_that_changes_meanwhile_hides_no_other() -> None:
    """It goes to the end of the list; what was behind it is still found."""
    told = [ticket(number, SECONDS - 900 + number) for number in range(1, 301)]
    listed = ticket_list(told)

    def answer(query: Mapping[str, str]) -> Answer:
        status, shown, more = listed(query)
        sent = json.dumps(shown).encode()
        for one in told[:50]:
            one["updated_at"] = stamp(SECONDS - 100)
        return status, sent, more

    client, _, _ = account({"/tickets": answer})
    assert set(ids(batches(client, "tickets"))) == {str(number) for number in range(1, 301)}


def test_a_bulk_change_within_one_second_is_read_page_by_page() -> None:
    """More than a page of tickets with the same time do not hold up the walk."""
    told = [ticket(number, SECONDS - 50) for number in range(1, 551)]
    told += [ticket(number, SECONDS - 40) for number in range(551, 700)]
    client, _, _ = account({"/tickets": ticket_list(told)})
    found = batches(client, "tickets")
    assert sorted(ids(found), key=int) == [str(number) for number in range(1, 700)]
    assert not any(batch.warning for batch in found)


@pytest.mark.parametrize(("wall", "known"), [(3, 300), (1000, 3)])
def test_more_than_the_list_shows_within_one_second_is_told_and_passed(
    wall: int, known: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What can be had is taken, the second is named, and the walk goes on behind it.

    Whether Freshdesk refuses the page behind its wall, or we know better than to ask for it.
    """
    monkeypatch.setattr(walks, "WALL", known)
    told = [ticket(number, SECONDS - 50) for number in range(1, 351)]
    told.append(ticket(351, SECONDS - 49))
    client, wire, _ = account({"/tickets": ticket_list(told, wall)})
    found = batches(client, "tickets")
    assert len(ids(found)) == 301
    assert ids(found)[-1] == "351"
    assert max(int(query["page"]) for _, query in wire.asked) <= known + 1
    [warning] = [batch.warning for batch in found if batch.warning]
    assert stamp(SECONDS - 50) in warning
    assert found[-1].checkpoint.done


def test_a_walk_goes_on_from_any_of_its_checkpoints() -> None:
    """Together with what came before, nothing is missing."""
    told = [ticket(number, SECONDS - 900 + number // 150) for number in range(1, 501)]
    client, _, _ = account({"/tickets": ticket_list(told)})
    whole = batches(client, "tickets")
    for stop in range(1, len(whole)):
        before = ids(whole[:stop])
        stored = Checkpoint.from_text(whole[stop - 1].checkpoint.to_text())
        again, _, _ = account({"/tickets": ticket_list(told)})
        after = batches(again, "tickets", stored)
        assert {*before, *ids(after)} == {str(number) for number in range(1, 501)}
        assert after[-1].checkpoint == whole[-1].checkpoint


def test_the_next_run_begins_at_the_last_change() -> None:
    """Which it sees again: more may have happened in that second."""
    told = [ticket(1, SECONDS - 60)]
    client, wire, _ = account({"/tickets": ticket_list(told)})
    place = batches(client, "tickets")[-1].checkpoint
    told.append(ticket(2, SECONDS - 60))
    assert ids(batches(client, "tickets", place)) == ["1", "2"]
    assert wire.asked[-1][1]["updated_since"] == stamp(SECONDS - 60)


def test_a_list_out_of_order_is_read_by_page() -> None:
    """Nothing follows from its last row then."""
    told = [ticket(number, SECONDS - number) for number in range(1, 251)]
    client, _, _ = account({"/tickets": paged(told)})
    assert len(set(ids(batches(client, "tickets")))) == 250


def test_a_long_list_out_of_order_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies behind the wall could not be had; nobody reads it again and again."""
    monkeypatch.setattr(walks, "WALL", 3)
    told = [ticket(number, SECONDS - number) for number in range(1, 451)]
    client, wire, _ = account({"/tickets": paged(told)})
    with pytest.raises(MalformedError, match="order"):
        batches(client, "tickets")
    assert len(wire.asked) == 3


def test_a_list_that_always_names_a_next_page_ends_with_its_rows() -> None:
    """An empty page is the end, whatever its header says."""

    def answer(query: Mapping[str, str]) -> Answer:
        rows = [ticket(1, SECONDS)] if query["page"] == "1" else []
        return 200, rows, {"link": '<https://acme.freshdesk.com/x?page=999>;rel="next"'}

    client, wire, _ = account({"/tickets": answer})
    assert ids(batches(client, "tickets", Checkpoint(SECONDS))) == ["1"]
    assert len(wire.asked) == 2


def test_each_ticket_list_asks_for_what_it_needs() -> None:
    """Words and requesters of the plain one; deleted and spam ones only need to be named."""
    client, wire, _ = account({"/tickets": ticket_list([ticket(1, SECONDS)])})
    gone = [batches(client, f"tickets_{name}")[0].page for name in ("deleted", "spam")]
    batches(client, "tickets_recent", Checkpoint(SECONDS - 86_400))
    deleted, spam, recent = (query for _, query in wire.asked)
    assert (deleted["filter"], spam["filter"]) == ("deleted", "spam")
    assert recent["include"] == "requester,stats,description"
    assert recent["updated_since"] == stamp(SECONDS - 86_400)
    assert [page.tickets[0].status for page in gone] == [Status.DELETED] * 2


def test_an_accounts_own_states_are_asked_for_once() -> None:
    """And only when one turns up."""
    fields = [{"type": "default_status", "choices": {"9": ["Resolved by phone", "x"]}}]
    told = [ticket(1, SECONDS - 9, status=9), ticket(2, SECONDS - 8, status=9)]
    client, wire, _ = account({"/tickets": ticket_list(told), "/ticket_fields": fields})
    found = batches(client, "tickets") + batches(client, "tickets_recheck")
    assert {one.status for batch in found for one in batch.page.tickets} == {Status.SOLVED}
    assert wire.paths().count("/ticket_fields") == 1


def test_states_that_may_not_be_asked_for_are_open() -> None:
    """The tickets land all the same."""
    told = [ticket(1, SECONDS, status=9)]
    client, _, _ = account({"/tickets": ticket_list(told), "/ticket_fields": FORBIDDEN})
    assert batches(client, "tickets")[0].page.tickets[0].status is Status.OPEN


@pytest.mark.parametrize("taken", ["_updated_since", "updated_since", None])
def test_changed_contacts_are_asked_for_by_the_name_the_account_takes(taken: str | None) -> None:
    """Either name; where neither is taken, the list is read whole. It is remembered."""

    def answer(query: Mapping[str, str]) -> Answer:
        for name in ("_updated_since", "updated_since"):
            if name in query and name != taken:
                return invalid(name, "invalid_field")
        return paged([contact(number) for number in range(1, 251)])(query)

    client, wire, _ = account({"/contacts": answer})
    for _ in range(2):
        found = batches(client, "contacts", Checkpoint(SECONDS - 600, done=True))
        assert sum(len(batch.page.people) for batch in found) == 250
        assert found[-1].checkpoint == Checkpoint(SECONDS - 60, done=True)
    names = ["_updated_since", "updated_since", None]
    assert len(wire.asked) == 6 + names.index(taken)


def test_another_refusal_is_none_of_the_names() -> None:
    """It is raised as it is."""
    client, _, _ = account({"/contacts": invalid("per_page")})
    with pytest.raises(HelpdeskError):
        batches(client, "contacts", Checkpoint(SECONDS))


def test_contacts_of_every_state_are_read() -> None:
    """The plain list has neither deleted nor blocked ones."""
    client, wire, _ = account({"/contacts": []})
    for name in ("contacts", "contacts_deleted", "contacts_blocked"):
        batches(client, name)
    assert [query.get("state") for _, query in wire.asked] == [None, "deleted", "blocked"]


def test_a_list_that_leads_back_is_left() -> None:
    """Nobody reads for ever."""
    link = {"link": '<https://acme.freshdesk.com/x?page=1>;rel="next"'}
    client, _, _ = account({"/contacts": (200, [contact(1)], link)})
    with pytest.raises(MalformedError):
        batches(client, "contacts")


def test_a_list_goes_on_where_it_stopped_and_next_time_from_its_beginning() -> None:
    """What changes while a list is read may stand on a page that was passed."""
    client, wire, clock = account({"/contacts": paged([contact(n) for n in range(1, 251)])})
    first = batches(client, "contacts")[0].checkpoint
    clock.advance(7200)
    rest = batches(client, "contacts", Checkpoint.from_text(first.to_text()))
    assert [query["page"] for _, query in wire.asked[-2:]] == ["2", "3"]
    assert rest[-1].checkpoint == Checkpoint(SECONDS - 60, done=True)


def test_agents_are_known_by_their_words_where_they_may_not_be_listed() -> None:
    """The owner of the key by name; the run goes on."""
    out = conversation(90, user_id=12, incoming=False)
    client, _, _ = account({"/agents": FORBIDDEN, "/tickets/5/conversations": [out]})
    run(client.check())
    [agents] = batches(client, "agents")
    assert [one.name for one in agents.page.people] == ["Dana"]
    [page] = collect(client.messages("5"))
    assert [(one.id, one.role) for one in page.people] == [("12", Role.AGENT)]


@pytest.mark.parametrize("answer", [FORBIDDEN, NOT_FOUND])
def test_a_plan_without_ratings_is_no_failure(answer: Answer) -> None:
    """It is told, and the stream is done."""
    client, _, _ = account({"/surveys/satisfaction_ratings": answer})
    [batch] = batches(client, "satisfaction_ratings", Checkpoint(5))
    assert batch.warning
    assert batch.checkpoint == Checkpoint(5, done=True)


def test_ratings_are_asked_for_since_a_day_before() -> None:
    """By when they were given."""
    client, wire, _ = account({"/surveys/satisfaction_ratings": []})
    [batch] = batches(client, "satisfaction_ratings", Checkpoint(SECONDS))
    assert wire.asked[0][1]["created_since"] == stamp(SECONDS)
    assert batch.checkpoint == Checkpoint(SECONDS - 86_400, done=True)


def test_all_conversations_of_a_ticket_are_read() -> None:
    """A hundred a page; the last one says that it is whole."""
    told = [conversation(number) for number in range(1, 251)]
    client, _, _ = account({"/tickets/5/conversations": paged(told)})
    found = collect(client.messages("5"))
    assert sum(len(page.messages) for page in found) == 250
    assert [page.whole_tickets for page in found] == [(), (), ("5",)]


def test_an_archived_tickets_conversations_stand_elsewhere() -> None:
    """They are looked for there, at once where the list has said so."""
    archived = {"/tickets/archived/5/conversations": [conversation(1)]}
    told = {"/tickets": ticket_list([ticket(5, SECONDS, archived=True)])}
    client, wire, _ = account(archived | told)
    assert len(collect(client.messages("5"))[0].messages) == 1
    assert len(wire.asked) == 2
    batches(client, "tickets")
    wire.asked.clear()
    assert len(collect(client.messages("5"))[0].messages) == 1
    assert wire.paths() == ["/tickets/archived/5/conversations"]


def test_a_ticket_that_is_nowhere_is_gone() -> None:
    """Its messages, and itself."""
    client, _, _ = account({})
    assert collect(client.messages("5")) == [Page(gone_tickets=("5",))]
    assert run(client.ticket("5")) == Page(gone_tickets=("5",))


def test_a_ticket_is_found_in_the_archive() -> None:
    """With its words."""
    client, _, _ = account({"/tickets/archived/5": ticket(5, SECONDS)})
    page = run(client.ticket("5"))
    assert page.tickets[0].archived
    assert page.messages[0].text == "x"


@pytest.mark.parametrize("listed", [True, False])
def test_a_visitors_words_are_the_requesters(*, listed: bool) -> None:
    """Whose ticket it is is known from the list, or asked for."""
    one = ticket(5, SECONDS, source=15)
    said = [conversation(1, user_id=None)]
    told = {"/tickets": ticket_list([one]), "/tickets/5": one, "/tickets/5/conversations": said}
    client, wire, _ = account(told)
    if listed:
        batches(client, "tickets")
    [page] = collect(client.messages("5"))
    assert page.messages[0].author_id == "7"
    assert ("/tickets/5" in wire.paths()) is not listed


def test_identities_are_all_a_contact_is_reached_by() -> None:
    """Their own page has every address."""
    told = contact(7, email="m@example.com", other_emails=["n@example.com"], phone="+12125550101")
    client, _, _ = account({"/contacts/7": told})
    [page] = collect(client.identities("7"))
    assert [one.value for one in page.identities] == [
        "+12125550101",
        "m@example.com",
        "n@example.com",
    ]
    assert page.identified == ("7",)
    assert collect(client.identities("8")) == [Page(identified=("8",))]


def test_a_person_is_a_contact_or_an_agent_or_gone() -> None:
    """Gone only where Freshdesk has neither."""
    agent = {"id": 12, "contact": {"name": "Ines"}, "created_at": AT}
    client, _, _ = account(
        {"/contacts/7": contact(7), "/agents/12": agent, "/agents/13": FORBIDDEN}
    )
    assert run(client.person("7")).people[0].role is Role.CUSTOMER
    assert run(client.person("12")).people[0].role is Role.AGENT
    assert run(client.person("13")) == Page()
    assert run(client.person("14")) == Page(gone_people=("14",))


def test_a_company_is_read_or_is_not_there() -> None:
    """As one organization."""
    client, _, _ = account({"/companies/5": {"id": 5, "name": "Harbour"}})
    assert run(client.organization("5")).organizations[0].name == "Harbour"
    assert run(client.organization("6")) == Page()


def test_a_note_is_private_and_shows_what_was_written() -> None:
    """No word of it is taken for HTML; lines stay lines."""
    client, wire, _ = account({"/tickets/5/notes": (201, {"id": 91}, {})})
    assert run(client.add_note("5", "a < b & c\nd")) == "91"
    assert wire.sent == [{"body": "a &lt; b &amp; c<br>d", "private": True}]


def test_a_note_is_never_sent_twice() -> None:
    """It may have arrived."""
    client, wire, _ = account({"/tickets/5/notes": RetryableError("x")})
    with pytest.raises(RetryableError):
        run(client.add_note("5", "x"))
    assert len(wire.sent) == 1


def test_a_busy_freshdesk_is_asked_again() -> None:
    """After a pause, without the reader noticing."""
    busy = [(500, b"", {}), (429, b"", {"retry-after": "30"}), (200, [contact(1)], {})]
    client, _, clock = account({"/contacts": busy})
    [batch] = batches(client, "contacts")
    assert len(batch.page.people) == 1
    assert clock.monotonic() >= 30
    assert (client.usage.requests["contacts"], client.usage.refused["contacts"]) == (3, 1)


def test_a_limit_beyond_our_patience_stops_the_run() -> None:
    """It is for whoever runs it to come back."""
    client, _, _ = account({"/contacts": (429, b"", {"retry-after": "3000"})})
    with pytest.raises(LimitedError):
        batches(client, "contacts")


def test_streams_of_one_list_share_its_limit() -> None:
    """Whichever stream it is read for."""
    client, _, _ = account({})
    assert client.share_a_limit("tickets", "tickets_recheck")
    assert client.share_a_limit("contacts", "contacts_deleted")
    assert not client.share_a_limit("tickets", "contacts")
    assert not client.share_a_limit("agents", "agents")
