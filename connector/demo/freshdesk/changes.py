"""What happens in the simulated Freshdesk as its clock goes on.

Much of it happens silently, as in Freshdesk: an edited conversation and (unless the plan says
otherwise) a merge of contacts move no ``updated_at`` of a ticket, and what is gone for good is
only ever a 404. A description cannot be made private, so `MakePrivate` leaves it as it is. An
answer of the customer opens a ticket again that was pending, resolved or closed. A spam ticket is
restored like a deleted one. A change to somebody or something that is gone for good does nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from connector.demo.freshdesk.talking import LiveConversation, note
from connector.demo.story_parts import (
    AddCustomer,
    AddMessage,
    AddTicket,
    DeleteCustomer,
    MakePrivate,
    MergeCustomers,
    MergeTickets,
    RedactMessage,
    RestoreCustomer,
    ToIdentity,
    ToTicket,
    UpdateAgent,
    UpdateCustomer,
    UpdateTicket,
)
from connector.demo.telling import blacked_out, due
from connector.demo.times import seconds

if TYPE_CHECKING:
    from connector.demo.freshdesk.account import Account, LiveContact, LiveTicket, Place
    from connector.demo.story_parts import Change

_AWAITING = {"pending", "solved", "closed"}
_DONE = {"solved", "closed"}
_PLACES: dict[str, Place] = {
    "delete_ticket": "deleted",
    "spam_ticket": "spam",
    "restore_ticket": "plain",
}
_NAMES = {"organization": "company", "suspended": "blocked"}


def advance(account: Account, now: int, *, merge_moves_tickets: bool) -> None:
    """Applies every change of the story that Unix second `now` has reached."""
    for change in due(account.pending, now):
        at = seconds(change.at)
        account.ring(at)
        account.present = at
        match change:
            case AddTicket():
                account.add_ticket(change.ticket)
            case AddCustomer():
                account.add_customer(change.customer, at)
            case UpdateAgent():
                _update_agent(account, change, at)
            case MergeCustomers():
                _merge(account, change, at, moves_tickets=merge_moves_tickets)
            case MergeTickets():
                _merge_tickets(account, change, at)
            case UpdateCustomer() | DeleteCustomer() | RestoreCustomer() | ToIdentity():
                _change_contact(account, change, at)
            case _:
                _change_ticket(account, change, at)
    account.ring(now)


def _update_agent(account: Account, change: UpdateAgent, at: int) -> None:
    agent = account.agents[change.agent]
    for name, value in change.set.items():
        setattr(agent, name, value)
    agent.updated = at


def _change_contact(
    account: Account,
    change: UpdateCustomer | DeleteCustomer | RestoreCustomer | ToIdentity,
    at: int,
) -> None:
    contact = account.contacts.get(account.present_id(change.customer))
    if contact is None:
        return
    match change:
        case UpdateCustomer():
            _update_contact(contact, dict(change.set))
        case DeleteCustomer(do="delete_customer_permanently"):
            _destroy(account, contact)
        case DeleteCustomer():
            contact.deleted = True
        case RestoreCustomer():
            contact.deleted = False
        case ToIdentity(do="add_identity", identity=identity):
            contact.add(identity.type, identity.value)
        case ToIdentity(identity=identity):
            contact.remove(identity.type, identity.value)
    contact.updated = max(contact.updated, at)


def _update_contact(contact: LiveContact, values: dict[str, Any]) -> None:
    """Sets what can be set; a contact always has a name, a language and a time zone."""
    values.pop("shared_phone", None)
    for key, value in values.items():
        if value is not None or key in {"phone", "email", "organization"}:
            setattr(contact, _NAMES.get(key, key), value)
    contact.other_emails = [one for one in contact.other_emails if one != contact.email]


def _destroy(account: Account, contact: LiveContact) -> None:
    """Deletes a contact for good, and silently every ticket they ever requested."""
    for ticket in account.tickets_of(contact.id):
        account.destroy(ticket)
    del account.contacts[contact.id]


def _merge(account: Account, change: MergeCustomers, at: int, *, moves_tickets: bool) -> None:
    loser = account.contacts.get(account.present_id(change.loser))
    winner = account.contacts.get(account.present_id(change.winner))
    if loser is None or winner is None or loser is winner:
        return
    for ticket in account.tickets.values():
        for conversation in ticket.conversations:
            if conversation.user == loser.id:
                conversation.user = winner.id
        if ticket.requester == loser.id:
            ticket.requester = winner.id
            ticket.told = replace(ticket.told, customer=winner.id)
            if moves_tickets:
                account.touch(ticket, at)
    for kind, values in (
        ("email", [loser.email, *loser.other_emails]),
        ("phone_number", [loser.phone, loser.mobile]),
    ):
        for value in values:
            if value:
                winner.add(kind, value)
    winner.company = winner.company or loser.company
    winner.updated = max(winner.updated, at)
    account.remove_loser(loser.id, winner.id)


def _merge_tickets(account: Account, change: MergeTickets, at: int) -> None:
    """Closes the loser; the winner gets its first text as a note and a copy of every other."""
    loser, winner = account.tickets.get(change.loser), account.tickets.get(change.winner)
    if loser is None or winner is None:
        return
    copies = [replace(one) for one in loser.conversations]
    told = f"Merged from ticket {loser.id}\n\n{loser.subject}\n\n{loser.description.text}"
    for copy in (note(told, at, winner.agent), *copies):
        account.append(winner, copy)
    pointer = f"This ticket is closed and merged into ticket {winner.id}"
    account.append(loser, note(pointer, at, loser.agent))
    _set_status(loser, "closed", at)
    account.touch(loser, at)
    account.touch(winner, at)


def _change_ticket(account: Account, change: Change, at: int) -> None:
    ticket = account.tickets.get(getattr(change, "ticket", 0))
    if ticket is None:
        return
    match change:
        case AddMessage():
            _add_message(account, ticket, change, at)
        case UpdateTicket():
            _update_ticket(account, ticket, dict(change.set), at)
        case ToTicket(do="scrub_ticket"):
            account.destroy(ticket)
        case ToTicket():
            account.put(ticket, _PLACES[change.do], at)
        case RedactMessage():
            _redact(account, ticket, change, at)
        case MakePrivate():
            _make_private(ticket, change, at)
        case _:
            raise NotImplementedError(f"the simulated Freshdesk cannot do {change.do}")


def _add_message(account: Account, ticket: LiveTicket, change: AddMessage, at: int) -> None:
    if change.message.by == "customer" and ticket.status in _AWAITING:
        _set_status(ticket, "open", at)
        ticket.reopened = at
    account.add_message(ticket, change.message)
    account.touch(ticket, at)


def _update_ticket(account: Account, ticket: LiveTicket, values: dict[str, Any], at: int) -> None:
    """A rating is none of the ticket's own fields: it moves nothing."""
    rating = values.pop("rating", None)
    if rating:
        ticket.ratings.append(rating)
    if "status" in values:
        _set_status(ticket, values["status"], at)
    if "customer" in values:
        ticket.requester = account.present_id(values["customer"])
    ticket.agent = values.get("agent", ticket.agent)
    ticket.subject = values.get("subject", ticket.subject)
    # Who "customer" and "agent" are in a later message follows the ticket.
    people = {key: values[key] for key in ("customer", "agent") if key in values}
    ticket.told = replace(ticket.told, **people)
    if values:
        account.touch(ticket, at)


def _set_status(ticket: LiveTicket, status: str, at: int) -> None:
    if ticket.status != status:
        ticket.status_changed = at
    ticket.status = status
    ticket.solved = (ticket.solved or at) if status in _DONE else None


def _make_private(ticket: LiveTicket, change: MakePrivate, at: int) -> None:
    for part in ticket.parts[change.message]:
        if isinstance(part, LiveConversation):
            part.hide()
            part.edit(at, ticket.agent)


def _redact(account: Account, ticket: LiveTicket, change: RedactMessage, at: int) -> None:
    """Edits what a message became; only its description is a field of the ticket and moves it."""
    for part in ticket.parts[change.message]:
        if change.words not in part.text and change.words not in (part.html or ""):
            continue
        part.text = blacked_out(part.text, change.words)
        part.html = blacked_out(part.html, change.words) if part.html else None
        if isinstance(part, LiveConversation):
            part.edit(at, ticket.agent)
        else:
            account.touch(ticket, at)
