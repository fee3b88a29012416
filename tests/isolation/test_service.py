"""Whatever is asked over HTTP as one account, nothing of another's is in the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from connector.service import signed
from tests.isolation.right import NEW_RING, OVER_HTTP, variants, ways
from tests.isolation.two import MARK, OTHER, OWN, asking, told
from tests.support.ring_webhooks import generic
from tests.support.service import bearing, token_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.testclient import TestClient

    from connector.service.context import Context
    from tests.isolation.two import Two

    Json = Mapping[str, Any]

ELSEWHERE = {
    ("post", "/v1/webhooks/zendesk"): "answers 204 or a problem",
    ("post", "/v1/webhooks/freshdesk"): "answers 204 or a problem",
    ("post", "/v1/rings/{provider}"): "test_a_token_tells_of_no_ring_of_another_account",
    ("get", "/v1/rings/stream"): "test_an_agent_knows_no_ring_of_another_account",
    ("post", "/v1/sessions"): "test_nobody_signs_in_to_another_account",
    ("get", "/metrics"): "of the whole service, by the accounts' names",
    ("get", "/readyz"): "of the whole service, by the accounts' names",
    ("get", "/healthz"): "the same for all",
    ("get", "/openapi.json"): "the same for all",
}
"""Operations that are not asked with everything, and why not."""

RING = {
    "call_id": "c9",
    "caller": "+12125550101",
    "called": "+12125550199",
    "agent_ref": "zendesk:11",
    "agent_email": None,
    "state": "ringing",
    "at": "2026-07-07T09:00:00Z",
}


def _asked(document: Json, path: str, operation: Json, two: Two) -> st.SearchStrategy[Any]:
    """Bodies and parameters of an operation, by the names they have in the document."""
    beside = [x["name"] for x in operation.get("parameters", ())]
    beside += [one.partition("}")[0] for one in path.split("{")[1:]]
    drawn = asking(two.memory_ids())
    every = variants(document, operation)
    return st.one_of(*(_of_variant(one, beside, drawn, path) for one in every))


def _of_variant(
    schema: Json, beside: list[str], drawn: Mapping[str, st.SearchStrategy[Any]], path: str
) -> st.SearchStrategy[Any]:
    properties = {**schema.get("properties", {}), **{name: {} for name in beside}}
    fixed = {
        name: st.sampled_from(one.get("enum") or [one["const"]])
        for name, one in properties.items()
        if "enum" in one or "const" in one
    }
    unknown = [name for name in properties if name not in {**drawn, **fixed}]
    assert not unknown, f"say in two.py what {unknown} of {path} may be"
    known = {name: {**drawn, **fixed}[name] for name in properties}
    must = {name: one for name, one in known.items() if name in schema.get("required", ())}
    may = {name: one for name, one in known.items() if name not in must}
    if "ring" not in may or "ticket" not in may:
        return st.fixed_dictionaries(must, optional=may)
    calls = [{name: may.pop(name)} for name in ("ring", "ticket")]  # one of them is the call
    asked = (st.fixed_dictionaries({**must, **call}, optional=may) for call in calls)
    return st.one_of(st.fixed_dictionaries(must, optional=may), *asked)


def test_no_operation_answers_with_anything_of_another_account(
    two: Two, client: TestClient, bearers: list[str]
) -> None:
    """Every operation of the document, by whatever refs, ids, rings, names and tickets."""
    document = client.get("/openapi.json").json()
    before = two.rows_of_other()
    operations = {
        (method, path): operation
        for path, found in document["paths"].items()
        for method, operation in found.items()
    }
    assert ELSEWHERE.keys() <= operations.keys() | {("get", "/openapi.json")}
    for (method, path), operation in operations.items():
        if (method, path) in ELSEWHERE:
            continue
        drawn = _asked(document, path, operation, two)
        answers = _answers(client, bearers, (method, path), drawn)
        assert answers & {200, 201, 204}, f"{path}: what is always refused proves nothing"
    assert two.rows_of_other() == before


def _answers(
    client: TestClient, bearers: list[str], operation: tuple[str, str], asked: Any
) -> set[int]:
    """Ask one operation in many ways; with which status it answered."""
    seen: set[int] = set()

    @settings(
        max_examples=40,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(asked, st.sampled_from(bearers))
    def ask(arguments: dict[str, Any], bearer: str) -> None:
        seen.add(_answer(client, operation, arguments, bearer).status_code)

    for right in OVER_HTTP:  # what is right is seldom drawn
        if right.operation == operation and "ring" not in right.asked:
            ask = example(right.asked, bearers[0])(ask)
    ask()
    return seen


def _answer(
    client: TestClient, operation: tuple[str, str], asked: Mapping[str, Any], bearer: str
) -> Any:
    """The answer to a question, which is no fault and tells nothing of the other account."""
    method, path = operation
    body = {key: str(x) if hasattr(x, "isoformat") else x for key, x in asked.items()}
    where = path
    for name in [one.partition("}")[0] for one in path.split("{")[1:]]:
        where = where.replace(f"{{{name}}}", str(body.pop(name, "nothing")))
    how: dict[str, Any] = {"params": body} if method == "get" else {"json": body}
    answer = client.request(method, where, headers=bearing(bearer), **how)
    assert answer.status_code < 500, path
    assert MARK not in told(answer.text, *asked.values()), path
    return answer


def test_each_way_of_asking_is_answered_for_the_own_account(
    two: Two, client: TestClient, service: Context, bearers: list[str]
) -> None:
    """What is always refused proves nothing, nor does an answer without a word in it."""
    before = two.rows_of_other()
    told_of = generic(RING, stamp=f"{two.clock.now().timestamp():.0f}")
    where = f"/v1/rings/generic?account={OWN}"
    assert client.post(where, content=told_of.body, headers=dict(told_of.headers)).is_success
    [ring] = [one for one in service.board.of_agent(OWN, "11", after=0) if one.call_id == "c9"]
    for operation, asked, shows in OVER_HTTP:
        known = {name: ring.key if x == NEW_RING else x for name, x in asked.items()}
        answer = _answer(client, operation, known, bearers[0])
        assert answer.is_success, (operation, asked, answer.text)
        assert not shows or "alpha" in answer.text, (operation, asked)
    assert two.rows_of_other() == before


def test_no_way_of_asking_is_left_out(client: TestClient) -> None:
    """Of every operation: each that it may name somebody by, and each that it may choose."""
    document = client.get("/openapi.json").json()
    for path, found in document["paths"].items():
        for method, operation in found.items():
            rights = [one.asked for one in OVER_HTTP if one.operation == (method, path)]
            assert bool(rights) != ((method, path) in ELSEWHERE), path
            for name, value in ways(document, operation) if rights else ():
                assert any(name in asked and value in {None, asked[name]} for asked in rights), (
                    path,
                    name,
                    value,
                )


def test_nobody_signs_in_to_another_account(two: Two, client: TestClient) -> None:
    """Neither by naming it, nor with a session, a pass or a link that names it in its header."""
    link = token_of(two.own, two.clock, "brief:read", agent_id="11")
    app = token_of(two.own, two.clock, "brief:read")
    for proof, headers in (
        ({"proof": "link", "token": link}, {}),
        ({"proof": "asserted", "agent": "zendesk:11"}, bearing(app)),
    ):
        asked = {**proof, "account": OTHER}
        assert client.post("/v1/sessions", json=asked, headers=headers).status_code == 401
        own = client.post("/v1/sessions", json={**proof, "account": OWN}, headers=headers)
        assert own.json()["account"] == OWN
        assert MARK not in own.text


def test_a_session_is_good_for_its_account_alone(two: Two, client: TestClient) -> None:
    """The same agent's id in another account is another agent: the keys differ."""
    from connector.service import bearers as made  # noqa: PLC0415  the fixture has its name

    mine = made.Principal(OWN, "zendesk:11", frozenset({"brief:read"}), "zendesk", None)
    bearer, _ = made.signed(two.own.account, mine, two.clock.now())
    assert made.read(two.other.account, bearer, two.clock.now()) is None
    theirs = signed.new_pass(two.other.account, "zendesk:11", two.clock.now())
    again = client.post("/zendesk/session", json={"pass": theirs})
    assert again.json()["account"] == OTHER
    mine_again = client.post(
        "/zendesk/session",
        json={"pass": signed.new_pass(two.own.account, "zendesk:11", two.clock.now())},
    )
    assert mine_again.json()["account"] == OWN
    assert MARK not in mine_again.text


def test_a_token_tells_of_no_ring_of_another_account(two: Two, client: TestClient) -> None:
    """It is refused where it names another."""
    own = bearing(token_of(two.own, two.clock, "ring:write"))
    before = two.rows_of_other()
    answer = client.post(f"/v1/rings/connect?account={OTHER}", headers=own, json=RING)
    assert answer.status_code == 403
    assert two.rows_of_other() == before


def test_an_agent_knows_no_ring_of_another_account(
    two: Two, service: Context, client: TestClient
) -> None:
    """The board keeps rings by account: neither their stream nor their key leads to another's."""
    keys = {one["id"] for one in two.rows_of_other_rings()}
    assert keys
    for key in keys:
        assert service.board.ring(OTHER, key) is not None
        assert service.board.ring(OWN, key) is None
    assert not {one.key for one in service.board.of_agent(OWN, "11", after=0)} & keys
