"""Runs `remember serve` as it is installed, and asks it over HTTP."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from tests.support import log_scan
from tests.support.house import PATIENCE, REMEMBER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.support.house import House

_LOOK = 0.05


class Serve:
    """A service that runs, seen from outside.

    Attributes:
        http: Asks it.
        url: Where it listens; empty where it does not.
        line: What it printed when it began.
    """

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self.process = process
        self._log = log
        assert process.stdout is not None
        self.line = process.stdout.readline().strip()
        assert self.line, self.log
        self.url = next((word for word in self.line.split() if word.startswith("http:")), "")
        self.http = httpx.Client(base_url=self.url, timeout=PATIENCE, trust_env=False)

    @property
    def log(self) -> str:
        """What it wrote on standard error so far."""
        return self._log.read_text()

    def children(self) -> list[int]:
        """The processes of its parts, but for Python's own helper."""
        pid = self.process.pid
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [int(one) for one in found if "spawn_main" in _command(one)]

    def readiness(self) -> dict[str, Any]:
        """What is not ready."""
        found: dict[str, Any] = self.http.get("/readyz").json()
        return found

    def post(self, path: str, document: Any, bearer: str = "") -> httpx.Response:
        """Send a document."""
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        return self.http.post(path, json=document, headers=headers)

    def ring(self, secret: str, **told: Any) -> httpx.Response:
        """Ring as a phone system that signs."""
        body = json.dumps(told).encode()
        at = str(int(time.time()))
        made = hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256)
        return self.http.post(
            "/v1/rings/generic",
            content=body,
            headers={
                "Content-Type": "application/json",
                "X-Remember-Timestamp": at,
                "X-Remember-Signature": made.hexdigest(),
            },
        )

    def events(self, bearer: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """The events of an agent's stream, by name."""
        headers = {"Authorization": f"Bearer {bearer}"}
        with self.http.stream("GET", "/v1/rings/stream", headers=headers) as answer:
            assert answer.status_code == 200
            name = ""
            for line in answer.iter_lines():
                if line.startswith("event:"):
                    name = line.removeprefix("event:").strip()
                elif line.startswith("data:"):
                    yield name, json.loads(line.removeprefix("data:"))

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Tell it to stop, and wait until it has; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=60)


def until(true: Callable[[], Any], what: str, process: subprocess.Popen[str] | None = None) -> Any:
    """Look again and again until something is so; what it is."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = true()
        if found:
            return found
        assert process is None or process.poll() is None, "The service has ended."
        time.sleep(_LOOK)  # noqa: TID251 - another process is waited for
    raise AssertionError(f"In vain waited until {what}.")


def alive(pid: int) -> bool:
    """Whether a process is there, and not only left to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _command(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode().replace("\0", " ")
    except OSError:
        return ""


@contextmanager
def serving(house: House, *options: str) -> Iterator[Serve]:
    """A service on a free port of this machine, for as long as the block runs."""
    house.home.mkdir(parents=True, exist_ok=True)
    log = house.home.with_suffix(f".{time.monotonic_ns()}.log")
    with log.open("w") as errors:
        process = subprocess.Popen(
            [REMEMBER, "serve", "--port", "0", *options],
            env={"REMEMBER_LOG_LEVEL": "DEBUG", **house.environment},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    serve = Serve(process, log)
    try:
        yield serve
        if serve.url and process.poll() is None:
            log_scan.look(serve.http.get("/metrics").text, "/metrics")
    finally:
        log_scan.look(serve.log, "Standard error of serve")
        serve.http.close()
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                for child in serve.children():
                    os.kill(child, signal.SIGKILL)
                process.kill()
                process.wait()
        assert process.stdout is not None
        process.stdout.close()
