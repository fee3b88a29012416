"""Rings over HTTP: phone systems tell of them, agents hear of them as server-sent events."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Depends, Header, Query
from sse_starlette.event import ServerSentEvent
from sse_starlette.sse import EventSourceResponse, SendTimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from connector.rings.event import RingRefusedError, RingRepeatedError, RingRequest
from connector.rings.providers import PROVIDERS
from connector.service.auth import Credentials, Principal, needs, stands
from connector.service.problems import ForbiddenError
from memory.asking.view import rfc3339
from memory.errors import NotFoundError, RememberError, UsageError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import Receive, Scope, Send

    from connector.rings.event import RingEvent
    from connector.rings.provider import Provider
    from connector.rings.ring import Ring
    from connector.service.context import Context

PATIENCE = 30.0
"""Seconds after which a client that does not read what is sent to it is dropped."""
_AFTER_A_CUT = 1000
"""Milliseconds after which a browser's own reader comes again."""

_SENT = frozenset(
    {
        "",
        "application/json",
        "application/x-www-form-urlencoded",
        "application/jwt",
        "application/jose",
        "text/plain",
    }
)
"""The types of bodies that phone systems send; some say of JSON that it is plain text."""

_log = logging.getLogger(__name__)

Reader = Annotated[Principal, Depends(needs("brief:read"))]
LastEventId = Annotated[
    str | None,
    Header(max_length=40, description="The `id` of the last event that was read."),
]
OfAccount = Annotated[
    str | None,
    Query(max_length=320, description="Whose call it is; needed only where several are served."),
]


def router(context: Context) -> APIRouter:
    """The paths of rings."""
    routes = APIRouter(tags=["rings"])
    providers = {name: kind() for name, kind in PROVIDERS.items()}

    @routes.post("/v1/rings/{provider}", **_told_documented())
    async def tell(
        provider: str,
        request: Request,
        background: BackgroundTasks,
        credentials: Credentials,
        account: OfAccount = None,
    ) -> Response:
        """Hear from a phone system of a call, proven as its vendor prescribes.

        Phone systems that cannot sign send an API token with the scope `ring:write`.
        """
        system = providers.get(provider)
        if system is None:
            raise NotFoundError(
                "There is no such phone system.", f"There are {', '.join(sorted(providers))}."
            )
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in _SENT and not kind.endswith("+json"):
            raise HTTPException(415)
        try:
            told = await _request(context, request)
        except ClientDisconnect:
            return Response(status_code=400)
        reply = system.answer(told)
        if reply is not None:
            return Response(status_code=reply.status, headers=dict(reply.headers))
        if system.bearer:
            guard = needs("ring:write")
            teller = await asyncio.to_thread(guard, request, background, credentials)
            account = _own(teller, account)
        return await _tell(context, system, told, account)

    @routes.get("/v1/rings/stream", **_stream_documented())
    async def stream(principal: Reader, last_event_id: LastEventId = None) -> Response:
        """Hear of one's own rings as they change, until the session ends.

        Each event's `id` goes into `Last-Event-ID` of the next request, which then begins with
        what has changed since; without it, it begins with the calls that are going on. What is
        told of a call is never who calls: `POST /v1/briefs` with its key tells that.
        """
        agent_id = principal.agent_id
        if agent_id is None:
            raise ForbiddenError(
                "Only an agent's session hears of rings.", "Open one with POST /v1/sessions."
            )
        return _Stream(
            _events(context, principal, agent_id, _sequence(last_event_id)),
            ping=0,  # the board gives signs of life to all streams at once
            sep="\n",
            send_timeout=PATIENCE,
        )

    return routes


async def _tell(
    context: Context, system: Provider, told: RingRequest, account: str | None
) -> Response:
    """Take in what a phone system says; every way it ends is counted."""
    now = context.clock.now()
    outcome = "refused"
    try:
        try:
            system.verify(told, context.settings, now)
        except RingRepeatedError:
            outcome = "repeated"
            return Response(status_code=204)
        name = _account(context, account)
        outcome = "unreadable"
        event = system.read(told, now)
        if event is None:
            outcome = "ignored"
            return Response(status_code=204)
        outcome = "failed"
        outcome = await _onto_the_board(context, name, event)
    except RingRefusedError:
        raise
    except RememberError:
        # It may come again as it is, and is then to be heard.
        system.forget(told)
        raise
    finally:
        context.metrics.ring(system.name, outcome)
    return Response(status_code=204)


async def _onto_the_board(context: Context, account: str, event: RingEvent) -> str:
    before = context.board.sequence
    ring = await context.board.tell(account, event)
    if ring is None:
        return "ignored"
    if event.agents and not ring.agents:
        _log.warning(
            "A ring of %s is for an agent whom nobody knows: see AGENT_MAP.", event.provider
        )
        context.metrics.ring(event.provider, "nobody")
    return event.state if ring.sequence > before else "repeated"


