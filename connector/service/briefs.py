"""`POST /v1/briefs`: who is calling, and what there is to remember."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, BackgroundTasks
from pydantic import AfterValidator, AwareDatetime, Field, model_validator
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from connector.rings.board import ClaimedError
from connector.service.calls import (
    CustomerRef,
    InCall,
    Name,
    Reader,
    UnclaimedError,
    Words,
    acting,
    as_json,
    memory_of,
    own_ring,
)
from connector.service.problems import ServiceError
from connector.service.schema import BRIEF
from memory.asking.looked import looks_of, people_of
from memory.errors import NotAllowedError, NotFoundError, UsageError

if TYPE_CHECKING:
    from connector.rings.ring import Ring
    from connector.service.auth import Principal
    from connector.service.context import Context
    from memory.asking.document import Brief

_FIRST: Final = datetime(2000, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(2100, 1, 1, tzinfo=UTC)
_REFUSED: Final = (ServiceError, ClaimedError, UsageError, NotFoundError, NotAllowedError)


def _of_this_age(moment: datetime) -> datetime:
    if not _FIRST <= moment < _LAST:
        raise ValueError("it is not a time of this century")
    return moment


class Question(InCall):
    """Whom it is asked about, in exactly one way."""

    phone: Annotated[
        Name | None, Field(description="As the phone system shows it.", examples=["+12125550101"])
    ] = None
    email: Annotated[Name | None, Field(examples=["mara@example.com"])] = None
    customer: Annotated[
        CustomerRef | None,
        Field(description="A customer's ref; beside a ring or ticket, whom the agent picked."),
    ] = None
    about: Annotated[
        Words | None, Field(description="Words to search their history for, and others' issues.")
    ] = None
    as_of: Annotated[
        Annotated[AwareDatetime, AfterValidator(_of_this_age)] | None,
        Field(description="The present; now unless given."),
    ] = None
    claim: Annotated[
        bool, Field(description="The agent takes a ring that nobody has taken yet.")
    ] = False

    @model_validator(mode="after")
    def _one_way(self) -> Question:
        ways = [self.phone, self.email, self.ring, self.ticket]
        if self.ring is None and self.ticket is None:
            ways.append(self.customer)
        if sum(way is not None for way in ways) != 1:
            raise ValueError("say who in exactly one of phone, email, customer, ticket and ring")
        return self


def router(context: Context) -> APIRouter:
    """The path of briefs."""
    routes = APIRouter(tags=["briefs"])

    @routes.post("/v1/briefs", summary="Ask who it is", **_documented())
    async def brief(question: Question, principal: Reader, background: BackgroundTasks) -> Response:
        """The brief of whoever is asked about; that nobody is found is an answer, too.

        Until the agent has said that the caller of this call is who they say
        (`POST /v1/verifications`), it shows what may be shown of anybody who knows the number.
        A ring that rings a group is answered with 409 until an agent takes it with `claim`.
        """
        began, outcome = context.clock.monotonic(), "failed"
        try:
            agent = principal.agent
            if question.agent is not None:
                agent = await run_in_threadpool(acting, context, principal, question.agent)
            ring = None
            if question.ring is not None:
                ring = await _ring(context, principal, question, agent)
            answer, document = await run_in_threadpool(
                _brief, context, principal, question, agent, ring
            )
            outcome = document["match"]["outcome"]
        except UnclaimedError:
            outcome = "unclaimed"
            raise
        except _REFUSED:
            outcome = "refused"
            raise
        finally:
            context.metrics.brief(context.clock.monotonic() - began, outcome)
        for what in looks_of(document):
            background.add_task(
                context.looks.look,
                memory_of(context, principal),
                principal,
                what,
                people_of(document),
                agent=agent,
                call=question.call,
                at=context.clock.now(),
            )
        waited = None if ring is None else context.board.asked(principal.account, ring.key)
        if waited is not None:
            context.metrics.ring_to_brief(waited)
        return answer

    return routes


async def _ring(
    context: Context, principal: Principal, question: Question, agent: str | None
) -> Ring:
    """The ring that is asked about, taken by the agent where they say so."""
    key = question.ring or ""
    if question.claim and agent is not None:
        await context.board.claim(principal.account, key, agent.rpartition(":")[2])
    return own_ring(context, principal, key, agent)


def _brief(
    context: Context,
    principal: Principal,
    question: Question,
    agent: str | None,
    ring: Ring | None,
) -> tuple[Response, Brief]:
    """The answer, as it is sent and as it was made."""
    document = memory_of(context, principal).brief(
        phone=question.phone if ring is None else ring.caller,
        email=question.email,
        customer=question.customer,
        ticket=question.ticket,
        ring=question.ring,
        call=question.call,
        agent=agent,
        about=question.about,
        as_of=question.as_of,
    )
    return as_json(document), document


def _documented() -> dict[str, Any]:
    """What the path answers, for the OpenAPI document."""
    return {
        "response_class": Response,
        "responses": {
            200: {
                "description": "The brief.",
                "content": {"application/json": {"schema": BRIEF}},
            },
            404: {},
            409: {"description": "Nobody has taken the ring yet, or another agent has."},
        },
    }
