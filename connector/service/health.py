"""Whether the service is alive, whether it is ready, and its numbers.

Alive is whoever answers. Ready is only a service whose record can be read and follows the
helpdesk; what is not ready is said with since when and what to do.
"""

from __future__ import annotations

import threading
from ipaddress import ip_address
from typing import TYPE_CHECKING

from fastapi import APIRouter, BackgroundTasks, Response
from fastapi.responses import JSONResponse
from starlette.requests import Request
from typing_extensions import TypedDict

from connector.service.auth import Credentials, needs
from connector.service.metrics import MEDIA_TYPE
from memory.asking.view import rfc3339
from memory.errors import RememberError
from memory.record import queries
from memory.record.record import HEAD

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from connector.service.context import Context
    from memory.record import Account

VERSION = 1
OVERDUE = 3
"""So many intervals without a sync, and the record no longer follows the helpdesk."""

STUCK_SECONDS = 300.0
"""Within which a worker that is well remembers at least one ticket."""


class NotReady(TypedDict):
    """One thing that is not ready.

    Keys:
        part: `record`, `sync`, `worker` or `outbox`.
        account: Whose, where it is one account's.
        since: When that began, or was first noticed.
        detail: What is wrong.
        hint: What to do.
    """

    part: str
    account: str | None
    since: str
    detail: str
    hint: str


class Readiness(TypedDict):
    """The answer of `/readyz`: ready when nothing is not."""

    version: int
    ready: bool
    not_ready: list[NotReady]


class Alive(TypedDict):
    """The answer of `/healthz`."""

    version: int
    alive: bool


class Health:
    """Looks whether everything is ready, and remembers since when it is not."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._first: dict[tuple[str, str | None], datetime] = {}
        self._outbox: dict[str, tuple[int, datetime]] = {}

    def readiness(self) -> Readiness:
        """What is not ready now."""
        found = [*self._record(), *self._parts()]
        with self._lock:
            now = {(part, account) for part, account, *_ in found}
            self._first = {key: at for key, at in self._first.items() if key in now}
            listed: list[NotReady] = [
                {
                    "part": part,
                    "account": account,
                    "since": rfc3339(
                        since or self._first.setdefault((part, account), self._context.clock.now())
                    ),
                    "detail": detail,
                    "hint": hint,
                }
                for part, account, since, detail, hint in found
            ]
        return {"version": VERSION, "ready": not listed, "not_ready": listed}

    def measure(self) -> None:
        """Bring those numbers up to date that nothing else tells of."""
        context = self._context
        for one in context.standing.parts():
            context.metrics.part(one.name, one.account, up=one.up and one.trouble is None)
        now = context.clock.now()
        with context.record.reading() as connection:
            for account in context.record.accounts(connection):
                if account.name not in context.memories:
                    continue
                waiting = queries.outbox_size(connection, account.number)
                context.metrics.outbox(account.name, waiting)
                if account.synced_at is not None:
                    context.metrics.sync_age(
                        account.name, (now - account.synced_at).total_seconds()
                    )

    def _record(self) -> Iterator[_Found]:
        context = self._context
        try:
            revision = context.record.revision()
            with context.record.reading() as connection:
                for account in context.record.accounts(connection):
                    if account.name in context.memories:
                        waiting = queries.outbox_size(connection, account.number)
                        yield from self._stuck(account, waiting)
                        yield from self._stale(account)
        except RememberError as error:
            yield "record", None, None, error.detail, error.hint
        except Exception:  # noqa: BLE001  whatever the driver says may hold a password
            yield (
                "record",
                None,
                None,
                "The record cannot be reached.",
                "Look whether the database runs and REMEMBER_DATABASE_URL is right.",
            )
        else:
            if revision != HEAD:
                yield (
                    "record",
                    None,
                    None,
                    f"The record stands at migration {revision}, this program at {HEAD}.",
                    "Restart the service; it migrates an older record when it opens it.",
                )

    def _stuck(self, account: Account, waiting: int) -> Iterator[_Found]:
        """Whether tickets wait and none is remembered."""
        now = self._context.clock.now()
        with self._lock:
            before, at = self._outbox.get(account.name, (0, now))
            if waiting != before or not waiting:
                at = now
            self._outbox[account.name] = waiting, at
        if waiting and (now - at).total_seconds() >= STUCK_SECONDS:
            yield (
                "outbox",
                account.name,
                at,
                f"{waiting:,} tickets wait, and none is remembered.",
                "See that a worker runs: `remember serve` without --no-worker, or `remember sync`.",
            )

    def _stale(self, account: Account) -> Iterator[_Found]:
        """Whether the record has fallen behind the helpdesk."""
        every = self._context.standing.sync_every
        running = {one.account: one for one in self._context.standing.parts() if one.name == "sync"}
        if every is None or account.name not in running:
            return
        sync = running[account.name]
        if sync.trouble is not None:
            return  # said with the part
        if account.synced_at is None:
            yield (
                "sync",
                account.name,
                sync.since,
                f"The history has not been taken yet. {sync.doing}".strip(),
                "Wait; briefs are as complete as what has been taken.",
            )
        elif (self._context.clock.now() - account.synced_at).total_seconds() > OVERDUE * every:
            yield (
                "sync",
                account.name,
                account.synced_at,
                f"No sync has ended since. {sync.doing}".strip(),
                "See what the log says, of the clock too; raise --sync-every if syncs take longer.",
            )

    def _parts(self) -> Iterator[_Found]:
        for one in self._context.standing.parts():
            if one.trouble is not None:
                yield one.name, one.account, one.since, one.trouble.detail, one.trouble.hint


_Found = tuple[str, str | None, "datetime | None", str, str]


_admin = needs("admin")


def _is_here(request: Request) -> bool:
    """Whether it is asked on this machine; of a proxy's requests the address is whom it names."""
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def router(context: Context) -> APIRouter:
    """The paths that machines look at: no bearer, and nothing of a customer."""
    routes = APIRouter(tags=["health"])
    health = Health(context)

    @routes.get("/healthz")
    async def healthz() -> Alive:
        """Whether the service answers."""
        return {"version": VERSION, "alive": True}

    @routes.get(
        "/readyz",
        response_model=Readiness,
        responses={503: {"model": Readiness, "description": "Something is not ready."}},
    )
    def readyz() -> Response:
        """What is not ready, since when, and what to do."""
        found = health.readiness()
        return JSONResponse(found, 200 if found["ready"] else 503)

    @routes.get(
        "/metrics",
        response_class=Response,
        responses={
            401: {"description": "It is asked from another machine, without a token."},
            403: {"description": "The token lacks the scope admin."},
            200: {
                "content": {
                    "text/plain": {
                        "schema": {"type": "string"},
                        "example": "remember_streams_open 12.0\n",
                    }
                },
                "description": "For Prometheus.",
            },
        },
    )
    def metrics(
        request: Request, background: BackgroundTasks, credentials: Credentials
    ) -> Response:
        """The numbers of the service, as Prometheus reads them.

        From another machine they are shown to a token with the scope `admin` alone.
        """
        if not _is_here(request):
            _admin(request, background, credentials)
        health.measure()
        return Response(context.metrics.text(), media_type=MEDIA_TYPE)

    return routes
