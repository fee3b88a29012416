"""What Freshdesk tells of one ticket, one person or one company at a time."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from connector.errors import MalformedError, MissingError
from connector.freshdesk import pages
from connector.freshdesk.client import ForbiddenError, record
from connector.freshdesk.session import AGENTS, COMPANIES, CONTACTS, TICKETS
from connector.freshdesk.walks import by_page
from memory.entities import Page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from connector.freshdesk.session import Session
    from connector.freshdesk.tickets import Tickets


async def conversations(
    session: Session, tickets: Tickets, ticket_id: str, *, name_agents: bool
) -> AsyncIterator[Page]:
    """All conversations of a ticket, a hundred a page; the last page names it in `whole_tickets`.

    A ticket that Freshdesk no longer has yields one page naming it in `gone_tickets`.

    Args:
        session: What asks.
        tickets: Knows where the ticket stands and whose it is.
        ticket_id: The ticket.
        name_agents: Whether whoever wrote an outgoing one is to be taken as an agent.
    """
    for path in tickets.paths(ticket_id):
        try:
            async for found, following in by_page(session, "comments", f"{path}/conversations"):
                unnamed = pages.needs_requester(found)
                yield pages.conversations(
                    found,
                    ticket_id,
                    await tickets.requester(ticket_id) if unnamed else None,
                    last=following is None,
                    name_agents=name_agents,
                )
        except MissingError:
            continue
        return
    yield Page(gone_tickets=(ticket_id,))


async def identities(session: Session, person_id: str) -> Page:
    """All that a contact can be reached by, as a page that names them in `identified`.

    A contact whom Freshdesk no longer has has none.
    """
    try:
        answer = await session.get("identities", f"{CONTACTS}/{quote(person_id, safe='')}")
    except MissingError:
        return Page(identified=(person_id,))
    page = pages.contacts([record(answer, "identities")], "identities")
    return Page(
        identities=page.identities,
        identified=() if page.unreadable else (person_id,),
        unreadable=page.unreadable,
        rows=1,
    )


async def person(session: Session, person_id: str) -> Page:
    """One contact or agent as they are now; in `gone_people` where Freshdesk has neither."""
    here = quote(person_id, safe="")
    reads: tuple[tuple[str, Callable[[list[Any]], Page]], ...] = (
        (f"{CONTACTS}/{here}", pages.contacts),
        (f"{AGENTS}/{here}", pages.agents),
    )
    for path, read in reads:
        try:
            answer = await session.get("people", path)
        except MissingError:
            continue
        except ForbiddenError:
            # Whether an agent is there is for admins to know: nothing follows from this.
            return Page()
        return read([record(answer, "people")])
    return Page(gone_people=(person_id,))


async def company(session: Session, company_id: str) -> Page:
    """One company as it is now; an empty page when there is none."""
    try:
        answer = await session.get("companies", f"{COMPANIES}/{quote(company_id, safe='')}")
    except MissingError:
        return Page()
    return pages.companies([record(answer, "companies")])


async def add_note(session: Session, ticket_id: str, text: str) -> str:
    """Write a private note to a ticket, once; the id of the conversation it has become.

    Raises:
        MalformedError: It was written, but as what the answer does not tell.
    """
    body = escape(text, quote=False).replace("\n", "<br>")
    path = f"{TICKETS}/{quote(ticket_id, safe='')}/notes"
    answer = await session.post("notes", path, {"body": body, "private": True})
    number = record(answer, "notes").get("id")
    if isinstance(number, bool) or not isinstance(number, int | str) or not number:
        raise MalformedError(
            "Freshdesk's answer to a new note does not name it.",
            "Look at the ticket: the note may stand there.",
        )
    return str(number)
