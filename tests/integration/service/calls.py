"""A record of customers with a past, and calls of theirs, for tests of what agents ask and say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connector.rings.event import RingEvent
from tests.support.book import AS_OF, ago, customer
from tests.support.service import bearing, session_of

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from connector.clock import Clock
    from connector.rings.event import State
    from connector.service.context import Context
    from tests.support.book import Book

MARA, ELLEN, BO = "zendesk:100", "zendesk:101", "zendesk:102"
PHONE, SHARED = "+12125550101", "+12125550102"

SECRETS = (
    "My friend Ruth died",
    "I am hard of hearing",
    "after the funeral",
    "her sister has cancer",
    "late husband",
    "I have a bad heart",
    "I cannot pay the rent",
)
"""Words that are hidden of them, each in one place."""


def with_a_past(book: Book) -> dict[str, str]:
    """Mara and Ellen, who told us of their lives, and Bo, who has Ellen's number; memory ids."""
    book.people(
        customer("101", "Ellen Park", phone=SHARED), customer("102", "Bo Lind", phone=SHARED)
    )
    book.ticket("1", subject="Cancel my late husband's line")
    book.ticket("2", at=ago(2), subject="Router drops")
    book.ticket("7", "101", at=ago(3))
    told = {
        "bereavement": book.told("bereavement", "My friend Ruth died", relation="friend"),
        "access_need": book.told(
            "access_need", "I am hard of hearing, please speak slowly", code="speak_slowly"
        ),
        "promise": book.told(
            "promise",
            "I will call you back after the funeral",
            by="11",
            code="call",
            sensitive=True,
        ),
        "interest": book.told("interest", "I love sailing"),
        "hardship": book.told("hardship", "I cannot pay the rent", ticket_id="2", at=ago(2)),
        "health_of_ellen": book.told(
            "health", "I have a bad heart", ticket_id="7", customer_id="101", by="101"
        ),
        "contact_rule": book.told(
            "contact_rule", "Do not ring the landline", ticket_id="7", customer_id="101", by="101"
        ),
        "note": "n1",
    }
    book.contact("1", "11", 97, at=ago(9))
    book.contact("2", "11", 12, at=ago(2))
    book.note("her sister has cancer", note_id="n1")
    return told


@dataclass(frozen=True, slots=True)
class Asking:
    """An agent, or a program, that asks the service."""

    client: TestClient
    bearer: str

    def post(self, path: str, **body: Any) -> Any:
        """Send a document; the answer."""
        return self.client.post(path, json=body, headers=bearing(self.bearer))

    def get(self, path: str) -> Any:
        """Ask for a document; the answer."""
        return self.client.get(path, headers=bearing(self.bearer))


def agent_of(
    client: TestClient, book: Book, clock: Clock, agent_id: str = "11", **how: Any
) -> Asking:
    """An agent in a session."""
    return Asking(client, session_of(book, clock, agent_id, **how))


def ring(
    client: TestClient,
    context: Context,
    caller: str | None = PHONE,
    *agents: str,
    state: State = "ringing",
    call_id: str = "c1",
    account: str = "zendesk:acme",
) -> str:
    """Have a phone system tell of a call; the ring's key.

    Args:
        client: The running service.
        context: The same service's.
        caller: Who rings.
        agents: E-mails of whom it rings; none: whoever takes it.
        state: What has happened.
        call_id: Which call.
        account: Whose.
    """
    event = RingEvent(
        provider="generic",
        call_id=call_id,
        caller=caller,
        called="+12125550199",
        direction="inbound",
        agents=agents,
        state=state,
        at=AS_OF,
    )
    assert client.portal is not None
    told = client.portal.call(context.board.tell, account, event)
    assert told is not None
    return told.key
