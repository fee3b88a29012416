"""What may prove who an agent is, as `POST /v1/sessions` takes it."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Body
from pydantic import BaseModel, Field

_LONGEST_JWT = 8192
_LONGEST_TOKEN = 200
_LONGEST_NAME = 320


class _OfAccount(BaseModel):
    account: Annotated[
        str | None,
        Field(max_length=_LONGEST_NAME, description="Needed only where several are served."),
    ] = None


class ZendeskProof(_OfAccount):
    """Zendesk opened the app for an agent, and signed it."""

    proof: Literal["zendesk"]
    token: Annotated[
        str, Field(min_length=1, max_length=_LONGEST_JWT, description="As it was posted to us.")
    ]


class LinkProof(_OfAccount):
    """An agent came by a sign-in link."""

    proof: Literal["link"]
    token: Annotated[
        str,
        Field(min_length=1, max_length=_LONGEST_TOKEN, description="What stands after `#link=`."),
    ]


class AssertedProof(_OfAccount):
    """An installed app says who its agent is; its API token goes as the request's bearer."""

    proof: Literal["asserted"]
    agent: Annotated[
        str, Field(min_length=1, max_length=_LONGEST_NAME, description="A ref or an e-mail.")
    ]


AnyProof = ZendeskProof | LinkProof | AssertedProof

Proven = Annotated[
    AnyProof,
    Body(
        discriminator="proof",
        openapi_examples={
            "zendesk": {"value": {"proof": "zendesk", "token": "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"}},
            "link": {"value": {"proof": "link", "token": "rmbr_5f0c1d2e3a4b_c2VjcmV0"}},
            "asserted": {"value": {"proof": "asserted", "agent": "dana@acme.example"}},
        },
    ),
]
