"""The brief as a document: key for key what other programs rely on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.shape import AT, LINK, NUMBER, ON, REF, misfit

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.demo.story import Story
    from tests.support.house import House, Told

pytestmark = [
    pytest.mark.xdist_group("lumenline-zendesk"),
    pytest.mark.timeout(900),
    pytest.mark.slow,
]

TEXT = (str, None)
EVIDENCE = [
    {
        "ticket": REF,
        "message": str,
        "url": LINK,
        "said_on": ON,
        "channel": str,
        "author": {"name": TEXT, "role": ("customer", "agent", "other")},
        "quote": str,
    }
]
KIND = (
    "issue",
    "bereavement",
    "health",
    "access_need",
    "family_care",
    "life_event",
    "hardship",
    "feeling",
    "work",
    "interest",
    "preference",
    "contact_rule",
    "loyalty",
    "agent_request",
    "promise",
    "check",
    "note",
)
ITEMS = [
    {
        "memory": str,
        "kind": KIND,
        "relation": ("self", "partner", "child", "parent", "relative", "friend", "pet", None),
        "said_on": ON,
        "said_days_ago": int,
        "about_on": (ON, None),
        "hidden": bool,
        "quote": TEXT,
        "evidence": EVIDENCE,
        "confidence": NUMBER,
        "consent": ("unknown", "agreed", "declined"),
        "first_view": bool,
    }
]
ABOUT = {
    "query": str,
    "hits": [
        {"score": NUMBER, "words": [str], "hidden": bool, "quote": TEXT, "evidence": EVIDENCE}
    ],
    "like_issues": [
        {
            "score": NUMBER,
            "title": str,
            "outcome": str,
            "ticket": REF,
            "url": LINK,
            "resolution": TEXT,
            "hidden": bool,
        }
    ],
}
BRIEF = {
    "version": 1,
    "account": "zendesk:lumenline",
    "as_of": AT,
    "synced_at": (AT, None),
    "match": {
        "by": ("phone", "email", "customer", "ticket", "ring"),
        "value": str,
        "outcome": ("one", "several", "none", "hidden"),
        "candidates": [
            {"ref": REF, "name": TEXT, "organization": TEXT, "last_contact_on": (ON, None)}
        ],
    },
    "verified": bool,
    "customer": (
        {
            "ref": REF,
            "name": TEXT,
            "pronunciation": TEXT,
            "phone": TEXT,
            "email": TEXT,
            "organization": TEXT,
            "language": TEXT,
            "time_zone": TEXT,
            "since": ON,
            "contacts": int,
            "rhythm": ({"every_days": int, "weekday": (int, None)}, None),
            "url": LINK,
        },
        None,
    ),
    "adjustments": ITEMS,
    "care": ITEMS,
    "context": ITEMS,
    "last": (
        {
            "on": ON,
            "channel": str,
            "minutes": (NUMBER, None),
            "agent": TEXT,
            "outcome": str,
            "tone": TEXT,
            "restatement": TEXT,
            "evidence": EVIDENCE,
        },
        None,
    ),
    "you": (
        {
            "agent": str,
            "times": int,
            "last_on": ON,
            "minutes": (NUMBER, None),
            "last_about": TEXT,
            "evidence": EVIDENCE,
        },
        None,
    ),
    "open": [
        {
            "ticket": REF,
            "title": str,
            "status": str,
            "opened_on": ON,
            "url": LINK,
            "hidden": bool,
            "first_view": bool,
        }
    ],
    "missed": [{"on": ON, "channel": str, "evidence": EVIDENCE, "first_view": bool}],
    "before": [
        {
            "title": str,
            "times": int,
            "first_on": ON,
            "last_on": ON,
            "outcome": str,
            "resolution": TEXT,
            "tickets": [REF],
            "evidence": EVIDENCE,
            "hidden": bool,
            "first_view": bool,
        }
    ],
    "preferred_agent": (
        {
            "agent": {"ref": REF, "name": TEXT},
            "reason": {
                "code": ("asked_by_name", "contact_time", "rated", "solved"),
                "times": int,
                "of": int,
            },
            "confidence": NUMBER,
            "is_you": bool,
        },
        None,
    ),
    "promises": [
        {
            "memory": str,
            "title": str,
            "promised_by": TEXT,
            "due_on": (ON, None),
            "state": ("open", "overdue", "kept"),
            "overdue_days": int,
            "evidence": EVIDENCE,
            "hidden": bool,
            "first_view": bool,
        }
    ],
    "check": [
        {"memory": str, "what": str, "noted_on": ON, "evidence": EVIDENCE, "first_view": bool}
    ],
    "suggestions": [{"situation": str, "text": str}],
    "about": (ABOUT, None),
    "withheld": [
        {"kind": str, "count": int, "why": ("hidden", "unverified", "policy", "never_kept")}
    ],
}
LISTS = ("adjustments", "care", "context", "open", "missed", "before", "promises", "check")

MARA, ELLEN = ("--phone", "+12125550101"), ("--phone", "+14135550102")
SWITCHBOARD, HIDDEN, UNKNOWN = (
    ("--phone", "+13125550150"),
    ("--phone", "anonymous"),
    ("--phone", "+18025550199"),
)


def _hidden_with_words(node: Any) -> list[Any]:
    """Every object that says it is hidden and still holds words or evidence."""
    if isinstance(node, list):
        return [found for one in node for found in _hidden_with_words(one)]
    if not isinstance(node, dict):
        return []
    speaks = node.get("hidden") and (node.get("quote") or node.get("evidence"))
    return ([node] if speaks else []) + _hidden_with_words(list(node.values()))


@pytest.mark.parametrize(
    ("ask", "outcome"),
    [
        (MARA, "one"),
        ((*MARA, "--verified", "--agent", "daniel.osei@lumenline.example"), "one"),
        ((*ELLEN, "--verified"), "one"),
        (("--ticket", "zendesk:8831", "--verified"), "one"),
        ((*SWITCHBOARD, "--verified"), "several"),
        (UNKNOWN, "none"),
        (HIDDEN, "hidden"),
        (("--customer", "freshdesk:70101"), "none"),
    ],
)
def test_every_outcome_has_the_same_keys(
    lumenline_as_zendesk: House,
    story: Story,
    in_process: Callable[..., Told],
    ask: tuple[str, ...],
    outcome: str,
) -> None:
    """One, several, none and hidden: the whole document, every key in its place, and a code."""
    told = in_process(
        lumenline_as_zendesk, "brief", *ask, "--as-of", story.as_of.isoformat(), "--json"
    )
    assert told.code == (0 if outcome in {"one", "several"} else 5)
    assert misfit(told.document, BRIEF) is None
    assert told.document["match"]["outcome"] == outcome
    if outcome != "one":
        nothing = {"customer", "last", "you", "preferred_agent", "about"}
        assert [told.document[key] for key in nothing] == [None] * 5
        assert [told.document[key] for key in LISTS] == [[]] * len(LISTS)


def test_everyone_has_a_brief_of_this_shape_and_nothing_hidden_speaks(
    lumenline_as_zendesk: House, story: Story, in_process: Callable[..., Told]
) -> None:
    """Of all customers, verified or not: key for key; a hidden item has no words, no evidence."""
    for person in story.customers:
        for verified in ((), ("--verified",)):
            ask = ("--customer", f"zendesk:{person.id}", *verified)
            told = in_process(lumenline_as_zendesk, "brief", *ask, "--json")
            assert misfit(told.document, BRIEF) is None, person.id
            assert _hidden_with_words(told.document) == []


def test_the_script_prints_one_document_and_nothing_else(lumenline_as_zendesk: House) -> None:
    """Standard output is one JSON document, standard error empty."""
    told = lumenline_as_zendesk.run("brief", *MARA, "--json")
    assert (told.code, told.err) == (0, "")
    assert misfit(told.document, BRIEF) is None


def test_a_piped_brief_is_plain_text(lumenline_as_zendesk: House, story: Story) -> None:
    """No escape codes, no box drawing, a line is a line: the name first, unwrapped."""
    told = lumenline_as_zendesk.run(
        "brief", *MARA, "--verified", "--as-of", story.as_of.isoformat()
    )
    assert told.code == 0
    assert "\x1b" not in told.out
    assert told.out.startswith("Mara Lindqvist")
    assert all(": " in line for line in told.out.splitlines()[1:])


def test_full_prints_more_than_the_first_view(
    lumenline_as_zendesk: House, story: Story, in_process: Callable[..., Told]
) -> None:
    """The document is the same; the printed first view is a part of all."""
    ask = ("brief", *ELLEN, "--verified", "--as-of", story.as_of.isoformat())
    brief = in_process(lumenline_as_zendesk, *ask).out
    full = in_process(lumenline_as_zendesk, *ask, "--full").out
    assert len(full) > len(brief)
    as_json = [
        in_process(lumenline_as_zendesk, *ask, *more, "--json").out for more in ((), ("--full",))
    ]
    assert as_json[0] == as_json[1]


def test_hidden_words_are_for_verified_callers(
    lumenline_as_zendesk: House, in_process: Callable[..., Told]
) -> None:
    """A reveal without --verified: exit 2, and how to ask."""
    told = in_process(lumenline_as_zendesk, "brief", *MARA, "--reveal", "--json")
    assert (told.code, told.out) == (2, "")
    assert "--verified" in told.problem["hint"]


def test_past_conversations_are_for_verified_callers(
    lumenline_as_zendesk: House, in_process: Callable[..., Told]
) -> None:
    """Before, `--about` finds issues of others and not a word of this customer's."""
    told = in_process(lumenline_as_zendesk, "brief", *MARA, "--about", "roaming bill", "--json")
    assert told.code == 0
    assert misfit(told.document, BRIEF) is None
    assert told.document["about"]["hits"] == []
    assert told.document["about"]["like_issues"]


