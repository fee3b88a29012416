"""Turns Zendesk's answers into pages of entities. Pure: a document in, a page out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from connector.errors import MalformedError
from connector.fields import Row, read_all
from connector.zendesk import rows, voice
from memory.entities import Message, Page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from memory.entities import Unreadable

Document = dict[str, Any]


def users(document: Document) -> Page:
    """A page of the user export, with organizations and identities where they came along."""
    people, bad = read_all("users", _rows(document, "users"), rows.person)
    organizations, bad_organizations = read_all(
        "organizations", _rows(document, "organizations"), rows.organization
    )
    identities, bad_identities = read_all(
        "identities", _rows(document, "identities"), rows.identity
    )
    # With an identity unread nobody is sure to be complete: the identities have to be asked for.
    complete = isinstance(document.get("identities"), list) and not bad_identities
    return Page(
        people=tuple(people),
        organizations=tuple(organizations),
        identities=tuple(identities),
        unreadable=(*bad, *bad_organizations, *bad_identities),
        identified=tuple(person.id for person in people) if complete else (),
        rows=len(_rows(document, "users")),
    )


def organizations(document: Document) -> Page:
    """A page of the organization export."""
    found, bad = read_all("organizations", _rows(document, "organizations"), rows.organization)
    return Page(
        organizations=tuple(found),
        unreadable=tuple(bad),
        rows=len(_rows(document, "organizations")),
    )


def tickets(document: Document) -> Page:
    """A page of the ticket export, with its people where they came along."""
    solved = _solved(_rows(document, "metric_sets"))
    found, bad = read_all(
        "tickets", _rows(document, "tickets"), partial(rows.ticket, solved=solved)
    )
    people, bad_people = read_all("users", _rows(document, "users"), rows.person)
    return Page(
        people=tuple(people),
        tickets=tuple(found),
        unreadable=(*bad, *bad_people),
        rows=len(_rows(document, "tickets")),
    )


def events(document: Document) -> Page:
    """A page of ticket events: comments as messages, and tickets to be read again.

    A call comes without its data here, and what changes an older comment (a redaction, its
    privacy) comes without the comment: such tickets are stale.
    """
    found: list[Message] = []
    stale: dict[str, None] = {}
    bad: list[Unreadable] = []
    for event in _rows(document, "ticket_events"):
        messages, is_stale, unreadable = _event(event)
        found += messages
        bad += unreadable
        stale.update(dict.fromkeys(is_stale))
    return Page(
        messages=tuple(found),
        stale_tickets=tuple(stale),
        unreadable=tuple(bad),
        rows=len(_rows(document, "ticket_events")),
    )


def ratings(document: Document) -> Page:
    """A page of satisfaction ratings; those only offered are left out."""
    found, bad = read_all(
        "satisfaction_ratings", _rows(document, "satisfaction_ratings"), rows.rating
    )
    return Page(
        ratings=tuple(found),
        unreadable=tuple(bad),
        rows=len(_rows(document, "satisfaction_ratings")),
    )


def calls(document: Document) -> Page:
    """A page of Talk's calls; one that still goes on is left out."""
    found, bad = read_all("calls", _rows(document, "calls"), voice.call_record)
    return Page(calls=tuple(found), unreadable=tuple(bad), rows=len(_rows(document, "calls")))


def legs(document: Document) -> Page:
    """A page of the legs of Talk's calls: the agents' ones."""
    found, bad = read_all("legs", _rows(document, "legs"), voice.leg)
    return Page(legs=tuple(found), unreadable=tuple(bad), rows=len(_rows(document, "legs")))


def comments(document: Document, ticket_id: str, *, last: bool) -> Page:
    """A page of a ticket's comments."""
    found, bad = read_all(
        "comments", _rows(document, "comments"), partial(rows.comment, ticket_id=ticket_id)
    )
    return Page(
        messages=tuple(found),
        unreadable=tuple(bad),
        whole_tickets=(ticket_id,) if last else (),
        rows=len(_rows(document, "comments")),
    )


def identities(document: Document, person_id: str, *, last: bool) -> Page:
    """A page of a person's identities."""
    found, bad = read_all("identities", _rows(document, "identities"), rows.identity)
    return Page(
        identities=tuple(found),
        unreadable=tuple(bad),
        identified=(person_id,) if last and not bad else (),
        rows=len(_rows(document, "identities")),
    )


def note_id(document: Document) -> str:
    """The comment that an update of a ticket has made: among the events of its audit.

    Raises:
        MalformedError: The answer names none.
    """
    audit = document.get("audit")
    events = _rows(audit, "events") if isinstance(audit, dict) else ()
    made = [event for event in events if "Comment" in _kinds(event)]
    named, _ = read_all("notes", made, lambda row: row.id("id"))
    if not named:
        raise MalformedError(
            "Zendesk's answer to a note does not name the comment it has become.",
            "The next sync finds it in its ticket.",
        )
    return named[0]


def ticket_ids(document: Document) -> tuple[str, ...]:
    """The tickets a page of events speaks of."""
    named, _ = read_all(
        "ticket_events", _rows(document, "ticket_events"), lambda row: row.id("ticket_id")
    )
    return tuple(dict.fromkeys(named))


def _rows(document: Mapping[str, Any], key: str) -> Sequence[object]:
    found = document.get(key)
    return found if isinstance(found, list) else ()


def _solved(metric_sets: Sequence[object]) -> dict[str, datetime]:
    def read(row: Row) -> tuple[str, datetime] | None:
        name, at = row.maybe_id("ticket_id"), row.maybe_time("solved_at")
        return (name, at) if name and at else None

    # A metric set that cannot be read costs its ticket the solving time, nothing else.
    found, _ = read_all("metric_sets", metric_sets, read)
    return dict(found)


def _event(event: object) -> tuple[list[Message], list[str], list[Unreadable]]:
    """The messages of one event, its ticket if that is stale, and what could not be read."""
    heads, bad = read_all("ticket_events", [event], _head)
    if not heads:
        return [], [], bad
    ticket_id, at, children = heads[0]
    messages, bad = read_all(
        "ticket_events",
        [child for child in children if _is_comment(child)],
        partial(rows.event_comment, ticket_id=ticket_id, at=at),
    )
    is_stale = bool(bad) or any(_is_untold(child) for child in children)
    return messages, [ticket_id] if is_stale else [], bad


def _head(row: Row) -> tuple[str, datetime, Sequence[object]]:
    """An event's ticket, time and children."""
    at = row.maybe_time("created_at") or row.time("timestamp")
    children = row.raw("child_events")
    return row.id("ticket_id"), at, children if isinstance(children, list) else ()


def _kinds(child: object) -> set[str]:
    if not isinstance(child, dict):
        return set()
    named = (child.get("event_type"), child.get("type"))
    return {name for name in named if isinstance(name, str)}


def _is_comment(child: object) -> bool:
    kinds = _kinds(child)
    has_words = isinstance(child, dict) and any(
        isinstance(child.get(key), str) for key in ("plain_body", "html_body", "body")
    )
    return "Comment" in kinds and not kinds & voice.KINDS and has_words


def _is_untold(child: object) -> bool:
    """Whether something about a comment happened that the child event does not hold."""
    if not isinstance(child, dict) or _is_comment(child):
        return False
    return child.get("comment_present") is True or any("Comment" in kind for kind in _kinds(child))
