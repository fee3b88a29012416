"""The streams of a Zendesk account, against a wire that answers as it is told."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import pytest

from connector.clock import ManualClock
from connector.errors import (
    ConfigurationError,
    CredentialsError,
    HelpdeskError,
    LimitedError,
    MalformedError,
    MissingError,
    RetryableError,
)
from connector.http import Response
from connector.sync.helpdesk import Batch, Checkpoint, Helpdesk
from connector.zendesk import AccessToken, ApiToken, ClientCredentials, Credentials, Zendesk
from memory.entities import Page

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping

NOW = datetime(2026, 7, 7, 9, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
ADMIN = {"user": {"id": 9, "role": "admin"}}
AT = "2026-07-01T10:00:00Z"


@dataclass
class Asked:
    """One request as the wire saw it."""

    method: str
    path: str
    params: dict[str, str]
    headers: dict[str, str]
    document: dict[str, Any]


@dataclass
class ScriptedWire:
    """Answers each request with the next of its answers; the last one again and again.

    An answer is a document, a status with a document and headers, or an error.
    """

    answers: list[Any]
    server_time: datetime = NOW
    asked: list[Asked] = field(default_factory=list)
    closed: bool = False

    async def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        document: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Bring the next answer."""
        asked = Asked(method, path, dict(params or {}), dict(headers or {}), dict(document or {}))
        self.asked.append(asked)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if callable(answer):
            answer = answer(asked)
        if isinstance(answer, Exception):
            raise answer
        status, body, more = answer if isinstance(answer, tuple) else (200, answer, {})
        told = {"content-type": "application/json", "date": format_datetime(self.server_time)}
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return Response(status, {**told, **more}, content)

    async def close(self) -> None:
        """Remember that it was let go."""
        self.closed = True


def account(
    *answers: Any, credentials: Credentials | None = None, server_time: datetime = NOW, **more: Any
) -> tuple[Zendesk, ScriptedWire, ManualClock]:
    """An account over a wire that answers so."""
    wire, clock = ScriptedWire(list(answers), server_time), ManualClock(NOW)
    zendesk = Zendesk(
        "https://acme.zendesk.com", credentials or AccessToken("t"), clock=clock, wire=wire, **more
    )
    return zendesk, wire, clock


def batches(zendesk: Zendesk, stream: str, checkpoint: Checkpoint | None = None) -> list[Batch]:
    """All batches of a stream."""

    async def collect() -> list[Batch]:
        return [batch async for batch in zendesk.stream(stream, checkpoint or Checkpoint())]

    return asyncio.run(collect())


def export(key: str, *rows: Any, end: bool = True, **more: Any) -> dict[str, Any]:
    """An answer of an export."""
    return {key: list(rows), "end_of_stream": end, **more}


def user(number: int) -> dict[str, Any]:
    """A user's row."""
    return {"id": number, "name": "x", "role": "end-user", "created_at": AT, "updated_at": AT}


def comment(number: int) -> dict[str, Any]:
    """A comment's row."""
    return {"id": number, "body": "x", "public": True, "created_at": AT, "via": {"channel": "web"}}


def event(number: int, ticket: int) -> dict[str, Any]:
    """A ticket event's row with a comment."""
    child = {**comment(number + 1), "event_type": "Comment", "type": "Comment"}
    return {"id": number, "ticket_id": ticket, "created_at": AT, "child_events": [child]}


def test_it_offers_what_backfill_and_sync_know() -> None:
    """Every stream it names can be read."""
    zendesk, _, _ = account(ADMIN)
    helpdesk: Helpdesk = zendesk
    for name in {*helpdesk.recent, *helpdesk.history, *helpdesk.changes}:
        helpdesk.stream(name, Checkpoint())
    with pytest.raises(ValueError, match="no stream"):
        helpdesk.stream("views", Checkpoint())


@pytest.mark.parametrize(
    ("url", "name", "base"),
    [
        ("https://acme.zendesk.com", "zendesk:acme", "https://acme.zendesk.com"),
        ("https://Acme.zendesk.com/agent/", "zendesk:acme", "https://acme.zendesk.com"),
        ("https://help.acme.example", "zendesk:help.acme.example", "https://help.acme.example"),
        ("http://127.0.0.1:8089", "zendesk:127.0.0.1-8089", "http://127.0.0.1:8089"),
        ("http://localhost", "zendesk:localhost", "http://localhost"),
    ],
)
def test_an_account_is_named_after_its_address(url: str, name: str, base: str) -> None:
    """The subdomain where there is one; links start at the address."""
    zendesk = Zendesk(url, AccessToken("t"), wire=ScriptedWire([ADMIN]))
    assert (zendesk.account, zendesk.url) == (name, base)


