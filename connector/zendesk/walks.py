"""Zendesk's three ways of handing out many rows: by cursor, by time, and as a list.

https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from connector.errors import MalformedError
from connector.paging import Trail, query_value
from connector.sync.helpdesk import Batch, Checkpoint
from connector.zendesk import pages
from connector.zendesk.client import wanted

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from connector.zendesk.session import Session
    from memory.entities import Page

PER_EXPORT_PAGE = "1000"
PER_PAGE = "100"

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Export:
    """An incremental export.

    Attributes:
        stream: Our name of it.
        key: Zendesk's name of its rows.
        read: Reads an answer.
        params: What to ask for besides the place.
    """

    stream: str
    key: str
    read: Callable[[Document], Page]
    params: Mapping[str, str]


async def by_cursor(
    session: Session, export: Export, checkpoint: Checkpoint, latest: Callable[[], int]
) -> AsyncIterator[Batch]:
    """Walk an export that hands out cursors; only `end_of_stream` tells its end.

    Args:
        session: What asks.
        export: What to ask for.
        checkpoint: Where to begin.
        latest: Tells the latest second to begin from.

    Raises:
        MalformedError: An answer lacks a key, or leads back to where we were.
    """
    stream, place = export.stream, checkpoint
    trail = Trail(stream, checkpoint.cursor)
    while True:
        start = {"start_time": str(max(min(place.start, latest()), 0))}
        where = {"cursor": place.cursor} if place.cursor else start
        asked = {**where, **export.params, "per_page": PER_EXPORT_PAGE}
        answer = await session.get(stream, f"/api/v2/incremental/{export.key}/cursor", asked)
        wanted(answer, export.key, list, stream)
        end = wanted(answer, "end_of_stream", bool, stream)
        after_url = answer.json.get("after_url")
        cursor = answer.json.get("after_cursor") or query_value(after_url, "cursor")
        if not end:
            trail.step(_text(cursor, stream))
        place = Checkpoint(place.start, _text(cursor, stream) if cursor else place.cursor, done=end)
        yield Batch(export.read(answer.json), place)
        if end:
            return


async def by_time(
    session: Session, export: Export, checkpoint: Checkpoint, latest: Callable[[], int]
) -> AsyncIterator[Batch]:
    """Walk an export by time.

    More rows in one second than a page holds would repeat that page for ever. What it brought is
    taken, the tickets it speaks of are to be read again, and so are the others of that time; the
    walk goes on a second later.

    Args:
        session: What asks.
        export: What to ask for.
        checkpoint: Where to begin.
        latest: Tells the latest second to begin from.

    Raises:
        MalformedError: An answer lacks a key, or does not say where to go on.
    """
    stream, place = export.stream, checkpoint
    while True:
        start = max(min(place.start, latest()), 0)
        asked = {"start_time": str(start), **export.params, "per_page": PER_EXPORT_PAGE}
        answer = await session.get(stream, f"/api/v2/incremental/{export.key}", asked)
        found = wanted(answer, export.key, list, stream)
        end = wanted(answer, "end_of_stream", bool, stream)
        after = next_start(answer.json, start)
        if after < start and not end:
            raise _nowhere(stream)
        after = max(after, start)
        page = export.read(answer.json)
        untold = None
        if not end and after == start:
            if not found:
                raise _nowhere(stream)
            after = start + 1
            again = dict.fromkeys((*page.stale_tickets, *pages.ticket_ids(answer.json)))
            page = replace(page, stale_tickets=tuple(again))
            untold = start if again else None
        # What lies beyond the latest second cannot be asked for yet, whatever the answer says.
        end = end or after > latest()
        place = replace(place, start=after, done=end)
        yield Batch(page, place, told_until=after, untold_second=untold)
        if end:
            return


async def listed(
    session: Session,
    stream: str,
    path: str,
    params: Mapping[str, str] | None = None,
    *,
    key: str | None = None,
    after: str | None = None,
) -> AsyncIterator[tuple[Document, str | None]]:
    """Walk a list from a cursor on; yields each answer with the next cursor, None at the end.

    Args:
        session: What asks.
        stream: What the requests are counted under.
        path: Where the list is.
        params: What else is asked.
        key: Under which key its rows stand; the stream's name unless given.
        after: The cursor.

    Raises:
        MalformedError: An answer lacks its rows, or leads back to where we were.
    """
    trail, cursor = Trail(stream, after), after
    asked = {**(params or {}), "page[size]": PER_PAGE}
    while True:
        place = {"page[after]": cursor} if cursor else {}
        answer = await session.get(stream, path, {**asked, **place})
        wanted(answer, key or stream, list, stream)
        cursor = _next_cursor(answer.json, stream)
        if cursor is not None:
            trail.step(cursor)
        yield answer.json, cursor
        if cursor is None:
            return


def _next_cursor(document: Document, stream: str) -> str | None:
    """Where a list goes on; None at its end, which only `has_more` tells."""
    meta = document.get("meta")
    if not isinstance(meta, dict) or not isinstance(meta.get("has_more"), bool):
        if document.get("next_page") is None:
            return None
        raise _nowhere(stream)
    if not meta["has_more"]:
        return None
    links = document.get("links")
    following = links.get("next") if isinstance(links, dict) else None
    return _text(meta.get("after_cursor") or query_value(following, "page[after]"), stream)


def next_start(document: Document, start: int) -> int:
    """The second an export by time goes on from; the present one where it names none."""
    named = document.get("end_time")
    if isinstance(named, int) and not isinstance(named, bool):
        return named
    text = query_value(document.get("next_page"), "start_time")
    return int(text) if text and text.isascii() and text.isdigit() else start


def _text(cursor: object, stream: str) -> str:
    if not isinstance(cursor, str) or not cursor:
        raise _nowhere(stream)
    return cursor


def _nowhere(stream: str) -> MalformedError:
    return MalformedError(
        f"Zendesk's answer for {stream} does not say where its next page is.",
        "Run the command again later; it goes on where it stopped.",
    )
