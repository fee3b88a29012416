"""Reads one leg of a call, where a phone system tells of legs and not of calls.

Such a system calls an agent's softphone by `client:` or `sip:`, and the leg to it is outbound for
the system though the customer called.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from connector.rings.reading import number
from memory.phones import from_sip

if TYPE_CHECKING:
    from connector.rings.event import Direction

_SOFTPHONE = re.compile(r"(?:client|sips?):([^;?]+)", re.IGNORECASE)
_ESCAPED = re.compile("_([0-9A-F]{2})")


@dataclass(frozen=True, slots=True)
class Leg:
    """Who is at the ends of a leg.

    Attributes:
        caller: The customer, as the phone system writes the number.
        called: Our line.
        direction: Who calls whom.
        agent: The name of the agent at our end.
        rung: Whether this leg is the one that rings the agent, of a call that came in.
    """

    caller: str | None
    called: str | None
    direction: Direction
    agent: str | None
    rung: bool


def leg(source: str | None, target: str | None, *, incoming: bool, agent_rung: bool = False) -> Leg:
    """Tell the ends of a leg apart.

    Args:
        source: Who calls, as the phone system writes it.
        target: Who is called.
        incoming: Whether the leg came to the phone system from outside.
        agent_rung: Whether it is known that the leg rings an agent.
    """
    if incoming:
        return Leg(number(source), target, "inbound", None, rung=False)
    softphone = _softphone(target)
    if softphone is not None or agent_rung:
        return Leg(number(source), None, "inbound", softphone or target, rung=True)
    calling = _softphone(source)
    line = source if calling is None else None
    return Leg(number(target), line, "outbound", calling, rung=False)


def _softphone(address: str | None) -> str | None:
    """The name in an address of a softphone; None of a telephone, also by SIP."""
    found = _SOFTPHONE.match((address or "").strip())
    if found is None or from_sip(address) is not None:
        return None
    name = found.group(1)
    # Twilio Flex writes `dana@acme.com` as `dana_40acme_2Ecom`.
    plain = _ESCAPED.sub(lambda code: chr(int(code.group(1), 16)), name)
    return plain if "@" in plain else name
