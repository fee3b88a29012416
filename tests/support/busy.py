"""A busy account as a story: many customers, each with a ticket every few months."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from connector.demo.story_parts import Agent, Customer, Message, Story, Ticket

AS_OF = datetime(2026, 7, 7, 9, 0, tzinfo=UTC)
TICKETS_EACH = 5
MESSAGES = 4
EVENTS = MESSAGES + 1
"""Of a ticket: its messages, and that it was solved."""

_DAYS = 1_000
_AGENTS = 20
_FIRST_CUSTOMER = 10_000
_ASKED = (
    "The line has dropped every evening since Monday, and always in the middle of a call.",
    "I was charged twice for the same month; the second invoice came a week after the first.",
    "Could you move my plan to the smaller one from the first of next month on?",
    "The new router blinks red after the update, and nothing I tried has helped so far.",
    "I have moved house and the connection has not followed me, though it was promised.",
)
_ANSWERED = (
    "Thank you for telling us. I have reset the port from here; please restart the box once.",
    "I am sorry for that. The second charge is returned and reaches you within five days.",
    "That is done; the change shows on your next invoice, and nothing else changes with it.",
)
_MORE = (
    "It worked for two hours and then it was the same as before. What else can we try?",
    "Thank you. Is there anything that I have to do on my side for it?",
    "I will watch it for some days and write again if it should come back.",
)
_LAST = (
    "We have replaced a part on the line. It has been stable since this morning.",
    "Nothing else is needed from you. Have a good week, and write whenever it comes back.",
)

_TURNS: tuple[tuple[Literal["customer", "agent"], tuple[str, ...]], ...] = (
    ("customer", _ASKED),
    ("agent", _ANSWERED),
    ("customer", _MORE),
    ("agent", _LAST),
)


def busy_account(tickets: int) -> Story:
    """An account with so many solved tickets of four messages, spread over a thousand days."""
    dice = random.Random(tickets)
    customers = max(tickets // TICKETS_EACH, 1)
    step = timedelta(days=_DAYS - 2) / tickets
    begun = AS_OF - timedelta(days=_DAYS)
    present: dict[str, Any] = {"as_of": AS_OF}
    return Story(
        name="Busy",
        account="busy",
        **present,
        agents=tuple(_agent(number) for number in range(1, _AGENTS + 1)),
        customers=tuple(_customer(_FIRST_CUSTOMER + number) for number in range(customers)),
        tickets=tuple(
            _ticket(
                number, _FIRST_CUSTOMER + dice.randrange(customers), begun + number * step, dice
            )
            for number in range(1, tickets + 1)
        ),
    )


def _agent(number: int) -> Agent:
    return Agent(
        number,
        f"Agent {number}",
        f"agent{number}@busy.example",
        "admin" if number == 1 else "agent",
    )


def _customer(number: int) -> Customer:
    return Customer(number, f"Customer {number}", email=f"c{number}@mail.example")


def _ticket(number: int, customer: int, at: datetime, dice: random.Random) -> Ticket:
    hours = [0.0, *sorted(dice.uniform(0.1, 40) for _ in _TURNS[1:])]
    messages = tuple(
        Message(by, at + timedelta(hours=later), f"{dice.choice(words)} (Our matter {number}.)")
        for later, (by, words) in zip(hours, _TURNS, strict=True)
    )
    return Ticket(
        id=number,
        customer=customer,
        at=at,
        agent=dice.randint(1, _AGENTS),
        subject=messages[0].text[:40],
        status="solved",
        solved_at=messages[-1].at + timedelta(minutes=10),
        messages=messages,
    )
