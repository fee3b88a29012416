"""What paths about a call have in common: who acts, in which call, and the answer as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import Depends
from pydantic import BaseModel, Field, model_validator
from starlette.responses import Response

from connector.rings.board import ClaimedError
from connector.service.auth import Principal, needs
from connector.service.problems import ForbiddenError, ServiceError
from memory.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fastapi import BackgroundTasks

    from connector.rings.ring import Ring
    from connector.service.context import Context
    from memory import Memory

LONGEST_NAME: Final = 320
"""Characters of a ref, an e-mail, a phone or a ring's key."""

LONGEST_QUESTION: Final = 500
"""Characters of words to look for."""

Reader = Annotated[Principal, Depends(needs("brief:read"))]
Revealer = Annotated[Principal, Depends(needs("sensitive:read"))]
Noter = Annotated[Principal, Depends(needs("notes:write"))]

Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
CustomerRef = Annotated[Name, Field(description="A customer's ref.", examples=["zendesk:100"])]
TicketRef = Annotated[Name, Field(description="A ticket's ref.", examples=["zendesk:8831"])]
RingKey = Annotated[Name, Field(description="The key of a ring, as the stream of rings tells it.")]
Words = Annotated[str, Field(min_length=1, max_length=LONGEST_QUESTION)]


class ByAgent(BaseModel):
    """A request that an agent makes."""

    agent: Annotated[
        Name | None,
        Field(description="The agent's ref or e-mail; a session is its own agent's."),
    ] = None


class InCall(ByAgent):
    """A request that is made in a call."""

    ring: RingKey | None = None
    ticket: TicketRef | None = None

    @model_validator(mode="after")
    def _one_call(self) -> InCall:
        if self.ring is not None and self.ticket is not None:
            raise ValueError("ring and ticket are two calls; give one")
        return self

    @property
    def call(self) -> str | None:
        """The call as `Memory` knows it."""
        if self.ring is not None:
            return f"ring:{self.ring}"
        return None if self.ticket is None else f"ticket:{self.ticket}"


class OfCaller(InCall):
    """A request about the caller of a call."""

    customer: CustomerRef

    @model_validator(mode="after")
    def _a_call(self) -> OfCaller:
        if self.call is None:
            raise ValueError("it is not said in which call; give ring or ticket")
        return self


class UnclaimedError(ServiceError):
    """A ring of a group, which nobody has taken yet."""

    status = 409
    title = "Nobody has this call yet"


def memory_of(context: Context, principal: Principal) -> Memory:
    """The memory of the account whose bearer it is."""
    return context.memories[principal.account]


def acting(context: Context, principal: Principal, named: str | None) -> str | None:
    """The ref of the agent for whom it is asked; None where a program asks for nobody.

    Raises:
        ForbiddenError: An agent's session names another agent.
        UsageError: There is no such agent.
    """
    if named is None or named == principal.agent:
        return principal.agent
    found = memory_of(context, principal).agent_ref(named)
    if principal.agent not in {None, found}:
        raise ForbiddenError("The session is another agent's.", "Leave the agent out.")
    return found


def acting_agent(context: Context, principal: Principal, named: str | None) -> str:
    """The ref of the agent for whom it is asked; as `acting`, but somebody it must be."""
    found = acting(context, principal, named)
    if found is None:
        raise UsageError(
            "It is not said for which agent.", "Name the agent, or use an agent's session."
        )
    return found


def own_ring(context: Context, principal: Principal, key: str, agent: str | None) -> Ring:
    """A ring that an agent may ask about.

    Args:
        context: The service.
        principal: Whose account it is.
        key: The ring's.
        agent: The agent's ref; a program that asks for nobody may ask about any.

    Raises:
        NotFoundError: There is none of this key that concerns the agent.
        ClaimedError: Another agent has it.
        UnclaimedError: It rings a group, and nobody has it yet.
    """
    agent_id = None if agent is None else agent.rpartition(":")[2]
    ring = context.board.ring(principal.account, key)
    if ring is None or (agent_id is not None and not ring.concerns(agent_id)):
        raise NotFoundError("There is no such ring.", "Its call may have ended long ago.")
    if ring.unclaimed:
        raise UnclaimedError(
            "The call rings a group, and nobody has taken it yet.",
            "Take it: ask for the brief with claim.",
        )
    if agent_id is not None and ring.agent_id not in {None, agent_id}:
        raise ClaimedError(
            "Another agent has this call.", "Ask for the customer where you need the brief."
        )
    if agent_id is not None and agent_id not in {ring.agent_id, *ring.agents}:
        raise NotFoundError("The call rings another agent.", "Ask for the customer in its place.")
    return ring


def check_call(context: Context, principal: Principal, asked: InCall, agent: str) -> str | None:
    """The call in which an agent asks something; as `own_ring` where it is a ring."""
    if asked.ring is not None:
        own_ring(context, principal, asked.ring, agent)
    return asked.call


def write_down(
    context: Context,
    principal: Principal,
    background: BackgroundTasks,
    what: str,
    customers: Iterable[str],
) -> None:
    """Have it written into the access log, after the answer, whose names stood in a list.

    Args:
        context: The service.
        principal: Whose bearer it was.
        background: What is done after the answer.
        what: Which list, such as `listed`.
        customers: Their refs.
    """
    background.add_task(
        context.looks.look,
        memory_of(context, principal),
        principal,
        what,
        list(customers),
        agent=principal.agent,
        call=None,
        at=context.clock.now(),
    )


def as_json(document: Mapping[str, Any], status: int = 200) -> Response:
    """A document as the answer; it is what it should be, and is not looked at again."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return Response(text.encode(), status, media_type="application/json")
