"""A story in which everything changes that can, and the record that follows it from day to day."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

import sqlalchemy as sa

from connector.clock import ManualClock
from connector.demo.freshdesk.plan import UNLIMITED as NO_RATES
from connector.demo.freshdesk.plan import FreshdeskPlan
from connector.demo.server import DemoHelpdesk
from connector.demo.story import read_story
from connector.demo.zendesk.habits import Habits
from connector.demo.zendesk.limits import UNLIMITED
from connector.freshdesk import ApiKey, Freshdesk
from connector.sync.report import Silent
from connector.sync.together import Together
from connector.zendesk import ClientCredentials, Zendesk
from memory.errors import NotFoundError
from memory.face import Memory
from memory.record import issues
from memory.record import tables as t
from memory.remembering.drain import Remembering
from memory.text.sentences import spoken
from memory.text.vectors import digest
from memory.workplace import Workplace
from tests.support.tale import AS_OF, DAY, customer, message, tale, ticket

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from connector.sync.report import Report

FIRST, SECOND, THIRD = "first", "second", "third"
"""The days after the backfill on which the record is brought up to date."""

_DAYS = {FIRST: 1, SECOND: 1, THIRD: 31}
_WORDS = {
    1: "My zeppelin modem is broken since Monday.",
    2: "The cello line is dead again.",
    3: "The kazoo invoice came twice.",
    4: "Buy a banjo cheaply today.",
    5: "The harp bill is too high.",
    6: "The lyre bill is too high.",
    7: "The word for my line is ocarina and it does not work.",
    8: "The viola router is slow.",
    9: "My theremin mother passed away last week.",
    10: "The tuba contract should end.",
    12: "My bassoon husband has dementia and I look after him.",
    13: "The sitar plan is too dear.",
    14: "Please speak slowly, my marimba hearing is not good.",
    15: "My didgeridoo father died in the spring.",
    16: "The flute phone rings too softly.",
    17: "The gong phone rings too loudly.",
    18: "The drum phone rings too often.",
    19: "My spinet sister is in hospital with her heart.",
    21: "The fiddle order is late.",
    22: "I would rather speak to Nadia about this.",
}
"""What every ticket's customer writes, by the ticket's number; each has a word of its own."""


def story() -> dict[str, Any]:
    """Each ticket's customer has its number and a hundred; what happens comes a day later."""
    agents = [
        {"id": 12, "name": "Petra Holm", "email": "petra@acme.example"},
        {"id": 13, "name": "Nadia Brook", "email": "nadia@acme.example"},
    ]
    tickets = [_ticket(number, words) for number, words in _WORDS.items()]
    tickets[4]["customer"] = 106
    people = [customer(100 + n) for n in range(1, 23)]
    told = tale(tickets, people)
    told["agents"] += agents
    told["changes"] = _on_the_first_day() + _on_the_second_day()
    return told


def _ticket(number: int, words: str) -> dict[str, Any]:
    at = AS_OF - (60 - number) * DAY
    messages = [
        message("customer", at, words),
        message("agent", at + 600, f"I have looked into matter {number}."),
    ]
    if number == 13:
        messages += [
            message({"customer": 115}, at + 700, "My dulcimer daughter got married."),
            message({"customer": 112}, at + 800, "I love playing the oboe."),
        ]
    agent = {21: 12, 22: 13}.get(number, 11)
    return ticket(number, 100 + number, at, agent=agent, subject=words, messages=messages)


def _on_the_first_day() -> list[dict[str, Any]]:
    changes: list[dict[str, Any]] = [
        {"do": "delete_ticket", "ticket": 1},
        {"do": "delete_ticket", "ticket": 2},
        {"do": "delete_ticket", "ticket": 3},
        {"do": "scrub_ticket", "ticket": 3},
        {"do": "spam_ticket", "ticket": 4},
        {"do": "merge_tickets", "loser": 5, "winner": 6},
        {"do": "redact_message", "ticket": 7, "message": 0, "words": "ocarina"},
        {"do": "make_private", "ticket": 8, "message": 1},
        {"do": "merge_customers", "loser": 109, "winner": 110},
        {"do": "merge_customers", "loser": 120, "winner": 110},
        {"do": "delete_customer", "customer": 112},
        {"do": "delete_customer", "customer": 114},
        {"do": "delete_customer", "customer": 115},
        {"do": "delete_customer_permanently", "customer": 115},
        {"do": "add_identity", "customer": 116, "identity": _email("second@mail.example")},
        {"do": "remove_identity", "customer": 117, "identity": _email("c117@mail.example")},
        {"do": "update_customer", "customer": 118, "set": {"phone": "+12125550199"}},
        {"do": "update_ticket", "ticket": 19, "set": {"customer": 113}},
        {"do": "update_agent", "agent": 12, "set": {"name": "Petra Lang"}},
        {"do": "update_agent", "agent": 13, "set": {"active": False}},
    ]
    return [{"at": AS_OF + 600 + n, **one} for n, one in enumerate(changes)]


def _on_the_second_day() -> list[dict[str, Any]]:
    changes: list[dict[str, Any]] = [
        {"do": "restore_ticket", "ticket": 2},
        {"do": "restore_customer", "customer": 114},
        {"do": "merge_customers", "loser": 110, "winner": 113},
    ]
    return [{"at": AS_OF + DAY + 600 + n, **one} for n, one in enumerate(changes)]


def _email(value: str) -> dict[str, str]:
    return {"type": "email", "value": value}


