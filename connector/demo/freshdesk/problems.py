"""Freshdesk's ways of saying no: two envelopes, and sometimes nothing at all.

https://developers.freshdesk.com/api/#errors
"""

from __future__ import annotations

from typing import Any


class RefusedError(Exception):
    """A request is refused with `status` and the JSON `body`; None: with an empty one."""

    def __init__(
        self,
        status: int,
        body: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = headers or {}


def invalid(field: str, message: str, code: str = "invalid_value") -> RefusedError:
    """400 of a field or a query parameter that cannot be used."""
    error = {"field": field, "message": message, "code": code}
    return RefusedError(400, {"description": "Validation failed", "errors": [error]})


def unknown_field(field: str) -> RefusedError:
    """400 of a field or a query parameter that does not exist."""
    return invalid(field, "Unexpected/invalid field in request", "invalid_field")


def beyond_the_wall(wall: int) -> RefusedError:
    """400 of a page of the ticket list that lies too deep."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(wall, "th")
    told = f"You cannot access tickets beyond the {wall}{ending} page."
    return invalid("page", f"{told} Please provide a smaller page number.")


def no_json() -> RefusedError:
    """400 of a body that is not a JSON object."""
    told = "Request body has invalid json format"
    return RefusedError(400, {"code": "invalid_json", "message": told})


def wrong_type() -> RefusedError:
    """415 of a body that is not said to be JSON."""
    return RefusedError(415)


def unauthenticated() -> RefusedError:
    """401 of a key that is missing or wrong."""
    told = "You have to be logged in to perform this action."
    return RefusedError(401, {"code": "invalid_credentials", "message": told})


def access_denied() -> RefusedError:
    """403 of a key whose owner may not."""
    told = "You are not authorized to perform this action."
    return RefusedError(403, {"code": "access_denied", "message": told})


def require_feature(feature: str) -> RefusedError:
    """403 of a feature that the plan does not hold."""
    told = f"The {feature} feature(s) is/are not supported in your plan."
    return RefusedError(403, {"code": "require_feature", "message": f"{told} Please upgrade."})


def not_found() -> RefusedError:
    """404, empty."""
    return RefusedError(404)


def not_allowed() -> RefusedError:
    """405, empty: another method, or a ticket in trash or spam that is to be changed."""
    return RefusedError(405)


def limited(seconds: int) -> RefusedError:
    """429, empty."""
    return RefusedError(429, None, {"Retry-After": str(seconds)})
