"""Which of a customer's tickets are about one problem, and which came though it had been solved.

One problem is the same thing and the same complaint; the words, the subject and the day may
differ. A ticket joins the earlier one it is most like when it is like enough, and like the others
of that problem as well: by what it means (its vector), by words they share, and by what its words
tell. Who says "again" needs less; another order number, street or name, a wish, thanks or a year
in between need more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from memory.asking.meanings import cosines_of
from memory.asking.signs import Signs, says_something
from memory.entities import Status
from memory.remembering.issues import is_reply
from memory.words import fold

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

LATEST = 200
"""So many of a customer's tickets are compared; older ones stand alone."""

_LIKE_ENOUGH = 0.53
"""Cosine and what is added to it, from which on two tickets are one problem.

It and the figures below were set on our table of cases, and on customers mixed of four of them:
of the pairs found there, nine of ten are right.
"""

_PER_SHARED_WORD, _MOST_SHARED = 0.02, 3.0
_REPLY_WORD = 0.5
_COMMON_WORD = 0.5
_AGAIN, _SAME, _BOTH_FAULTS = 0.12, 0.35, 0.05
_TELLING_TITLE, _ALIKE = 4, 0.65
"""The fewest words of a title that stands over one problem, where the tickets are so alike."""

_FAR_APART = 0.46
"""A cosine below which two tickets are two problems, unless the later one soon points back."""

_SOON_DAYS = 90
"""What is said to be back, or the same, points back so far; further, only where they are alike."""

_LIKE_ALL = 0.5
"""What a ticket's likeness to all of a problem's tickets comes to on average.

Without it one ticket leads to the next: a late bill to a strange line, and that to any bill.
"""

_NOT_THE_SAME = _LONG_AGO = _WISH = _THANKS = _ANOTHER = _CONCEDED = 0.3
_ANOTHER_THING = 1.0
"""Two orders are two problems, however alike the words; unless the fault is said to stand."""

_LONG_AGO_DAYS = 365
_SOLVED = frozenset({Status.SOLVED.value, Status.CLOSED.value})


@dataclass(frozen=True, slots=True)
class IssueText:
    """One ticket's issue, as far as it tells which problem it belongs to.

    Attributes:
        title: What it is called.
        words: The customer's first sentences that say something; empty where nobody knows.
        reply: The agent's sentence that answered or ended it.
        vector: The float16 bytes of the issue's vector, where there is one.
        day: When it was opened.
        status: Of the ticket.
        solved_on: When it was solved, where that is known.
    """

    title: str
    words: str
    reply: str
    vector: bytes | None
    day: date
    status: str
    solved_on: date | None = None


def groups_of(issues: Sequence[IssueText]) -> list[list[int]]:
    """The places of `issues` by problem: each group oldest first, groups by their first ticket.

    Args:
        issues: Of one customer, oldest first.
    """
    start = max(len(issues) - LATEST, 0)
    compared = issues[start:]
    groups = [[place] for place in range(start)]
    if not compared:
        return groups
    like = _Likeness(compared)
    group_of: list[list[int]] = []
    for place in range(len(compared)):
        group = _joined(like, place, group_of)
        group_of.append(group)
        group.append(place)
    return groups + [[start + place for place in group] for group in _once(group_of)]


def _joined(like: _Likeness, later: int, group_of: Sequence[list[int]]) -> list[int]:
    """The group of the earlier issue that this one is most like; a new one, where there is none."""
    for earlier in like.nearest(later):
        group = group_of[earlier]
        if sum(like.score(one, later) for one in group) >= _LIKE_ALL * len(group):
            return group
    return []


def _once(groups: Sequence[list[int]]) -> list[list[int]]:
    """Each group at its first ticket."""
    return [group for place, group in enumerate(groups) if group[0] == place]


def back_of(issues: Sequence[IssueText], groups: Sequence[Sequence[int]]) -> list[int]:
    """The places of tickets that came though their problem had been called solved before.

    A ticket closed in favour of another solved nothing; "fixed" on a ticket still open did. Who
    asks why nobody has answered chases the first ticket and is not back.

    Args:
        issues: Of one customer, oldest first.
        groups: By problem, as `groups_of` gives them.
    """
    signs = [_signs(one) for one in issues]
    return sorted(
        later
        for group in groups
        for at, later in enumerate(group)
        if not signs[later].unanswered
        and any(_solved_by(issues[one], signs[one], issues[later].day) for one in group[:at])
    )


def _solved_by(issue: IssueText, signs: Signs, day: date) -> bool:
    if issue.status not in _SOLVED:
        return signs.fixed
    return not signs.duplicate and (issue.solved_on is None or issue.solved_on <= day)


