"""From a phone, an e-mail, a ref or a ticket to one person, to several, to nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from memory.asking.identity import agent_of, look_up
from memory.entities import Organization, Status
from memory.errors import UsageError
from tests.support.book import agent, ago, customer, ticket

if TYPE_CHECKING:
    from tests.support.book import Book


@pytest.fixture
def known(book: Book) -> Book:
    """Mara alone, two who share a number, one whose number is marked as shared, and agents."""
    book.people(
        customer(phone="2125550101", email="Mara@Example.com", organization_id="5"),
        customer("101", "Ellen", phone="2125550102", organization_id="5"),
        customer("102", "Bo", phone="2125550102"),
        customer("103", "Reception", phone="2125550103", shared_phone=True),
        customer("104", "Gone", phone="2125550104", active=False),
        agent(email="Daniel@Acme.example"),
        agent("12", "Eli"),
    )
    book.store(organizations=(Organization("5", "Harbour Co-op"),))
    book.ticket("1")
    book.ticket("2", "101", at=ago(3))
    book.ticket("3", "101", at=ago(30))
    book.ticket("4", "104")
    book.store(tickets=(ticket("5", status=Status.DELETED),))
    return book


def _found(book: Book, by: str, value: str, region: str | None = "US") -> Any:
    with book.record.reading() as connection:
        return look_up(connection, book.view(), by, value, region)


@pytest.mark.parametrize(
    "value",
    [
        "+12125550101",
        "2125550101",
        "(212) 555-0101",
        "+1 212-555-0101",
        "001 212 555 0101",
        "sip:+12125550101@pbx.example",
        "tel:+12125550101",
        "２１２５５５０１０１",  # noqa: RUF001  as East Asian keyboards write it
    ],
)
def test_a_phone_finds_its_owner_however_it_is_written(known: Book, value: str) -> None:
    """Exactly one customer has it; the match says the number as E.164."""
    found = _found(known, "phone", value)
    assert found.customer.id == "100"
    assert not found.shared
    assert found.match == {
        "by": "phone",
        "value": "+12125550101",
        "outcome": "one",
        "candidates": [],
    }


def test_a_number_of_several_shows_them_and_asks(known: Book) -> None:
    """Names, organizations and last contacts, by name; nobody is picked."""
    found = _found(known, "phone", "2125550102")
    assert found.customer is None
    assert found.shared
    assert found.match["outcome"] == "several"
    assert found.match["candidates"] == [
        {"ref": "zendesk:102", "name": "Bo", "organization": None, "last_contact_on": None},
        {
            "ref": "zendesk:101",
            "name": "Ellen",
            "organization": "Harbour Co-op",
            "last_contact_on": "2026-07-04",
        },
    ]


def test_a_number_the_helpdesk_calls_shared_is_never_a_guess(known: Book) -> None:
    """Even when only one customer is known by it."""
    found = _found(known, "phone", "2125550103")
    assert (found.customer, found.match["outcome"]) == (None, "several")
    assert [one["name"] for one in found.match["candidates"]] == ["Reception"]


@pytest.mark.parametrize(
    "value",
    [
        *("", "anonymous", "Restricted", "PRIVATE", "blocked", "unavailable", "unknown"),
        *("+266696687", "client:mara", "sip:anonymous@anonymous.invalid"),
    ],
)
def test_a_hidden_number_says_so(known: Book, value: str) -> None:
    """Hidden is not unknown, and nobody is shown."""
    found = _found(known, "phone", value)
    assert (found.customer, found.match["outcome"]) == (None, "hidden")


@pytest.mark.parametrize(
    ("by", "value"),
    [
        ("phone", "+12125550999"),
        ("phone", "+12125550104"),
        ("email", "nobody@example.com"),
        ("email", ""),
        ("customer", "zendesk:999"),
        ("customer", "zendesk:104"),
        ("customer", "zendesk:11"),
        ("customer", "freshdesk:100"),
        ("customer", "zendesk:apex:100"),
        ("ticket", "zendesk:999"),
        ("ticket", "zendesk:4"),
        ("ticket", "zendesk:5"),
        ("ticket", "freshdesk:1"),
    ],
)
def test_nobody_is_found_by(known: Book, by: str, value: str) -> None:
    """Unknown values, deleted people and tickets, agents, other helpdesks' and accounts' refs."""
    found = _found(known, by, value)
    assert (found.customer, found.match["outcome"], found.match["candidates"]) == (None, "none", [])


@pytest.mark.parametrize(
    ("by", "value"),
    [
        ("email", "mara@example.com"),
        ("email", "  MARA@example.COM "),
        ("customer", "zendesk:100"),
        ("customer", " 100 "),
        ("customer", "zendesk:acme:100"),
        ("ticket", "zendesk:1"),
        ("ticket", "1"),
    ],
)
def test_mara_is_found_by(known: Book, by: str, value: str) -> None:
    """E-mails in any case, refs with and without the helpdesk, and any ticket of hers."""
    found = _found(known, by, value)
    assert (found.customer.id, found.match["outcome"]) == ("100", "one")


@pytest.mark.parametrize(
    ("by", "value"),
    [
        ("phone", "five"),
        ("phone", "101"),
        ("customer", ""),
        ("customer", "zendesk:"),
        ("ticket", " "),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(known: Book, by: str, value: str) -> None:
    """With an example of what does, and without the value: it may be somebody's number."""
    with pytest.raises(UsageError) as caught:
        _found(known, by, value)
    assert "such as" in caught.value.hint or "looks like" in caught.value.hint


def test_without_a_region_a_national_number_is_refused(known: Book) -> None:
    """A country is never guessed; the hint names the setting."""
    with pytest.raises(UsageError) as caught:
        _found(known, "phone", "2125550177", region=None)
    assert "REMEMBER_DEFAULT_REGION" in caught.value.hint
    assert "2125550177" not in str(caught.value.problem())


@pytest.mark.parametrize(
    "named", ["zendesk:11", "11", "daniel@acme.example", " DANIEL@ACME.example "]
)
def test_an_agent_is_named_by_ref_or_email(known: Book, named: str) -> None:
    """In any case and with or without the helpdesk in front."""
    with known.record.reading() as connection:
        assert agent_of(connection, known.view(), named).id == "11"


@pytest.mark.parametrize(
    "named", ["zendesk:100", "freshdesk:11", "x@acme.example", "mara@example.com"]
)
def test_whoever_is_no_agent_cannot_ask(known: Book, named: str) -> None:
    """Customers and strangers are refused, with what to give instead."""
    with known.record.reading() as connection, pytest.raises(UsageError, match="No agent"):
        agent_of(connection, known.view(), named)


def test_an_agent_without_an_email_answers_to_none(known: Book) -> None:
    """An empty e-mail names nobody."""
    with known.record.reading() as connection, pytest.raises(UsageError):
        agent_of(connection, known.view(), "@")
