"""The documents of the access log: who saw what of whom, and whether that is as it was written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from memory.asking.view import rfc3339
from memory.record.looks import names_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from memory.asking.document import Brief
    from memory.asking.view import View
    from memory.record import Account
    from memory.record.access import Anchor, Verdict
    from memory.record.looks import Look


class LookEntry(TypedDict):
    """Who saw what of whom; `customer` is null once they are forgotten."""

    number: int
    at: str
    agent: str
    name: str | None
    proof: str
    source: str
    what: str
    subject: str | None
    customer: str | None


class Looks(TypedDict):
    """Entries of the access log, newest first, and how many there are of the kind in all."""

    version: Literal[1]
    account: str
    total: int
    entries: list[LookEntry]


class Checked(TypedDict):
    """Whether the access log of an account is as it was written.

    `entries` counts those that hold. `head` is there where all do: the anchor to keep elsewhere.
    """

    version: Literal[1]
    account: str
    whole: bool
    entries: int
    head: str | None
    broken_at: int | None
    reason: str | None


def looks_of(brief: Brief) -> tuple[str, ...]:
    """What is seen with a brief; what was found for `about` is a recall.

    Of several people who share a number each is seen `listed`: by name, and no more.
    """
    if brief["customer"] is None:
        return ("listed",) if brief["match"]["candidates"] else ()
    searched = brief["about"] is not None and brief["verified"]
    return ("brief", "recall") if searched else ("brief",)


def people_of(brief: Brief) -> list[str]:
    """The refs of all who are the one customer of a brief, or who may be."""
    found = [one["ref"] for one in brief["match"]["candidates"]]
    if brief["customer"] is None:
        return found
    own = brief["customer"]["ref"]
    return [own, *(one for one in found if one != own)]


def looks_document(
    connection: sa.Connection, view: View, found: Sequence[Look], total: int
) -> Looks:
    """The document of some entries."""
    prefix = view.account.ref("")
    refs = {one.agent for one in found if one.agent.startswith(prefix)}
    names = names_of(connection, view.account.number, [one.removeprefix(prefix) for one in refs])
    return {
        "version": 1,
        "account": view.account.name,
        "total": total,
        "entries": [
            {
                "number": one.number,
                "at": rfc3339(one.at),
                "agent": one.agent,
                "name": names.get(one.agent.removeprefix(prefix)) if one.agent in refs else None,
                "proof": one.proof,
                "source": one.source,
                "what": one.what,
                "subject": one.subject,
                "customer": view.account.ref(one.customer_id) if one.customer_id else None,
            }
            for one in found
        ],
    }


def checked_document(account: Account, verdict: Verdict, head: Anchor | None) -> Checked:
    """The document of a check."""
    return {
        "version": 1,
        "account": account.name,
        "whole": verdict.whole,
        "entries": verdict.entries,
        "head": None if head is None else str(head),
        "broken_at": verdict.broken_at,
        "reason": verdict.reason,
    }
