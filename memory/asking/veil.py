"""What is left of a brief until the caller is verified: caller ID proves nothing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from memory import policy

if TYPE_CHECKING:
    from memory.asking.document import Brief


def veil(brief: Brief, *, shared: bool) -> None:
    """Reduce a brief to what an unverified caller's agent may see; the rest is counted.

    What stays is the name, adjustments (without contact rules on a shared number), open tickets
    with neutral titles, missed contacts, the preferred agent, and `you` without what it was about.

    Args:
        brief: Changed in place.
        shared: Whether several people use the number.
    """
    counted: Counter[str] = Counter()
    for item in (*brief["care"], *brief["context"]):
        counted[item["kind"]] += 1
    counted["issue"] += len(brief["before"])
    counted["promise"] += len(brief["promises"])
    counted["check"] += len(brief["check"])
    if shared:
        counted["contact_rule"] += sum(x["kind"] == "contact_rule" for x in brief["adjustments"])
        brief["adjustments"] = [x for x in brief["adjustments"] if x["kind"] != "contact_rule"]
    brief["care"], brief["context"], brief["before"] = [], [], []
    brief["promises"], brief["check"] = [], []
    brief["last"] = None
    if brief["customer"] is not None:
        brief["customer"] |= {"phone": None, "email": None, "rhythm": None}
    if brief["you"] is not None:
        brief["you"] |= {"last_about": None, "evidence": []}
    for missed in brief["missed"]:
        missed["evidence"] = []
    for ticket in brief["open"]:
        if not ticket["hidden"]:
            ticket |= {"title": policy.neutral_title(ticket["title"]), "hidden": True}
    brief["withheld"].extend(
        {"kind": kind, "count": count, "why": "unverified"}
        for kind, count in sorted(counted.items())
        if count
    )