def test_an_account_may_be_given_another_name() -> None:
    """A simulated helpdesk's port says nothing."""
    assert account(ADMIN, account="zendesk:lumenline")[0].account == "zendesk:lumenline"


@pytest.mark.parametrize(
    "url",
    [
        "http://acme.zendesk.com",
        "acme",
        "ftp://acme.zendesk.com",
        "",
        "https://",
        "https://bob:pw@acme.zendesk.com",
        "https://acme:port",
        "https://[acme",
    ],
)
def test_an_address_that_would_give_secrets_away_is_refused(url: str) -> None:
    """And one that is none; the setting is named, its password is not."""
    with pytest.raises(ConfigurationError, match="REMEMBER_ZENDESK_URL") as caught:
        Zendesk(url, AccessToken("t"))
    assert "pw" not in caught.value.detail


def test_check_tells_who_we_are() -> None:
    """The admin's id and Zendesk's clock, with nothing to warn of."""
    zendesk, wire, _ = account(ADMIN)
    access = asyncio.run(zendesk.check())
    assert (access.user_id, access.server_time, access.warnings) == ("9", NOW, ())
    assert wire.asked[0].path == "/api/v2/users/me"
    assert wire.asked[0].headers == {"Authorization": "Bearer t"}


@pytest.mark.parametrize(
    ("user", "word"),
    [
        ({"id": None, "role": "end-user", "name": "Anonymous user"}, "does not know"),
        ({}, "does not know"),
        ({"id": 9, "role": "agent"}, "admin"),
        ({"id": 9, "role": "end-user"}, "admin"),
    ],
)
def test_nobody_and_those_who_may_not_export_are_refused(user: dict[str, Any], word: str) -> None:
    """Zendesk answers 200 to strangers; a later 403 would be hard to understand."""
    with pytest.raises(CredentialsError, match=word):
        asyncio.run(account({"user": user})[0].check())


@pytest.mark.parametrize(("seconds", "word"), [(90, "behind"), (-90, "ahead of"), (30, None)])
def test_a_clock_that_is_off_is_told(seconds: int, word: str | None) -> None:
    """By more than a minute, and to which side."""
    zendesk, _, _ = account(ADMIN, server_time=NOW + timedelta(seconds=seconds))
    warnings = asyncio.run(zendesk.check()).warnings
    assert bool(warnings) == (word is not None)
    assert all(f"90 s {word}" in warning for warning in warnings)


def test_api_tokens_are_warned_of() -> None:
    """They end."""
    zendesk, _, _ = account(ADMIN, credentials=ApiToken("d@acme.example", "x"))
    assert "30 April 2027" in asyncio.run(zendesk.check()).warnings[0]


def test_an_export_goes_on_until_its_end_is_told() -> None:
    """Not until a page is empty, nor until there is no cursor; each page with its checkpoint."""
    zendesk, wire, _ = account(
        export("users", user(1), end=False, after_cursor="a"),
        export("users", end=False, after_cursor="b"),
        export("users", user(2), after_cursor="c", after_url="https://x/?cursor=c"),
    )
    found = batches(zendesk, "users", Checkpoint(start=1000))
    assert [[p.id for p in batch.page.people] for batch in found] == [["1"], [], ["2"]]
    assert [batch.checkpoint for batch in found] == [
        Checkpoint(1000, "a"),
        Checkpoint(1000, "b"),
        Checkpoint(1000, "c", done=True),
    ]
    assert [asked.params.get("cursor") for asked in wire.asked] == [None, "a", "b"]
    assert [asked.params.get("start_time") for asked in wire.asked] == ["1000", None, None]
    assert {asked.path for asked in wire.asked} == {"/api/v2/incremental/users/cursor"}


def test_an_export_goes_on_where_it_stopped() -> None:
    """From any checkpoint, also the one at the end."""
    zendesk, wire, _ = account(export("tickets", after_cursor="c"))
    found = batches(zendesk, "tickets", Checkpoint(5, "c", done=True))
    assert found[-1].checkpoint == Checkpoint(5, "c", done=True)
    assert wire.asked[0].params["cursor"] == "c"


