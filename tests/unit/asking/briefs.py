"""Briefs made by hand, and at random, for what only reads the document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from memory.asking.document import Brief


def item(kind: str, quote: str | None = None, **more: Any) -> dict[str, Any]:
    """A remembered thing said eight days ago; hidden when it has no quote."""
    return {
        "memory": f"{kind}-1",
        "kind": kind,
        "relation": None,
        "said_on": "2026-06-29",
        "said_days_ago": 8,
        "about_on": None,
        "hidden": quote is None,
        "quote": quote,
        "evidence": [],
        "confidence": 0.9,
        "consent": "unknown",
        "first_view": True,
        **more,
    }


def open_ticket(number: int = 8831, title: str = "Roaming refund", **more: Any) -> dict[str, Any]:
    """A ticket open for nine days."""
    return {
        "ticket": f"zendesk:{number}",
        "title": title,
        "status": "open",
        "opened_on": "2026-06-28",
        "url": f"https://acme.zendesk.com/agent/tickets/{number}",
        "hidden": False,
        "first_view": True,
        **more,
    }


def before(title: str = "Roaming bill too high", **more: Any) -> dict[str, Any]:
    """An issue solved three times since March."""
    return {
        "title": title,
        "times": 3,
        "first_on": "2026-03-02",
        "last_on": "2026-06-02",
        "outcome": "solved",
        "resolution": None,
        "tickets": ["zendesk:1"],
        "evidence": [],
        "hidden": False,
        "first_view": True,
        **more,
    }


def check(what: str = "street", **more: Any) -> dict[str, Any]:
    """A thing to double-check."""
    told = {"memory": "n1", "noted_on": "2026-06-29", "evidence": [], "first_view": True}
    return {"what": what, **told, **more}


def preferred(name: str | None = "Daniel Osei", **more: Any) -> dict[str, Any]:
    """Asked for by name twice."""
    return {
        "agent": {"ref": "zendesk:11", "name": name},
        "reason": {"code": "asked_by_name", "times": 2, "of": 2},
        "confidence": 0.9,
        "is_you": False,
        **more,
    }


def you(**more: Any) -> dict[str, Any]:
    """Six talks with the asking agent."""
    return {
        "agent": "zendesk:11",
        "times": 6,
        "last_on": "2026-06-29",
        "minutes": 97.0,
        "last_about": "roaming plan",
        "evidence": [],
        **more,
    }


def last(**more: Any) -> dict[str, Any]:
    """The last contact, with another agent."""
    return {
        "on": "2026-06-29",
        "channel": "voice",
        "minutes": 12.4,
        "agent": "Eli Stone",
        "outcome": "solved",
        "tone": None,
        "restatement": "My bill is far too high",
        "evidence": [],
        **more,
    }


def promise(title: str = "Call back", **more: Any) -> dict[str, Any]:
    """What Daniel promised for two days ago."""
    return {
        "memory": "p1",
        "title": title,
        "promised_by": "Daniel Osei",
        "due_on": "2026-07-05",
        "state": "overdue",
        "overdue_days": 2,
        "evidence": [],
        "hidden": False,
        "first_view": True,
        **more,
    }


def missed(on: str = "2026-07-06") -> dict[str, Any]:
    """A call that nobody answered."""
    return {"on": on, "channel": "voice", "evidence": [], "first_view": True}


def brief(**more: Any) -> Brief:
    """A verified brief of Mara, as of 7 July, with nothing in it unless told."""
    who = {
        "ref": "zendesk:100",
        "name": "Mara Lindqvist",
        "pronunciation": None,
        "phone": None,
        "email": None,
        "organization": None,
        "language": None,
        "time_zone": None,
        "since": "2017-03-01",
        "contacts": 9,
        "rhythm": None,
        "url": "https://acme.zendesk.com/agent/users/100",
    }
    customer = more.pop("customer", {})
    made: Any = {
        "version": 1,
        "account": "zendesk:acme",
        "as_of": "2026-07-07T09:00:00Z",
        "synced_at": None,
        "match": {"by": "phone", "value": "+12125550101", "outcome": "one", "candidates": []},
        "verified": True,
        "customer": None if customer is None else who | customer,
        "last": None,
        "you": None,
        "preferred_agent": None,
        "about": None,
        **{
            section: []
            for section in (
                *("adjustments", "care", "context", "open", "missed", "before"),
                *("promises", "check", "suggestions", "withheld"),
            )
        },
        **more,
    }
    return made  # type: ignore[no-any-return]  # a document, whatever the test puts in it


def _words(most: int) -> st.SearchStrategy[str]:
    word = st.sampled_from(["a", "roaming", "b2", "-", "straße", "I", "two\nlines"])
    return st.lists(word, min_size=1, max_size=most).map(" ".join)


def _many(made: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(made, max_size=6)


_CARE = st.sampled_from(["bereavement", "health", "family_care", "hardship", "feeling"])
_RELATION = st.sampled_from([None, "partner", "friend", "pet"])
_QUOTE = st.none() | _words(40)
_DAYS = st.integers(0, 4000)


def random_briefs() -> st.SearchStrategy[Brief]:
    """Briefs of any fullness, with names as long as helpdesks allow and quotes of any length."""
    return st.builds(
        brief,
        verified=st.booleans(),
        customer=st.fixed_dictionaries(
            {
                "name": st.none() | _words(30),
                "pronunciation": st.none() | _words(6),
                "organization": st.none() | _words(30),
                "rhythm": st.none()
                | st.fixed_dictionaries(
                    {"every_days": st.integers(1, 45), "weekday": st.none() | st.integers(1, 7)}
                ),
            }
        ),
        adjustments=_many(
            st.builds(item, st.sampled_from(["access_need", "contact_rule"]), _QUOTE)
        ),
        care=_many(
            st.builds(item, _CARE, _QUOTE, relation=_RELATION, said_days_ago=_DAYS),
        ),
        context=_many(st.builds(item, st.sampled_from(["work", "note", "interest"]), _QUOTE)),
        open=_many(st.builds(open_ticket, title=_words(30), hidden=st.booleans())),
        before=_many(st.builds(before, _words(30), times=st.integers(1, 99))),
        check=_many(st.builds(check, _words(1))),
        missed=_many(st.builds(missed)),
        promises=_many(
            st.builds(
                promise,
                _words(30),
                promised_by=st.none() | _words(4),
                due_on=st.sampled_from([None, "2025-12-31", "2026-07-05"]),
                state=st.sampled_from(["open", "overdue", "kept"]),
                hidden=st.booleans(),
            )
        ),
        you=st.none() | st.builds(you, last_about=st.none() | _words(30)),
        last=st.none()
        | st.builds(last, agent=st.none() | _words(20), restatement=st.none() | _words(40)),
        preferred_agent=st.none() | st.builds(preferred, st.none() | _words(20)),
        withheld=st.lists(
            st.fixed_dictionaries(
                {"kind": _CARE, "count": st.integers(1, 9), "why": st.just("unverified")}
            ),
            max_size=3,
        ),
    )
