"""Asks a service for briefs at a steady rate, as a process of its own; prints what it took.

The rate is kept whatever the answers take (an open loop), so that a slow service is asked no less
often than a quick one. One JSON line comes out: milliseconds of each answer, and what was no brief.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import random
import sys
from collections import Counter
from time import perf_counter
from typing import TYPE_CHECKING

import httpx

from tests.bench.template import FIRST_CUSTOMER, FIRST_PHONE

if TYPE_CHECKING:
    from collections.abc import Sequence


async def ask(url: str, bearer: str, asked: argparse.Namespace) -> tuple[list[float], Counter[str]]:
    """Milliseconds from the moment each was due, and how often something else came of it."""
    dice = random.Random(asked.seed)
    taken: list[float] = []
    wrong: Counter[str] = Counter()
    limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
    headers = {"Authorization": f"Bearer {bearer}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, limits=limits) as client:

        async def one(number: int) -> None:
            began = perf_counter()
            try:
                question = {"phone": f"+{FIRST_PHONE + number}", "as_of": asked.as_of}
                answer = await client.post("/v1/briefs", json=question)
            except httpx.HTTPError as error:
                wrong[type(error).__name__] += 1
                return
            taken.append(1000 * (perf_counter() - began))
            if answer.status_code != 200:
                wrong[str(answer.status_code)] += 1
            elif answer.json()["customer"]["ref"] != f"zendesk:{FIRST_CUSTOMER + number}":
                wrong["another customer"] += 1

        start = perf_counter()
        async with asyncio.TaskGroup() as group:
            for place in range(asked.rate * asked.seconds):
                due = start + place / asked.rate
                await asyncio.sleep(max(0.0, due - perf_counter()))
                group.create_task(one(dice.randrange(asked.customers)))
    return taken, wrong


def main(arguments: Sequence[str] | None = None) -> None:
    """Ask as told; the bearer comes on standard input, so that no list of processes shows it."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.load")
    parser.add_argument("url")
    parser.add_argument("--rate", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--customers", type=int, required=True)
    parser.add_argument("--as-of", required=True)
    parser.add_argument("--seed", type=int, default=5)
    asked = parser.parse_args(arguments)
    bearer = sys.stdin.readline().strip()
    gc.disable()  # its pauses would count as the service's
    taken, wrong = asyncio.run(ask(asked.url, bearer, asked))
    sys.stdout.write(json.dumps({"milliseconds": taken, "wrong": wrong}) + "\n")


if __name__ == "__main__":
    main()
