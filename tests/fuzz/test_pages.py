"""What a helpdesk answers is stored row by row, or set aside row by row, whatever a row holds."""

from __future__ import annotations

import itertools
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from connector.fields import outline
from connector.freshdesk import client as freshdesk_client
from connector.freshdesk import limits as freshdesk_limits
from connector.freshdesk import pages as freshdesk
from connector.zendesk import client as zendesk_client
from connector.zendesk import limits as zendesk_limits
from connector.zendesk import pages as zendesk
from memory.errors import RememberError
from tests.fuzz.measuring import MOST, TIMES, held, ratio
from tests.fuzz.mutating import JSON, WILD_TEXTS, lengthened, mutated, wild_bytes
from tests.fuzz.patterns import Attack
from tests.fuzz.profile import LONG, fuzzing
from tests.fuzz.samples import SAMPLES
from tests.support.book import AS_OF, Book, agent, customer
from tests.support.databases import sqlite_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from memory.entities import Page
    from tests.fuzz.samples import Sample
    from tests.support.postgres import Server

LENGTH: Final = 60_000 if LONG else 24_000
DEAREST: Final = 240.0
"""Bytes for each character of a long text: a table's markup is a tree before it is text."""

KINDS = ("sqlite", pytest.param("postgresql", marks=pytest.mark.long))
ACCOUNTS = {
    "zendesk": ("zendesk:acme", "https://acme.zendesk.com"),
    "freshdesk": ("freshdesk:acme", "https://acme.freshdesk.com"),
}
HEADERS = (
    "date",
    "link",
    "retry-after",
    "content-type",
    "x-rate-limit",
    "x-rate-limit-remaining",
    "ratelimit-reset",
    "zendesk-ratelimit-tickets-index",
    "x-ratelimit-total",
    "x-ratelimit-remaining",
)
TEXTS = st.sampled_from(WILD_TEXTS) | st.text(max_size=60)
_ids = itertools.count(1_000_000)


@pytest.fixture(scope="module", params=KINDS)
def books(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Book]]:
    """An account of each helpdesk, with a customer and an agent."""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        with server.database() as url:
            yield from _opened(url)
    else:
        yield from _opened(sqlite_url(tmp_path_factory.mktemp("record")))


def _opened(url: str) -> Iterator[dict[str, Book]]:
    made = {name: Book(url, *told) for name, told in ACCOUNTS.items()}
    for book in made.values():
        book.people(agent(), customer())
        book.ticket("8831")
    yield made
    for book in made.values():
        book.record.close()


@pytest.mark.parametrize("stream", sorted(SAMPLES))
@fuzzing(12)
@given(data=st.data())
def test_one_row_never_costs_the_others(
    stream: str, data: st.DataObject, books: dict[str, Book]
) -> None:
    """The page is stored; its good rows are in the record, its bad ones are set aside."""
    sample = SAMPLES[stream]
    good = [{**sample.row, sample.key: next(_ids)} for _ in range(2)]
    wild = data.draw(mutated({**sample.row, sample.key: next(_ids)}, most=4))
    rows = [good[0], wild, *([wild] if data.draw(st.booleans()) else []), good[1]]
    page = sample.read(rows)
    assert len(page.unreadable) <= len(rows) * 2
    book = books[stream.split(maxsplit=1)[0]]
    _store(book, page)
    if sample.table is not None:
        assert _held(book, sample, good) == len(good)


@pytest.mark.parametrize("stream", sorted(SAMPLES))
@fuzzing(40)
@given(data=st.data())
def test_any_row_is_read_or_set_aside(stream: str, data: st.DataObject) -> None:
    """Nothing raises; what is set aside can be kept as JSON and says where it is bad."""
    sample = SAMPLES[stream]
    page = sample.read([data.draw(mutated(sample.row, most=4) | JSON)])
    for one in page.unreadable:
        json.dumps(one.body, allow_nan=False).encode()
        assert one.reason
        assert one.stream


