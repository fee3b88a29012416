"""Zendesk's ways of saying no. There is more than one envelope, and none names itself.

Sources: recorded answers of real accounts and Zendesk's OpenAPI description.
"""

from __future__ import annotations

from typing import Any

COULD_NOT_AUTHENTICATE = "Couldn't authenticate you"


class RefusedError(Exception):
    """A request is refused with `status` and the JSON `body`."""

    def __init__(
        self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = headers or {}


def unauthenticated() -> RefusedError:
    """401, the bare envelope."""
    return RefusedError(401, {"error": COULD_NOT_AUTHENTICATE})


def stale_token() -> RefusedError:
    """401 of a bearer token that was good once."""
    told = "The access token provided is expired, revoked, malformed or invalid for other reasons."
    return RefusedError(401, {"error": "invalid_token", "error_description": told})


def refused_client() -> RefusedError:
    """401 of the token endpoint."""
    told = "Client authentication failed due to unknown client, or no client authentication."
    return RefusedError(401, {"error": "invalid_client", "error_description": told})


def bad_grant(error: str, told: str) -> RefusedError:
    """400 of the token endpoint."""
    return RefusedError(400, {"error": error, "error_description": told})


def forbidden() -> RefusedError:
    """403, the envelope with a title and a message."""
    message = "You do not have access to this page. Please contact the account owner for help."
    return RefusedError(403, {"error": {"title": "Forbidden", "message": message}})


def not_found() -> RefusedError:
    """404 of a record that is not there."""
    return RefusedError(404, {"error": "RecordNotFound", "description": "Not found"})


def no_endpoint() -> RefusedError:
    """404 of a path that is not there, or not on this plan."""
    return RefusedError(404, {"error": "InvalidEndpoint", "description": "Not found"})


def invalid_value(told: str, status: int = 400) -> RefusedError:
    """A parameter that cannot be used."""
    return RefusedError(status, {"error": "InvalidValue", "description": told})


def invalid_paging(told: str) -> RefusedError:
    """400 of a page parameter, the envelope with a list."""
    code = "InvalidPaginationParameter"
    return RefusedError(400, {"errors": [{"code": code, "title": code, "detail": told}]})


def too_deep() -> RefusedError:
    """400 of an offset page beyond 10,000 rows."""
    told = "Offset pagination is limited to 10,000 records; use cursor pagination."
    return RefusedError(400, {"error": "InvalidPaginationDepth", "description": told})


def invalid_record(field: str, told: str = "is invalid") -> RefusedError:
    """422 whose details are keyed by the name of the field."""
    detail = [{"description": f"{field.capitalize()}: {told}", "error": "InvalidValue"}]
    description = "Record validation errors"
    body = {"error": "RecordInvalid", "description": description, "details": {field: detail}}
    return RefusedError(422, body)


def collision() -> RefusedError:
    """409 of a safe update: the ticket has changed since it was read."""
    told = "Safe Update prevented the update due to outdated ticket data."
    return RefusedError(409, {"error": "UpdateConflict", "description": told})


def limited(seconds: int) -> RefusedError:
    """429 of an account's or an endpoint's limit."""
    told = "Number of allowed API requests per minute exceeded"
    body = {"error": "APIRateLimitExceeded", "description": told}
    return RefusedError(429, body, {"Retry-After": str(seconds)})
