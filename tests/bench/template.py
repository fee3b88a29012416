"""A few hundred customers with ten tickets each, stored and remembered by the real code.

Their tickets are drawn from the packaged story's, so that what is said in them, who answers the
phone and how they end is the story's; the customers and the times are new.
"""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

from memory.entities import Call, Message, Origin, Page, Person, Role, Status, Ticket
from memory.record import of_customer, queries
from memory.remembering.personal import PersonalHead
from memory.remembering.remember import Rememberer
from memory.text.encoder import Encoder

if TYPE_CHECKING:
    from datetime import datetime

    from memory.record import Record
    from memory.record.stored import Stored

CUSTOMERS = 250
TICKETS = 10
FEWEST_MESSAGES = 3
FIRST_CUSTOMER = 5_000_000_000
FIRST_TICKET = 6_000_000_000
FIRST_PHONE = 12_122_200_000
TICKET_BAND = 1_000_000
"""A customer's tickets lie this far apart: among everybody's tickets of their time, as in life."""

_DAYS = 900


def fill(source: Record, target: Record, as_of: datetime) -> None:
    """Store and remember the customers.

    Args:
        source: A record of the packaged story.
        target: An empty record.
        as_of: The story's present time.
    """
    known = source.account()
    account = target.add_account(known.name, known.url)
    with source.reading() as connection:
        people = [queries.person(connection, known.number, one) for one in _people(source)]
        agents = [one for one in people if one is not None and one.role == Role.AGENT.value]
        names = [one.name for one in people if one is not None and one.role == Role.CUSTOMER.value]
        drawn = _drawn(source)
    dice = random.Random(7)
    with target.writing(account) as writer:
        writer.store(Page(people=tuple(_agent(one) for one in agents)))
        for number in range(CUSTOMERS):
            name = names[number % len(names)]
            writer.store(_customer(number, name, dice.sample(drawn, TICKETS), dice, as_of))
        writer.synced(as_of)
    rememberer = Rememberer(target, account, Encoder.load(), PersonalHead.load())
    rememberer.remember_next()
    while rememberer.progress.waiting:
        rememberer.remember_next()


def _people(source: Record) -> list[str]:
    number = source.account().number
    with source.reading() as connection:
        agents = [row.id for row in queries.agents(connection, number)]
        return [*agents, *queries.customer_ids(connection, number)]


def _drawn(source: Record) -> list[tuple[Stored, list[Stored]]]:
    """The story's tickets that hold a conversation, each with its messages."""
    number = source.account().number
    with source.reading() as connection:
        tickets = [
            ticket
            for customer in queries.customer_ids(connection, number)
            for ticket in of_customer.tickets_of(connection, number, customer)
        ]
        messages: dict[str, list[Stored]] = {ticket.id: [] for ticket in tickets}
        for start in range(0, len(tickets), 500):
            ids = [ticket.id for ticket in tickets[start : start + 500]]
            for row in queries.messages_of_tickets(connection, number, ids):
                messages[row.ticket_id].append(row)
    return [
        (ticket, messages[ticket.id])
        for ticket in tickets
        if len(messages[ticket.id]) >= FEWEST_MESSAGES
    ]


def _agent(row: Stored) -> Person:
    return Person(
        id=row.id,
        role=Role.AGENT,
        name=row.name,
        email=row.email,
        created_at=row.created_at,
        updated_at=row.updated_at,
        active=row.active,
    )


def _customer(
    number: int,
    name: str,
    drawn: list[tuple[Stored, list[Stored]]],
    dice: random.Random,
    as_of: datetime,
) -> Page:
    who = str(FIRST_CUSTOMER + number)
    days = sorted((dice.uniform(1, _DAYS) for _ in drawn), reverse=True)
    person = Person(
        id=who,
        role=Role.CUSTOMER,
        name=name,
        phone=f"+{FIRST_PHONE + number}",
        email=f"{who}@customer.example",
        created_at=as_of - timedelta(days=_DAYS),
        updated_at=as_of,
        identities_known=True,
    )
    tickets: list[Ticket] = []
    messages: list[Message] = []
    for place, (ticket, told) in enumerate(drawn):
        ticket_id = str(FIRST_TICKET + place * TICKET_BAND + number)
        later = as_of - timedelta(days=days[place]) - ticket.created_at
        tickets.append(_ticket(ticket, ticket_id, who, later))
        messages.extend(_message(row, ticket_id, who, later) for row in told)
    return Page(
        people=(person,),
        tickets=tuple(tickets),
        messages=tuple(messages),
        whole_tickets=tuple(one.id for one in tickets),
    )


def _ticket(row: Stored, ticket_id: str, who: str, later: timedelta) -> Ticket:
    return Ticket(
        id=ticket_id,
        requester_id=who,
        subject=row.subject,
        status=Status(row.status),
        channel=row.channel,
        created_at=row.created_at + later,
        updated_at=row.updated_at + later,
        version=1,
        assignee_id=row.assignee_id,
        solved_at=row.solved_at + later if row.solved_at else None,
        rating=row.rating,
    )


def _message(row: Stored, ticket_id: str, who: str, later: timedelta) -> Message:
    return Message(
        id=row.id,
        ticket_id=ticket_id,
        author_id=who if row.role == Role.CUSTOMER.value else row.author_id,
        at=row.at + later,
        channel=row.channel,
        public=row.public,
        text=row.text,
        origin=Origin.TICKET,
        call=Call(row.direction, row.minutes, row.answered_by) if row.direction else None,
    )