@pytest.mark.parametrize("stream", sorted(SAMPLES))
def test_a_long_text_in_any_field_takes_its_length(stream: str) -> None:
    """A name, a subject, a title: whoever can write one can make it long; in memory, too."""
    sample, bad = SAMPLES[stream], {}
    for head, body in (
        ("12345", " "),
        ("", " "),
        ("", "1 "),
        ("", "<"),
        ("x", "\n"),
        ("", "<table><tr><td>"),
    ):
        attack = Attack(head, body, "y")
        short = dict(lengthened(sample.row, attack.of(LENGTH // TIMES)))
        for place, row in lengthened(sample.row, attack.of(LENGTH)):
            rows = {"short": short[place], "long": row}
            grown = ratio(lambda which: sample.read([rows[which]]), "short", "long")  # noqa: B023
            dear = held(lambda: sample.read([row])) / LENGTH  # noqa: B023  called at once
            if grown > MOST or dear > DEAREST:
                bad[place, body] = (round(grown, 1), round(dear))
    assert not bad


@pytest.mark.parametrize("helpdesk", sorted(ACCOUNTS))
@fuzzing(120)
@given(data=st.data())
def test_any_answer_is_read_or_refused(helpdesk: str, data: st.DataObject) -> None:
    """Whatever its status, its headers and its body are; no error repeats the body."""
    names = [one for one in sorted(SAMPLES) if one.startswith(helpdesk)]
    sample = SAMPLES[data.draw(st.sampled_from(names))]
    body = data.draw(wild_bytes({"users": [sample.row], "errors": [{"code": "x"}]}))
    headers = data.draw(st.dictionaries(st.sampled_from(HEADERS), TEXTS, max_size=4))
    status = data.draw(st.sampled_from([200, 200, 201, 302, 400, 401, 403, 404, 429, 500, 599]))
    client = zendesk_client if helpdesk == "zendesk" else freshdesk_client
    limits = zendesk_limits if helpdesk == "zendesk" else freshdesk_limits
    limits.limits(headers)
    with suppress(RememberError):
        client.read(status, headers, body, "users")


@pytest.mark.parametrize(
    "date", ["Fri, 31 Dec 9999 23:59:59 -2359", "Tue, 7 Jul 99999", "Tue, 7 Jul 2026 25:00:00 GMT"]
)
def test_a_date_beyond_all_calendars_is_none(date: str) -> None:
    """Whoever answers may write any."""
    answer = zendesk_client.read(200, {"date": date, "retry-after": date}, b"{}", "users")
    assert answer.server_time is None


@fuzzing(60)
@given(data=st.data())
def test_any_document_is_a_page(data: st.DataObject) -> None:
    """Lists that are none, tables of states that are none, links that lead nowhere."""
    wild = data.draw(JSON)
    document = {name: data.draw(JSON) for name in ("users", "tickets", "ticket_events", "audit")}
    for read in (zendesk.users, zendesk.tickets, zendesk.events):
        read(document)
    with suppress(RememberError):
        zendesk.note_id(document)
    zendesk.ticket_ids(document)
    rows = wild if isinstance(wild, list) else [wild]
    freshdesk.unknown_status(rows)
    freshdesk.needs_requester(rows)
    choices = data.draw(st.dictionaries(st.sampled_from(WILD_TEXTS), JSON, max_size=4))
    freshdesk.statuses([*rows, {"type": "default_status", "choices": choices}])
    json.dumps(outline(wild), allow_nan=False)


def _store(book: Book, page: Page) -> None:
    """Store a page as a sync does."""
    with book.record.writing(book.account) as writer:
        writer.store(page, region="US", reread=True, at=AS_OF)
        writer.quarantine(page.unreadable, AS_OF)


def _held(book: Book, sample: Sample, rows: list[dict[str, Any]]) -> int:
    """How many of the rows are in the record."""
    assert sample.table is not None
    ids = [str(row[sample.key]) for row in rows]
    asked = sa.select(sa.func.count()).where(
        sample.table.c.account == book.number, sample.table.c.id.in_(ids)
    )
    with book.record.reading() as connection:
        found: int = connection.execute(asked).scalar_one()
    return found