@pytest.mark.parametrize("stream", ["tickets", "tickets_recent"])
def test_tickets_are_asked_for_with_all_that_belongs_to_them(stream: str) -> None:
    """AI agents' tickets too, deleted ones too, with people and solving times."""
    zendesk, wire, _ = account(export("tickets", after_cursor=None))
    found = batches(zendesk, stream)
    assert found[-1].checkpoint == Checkpoint(0, None, done=True)
    params = wire.asked[0].params
    assert params["support_type_scope"] == "all"
    assert params["include"] == "users,metric_sets"
    assert params["per_page"] == "1000"
    assert "exclude_deleted" not in params


def test_the_cursor_may_stand_in_the_link_only() -> None:
    """The link's host is never called."""
    zendesk, wire, _ = account(
        export("users", end=False, after_url="https://other.example/api?cursor=zz%3D"),
        export("users", after_cursor="zz="),
    )
    batches(zendesk, "users")
    assert wire.asked[1].params["cursor"] == "zz="
    assert wire.asked[1].path.startswith("/api/v2/")


@pytest.mark.parametrize("cursors", ["aa", "aba"])
def test_a_cursor_that_comes_again_ends_in_an_error(cursors: str) -> None:
    """Rather than in reading for ever."""
    pages = [export("users", end=False, after_cursor=cursor) for cursor in cursors]
    zendesk, _, _ = account(*pages)
    with pytest.raises(MalformedError, match="twice"):
        batches(zendesk, "users")


@pytest.mark.parametrize(
    "answer",
    [
        {"end_of_stream": True},
        {"users": []},
        {"users": [], "end_of_stream": "yes"},
        {"users": {}, "end_of_stream": True},
        export("users", end=False),
        export("users", end=False, after_cursor=7),
        b"<html>",
    ],
    ids=str,
)
def test_an_answer_that_lacks_what_is_promised_is_malformed(answer: Any) -> None:
    """After asking again: it may have been a proxy's."""
    zendesk, wire, _ = account(answer)
    with pytest.raises(MalformedError):
        batches(zendesk, "users")
    assert 1 <= len(wire.asked) <= 3


@pytest.mark.parametrize("start", [SECONDS, SECONDS + 10_000, SECONDS - 10])
def test_no_export_is_asked_for_the_last_minute(start: int) -> None:
    """By Zendesk's clock, which `check` learns."""
    server_time = NOW - timedelta(hours=1)
    zendesk, wire, _ = account(ADMIN, export("users", after_cursor="a"), server_time=server_time)
    asyncio.run(zendesk.check())
    batches(zendesk, "users", Checkpoint(start=start))
    assert int(wire.asked[1].params["start_time"]) <= server_time.timestamp() - 60


def test_an_export_by_time_goes_on_from_the_end_of_each_page() -> None:
    """And is resumed from the last one's."""
    zendesk, wire, _ = account(
        export("ticket_events", event(10, 5), end=False, end_time=2000),
        export("ticket_events", end=True, end_time=2000, next_page="x?start_time=2000"),
    )
    found = batches(zendesk, "ticket_events", Checkpoint(1000))
    assert [batch.checkpoint for batch in found] == [Checkpoint(2000), Checkpoint(2000, done=True)]
    assert [asked.params["start_time"] for asked in wire.asked] == ["1000", "2000"]
    assert wire.asked[0].params["include"] == "comment_events"


def test_a_second_with_more_rows_than_a_page_does_not_hold_the_export() -> None:
    """What came is taken, its tickets are to be read again, and reading goes on a second later."""
    zendesk, wire, _ = account(
        export("ticket_events", event(10, 5), event(20, 6), end=False, end_time=1000),
        export("ticket_events", event(30, 7), end_time=1500),
    )
    found = batches(zendesk, "ticket_events", Checkpoint(1000))
    assert found[0].page.stale_tickets == ("5", "6")
    assert len(found[0].page.messages) == 2
    assert found[0].checkpoint == Checkpoint(1001)
    assert wire.asked[1].params["start_time"] == "1001"
    assert found[1].checkpoint == Checkpoint(1500, done=True)


