"""Hears from the helpdesks what has changed: proven, taken, answered at once, applied later.

Zendesk signs what it sends; Freshdesk's automation rules cannot, so that they send a secret in a
header or as a password.
https://developer.zendesk.com/documentation/webhooks/verifying/
https://support.freshdesk.com/support/solutions/articles/132589-using-webhooks-in-automation-rules
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from connector.errors import ConfigurationError
from connector.freshdesk.webhooks import read_event as read_freshdesk
from connector.rings.event import RingRepeatedError
from connector.rings.proofs import same
from connector.rings.seen import Seen
from connector.service.problems import MEDIA_TYPE, SIGNATURE, ServiceError
from connector.zendesk.webhooks import read_event as read_zendesk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import SecretStr

    from connector.service.context import Context
    from connector.service.inbox import Inbox
    from connector.sync.webhooks import Event

WINDOW = timedelta(minutes=30)
"""How old a signature of Zendesk's may be: it documents no bound, and retries for a while."""

_SIGNATURE = "x-zendesk-webhook-signature"
_SIGNED_AT = "x-zendesk-webhook-signature-timestamp"
_INVOCATION = "x-zendesk-webhook-invocation-id"
_SECRET = "x-remember-secret"  # noqa: S105  the header's name
_RETRY_SECONDS = 30
"""Zendesk tries again only where it is asked to wait for less than a minute."""

_ZENDESK_HEADERS = (
    "X-Zendesk-Webhook-Signature",
    "X-Zendesk-Webhook-Signature-Timestamp",
    "X-Zendesk-Webhook-Invocation-Id",
)
_ZENDESK_BODY = {
    "account_id": 22129848,
    "id": "cbe4028c-7239-495d-b020-f22348516046",
    "type": "zen:event-type:ticket.comment_added",
    "subject": "zen:ticket:8831",
    "time": "2026-07-07T09:00:00Z",
    "zendesk_event_version": "2022-11-06",
    "detail": {"id": "8831"},
    "event": {},
}
_FRESHDESK_HEADERS = ("X-Remember-Secret",)
_FRESHDESK_BODY = {"ticket_id": "8831"}


class WebhookRefusedError(ServiceError):
    """A webhook whose sender is not proven; nothing of it was used."""

    exit_code = 4
    status = 401
    title = "The webhook is refused"


class FullError(ServiceError):
    """More has changed than can be taken in at the moment."""

    exit_code = 6
    status = 503
    title = "Too much at once"


def router(context: Context) -> APIRouter:
    """The paths that helpdesks call."""
    routes = APIRouter(tags=["webhooks"])
    seen = Seen()

    @routes.post("/v1/webhooks/zendesk", **_documented(_ZENDESK_BODY, _ZENDESK_HEADERS))
    async def zendesk(request: Request) -> Response:
        """Hear from Zendesk what has changed; it is read again from Zendesk within seconds.

        The webhook subscribes to events of tickets, users and organizations; its signing secret is
        `REMEMBER_ZENDESK_WEBHOOK_SECRET`.
        """
        return await _heard(context, request, _Zendesk(context, seen))

    @routes.post("/v1/webhooks/freshdesk", **_documented(_FRESHDESK_BODY, _FRESHDESK_HEADERS))
    async def freshdesk(request: Request) -> Response:
        """Hear from Freshdesk what has changed; it is read again from Freshdesk within seconds.

        An automation rule sends `{"ticket_id": "{{ticket.id}}"}` with the header
        `X-Remember-Secret`, or with its value as the password of Basic authentication; the
        serverless part of an app hands its events on. The secret is
        `REMEMBER_FRESHDESK_WEBHOOK_SECRET`.
        """
        return await _heard(context, request, _Freshdesk(context))

    return routes


async def _heard(context: Context, request: Request, sender: _Zendesk | _Freshdesk) -> Response:
    """Take an event, or say why not; every way it ends is counted."""
    try:
        body = await request.body()
    except ClientDisconnect:
        context.metrics.webhook(sender.name, "unreadable")
        return Response(status_code=400)
    outcome = "refused"
    try:
        sender.prove(request.headers, body)
        outcome = "unreadable"
        event, mark = sender.read(request.headers, _document(request, body))
        outcome = "failed"
        inbox = _inbox(context, sender.name)
        outcome = "repeated"
        if not sender.knows(mark):
            outcome = "queued" if await inbox.put(event) else "full"
    finally:
        context.metrics.webhook(sender.name, outcome)
    if outcome == "full":
        sender.forget(mark)
        raise FullError(
            "Too many changes wait to be applied.",
            "Send it again later; the next sync brings it otherwise.",
            headers={"Retry-After": str(_RETRY_SECONDS)},
        )
    return Response(status_code=204)


def _inbox(context: Context, name: str) -> Inbox:
    inbox = context.inboxes.get(name)
    if inbox is None:
        raise ConfigurationError(
            "This service reads no such helpdesk, so that it cannot look what has changed.",
            f"Set REMEMBER_{name.upper()}_URL and a way to sign in, or take the webhook away.",
        )
    return inbox


