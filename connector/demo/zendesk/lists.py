"""Everything that is asked for by list or by id: tickets, comments, users, ratings."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connector.demo.times import iso
from connector.demo.zendesk import problems
from connector.demo.zendesk.paging import Listing, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.demo.zendesk.account import Account
    from connector.demo.zendesk.exports import Exports
    from connector.demo.zendesk.live import LiveTicket, LiveUser
    from connector.demo.zendesk.rows import Row, Rows

_RECEIVED = {"good": {"good"}, "bad": {"bad"}, "received": {"good", "bad"}}
_UNANSWERED = {"offered", "unoffered"}
_EVER = 10**15


@dataclass(frozen=True)
class Lists:
    """Answers what is asked of `account` by list or by id."""

    account: Account
    rows: Rows
    exports: Exports

    def me(self, user: LiveUser | None) -> Row:
        """``GET /users/me``: without credentials 200 and an anonymous user without an id."""
        if user:
            return {"user": self.rows.user(user.id)}
        anonymous: dict[str, Any] = dict.fromkeys(self.rows.user(next(iter(self.account.users))))
        return {"user": {**anonymous, "name": "Anonymous user", "role": "end-user", "tags": []}}

    def ticket(self, params: Mapping[str, str], key: int) -> Row:
        """``GET /tickets/{id}``; a deleted one is not found. Metrics stand in the row."""
        row = self.rows.ticket(self._there(key).id)
        includes = params.get("include", "").split(",")
        if "metric_sets" in includes:
            row["metric_set"] = self.rows.metric_set(key)
        if "users" not in includes:
            return {"ticket": row}
        people = (row[name] for name in ("requester_id", "submitter_id", "assignee_id"))
        return {"ticket": row, "users": self.exports.users_of(people)}

    def tickets(self, path: str, params: Mapping[str, str]) -> Row:
        """``GET /tickets``: those that are not deleted, by id."""
        keys, frame = Listing(self.rows.base, path, params).page(self.account.listed_tickets)
        return {"tickets": [self.rows.ticket(key) for key in keys], **frame}

    def comments(self, path: str, params: Mapping[str, str], key: int) -> Row:
        """``GET /tickets/{id}/comments``, oldest first unless the query says otherwise."""
        ticket = self._there(key)
        listing = Listing(self.rows.base, path, params)
        told = params.get("sort") if listing.by_cursor else params.get("sort_order")
        if told not in {None, "", "created_at", "-created_at", "asc", "desc"}:
            raise problems.invalid_paging("sort is not valid")
        ids = [comment.id for comment in ticket.comments]
        keys, frame = listing.page(ids, reverse=told in {"-created_at", "desc"})
        comments = [ticket.comments[bisect_left(ids, number)] for number in keys]
        page: Row = {"comments": [self.rows.comment(ticket, comment) for comment in comments]}
        if "users" in params.get("include", "").split(","):
            page["users"] = self.exports.users_of(comment.author for comment in comments)
        return {**page, **frame}

    def user(self, key: int) -> Row:
        """``GET /users/{id}``, deleted ones too."""
        user = self._person(key)
        if user.permanently_deleted and not self.account.habits.lists_erased_users:
            raise problems.not_found()
        return {"user": self.rows.user(user.id)}

    def identities(self, path: str, params: Mapping[str, str], key: int) -> Row:
        """``GET /users/{id}/identities``."""
        user = self._person(key)
        known = {identity.id: identity for identity in user.identities}
        keys, frame = Listing(self.rows.base, path, params).page(sorted(known))
        return {"identities": [self.rows.identity(user, known[number]) for number in keys], **frame}

    def organization(self, key: int) -> Row:
        """``GET /organizations/{id}``."""
        if key not in self.account.organizations:
            raise problems.not_found()
        return {"organization": self.rows.organization(self.account.organizations[key])}

    def deleted_users(self, path: str, params: Mapping[str, str]) -> Row:
        """``GET /deleted_users``: the permanently deleted among them."""
        keys, frame = Listing(self.rows.base, path, params).page(sorted(self.account.deletions))
        return {"deleted_users": [self.rows.user(key) for key in keys], **frame}

    def ratings(self, path: str, params: Mapping[str, str]) -> Row:
        """``GET /satisfaction_ratings``, oldest first; by score, and between two times."""
        rated = self.account.rated
        low = bisect_left(rated, (number(params, "start_time", 0), 0))
        high = bisect_left(rated, (number(params, "end_time", _EVER) + 1, 0))
        between = rated[low:high]
        if score := params.get("score"):
            between = [place for place in between if self._scored(place[1], score)]
        keys, frame = Listing(self.rows.base, path, params).page(between)
        return {"satisfaction_ratings": [self.rows.rating(key) for _, key in keys], **frame}

    def _scored(self, key: int, score: str) -> bool:
        plain, _, comment = score.partition("_with")
        if plain in _UNANSWERED:
            return False
        rating = self.account.tickets[key].rating
        if plain not in _RECEIVED or comment not in {"", "_comment", "out_comment"}:
            raise problems.invalid_record("score")
        if rating is None or rating.score not in _RECEIVED[plain]:
            return False
        return not comment or (comment == "_comment") == bool(rating.comment)

    def counts(self, now: int) -> dict[str, Row]:
        """What ``GET /tickets/count`` and ``GET /users/count`` answer."""
        users = sum(user.active for user in self.account.users.values())
        tickets = len(self.account.listed_tickets)
        at = iso(now)
        return {
            name: {"count": {"value": value, "refreshed_at": at}}
            for name, value in (("tickets", tickets), ("users", users))
        }

    def compliance(self, path: str, params: Mapping[str, str], key: int) -> Row:
        """``GET /users/{id}/compliance_deletion_statuses``: how far erasing a user has come.

        Every product of the account erases by itself; asked for ``all``, or for one of them.
        """
        self._person(key)
        steps = ("request_deletion", "started", "complete")
        moments = self.account.deletions.get(key, [])
        wanted = params.get("application")
        rows = [
            {
                "action": action,
                "application": application,
                "account_subdomain": self.account.story.account,
                "user_id": key,
                "executer_id": self.account.owner.id if self.account.owner else None,
                "created_at": iso(moments[-1]),
            }
            for application in ("all", "support")
            for action in steps
            if len(moments) > 1 and wanted in {None, application}
        ]
        keys, frame = Listing(self.rows.base, path, params).page(range(len(rows)))
        return {"compliance_deletion_statuses": [rows[place] for place in keys], **frame}

    def _there(self, key: int) -> LiveTicket:
        ticket = self.account.tickets.get(key)
        if ticket is None or ticket.deleted:
            raise problems.not_found()
        return ticket

    def _person(self, key: int) -> LiveUser:
        user = self.account.users.get(key)
        if user is None:
            raise problems.not_found()
        return user
