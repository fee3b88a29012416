"""What every path of the service works with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from connector.service.looks import Looks
from connector.service.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.clock import Clock
    from connector.rings.board import Board
    from connector.service.inbox import Inbox
    from connector.service.metrics import Metrics
    from connector.settings import Settings
    from memory import Memory
    from memory.record import Record


@dataclass(frozen=True, slots=True)
class Context:
    """The parts of a running service; made once, shared by all requests.

    Attributes:
        settings: What the operator wants.
        clock: The only source of the time.
        record: The store behind all memories.
        memories: By account, such as `zendesk:acme`; those that this service serves. Each is used
            from many threads at once.
        board: The rings that are going on.
        metrics: What is counted and timed.
        inboxes: By helpdesk, such as `zendesk`: where what its webhooks tell of goes.
        standing: What runs beside the answering of requests, and how it does.
        looks: Who saw what, on its way into the access log.
    """

    settings: Settings
    clock: Clock
    record: Record
    memories: Mapping[str, Memory]
    board: Board
    metrics: Metrics
    inboxes: Mapping[str, Inbox] = field(default_factory=dict)
    standing: Standing = field(default_factory=Standing)
    looks: Looks = field(default_factory=Looks)
