"""What happens in the simulated helpdesk as its clock goes on.

Every change moves what it touches to its own second in the exports. A merge moves the loser's
tickets and identities to the winner and leaves the loser inactive; what the loser wrote stays
theirs. A customer's answer opens a pending or solved ticket again, as Zendesk does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from connector.demo.story_parts import (
    SYSTEM,
    AddCustomer,
    AddMessage,
    AddTicket,
    DeleteCustomer,
    MergeCustomers,
    RedactMessage,
    ToTicket,
    UpdateCustomer,
    UpdateTicket,
)
from connector.demo.telling import blacked_out, due
from connector.demo.times import seconds
from connector.demo.zendesk.account import change_of, mirror_primaries

if TYPE_CHECKING:
    from connector.demo.story_parts import Change
    from connector.demo.zendesk.account import Account, LiveTicket, LiveUser

SCRUBBED = "SCRUBBED"
"""What Zendesk leaves in place of the content of a ticket that is gone for good."""

_COLUMNS = {"agent": "assignee_id", "customer": "requester_id"}


def advance(account: Account, now: int) -> None:
    """Applies every change of the story that Unix second `now` has reached."""
    for change in due(account.pending, now):
        _apply(account, change)


def _apply(account: Account, change: Change) -> None:
    at = account.present = seconds(change.at)
    match change:
        case AddMessage():
            _add_message(account, change, at)
        case AddTicket():
            account.add_ticket(change.ticket)
        case AddCustomer():
            account.add_customer(change.customer, at)
        case UpdateCustomer():
            _update_customer(account, account.users[change.customer], change, at)
        case UpdateTicket():
            _update_ticket(account, account.tickets[change.ticket], dict(change.set), at)
        case MergeCustomers():
            _merge(account, account.users[change.loser], account.users[change.winner], at)
        case DeleteCustomer():
            _delete_customer(account, account.users[change.customer], change, at)
        case ToTicket():
            _to_ticket(account, account.tickets[change.ticket], change, at)
        case RedactMessage():
            _redact(account, account.tickets[change.ticket], change, at)
        case _:
            raise NotImplementedError(f"the simulated Zendesk cannot do {change.do}")


def _add_message(account: Account, change: AddMessage, at: int) -> None:
    ticket = account.tickets[change.ticket]
    reopened = ticket.status in {"pending", "solved"} and change.message.by == "customer"
    children = [change_of("status", ticket.status, "open")] if reopened else []
    if reopened:
        ticket.status, ticket.solved = "open", None
    account.add_comment(ticket, change.message, children)
    ticket.updated = max(ticket.updated, at)
    account.generate(ticket, at)


def _update_customer(account: Account, user: LiveUser, change: UpdateCustomer, at: int) -> None:
    for key, value in change.set.items():
        if key in {"phone", "email"} and (old := getattr(user, key)):
            user.identities = [known for known in user.identities if known.value != old]
        setattr(user, key, value)
    mirror_primaries(user)
    account.touch(user, at)


def _update_ticket(account: Account, ticket: LiveTicket, values: dict[str, Any], at: int) -> None:
    if "rating" in values:
        account.rate(ticket, values.pop("rating"))
    children = []
    for key, value in values.items():
        name = "requester" if key == "customer" else key
        children.append(change_of(_COLUMNS.get(key, key), getattr(ticket, name), value))
        setattr(ticket, name, value)
    # Who "customer" and "agent" are in a later message follows the ticket.
    people = {key: values[key] for key in ("customer", "agent") if key in values}
    ticket.told = replace(ticket.told, **people)
    if "status" in values:
        done = ticket.status in {"solved", "closed"}
        ticket.solved = (ticket.solved or at) if done else None
    if children:
        account.add_event(ticket, at, ticket.agent, children)
    ticket.updated = max(ticket.updated, at)
    account.generate(ticket, at)


def _merge(account: Account, loser: LiveUser, winner: LiveUser, at: int) -> None:
    for ticket in account.tickets.values():
        if ticket.requester == loser.id:
            ticket.requester = winner.id
            ticket.told = replace(ticket.told, customer=winner.id)
            account.generate(ticket, at)
    known = {(identity.type, identity.value) for identity in winner.identities}
    for identity in loser.identities:
        if (identity.type, identity.value) not in known:
            winner.identities.append(replace(identity, primary=False))
    winner.email = winner.email or loser.email
    if winner.phone is None:
        winner.phone, winner.shared_phone = loser.phone, loser.shared_phone
    loser.identities, loser.email, loser.phone = [], None, None
    loser.active = False
    mirror_primaries(winner)
    account.touch(loser, at)
    account.touch(winner, at)


def _delete_customer(account: Account, user: LiveUser, change: DeleteCustomer, at: int) -> None:
    user.active = False
    if user.id not in account.deleted_users:
        account.deleted_users = sorted([*account.deleted_users, user.id])
    if change.do == "delete_customer_permanently":
        user.permanently_deleted = True
        user.name, user.email, user.phone = "Permanently Deleted User", None, None
        user.shared_phone, user.organization, user.identities = False, None, []
    account.touch(user, at)


def _to_ticket(account: Account, ticket: LiveTicket, change: ToTicket, at: int) -> None:
    if change.do == "scrub_ticket":
        _scrub(account, ticket)
    before = "deleted" if ticket.deleted else ticket.status
    ticket.deleted = change.do != "restore_ticket"
    account.list_ticket(ticket, listed=not ticket.deleted)
    now = "deleted" if ticket.deleted else ticket.status
    if change.do != "scrub_ticket":
        account.add_event(ticket, at, ticket.agent, [change_of("status", before, now)])
        ticket.updated = max(ticket.updated, at)
    account.generate(ticket, at)


def _scrub(account: Account, ticket: LiveTicket) -> None:
    """Takes the content out of a ticket; its row stays and keeps coming in the export."""
    ticket.scrubbed = True
    ticket.subject = SCRUBBED
    for comment in ticket.comments:
        comment.text, comment.html, comment.call = SCRUBBED, None, None
    if ticket.rating:
        account.rate(ticket, replace(ticket.rating, comment=None))
    for event in account.events_of(ticket):
        for child in event.children:
            if "subject" in child:
                child.update(dict.fromkeys(child.keys() & {"subject", "previous_value"}, SCRUBBED))


def _redact(account: Account, ticket: LiveTicket, change: RedactMessage, at: int) -> None:
    comment = ticket.comments[change.message]
    comment.text = blacked_out(comment.text, change.words)
    if comment.html:
        comment.html = blacked_out(comment.html, change.words)
    if comment.call and comment.call.transcript:
        told = blacked_out(comment.call.transcript, change.words)
        comment.call = replace(comment.call, transcript=told)
    child = {"event_type": "CommentRedactionEvent", "comment_id": comment.id}
    account.add_event(ticket, at, ticket.agent or SYSTEM, [child])
    account.generate(ticket, at)