async def _request(context: Context, request: Request) -> RingRequest:
    """The webhook as it came, under the address that the phone system called."""
    path = request.scope.get("raw_path") or request.scope["path"].encode()
    query = request.scope["query_string"]
    tail = (path.partition(b"?")[0] + (b"?" + query if query else b"")).decode("latin-1")
    public = context.settings.public_url
    base = public.rstrip("/") if public else f"{request.url.scheme}://{request.url.netloc}"
    headers = {name.lower(): value for name, value in request.headers.items()}
    return RingRequest(base + tail, headers, await request.body())


def _account(context: Context, named: str | None) -> str:
    """Whose call it is.

    Raises:
        UsageError: It is not said though several are served, or is none of them.
    """
    served = sorted(context.memories)
    if named is not None and named in served:
        return named
    if named is None and len(served) == 1:
        return served[0]
    raise UsageError(
        "This service has no such account." if named else "It is not said whose call it is.",
        "Add ?account= and the account's name, such as zendesk:acme, to the webhook's address.",
    )


def _own(teller: Principal, named: str | None) -> str:
    """A token tells of its own account's calls only."""
    if named not in {None, teller.account}:
        raise ForbiddenError(
            "The token is another account's.", "Make one with `remember token create --account`."
        )
    return teller.account


def _sequence(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() else None


async def _events(
    context: Context, principal: Principal, agent_id: str, after: int | None
) -> AsyncIterator[ServerSentEvent]:
    """What a stream sends: rings as they change, and a comment where there is none for long."""
    hearing = context.board.subscribe(principal.account, agent_id, after)
    context.metrics.streams.inc()
    try:
        yield ServerSentEvent(comment="open", retry=_AFTER_A_CUT, sep="\n")
        async for ring in hearing:
            if principal.ends is not None and context.clock.now() >= principal.ends:
                return
            # At each sign of life and not at each ring: of a call an agent hears at once.
            if ring is None and not await asyncio.to_thread(stands, context, principal):
                return
            yield _event(ring, agent_id) if ring else ServerSentEvent(comment="", sep="\n")
    finally:
        context.metrics.streams.dec()
        hearing.close()


def _event(ring: Ring, agent_id: str) -> ServerSentEvent:
    data = {
        "version": 1,
        "ring": ring.key,
        "state": ring.state,
        "direction": ring.direction,
        "at": rfc3339(ring.at),
        "hidden": ring.hidden,
        "unclaimed": ring.unclaimed,
        "yours": ring.is_of(agent_id),
    }
    return ServerSentEvent(
        data=json.dumps(data, separators=(",", ":")),
        event=f"ring.{ring.state}",
        id=str(ring.sequence),
        sep="\n",
    )


class _Stream(EventSourceResponse):
    """A stream of events that lets go of whoever does not read it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        except SendTimeoutError:
            _log.info("A reader of rings did not read for %.0f s and is dropped.", PATIENCE)


def _told_documented() -> dict[str, Any]:
    """What the path for phone systems takes and answers, for the OpenAPI document."""
    example = {
        "call_id": "b7e2",
        "caller": "+12125550101",
        "called": "+12125550199",
        "agent_email": "dana@acme.example",
        "agent_ref": None,
        "state": "ringing",
        "at": "2026-07-07T09:00:00Z",
    }
    form = {
        "CallSid": "CA0f",
        "CallStatus": "ringing",
        "From": "+12125550101",
        "To": "+12125550199",
    }
    return {
        "status_code": 204,
        "response_class": Response,
        "responses": {
            204: {"description": "Taken, known already, or nothing of interest."},
            200: {"description": "What the phone system demands to hear."},
            400: {"description": "It is not what the phone system documents, or lacks `account`."},
            401: {"description": "The sender is not proven."},
            403: {"description": "The token may not tell of rings, or not of this account's."},
            404: {"description": "There is no such phone system."},
            415: {"description": "No phone system sends this type of body."},
            503: {"description": "It was delivered but could not be stored; send it again."},
        },
        "openapi_extra": {
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {"schema": {"type": "object"}, "example": example},
                    "application/x-www-form-urlencoded": {
                        "schema": {"type": "object"},
                        "example": form,
                    },
                    "application/jwt": {
                        "schema": {"type": "string"},
                        "example": "eyJhbGciOiJIUzI1NiJ9.e30.c2ln",
                    },
                },
            }
        },
    }


def _stream_documented() -> dict[str, Any]:
    """What the stream answers, for the OpenAPI document."""
    example = (
        "id: 1783414800000000\nevent: ring.ringing\n"
        'data: {"version":1,"ring":"q83vEjRWeJCrze8SNFZ4kA","state":"ringing",'
        '"direction":"inbound","at":"2026-07-07T09:00:00Z","hidden":false,"unclaimed":false,'
        '"yours":true}\n\n'
    )
    return {
        "response_class": EventSourceResponse,
        "responses": {
            200: {
                "description": "`ring.ringing`, `ring.answered` and `ring.ended`, as they happen.",
                "content": {
                    "text/event-stream": {"schema": {"type": "string"}, "example": example}
                },
            },
            401: {"description": "The session is over."},
            403: {"description": "It is not an agent's session."},
        },
    }
