"""Sessions' bearers: what is signed is read again, and nothing else is, whatever is sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.service import bearers
from connector.service.bearers import LIFE, Principal
from memory.record import Account

NOW = datetime(2026, 7, 7, 9, 0, tzinfo=UTC)
ACCOUNT = Account(1, "zendesk:acme", "https://acme.zendesk.com", b"k" * 32, None, None)
OTHER = Account(2, "zendesk:acme", "https://acme.zendesk.com", b"o" * 32, None, None)

_scopes = st.frozensets(st.sampled_from(["brief:read", "sensitive:read", "notes:write"]))
_principals = st.builds(
    Principal,
    account=st.just(ACCOUNT.name),
    agent=st.from_regex(r"zendesk:[0-9]{1,12}", fullmatch=True),
    scopes=_scopes,
    proof=st.sampled_from(["zendesk", "link", "asserted"]),
    token=st.none() | st.from_regex(r"[0-9a-f]{12}", fullmatch=True),
)


@given(_principals, st.timedeltas(timedelta(0), LIFE - timedelta(seconds=1)))
def test_what_was_signed_is_read_again_while_it_lasts(who: Principal, later: timedelta) -> None:
    """The same principal, with the end of the session; its account is named beforehand."""
    bearer, ends = bearers.signed(ACCOUNT, who, NOW)
    assert bearers.account_named(bearer) == ACCOUNT.name
    read = bearers.read(ACCOUNT, bearer, NOW + later)
    assert read is not None
    assert (read.agent, read.scopes, read.proof, read.token) == (
        who.agent,
        who.scopes,
        who.proof,
        who.token,
    )
    assert read.ends == ends == NOW + LIFE


@given(_principals)
def test_it_is_read_no_more_once_it_has_ended_or_elsewhere(who: Principal) -> None:
    """Another account's key reads nothing, though the account has the same name."""
    bearer, ends = bearers.signed(ACCOUNT, who, NOW)
    assert bearers.read(ACCOUNT, bearer, ends) is None
    assert bearers.read(OTHER, bearer, NOW) is None


@given(st.text() | st.from_regex(r"[\w-]+\.[\w-]+\.[\w-]*", fullmatch=True))
def test_any_other_text_is_no_bearer(text: str) -> None:
    """And no error."""
    assert bearers.account_named(text) is None or text.count(".") == 2
    assert bearers.read(ACCOUNT, text, NOW) is None


@pytest.mark.parametrize("left_out", ["sub", "account", "scopes", "proof", "token", "exp"])
def test_a_bearer_that_says_too_little_is_none(left_out: str) -> None:
    """Though its signature is right."""
    who = Principal(ACCOUNT.name, "zendesk:11", frozenset(), "link", None)
    bearer, _ = bearers.signed(ACCOUNT, who, NOW)
    claims = jwt.decode(bearer, options={"verify_signature": False})
    del claims[left_out]
    less = jwt.encode(claims, bearers._key(ACCOUNT))
    assert bearers.read(ACCOUNT, less, NOW) is None
