"""Zendesk Talk's calls and their legs, which come in exports of their own.

A call is there from its first second and changes until the agent has written it up: its ticket,
its lengths and how it ended come later. What nobody answered is a call all the same.
https://developer.zendesk.com/api-reference/voice/talk-api/incremental_exports/
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from connector.demo.telling import LINE
from connector.demo.timeline import Timeline
from connector.demo.times import iso
from connector.demo.zendesk import problems
from connector.demo.zendesk.live import LiveLeg
from connector.demo.zendesk.paging import address, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.demo.zendesk.account import Account
    from connector.demo.zendesk.live import LiveCall

PATH = "/api/v2/channels/voice/stats/incremental"
PAGE = 50

_WRITTEN_UP = 60
_LEGS = 10
_ENDS = {
    "answered": "completed",
    "missed": "completed",
    "abandoned": "abandoned_in_queue",
    "voicemail": "completed",
}
"""Talk has no word for a missed call: it has completed, without an agent."""


class Calls:
    """Every Talk call of an account, in the order in which they last changed."""

    def __init__(self) -> None:
        self.known: dict[int, LiveCall] = {}
        self.order = Timeline()
        self.leg_order = Timeline()
        self._coming: list[tuple[int, int, int]] = []

    def add(self, call: LiveCall, agents: list[int], *, no_earlier_than: int) -> None:
        """Takes in a call; `agents` are those whose telephones may have rung."""
        self.known[call.id] = call
        call.legs = _legs(call, agents)
        length = round(call.call.minutes * 60)
        for stage, after in enumerate((0, length, length + _WRITTEN_UP)):
            at = max(call.at + after, no_earlier_than)
            heapq.heappush(self._coming, (at, call.id, stage))

    def advance(self, now: int) -> None:
        """Lets calls begin, end and be written up until Unix second `now`."""
        moved: dict[int, int] = {}
        while self._coming and self._coming[0][0] <= now:
            at, key, stage = heapq.heappop(self._coming)
            self.known[key].stage, self.known[key].updated = stage, at
            moved[key] = at
        self.order.move(moved)
        self.leg_order.move(
            {leg.id: at for key, at in moved.items() for leg in self.known[key].legs}
        )


@dataclass(frozen=True)
class Stats:
    """Answers the two exports of `account`; `base` is its canonical address."""

    account: Account
    base: str

    def calls(self, params: Mapping[str, str], now: int) -> dict[str, Any]:
        """``GET …/calls``."""
        known = self.account.calls.known
        return self._page("calls", self.account.calls.order, params, now, lambda k: _row(known[k]))

    def legs(self, params: Mapping[str, str], now: int) -> dict[str, Any]:
        """``GET …/legs``."""
        known = self.account.calls.known
        order = self.account.calls.leg_order
        return self._page("legs", order, params, now, lambda k: _leg_row(known[k // _LEGS], k))

    def _page(
        self,
        name: Literal["calls", "legs"],
        order: Timeline,
        params: Mapping[str, str],
        now: int,
        row: Any,
    ) -> dict[str, Any]:
        """Rows from a second on. There is always a next page; nothing says that it is the last."""
        if self.account.habits.talk == "not_on_plan":
            raise problems.no_endpoint()
        if self.account.habits.talk == "not_allowed":
            raise problems.forbidden()
        if "start_time" not in params:
            raise problems.invalid_value("start_time is missing")
        start = number(params, "start_time", 0)
        places, _ = order.after((start, 0), PAGE, now)
        end = places[-1][0] if places else start
        return {
            name: [row(key) for _, key in places],
            "count": len(places),
            "end_time": end,
            "next_page": address(self.base, f"{PATH}/{name}", {}, start_time=end),
        }


def _legs(call: LiveCall, agents: list[int]) -> list[LiveLeg]:
    """The customer's end, then the telephones that rang: some in vain before one is answered."""
    hung_up = call.call.outcome == "abandoned"
    ends: list[tuple[int | None, str, bool]] = []
    others = [agent for agent in agents if agent != call.agent]
    turn = call.at // 60
    if call.call.direction == "inbound" and others:
        first, second = others[turn % len(others)], others[(turn + 1) % len(others)]
        rung = {
            "answered": [(first, "agent_missed", False)] if turn % 3 == 0 else [],
            "missed": [(first, "agent_missed", False), (second, "agent_declined", False)],
            "abandoned": [(first, "customer_hang_up", False)],
            "voicemail": [(first, "agent_missed", False)],
        }
        ends += rung[call.call.outcome]
    if call.agent is not None:
        ends.append((call.agent, "completed", call.call.outcome == "answered"))
    customer = "customer_hang_up" if hung_up else "completed"
    made = [LiveLeg(call.id * _LEGS, "customer", call.customer, customer, talked=False)]
    for place, (agent, completion, talked) in enumerate(ends, 1):
        made.append(LiveLeg(call.id * _LEGS + place, "agent", agent, completion, talked=talked))
    return made