def test_about_searches_their_history(
    lumenline_as_zendesk: House, in_process: Callable[..., Told]
) -> None:
    """Hits are of this customer, best first; like issues are of others."""
    told = in_process(
        lumenline_as_zendesk, "brief", *MARA, "--verified", "--about", "roaming bill", "--json"
    )
    assert misfit(told.document, BRIEF) is None
    about = told.document["about"]
    assert about["query"] == "roaming bill"
    scores = [hit["score"] for hit in about["hits"]]
    assert scores
    assert scores == sorted(scores, reverse=True)
    export = json.loads(in_process(lumenline_as_zendesk, "export", *MARA).out)
    own = {ticket["ref"] for ticket in export["tickets"]}
    assert {one["ticket"] for hit in about["hits"] for one in hit["evidence"]} <= own
    assert own.isdisjoint(issue["ticket"] for issue in about["like_issues"])


def test_recall_searches_one_customer_or_everyones_issues(
    lumenline_as_zendesk: House, in_process: Callable[..., Told]
) -> None:
    """One customer: hits, no like issues. Everyone: like issues, no customer's words as hits."""
    shape = {"version": 1, "query": str, "hits": ABOUT["hits"], "like_issues": ABOUT["like_issues"]}
    one = in_process(
        lumenline_as_zendesk, "recall", "roaming", "--customer", "zendesk:70101", "--json"
    )
    everyone = in_process(
        lumenline_as_zendesk, "recall", "the bill is too high", "--everyone", "--json"
    )
    assert one.code == everyone.code == 0
    assert misfit(one.document, shape) is None
    assert misfit(everyone.document, shape) is None
    assert one.document["hits"]
    assert not one.document["like_issues"]
    assert everyone.document["like_issues"]
    assert not everyone.document["hits"]


def test_recall_of_nobody_is_nothing_found(
    lumenline_as_zendesk: House, in_process: Callable[..., Told]
) -> None:
    """Exit 5 with the reason, no document."""
    told = in_process(
        lumenline_as_zendesk, "recall", "roaming", "--customer", "zendesk:1", "--json"
    )
    assert (told.code, told.out) == (5, "")
    assert told.problem["title"] == "Nothing found"
