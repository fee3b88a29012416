"""What is kept of an account and of a customer, as documents that programs read."""

from __future__ import annotations

from typing import Final, TypedDict

VERSION: Final = 1


class KindKept(TypedDict):
    """What holds of one kind.

    `kept`: whether it is kept at all; `shown`: full, masked or off; `days`: for how many, 0 for
    good; `shown_by` and `days_by`: policy or setting, whichever says so.
    """

    kind: str
    kept: bool
    shown: str
    shown_by: str
    days: int
    days_by: str


class CutOff(TypedDict):
    """Before when nothing is remembered of a customer."""

    customer: str
    before: str


class Policy(TypedDict):
    """What is kept of an account, and how."""

    version: int
    account: str
    kinds: list[KindKept]
    swept_at: str | None
    opted_out: list[str]
    cut_off: list[CutOff]


class Answered(TypedDict):
    """What a customer said of keeping one memory: agreed or declined."""

    memory: str
    answer: str


class CustomerPolicy(TypedDict):
    """What is kept of one customer."""

    version: int
    account: str
    customer: str
    consent: str
    opted_out: bool
    before: str | None
    answers: list[Answered]
