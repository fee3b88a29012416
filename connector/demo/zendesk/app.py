"""The simulated Zendesk as an ASGI application: who asks, what is left, what is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from connector.demo.zendesk import problems
from connector.demo.zendesk.account import Account
from connector.demo.zendesk.apps import Apps
from connector.demo.zendesk.auth import Credentials, Gate
from connector.demo.zendesk.changes import advance
from connector.demo.zendesk.exports import PATH, Exports
from connector.demo.zendesk.limits import Budgets, Limits
from connector.demo.zendesk.lists import Lists
from connector.demo.zendesk.problems import RefusedError
from connector.demo.zendesk.rows import Rows
from connector.demo.zendesk.signed_urls import APP_ID, SignedUrls
from connector.demo.zendesk.talk import PATH as TALK_PATH
from connector.demo.zendesk.talk import Stats
from connector.demo.zendesk.updates import Updates

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from starlette.requests import Request

    from connector.demo.story_parts import Story
    from connector.demo.zendesk.limits import Bucket
    from connector.demo.zendesk.live import LiveUser

    Answer = Callable[[Request, int], dict[str, Any]]

_API = "/api/v2"
_TALK = TALK_PATH.removeprefix(_API)
_CURSOR_LIMIT = "incremental-exports-cursor"
_TIME_LIMIT = "incremental-exports"


class Zendesk:
    """The simulated account and its API.

    Args:
        story: What the account holds and what happens in it.
        base: The canonical address, which stands in every URL of an answer.
        clock: The helpdesk's present time, aware.
        limits: Requests per minute.
        credentials: What is accepted.

    Attributes:
        account: What it holds at this moment.
        signed_urls: Signs for our app when an agent opens it.
    """

    def __init__(
        self,
        story: Story,
        base: str,
        clock: Callable[[], datetime],
        limits: Limits,
        credentials: Credentials,
    ) -> None:
        self.account = Account(story)
        self.signed_urls = SignedUrls(base, clock)
        self._clock = clock
        self._budgets = Budgets(limits)
        self._gate = Gate(self.account, credentials)
        rows = Rows(self.account, base)
        self._exports = Exports(self.account, rows)
        self._lists = Lists(self.account, rows, self._exports)
        self._stats = Stats(self.account, base)
        self._updates = Updates(self.account, rows)
        self._apps = Apps(self.account)

    def app(self) -> Starlette:
        """The ASGI application; paths are without ``.json``."""
        return Starlette(
            routes=[
                Route("/oauth/tokens", self._grant, methods=["POST"]),
                Route(f"{_API}/users/me", self._me),
                Route(f"{_API}/apps/{{id:int}}/public_key.pem", self._public_key),
                *self._export_routes(),
                *self._list_routes(),
                Route(f"{_API}/tickets/{{id:int}}", self._update, methods=["PUT"]),
                Route(f"{_API}/apps/notify", self._notify, methods=["POST"]),
                Route(
                    f"{_API}/channels/voice/agents/{{agent:int}}/users/{{user:int}}/display",
                    self._display,
                    methods=["POST"],
                ),
            ],
            exception_handlers={404: _no_endpoint, 405: _no_endpoint},
        )

    def _export_routes(self) -> list[Route]:
        exports = self._exports
        answers: list[tuple[str, Callable[..., dict[str, Any]], Bucket, str]] = [
            ("/tickets/cursor", exports.tickets, "exports", _CURSOR_LIMIT),
            ("/users/cursor", exports.users, "users_export", _CURSOR_LIMIT),
            ("/organizations", exports.organizations, "exports", _TIME_LIMIT),
            ("/ticket_events", exports.ticket_events, "exports", _TIME_LIMIT),
        ]
        routes = [
            self._route(f"{PATH}{path}", _query(answer), bucket=bucket, limit=limit, admin=True)
            for path, answer, bucket, limit in answers
        ]
        sample = self._route(
            f"{PATH}/{{name}}/sample",
            lambda r, now: exports.sample(r.path_params["name"], r.query_params, now),
            bucket="samples",
            limit="incremental-exports-sample",
            admin=True,
        )
        return [*routes, sample]

    def _list_routes(self) -> list[Route]:
        lists = self._lists
        return [
            self._route(_API + path, answer, admin=admin)
            for path, answer, admin in (
                ("/tickets", _listing(lists.tickets), False),
                ("/tickets/count", lambda _, now: lists.counts(now)["tickets"], False),
                ("/users/count", lambda _, now: lists.counts(now)["users"], False),
                ("/tickets/{id:int}", lambda r, _: lists.ticket(r.query_params, _id(r)), False),
                ("/tickets/{id:int}/comments", _children(lists.comments), False),
                ("/users/{id:int}", lambda r, _: lists.user(_id(r)), False),
                ("/users/{id:int}/identities", _children(lists.identities), False),
                (
                    "/users/{id:int}/compliance_deletion_statuses",
                    _children(lists.compliance),
                    False,
                ),
                ("/organizations/{id:int}", lambda r, _: lists.organization(_id(r)), False),
                ("/satisfaction_ratings", _listing(lists.ratings), True),
                ("/deleted_users", _listing(lists.deleted_users), False),
                (f"{_TALK}/calls", _query(self._stats.calls), True),
                (f"{_TALK}/legs", _query(self._stats.legs), True),
            )
        ]

    def _route(
        self,
        path: str,
        answer: Answer,
        *,
        bucket: Bucket = "requests",
        limit: str = "",
        admin: bool = False,
    ) -> Route:
        async def endpoint(request: Request) -> Response:
            now = self._advance()
            headers: dict[str, str] = {}
            try:
                user = self._gate.who(request.headers.get("authorization"), now)
                if user is None:
                    raise problems.unauthenticated()
                headers = self._budgets.spend(bucket, now, limit)
                if admin and user.role != "admin":
                    raise problems.forbidden()
                return JSONResponse(answer(request, now), headers=headers)
            except RefusedError as refused:
                return _refusal(refused, headers)

        return Route(path, endpoint)

    async def _me(self, request: Request) -> Response:
        now = self._advance()
        try:
            user = self._gate.who(request.headers.get("authorization"), now)
            headers = self._budgets.spend("requests", now)
        except RefusedError as refused:
            return _refusal(refused, {})
        return JSONResponse(self._lists.me(user), headers=headers)

    async def _public_key(self, request: Request) -> Response:
        if _id(request) != APP_ID:
            return _refusal(problems.not_found(), {})
        return PlainTextResponse(self.signed_urls.public_key())

    async def _update(self, request: Request) -> Response:
        def update(document: Any, user: LiveUser, now: int) -> Response:
            row = self._updates.ticket(_id(request), document, user, now)
            return JSONResponse(row)

        return await self._write(request, update, "tickets:write", "updates", "tickets-update")

    async def _notify(self, request: Request) -> Response:
        size = len(await request.body())

        def notify(document: Any, _user: LiveUser, _now: int) -> Response:
            self._apps.notify(document, size)
            return Response()  # a status is all that the reference promises

        return await self._write(request, notify, "apps:write", "notices", "apps-notify")

    async def _display(self, request: Request) -> Response:
        def display(_document: Any, _user: LiveUser, _now: int) -> Response:
            self._apps.display(request.path_params["agent"], request.path_params["user"])
            return Response()

        return await self._write(request, display, "write", "requests", "")

    async def _write(
        self,
        request: Request,
        change: Callable[[Any, LiveUser, int], Response],
        scope: str,
        bucket: Bucket,
        limit: str,
    ) -> Response:
        """Answers a request that changes something, if whoever sends it may."""
        now = self._advance()
        headers: dict[str, str] = {}
        try:
            user = self._gate.who(request.headers.get("authorization"), now, scope)
            if user is None:
                raise problems.unauthenticated()
            headers = self._budgets.spend(bucket, now, limit)
            answer = change(await _body(request), user, now)
        except RefusedError as refused:
            return _refusal(refused, headers)
        answer.headers.update(headers)
        return answer

    async def _grant(self, request: Request) -> Response:
        form = await _body(request)
        try:
            if not isinstance(form, dict):
                raise problems.bad_grant("invalid_request", "The body is a JSON object.")
            return JSONResponse(self._gate.grant(form, self._advance()))
        except RefusedError as refused:
            return _refusal(refused, {})

    def _advance(self) -> int:
        now = int(self._clock().timestamp())
        advance(self.account, now)
        return now


async def _body(request: Request) -> Any:
    """The JSON that was sent; None where it is none."""
    try:
        return await request.json()
    except ValueError:
        return None


def _query(answer: Callable[..., dict[str, Any]]) -> Answer:
    return lambda request, now: answer(request.query_params, now)


def _listing(answer: Callable[..., dict[str, Any]]) -> Answer:
    return lambda request, _: answer(request.url.path, request.query_params)


def _children(answer: Callable[..., dict[str, Any]]) -> Answer:
    return lambda request, _: answer(request.url.path, request.query_params, _id(request))


def _id(request: Request) -> int:
    return int(request.path_params["id"])


def _refusal(refused: RefusedError, headers: dict[str, str]) -> Response:
    return JSONResponse(refused.body, refused.status, {**headers, **refused.headers})


async def _no_endpoint(_: Request, __: Exception) -> Response:
    return _refusal(problems.no_endpoint(), {})
