"""The real service over a small record of an invented customer, and a phone system that rings."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx

from connector.clock import ManualClock
from connector.service.app import create_app
from memory.record.tokens import AGENT_SCOPES
from tests.browser.serving import served
from tests.support.book import AS_OF, Book, agent, ago, customer
from tests.support.service import context_of, token_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET = "what the phone system signs with"
LOSS = "My friend Nils died last week and I do not know whom to tell"
PROMISE = "I will call you back by the fifth"
MARA = "+12125550101"


@dataclass(frozen=True, slots=True)
class Running:
    """A service that answers, and what there is to ask it with.

    Attributes:
        url: Where it is.
        link: The sign-in link of agent Daniel Osei.
    """

    url: str
    link: str
    clock: ManualClock

    def ring(self, state: str = "ringing", *, caller: str | None = MARA, call: str = "c1") -> None:
        """Have the phone system tell of a call for Daniel."""
        body = json.dumps(
            {
                "call_id": call,
                "caller": caller,
                "called": "+12125550100",
                "agent_email": "daniel@acme.example",
                "state": state,
                "at": self.clock.now().isoformat(),
            }
        ).encode()
        at = str(int(self.clock.now().timestamp()))
        signature = hmac.new(SECRET.encode(), at.encode() + b"." + body, hashlib.sha256)
        headers = {
            "Content-Type": "application/json",
            "X-Remember-Timestamp": at,
            "X-Remember-Signature": signature.hexdigest(),
        }
        answer = httpx.post(f"{self.url}/v1/rings/generic", content=body, headers=headers)
        assert answer.status_code == 204, answer.text


def fill(book: Book) -> None:
    """Write down what is known of Mara, and of two who share a number."""
    book.people(
        agent("11", "Daniel Osei", email="daniel@acme.example"),
        agent("12", "Dana Reyes", email="dana@acme.example"),
        customer("100", "Mara Lindqvist", phone=MARA, email="mara@example.com"),
        customer("101", "Jonas Ek", phone="+12125550102"),
        customer("102", "Ida Ek", phone="+12125550102"),
        customer("103", "Olu Bankole", phone="+12125550103"),
    )
    for number in ("31", "32"):
        book.ticket(number, "103")
        book.contact(number, "12", 20.0, customer_id="103", at=ago(3))
    book.ticket("1", subject="Roaming refund")
    book.told("bereavement", LOSS, relation="friend")
    book.told("access_need", "please speak slowly")
    book.told("interest", "I sing in a choir by the harbour")
    book.contact("1", "11", 97.0, at=ago(8))


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Running]:
    """The service, as long as the context is open."""
    book = Book(folder)
    clock = ManualClock(AS_OF)
    fill(book)
    context = context_of(
        book, clock, folder, ring_generic_secret=SECRET, zendesk_url="https://acme.zendesk.com"
    )
    token = token_of(
        book, clock, *AGENT_SCOPES, agent_id="11", expires_at=clock.now() + timedelta(hours=12)
    )
    try:
        with served(create_app(context)) as url:
            yield Running(url, f"{url}/#link={token}", clock)
    finally:
        book.record.close()