def test_an_export_by_time_never_asks_for_what_is_withheld() -> None:
    """A helpdesk that never tells the end is read up to its present, and no further."""
    zendesk, wire, _ = account(
        export("ticket_events", event(10, 5), end=False, end_time=SECONDS + 50)
    )
    found = batches(zendesk, "ticket_events", Checkpoint(1000))
    assert [batch.checkpoint for batch in found] == [Checkpoint(SECONDS + 50, done=True)]
    assert len(wire.asked) == 1


def test_an_export_by_time_that_leads_nowhere_is_refused() -> None:
    """Rather than stepping through years, second by second."""
    zendesk, _, _ = account(export("ticket_events", end=False, end_time=None))
    with pytest.raises(MalformedError, match="next page"):
        batches(zendesk, "ticket_events", Checkpoint(1000))


def test_an_export_by_time_may_name_its_next_start_in_the_link_only() -> None:
    """Older answers have no `end_time`."""
    zendesk, _, _ = account(
        export("organizations", end=False, next_page="https://x/y?start_time=77"),
        export("organizations", next_page="https://x/y?start_time=77"),
    )
    assert [b.checkpoint.start for b in batches(zendesk, "organizations")] == [77, 77]


@pytest.mark.parametrize("stream", ["organizations", "satisfaction_ratings"])
@pytest.mark.parametrize(
    "refusal", [(404, {"error": "InvalidEndpoint"}, {}), (403, {"error": "Forbidden"}, {})], ids=str
)
def test_what_a_plan_does_not_offer_is_done_without(stream: str, refusal: Any) -> None:
    """With a warning; everything else goes on."""
    zendesk, _, _ = account(refusal)
    (batch,) = batches(zendesk, stream, Checkpoint(5))
    assert (batch.page, batch.checkpoint) == (Page(), Checkpoint(5, done=True))
    assert stream in (batch.warning or "")


@pytest.mark.parametrize("stream", ["organizations", "satisfaction_ratings", "tickets"])
def test_refused_credentials_stop_every_stream(stream: str) -> None:
    """A token that was revoked is no matter of plans."""
    zendesk, _, _ = account((401, {"error": "invalid_token"}, {}))
    with pytest.raises(CredentialsError):
        batches(zendesk, stream)


def test_a_ticket_export_that_is_refused_is_an_error() -> None:
    """Without tickets there is nothing to remember."""
    zendesk, _, _ = account((403, {"error": "Forbidden"}, {}))
    with pytest.raises(CredentialsError) as caught:
        batches(zendesk, "tickets")
    assert "scope read" in caught.value.hint


def rated(number: int, score: str = "good") -> dict[str, Any]:
    """A rating's row."""
    return {"id": number, "ticket_id": 5, "score": score, "created_at": AT}


def listed(key: str, *rows: Any, after: str | None = None, **more: Any) -> dict[str, Any]:
    """An answer of a list; as Zendesk does, it names a next page even at its end."""
    meta = {"has_more": after is not None, "after_cursor": after or "end"}
    return {key: list(rows), "meta": meta, "links": {"next": "https://x/y"}, **more}


def test_ratings_are_paged_and_next_time_read_from_when_this_run_began() -> None:
    """With a day of overlap, and also when the run was resumed in between."""
    zendesk, wire, clock = account(
        listed("satisfaction_ratings", rated(1), after="p"),
        listed("satisfaction_ratings", rated(2, "offered"), after="q"),
        listed("satisfaction_ratings", rated(3)),
    )

    async def first_page() -> Batch:
        async for batch in zendesk.stream("satisfaction_ratings", Checkpoint()):
            return batch
        raise AssertionError

    first = asyncio.run(first_page())
    clock.advance(50_000)
    rest = batches(zendesk, "satisfaction_ratings", first.checkpoint)
    assert [r.id for batch in (first, *rest) for r in batch.page.ratings] == ["1", "3"]
    assert [asked.params.get("page[after]") for asked in wire.asked] == [None, "p", "q"]
    assert rest[-1].checkpoint == Checkpoint(SECONDS - 61 - 86_400, None, done=True)
    assert "start_time" not in wire.asked[0].params
    batches(zendesk, "satisfaction_ratings", rest[-1].checkpoint)
    assert wire.asked[-1].params["start_time"] == str(SECONDS - 61 - 86_400)


def pages_of(reader: Awaitable[list[Page]]) -> list[Page]:
    """Run a coroutine that collects pages."""

    async def run() -> list[Page]:
        return await reader

    return asyncio.run(run())


