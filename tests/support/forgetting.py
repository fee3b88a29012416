"""A small account in which one customer has a mark of their own in whatever is theirs."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from connector.clock import ManualClock
from connector.demo.freshdesk.plan import UNLIMITED as NO_RATES
from connector.demo.freshdesk.plan import FreshdeskPlan
from connector.demo.server import DemoHelpdesk
from connector.demo.story import read_story
from connector.demo.zendesk.limits import UNLIMITED
from tests.support.house import House, freshdesk_settings_for, settings_for
from tests.support.tale import AS_OF, DAY, customer, message, tale, ticket

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GOES = 847213
"""The id of who is forgotten."""

WROTE_TO = 101
"""The id of whose ticket they wrote in."""

STAY = (102, 103)
"""The ids of everybody else."""

PHONE, EMAIL = "+12125550147", "quillmark@mail.example"
NOTE = "Wants the okarinamark invoice by post."
HIDDEN = "My sackbutmark husband has dementia and I look after him."
SAID = "The theorbomark router keeps dropping the line every evening."
ELSEWHERE = "My lutemark daughter got married in May."

MARKS = {
    "first name": "zéphyrmark",
    "name": "quillmarkson",
    "phone": "2125550147",
    "e-mail": "quillmark@",
    "other e-mail": "secondmark@",
    "id": str(GOES),
    "subject": "crumhornmark",
    "words": "theorbomark",
    "hidden words": "sackbutmark",
    "words elsewhere": "lutemark",
    "note": "okarinamark",
    "private note": "serpentmark",
    "answer": "cornettmark",
}
"""What says of whom it is, by what it is; all small letters."""

LATER = 3600
"""Seconds after which the helpdesk deletes them for good, if its clock is moved on."""


def story() -> dict[str, Any]:
    """One customer whose every word has a mark, and three who stay."""
    at = AS_OF - 20 * DAY
    theirs = [
        message("customer", at, SAID, call={"minutes": 14.0, "answered_by": 11}),
        message("agent", at + 300, "Has the serpentmark account.", public=False),
        message("agent", at + 600, "I have set up the cornettmark line anew; it works now."),
        message("customer", at + 900, HIDDEN),
    ]
    again = [message("customer", at + DAY, "The theorbomark bill is too high.")]
    tickets = [
        ticket(1, GOES, at, subject="Crumhornmark router", messages=theirs, status="solved"),
        ticket(2, GOES, at + DAY, subject="Crumhornmark bill", messages=again),
    ]
    for number, who in enumerate((WROTE_TO, *STAY), 3):
        day = at + number * DAY
        said = [
            message("customer", day, f"The router in room {number} drops the line again."),
            message("agent", day + 60, f"I have set line {number} up anew."),
            message("customer", day + 90, "My mother passed away last week."),
        ]
        if who == WROTE_TO:
            said.append(message({"customer": GOES}, day + 120, ELSEWHERE))
        tickets.append(ticket(number, who, day, messages=said, status="solved"))
    gone = customer(
        GOES,
        name="Zéphyrmark Quillmarkson",
        phone=PHONE,
        email=EMAIL,
        identities=[{"type": "email", "value": "secondmark@mail.example"}],
    )
    told = tale(tickets, [gone, *(customer(one) for one in (WROTE_TO, *STAY))])
    told["changes"] = [
        {"at": AS_OF + LATER, "do": "delete_customer", "customer": GOES},
        {"at": AS_OF + LATER + 1, "do": "delete_customer_permanently", "customer": GOES},
    ]
    return told


class Desk:
    """The account as a helpdesk serves it, with a clock of its own.

    Attributes:
        provider: `zendesk` or `freshdesk`.
        account: Its name.
        settings: With which `remember` reads it.
    """

    def __init__(self, helpdesk: DemoHelpdesk, clock: ManualClock) -> None:
        self.provider = helpdesk.provider
        self.account = f"{helpdesk.provider}:acme"
        build = freshdesk_settings_for if self.provider == "freshdesk" else settings_for
        self.settings = build(helpdesk.url, RECHECK_DAYS="0")
        self._clock = clock

    def ref(self, number: int) -> str:
        """A customer's ref."""
        return f"{self.provider}:{number}"

    def delete_them(self) -> None:
        """The helpdesk deletes them for good."""
        self._clock.advance(LATER + 60)

    def house(self, home: Path) -> House:
        """A data folder that is filled from here."""
        return House(home, self.settings)


@contextmanager
def desk(provider: str = "zendesk") -> Iterator[Desk]:
    """A helpdesk of that kind with the account in it."""
    clock = ManualClock(datetime.fromtimestamp(AS_OF, UTC))
    options: dict[str, Any] = {"provider": provider, "clock": clock.now}
    if provider == "freshdesk":
        options["plan"] = FreshdeskPlan(rates=NO_RATES)
    else:
        options["limits"] = UNLIMITED
    with DemoHelpdesk(read_story(story()), **options) as helpdesk:
        yield Desk(helpdesk, clock)
