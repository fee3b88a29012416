"""Briefs of invented people, as the service would answer, for every state of the component."""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]

AS_OF = "2026-07-07T09:00:00Z"
PAGES = "https://acme.example/agent"


def evidence(quote: str, ticket: int = 8810, role: str = "customer", **more: Any) -> Document:
    """Words of somebody in a message."""
    names = {"customer": "Mara Lindqvist", "agent": "Daniel Osei"}
    return {
        "ticket": f"zendesk:{ticket}",
        "message": "1",
        "url": f"{PAGES}/tickets/{ticket}",
        "said_on": "2026-06-29",
        "channel": "voice",
        "author": {"name": names.get(role), "role": role},
        "quote": quote,
        **more,
    }


def item(memory: str, kind: str, quote: str | None, **more: Any) -> Document:
    """Something remembered; hidden where there is no quote."""
    return {
        "memory": memory,
        "kind": kind,
        "relation": None,
        "said_on": "2026-06-29",
        "said_days_ago": 8,
        "about_on": None,
        "hidden": quote is None,
        "quote": quote,
        "evidence": [] if quote is None else [evidence(quote)],
        "confidence": 0.9,
        "consent": "unknown",
        "first_view": True,
        **more,
    }


def open_ticket(number: int, title: str, **more: Any) -> Document:
    """A ticket that is not solved."""
    return {
        "ticket": f"zendesk:{number}",
        "title": title,
        "status": "open",
        "opened_on": "2026-06-28",
        "url": f"{PAGES}/tickets/{number}",
        "hidden": False,
        "first_view": True,
        **more,
    }


def earlier(title: str, times: int = 3, **more: Any) -> Document:
    """A problem that was solved before."""
    return {
        "title": title,
        "times": times,
        "first_on": "2026-03-02",
        "last_on": "2026-06-20",
        "outcome": "solved",
        "resolution": None,
        "tickets": ["zendesk:8701"],
        "evidence": [evidence("It is too high again", 8701, channel="email")],
        "hidden": False,
        "first_view": True,
        **more,
    }


def promise(memory: str, title: str, **more: Any) -> Document:
    """What an agent promised, two days late."""
    return {
        "memory": memory,
        "title": title,
        "promised_by": "Daniel Osei",
        "due_on": "2026-07-05",
        "state": "overdue",
        "overdue_days": 2,
        "evidence": [evidence("I will call you back by the fifth.", role="agent")],
        "hidden": False,
        "first_view": True,
        **more,
    }


def check(memory: str, what: str, **more: Any) -> Document:
    """A detail to double-check."""
    told = evidence(f"?{what}", role="agent", channel="note")
    return {
        "memory": memory,
        "what": what,
        "noted_on": "2026-06-29",
        "evidence": [told],
        "first_view": True,
        **more,
    }


def customer(**more: Any) -> Document:
    """Mara Lindqvist, or somebody else."""
    return {
        "ref": "zendesk:100",
        "name": "Mara Lindqvist",
        "pronunciation": "MAH-ra",
        "phone": "+12125550101",
        "email": "mara@example.com",
        "organization": None,
        "language": "en",
        "time_zone": "America/New_York",
        "since": "2017-03-01",
        "contacts": 31,
        "rhythm": {"every_days": 7, "weekday": None},
        "url": f"{PAGES}/users/100",
        **more,
    }


def candidate(ref: str, name: str | None, **more: Any) -> Document:
    """One of several who may be calling."""
    told = {"organization": None, "last_contact_on": "2026-06-29", **more}
    return {"ref": ref, "name": name, **told}


def brief(**more: Any) -> Document:
    """A brief that says nothing but what is given."""
    return {
        "version": 1,
        "account": "zendesk:acme",
        "as_of": AS_OF,
        "synced_at": AS_OF,
        "match": {"by": "ring", "value": "r1", "outcome": "one", "candidates": []},
        "verified": False,
        "customer": None,
        "last": None,
        "you": None,
        "preferred_agent": None,
        "about": None,
        **{name: [] for name in LISTS},
        **more,
    }


LISTS = (
    *("adjustments", "care", "context", "open", "missed", "before"),
    *("promises", "check", "suggestions", "withheld"),
)


def nobody(outcome: str, *candidates: Document, situation: str = "unknown_caller") -> Document:
    """A brief of a call of which it is not known who calls."""
    match = {"by": "ring", "value": "r1", "outcome": outcome, "candidates": list(candidates)}
    say = [{"situation": situation, "text": "Good morning, who am I speaking with?"}]
    return brief(match=match, suggestions=say)


def unverified(**more: Any) -> Document:
    """What is shown of Mara before the agent knows that it is her."""
    told = {
        "customer": customer(phone=None, email=None, rhythm=None),
        "adjustments": [item("m-slow", "access_need", "Please speak slowly")],
        "open": [open_ticket(8831, "Refund", hidden=True)],
        "you": {**YOU, "last_about": None, "evidence": []},
        "preferred_agent": preferred(),
        "suggestions": [{"situation": "unverified", "text": "Hello, how can I help you today?"}],
        "withheld": [
            {"kind": "bereavement", "count": 1, "why": "unverified"},
            {"kind": "health", "count": 1, "why": "unverified"},
            {"kind": "promise", "count": 1, "why": "unverified"},
        ],
    }
    return brief(**(told | more))


