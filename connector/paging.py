"""Walking through pages without ever going round in circles."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from connector.errors import MalformedError


class Trail:
    """The marks a stream has passed; one that comes again would mean reading for ever."""

    def __init__(self, stream: str, start: str | None = None) -> None:
        self._stream = stream
        self._passed = set() if start is None else {start}

    def step(self, mark: str) -> str:
        """Go on to a mark.

        Raises:
            MalformedError: The mark was passed before.
        """
        if mark in self._passed:
            raise MalformedError(
                f"The helpdesk names the same next page of {self._stream} twice.",
                "Run the command again; it goes on from the last page that was stored.",
            )
        self._passed.add(mark)
        return mark


def query_value(url: object, key: str) -> str | None:
    """The value of a query parameter of a link in an answer.

    Links themselves are never followed: an account may be called by another host than its
    answers name, and credentials go to the configured host only.
    """
    if not isinstance(url, str):
        return None
    try:
        values = parse_qs(urlsplit(url).query).get(key)
    except ValueError:
        return None
    return values[0] if values else None
