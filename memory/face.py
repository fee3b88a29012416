"""The memory of one data folder, for programs: everything the command line can ask of it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from memory import policy
from memory.asking.brief import compose
from memory.asking.export import export_of
from memory.asking.identity import agent_of, look_up
from memory.asking.items import same_thing
from memory.asking.status import status_of
from memory.asking.view import View
from memory.asking.wording import FILE, HouseWording
from memory.errors import NotFoundError, UsageError
from memory.record import Record, kept
from memory.record.notes import new_note_id, note_place
from memory.text.clean import clean
from memory.text.redact import redact
from memory.workplace import Workplace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from memory.asking.document import Brief
    from memory.asking.recall import Recall
    from memory.asking.search import Search
    from memory.asking.status import Status
    from memory.record import Account
    from memory.record.stored import Stored
    from memory.remembering.remember import Progress

_LIKE = 5
LONGEST_NOTE = 2000
"""Characters; a note is a line or two."""


def _now() -> datetime:
    return datetime.now(UTC)


class Memory(AbstractContextManager["Memory"]):
    """What is remembered of the customers of one helpdesk account.

    Example:
        >>> with Memory.open("~/.remember") as memory:  # doctest: +SKIP
        ...     brief = memory.brief(phone="+12125550101")
    """

    def __init__(
        self,
        record: Record,
        workplace: Workplace,
        *,
        account: str | None = None,
        time_zone: str = "UTC",
        default_region: str | None = None,
        sensitive: policy.Mode = "masked",
        wording: HouseWording | None = None,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self.record = record
        self._workplace = workplace
        self._account_name = account
        self._zone = zone(time_zone)
        self._region = default_region
        self._sensitive = sensitive
        self._wording = wording
        self._now = now

    @classmethod
    def open(
        cls,
        home: str | Path,
        *,
        database_url: str | None = None,
        chroma_url: str | None = None,
        model: str | None = None,
        account: str | None = None,
        time_zone: str = "UTC",
        default_region: str | None = None,
        sensitive: policy.Mode = "masked",
        now: Callable[[], datetime] = _now,
    ) -> Self:
        """Open the memory in a data folder, making it when there is none.

        Args:
            home: The data folder; its `suggestions.toml` says what agents may say.
            database_url: An SQLAlchemy URL; None is SQLite in `home`.
            chroma_url: A Chroma server; None is an embedded index in `home`.
            model: A folder with an embedding model; None is the packaged one.
            account: Such as `zendesk:acme`; needed only when several are stored.
            time_zone: An IANA name: what "Friday" means.
            default_region: Where phone numbers without a country code are from.
            sensitive: Whether sensitive kinds are shown (`full`), hidden (`masked`) or left out.
            now: The clock.

        Raises:
            RecordError: The record cannot be opened.
            UsageError: A setting cannot be used.
        """
        folder = Path(home).expanduser()
        url = database_url or f"sqlite:///{folder / 'record.sqlite'}"
        if database_url is None:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return cls(
            Record.open(url),
            Workplace(url, folder / "index", chroma_url, model, time_zone=time_zone),
            account=account,
            time_zone=time_zone,
            default_region=default_region,
            sensitive=sensitive,
            wording=HouseWording(folder / FILE),
            now=now,
        )

    @property
    def account(self) -> Account:
        """The account asked about, as the record has it now."""
        return self.record.account(self._account_name)

    @cached_property
    def _search(self) -> Search:
        from memory.asking.search import Search  # noqa: PLC0415  a brief alone needs no numpy

        return Search(self._workplace, self.record)

    def brief(
        self,
        *,
        phone: str | None = None,
        email: str | None = None,
        customer: str | None = None,
        ticket: str | None = None,
        agent: str | None = None,
        about: str | None = None,
        as_of: datetime | None = None,
        verified: bool = False,
        reveal_to: str | None = None,
    ) -> Brief:
        """The "remember them" brief of whoever that is.

        Args:
            phone: What the phone system shows; exactly one of the first four is given.
            email: An e-mail address.
            customer: A ref such as `zendesk:123`.
            ticket: A ticket's ref.
            agent: The asking agent's ref or e-mail.
            about: Words to search for, in the customer's history once they are verified and among
                everyone's issues; loads the model.
            as_of: The present, for "8 days ago".
            verified: The caller of this call is known to be who they say.
            reveal_to: Show hidden words to this person, which is written down first.

        Raises:
            UsageError: Not exactly one way to look up was given, or it makes no sense, or the
                house's `suggestions.toml` cannot be used.
        """
        by, value = _one_of(phone=phone, email=email, customer=customer, ticket=ticket)
        words = self._wording.read() if self._wording is not None else None
        with self.record.reading() as connection:
            account = self.record.account(self._account_name, connection)
            view = self._view(account, as_of)
            found = look_up(connection, view, by, value, self._region)
            asking = agent_of(connection, view, agent) if agent else None
            brief = compose(connection, view, found, agent=asking, verified=verified, wording=words)
        if found.customer is None:
            return brief
        if reveal_to is not None and verified:
            shown = [*_hidden_in(brief), *(["about"] if about is not None else [])]
            self._log_reveal(account, shown, found.customer.id, reveal_to)
            view = replace(view, reveal=True)
            with self.record.reading() as connection:
                brief = compose(connection, view, found, agent=asking, verified=True, wording=words)
        if about is not None:
            answer = self._search.about(view, about, found.customer.id, _LIKE)
            brief["about"] = answer if verified else {**answer, "hits": []}
        return brief

    def recall(self, words: str, *, customer: str | None = None, limit: int = 10) -> Recall:
        """Search one customer's history, or all customers' issues when none is named.

        Raises:
            NotFoundError: There is no such customer.
        """
        if not words.strip():
            raise UsageError("There is nothing to search for.", "Give a word or a sentence.")
        view = self._view(self.account)
        if customer is None:
            return self._search.everyone(view, words, limit)
        who = self._customer(view, "customer", customer)
        return self._search.of(view, words, who.id, limit)

    def note(
        self,
        words: str,
        *,
        customer: str,
        agent: str | None = None,
        to_helpdesk: bool = False,
    ) -> str:
        """Write down what an agent wants remembered; `?word` marks a thing to check.

        Args:
            words: The note.
            customer: Whom it is about, as a ref.
            agent: Who writes it, as a ref or an e-mail.
            to_helpdesk: Whether the next sync is to write it to the customer's ticket as well.

        Returns:
            The note's id.

        Raises:
            NotFoundError: There is no such customer.
            UsageError: The note is empty, too long, about what is never kept, or about a customer
                who opted out.
        """
        text = redact(clean(words)).strip()
        if not text or len(text) > LONGEST_NOTE:
            raise UsageError(
                "The note is empty." if not text else "The note is too long.",
                f"Write between 1 and {LONGEST_NOTE} characters.",
            )
        if policy.never_kept_words(text):
            raise UsageError(
                "The note speaks of something that is never kept.",
                "Leave out religion, politics, sexuality, ethnicity, union, crime, immigration "
                "status, self-harm and abuse, and write the rest.",
            )
        account = self.account
        view = self._view(account)
        who = self._customer(view, "customer", customer)
        with self.record.reading() as connection:
            author = agent_of(connection, view, agent) if agent else None
        note_id = new_note_id()
        with self.record.writing(account) as writer:
            if kept.has_opted_out(writer.connection, account.number, who.id):
                raise UsageError(
                    "This customer opted out: nothing is noted of them.",
                    "Write it into the ticket if it is about the matter.",
                )
            writer.add_note(
                note_id=note_id,
                customer_id=who.id,
                agent_id=author.id if author is not None else None,
                at=view.as_of,
                text=text,
                sensitive=policy.sensitive_words(text),
                due=to_helpdesk,
            )
        return note_id

    def note_place(self, note_id: str) -> str | None:
        """Where a note stands in the helpdesk.

        Returns:
            The ticket's ref, nothing where it stands here alone, and None as long as it is to be
            written there.

        Raises:
            NotFoundError: There is no such note.
        """
        account = self.account
        with self.record.reading() as connection:
            found = note_place(connection, account.number, note_id)
        if found is None:
            raise NotFoundError("There is no such note.", "Take the id from a brief or an export.")
        if found.due:
            return None
        return account.ref(found.ticket_id) if found.message_id is not None else ""

    def correct(self, memory_id: str, verdict: kept.Verdict, agent: str | None = None) -> None:
        """Say what is wrong with a memory or a note; it stays said, whatever is derived again.

        What is `wrong` (never so) or `outdated` (no longer so) is shown no more, neither in a brief
        nor by recall; an export has it with the state `corrected` or `superseded`. Of what is
        `unwanted` the words are removed here, and are never derived again. What was said earlier
        of the same thing goes the same way.

        Args:
            memory_id: As a brief or an export names it.
            verdict: What is wrong with it; of two verdicts the later stands.
            agent: Who says so, as a ref or an e-mail.

        Raises:
            NotFoundError: Nothing is remembered under this id.
            UsageError: There is no such verdict or agent.
        """
        if verdict not in kept.VERDICTS:
            raise UsageError(
                "There is no such verdict.", f"Say one of: {', '.join(kept.VERDICTS)}."
            )
        account = self.account
        view = self._view(account)
        with self.record.reading() as connection:
            author = agent_of(connection, view, agent) if agent else None
        with self.record.writing(account) as writer:
            whose = kept.whose(writer.connection, account.number, memory_id)
            if whose is None:
                raise NotFoundError(
                    "Nothing is remembered under this id.", "Take the id from a brief or an export."
                )
            kept.correct(
                writer.connection,
                account.number,
                same_thing(writer.connection, account, whose, memory_id, verdict),
                customer_id=whose,
                verdict=verdict,
                agent_id=author.id if author is not None else None,
                at=self._now(),
            )

    def opt_out(self, customer: str) -> None:
        """Keep nothing of a customer but their issues, now and from now on.

        What they told and what was noted of them is removed here. Their tickets stay, as the
        helpdesk has them.

        Raises:
            NotFoundError: There is no such customer.
        """
        account = self.account
        who = self._customer(self._view(account), "customer", customer)
        with self.record.writing(account) as writer:
            kept.opt_out(writer.connection, account.number, who.id, self._now())

    def opt_in(self, customer: str) -> None:
        """Remember a customer who opted out like any other again, from their tickets on.

        Raises:
            NotFoundError: There is no such customer.
        """
        account = self.account
        who = self._customer(self._view(account), "customer", customer)
        with self.record.writing(account) as writer:
            kept.opt_in(writer.connection, account.number, who.id)

    def do_not_offer(self, agent: str) -> None:
        """Offer an agent no more as the one a customer would rather speak to.

        Args:
            agent: The agent's ref or e-mail.

        Raises:
            UsageError: There is no such agent.
        """
        account = self.account
        who = self._agent(account, agent)
        with self.record.writing(account) as writer:
            kept.do_not_offer(writer.connection, account.number, who, self._now())

    def offer_again(self, agent: str) -> None:
        """Offer an agent like any other again; as `do_not_offer`."""
        account = self.account
        who = self._agent(account, agent)
        with self.record.writing(account) as writer:
            kept.offer_again(writer.connection, account.number, who)

    def export(
        self,
        *,
        phone: str | None = None,
        email: str | None = None,
        customer: str | None = None,
        ticket: str | None = None,
    ) -> dict[str, object]:
        """Everything held about a person.

        Raises:
            NotFoundError: There is no such person, or several share the phone or e-mail.
        """
        by, value = _one_of(phone=phone, email=email, customer=customer, ticket=ticket)
        view = self._view(self.account)
        who = self._customer(view, by, value)
        with self.record.reading() as connection:
            return export_of(connection, view, who)

    def remember(self, report: Callable[[Progress], None] | None = None) -> Progress:
        """Remember every ticket that waits, in this process.

        Args:
            report: Called after every batch.
        """
        from memory.remembering.drain import Remembering  # noqa: PLC0415  as above

        with Remembering.open(self._workplace, self.account.name) as remembering:
            remembering.drain(wait=lambda: False, report=report or (lambda _: None))
            return remembering.progress

    def status(self) -> Status:
        """What is stored, how fresh and complete it is, and what could not be read."""
        with self.record.reading() as connection:
            return status_of(connection, self.record.accounts())

    def close(self) -> None:
        """Let go of the record."""
        self.record.close()

    def __exit__(self, *_: object) -> None:
        self.close()

    def _view(
        self, account: Account, as_of: datetime | None = None, *, reveal: bool = False
    ) -> View:
        present = as_of or self._now()
        return View(account, present, self._zone, sensitive=self._sensitive, reveal=reveal)

    def _agent(self, account: Account, ref_or_email: str) -> str:
        with self.record.reading() as connection:
            found: str = agent_of(connection, self._view(account), ref_or_email).id
        return found

    def _customer(self, view: View, by: str, value: str) -> Stored:
        with self.record.reading() as connection:
            found = look_up(connection, view, by, value, self._region)
        if found.customer is not None:
            return found.customer
        if found.match["outcome"] == "several":
            refs = ", ".join(one["ref"] for one in found.match["candidates"])
            raise UsageError(f"Several people share that {by}: {refs}.", "Name one of them by ref.")
        raise NotFoundError(
            f"Nobody is known by that {by}.", "Check it, or run `remember sync` if they are new."
        )

    def _log_reveal(
        self, account: Account, shown: Sequence[str], customer_id: str, to: str
    ) -> None:
        """Write down what is about to be shown."""
        with self.record.writing(account) as writer:
            for what in shown:
                writer.log_access(
                    at=self._now(),
                    agent=to,
                    proof="os-user",
                    what=f"reveal:{what}",
                    customer_id=customer_id,
                )


def _hidden_in(brief: Brief) -> list[str]:
    """The memories whose words, or reasons, a reveal would show."""
    items = (*brief["adjustments"], *brief["care"], *brief["context"])
    return [one["memory"] for one in items if one["hidden"] or one["kind"] == "access_need"]


def zone(name: str) -> ZoneInfo:
    """A time zone by its IANA name.

    Raises:
        UsageError: There is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(
            f"REMEMBER_TIME_ZONE names no time zone: {name[:40]!r}.",
            "Use an IANA name such as Europe/Berlin.",
        ) from None


def _one_of(**ways: str | None) -> tuple[str, str]:
    given = [(by, value) for by, value in ways.items() if value is not None]
    if len(given) != 1:
        raise UsageError(
            "Say who in exactly one way.", "Give --phone, --email, --customer or --ticket."
        )
    return given[0]