def verified(**more: Any) -> Document:
    """The worked example: Mara, once the agent has ticked "verified"."""
    told = {
        "verified": True,
        "customer": customer(),
        "adjustments": [item("m-slow", "access_need", "Please speak slowly")],
        "care": [item("m-loss", "bereavement", None, relation="friend")],
        "you": YOU,
        "promises": [promise("m-call", "Call back")],
        "open": [open_ticket(8831, "Roaming refund")],
        "before": [earlier("Roaming bill too high")],
        "preferred_agent": preferred(),
        "check": [check("m-street", "spelling of the street")],
        "suggestions": [
            {
                "situation": "after_solved",
                "text": "Last time we set up your roaming plan. How has it worked since?",
            }
        ],
        "withheld": [{"kind": "never_kept", "count": 1, "why": "never_kept"}],
    }
    return brief(**(told | more))


YOU: Document = {
    "agent": "zendesk:11",
    "times": 6,
    "last_on": "2026-06-29",
    "minutes": 97.0,
    "last_about": "roaming plan",
    "evidence": [evidence("So the plan is set up now.", role="agent")],
}

LAST: Document = {
    "on": "2026-06-29",
    "channel": "voice",
    "minutes": 97.0,
    "agent": "Daniel Osei",
    "outcome": "solved",
    "tone": "bad",
    "restatement": "I only want my roaming plan to work when I am with my sister in Malmö",
    "evidence": [evidence("I only want my roaming plan to work")],
}


def preferred(*, is_you: bool = False) -> Document:
    """Whom Mara would rather speak to."""
    return {
        "agent": {"ref": "zendesk:12", "name": "Daniel Osei"},
        "reason": {"code": "asked_by_name", "times": 2, "of": 5},
        "confidence": 0.9,
        "is_you": is_you,
    }


def everything() -> Document:
    """A brief with every list full, and with words that no line was made for."""
    word = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen"
    relations = ("partner", "child", "parent", "relative", "friend", "pet", "self", None)
    kinds = ("bereavement", "health", "family_care", "hardship", "feeling")
    return verified(
        customer=customer(
            organization="Harbour Co-operative Housing Association of Greater Gothenburg",
            rhythm={"every_days": 14, "weekday": 2},
        ),
        last=LAST,
        adjustments=[
            item("m-a1", "contact_rule", "Do not ring the landline before ten in the morning"),
            item("m-a2", "access_need", None),
            item("m-a3", "preference", f"I would like {word} in writing please"),
            *(
                item(f"m-a{n}", "preference", "An e-mail is better for me", first_view=False)
                for n in range(4, 8)
            ),
        ],
        care=[
            item(f"m-c{kind}{n}", kind, None, relation=relation, first_view=n < 2)
            for kind in kinds
            for n, relation in enumerate(relations)
            if n < 2 or kind == "bereavement"
        ],
        context=[
            item("m-x1", "life_event", "My daughter is getting married", about_on="2026-07-09"),
            item("m-x2", "interest", "I sing in a choir"),
            *(item(f"m-x{n}", "work", word, first_view=False) for n in range(3, 7)),
            item("m-note", "note", "Likes to be called Mrs L.", evidence=[]),
        ],
        missed=[
            {"on": day, "channel": "voice", "evidence": [], "first_view": True}
            for day in ("2026-07-06", "2026-07-06", "2026-07-05")
        ],
        promises=[
            promise("m-p1", "Call back"),
            promise("m-p2", "Something to send", state="open", overdue_days=0, hidden=True),
            promise("m-p3", "Refund", state="kept", overdue_days=0, first_view=False),
            promise("m-p4", "Visit", due_on=None, overdue_days=0, first_view=False),
        ],
        open=[
            open_ticket(8831, f"Roaming refund {word}"),
            open_ticket(8832, "Cancellation", hidden=True, opened_on="2026-07-07"),
            *(open_ticket(n, "Router offline", first_view=False) for n in range(8833, 8839)),
        ],
        before=[
            earlier("Roaming bill too high"),
            earlier("Billing", hidden=True, evidence=[]),
            *(earlier(f"Matter {n} {word}", 1, first_view=False) for n in range(5)),
        ],
        check=[
            check("m-k1", "spelling of the street"),
            *(check(f"m-k{n}", f"the {word}", first_view=False) for n in range(2, 6)),
        ],
        suggestions=[
            {"situation": "overdue_promise", "text": "We promised to call back by the fifth."},
            {"situation": "resource", "text": f"This may help ({PAGES}/{'x' * 150})"},
        ],
        withheld=[
            {"kind": kind, "count": n, "why": why}
            for n, (kind, why) in enumerate(
                [("health", "policy"), ("never_kept", "never_kept"), ("issue", "hidden")], 1
            )
        ],
    )


SEVERAL = nobody(
    "several",
    candidate("zendesk:100", "Mara Lindqvist", organization="Harbour Co-op"),
    candidate("zendesk:101", "Jonas Lindqvist", last_contact_on=None),
    candidate("zendesk:102", None),
    situation="shared_number",
)
