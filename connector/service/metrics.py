"""What the service counts and measures, as Prometheus reads it.

Every label has a short list of values that is known beforehand, so that neither a stranger's
request nor a customer's number can become a label. https://prometheus.io/docs/practices/naming/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

MEDIA_TYPE = CONTENT_TYPE_LATEST
"""What `Metrics.text` is."""

OTHER = "other"
"""The label of whatever is not on a list."""

OUTCOMES: Final = ("one", "several", "none", "hidden", "unclaimed", "refused", "failed")
PROVIDERS: Final = (
    "twilio",
    "aircall",
    "connect",
    "ringcentral",
    "dialpad",
    "telnyx",
    "generic",
)
RING_STATES: Final = (
    "ringing",
    "answered",
    "ended",
    "repeated",
    "ignored",
    "nobody",
    "refused",
    "unreadable",
    "failed",
)
NOTICES: Final = ("sent", "coalesced", "limited", "failed", "dropped")
HELPDESKS: Final = ("zendesk", "freshdesk")
EVENTS: Final = (
    "queued",
    "repeated",
    "refused",
    "unreadable",
    "full",
    "applied",
    "ignored",
    "failed",
)
METHODS: Final = ("GET", "POST", "OPTIONS", "HEAD", "PUT", "PATCH", "DELETE")

_BRIEF_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5)
_RING_SECONDS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 3, 5, 10, 30)
_REQUEST_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)


class Metrics:
    """The numbers of one service; several services of one process do not mix.

    Attributes:
        streams: Open streams of rings; `streams.inc()`, `streams.dec()`.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=True)
        room = self.registry
        self.streams = Gauge("remember_streams_open", "Open streams of rings", registry=room)
        self._brief_seconds = Histogram(
            "remember_brief_seconds",
            "From the question to the composed brief",
            buckets=_BRIEF_SECONDS,
            registry=room,
        )
        self._briefs = Counter("remember_briefs", "Briefs by outcome", ("outcome",), registry=room)
        self._rings = Counter(
            "remember_rings", "Moments of calls, as told", ("provider", "state"), registry=room
        )
        self._ring_seconds = Histogram(
            "remember_ring_to_brief_seconds",
            "From the ring's webhook to the first brief asked for by its key",
            buckets=_RING_SECONDS,
            registry=room,
        )
        self._notices = Counter(
            "remember_notices", "Rings told to the helpdesk's app", ("outcome",), registry=room
        )
        self._events = Counter(
            "remember_webhooks", "Events of the helpdesks", ("helpdesk", "outcome"), registry=room
        )
        self._requests = Counter(
            "remember_http_requests", "Requests", ("method", "route", "status"), registry=room
        )
        self._request_seconds = Histogram(
            "remember_http_request_seconds",
            "Time to the end of an answer, but for streams",
            ("route",),
            buckets=_REQUEST_SECONDS,
            registry=room,
        )
        self._freshness = Gauge(
            "remember_sync_age_seconds",
            "Since the helpdesk was last read",
            ("account",),
            registry=room,
        )
        self._outbox = Gauge(
            "remember_outbox_tickets",
            "Tickets that wait to be remembered",
            ("account",),
            registry=room,
        )
        self._parts = Gauge(
            "remember_part_up",
            "Whether a part of the service runs",
            ("part", "account"),
            registry=room,
        )

    def brief(self, seconds: float, outcome: str) -> None:
        """A brief was asked for.

        Args:
            seconds: How long it took to compose.
            outcome: One of `OUTCOMES`.
        """
        self._brief_seconds.observe(seconds)
        self._briefs.labels(_listed(outcome, OUTCOMES)).inc()

    def ring(self, provider: str, state: str) -> None:
        """A phone system told of a call.

        Args:
            provider: One of `PROVIDERS`.
            state: One of `RING_STATES`.
        """
        self._rings.labels(_listed(provider, PROVIDERS), _listed(state, RING_STATES)).inc()

    def ring_to_brief(self, seconds: float) -> None:
        """The first brief of a ring was handed out, so long after its webhook."""
        self._ring_seconds.observe(seconds)

    def notified(self, outcome: str) -> None:
        """A ring was to be told to the helpdesk's app; `outcome` is one of `NOTICES`."""
        self._notices.labels(_listed(outcome, NOTICES)).inc()

    def webhook(self, helpdesk: str, outcome: str) -> None:
        """A helpdesk told of a change, or the change was applied.

        Args:
            helpdesk: One of `HELPDESKS`.
            outcome: One of `EVENTS`.
        """
        self._events.labels(_listed(helpdesk, HELPDESKS), _listed(outcome, EVENTS)).inc()

    def request(self, method: str, route: str, status: int, seconds: float | None) -> None:
        """A request was answered.

        Args:
            method: The HTTP method.
            route: The template of the path, never the path itself.
            status: The HTTP status.
            seconds: How long it took; None for a stream, which lasts as long as it is read.
        """
        self._requests.labels(_listed(method, METHODS), route, str(status)).inc()
        if seconds is not None:
            self._request_seconds.labels(route).observe(seconds)

    def sync_age(self, account: str, seconds: float) -> None:
        """How long ago an account's helpdesk was read last."""
        self._freshness.labels(account).set(seconds)

    def outbox(self, account: str, tickets: int) -> None:
        """How many tickets of an account wait to be remembered."""
        self._outbox.labels(account).set(tickets)

    def part(self, name: str, account: str, *, up: bool) -> None:
        """Whether a part, such as the sync of an account, runs."""
        self._parts.labels(name, account).set(1 if up else 0)

    def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self.registry)


def _listed(value: str, known: Iterable[str]) -> str:
    return value if value in known else OTHER