async def messages(zendesk: Zendesk, ticket: str) -> list[Page]:
    """All pages of a ticket's messages."""
    return [page async for page in zendesk.messages(ticket)]


async def identities(zendesk: Zendesk, person: str) -> list[Page]:
    """All pages of a person's identities."""
    return [page async for page in zendesk.identities(person)]


def test_a_ticket_of_five_thousand_comments_comes_page_by_page() -> None:
    """Fifty pages; only the last makes the ticket whole."""

    def answer(asked: Asked) -> Any:
        number = int(asked.params.get("page[after]", "0"))
        rows = [comment(number * 100 + i) for i in range(100)]
        return listed("comments", *rows, after=str(number + 1) if number < 49 else None)

    zendesk, wire, _ = account(answer)
    found = pages_of(messages(zendesk, "5"))
    assert len({m.id for page in found for m in page.messages}) == 5000
    assert [page.whole_tickets for page in found] == [()] * 49 + [("5",)]
    assert wire.asked[0].params == {"sort": "created_at", "page[size]": "100"}


def test_a_list_that_goes_in_circles_is_refused() -> None:
    """A cursor that comes again."""
    zendesk, _, _ = account(listed("comments", comment(1), after="same"))
    with pytest.raises(MalformedError, match="twice"):
        pages_of(messages(zendesk, "5"))


def test_a_list_without_cursors_is_one_page() -> None:
    """Unless it says that there is more."""
    zendesk, _, _ = account({"comments": [comment(1)], "next_page": None, "count": 1})
    assert pages_of(messages(zendesk, "5"))[0].whole_tickets == ("5",)
    zendesk, _, _ = account({"comments": [], "next_page": "https://x/?page=2"})
    with pytest.raises(MalformedError):
        pages_of(messages(zendesk, "5"))


def test_a_ticket_that_is_gone_says_so() -> None:
    """Deleted tickets are in the export, their comments are not."""
    zendesk, _, _ = account((404, {"error": "RecordNotFound"}, {}))
    assert pages_of(messages(zendesk, "5")) == [Page(gone_tickets=("5",))]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ((404, {"error": "InvalidEndpoint"}, {}), MissingError),
        (
            (404, b"<html>No help desk at acme</html>", {"content-type": "text/html"}),
            ConfigurationError,
        ),
    ],
    ids=["endpoint", "account"],
)
def test_no_ticket_is_taken_for_gone_when_the_address_is_wrong(answer: Any, kind: type) -> None:
    """Or every memory would be deleted by a typing error."""
    zendesk, _, _ = account(answer)
    with pytest.raises(kind):
        pages_of(messages(zendesk, "5"))
    with pytest.raises(kind):
        pages_of(identities(zendesk, "7"))


def test_an_id_cannot_lead_to_another_path() -> None:
    """Ids come from answers."""
    zendesk, wire, _ = account(listed("comments"))
    pages_of(messages(zendesk, "../users/5?x="))
    assert wire.asked[0].path == "/api/v2/tickets/..%2Fusers%2F5%3Fx%3D/comments"


def test_identities_are_read_to_the_last() -> None:
    """A person who is gone has none."""
    row = {"id": 1, "user_id": 7, "type": "phone_number", "value": "+1212"}
    zendesk, _, _ = account(listed("identities", row, after="n"), listed("identities"))
    assert [page.identified for page in pages_of(identities(zendesk, "7"))] == [(), ("7",)]
    zendesk, _, _ = account((404, {"error": "RecordNotFound"}, {}))
    assert pages_of(identities(zendesk, "7")) == [Page(identified=("7",))]


def test_a_helpdesk_in_trouble_is_asked_again() -> None:
    """Whatever kind of trouble it is, without a real second of waiting."""
    zendesk, wire, clock = account(
        (503, b"", {}),
        RetryableError("reset"),
        (409, {}, {}),
        b"<html>proxy</html>",
        export("users", user(1), after_cursor="a"),
    )
    assert batches(zendesk, "users")[0].page.people
    assert len(wire.asked) == 5
    assert clock.monotonic() > 1


def test_a_page_that_is_too_much_for_the_helpdesk_is_asked_for_smaller() -> None:
    """Only exports have such pages; the next page is asked for in full again."""
    zendesk, wire, _ = account(
        *[(504, b"", {})] * 5,
        export("users", user(1), end=False, after_cursor="a"),
        export("users", after_cursor="b"),
    )
    batches(zendesk, "users")
    sizes = [asked.params["per_page"] for asked in wire.asked]
    assert sizes == ["1000", "500", "250", "125", "100", "100", "1000"]