def _row(call: LiveCall) -> dict[str, Any]:
    """A call. ``phone_number`` and ``line`` are the company's; the caller is an id at most."""
    told, ended, written = call.call, call.stage > 0, call.stage > 1
    length = round(told.minutes * 60) if ended else 0
    answered = told.outcome == "answered"
    wait = 5 + call.at % 40 if answered else length
    voicemail = told.outcome == "voicemail"
    status = "pending_voicemail" if voicemail and not written else _ENDS[told.outcome]
    return {
        "id": call.id,
        "ticket_id": call.ticket if ended else None,
        "customer_id": call.customer,
        "agent_id": call.agent,
        "direction": told.direction,
        "duration": wait + length if answered and ended else length,
        "talk_time": length if answered else 0,
        "wait_time": wait if ended else 0,
        "hold_time": 0,
        "wrap_up_time": _WRITTEN_UP if written and answered else 0,
        "time_to_answer": wait if answered and ended else None,
        "completion_status": status if ended else None,
        "voicemail": voicemail and ended,
        "callback": False,
        "callback_source": None,
        "call_channel": "phone",
        "call_group_id": None,
        "phone_number": LINE,
        "phone_number_id": 1,
        "line": LINE,
        "line_id": 1,
        "line_type": "phone",
        "ivr_action": None,
        "overflowed": False,
        "overflowed_to": None,
        "outside_business_hours": False,
        "recording_time": length if voicemail or answered else 0,
        "transcription_language": "en-US" if told.transcript and ended else None,
        "post_call_summary_created": False,
        "created_at": _time(call, call.at),
        "updated_at": _time(call, call.updated),
    }


def _leg_row(call: LiveCall, key: int) -> dict[str, Any]:
    leg = call.legs[key - call.id * _LEGS]
    length = round(call.call.minutes * 60) if call.stage > 0 else 0
    is_agent = leg.type == "agent"
    return {
        "id": leg.id,
        "call_id": call.id,
        "type": leg.type,
        "agent_id": leg.person if is_agent else None,
        "user_id": leg.person,
        "completion_status": leg.completion if call.stage > 0 else None,
        "talk_time": length if leg.talked else 0,
        "hold_time": 0,
        "wrap_up_time": _WRITTEN_UP if leg.talked and call.stage > 1 else 0,
        "duration": length if leg.talked or not is_agent else 20,
        "transferred_from": None,
        "transferred_to": None,
        "consultation_from": None,
        "consultation_to": None,
        "conference_from": None,
        "conference_to": None,
        "forwarded_to": None,
        "available_via": "browser" if is_agent else None,
        "quality_issues": ["none"],
        "created_at": _time(call, call.at),
        "updated_at": _time(call, call.updated),
    }


def _time(call: LiveCall, second: int) -> str | None:
    """Times with and without a zone: accounts, and Zendesk's own services, differ."""
    told = iso(second)
    return told.removesuffix("Z") if told and call.at // 60 % 2 else told
