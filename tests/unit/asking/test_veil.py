"""What a shared number hides besides, until it is known which of its people is calling."""

from __future__ import annotations

from typing import Any

from memory.asking.veil import veil
from tests.unit.asking.briefs import brief, item, open_ticket


def test_on_a_shared_number_how_to_reach_somebody_is_nobodys_business_yet() -> None:
    """A contact rule is counted; what somebody needs of us stays."""
    made: Any = brief(
        adjustments=[item("contact_rule", "do not ring"), item("access_need", "pls email")]
    )
    veil(made, shared=True)
    assert [one["kind"] for one in made["adjustments"]] == ["access_need"]
    assert made["withheld"] == [{"kind": "contact_rule", "count": 1, "why": "unverified"}]


def test_on_a_number_of_their_own_the_contact_rule_comes_through() -> None:
    """And nothing is said to be withheld where nothing is."""
    made: Any = brief(adjustments=[item("contact_rule", "do not ring")])
    veil(made, shared=False)
    assert [one["kind"] for one in made["adjustments"]] == ["contact_rule"]
    assert made["withheld"] == []


def test_a_title_that_is_neutral_already_stays_what_it_is() -> None:
    """A second neutralising would lose what the first one kept."""
    made: Any = brief(
        open=[open_ticket(title="Cancellation", hidden=True), open_ticket(title="My invoice")]
    )
    veil(made, shared=False)
    assert [(one["title"], one["hidden"]) for one in made["open"]] == [
        ("Cancellation", True),
        ("Billing", True),
    ]


def test_a_veil_leaves_what_was_withheld_before() -> None:
    """Counts by policy stand beside the counts of the veil."""
    policy = {"kind": "health", "count": 1, "why": "policy"}
    made: Any = brief(withheld=[dict(policy)], care=[item("feeling"), item("feeling")])
    veil(made, shared=False)
    assert made["withheld"] == [policy, {"kind": "feeling", "count": 2, "why": "unverified"}]
