"""Tickets by list and by id, and what stands in them.

https://developers.freshdesk.com/api/#tickets
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connector.demo.freshdesk import problems
from connector.demo.freshdesk.rows import STATUSES
from connector.demo.freshdesk.talking import note
from connector.demo.times import seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from connector.demo.freshdesk.account import Account, LiveTicket, Place
    from connector.demo.freshdesk.plan import FreshdeskPlan
    from connector.demo.freshdesk.queries import Asked
    from connector.demo.freshdesk.rows import Row, Rows

    Listed = tuple[list[Row], dict[str, str]]

_MONTH = 30 * 86_400
_FILTERS = ("new_and_my_open", "watching", "spam", "deleted")
_FIRST_CONVERSATIONS = 10
_LISTED = [
    *("filter", "requester_id", "email", "unique_external_id", "company_id", "updated_since"),
    *("order_by", "order_type", "include", "page", "per_page"),
]
_ORDERS: dict[str, Callable[[LiveTicket], int]] = {
    "created_at": lambda ticket: ticket.created,
    "due_by": lambda ticket: ticket.created,
    "updated_at": lambda ticket: ticket.updated,
    "status": lambda ticket: STATUSES[ticket.status],
}


@dataclass(frozen=True)
class Tickets:
    """Answers what is asked of the tickets of `account`, which behaves as `plan` says."""

    account: Account
    rows: Rows
    plan: FreshdeskPlan

    def listed(self, asked: Asked) -> Listed:
        """``GET /tickets``: without a time to go back to, those created in the last 30 days."""
        asked.only(*_LISTED)
        includes = asked.includes("stats", "requester", "description", "company")
        tickets, headers = asked.page(self._wanted(asked), self.plan.wall)
        return [
            self._row(ticket, asked, includes, described="description" in includes)
            for ticket in tickets
        ], headers

    def _wanted(self, asked: Asked) -> list[LiveTicket]:
        view = asked.choice("filter", *_FILTERS)
        place: Place = "deleted" if view == "deleted" else "spam" if view == "spam" else "plain"
        since = asked.moment("updated_since")
        keys = self.account.order[place].since(0 if since is None else since)
        tickets = [self.account.tickets[key] for key in keys]
        if since is None:
            tickets = [one for one in tickets if one.created >= asked.now - _MONTH]
        if view == "watching":
            tickets = []
        if view == "new_and_my_open":
            mine = {None, asked.agent.id}
            tickets = [one for one in tickets if STATUSES[one.status] == 2 and one.agent in mine]
        if not self.plan.lists_archived:
            tickets = [one for one in tickets if not self.is_archived(one, asked)]
        return self._ordered(self._of(tickets, asked), asked)

    def _of(self, tickets: list[LiveTicket], asked: Asked) -> list[LiveTicket]:
        """Those of the requester or company that is asked for, and that the key may see."""
        contacts = self.account.contacts
        requester, company = asked.number("requester_id"), asked.number("company_id")
        if requester is not None:
            tickets = [one for one in tickets if one.requester == requester]
        if company is not None:
            tickets = [one for one in tickets if contacts[one.requester].company == company]
        if (email := asked.params.get("email")) is not None:
            tickets = [
                one
                for one in tickets
                if (contacts[one.requester].email or "").casefold() == email.casefold()
            ]
        if "unique_external_id" in asked.params:
            tickets = []
        return [one for one in tickets if _may_see(asked, one)]

    def seen_by(self, asked: Asked) -> list[LiveTicket]:
        """Every ticket that is neither deleted nor spam and that the key may see, oldest first."""
        tickets = (self.account.tickets[key] for key in self.account.order["plain"].since(0))
        seen = (ticket for ticket in tickets if _may_see(asked, ticket))
        return sorted(seen, key=lambda ticket: (ticket.created, ticket.id))

    def row(self, ticket: LiveTicket, asked: Asked) -> Row:
        """A ticket as a search shows it."""
        return self._row(ticket, asked, set(), described=True)

    @staticmethod
    def _ordered(tickets: list[LiveTicket], asked: Asked) -> list[LiveTicket]:
        by = asked.choice("order_by", *_ORDERS) or "created_at"
        upward = asked.choice("order_type", "asc", "desc") == "asc"
        if by != "updated_at":
            tickets = sorted(tickets, key=lambda one: (_ORDERS[by](one), one.id))
        return tickets if upward else tickets[::-1]

    def _row(self, ticket: LiveTicket, asked: Asked, includes: set[str], *, described: bool) -> Row:
        archived = self.is_archived(ticket, asked)
        row = self.rows.ticket(ticket, described=described, archived=archived)
        if "stats" in includes:
            row["stats"] = self.rows.stats(ticket)
        if "requester" in includes:
            row["requester"] = self.rows.requester(ticket)
        if "company" in includes:
            company = self.account.contacts[ticket.requester].company
            row["company"] = self.rows.company(self.account.companies[company]) if company else {}
        return row

    def one(self, asked: Asked) -> tuple[Row, dict[str, str]]:
        """``GET /tickets/{id}``: not of an archived one, nor of one that is gone."""
        asked.only("include")
        return self._whole(self._there(asked), asked)

    def archived(self, asked: Asked) -> tuple[Row, dict[str, str]]:
        """``GET /tickets/archived/{id}``: of no other."""
        asked.only("include")
        return self._whole(self._there(asked, archived=True), asked)

    def _whole(self, ticket: LiveTicket, asked: Asked) -> tuple[Row, dict[str, str]]:
        includes = asked.includes("conversations", "requester", "company", "stats")
        row = self._row(ticket, asked, includes, described=True)
        row["attachments"] = []
        if "conversations" in includes:
            first = self._conversations(ticket)[:_FIRST_CONVERSATIONS]
            row["conversations"] = [self.rows.conversation(ticket, one) for one in first]
        return row, {}

    def conversations(self, asked: Asked) -> Listed:
        """``GET /tickets/{id}/conversations``, oldest first."""
        return self._talk(self._there(asked), asked)

    def archived_conversations(self, asked: Asked) -> Listed:
        """``GET /tickets/archived/{id}/conversations``."""
        return self._talk(self._there(asked, archived=True), asked)

    def _talk(self, ticket: LiveTicket, asked: Asked) -> Listed:
        asked.only("page", "per_page")
        shown, headers = asked.page(self._conversations(ticket))
        return [self.rows.conversation(ticket, one) for one in shown], headers

    @staticmethod
    def _conversations(ticket: LiveTicket) -> list[Any]:
        return sorted(ticket.conversations, key=lambda one: (one.at, one.id))

    def ratings(self, asked: Asked) -> Listed:
        """``GET /tickets/{id}/satisfaction_ratings``, where the plan has them."""
        if not self.plan.ratings:
            raise problems.require_feature("Satisfaction Surveys")
        asked.only("page", "per_page")
        ticket = self._there(asked)
        shown, headers = asked.page(ticket.ratings)
        return [self.rows.rating(ticket, one) for one in shown], headers

    def all_ratings(self, asked: Asked) -> Listed:
        """``GET /surveys/satisfaction_ratings``, oldest first, where the plan has them."""
        if not self.plan.ratings:
            raise problems.require_feature("Satisfaction Surveys")
        asked.only("created_since", "user_id", "page", "per_page")
        since, user = asked.moment("created_since"), asked.number("user_id")
        found = sorted(
            (seconds(rating.at), ticket.id, number)
            for ticket in self.account.tickets.values()
            for number, rating in enumerate(ticket.ratings)
            if seconds(rating.at) >= (since or 0) and user in {None, ticket.requester}
        )
        shown, headers = asked.page(found)
        tickets = self.account.tickets
        return [
            self.rows.rating(tickets[key], tickets[key].ratings[number]) for _, key, number in shown
        ], headers

    def add_note(self, asked: Asked) -> tuple[Row, dict[str, str]]:
        """``POST /tickets/{id}/notes``: a note of the owner of the key, private unless told."""
        asked.only()
        ticket = self._there(asked)
        if ticket.deleted or ticket.spam:
            raise problems.not_allowed()
        body, private = _note(asked.body or {})
        text = html.unescape(re.sub(r"<[^>]*>", "", re.sub(r"(?i)<br */?>", "\n", body)))
        made = note(text, asked.now, asked.agent.id, private=private, html=body)
        self.account.append(ticket, made)
        self.account.touch(ticket, asked.now)
        return self.rows.conversation(ticket, made), {}

    def _there(self, asked: Asked, *, archived: bool = False) -> LiveTicket:
        ticket = self.account.tickets.get(asked.id)
        if ticket is None or self.is_archived(ticket, asked) != archived:
            raise problems.not_found()
        if (ticket.deleted or ticket.spam) and not self.plan.shows_trash:
            raise problems.not_found()
        if not _may_see(asked, ticket):
            raise problems.access_denied()
        return ticket

    def is_archived(self, ticket: LiveTicket, asked: Asked) -> bool:
        """Whether `ticket` is archived when it is asked for."""
        plain = ticket.place == "plain"
        return self.plan.archives and plain and ticket.archived(asked.now)


def _may_see(asked: Asked, ticket: LiveTicket) -> bool:
    return not asked.restricted or ticket.agent == asked.agent.id


def _note(told: Mapping[str, Any]) -> tuple[str, bool]:
    """The words of a note and whether only agents see it.

    Raises:
        RefusedError: 400: there is no body, or something that is not to be there.
    """
    for name in told:
        if name not in {"body", "private", "incoming", "notify_emails", "user_id"}:
            raise problems.unknown_field(name)
    body, private = told.get("body"), told.get("private", True)
    if body is None:
        raise problems.invalid("body", "It should be a/an String", "missing_field")
    if not isinstance(body, str):
        raise problems.invalid("body", "It should be a/an String", "datatype_mismatch")
    if not body.strip():
        raise problems.invalid("body", "It should not be blank as this is a mandatory field")
    if not isinstance(private, bool):
        raise problems.invalid("private", "It should be a/an Boolean", "datatype_mismatch")
    return body, private
