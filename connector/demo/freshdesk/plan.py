"""What differs from one Freshdesk account to another: limits, features, keys, habits.

Where public sources disagree or are silent about a habit, both ways can be had, so that a reader
is tried against both; the default is the one that most sources support.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Rates:
    """Credits a minute for the whole account, and requests a minute for two of its lists.

    An older account counts by a longer `window`, in seconds.

    https://support.freshdesk.com/support/solutions/articles/225439-what-are-the-rate-limits-for-the-api-calls-to-freshdesk
    """

    requests: int
    ticket_lists: int
    contact_lists: int
    window: int = 60


TRIAL = Rates(50, 50, 50)
GROWTH = Rates(200, 20, 20)
PRO = Rates(400, 100, 100)
ENTERPRISE = Rates(700, 200, 200)
BY_THE_HOUR = Rates(3000, 3000, 3000, window=3600)
UNLIMITED = Rates(10**9, 10**9, 10**9)
"""Limits nobody meets, so that a test need not wait."""


@dataclass(frozen=True, slots=True)
class FreshdeskPlan:
    """How one account behaves.

    Attributes:
        rates: Its limits.
        ratings: Whether it has satisfaction surveys; without them they answer 403.
        classic_ratings: Whether its survey is the older one, from 1 (happy) to 3 (unhappy).
        archives: Whether tickets that were closed and idle for 120 days are archived.
        lists_archived: Whether the ticket list shows archived tickets too.
        shows_trash: Whether a ticket in trash or spam can still be read by its id.
        merge_moves_tickets: Whether merging contacts moves ``updated_at`` of the moved tickets.
        missed_calls: Whether the phone system makes a ticket of a call that nobody answered.
        contacts_since: The one name under which the contact list takes a changed-since time.
        wall: The last page of the ticket list that can be read.
        header_case: How the names of the limit headers are written.
        decimals: Whether their numbers are written as ``100.0``.
    """

    rates: Rates = ENTERPRISE
    ratings: bool = True
    classic_ratings: bool = False
    archives: bool = True
    lists_archived: bool = True
    shows_trash: bool = True
    merge_moves_tickets: bool = False
    missed_calls: bool = True
    contacts_since: Literal["_updated_since", "updated_since"] = "_updated_since"
    wall: int = 300
    header_case: Literal["documented", "lower", "upper"] = "documented"
    decimals: bool = False


@dataclass(frozen=True, slots=True)
class FreshdeskKeys:
    """API keys that are accepted, each with the rights of its owner; only ever used on loopback.

    Attributes:
        admin: Of the first active admin.
        agent: Of the first active agent who is no admin: every ticket, but no list of agents.
        restricted: Of the same agent, who here sees only the tickets assigned to them.
    """

    admin: str = "demo-admin-key"
    agent: str = "demo-agent-key"
    restricted: str = "demo-restricted-key"
