"""The helpdesk as a process of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from connector.demo.server import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def story(document: dict[str, Any], tmp_path: Path) -> Path:
    """The small account, in a file."""
    path = tmp_path / "story.json"
    path.write_text(json.dumps(document))
    return path


def test_it_prints_its_address_serves_and_stops_when_interrupted(story: Path) -> None:
    """One line on stdout; limits, credentials and time as its options say."""
    options = ["--requests-per-minute", "5", "--client-id", "me", "--client-secret", "s"]
    command = [sys.executable, "-m", "connector.demo.server", str(story), *options]
    process = subprocess.Popen(
        [*command, "--as-of", "2026-07-08T00:00:00Z"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        form = {"grant_type": "client_credentials", "client_id": "me", "client_secret": "s"}
        token = httpx.post(f"{url}/oauth/tokens", json=form).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        answer = httpx.get(f"{url}/api/v2/tickets/1", headers=headers)
        assert answer.headers["x-rate-limit"] == "5"
        assert answer.headers["date"].startswith("Wed, 08 Jul 2026 00:00:")
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=10) == ("", "")
    assert process.returncode == 0


def test_it_serves_the_same_story_as_freshdesk(story: Path) -> None:
    """With a key, a plan's limits and habits as its options say."""
    options = ["--provider", "freshdesk", "--api-key", "mine", "--plan", "growth", "--wall", "2"]
    command = [sys.executable, "-m", "connector.demo.server", str(story), *options]
    process = subprocess.Popen(
        [*command, "--requests-per-minute", "70", "--without-ratings", "--hide-archived"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        with httpx.Client(base_url=f"{url}/api/v2", auth=("mine", "X")) as api:
            answer = api.get("/tickets?updated_since=1970-01-01T00:00:00Z")
            assert answer.headers["x-ratelimit-total"] == "70"
            assert {row["id"] for row in answer.json()} == {1, 2, 3, 4, 5, 22}
            assert api.get("/tickets?page=3").status_code == 400
            assert api.get("/surveys/satisfaction_ratings").status_code == 403
            codes = [api.get("/tickets").status_code for _ in range(19)]
            assert codes == [200] * 18 + [429]
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=10) == ("", "")


@pytest.mark.parametrize("content", [None, "{}"])
def test_without_a_story_it_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    """Exit code 2 and one line with the file's name."""
    path = tmp_path / "story.json"
    if content:
        path.write_text(content)
    assert main([str(path)]) == 2
    told = capsys.readouterr()
    assert "story.json" in told.err
    assert told.err.count("\n") == 1


@pytest.mark.parametrize("when", ["soon", "2026-07-08T00:00:00"])
def test_a_time_without_an_offset_is_refused(story: Path, when: str) -> None:
    """The usage error of the command line."""
    with pytest.raises(SystemExit, match="2"):
        main([str(story), "--as-of", when])
