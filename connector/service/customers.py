"""`POST /v1/customers`: who somebody may be, when no number says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, BackgroundTasks
from pydantic import BaseModel
from starlette.responses import Response

from connector.service.calls import Reader, Words, as_json, memory_of, write_down
from memory.asking.finding import Customers

if TYPE_CHECKING:
    from connector.service.context import Context


class Wanted(BaseModel):
    """What a customer is called or reached by."""

    words: Words


def router(context: Context) -> APIRouter:
    """The path of customers."""
    routes = APIRouter(tags=["customers"])

    @routes.post("/v1/customers", summary="Find a customer", response_model=Customers)
    def customers(wanted: Wanted, principal: Reader, background: BackgroundTasks) -> Response:
        """At most twenty customers whose name, phone or e-mail begins with the words."""
        document = memory_of(context, principal).customers(wanted.words)
        found = [one["ref"] for one in document["customers"]]
        write_down(context, principal, background, "listed", found)
        return as_json(document)

    return routes
