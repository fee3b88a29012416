"""`POST /v1/sessions`: from a proof of who asks to a bearer for ten minutes."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from datetime import UTC
from typing import TYPE_CHECKING, Literal

from fastapi import APIRouter, BackgroundTasks
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

from connector.errors import ConfigurationError
from connector.http import Transport, base_url
from connector.service import bearers
from connector.service.auth import Credentials, Principal, token_of, write_down_use
from connector.service.problems import ForbiddenError, TooManyError, UnauthorizedError
from connector.service.proofs import AnyProof, AssertedProof, LinkProof, Proven, ZendeskProof
from connector.service.tries import Tries
from connector.zendesk.signed_urls import SignedUrls, UnprovenError
from memory.asking.identity import agent_of
from memory.asking.view import View, rfc3339
from memory.errors import UsageError
from memory.record.tokens import AGENT_SCOPES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fastapi import FastAPI

    from connector.service.context import Context
    from memory.record import Account
    from memory.record.stored import Stored
    from memory.record.tokens import Token

_log = logging.getLogger(__name__)

_SILENCE = 5.0
"""Seconds that Zendesk has to hand out the app's key: an agent waits."""

_LARGEST_KEY = 64 << 10


class SessionAgent(TypedDict):
    """Whose session it is."""

    ref: str
    name: str | None


class Session(TypedDict):
    """A bearer, and what it is good for."""

    version: Literal[1]
    bearer: str
    expires_at: str
    account: str
    agent: SessionAgent
    scopes: list[str]


_EXAMPLE: Session = {
    "version": 1,
    "bearer": "eyJhbGciOiJIUzI1NiJ9.e30.c2ln",
    "expires_at": "2026-07-07T09:10:00Z",
    "account": "zendesk:acme",
    "agent": {"ref": "zendesk:11", "name": "Dana Reyes"},
    "scopes": ["brief:read", "notes:write", "sensitive:read"],
}


def router(context: Context) -> APIRouter:
    """The path of sessions."""
    sessions = Sessions(context)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        await sessions.close()

    routes = APIRouter(tags=["sessions"], lifespan=lifespan)

    @routes.post(
        "/v1/sessions",
        summary="Open a session of an agent",
        responses={200: {"content": {"application/json": {"example": _EXAMPLE}}}, 429: {}, 502: {}},
        openapi_extra={"security": [{}]},  # only an app that asserts shows a bearer
    )
    async def open_session(
        request: Request, background: BackgroundTasks, proof: Proven, credentials: Credentials
    ) -> Session:
        """Turns a proof of who the agent is into a bearer for ten minutes.

        `zendesk`: the token of Zendesk's signed URL. `link`: what a sign-in link holds. `asserted`:
        the word of an installed app, which shows its own API token as the bearer.
        """
        bearer = credentials.credentials if credentials else None
        session = await sessions.attempt(request, proof, bearer)
        background.add_task(sessions.write_down_use, proof, bearer)
        return session

    return routes