def _signs(issue: IssueText) -> Signs:
    """The signs of its words; a subject that was written for an earlier message is none of them."""
    words = [issue.title] if not issue.words or not is_reply(issue.title) else []
    return Signs(". ".join([*words, issue.words]), issue.reply)


class _Likeness:
    """How much alike two of the issues are, the later one seen from the earlier."""

    def __init__(self, issues: Sequence[IssueText]) -> None:
        self._issues = issues
        self._signs = [_signs(one) for one in issues]
        self._cosines = cosines_of([one.vector for one in issues])
        self._titles = [fold(one.title) for one in issues]
        self._common: frozenset[str] | None = None

    def nearest(self, later: int) -> list[int]:
        """The earlier issues that this one is like enough to be one problem, the likest first."""
        new = self._signs[later]
        most = _BOTH_FAULTS + _PER_SHARED_WORD * _MOST_SHARED + _AGAIN * new.again
        found = []
        for earlier in range(later):
            told = self._points_to(earlier, later) or self._told_by_title(earlier, later)
            if not told and self._cosines[earlier][later] + most < _LIKE_ENOUGH:
                continue
            if not told and not self._near(earlier, later):
                continue
            score = self.score(earlier, later)
            if score >= _LIKE_ENOUGH:
                found.append((score, earlier))
        return [earlier for _, earlier in sorted(found, reverse=True)]

    def score(self, earlier: int, later: int) -> float:
        """From about -1, unlike, to 1, alike."""
        if self._told_by_title(earlier, later):
            return 1.0
        old, new = self._signs[earlier], self._signs[later]
        score = self._cosines[earlier][later] + self._shared(old, new) - _against(old, new)
        if new.again:
            score += _AGAIN
        elif self._days(earlier, later) > _LONG_AGO_DAYS:
            score -= _LONG_AGO
        score += _BOTH_FAULTS * (old.fault and new.fault) + _SAME * self._points_to(earlier, later)
        return min(score, 1.0)

    def _near(self, earlier: int, later: int) -> bool:
        """Whether they may be one problem at all.

        In a language that the encoder does not know all vectors are alike: words must tell, too.
        """
        old, new = self._signs[earlier], self._signs[later]
        if not (old.english or new.english or new.again or old.stems & new.stems):
            return False
        if self._cosines[earlier][later] >= _FAR_APART:
            return True
        return new.again and self._days(earlier, later) <= _SOON_DAYS

    def _points_to(self, earlier: int, later: int) -> bool:
        """Whether the later one names its problem by pointing to this one, the last before it."""
        if earlier != later - 1 or self._days(earlier, later) > _SOON_DAYS:
            return False
        return self._signs[later].same

    def _days(self, earlier: int, later: int) -> int:
        return (self._issues[later].day - self._issues[earlier].day).days

    def _told_by_title(self, earlier: int, later: int) -> bool:
        """Whether they have one title, and it tells enough, or no more is known of either."""
        title = self._titles[earlier]
        if title != self._titles[later] or not says_something(title):
            return False
        if not self._issues[earlier].words and not self._issues[later].words:
            return True
        told = len(title.split()) >= _TELLING_TITLE
        return told and self._cosines[earlier][later] >= _ALIKE

    def _shared(self, old: Signs, new: Signs) -> float:
        """What words in common count for; those of most of the customer's tickets count less."""
        common = self._common_words()
        words = sum(_COMMON_WORD if one in common else 1.0 for one in old.stems & new.stems)
        words += _REPLY_WORD * len(old.reply_stems & new.stems)
        return _PER_SHARED_WORD * min(words, _MOST_SHARED)

    def _common_words(self) -> frozenset[str]:
        if self._common is None:
            many = max(2, len(self._signs) / 2)
            counts: dict[str, int] = {}
            for signs in self._signs:
                for one in signs.stems:
                    counts[one] = counts.get(one, 0) + 1
            self._common = frozenset(one for one, count in counts.items() if count > many)
        return self._common


def _against(old: Signs, new: Signs) -> float:
    """What speaks against one problem."""
    against = _ANOTHER * new.another
    shared = old.stems & new.stems
    if shared and shared <= new.conceded:
        against += _CONCEDED
    for one, other in ((old.numbers, new.numbers), (old.names, new.names)):
        if one and other and not one & other:
            against += _NOT_THE_SAME if new.again else _ANOTHER_THING
    if new.wish:
        against += _WISH
    if old.wish and not (new.fault or new.again or new.unanswered):
        against += _WISH
    if new.thanks and not new.again:
        against += _THANKS
    return against
