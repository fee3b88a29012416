"""`GET /v1/agents/me/…`: what an agent remembers with our help, for their eyes only."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, BackgroundTasks, Query
from pydantic import AfterValidator
from starlette.responses import Response

from connector.service.calls import Reader, as_json, memory_of, write_down
from connector.service.problems import ForbiddenError
from memory.asking.day import Day
from memory.asking.regulars import Regulars

if TYPE_CHECKING:
    from connector.service.auth import Principal
    from connector.service.context import Context

_FIRST, _LAST = date(2000, 1, 1), date(2100, 1, 1)


def _of_this_age(day: date) -> date:
    if not _FIRST <= day < _LAST:
        raise ValueError("it is not a day of this century")
    return day


def router(context: Context) -> APIRouter:
    """The paths of what is an agent's own."""
    routes = APIRouter(tags=["agents"])

    @routes.get("/v1/agents/me/regulars", summary="Whom I know", response_model=Regulars)
    def regulars(principal: Reader, background: BackgroundTasks) -> Response:
        """The customers the agent knows, those they spent most time with of late first."""
        document = memory_of(context, principal).regulars(_own(principal))
        known = [one["customer"]["ref"] for one in document["regulars"]]
        write_down(context, principal, background, "regulars", known)
        return as_json(document)

    @routes.get("/v1/agents/me/day", summary="What my day was", response_model=Day)
    def day(
        principal: Reader,
        background: BackgroundTasks,
        on: Annotated[
            Annotated[date, AfterValidator(_of_this_age)] | None,
            Query(description="In the account's time zone; today unless given."),
        ] = None,
    ) -> Response:
        """The agent's conversations and calls of a day, oldest first; `remember` says why."""
        document = memory_of(context, principal).day(_own(principal), on=on)
        talked = [one["customer"]["ref"] for one in document["conversations"]]
        rang = [one["customer"]["ref"] for one in document["rings"] if one["customer"] is not None]
        write_down(context, principal, background, "day", dict.fromkeys([*talked, *rang]))
        return as_json(document)

    return routes


def _own(principal: Principal) -> str:
    """The agent whose session it is.

    Raises:
        ForbiddenError: It is a program's token.
    """
    if principal.agent is None:
        raise ForbiddenError(
            "That is an agent's own: a token is nobody's.", "Open a session of the agent."
        )
    return principal.agent
