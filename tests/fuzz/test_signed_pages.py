"""The pages that Zendesk opens: whatever is posted to them, a page is shown, and never a fault."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import jwt
from hypothesis import given
from hypothesis import strategies as st

from connector.apps.packages import APPS
from connector.apps.zendesk import PAGES
from connector.service.app import LARGEST
from connector.service.signed import new_pass, read_pass
from tests.fuzz.mutating import WILD_TEXTS, as_bytes, mutated, wild_bytes
from tests.fuzz.profile import fuzzing
from tests.fuzz.test_proofs import tokens

if TYPE_CHECKING:
    from connector.demo.server import DemoHelpdesk
    from tests.fuzz.service import Fuzzed

FORM: Final = {"content-type": "application/x-www-form-urlencoded"}
TEXTS = st.sampled_from(WILD_TEXTS) | st.text(alphabet=st.characters(codec="latin-1"), max_size=60)
NAMES: Final = ("token", "origin", "app_guid", "token[]", "", "a" * 300)


@st.composite
def _forms(draw: st.DrawFn, token: str) -> bytes:
    """A form with a token that may be changed, doubled or missing; or bytes that are hardly one."""
    fields = [("token", draw(st.just(token) | tokens(token) | TEXTS)), ("origin", "https://x")]
    more = st.tuples(st.sampled_from(NAMES), TEXTS)
    fields += draw(st.lists(more, max_size=3) | st.lists(more, min_size=18, max_size=24))
    body = urlencode(draw(st.permutations(fields)), errors="replace").encode()
    at = draw(st.integers(0, len(body)))
    match draw(st.sampled_from(["whole", "whole", "cut", "struck"])):
        case "cut":
            return body[:at]
        case "struck":
            return body[:at] + draw(st.binary(max_size=6)) + body[at + draw(st.integers(0, 3)) :]
        case _:
            return body


def _shown(answer: Any, page: str) -> dict[str, Any]:
    """What a page is told, which is the packaged one and holds nothing else that can run."""
    assert answer.headers["content-type"].startswith("text/html")
    packaged = APPS["zendesk"].files()[f"assets/{page}.html"].decode()
    assert answer.text.endswith(packaged.partition("<head>")[2])
    assert answer.text.count("<script") == packaged.count("<script") + 1
    [data] = re.findall(r'<script type="application/json" id="signed">(.*?)</script>', answer.text)
    told: dict[str, Any] = json.loads(data)
    return told


def _ask(service: Fuzzed, body: bytes, page: str, headers: dict[str, str]) -> dict[str, Any]:
    """Open a page; what it is told: a session of the agent who was vouched for, or a problem."""
    service.rest()
    answer = service.send(f"/?page={page}", body, headers)
    if answer.status_code == 413:  # nothing is read of what says that it is so long
        assert len(headers["content-length"]) >= len(str(LARGEST))
        return {}
    told = _shown(answer, page)
    if answer.status_code == 200:
        assert set(told) == {"session", "pass"}
    else:
        assert set(told) == {"problem"}
        assert told["problem"]["status"] == answer.status_code in {400, 401, 403}
    return told


@fuzzing(100)
@given(data=st.data())
def test_any_form_is_answered_with_a_page(
    data: st.DataObject, signed_in_service: Fuzzed, helpdesk: DemoHelpdesk
) -> None:
    """A session is there only for the token that Zendesk signed, as it signed it."""
    token = helpdesk.signed_urls.token(11)
    body = data.draw(_forms(token) | wild_bytes({"token": token}))
    headers = dict(FORM)
    if data.draw(st.integers(0, 4)) == 0:
        length = data.draw(TEXTS | st.integers(0, 10**19).map(str))
        headers = {"content-type": data.draw(TEXTS), "content-length": length}
    told = _ask(signed_in_service, body, data.draw(st.sampled_from(PAGES)), headers)
    if "session" in told:
        assert told["session"]["agent"]["ref"] == "zendesk:11"
        assert token.rpartition(".")[0].encode() in body


@fuzzing(60)
@given(data=st.data())
def test_any_claims_that_are_signed_open_a_session_or_none(
    data: st.DataObject, signed_in_service: Fuzzed, helpdesk: DemoHelpdesk
) -> None:
    """A true signature makes no other claim true."""
    signer = helpdesk.signed_urls
    claims = jwt.decode(signer.token(11), options={"verify_signature": False})
    wild = data.draw(mutated(claims))
    token = jwt.PyJWS().encode(as_bytes(wild), signer._key, algorithm="RS256")
    body = urlencode({"token": token}).encode()
    told = _ask(signed_in_service, body, data.draw(st.sampled_from(PAGES)), FORM)
    if "session" in told:
        assert wild["iss"] == claims["iss"]
        assert claims["aud"] in wild["aud"]


@fuzzing(60)
@given(
    page=st.sampled_from(PAGES) | TEXTS,
    query=st.dictionaries(st.sampled_from(["page", "origin", "x"]), TEXTS, max_size=3),
    headers=st.dictionaries(st.sampled_from(["host", "origin", "cookie", "range"]), TEXTS),
)
def test_any_address_is_borne(
    page: str,
    query: dict[str, str],
    headers: dict[str, str],
    signed_in_service: Fuzzed,
    helpdesk: DemoHelpdesk,
) -> None:
    """A page that is none is not there; whatever else stands in the address is not looked at."""
    signed_in_service.rest()
    asked = urlencode({"page": page, **query}, errors="replace")
    body = urlencode({"token": helpdesk.signed_urls.token(11)}).encode()
    answer = signed_in_service.send(f"/?{asked}", body, FORM | headers)
    known = query.get("page", page) in PAGES
    assert answer.status_code == (200 if known else 404)


@fuzzing(100)
@given(data=st.data())
def test_any_pass_opens_a_session_or_none(data: st.DataObject, signed_in_service: Fuzzed) -> None:
    """Only what the page was given is one."""
    service = signed_in_service
    true = new_pass(service.book.account, "zendesk:11", service.clock.now())
    sent = data.draw(st.just(true) | tokens(true) | TEXTS)
    body = data.draw(st.just(as_bytes({"pass": sent})) | wild_bytes({"pass": sent}))
    answer = service.post("/zendesk/session", body)
    assert answer.status_code in {200, 400, 401, 413, 422}
    if answer.status_code == 200:
        assert answer.json()["agent"]["ref"] == "zendesk:11"
        assert read_pass(service.context, json.loads(body)["pass"]) is not None
