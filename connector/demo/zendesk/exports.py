"""The incremental exports: by cursor (tickets, users) and by time (organizations, ticket events).

What Zendesk does and readers trip over is kept: rows come in the order of ``generated_timestamp``;
the last page still names a place to go on from; filtered rows are taken out *after* a page is cut,
so a page can be empty before the end; a time page holds whole seconds, so it can be longer than
asked; tickets and events of the last minute are held back.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connector.demo.zendesk import problems
from connector.demo.zendesk.paging import address, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from connector.demo.timeline import Place, Timeline
    from connector.demo.zendesk.account import Account
    from connector.demo.zendesk.rows import Row, Rows

PATH = "/api/v2/incremental"

_LARGEST = 1000
_SAMPLE = 50
_HELD_BACK = 60
_SCOPES = {"all", "agent", "ai_agent"}


@dataclass(frozen=True)
class Exports:
    """Answers the exports of `account` with `rows`. Every method takes the query and the second."""

    account: Account
    rows: Rows

    def tickets(self, params: Mapping[str, str], now: int) -> Row:
        """``GET /incremental/tickets/cursor``."""
        includes = _includes(params)
        if "last_audits" in includes:
            raise problems.invalid_value("last_audits cannot be sideloaded here")
        wanted = self._wanted(params)
        skip_deleted = params.get("exclude_deleted") == "true"
        places, frame = self._cursor_page(
            "tickets", self.account.ticket_order, params, now, now - _HELD_BACK
        )
        shown = [
            key
            for _, key in places
            if wanted(key) and not (skip_deleted and self.account.tickets[key].deleted)
        ]
        page = {"tickets": [self.rows.ticket(key) for key in shown]}
        if "comment_count" in includes:
            for row in page["tickets"]:
                row["comment_count"] = len(self.account.tickets[row["id"]].comments)
        return {**page, **self._beside_tickets(page["tickets"], includes), **frame}

    def _beside_tickets(self, tickets: list[Row], includes: set[str]) -> Row:
        beside: Row = {}
        if "users" in includes:
            names = ("requester_id", "submitter_id", "assignee_id")
            people = (row[name] for row in tickets for name in names)
            beside["users"] = self.users_of(people)
        if "organizations" in includes:
            beside["organizations"] = self._organizations(tickets)
        if "metric_sets" in includes:
            beside["metric_sets"] = [self.rows.metric_set(row["id"]) for row in tickets]
        return beside

    def users(self, params: Mapping[str, str], now: int) -> Row:
        """``GET /incremental/users/cursor``. Nothing is held back here."""
        includes = _includes(params)
        places, frame = self._cursor_page("users", self.account.user_order, params, now, now)
        rows = [self.rows.user(key) for _, key in places]
        beside: Row = {}
        if "identities" in includes:
            people = [self.account.users[key] for _, key in places]
            beside["identities"] = [
                self.rows.identity(user, known) for user in people for known in user.identities
            ]
        if "organizations" in includes:
            beside["organizations"] = self._organizations(rows)
        return {"users": rows, **beside, **frame}

    def organizations(self, params: Mapping[str, str], now: int) -> Row:
        """``GET /incremental/organizations``."""
        order = self.account.organization_order
        places, frame = self._time_page("organizations", order, params, now, now)
        kept = self.account.organizations
        rows = [self.rows.organization(kept[key]) for _, key in places]
        return {"organizations": rows, "count": len(rows), **frame}

    def ticket_events(self, params: Mapping[str, str], now: int) -> Row:
        """``GET /incremental/ticket_events``; ``include=comment_events`` gives comments whole."""
        wanted = self._wanted(params)
        full = "comment_events" in _includes(params)
        places, frame = self._time_page(
            "ticket_events", self.account.event_order, params, now, now - _HELD_BACK
        )
        events = (self.account.events[key] for _, key in places)
        rows = [self.rows.event(event, full=full) for event in events if wanted(event.ticket)]
        return {"ticket_events": rows, "count": len(rows), **frame}

    def sample(self, name: str, params: Mapping[str, str], now: int) -> Row:
        """``GET /incremental/{resource}/sample``: the first rows of an export, for a trial."""
        answers = {
            "tickets": self.tickets,
            "users": self.users,
            "organizations": self.organizations,
            "ticket_events": self.ticket_events,
        }
        if name not in answers:
            raise problems.no_endpoint()
        page = answers[name]({**params, "per_page": str(_SAMPLE)}, now)
        rows = page[name][:_SAMPLE]
        return {name: rows, "count": len(rows), "end_of_stream": page["end_of_stream"]}

    def users_of(self, ids: Iterable[int | None]) -> list[Row]:
        """The rows of the users among `ids`, each once."""
        known = dict.fromkeys(ids)
        return [self.rows.user(key) for key in known if key in self.account.users]

    def _organizations(self, rows: list[Row]) -> list[Row]:
        kept = self.account.organizations
        known = dict.fromkeys(row["organization_id"] for row in rows)
        return [self.rows.organization(kept[key]) for key in known if key in kept]

    def _wanted(self, params: Mapping[str, str]) -> Callable[[int], bool]:
        """Which tickets ``support_type_scope`` lets through: by default only people's."""
        scope = params.get("support_type_scope", "agent")
        if scope not in _SCOPES:
            raise problems.invalid_value("support_type_scope is not valid")
        tickets = self.account.tickets
        return lambda key: scope == "all" or tickets[key].ai == (scope == "ai_agent")

    def _cursor_page(
        self, name: str, order: Timeline, params: Mapping[str, str], now: int, until: int
    ) -> tuple[list[Place], dict[str, Any]]:
        cursor = params.get("cursor")
        place = _decode(cursor) if cursor else (_start(params, now), 0)
        places, last = order.after(place, _per_page(params), until)
        path = f"{PATH}/{name}/cursor"
        kept = {key: value for key, value in params.items() if key not in {"cursor", "start_time"}}
        after = _encode(places[-1] if places else place)
        return places, {
            "after_url": address(self.rows.base, path, kept, cursor=after),
            "after_cursor": after,
            "before_url": address(self.rows.base, path, kept, cursor=cursor) if cursor else None,
            "before_cursor": cursor or None,
            "end_of_stream": last,
        }

    def _time_page(
        self, name: str, order: Timeline, params: Mapping[str, str], now: int, until: int
    ) -> tuple[list[Place], dict[str, Any]]:
        start = _start(params, now)
        if parted := self.account.habits.parts_seconds:
            places, last = order.after((start, 0), _per_page(params), until)
        else:
            places, last = order.whole_seconds(start, _per_page(params), until)
        # At the end of the stream the next page is this one again.
        following = start if last else places[-1][0] + (not parted)
        return places, {
            "end_time": places[-1][0] if places else start,
            "next_page": address(self.rows.base, f"{PATH}/{name}", params, start_time=following),
            "end_of_stream": last,
        }


def _start(params: Mapping[str, str], now: int) -> int:
    if "start_time" not in params:
        raise problems.invalid_value("start_time is missing")
    start = number(params, "start_time", 0)
    if start > now - _HELD_BACK:
        told = "Too recent start_time. Use a start_time older than 60 seconds"
        raise problems.invalid_value(told, status=422)
    return start


def _per_page(params: Mapping[str, str]) -> int:
    return min(number(params, "per_page", _LARGEST), _LARGEST) or _LARGEST


def _includes(params: Mapping[str, str]) -> set[str]:
    return set(params.get("include", "").split(",")) - {""}


def _encode(place: Place) -> str:
    """The cursor as it is in recorded answers: ``1707271741.0||4045|`` in base64."""
    return base64.b64encode(f"{place[0]}.0||{place[1]}|".encode()).decode()


def _decode(cursor: str) -> Place:
    try:
        told = base64.b64decode(cursor, validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise problems.invalid_value("cursor is not valid") from error
    found = re.fullmatch(r"(\d{1,12})\.0\|\|(\d{1,16})\|", told)
    if not found:
        raise problems.invalid_value("cursor is not valid")
    return int(found[1]), int(found[2])
