"""The client: what it hears of a stream, and how it comes back when a stream or session ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import telling

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Route

    from tests.browser.answering import Answering

    Opener = Callable[..., Page]

pytestmark = pytest.mark.xdist_group("browser")

LISTEN = """() => {
  globalThis.rings = [];
  globalThis.told = [];
  globalThis.stop = listen(brief.client, {
    ring: (event) => rings.push(event),
    open: () => told.push("open"),
    lost: (error) => told.push(error.status),
  });
}"""


def event(key: str, number: int, *, end: str = "\r\n") -> str:
    """An event of the stream, as a server writes it."""
    data = json.dumps({"version": 1, "ring": key, "state": "ringing"})
    return end.join((f"id: {number}", "event: ring.ringing", f"data: {data}", "", ""))


class Streams:
    """Answers each request for the stream with the next of these; after them with nothing."""

    def __init__(self, page: Page, *answers: Any) -> None:
        self.asked: list[dict[str, str]] = []
        self._answers = list(answers)
        page.route("**/v1/rings/stream", self._answer)

    def _answer(self, route: Route) -> None:
        self.asked.append(route.request.headers)
        if not self._answers:
            return
        answer = self._answers.pop(0)
        if isinstance(answer, int):
            route.fulfill(status=answer, json={"title": "No", "status": answer})
        else:
            route.fulfill(status=200, content_type="text/event-stream", body=answer)

    def reached(self, page: Page, count: int) -> None:
        """Wait until the stream was asked for so often."""
        for _ in range(500):
            if len(self.asked) >= count:
                return
            page.wait_for_timeout(20)
        pytest.fail(f"The stream was asked for {len(self.asked)} times, not {count}.")


@pytest.mark.parametrize("end", ["\r\n", "\n"], ids=["CRLF", "LF"])
def test_events_are_read_and_resumed(end: str, open_page: Opener, answering: Answering) -> None:
    """Comments are passed over; after a break the stream goes on after the last event."""
    page = open_page()
    body = f": hello{end}{end}{event('r1', 5, end=end)}: ping{end}{end}{event('r2', 6, end=end)}"
    streams = Streams(page, body)
    page.evaluate(LISTEN)
    streams.reached(page, 2)
    assert page.evaluate("rings.map((one) => [one.type, one.ring])") == [
        ["ring.ringing", "r1"],
        ["ring.ringing", "r2"],
    ]
    assert "last-event-id" not in streams.asked[0]
    assert streams.asked[1]["last-event-id"] == "6"
    assert page.evaluate("told") == ["open", 0]


def test_an_event_that_comes_in_pieces(open_page: Opener, answering: Answering) -> None:
    """Wherever the network cuts it, also between the two letters of a line's end."""
    page = open_page()
    text = event("r1", 5) + event("Zoë", 6)
    heard = page.evaluate(
        """async (text) => {
          const bytes = new TextEncoder().encode(text);
          const real = globalThis.fetch;
          const heard = [];
          for (let size = 1; size < 12; size += 1) {
            globalThis.fetch = async (url, options) => {
              if (!String(url).endsWith("/stream")) return real(url, options);
              const body = new ReadableStream({
                start(stream) {
                  for (let at = 0; at < bytes.length; at += size) {
                    stream.enqueue(bytes.slice(at, at + size));
                  }
                },
              });
              return new Response(body);
            };
            await new Promise((done) => {
              const stop = listen(brief.client, { ring: ({ ring }) => {
                heard.push(ring);
                if (ring !== "r1") { stop(); done(); }
              } });
            });
          }
          globalThis.fetch = real;
          return heard;
        }""",
        text,
    )
    assert heard == ["r1", "Zoë"] * 11


def test_a_session_that_ended_is_opened_anew(open_page: Opener, answering: Answering) -> None:
    """A stream that is refused for its bearer is asked for once more with a new one."""
    page = open_page()
    bearers = iter(["first", "second"])
    answering.answers["sessions"] = lambda _question: {
        "bearer": next(bearers),
        "expires_at": "2099-01-01T00:00:00Z",
    }
    streams = Streams(page, 401)
    page.evaluate(LISTEN)
    streams.reached(page, 2)
    assert [one["authorization"] for one in streams.asked] == ["Bearer first", "Bearer second"]
    assert page.evaluate("told") == []


def test_whoever_may_not_listen_is_told(open_page: Opener, answering: Answering) -> None:
    """The host learns why, so that it can ask for another sign-in."""
    page = open_page()
    Streams(page, 403)
    page.evaluate(LISTEN)
    told = page.evaluate(
        "new Promise((resolve) => setInterval(() => told.length && resolve(told), 10))"
    )
    assert told == [403]


def test_it_stops_when_told(open_page: Opener, answering: Answering) -> None:
    """Then nothing more is asked."""
    page = open_page()
    streams = Streams(page, event("r1", 5))
    page.evaluate(LISTEN)
    streams.reached(page, 1)
    page.evaluate("stop()")
    page.wait_for_timeout(1200)
    assert len(streams.asked) == 1


def test_one_session_for_all_that_is_asked_at_once(open_page: Opener, answering: Answering) -> None:
    """Ten questions in one moment open one session."""
    page = open_page()
    answering.answers["briefs"] = telling.unverified()
    page.evaluate(
        "Promise.all(Array.from({ length: 10 }, () => brief.client.brief({ ring: 'r1' })))"
    )
    assert len(answering.asked["sessions"]) == 1
    assert len(answering.asked["briefs"]) == 10


def test_words_travel_in_bodies(open_page: Opener, answering: Answering) -> None:
    """No phone, name or word is part of an address."""
    page = open_page()
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    answering.answers |= {"briefs": telling.unverified(), "customers": {"customers": []}}
    page.evaluate(
        """async () => {
          await brief.client.brief({ phone: "+12125550101" });
          await brief.client.ask("customers", { words: "Mara Lindqvist" });
        }"""
    )
    assert not [url for url in urls if "555" in url or "Mara" in url]
