"""Whom a customer would rather speak to, from the tickets up: requests, contact time, answer."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from memory.asking.preferred import History, preferred_agent
from memory.asking.view import View
from memory.entities import Role
from memory.record import Account
from memory.remembering.contacts import contacts_of
from memory.remembering.requests import AgentNames
from memory.remembering.turns import turns_of
from memory.text import sentences
from memory.text.clean import clean
from tests.evaluation.tables import Score, read

if TYPE_CHECKING:
    from datetime import tzinfo

NAME = "preferred"
_ACCOUNT = Account(1, "zendesk:acme", "https://acme.zendesk.com", b"", None, None)
_CUSTOMER = "customer"


def evaluate() -> Score:
    """Answer every case of the table."""
    cases = read(NAME)
    answers = [answer(case) for case in cases]
    wrong = [
        case["name"] for case, found in zip(cases, answers, strict=True) if found != case["expect"]
    ]
    found = Counter(
        ("hit" if given == case["expect"] else "false") if given else "none"
        for case, given in zip(cases, answers, strict=True)
    )
    expected = sum(case["expect"] is not None for case in cases)
    return Score(
        name=NAME,
        cases=len(cases),
        right=len(cases) - len(wrong),
        precision=found["hit"] / max(found["hit"] + found["false"], 1),
        recall=found["hit"] / max(expected, 1),
        wrong=wrong,
    )


def answer(case: dict[str, Any]) -> dict[str, Any] | None:
    """The preferred agent of one case, as the table writes it."""
    zone = ZoneInfo(case["zone"])
    view = View(_ACCOUNT, _at(case["as_of"], zone), zone)
    found = preferred_agent(view, _history(case, view), case["asking"])
    if found is None:
        return None
    return {"agent": found["agent"]["ref"].partition(":")[2], **found["reason"]}


def _history(case: dict[str, Any], view: View) -> History:
    agents = {one["id"]: SimpleNamespace(role="agent", **one) for one in case["agents"]}
    names = AgentNames([(one.id, one.name) for one in agents.values()])
    tickets, ratings, requests, contacts = [], [], [], []
    for ticket in case["tickets"]:
        rows = [_message(ticket["id"], *one, view.zone) for one in enumerate(ticket["messages"])]
        at = _at(ticket["on"], view.zone)
        tickets.append(_ticket(ticket, at))
        if ticket["rating"]:
            score, by = ticket["rating"]["score"], ticket["rating"]["agent"]
            ratings.append(
                SimpleNamespace(
                    id=ticket["id"], ticket_id=ticket["id"], score=score, agent_id=by, at=at
                )
            )
        requests += [one for row in rows for one in _requests(row, names)]
        contacts += [
            SimpleNamespace(ticket_id=ticket["id"], **{key: getattr(one, key) for key in _CONTACT})
            for one in contacts_of(_CUSTOMER, rows)
        ]
    now = view.as_of
    return History(
        requests=[one for one in requests if one.said_at <= now],
        contacts=[one for one in contacts if one.at <= now],
        tickets=[one for one in tickets if one.created_at <= now],
        ratings=[one for one in ratings if one.at <= now],
        agents=agents,
    )


_CONTACT = ("agent_id", "at", "minutes", "talks", "calls")


def _ticket(ticket: dict[str, Any], at: datetime) -> SimpleNamespace:
    return SimpleNamespace(
        id=ticket["id"],
        assignee_id=ticket["solved_by"],
        status="solved" if ticket["solved_by"] else "open",
        created_at=at,
        solved_at=None,
    )


def _message(ticket_id: str, place: int, told: dict[str, Any], zone: tzinfo) -> SimpleNamespace:
    """A row of `queries.messages_of_tickets`."""
    minutes = told.get("call_minutes")
    by_customer = told["by"] == "customer"
    return SimpleNamespace(
        ticket_id=ticket_id,
        id=f"{ticket_id}.{place}",
        author_id=_CUSTOMER if by_customer else told["who"],
        role=(Role.CUSTOMER if by_customer else Role.AGENT).value,
        at=_at(told["at"], zone),
        channel="chat" if minutes is None else "voice",
        public=told["by"] != "note",
        text=clean(told["text"]),
        direction=None if minutes is None else "inbound",
        minutes=minutes,
        answered_by=None if minutes is None else told["who"],
        missed=None,
        call_id=None,
    )


def _requests(row: SimpleNamespace, names: AgentNames) -> list[SimpleNamespace]:
    """As remembering reads them: customers' words, and agents' private notes."""
    found = []
    for turn in turns_of(row, _CUSTOMER):
        noted = turn.role is Role.AGENT and not turn.public
        if noted or turn.role is Role.CUSTOMER:
            found += [
                SimpleNamespace(code=one.code, ticket_id=row.ticket_id, said_at=turn.at)
                for span in sentences.split(turn.text)
                for one in names.find(span.text, me=turn.speaker_id if noted else None)
            ]
    return found


def _at(text: str, zone: tzinfo) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)
