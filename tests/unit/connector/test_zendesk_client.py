"""Zendesk's answers: JSON, or one exact error that holds none of the body."""

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
from connector.zendesk.client import NotOfferedError, RefusedError, code, read, wanted
from memory.errors import RememberError

JSON = {"content-type": "application/json; charset=utf-8"}
DATE = "Tue, 07 Jul 2026 09:00:00 GMT"
SECRET = "my husband died in March"


def refused(status: int, body: Any = None, headers: dict[str, str] | None = None) -> RememberError:
    """The error an answer is read as."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    with pytest.raises(RememberError) as caught:
        read(status, {**JSON, **(headers or {})}, content, "tickets", "https://acme.zendesk.com")
    return caught.value


def test_an_answer_is_its_document_and_the_servers_time() -> None:
    """200 with a JSON object."""
    answer = read(200, {**JSON, "date": DATE}, b'{"tickets": []}', "tickets")
    assert answer.json == {"tickets": []}
    assert answer.server_time == datetime(2026, 7, 7, 9, tzinfo=UTC)


@pytest.mark.parametrize("date", ["", "yesterday", "Tue, 99 Foo 2026 09:00:00 GMT", "\x00"])
def test_an_answer_without_a_readable_date_has_no_time(date: str) -> None:
    """The clock of a proxy that garbles dates is not believed."""
    assert read(200, {**JSON, "date": date}, b"{}", "tickets").server_time is None


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"error": "InvalidPaginationDepth"}, HelpdeskError),
        (400, {"error": "invalid_scope", "error_description": "x"}, RefusedError),
        (401, {"error": "Couldn't authenticate you"}, RefusedError),
        (401, {"error": "invalid_client"}, RefusedError),
        (403, {"error": {"title": "Forbidden", "message": "no"}}, CredentialsError),
        (404, {"error": "RecordNotFound", "description": "Not found"}, MissingError),
        (404, {"error": {"title": "No such thing"}}, MissingError),
        (404, {"error": "InvalidEndpoint", "description": "Not found"}, NotOfferedError),
        (408, None, RetryableError),
        (409, {"errors": [{"code": "Conflict", "title": "x"}]}, RetryableError),
        (422, {"error": "RecordInvalid", "details": {"email": [{}]}}, HelpdeskError),
        (429, {"error": "APIRateLimitExceeded"}, LimitedError),
        (429, {"detail": "x", "status": "429", "title": "Automated response"}, LimitedError),
        (500, None, RetryableError),
        (502, b"<html>Bad gateway</html>", RetryableError),
        (503, b"", RetryableError),
        (520, b"", RetryableError),
        (302, b"", ConfigurationError),
        (418, b"", HelpdeskError),
    ],
)
def test_every_refusal_is_one_exact_error(status: int, body: Any, kind: type) -> None:
    """Whatever envelope it comes in."""
    assert type(refused(status, body)) is kind


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<html>No help desk at acme</html>", "text/html"),
        (b"gone", ""),
        ({"error": {"title": "No help desk at acme.zendesk.com"}}, "application/json"),
    ],
)
def test_a_missing_account_names_the_address(body: Any, kind: str) -> None:
    """Zendesk's answer for a subdomain nobody has is about the settings, not about a ticket."""
    error = refused(404, body, {"content-type": kind})
    assert isinstance(error, ConfigurationError)
    assert "https://acme.zendesk.com" in error.detail
    assert "subdomain" in error.hint


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "93"}, 93.0),
        ({"retry-after": " 0.5 "}, 0.5),
        ({"retry-after": "Tue, 07 Jul 2026 09:01:30 GMT", "date": DATE}, 90.0),
        ({"retry-after": "Tue, 07 Jul 2026 08:00:00 GMT", "date": DATE}, 0.0),
        ({"retry-after": "Tue, 07 Jul 2026 09:01:30 GMT"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-3"}, None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_the_wait_that_is_asked_for_is_read(
    status: int, headers: dict[str, str], seconds: float | None
) -> None:
    """As seconds or as a date by the server's own clock."""
    error = refused(status, {}, headers)
    assert isinstance(error, RetryableError)
    assert error.seconds == seconds


@pytest.mark.parametrize(
    "body", [b"<html>Sign in</html>", b"", b"null", b"[]", b'"x"', b"{", b"\xff\xfe", b"[" * 99999]
)
def test_a_page_that_is_no_document_is_malformed_and_says_what_to_check(body: bytes) -> None:
    """A proxy's sign-in page with status 200 is no data."""
    error = refused(200, body)
    assert isinstance(error, MalformedError)
    assert "subdomain" in error.hint


@pytest.mark.parametrize("value", [None, "tickets", 1, {}])
def test_a_missing_key_is_malformed_and_named(value: object) -> None:
    """What Zendesk promises has to be there, in its kind."""
    answer = read(200, JSON, json.dumps({"tickets": value}).encode(), "tickets")
    with pytest.raises(MalformedError, match="lacks tickets"):
        wanted(answer, "tickets", list, "tickets")


@pytest.mark.parametrize(
    "body",
    [
        {"error": SECRET},
        {"error": {"title": SECRET + "!", "message": SECRET}},
        {"errors": [{"code": 7, "title": SECRET + ".", "detail": SECRET}]},
        {"error": "RecordInvalid", "description": SECRET, "details": {SECRET: [SECRET]}},
        {"comment": {"body": SECRET}},
    ],
)
@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 409, 422, 429, 500])
def test_no_error_repeats_what_a_customer_wrote(status: int, body: dict[str, Any]) -> None:
    """Errors are printed and logged; a body may hold a customer's words."""
    content = json.dumps(body).encode() + (b"x" if status == 200 else b"")
    error = refused(status, content)
    assert SECRET not in f"{error} {error.detail} {error.hint} {error.problem()}"


@given(
    st.integers(100, 599),
    st.binary(),
    st.dictionaries(st.sampled_from(["date", "retry-after", "content-type"]), st.text()),
)
def test_anything_at_all_is_an_answer_or_an_error_of_ours(
    status: int, body: bytes, headers: dict[str, str]
) -> None:
    """No status, header or body brings another exception."""
    try:
        assert isinstance(read(status, headers, body, "tickets").json, dict)
    except RememberError:
        assert status != 200 or code(body) == ""