class Sessions:
    """Opens sessions of the agents of the accounts that are served."""

    def __init__(self, context: Context) -> None:
        self._tries = Tries(context.clock)
        self._context = context
        self._transport: Transport | None = None
        self._signed_urls: SignedUrls | None = None

    async def attempt(self, request: Request, proof: AnyProof, bearer: str | None) -> Session:
        """As `open`, for a request: a peer whose log-ins keep failing has to wait.

        Raises:
            TooManyError: It has to.
        """
        peer = request.client.host if request.client else None
        seconds = self._tries.wait(peer)
        if seconds is not None:
            raise TooManyError("Too many log-ins failed.", "Wait, then try again.", seconds=seconds)
        try:
            return await self.open(proof, bearer)
        except (UnauthorizedError, ForbiddenError) as error:
            self._tries.failed(peer)
            _log.warning("A log-in failed: %s: %s", proof.proof, type(error).__name__)
            raise

    async def open(self, proof: AnyProof, bearer: str | None) -> Session:
        """A session for the agent that a proof proves.

        Raises:
            UnauthorizedError: It proves nothing.
            ForbiddenError: It proves somebody who is no active agent.
        """
        if isinstance(proof, ZendeskProof):
            agent_id = await self._by_zendesk(proof)
            return await run_in_threadpool(self._zendesk_session, proof, agent_id)
        if isinstance(proof, LinkProof):
            return await run_in_threadpool(self._by_link, proof)
        return await run_in_threadpool(self._by_assertion, proof, bearer)

    def renewed(self, name: str, ref: str) -> Session:
        """Another session for an agent whom Zendesk vouched for earlier, in the same page.

        Args:
            name: The account, one of those that are served.
            ref: The agent's.

        Raises:
            ForbiddenError: They are no active agent any more.
        """
        account = self._context.record.account(name)
        return self._session(account, self._agent(account, ref), AGENT_SCOPES, "zendesk", None)

    def write_down_use(self, proof: AnyProof, bearer: str | None) -> None:
        """Let the record say that the token which opened a session was used.

        It waits for whoever writes the record, as no session should.
        """
        if isinstance(proof, ZendeskProof):
            return
        text = proof.token if isinstance(proof, LinkProof) else bearer
        found = token_of(self._context, text or "")
        if found is not None:
            write_down_use(self._context, *found)

    async def close(self) -> None:
        """Let go of connections."""
        if self._transport is not None:
            await self._transport.close()

    async def _by_zendesk(self, proof: ZendeskProof) -> str:
        settings = self._context.settings
        if settings.zendesk_url is None or settings.zendesk_app_id is None:
            raise ConfigurationError(
                "The service does not know the Zendesk app whose agents sign in.",
                "Set REMEMBER_ZENDESK_URL and REMEMBER_ZENDESK_APP_ID.",
            )
        if self._signed_urls is None:
            site = base_url(settings.zendesk_url, "REMEMBER_ZENDESK_URL")
            self._transport = Transport(site, silence=_SILENCE, largest=_LARGEST_KEY)
            self._signed_urls = SignedUrls(
                self._transport, site, settings.zendesk_app_id, self._context.clock
            )
        try:
            return await self._signed_urls.agent(proof.token)
        except UnprovenError as error:
            raise UnauthorizedError(error.detail, error.hint) from None

    def _zendesk_session(self, proof: ZendeskProof, agent_id: str) -> Session:
        site = base_url(self._context.settings.zendesk_url or "", "REMEMBER_ZENDESK_URL")
        account = next((one for one in self._served(proof.account) if one.url == site), None)
        if account is None:
            raise UnauthorizedError(
                "The service holds nothing of the Zendesk account that signed.",
                "Run `remember backfill zendesk`.",
            )
        agent = self._agent(account, account.ref(agent_id))
        return self._session(account, agent, AGENT_SCOPES, "zendesk", None)

    def _by_link(self, proof: LinkProof) -> Session:
        account, token = self._token(proof.token, proof.account)
        if token.agent_id is None:
            raise UnauthorizedError("The token is no sign-in link.", "Ask for a sign-in link.")
        agent = self._agent(account, account.ref(token.agent_id))
        return self._session(account, agent, token.scopes, "link", token)

    def _by_assertion(self, proof: AssertedProof, bearer: str | None) -> Session:
        account, token = self._token(bearer or "", proof.account)
        if token.agent_id is not None:
            raise UnauthorizedError(
                "A sign-in link is no app's token.", "Use one made by `remember token create`."
            )
        agent = self._agent(account, proof.agent)
        return self._session(account, agent, token.scopes & AGENT_SCOPES, "asserted", token)

    def _token(self, text: str, wanted: str | None) -> tuple[Account, Token]:
        found = token_of(self._context, text)
        if found is None or wanted not in {None, found[0]}:
            raise UnauthorizedError(
                "The token is not, or no longer, good.",
                "Make another with `remember token create`.",
            )
        return self._context.record.account(found[0]), found[1]

    def _served(self, wanted: str | None) -> list[Account]:
        """The accounts that are meant, among those that the service serves."""
        served = self._context.memories
        known = [one for one in self._context.record.accounts() if one.name in served]
        if wanted is not None and wanted not in served:
            raise UsageError("The service does not serve that account.", "Leave `account` out.")
        return [one for one in known if wanted in {None, one.name}]

    def _agent(self, account: Account, ref_or_email: str) -> Stored:
        view = View(account, self._context.clock.now(), UTC)
        with self._context.record.reading() as connection:
            try:
                agent = agent_of(connection, view, ref_or_email)
            except UsageError:
                agent = None
        if agent is None or not agent.active:
            raise ForbiddenError(
                "The person is no active agent of this account.",
                "Sync if they are new: `remember sync`.",
            )
        return agent

    def _session(
        self,
        account: Account,
        agent: Stored,
        scopes: frozenset[str],
        proof: bearers.Proof,
        token: Token | None,
    ) -> Session:
        principal = Principal(
            account.name, account.ref(agent.id), scopes, proof, token.id if token else None
        )
        bearer, ends = bearers.signed(account, principal, self._context.clock.now())
        return {
            "version": 1,
            "bearer": bearer,
            "expires_at": rfc3339(ends),
            "account": account.name,
            "agent": {"ref": account.ref(agent.id), "name": agent.name},
            "scopes": sorted(scopes),
        }
