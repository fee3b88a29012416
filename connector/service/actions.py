"""What an agent does with a brief: verify, reveal, note, search, say what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, BackgroundTasks, Body, Path
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from connector.service.calls import (
    ByAgent,
    CustomerRef,
    InCall,
    Name,
    Noter,
    OfCaller,
    Reader,
    Revealer,
    Words,
    acting,
    acting_agent,
    as_json,
    check_call,
    memory_of,
)
from memory.asking.recall import Recall
from memory.asking.revealing import Revealed
from memory.asking.view import rfc3339
from memory.face import LONGEST_NOTE
from memory.face.keeping import Act

if TYPE_CHECKING:
    from connector.service.auth import Principal
    from connector.service.context import Context
    from memory import Memory
    from memory.face.on_call import Verified as CallerVerified

VERSION = 1

MemoryId = Annotated[
    str, Field(min_length=1, max_length=100, description="A memory, as a brief names it.")
]


class Search(InCall):
    """What to look for, and whose history it is."""

    words: Words
    customer: CustomerRef | None = None
    limit: Annotated[int, Field(ge=1, le=50, description="At most so many of each.")] = 10


class Note(ByAgent):
    """What the next agent should know."""

    words: Annotated[
        str,
        Field(
            min_length=1,
            max_length=LONGEST_NOTE,
            description="The note; `?word` marks a thing to check.",
            examples=["prefers mornings; street is ?Ashgrove"],
        ),
    ]
    customer: CustomerRef


class OfMemory(ByAgent):
    """What an agent makes of a memory or note."""

    verdict: Literal["wrong", "outdated", "unwanted", "helped"]
    memory: MemoryId


class OfPeople(ByAgent):
    """Two customers are one person."""

    verdict: Literal["same_person"]
    customer: CustomerRef
    other: Annotated[Name, Field(description="The other's ref.", examples=["zendesk:101"])]


class OfPerson(ByAgent):
    """A customer is nobody else after all, or the agent does, or does not, want to be offered."""

    verdict: Literal["different_person", "do_not_offer", "offer_again"]
    customer: CustomerRef


Feedback = Annotated[
    OfMemory | OfPeople | OfPerson,
    Body(
        discriminator="verdict",
        openapi_examples={
            "correction": {"value": {"verdict": "outdated", "memory": "9f2c"}},
            "same person": {
                "value": {
                    "verdict": "same_person",
                    "customer": "zendesk:100",
                    "other": "zendesk:101",
                }
            },
            "wish": {"value": {"verdict": "do_not_offer", "customer": "zendesk:100"}},
        },
    ),
]


class Noted(TypedDict):
    """Under which id a note is remembered."""

    version: Literal[1]
    note: str


class Verified(TypedDict):
    """Until when a customer is known to be the caller of the call."""

    version: Literal[1]
    customer: str
    until: str


def router(context: Context) -> APIRouter:
    """The paths of what agents do with a brief."""
    routes = APIRouter(tags=["briefs"])

    @routes.post(
        "/v1/verifications", summary="The caller is who they say", **_answers(Verified, 201)
    )
    async def verify(caller: OfCaller, principal: Reader) -> Response:
        """The agent has made sure that this customer is the caller of this call.

        It holds for this agent and this call: two hours at most, and half an hour after the
        ring's end. It is written down.
        """
        found = await run_in_threadpool(_verify, context, principal, caller)
        if caller.ring is not None:
            customer_id = found.customer.rpartition(":")[2]
            await context.board.caller_is(principal.account, caller.ring, customer_id)
        until = rfc3339(found.until)
        return as_json({"version": VERSION, "customer": found.customer, "until": until}, 201)

    @routes.post(
        "/v1/memories/{id}/reveal", summary="Show what is hidden", **_answers(Revealed, 200)
    )
    def reveal(
        memory_id: Annotated[MemoryId, Path(alias="id")], caller: OfCaller, principal: Revealer
    ) -> Response:
        """The words behind one hidden thing of a verified caller; who saw them is written down.

        The next brief hides them again.
        """
        agent = acting_agent(context, principal, caller.agent)
        return as_json(
            memory_of(context, principal).reveal(
                memory_id,
                customer=caller.customer,
                call=_call(context, principal, caller, agent),
                agent=agent,
                proof=principal.proof,
                source=principal.source,
            )
        )

    @routes.post("/v1/recall", summary="Search", **_answers(Recall, 200))
    def recall(search: Search, principal: Reader, background: BackgroundTasks) -> Response:
        """What a customer said of something, and issues of others that are like it.

        The customer's own history is searched where the agent has verified them in this call.
        """
        return as_json(_recall(context, principal, search, background))

    @routes.post("/v1/notes", summary="Take a note", **_answers(Noted, 201))
    def note(noted: Note, principal: Noter, background: BackgroundTasks) -> Response:
        """What the agent wants remembered of a customer; `?word` marks a thing to check."""
        agent = acting(context, principal, noted.agent)
        found = memory_of(context, principal).note(
            noted.words,
            customer=noted.customer,
            agent=agent,
            to_helpdesk=context.settings.notes_to_helpdesk == "internal_note",
        )
        background.add_task(
            context.looks.look,
            memory_of(context, principal),
            principal,
            "note",
            [noted.customer],
            agent=agent,
            call=None,
            at=context.clock.now(),
            subject=found,
        )
        return as_json({"version": VERSION, "note": found}, 201)

    @routes.post(
        "/v1/feedback",
        summary="Say what is wrong, or what helped",
        status_code=204,
        response_class=Response,
        responses={404: {}},
    )
    def feedback(said: Feedback, principal: Noter, background: BackgroundTasks) -> Response:
        """What an agent says of a memory, of who is one person, or of being offered.

        `wrong` was never so, `outdated` is no longer so, `unwanted` is not to be kept: it stays
        said, whatever is synced later. `do_not_offer` holds for this agent and this customer.
        """
        _hear(context, principal, said)
        if not isinstance(said, OfMemory):
            background.add_task(
                context.looks.look,
                memory_of(context, principal),
                principal,
                said.verdict,
                [said.customer, *([said.other] if isinstance(said, OfPeople) else [])],
                agent=acting(context, principal, said.agent),
                call=None,
                at=context.clock.now(),
            )
        return Response(status_code=204)

    return routes


def _verify(context: Context, principal: Principal, caller: OfCaller) -> CallerVerified:
    agent = acting_agent(context, principal, caller.agent)
    return memory_of(context, principal).verify(
        caller.customer,
        call=_call(context, principal, caller, agent),
        agent=agent,
        proof=principal.proof,
        source=principal.source,
    )


def _call(context: Context, principal: Principal, caller: OfCaller, agent: str) -> str:
    return check_call(context, principal, caller, agent) or ""


def _recall(
    context: Context, principal: Principal, search: Search, background: BackgroundTasks
) -> Recall:
    memory = memory_of(context, principal)
    if search.customer is None:
        return memory.recall(search.words, limit=search.limit)
    agent = acting_agent(context, principal, search.agent)
    answer = memory.search(
        search.words,
        customer=search.customer,
        agent=agent,
        call=check_call(context, principal, search, agent),
        limit=search.limit,
    )
    background.add_task(
        context.looks.look,
        memory,
        principal,
        "recall",
        answer.customers,
        agent=agent,
        call=search.call,
        at=context.clock.now(),
    )
    return answer.found


def _hear(context: Context, principal: Principal, said: OfMemory | OfPeople | OfPerson) -> None:
    memory = memory_of(context, principal)
    if isinstance(said, OfMemory) and said.verdict != "helped":
        by = acting(context, principal, said.agent)
        act = Act(by or principal.name, principal.proof, principal.source)
        memory.correct(said.memory, said.verdict, by, act=act)
        return
    agent = acting_agent(context, principal, said.agent)
    if isinstance(said, OfMemory):
        memory.say_helped(said.memory, agent=agent)
    elif isinstance(said, OfPeople):
        memory.same_person(said.customer, said.other, agent=agent)
    else:
        _hear_of_person(memory, said, agent)


def _hear_of_person(memory: Memory, said: OfPerson, agent: str) -> None:
    match said.verdict:
        case "different_person":
            memory.different_person(said.customer)
        case "do_not_offer":
            memory.do_not_offer(agent, customer=said.customer)
        case "offer_again":
            memory.offer_again(agent, customer=said.customer)


def _answers(document: Any, status: int) -> dict[str, Any]:
    """What a path answers, for the OpenAPI document."""
    return {
        "status_code": status,
        "response_model": document,
        "responses": {404: {}, 409: {}},
    }
