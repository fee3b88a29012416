"""The simulated Freshdesk as an ASGI application: who asks, what it costs, what is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connector.demo.freshdesk import problems
from connector.demo.freshdesk.account import Account
from connector.demo.freshdesk.changes import advance
from connector.demo.freshdesk.gate import Gate
from connector.demo.freshdesk.limits import Budgets
from connector.demo.freshdesk.people import People
from connector.demo.freshdesk.problems import RefusedError
from connector.demo.freshdesk.queries import Asked
from connector.demo.freshdesk.rows import Rows
from connector.demo.freshdesk.search import Search
from connector.demo.freshdesk.tickets import Tickets

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from starlette.requests import Request

    from connector.demo.freshdesk.limits import Bucket
    from connector.demo.freshdesk.plan import FreshdeskKeys, FreshdeskPlan
    from connector.demo.story_parts import Story

    Answer = Callable[[Asked], tuple[Any, dict[str, str]]]

_API = "/api/v2"
_VERSION = {"X-Freshdesk-API-Version": "latest=v2; requested=v2"}


class Freshdesk:
    """The simulated account and its API.

    Args:
        story: What the account holds and what happens in it.
        base: The address that stands in the links of an answer.
        clock: The helpdesk's present time, aware.
        plan: How the account behaves.
        keys: What is accepted.
    """

    def __init__(
        self,
        story: Story,
        base: str,
        clock: Callable[[], datetime],
        plan: FreshdeskPlan,
        keys: FreshdeskKeys,
    ) -> None:
        self.account = Account(story, tickets_of_missed_calls=plan.missed_calls)
        self._base = base
        self._clock = clock
        self._plan = plan
        self._budgets = Budgets(plan)
        self._gate = Gate(self.account, keys)
        rows = Rows(self.account, classic=plan.classic_ratings)
        self._tickets = Tickets(self.account, rows, plan)
        self._people = People(self.account, rows, plan)
        self._search = Search(self._tickets)

    def app(self) -> Starlette:
        """The ASGI application."""
        tickets, people = self._tickets, self._people
        return Starlette(
            routes=[
                self._route("/tickets", tickets.listed, bucket="ticket_lists", each=2),
                self._route("/tickets/{id:int}", tickets.one, each=1),
                self._route("/tickets/{id:int}/conversations", tickets.conversations),
                self._route("/tickets/{id:int}/satisfaction_ratings", tickets.ratings),
                self._route("/tickets/{id:int}/notes", tickets.add_note, method="POST"),
                self._route("/tickets/archived/{id:int}", tickets.archived, each=1),
                self._route(
                    "/tickets/archived/{id:int}/conversations", tickets.archived_conversations
                ),
                self._route("/search/tickets", self._search.found),
                self._route("/surveys/satisfaction_ratings", tickets.all_ratings),
                self._route("/contacts", people.contacts, bucket="contact_lists"),
                self._route("/contacts/{id:int}", people.contact),
                self._route("/agents", people.agents),
                self._route("/agents/me", people.me),
                self._route("/agents/{id:int}", people.agent),
                self._route("/companies", people.companies),
                self._route("/companies/{id:int}", people.company),
                self._route("/ticket_fields", people.ticket_fields),
            ],
            exception_handlers={404: _no_such_path, 405: _no_such_method},
        )

    def _route(
        self,
        path: str,
        answer: Answer,
        *,
        bucket: Bucket = "requests",
        each: int = 0,
        method: str = "GET",
    ) -> Route:
        """The route of one endpoint, where each inclusion costs `each` credits more."""

        async def endpoint(request: Request) -> Response:
            now = int(self._clock().timestamp())
            advance(self.account, now, merge_moves_tickets=self._plan.merge_moves_tickets)
            included = [one for one in request.query_params.get("include", "").split(",") if one]
            headers: dict[str, str] = {}
            try:
                headers = self._budgets.spend(bucket, now, 1 + each * len(included))
                asked = await self._asked(request, now)
                body, more = answer(asked)
            except RefusedError as refused:
                return _refusal(refused, headers)
            status = 201 if method == "POST" else 200
            return _written(JSONResponse(body, status), headers | more)

        return Route(_API + path, endpoint, methods=[method])

    async def _asked(self, request: Request, now: int) -> Asked:
        agent, restricted = self._gate.who(request.headers.get("authorization"))
        return Asked(
            url=f"{self._base}{request.url.path}",
            params=dict(request.query_params),
            now=now,
            agent=agent,
            restricted=restricted,
            id=int(request.path_params.get("id", 0)),
            body=await _sent(request) if request.method == "POST" else None,
        )


async def _sent(request: Request) -> dict[str, Any]:
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise problems.wrong_type()
    try:
        sent = await request.json()
    except ValueError as error:
        raise problems.no_json() from error
    if not isinstance(sent, dict):
        raise problems.no_json()
    return sent


def _written(response: Response, headers: dict[str, str]) -> Response:
    """Adds `headers` with the letter case of their names, which the framework would lower."""
    told = (_VERSION | headers).items()
    response.raw_headers += [(name.encode(), value.encode()) for name, value in told]
    return response


def _refusal(refused: RefusedError, headers: dict[str, str]) -> Response:
    if refused.body is None:
        return _written(Response(status_code=refused.status), headers | refused.headers)
    return _written(JSONResponse(refused.body, refused.status), headers | refused.headers)


async def _no_such_path(_: Request, __: Exception) -> Response:
    return _refusal(problems.not_found(), {})


async def _no_such_method(_: Request, __: Exception) -> Response:
    return _refusal(problems.not_allowed(), {})
