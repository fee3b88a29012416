"""What a backfill will cost, told before it begins.

Two budgets are used at once: single requests, one a ticket from the newest back, and exports, whose
answers hold a thousand events of the oldest tickets. Both end together, where they meet.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypedDict

from connector.sync.replay import WORTH
from connector.sync.singly import COMMENTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector.sync.helpdesk import Need, Sizes

VERSION = 1


class PlannedStream(TypedDict):
    """One stream: `minutes` are those its requests take at this account's limits and our share."""

    name: str
    rows: int
    requests: int
    minutes: float
    limit: str
    per_minute: int
    why: str


class Plan(TypedDict):
    """The answer of `remember backfill --plan`; with `at_most`, the helpdesk counts nothing."""

    version: int
    account: str
    share: float
    tickets: int
    at_most: bool
    streams: list[PlannedStream]
    requests: int
    minutes: float


def plan(account: str, sizes: Sizes, share: float) -> Plan:
    """Work out requests and minutes of a whole backfill.

    Args:
        account: Whose it is.
        sizes: What the helpdesk told of itself.
        share: How much of its limits we may use.
    """
    lists = [one for one in sizes.needs if one.stream != COMMENTS]
    single = next((one for one in sizes.needs if one.stream == COMMENTS), None)
    streams = [_stream(one, _requests(one), share, _why_list(one)) for one in lists]
    exporting = sum(one["minutes"] for one in streams)
    replayed = _replayed(sizes, single, lists, share)
    if sizes.replay is not None and replayed:
        told = _told(sizes, sizes.replay, replayed)
        why = _why_replay(sizes, sizes.replay, told)
        streams.append(_stream(sizes.replay, replayed, share, why))
    spent = sum(_requests(one) * one.credits for one in lists) + replayed
    if single is not None:
        left = single.rows
        if sizes.replay is not None:
            left -= min(_told(sizes, sizes.replay, replayed), left)
        streams.append(_stream(single, left, share, _why_single(single, left)))
        spent += left * single.credits
    by_limit = [_busy(sizes, lists, replayed, share), spent / _granted(sizes.per_minute, share)]
    return {
        "version": VERSION,
        "account": account,
        "share": share,
        "tickets": sizes.tickets,
        "at_most": sizes.is_bound,
        "streams": streams,
        "requests": sum(one["requests"] for one in streams),
        "minutes": round(max(exporting, *by_limit), 1),
    }


def _requests(need: Need) -> int:
    return max(math.ceil(need.rows / need.per_request), 1)


def _granted(per_minute: int, share: float) -> int:
    return max(math.floor(per_minute * share), 1)


def _stream(need: Need, requests: int, share: float, why: str) -> PlannedStream:
    return {
        "name": need.stream,
        "rows": requests if need.stream == COMMENTS else need.rows,
        "requests": requests,
        "minutes": round(requests * need.credits / _granted(need.per_minute, share), 1),
        "limit": need.limit.partition(" of ")[0],
        "per_minute": need.per_minute,
        "why": why,
    }


def _replayed(sizes: Sizes, single: Need | None, lists: Sequence[Need], share: float) -> int:
    """How many answers of the replay it takes until it meets the single requests.

    In T minutes the exports get I·T answers, of which the lists of the same limit take theirs; the
    account's limit grants A·T requests, for single tickets and for all those answers as well.
    """
    replay = sizes.replay
    if replay is None or single is None or sizes.tickets <= WORTH:
        return 0
    exports, account = _granted(replay.per_minute, share), _granted(sizes.per_minute, share)
    beside = sum(_requests(one) for one in lists if one.limit == replay.limit)
    others = sum(_requests(one) * one.credits for one in lists)
    tickets_each = sizes.tickets * replay.per_request / max(replay.rows, 1)
    faster = account / exports + single.credits * tickets_each - 1
    wanted = sizes.tickets * single.credits + others - account * beside / exports
    return min(max(math.ceil(wanted / faster), 0), _requests(replay))


def _told(sizes: Sizes, replay: Need, answers: int) -> int:
    """The tickets whose messages so many answers of the replay tell."""
    told = answers * replay.per_request * sizes.tickets / max(replay.rows, 1)
    return min(round(told), sizes.tickets)


def _busy(sizes: Sizes, lists: Sequence[Need], replayed: int, share: float) -> float:
    """The minutes for which the limit of the replay is used up."""
    if sizes.replay is None:
        return 0.0
    beside = sum(_requests(one) for one in lists if one.limit == sizes.replay.limit)
    return (replayed + beside) / _granted(sizes.replay.per_minute, share)


def _why_list(need: Need) -> str:
    cost = f", {need.credits} credits each" if need.credits > 1 else ""
    bound = "at most " if need.is_bound else ""
    return f"{bound}{need.rows:,} rows, {need.per_request:,} to an answer{cost}"


def _why_replay(sizes: Sizes, replay: Need, told: int) -> str:
    each = replay.rows / max(sizes.tickets, 1)
    return (
        f"messages of the oldest {told:,} tickets, {each:.1f} events each, "
        f"{replay.per_request:,} to an answer"
    )


def _why_single(need: Need, left: int) -> str:
    bound = "at most " if need.is_bound else ""
    return f"messages of the newest {bound}{left:,} tickets, one request each"