def test_an_address_without_zendesk_behind_it_is_told() -> None:
    """A server that knows none of the paths is the wrong server."""
    zendesk, _, _ = account((404, {"detail": "Not Found"}, {}))
    with pytest.raises(ConfigurationError, match=r"acme\.zendesk\.com"):
        asyncio.run(zendesk.check())


def test_a_storm_ends_the_run() -> None:
    """After the seconds allowed without progress, or the attempts."""
    zendesk, wire, clock = account((500, b"", {}), retry_seconds=60)
    with pytest.raises(RetryableError) as caught:
        batches(zendesk, "users")
    assert caught.value.exit_code == 7
    assert clock.monotonic() <= 60
    assert 5 <= len(wire.asked) <= 12


def test_a_rate_limit_is_waited_for_and_counted() -> None:
    """As long as Zendesk asks, once."""
    zendesk, _, clock = account((429, {}, {"retry-after": "40"}), export("users", after_cursor="a"))
    batches(zendesk, "users")
    assert 40 <= clock.monotonic() <= 41
    assert zendesk.usage.refused == {"users": 1}
    assert zendesk.usage.requests == {"users": 2}
    assert zendesk.usage.waited["users"] == clock.monotonic()


def test_a_rate_limit_beyond_the_cap_stops_the_run_at_once() -> None:
    """Rather than sleep blindly."""
    zendesk, wire, clock = account((429, {}, {"retry-after": "3600"}))
    with pytest.raises(LimitedError):
        batches(zendesk, "users")
    assert (len(wire.asked), clock.monotonic()) == (1, 0)


def test_the_first_answer_is_not_waited_for_as_long() -> None:
    """Someone sits before the screen when an address is wrong."""
    zendesk, _, clock = account(RetryableError("cannot be reached"))
    with pytest.raises(HelpdeskError):
        asyncio.run(zendesk.check())
    assert clock.monotonic() <= 15


def test_an_old_token_is_renewed_once_for_all() -> None:
    """A 401 costs one new token, however many requests meet it, and each is sent once more."""
    issued = 0

    def answer(asked: Asked) -> Any:
        nonlocal issued
        if asked.path == "/oauth/tokens":
            issued += 1
            return {"access_token": f"t{issued}", "scope": "read"}
        if asked.headers["Authorization"] == "Bearer t1":
            return 401, {"error": "invalid_token"}, {}
        return listed("comments", comment(1))

    zendesk, wire, _ = account(answer, credentials=ClientCredentials("id", "secret"))

    async def at_once() -> list[list[Page]]:
        return await asyncio.gather(*(messages(zendesk, str(i)) for i in range(20)))

    found = asyncio.run(at_once())
    assert all(pages[-1].whole_tickets for pages in found)
    assert issued == 2
    assert wire.asked[0].document["client_secret"] == "secret"
    assert zendesk.usage.requests["oauth"] == 2
    assert len(wire.asked) <= 2 + 20 + 20


def test_a_token_that_stays_refused_is_an_error() -> None:
    """After one renewal, not for ever."""

    def answer(asked: Asked) -> Any:
        if asked.path == "/oauth/tokens":
            return {"access_token": "t", "scope": "read"}
        return 401, {"error": "invalid_token"}, {}

    zendesk, wire, _ = account(answer, credentials=ClientCredentials("id", "secret"))
    with pytest.raises(CredentialsError):
        asyncio.run(zendesk.check())
    assert len(wire.asked) == 4


def test_an_unknown_client_is_an_error_of_credentials() -> None:
    """Whether Zendesk says 400 or 401."""
    for status in (400, 401):
        zendesk, _, _ = account(
            (status, {"error": "invalid_client"}, {}), credentials=ClientCredentials("id", "secret")
        )
        with pytest.raises(CredentialsError) as caught:
            asyncio.run(zendesk.check())
        assert caught.value.exit_code == 4


def test_leaving_lets_go_of_the_connections() -> None:
    """Also after an error."""
    zendesk, wire, _ = account(ADMIN)

    async def fail() -> None:
        async with zendesk:
            raise KeyError

    with pytest.raises(KeyError):
        asyncio.run(fail())
    assert wire.closed
