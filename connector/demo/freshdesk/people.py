"""Contacts, agents, companies and the names of codes.

https://developers.freshdesk.com/api/#contacts
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connector.demo.freshdesk import problems

if TYPE_CHECKING:
    from connector.demo.freshdesk.account import Account, LiveContact
    from connector.demo.freshdesk.plan import FreshdeskPlan
    from connector.demo.freshdesk.queries import Asked
    from connector.demo.freshdesk.rows import Row, Rows

_STATES = ("blocked", "deleted", "unverified", "verified")
_STATUS_LABELS = {
    "2": ["Open", "Being Processed"],
    "3": ["Pending", "Awaiting your Reply"],
    "4": ["Resolved", "This ticket has been Resolved"],
    "5": ["Closed", "This ticket has been Closed"],
    "6": ["Waiting on Customer", "Awaiting your Reply"],
    "7": ["Waiting on Third Party", "Being Processed"],
}
_SOURCE_LABELS = {"Email": 1, "Portal": 2, "Phone": 3, "Chat": 7, "Feedback Widget": 9}
_PRIORITY_LABELS = {"Low": 1, "Medium": 2, "High": 3, "Urgent": 4}


@dataclass(frozen=True)
class People:
    """Answers what is asked of the people in `account`, which behaves as `plan` says."""

    account: Account
    rows: Rows
    plan: FreshdeskPlan

    def contacts(self, asked: Asked) -> tuple[list[Row], dict[str, str]]:
        """``GET /contacts``, by name: neither blocked nor deleted ones, unless a state is asked."""
        since_name = self.plan.contacts_since
        filters = ("email", "mobile", "phone", "company_id", "unique_external_id")
        asked.only(*filters, "state", since_name, "page", "per_page")
        state = asked.choice("state", *_STATES)
        since = asked.moment(since_name) or 0
        company = asked.number("company_id")
        found = [
            one
            for one in self.account.contacts.values()
            if one.updated >= since
            and _is_in(one, state)
            and company in {None, one.company}
            and _has(one, asked)
        ]
        found.sort(key=lambda one: (one.name.casefold(), one.id))
        shown, headers = asked.page(found)
        return [self.rows.contact(one, whole=False) for one in shown], headers

    def contact(self, asked: Asked) -> tuple[Row, dict[str, str]]:
        """``GET /contacts/{id}``: a deleted one too, until it is gone for good or merged."""
        asked.only()
        contact = self.account.contacts.get(asked.id)
        if contact is None:
            raise problems.not_found()
        return self.rows.contact(contact, whole=True), {}

    def agents(self, asked: Asked) -> tuple[list[Row], dict[str, str]]:
        """``GET /agents``, for an admin's key."""
        self._only_admins(asked)
        asked.only("email", "page", "per_page")
        email = asked.params.get("email")
        found = [one for one in self.account.agents.values() if email in {None, one.email}]
        shown, headers = asked.page(found)
        return [self.rows.agent(one) for one in shown], headers

    def agent(self, asked: Asked) -> tuple[Row, dict[str, str]]:
        """``GET /agents/{id}``, for an admin's key."""
        self._only_admins(asked)
        asked.only()
        if asked.id not in self.account.agents:
            raise problems.not_found()
        return self.rows.agent(self.account.agents[asked.id]), {}

    def me(self, asked: Asked) -> tuple[Row, dict[str, str]]:
        """``GET /agents/me``: the owner of the key."""
        asked.only()
        return self.rows.agent(asked.agent, restricted=asked.restricted), {}

    def companies(self, asked: Asked) -> tuple[list[Row], dict[str, str]]:
        """``GET /companies``; both names of the changed-since time are taken."""
        asked.only("updated_since", "_updated_since", "page", "per_page")
        since = asked.moment("_updated_since") or asked.moment("updated_since")
        rows = [self.rows.company(one) for one in self.account.companies.values()]
        changed = self.account.companies_changed
        shown, headers = asked.page(rows if since is None or changed >= since else [])
        return list(shown), headers

    def company(self, asked: Asked) -> tuple[Row, dict[str, str]]:
        """``GET /companies/{id}``."""
        asked.only()
        if asked.id not in self.account.companies:
            raise problems.not_found()
        return self.rows.company(self.account.companies[asked.id]), {}

    def ticket_fields(self, asked: Asked) -> tuple[list[Row], dict[str, str]]:
        """``GET /ticket_fields``: what the codes of status, source and priority are called."""
        asked.only("type")
        choices = {"status": _STATUS_LABELS, "source": _SOURCE_LABELS, "priority": _PRIORITY_LABELS}
        rows = [
            {
                "id": number,
                "name": name,
                "label": name.capitalize(),
                "type": f"default_{name}",
                "default": True,
                "position": number,
                "choices": told,
            }
            for number, (name, told) in enumerate(choices.items(), 1)
        ]
        kind = asked.params.get("type")
        return [row for row in rows if kind in {None, row["type"]}], {}

    @staticmethod
    def _only_admins(asked: Asked) -> None:
        if not asked.agent.admin:
            raise problems.access_denied()


def _is_in(contact: LiveContact, state: str | None) -> bool:
    if state == "deleted":
        return contact.deleted
    if contact.deleted:
        return False
    if state == "blocked":
        return contact.blocked
    known = {None: True, "verified": bool(contact.email), "unverified": not contact.email}
    return not contact.blocked and known[state]


def _has(contact: LiveContact, asked: Asked) -> bool:
    """Whether the strings that are asked for are exactly theirs; an address in any letter case."""
    wanted = asked.params
    email = wanted.get("email", "").casefold()
    known = [(one or "").casefold() for one in (contact.email, *contact.other_emails)]
    return (
        ("email" not in wanted or email in known)
        and wanted.get("phone", contact.phone) == contact.phone
        and wanted.get("mobile", contact.mobile) == contact.mobile
        and "unique_external_id" not in wanted
    )
