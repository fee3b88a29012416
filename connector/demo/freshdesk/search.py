"""`GET /search/tickets`: a small language over a few fields, 300 results at most.

Archived, deleted and spam tickets are never found, and what is younger than two minutes is not
found yet. Neither the requester nor a number can be asked for.
https://developers.freshdesk.com/api/#filter_tickets
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from connector.demo.freshdesk import problems

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.demo.freshdesk.queries import Asked
    from connector.demo.freshdesk.rows import Row
    from connector.demo.freshdesk.tickets import Tickets

    Test = Callable[[Row], bool]

_PAGE = 30
_PAGES = 10
_LONGEST = 512
_DEEPEST = 50
_LATE = 120
_DATES = {"created_at", "updated_at", "due_by", "fr_due_by"}
_FIELDS = {
    "agent_id": "responder_id",
    "group_id": "group_id",
    "priority": "priority",
    "status": "status",
    "tag": "tags",
    "type": "type",
    **{name: name for name in _DATES},
}
_TOKEN = re.compile(
    r"\s*(?:(?P<mark>[()]|AND\b|OR\b)|(?P<field>\w+):(?P<sign>[<>]?)(?P<value>'[^']*'|[^\s()]+))"
)


@dataclass(frozen=True)
class Search:
    """Answers searches of what `tickets` holds."""

    tickets: Tickets

    def found(self, asked: Asked) -> tuple[Row, dict[str, str]]:
        """``GET /search/tickets``: thirty a page, ten pages, and how many there are in all.

        Raises:
            RefusedError: 400: the query cannot be read, or the page lies behind the tenth.
        """
        asked.only("query", "page")
        page = asked.number("page") or 1
        if page > _PAGES:
            raise problems.invalid("page", f"It should be less than or equal to {_PAGES}")
        fits = _Query(asked.params.get("query", "")).read()
        old_enough = asked.now - _LATE
        rows = [
            self.tickets.row(ticket, asked)
            for ticket in self.tickets.seen_by(asked)
            if ticket.created <= old_enough and not self.tickets.is_archived(ticket, asked)
        ]
        found = [row for row in reversed(rows) if fits(row)]
        return {"total": len(found), "results": found[(page - 1) * _PAGE : page * _PAGE]}, {}


class _Query:
    """Reads one query: ``"status:2 AND (agent_id:7 OR created_at:>'2026-07-01')"``."""

    def __init__(self, told: str) -> None:
        quoted = len(told) > 2 and told[0] == told[-1] == '"'
        if not quoted or len(told) - 2 > _LONGEST:
            limit = f"of at most {_LONGEST} characters"
            raise problems.invalid("query", f"It should be in double quotes, {limit}")
        if told.count("(") > _DEEPEST:
            raise _unreadable()
        self._left = told[1:-1].strip()

    def read(self) -> Test:
        """What the query asks of a row."""
        test = self._either()
        if self._left:
            raise _unreadable()
        return test

    def _either(self) -> Test:
        tests = [self._both()]
        while self._takes("OR"):
            tests.append(self._both())
        return lambda row: any(test(row) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._takes("AND"):
            tests.append(self._one())
        return lambda row: all(test(row) for test in tests)

    def _one(self) -> Test:
        if self._takes("("):
            test = self._either()
            if not self._takes(")"):
                raise _unreadable()
            return test
        token = _TOKEN.match(self._left)
        if token is None or not token["field"]:
            raise _unreadable()
        self._left = self._left[token.end() :].strip()
        return _condition(token["field"], token["sign"], token["value"].strip("'"))

    def _takes(self, mark: str) -> bool:
        token = _TOKEN.match(self._left)
        if token is None or token["mark"] != mark:
            return False
        self._left = self._left[token.end() :].strip()
        return True


def _condition(name: str, sign: str, value: str) -> Test:
    """One field against a value; ``:>`` and ``:<`` take the value itself in."""
    if name not in _FIELDS:
        raise problems.unknown_field(name)
    wanted: Any = None if value == "null" else _date(value) if name in _DATES else value
    field = _FIELDS[name]

    def fits(row: Row) -> bool:
        held = row[field]
        if held is None or wanted is None:
            return held is wanted
        if isinstance(held, list):
            return any(one == wanted for one in held)
        if name in _DATES:
            return _compares(sign, datetime.fromisoformat(held).astimezone(UTC).date(), wanted)
        if sign and wanted.isdigit():
            return _compares(sign, held, int(wanted))
        return bool(str(held) == wanted)

    return fits


def _compares(sign: str, held: Any, wanted: Any) -> bool:
    if sign == ">":
        return bool(held >= wanted)
    return bool(held <= wanted if sign == "<" else held == wanted)


def _date(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise problems.invalid("query", "A date should be YYYY-MM-DD") from error


def _unreadable() -> problems.RefusedError:
    return problems.invalid("query", "Given query is invalid")
