"""What happens in the simulated helpdesk as its clock goes on.

Every change moves what it touches to its own second in the exports. A customer's answer opens a
pending or solved ticket again, as Zendesk does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from connector.demo.story_parts import (
    SYSTEM,
    AddCustomer,
    AddMessage,
    AddTicket,
    ByAgent,
    DeleteCustomer,
    MakePrivate,
    MergeCustomers,
    MergeTickets,
    Message,
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
from connector.demo.zendesk import people
from connector.demo.zendesk.account import change_of

if TYPE_CHECKING:
    from connector.demo.story_parts import Change
    from connector.demo.zendesk.account import Account
    from connector.demo.zendesk.live import LiveComment, LiveTicket

    OfTicket = AddMessage | UpdateTicket | ToTicket | RedactMessage | MakePrivate

SCRUBBED = "SCRUBBED"
"""What Zendesk leaves in place of the content of a ticket that is gone for good."""

_COLUMNS = {"agent": "assignee_id", "customer": "requester_id"}


def advance(account: Account, now: int) -> None:
    """Applies every change of the story that Unix second `now` has reached."""
    for change in due(account.pending, now):
        _apply(account, change)
    account.calls.advance(now)


def _apply(account: Account, change: Change) -> None:
    at = account.present = seconds(change.at)
    users, tickets = account.users, account.tickets
    match change:
        case AddCustomer():
            account.add_customer(change.customer, at)
        case UpdateCustomer():
            people.update_customer(account, users[change.customer], change, at)
        case UpdateAgent():
            people.update_agent(account, users[change.agent], change, at)
        case ToIdentity():
            people.to_identity(account, users[change.customer], change, at)
        case MergeCustomers():
            people.merge(account, users[change.loser], users[change.winner], at)
        case DeleteCustomer():
            people.delete(account, users[change.customer], change, at)
        case RestoreCustomer():
            people.restore(account, users[change.customer], at)
        case AddTicket():
            account.add_ticket(change.ticket)
        case MergeTickets():
            _merge(account, tickets[change.loser], tickets[change.winner], change)
        case _:
            _apply_to_ticket(account, tickets[change.ticket], change, at)


def _apply_to_ticket(account: Account, ticket: LiveTicket, change: OfTicket, at: int) -> None:
    match change:
        case AddMessage():
            _add_message(account, change, at)
        case UpdateTicket():
            _update_ticket(account, ticket, dict(change.set), at)
        case ToTicket():
            _to_ticket(account, ticket, change, at)
        case RedactMessage():
            _redact(account, ticket, change, at)
        case MakePrivate():
            _make_private(account, ticket, change, at)


def _add_message(account: Account, change: AddMessage, at: int) -> None:
    ticket = account.tickets[change.ticket]
    reopened = ticket.status in {"pending", "solved"} and change.message.by == "customer"
    children = [change_of("status", ticket.status, "open")] if reopened else []
    if reopened:
        ticket.status, ticket.solved = "open", None
    account.add_comment(ticket, change.message, children)
    ticket.updated = max(ticket.updated, at)
    account.generate(ticket, at)


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


def _merge(account: Account, loser: LiveTicket, winner: LiveTicket, change: MergeTickets) -> None:
    """Closes the loser; a note in each names the other, the winner's with the loser's last words.

    Whoever merges is the author of both, and so of the customer's words that are repeated.
    """
    last = loser.comments[-1].text
    status = change_of("status", loser.status, "closed")
    loser.status, loser.solved = "closed", loser.solved or seconds(change.at)
    told = f"This request was closed and merged into request #{winner.id}."
    _note(account, loser, change, told, [status])
    told = f"Request #{loser.id} was closed and merged into this request. Last comment in request "
    comment = _note(account, winner, change, f"{told}#{loser.id}:\n\n{last}", [])
    account.events[comment.audit].merged.append(loser.id)


def _note(
    account: Account,
    ticket: LiveTicket,
    change: MergeTickets,
    text: str,
    children: list[dict[str, Any]],
) -> LiveComment:
    by: ByAgent | Literal["system"] = ByAgent(ticket.agent) if ticket.agent else "system"
    message = Message(by=by, at=change.at, text=text, public=False)
    comment = account.add_comment(ticket, message, children, rel="merge")
    ticket.updated = max(ticket.updated, comment.at)
    account.generate(ticket, comment.at)
    return comment


def _to_ticket(account: Account, ticket: LiveTicket, change: ToTicket, at: int) -> None:
    if change.do == "scrub_ticket":
        _scrub(account, ticket)
    if change.do == "spam_ticket":
        account.users[ticket.requester].suspended = True
        account.touch(account.users[ticket.requester], at)
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
    if account.habits.replays_redacted:
        account.events[comment.audit].comment = replace(comment)
    _black_out(comment, change.words)
    if account.habits.tells_redactions:
        child = {"event_type": "CommentRedactionEvent", "comment_id": comment.id}
        account.add_event(ticket, at, ticket.agent or SYSTEM, [child])
        account.generate(ticket, at)


def _black_out(comment: LiveComment, words: str) -> None:
    comment.text = blacked_out(comment.text, words)
    if comment.html:
        comment.html = blacked_out(comment.html, words)
    if comment.call and comment.call.transcript:
        told = blacked_out(comment.call.transcript, words)
        comment.call = replace(comment.call, transcript=told)


def _make_private(account: Account, ticket: LiveTicket, change: MakePrivate, at: int) -> None:
    comment = ticket.comments[change.message]
    comment.public = False
    child = {"event_type": "CommentPrivacyChange", "comment_id": comment.id, "public": False}
    account.add_event(ticket, at, ticket.agent or SYSTEM, [child])
    ticket.updated = max(ticket.updated, at)
    account.generate(ticket, at)
