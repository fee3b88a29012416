"""The simulated Zendesk as an ASGI application: who asks, what is left, what is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from connector.demo.zendesk import problems
from connector.demo.zendesk.account import Account
from connector.demo.zendesk.auth import Credentials, Gate
from connector.demo.zendesk.changes import advance
from connector.demo.zendesk.exports import PATH, Exports
from connector.demo.zendesk.limits import Budgets, Limits
from connector.demo.zendesk.lists import Lists
from connector.demo.zendesk.problems import RefusedError
from connector.demo.zendesk.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from connector.demo.story_parts import Story
    from connector.demo.zendesk.limits import Bucket

    Answer = Callable[[Request, int], dict[str, Any]]

_API = "/api/v2"
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
        self._clock = clock
        self._budgets = Budgets(limits)
        self._gate = Gate(self.account, credentials)
        rows = Rows(self.account, base)
        self._exports = Exports(self.account, rows)
        self._lists = Lists(self.account, rows, self._exports)

    def app(self) -> Starlette:
        """The ASGI application; paths are without ``.json``."""
        return Starlette(
            routes=[
                Route("/oauth/tokens", self._grant, methods=["POST"]),
                Route(f"{_API}/users/me", self._me),
                *self._export_routes(),
                *self._list_routes(),
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
        return [
            self._route(f"{PATH}{path}", _query(answer), bucket=bucket, limit=limit, admin=True)
            for path, answer, bucket, limit in answers
        ]

    def _list_routes(self) -> list[Route]:
        lists = self._lists
        return [
            self._route(_API + path, answer, admin=admin)
            for path, answer, admin in (
                ("/tickets", _listing(lists.tickets), False),
                ("/tickets/{id:int}", lambda r, _: lists.ticket(_id(r)), False),
                ("/tickets/{id:int}/comments", _children(lists.comments), False),
                ("/users/{id:int}", lambda r, _: lists.user(_id(r)), False),
                ("/users/{id:int}/identities", _children(lists.identities), False),
                ("/organizations/{id:int}", lambda r, _: lists.organization(_id(r)), False),
                ("/satisfaction_ratings", _listing(lists.ratings), True),
                ("/deleted_users", _listing(lists.deleted_users), False),
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

    async def _grant(self, request: Request) -> Response:
        try:
            form = await request.json()
        except ValueError:
            form = None
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
