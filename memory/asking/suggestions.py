"""Words an agent may say: at most two sentences, by situation.

A suggestion is made from what the brief shows and nothing else. Before the caller is verified, or
when it is not known who calls, the sentence holds no fact at all. What the brief hides, and the
lists of care, context and adjustments, are never looked at: nothing sensitive chooses a sentence.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from memory import policy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from memory.asking.document import Before, Brief, Promise, Suggestion
    from memory.asking.wording import Wording

MOST = 2
LONG_DAYS = 365
"""Whoever was not in touch for longer than this is back after long."""

FOLLOWED_UP_DAYS = 90
"""For so long after an issue was solved one asks how it has worked since."""

_ANNIVERSARY_DAYS = 7
_FEWEST_YEARS = 2
_MOST_WORDS = 8
_CALLS: Final = frozenset({"phone", "ring"})
_WITHOUT_FACTS: Final = {
    "none": "unknown_caller",
    "hidden": "hidden_number",
    "several": "shared_number",
    "one": "unverified",
}
_NAMES_NOTHING: Final = re.compile("something", re.IGNORECASE)
_UNSPEAKABLE: Final = re.compile(
    r"[{}<>\"“”#@|\\\[\]]|\d{5}|\d[\d ()./+-]{6}|://|\b[a-z]/[a-z]\b"
    r"|\b(?:acct|appt|adv|cx|cust|nfa|pls|pymt|req'?d|tkt|tx|xfer)\b",
    re.IGNORECASE,
)
"""What nobody says aloud in a sentence: numbers, addresses, marks of programs, shorthand."""


def suggestions_for(brief: Brief, today: date, wording: Wording) -> list[Suggestion]:
    """The sentences for a brief that is complete but for them; most needed first.

    Args:
        brief: As it will be shown.
        today: The day it is for the account.
        wording: What there is to say.
    """
    found: list[Suggestion] = []
    for situation, facts in _situations(brief, today, wording):
        text = wording.of(situation, facts, _turn(brief, situation, today))
        if text is None or policy.sensitive_words(text):
            continue
        if situation == "resource" and facts["url"]:
            text = f"{text} ({facts['url']})"
        found.append({"situation": situation, "text": text})
        if len(found) == MOST:
            break
    return found


def _turn(brief: Brief, situation: str, today: date) -> int:
    """A number that each contact moves on by one, so that nobody hears a sentence twice running.

    Of whom nothing is known, the day stands in for the contacts.
    """
    customer = brief["customer"]
    who = brief["match"]["value"] if customer is None else customer["ref"]
    turn = today.toordinal() if customer is None else customer["contacts"]
    key = hashlib.blake2b(f"{who}\0{situation}".encode(), digest_size=4).digest()
    return int.from_bytes(key, "big") + turn


def _situations(
    brief: Brief, today: date, wording: Wording
) -> Iterator[tuple[str, Mapping[str, str]]]:
    """What is the case, and what may be said of it."""
    outcome, by_phone = brief["match"]["outcome"], brief["match"]["by"] in _CALLS
    if outcome != "one" or brief["customer"] is None or not brief["verified"]:
        if by_phone and outcome in _WITHOUT_FACTS:
            yield _WITHOUT_FACTS[outcome], {}
        return
    promise = _pressing(brief)
    if promise is not None:
        yield f"{promise['state']}_promise", _promise(promise, today)
    if brief["missed"]:
        times = len(brief["missed"])
        often = "twice" if times == 2 else f"{times} times"
        yield "missed_calls", {"times": often} if times > 1 else {}
    again = _again(brief)
    if again is not None:
        yield "same_problem_again", _filled(issue=again)
    settled = again is None and promise is None and not _left_unhappy(brief)
    yield from _since(brief, today, settled=settled)
    for resource in wording.resources:
        if any(resource.fits(title) for title in _titles(brief)):
            yield "resource", {"name": resource.name, "url": resource.url}
            break
    if by_phone and _may_tell(brief, today):
        yield "ask_to_note", {}


def _since(brief: Brief, today: date, *, settled: bool) -> Iterator[tuple[str, Mapping[str, str]]]:
    """What the time since the last contact, and since the first, gives to say.

    Where something came back, is still owed, or made somebody leave unhappy, nobody asks how well
    it has worked since.
    """
    last, customer = brief["last"], brief["customer"]
    if last is not None:
        on = date.fromisoformat(last["on"])
        gone = (today - on).days
        issue = _solved_last(brief)
        if gone > LONG_DAYS:
            yield "back_after_long", {"when": f"{on:%B %Y}"}
        elif issue is not None and settled and 1 <= gone <= FOLLOWED_UP_DAYS:
            yield "after_solved", _filled(issue=issue)
    years = _years(date.fromisoformat(customer["since"]), today) if customer is not None else 0
    if years >= _FEWEST_YEARS:
        yield "long_time_customer", {"years": str(years)}


def _left_unhappy(brief: Brief) -> bool:
    return brief["last"] is not None and brief["last"]["tone"] == "bad"


def _pressing(brief: Brief) -> Promise | None:
    """The promise to speak of: one that is late, else one that is open."""
    shown = [one for one in brief["promises"] if not one["hidden"]]
    states = (one for state in ("overdue", "open") for one in shown if one["state"] == state)
    return next(states, None)


def _promise(promise: Promise, today: date) -> dict[str, str]:
    due = _day(date.fromisoformat(promise["due_on"]), today) if promise["due_on"] else None
    title = promise["title"]
    named = None if _NAMES_NOTHING.match(title) else title[:1].lower() + title[1:]
    return _filled(promise=named, agent=promise["promised_by"], due=due)


def _day(day: date, today: date) -> str:
    """A day as it is said: the year only where it is another."""
    return f"{day.day} {day:%B}" + ("" if day.year == today.year else f" {day.year}")


def _again(brief: Brief) -> str | None:
    """The title of an open ticket with which an earlier issue came back."""
    back = {ticket for one in brief["before"] if not one["hidden"] for ticket in one["tickets"]}
    shown = (one for one in brief["open"] if not one["hidden"])
    return next((one["title"] for one in shown if one["ticket"] in back), None)


def _solved_last(brief: Brief) -> str | None:
    """What was solved at the last contact, where nothing of it is hidden."""
    last = brief["last"]
    if last is None or last["outcome"] != "solved" or not last["restatement"]:
        return None
    if policy.sensitive_words(last["restatement"]):
        return None
    issue = _issue_of_last(brief)
    if issue is None:
        return last["restatement"]
    return None if issue["hidden"] else issue["title"]


def _issue_of_last(brief: Brief) -> Before | None:
    last = brief["last"]
    tickets = {one["ticket"] for one in last["evidence"]} if last is not None else set()
    return next((one for one in brief["before"] if tickets & set(one["tickets"])), None)


def _titles(brief: Brief) -> Iterator[str]:
    """What is open, and what was last."""
    yield from (one["title"] for one in brief["open"] if not one["hidden"])
    issue = _issue_of_last(brief)
    if issue is not None and not issue["hidden"]:
        yield issue["title"]


def _years(since: date, today: date) -> int:
    """How many years ago, in the week that begins on the day; else 0."""
    day = today - since
    for back in range(_ANNIVERSARY_DAYS):
        then = today - timedelta(days=back)
        if day.days > 0 and (then.month, then.day) == (since.month, since.day):
            return then.year - since.year
    return 0


def _may_tell(brief: Brief, today: date) -> bool:
    """Whether somebody is on the line who is new, or was in touch today: they may tell more.

    The occasion alone decides; what was told is not looked at.
    """
    customer, last = brief["customer"], brief["last"]
    new = customer is not None and customer["contacts"] <= 1
    return new or (last is not None and last["on"] == today.isoformat())


def _filled(**facts: str | None) -> dict[str, str]:
    """The facts that may be said, as they are said."""
    spoken = {slot: _spoken(fact) for slot, fact in facts.items() if fact}
    return {slot: fact for slot, fact in spoken.items() if fact}


def _spoken(fact: str) -> str:
    """A fact without the stops at its ends; nothing where it cannot or must not be spoken."""
    words = fact.strip(" \t\r\n.,;:!-").split()
    text = " ".join(words)
    unfit = len(words) > _MOST_WORDS or not text.isprintable() or _UNSPEAKABLE.search(text)
    return "" if unfit or policy.sensitive_words(text) else text