@dataclass(frozen=True, slots=True)
class Day:
    """What there is once the record was brought up to date.

    Attributes:
        exports: By customer id; None for whom nobody is known.
        preferred: By customer id, the ref of the agent they would rather speak to.
        text: Every text of every table of the record.
        digests: Of every vector.
        indexed: The issues in Chroma.
        issues: The issues in the record.
        status: The account's status.
    """

    exports: Mapping[str, dict[str, Any] | None]
    preferred: Mapping[str, str | None]
    text: str
    digests: frozenset[bytes]
    indexed: frozenset[str]
    issues: frozenset[str]
    status: Mapping[str, Any]
    report: Report
    key: bytes

    def export(self, number: int) -> dict[str, Any]:
        """The export of a customer who is known."""
        found = self.exports[str(number)]
        assert found is not None
        return found

    def tickets(self, number: int) -> dict[str, dict[str, Any]]:
        """A customer's tickets in their export, by their own id."""
        return {one["ref"].partition(":")[2]: one for one in self.export(number)["tickets"]}

    def remembered(self, number: int) -> str:
        """The words of all that is remembered of a customer."""
        return " ".join(str(one["quote"]) for one in self.export(number)["memories"])

    def reached_by(self, number: int) -> set[str]:
        """The values of a customer's identities."""
        return {one["value"] for one in self.export(number)["customer"]["identities"]}

    def has_vector(self, sentence: str, role: str = "customer") -> bool:
        """Whether a sentence's vector is there."""
        return digest(self.key, spoken(role, sentence)) in self.digests  # type: ignore[arg-type]


def _client(helpdesk: DemoHelpdesk, clock: ManualClock, account: str) -> Freshdesk | Zendesk:
    """A client of a simulated helpdesk, whichever it is."""
    options: dict[str, Any] = {"clock": clock, "share": 1.0, "account": account}
    if helpdesk.provider == "freshdesk":
        return Freshdesk(helpdesk.url, ApiKey(helpdesk.keys.admin), **options)
    known = helpdesk.credentials
    credentials = ClientCredentials(known.client_id, known.client_secret)
    return Zendesk(helpdesk.url, credentials, **options)


class Follower:
    """A record that follows a simulated helpdesk, with the real model beside it."""

    def __init__(self, provider: str, folder: Path) -> None:
        self._provider = provider
        self._account = f"{provider}:acme"
        self._folder = folder
        self._stack = ExitStack()
        self.clock = ManualClock(datetime.fromtimestamp(AS_OF, UTC))

    def __enter__(self) -> Self:
        options: dict[str, Any] = {"provider": self._provider, "clock": self.clock.now}
        if self._provider == "freshdesk":
            options["plan"] = FreshdeskPlan(rates=NO_RATES)
        else:
            options["limits"] = UNLIMITED
        self.helpdesk = DemoHelpdesk(read_story(story()), **options)
        if self._provider == "zendesk":
            self.helpdesk.state.habits = Habits(tells_redactions=False)  # type: ignore[union-attr]
        self._stack.enter_context(self.helpdesk)
        self.memory = self._stack.enter_context(
            Memory.open(self._folder, default_region="US", now=self.clock.now)
        )
        self.memory.record.add_account(self._account, self.helpdesk.url)
        url = f"sqlite:///{self._folder / 'record.sqlite'}"
        place = Workplace(url, self._folder / "index")
        self._remembering = self._stack.enter_context(Remembering.open(place, self._account))
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def run(self, *, sync: bool) -> Day:
        """Bring the record up to date, remember, and look at everything."""

        async def work() -> Report:
            client: Any = _client(self.helpdesk, self.clock, self._account)
            together = Together(
                self.memory.record,
                self.memory.account,
                client,
                None,
                clock=self.clock,
                listener=Silent(),
                region="US",
                recheck_days=0,
            )
            async with client:
                return await (together.sync() if sync else together.backfill())

        report = asyncio.run(work())
        self._remembering.drain(wait=lambda: False, report=lambda _: None)
        return self._look(report)

    def days(self) -> dict[str, Day]:
        """Every day of the story, in its order."""
        found = {}
        for name, days in _DAYS.items():
            self.clock.advance(days * DAY)
            found[name] = self.run(sync=True)
        return found

    def _look(self, report: Report) -> Day:
        account = self.memory.account
        with self.memory.record.reading() as connection:
            text = "\n".join(
                str(value)
                for table in t.metadata.sorted_tables
                for row in connection.execute(sa.select(table))
                for value in row
                if isinstance(value, str)
            )
            digests = frozenset(connection.scalars(sa.select(t.vector.c.digest)))
            remembered = frozenset(issues.ids(connection, account.number))
        people = [str(number) for number in range(101, 123)]
        return Day(
            exports={one: self._export(account.ref(one)) for one in people},
            preferred={one: self._preferred(account.ref(one)) for one in people},
            text=text,
            digests=digests,
            indexed=frozenset(self._remembering.index.ids()),
            issues=remembered,
            status=self.memory.status()["accounts"][0],
            report=report,
            key=account.key,
        )

    def _export(self, ref: str) -> dict[str, Any] | None:
        try:
            return dict(self.memory.export(customer=ref))
        except NotFoundError:
            return None

    def _preferred(self, ref: str) -> str | None:
        found = self.memory.brief(customer=ref, verified=True)["preferred_agent"]
        return found["agent"]["ref"] if found else None
