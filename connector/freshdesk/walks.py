"""Freshdesk's two ways of handing out many rows: tickets by their last change, the rest by page.

https://developers.freshdesk.com/api/#list_all_tickets
https://developers.freshdesk.com/api/#pagination
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from connector.errors import MalformedError
from connector.fields import FieldError, Row
from connector.freshdesk.client import InvalidError, rows
from connector.freshdesk.session import TICKETS
from connector.sync.helpdesk import Batch, Checkpoint, unusable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

    from connector.freshdesk.session import Session
    from memory.entities import Page

PER_PAGE = 100
WALL = 300
"""The last page of the ticket list that Freshdesk shows, however it is asked."""

Rows = list[Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the walk through a list stands: what was changed since a second (Unix), which page."""

    since: int
    page: int = 1

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> Place:
        """The place a checkpoint tells of.

        Raises:
            RecordError: It tells of none.
        """
        since, _, page = (checkpoint.cursor or str(checkpoint.start)).partition(" ")
        try:
            return cls(int(since), int(page or 1))
        except ValueError:
            raise unusable() from None

    def text(self) -> str:
        """The place as a cursor."""
        return f"{self.since} {self.page}"


async def by_change(
    session: Session,
    stream: str,
    params: Mapping[str, str],
    checkpoint: Checkpoint,
    read: Callable[[Rows], Awaitable[Page]],
) -> AsyncIterator[Batch]:
    """Walk the ticket list in the order of changes, oldest first.

    Every page begins at the second where the one before ended, which is asked for again with its
    first page: so the walk never comes to the wall behind page 300, and a ticket that changes
    meanwhile moves none that are still to come. Only what has changed within one second is read
    page by page. Where that is more than Freshdesk shows, the walk goes on a second later and says
    so.

    Args:
        session: What asks.
        stream: Our name of what is read.
        params: What to ask for besides the place.
        checkpoint: Where to begin.
        read: Makes a page of an answer's rows.

    Raises:
        MalformedError: An answer is no list, or a long one is not in the order that was asked for.
    """
    place = Place.of(checkpoint)
    last = max(checkpoint.start, place.since)
    passed: set[tuple[str, int]] = set()
    in_order = True
    while True:
        found, more = await _changed_since(session, stream, params, place)
        if found is None and not in_order:
            raise MalformedError(
                f"Freshdesk's list of {stream} is not in the order that was asked for.",
                "Run the command again later; it goes on where it stopped.",
            )
        if found is None:
            place = Place(place.since + 1)
            after = Checkpoint(checkpoint.start, place.text())
            yield Batch(await read([]), after, warning=_too_many(place))
            continue
        seconds = [second for _, second in _stamps(found)]
        latest = max([place.since, *seconds])
        last = max(last, latest)
        fresh = [row for row in found if not _stamps([row]) or _stamps([row])[0] not in passed]
        passed = {one for one in {*passed, *_stamps(found)} if one[1] == latest}
        # Where rows do not come in their order, nothing follows from the last one.
        in_order = seconds == sorted(seconds)
        goes_on = in_order and latest > place.since
        place = Place(latest) if goes_on else Place(place.since, place.page + 1)
        cursor = place.text() if more else None
        yield Batch(
            await read(fresh), Checkpoint(checkpoint.start if more else last, cursor, done=not more)
        )
        if not more:
            return


async def by_page(
    session: Session,
    stream: str,
    path: str,
    params: Mapping[str, str] | None = None,
    *,
    page: int = 1,
    size: int = PER_PAGE,
) -> AsyncIterator[tuple[Rows, int | None]]:
    """Walk a list page by page; yields each answer's rows with the next page, None at the end.

    Raises:
        MalformedError: An answer is no list, or leads back to where we were.
    """
    while True:
        asked = {**(params or {}), "per_page": str(size), "page": str(page)}
        answer = await session.get(stream, path, asked)
        following = answer.next_page
        if following is not None and following <= page:
            raise MalformedError(
                f"Freshdesk names a page of {stream} that was passed as its next one.",
                "Run the command again; it goes on from the last page that was stored.",
            )
        yield rows(answer, stream), following
        if following is None:
            return
        page = following


class Since:
    """The parameter for a list's changes since a time, whichever name an account takes.

    Sources disagree on the name, and an unknown parameter is refused.
    https://github.com/DaveTCode/FreshdeskApiDotnet/pull/12
    """

    def __init__(self, *names: str) -> None:
        """Try the names in this order; where none is taken, the list is read whole."""
        self._names = list(names)

    def params(self, second: int) -> dict[str, str]:
        """The parameter for a second (Unix); none for everything."""
        return {self._names[0]: moment(second)} if self._names and second > 0 else {}

    def is_refused(self, error: InvalidError) -> bool:
        """Whether an account does not take the name; then another is to be tried."""
        if not self._names or not (error.field == self._names[0] or error.code == "invalid_field"):
            return False
        del self._names[0]
        return True


def moment(second: int) -> str:
    """A second (Unix) as Freshdesk writes times."""
    return datetime.fromtimestamp(max(second, 0), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


async def _changed_since(
    session: Session, stream: str, params: Mapping[str, str], place: Place
) -> tuple[Rows | None, bool]:
    """The rows of a place and whether more follow; no rows where the wall is reached."""
    if place.page > WALL:
        return None, True
    asked = {
        **params,
        "updated_since": moment(place.since),
        "order_by": "updated_at",
        "order_type": "asc",
        "per_page": str(PER_PAGE),
        "page": str(place.page),
    }
    try:
        answer = await session.get(stream, TICKETS, asked)
    except InvalidError as error:
        if error.field == "page" and place.page > 1:
            return None, True
        raise
    found = rows(answer, stream)
    return found, bool(found) and (answer.next_page is not None or len(found) >= PER_PAGE)


def _stamps(found: Sequence[object]) -> list[tuple[str, int]]:
    """The id and second of each row's last change; a row without is left out."""
    stamps = []
    for row in found:
        try:
            one = Row(row)
            stamps.append((one.id("id"), int(one.time("updated_at").timestamp())))
        except FieldError:
            continue
    return stamps


def _too_many(place: Place) -> str:
    return (
        f"More tickets than Freshdesk shows have changed within the second "
        f"{moment(place.since - 1)}; some of them were not read. Change those again in smaller "
        "parts, such as by adding a tag, and run `remember sync`."
    )
