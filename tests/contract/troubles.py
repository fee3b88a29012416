"""What goes wrong between a client and a helpdesk: what passes, and what stops a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector.demo import faults
from connector.errors import CredentialsError, HelpdeskError

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector.demo.faults import Fault
    from tests.contract.kind import Kind

    Make = Callable[[Kind], Fault]

A_DAY = 86_400.0

PASSING: dict[str, Make] = {
    "reset": lambda _: faults.reset(times=2),
    "slow body": lambda _: faults.dribbled(),
    "half a body": lambda _: faults.half_body(),
    "invalid JSON": lambda _: faults.cut_short(),
    "empty": lambda _: faults.empty(200),
    "wrong content type": lambda _: faults.edited(lambda it: it, content_type="text/plain"),
    "HTML page": lambda _: faults.not_json(times=2),
    "HTML error page": lambda _: faults.page(502),
    "HTML not found": lambda _: faults.page(503, times=2),
    "401": lambda _: faults.status(401, {"error": "invalid_token"}),
    "408": lambda _: faults.status(408),
    "409": lambda _: faults.status(409, times=2),
    "429 with Retry-After": lambda kind: kind.limited(30),
    "429 without Retry-After": lambda kind: kind.limited(None),
    "edge 429": lambda kind: kind.edge(),
    "empty 429": lambda _: faults.empty(429, times=2),
    "500": lambda _: faults.status(500, times=3),
    "502": lambda _: faults.empty(502, times=2),
    "503": lambda _: faults.status(503, times=2),
    "503 with Retry-After": lambda _: faults.status(503, headers={"Retry-After": "20"}),
    "504": lambda _: faults.page(504),
}
"""What passes by itself, or by asking again."""

STOPPING: dict[str, tuple[Make, type[Exception], int]] = {
    "403": (lambda _: faults.status(403, {"error": "Forbidden"}), CredentialsError, 4),
    "401 for good": (lambda _: faults.status(401, {"error": "no"}), CredentialsError, 4),
    "422": (lambda _: faults.status(422, {"error": "RecordInvalid"}), HelpdeskError, 7),
    "400": (lambda _: faults.status(400, {"error": "Bad"}), HelpdeskError, 7),
    "a day-long 429": (lambda kind: kind.limited(A_DAY), HelpdeskError, 7),
    "429 for ever": (lambda kind: kind.limited(20), HelpdeskError, 7),
    "storm of 5xx": (lambda _: faults.status(503), HelpdeskError, 7),
    "resets": (lambda _: faults.reset(), HelpdeskError, 7),
    "half bodies": (lambda _: faults.half_body(), HelpdeskError, 7),
    "HTML pages": (lambda _: faults.not_json(), HelpdeskError, 7),
    "invalid JSON": (lambda _: faults.cut_short(), HelpdeskError, 7),
    "another document": (lambda _: faults.status(200, {"a": "b"}), HelpdeskError, 7),
    "null": (lambda _: faults.edited(lambda _: None), HelpdeskError, 7),
}
"""What stops a run while it lasts: the error and its exit code."""
