"""Freshdesk's answers: JSON or one exact error."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import (
    ConfigurationError,
    CredentialsError,
    HelpdeskError,
    LimitedError,
    MalformedError,
    MissingError,
    RetryableError,
)
from connector.freshdesk.auth import ApiKey
from connector.freshdesk.client import ForbiddenError, InvalidError, read, record, rows, told
from memory.errors import RememberError

SECRET = "Mara Lindqvist has a cracked screen"
AUTH = {"code": "invalid_credentials", "message": SECRET}
INVALID = {
    "description": SECRET,
    "errors": [{"field": "page", "message": SECRET, "code": "invalid_value"}],
}


def body(document: Any) -> bytes:
    """A document as it is sent."""
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("status", "content", "error"),
    [
        (400, body(INVALID), InvalidError),
        (401, body(AUTH), CredentialsError),
        (403, body({"code": "access_denied", "message": SECRET}), ForbiddenError),
        (403, b"", ForbiddenError),
        (404, b"", MissingError),
        (404, b"<html>" + SECRET.encode(), ConfigurationError),
        (302, b"", ConfigurationError),
        (405, b"", HelpdeskError),
        (409, body(INVALID), HelpdeskError),
        (415, b"", HelpdeskError),
        (429, b"", LimitedError),
        (429, SECRET.encode(), LimitedError),
        (500, b"", RetryableError),
        (503, SECRET.encode(), RetryableError),
        (200, b"", MalformedError),
        (200, b"<!doctype html>" + SECRET.encode(), MalformedError),
        (200, b"[" * 100_000, MalformedError),
    ],
)
def test_every_refusal_is_one_exact_error_without_the_body(
    status: int, content: bytes, error: type[RememberError]
) -> None:
    """What the caller must do is in the class; no error repeats what a body says."""
    with pytest.raises(RememberError) as caught:
        read(status, {}, content, "tickets", "https://acme.freshdesk.com")
    assert type(caught.value) is error
    assert SECRET not in f"{caught.value} {caught.value.detail} {caught.value.hint}"


def test_an_invalid_request_names_its_field() -> None:
    """By which the wall and the names of parameters are known."""
    with pytest.raises(InvalidError) as caught:
        read(400, {}, body(INVALID), "tickets")
    assert (caught.value.field, caught.value.code) == ("page", "invalid_value")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({"retry-after": "37"}, 37.0), ({}, None), ({"retry-after": "soon"}, None)],
)
def test_a_limit_says_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    """In the header; the body is often empty."""
    with pytest.raises(LimitedError) as caught:
        read(429, headers, b"", "tickets")
    assert caught.value.seconds == seconds


def test_the_time_is_freshdesks_own() -> None:
    """From the answer's Date."""
    answer = read(200, {"date": "Tue, 07 Jul 2026 09:00:00 GMT"}, b"[]", "tickets")
    assert answer.server_time == datetime(2026, 7, 7, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("link", "page"),
    [
        ("", None),
        ('<https://acme.freshdesk.com/api/v2/tickets?per_page=100&page=3>;rel="next"', 3),
        ("<https://acme.freshdesk.com/api/v2/tickets?page=3>; rel=next", 3),
        ('<https://acme.freshdesk.com/api/v2/tickets?page=3>;rel="prev"', None),
        ('<https://acme.freshdesk.com/api/v2/tickets>;rel="next"', None),
        ('<https://acme.freshdesk.com/api/v2/tickets?page=-1>;rel="next"', None),
        ('<http://[broken?page=2>;rel="next"', None),
    ],
)
def test_the_next_page_is_a_number(link: str, page: int | None) -> None:
    """Only the number is taken: a link is never followed, so no key goes to another host."""
    assert read(200, {"link": link}, b"[]", "tickets").next_page == page


@given(st.text(), st.binary(max_size=200))
def test_no_answer_breaks_the_reading(link: str, content: bytes) -> None:
    """Whatever a proxy answers, it is an answer or one of our errors."""
    told(content)
    for status in (200, 400, 403, 404, 429, 500):
        try:
            read(status, {"link": link, "date": link, "retry-after": link}, content, "tickets")
        except RememberError:
            continue


def test_a_list_is_a_list_and_a_record_an_object() -> None:
    """Anything else is not what the API promises."""
    with pytest.raises(MalformedError):
        rows(read(200, {}, b"{}", "tickets"), "tickets")
    with pytest.raises(MalformedError):
        record(read(200, {}, b"[]", "me"), "me")


def test_the_key_is_the_user_and_is_never_shown() -> None:
    """HTTP Basic with any password; a key with a space or a line break is a copying mistake."""
    assert ApiKey("abc").header() == "Basic YWJjOlg="
    assert "abc" not in repr(ApiKey("abc"))
    for wrong in ("", "a b", "a\nb", "ä", "a:b"):
        with pytest.raises(CredentialsError):
            ApiKey(wrong).header()