def _document(request: Request, body: bytes) -> object:
    """The body as JSON.

    Raises:
        HTTPException: It says that it is something else (415), or is not JSON (400).
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise HTTPException(415)
    try:
        document: object = json.loads(body)
    except (ValueError, RecursionError):
        raise HTTPException(400) from None
    return document


class _Zendesk:
    """Zendesk: HMAC-SHA256 over the time and the raw body, in base64."""

    name = "zendesk"

    def __init__(self, context: Context, seen: Seen) -> None:
        self._clock = context.clock
        self._secret = context.settings.zendesk_webhook_secret
        self._seen = seen

    def prove(self, headers: Mapping[str, str], body: bytes) -> None:
        """Refuse what Zendesk did not sign, or not lately."""
        secret = _secret(self._secret, "ZENDESK_WEBHOOK_SECRET")
        signed_at = headers.get(_SIGNED_AT, "")
        made = hmac.new(
            secret.encode(), signed_at.encode("utf-8", "surrogatepass") + body, hashlib.sha256
        )
        if not same(headers.get(_SIGNATURE, ""), base64.b64encode(made.digest()).decode()):
            raise WebhookRefusedError(
                "The webhook's signature is not Zendesk's.",
                "Compare REMEMBER_ZENDESK_WEBHOOK_SECRET with the webhook's signing secret.",
                headers={"WWW-Authenticate": SIGNATURE},
            )
        at = _time(signed_at)
        if at is None or abs(self._clock.now() - at) > WINDOW:
            raise WebhookRefusedError(
                "The webhook was signed too long ago, or for later.",
                "Check this machine's clock; a copy of an old webhook is rightly refused.",
                headers={"WWW-Authenticate": SIGNATURE},
            )

    def read(self, headers: Mapping[str, str], document: object) -> tuple[Event, str | None]:
        """What it is about, and what tells it from others."""
        event = read_zendesk(document)
        envelope = document.get("id") if isinstance(document, dict) else None
        mark = envelope if isinstance(envelope, str) and envelope else headers.get(_INVOCATION)
        return event, mark

    def knows(self, mark: str | None) -> bool:
        """Whether it came before; Zendesk sends again what it thinks was lost."""
        try:
            if mark:
                self._seen.add(mark, self._clock.now())
        except RingRepeatedError:
            return True
        return False

    def forget(self, mark: str | None) -> None:
        """It was not taken, and may come again."""
        if mark:
            self._seen.discard(mark)


class _Freshdesk:
    """Freshdesk: a secret that the rule sends along."""

    name = "freshdesk"

    def __init__(self, context: Context) -> None:
        self._secret = context.settings.freshdesk_webhook_secret

    def prove(self, headers: Mapping[str, str], body: bytes) -> None:
        """Refuse who does not know the secret."""
        del body
        secret = _secret(self._secret, "FRESHDESK_WEBHOOK_SECRET")
        told = headers.get(_SECRET) or _password(headers.get("authorization", ""))
        if not same(told, secret):
            raise WebhookRefusedError(
                "The webhook does not know the secret.",
                "Let the automation rule send the header X-Remember-Secret with the value of "
                "REMEMBER_FRESHDESK_WEBHOOK_SECRET.",
                headers={"WWW-Authenticate": 'Basic realm="webhooks"'},
            )

    def read(self, headers: Mapping[str, str], document: object) -> tuple[Event, str | None]:
        """What it is about; nothing tells it from others, and reading again does no harm."""
        del headers
        return read_freshdesk(document), None

    def knows(self, mark: str | None) -> bool:
        """Never: the inbox takes together what is the same."""
        return mark is not None

    def forget(self, mark: str | None) -> None:
        """Nothing is kept."""


def _documented(example: Mapping[str, Any], headers: tuple[str, ...]) -> dict[str, Any]:
    """What a path of these takes and answers, for the OpenAPI document."""
    problem = {"content": {MEDIA_TYPE: {"schema": {"type": "object"}}}}
    told = {
        400: "It is no event.",
        401: "The sender is not proven.",
        413: "The body is too large.",
        415: "The body is not JSON by its Content-Type.",
        503: "It cannot be taken now; send it again.",
    }
    return {
        "status_code": 204,
        "response_class": Response,
        "responses": {
            204: {"description": "Taken, or known already."},
            **{status: {"description": words, **problem} for status, words in told.items()},
        },
        "openapi_extra": {
            "parameters": [
                {"name": name, "in": "header", "required": False, "schema": {"type": "string"}}
                for name in headers
            ],
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": {"type": "object"}, "example": example}},
            },
        },
    }


def _secret(value: SecretStr | None, setting: str) -> str:
    text = value.get_secret_value() if value is not None else ""
    if not text:
        raise WebhookRefusedError(
            "Webhooks of this helpdesk cannot be proven: their secret is not set.",
            f"Set REMEMBER_{setting}.",
            headers={"WWW-Authenticate": SIGNATURE},
        )
    return text


def _time(text: str) -> datetime | None:
    """An ISO 8601 time with its zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _password(authorization: str) -> str:
    """The password of Basic authentication, or nothing."""
    scheme, _, rest = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(rest, validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return ""
