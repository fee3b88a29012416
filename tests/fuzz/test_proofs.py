"""What is said to prove who asks proves it, or nothing; it never makes the service fail."""

from __future__ import annotations

import asyncio
import base64
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.clock import ManualClock
from connector.demo.zendesk import signed_urls as demo
from connector.http import Response
from connector.service import bearers
from connector.service.rings import _sequence
from connector.zendesk.signed_urls import SignedUrls, UnprovenError
from tests.fuzz.mutating import JSON, WILD_TEXTS, as_bytes, mutated
from tests.fuzz.profile import fuzzing
from tests.support.book import AS_OF
from tests.support.service import bearing, session_of, token_of

if TYPE_CHECKING:
    from connector.demo.server import DemoHelpdesk
    from tests.fuzz.service import Fuzzed

SITE: Final = "https://acme.zendesk.com"
PATHS: Final = ("/v1/agents/me/day", "/v1/agents/me/regulars", "/v1/rings/stream", "/", "/healthz")
TEXTS = st.sampled_from(WILD_TEXTS) | st.text(alphabet=st.characters(codec="latin-1"), max_size=60)
DEEP: Final = "[" * 12_000


def _b64(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode("utf-8", "replace")).rstrip(b"=").decode()


@st.composite
def tokens(draw: st.DrawFn, whole: str) -> str:
    """A token with a part of it changed: another text, JSON that is none, or too deep."""
    parts = whole.split(".")
    at = draw(st.integers(0, len(parts) - 1))
    parts[at] = draw(
        st.sampled_from(
            [
                "",
                "=",
                "\xe9",
                _b64(DEEP),
                _b64('{"alg":' + DEEP),
                _b64('{"alg":"none"}'),
                _b64('{"alg":"HS256","kid":5}'),
                _b64('{"alg":"HS256","kid":"zendesk:acme","crit":["b64"],"b64":false}'),
                _b64("9" * 5000),
                _b64("\ud800"),
            ]
        )
        | JSON.map(lambda value: _b64(json.dumps(value)))
        | TEXTS
    )
    return ".".join(parts) + draw(st.sampled_from(["", "", ".x", ".", " "]))


@fuzzing(200)
@given(data=st.data())
def test_any_bearer_is_good_or_is_not(data: st.DataObject, service: Fuzzed) -> None:
    """A session's, with a part changed; an API token's; anything."""
    session = session_of(service.book, service.clock)
    text = data.draw(tokens(session) | TEXTS | TEXTS.map("rmbr_1_".__add__))
    answer = service.get(PATHS[0], bearing(text))
    assert answer.status_code in {200, 401, 403}
    assert answer.status_code != 200 or text.strip() == session


@fuzzing(60)
@given(path=st.sampled_from(PATHS[:2] + PATHS[3:]), authorization=TEXTS, last=TEXTS)
def test_any_header_is_borne(path: str, authorization: str, last: str, service: Fuzzed) -> None:
    """Whatever a proxy or a browser says."""
    headers = {
        "authorization": authorization,
        "last-event-id": last,
        "origin": last,
        "if-none-match": last,
        "accept-language": last,
        "x-forwarded-for": last,
        "x-forwarded-proto": last,
        "cookie": last,
        "range": last,
    }
    service.get(path, headers)


@fuzzing(60)
@given(last=TEXTS | st.integers(-(10**40), 10**40).map(str))
def test_any_last_event_is_a_place_or_none(last: str, service: Fuzzed) -> None:
    """A stream begins there, or with what goes on now."""
    after = _sequence(last[:40])
    hearing = service.context.board.subscribe(service.book.name, "11", after)
    hearing.close()


@fuzzing(60)
@given(data=st.data())
def test_any_session_is_opened_or_refused_in_words(
    data: st.DataObject, signed_in_service: Fuzzed, helpdesk: DemoHelpdesk
) -> None:
    """Proofs of every kind, half true."""
    service = signed_in_service
    service.rest()
    app = token_of(service.book, service.clock, "brief:read")
    document = data.draw(
        st.sampled_from(
            [
                {"proof": "zendesk", "token": helpdesk.signed_urls.token(11)},
                {"proof": "link", "token": "rmbr_5f0c1d2e3a4b_c2VjcmV0"},
                {"proof": "asserted", "agent": "dana@acme.example", "account": "zendesk:acme"},
            ]
        )
    )
    body = json.dumps(data.draw(mutated(document))).encode()
    answer = service.post("/v1/sessions", body, bearing(app))
    assert answer.status_code in {200, 400, 401, 403, 422}
    if answer.status_code == 200:
        assert answer.json()["agent"]["ref"] in {"zendesk:11", "zendesk:12"}


class OneKey:
    """A Zendesk that gives out the app's key, and nothing else."""

    def __init__(self, pem: str) -> None:
        self._pem = pem

    async def send(self, method: str, path: str, **_more: Any) -> Response:
        """The key."""
        assert (method, path) == ("GET", f"/api/v2/apps/{demo.APP_ID}/public_key.pem")
        return Response(200, {}, self._pem.encode())

    async def close(self) -> None:
        """Nothing is open."""


@pytest.fixture(scope="module")
def signer() -> demo.SignedUrls:
    """The simulated Zendesk's key."""
    return demo.SignedUrls(SITE, lambda: AS_OF)


@fuzzing(120)
@given(data=st.data())
def test_any_signed_token_is_zendesks_word_or_is_not(
    data: st.DataObject, signer: demo.SignedUrls
) -> None:
    """With claims of any kind under a true signature, too."""
    claims = jwt.decode(signer.token(11), options={"verify_signature": False})
    if data.draw(st.booleans()):
        told = data.draw(mutated(claims))
        text = jwt.PyJWS().encode(as_bytes(told), signer._key, algorithm="RS256")
    else:
        text = data.draw(tokens(signer.token(11)) | TEXTS)
    urls = SignedUrls(OneKey(signer.public_key()), SITE, demo.APP_ID, ManualClock(AS_OF))
    with suppress(UnprovenError):
        assert asyncio.run(urls.agent(text)).isdigit()


@fuzzing(120)
@given(data=st.data())
def test_any_text_names_an_account_or_none(data: st.DataObject, service: Fuzzed) -> None:
    """Before a signature is looked at, nothing of a bearer may be believed to be whole."""
    text = data.draw(tokens(session_of(service.book, service.clock)))
    name = bearers.account_named(text)
    assert name is None or isinstance(name, str)
    if name is not None:
        bearers.read(service.book.account, text, AS_OF)
