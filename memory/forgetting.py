"""Removes the last bytes of whoever was forgotten, and certifies that none is left.

The record forgets a person in one transaction, and nobody sees them from then on. What follows here
is what files still hold: files that were written about them, the index, and what databases leave
behind when they delete. Every step may be killed and done again.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from filelock import Timeout

from memory.errors import RecordError, RememberError
from memory.record import issues, written
from memory.record.certificates import Certificate, certificate_of
from memory.record.forgotten import Pending, complete, pending
from memory.record.traces import has_leavings, is_due, remove_traces
from memory.remembering.indexing import heal, own, owned_index
from memory.text.chroma import IndexUnavailableError, discard

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from memory.record import Account, Record
    from memory.workplace import Workplace

CHANGED_FILES: Final = "changed_files"
"""Outside: a file about them that somebody changed since it was written, and which stays."""

INDEX_SERVER: Final = "chroma_server_files"
"""Outside: a Chroma server's own files, until it vacuums them."""

_FOLDER: Final = "certificates"

_INDEXED: Final = ("tickets", "messages", "memories", "vectors")
"""Among what went: what a vector in the index may have come from, now or once.

A message in somebody else's ticket is of one that may have been theirs before.
"""


_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Those of one account whose bytes are to go.

    Attributes:
        outside: By digest, the codes that are added to the certificate's own.
    """

    account: Account
    people: Sequence[Pending]
    outside: Mapping[bytes, frozenset[str]]


def finish(
    record: Record,
    workplace: Workplace,
    at: datetime,
    *,
    wait: bool = True,
    owned: bool = False,
) -> list[Certificate]:
    """Remove the last bytes of everybody who was forgotten, of every account, and certify it.

    Where nobody was, it removes what is left of memories that were not wanted or are too old, if it
    is time for that.

    An index that may hold something of theirs is made anew from the record, which takes two to four
    minutes for 100,000 issues; they are certified before that, once the old one is gone. To write
    an SQLite record anew takes ten to twenty seconds for every gigabyte.

    Args:
        record: Which has forgotten them already.
        workplace: Where the index is; the certificates go beside it.
        at: The present.
        wait: Whether to wait for another process that has the embedded index open.
        owned: Whether this process owns the embedded index, which is closed at the moment.

    Returns:
        The certificates of those of whom nothing is left. Whoever is not among them stays due:
        nobody may have been, or somebody else kept the record or the index busy.

    Raises:
        RecordError: A file, the record or a certificate cannot be written.
        IndexUnavailableError: The index that may hold something of theirs cannot be done away with.
    """
    if not is_due(record):
        if has_leavings(record, at):
            remove_traces(record, at)
        return []
    with ExitStack() as stack:
        if not owned:
            try:
                own(workplace, stack, wait=wait)
            except Timeout:
                return []
        batches = [_without_files(record, workplace, one) for one in _batches(record, workplace)]
        touched = _empty_index(workplace, batches)
        if not remove_traces(record, at):
            return []
        done = [one for batch in batches for one in _completed(record, workplace, batch, at)]
        if touched:
            _fill_index(record, workplace)
        return done


def attempt(
    record: Record,
    workplace: Workplace,
    at: datetime,
    *,
    wait: bool = True,
    owned: bool = False,
) -> list[Certificate]:
    """The same as `finish`, beside other work: what keeps it is logged, and it stays due."""
    try:
        return finish(record, workplace, at, wait=wait, owned=owned)
    except RememberError as error:
        _log.warning("Bytes of forgotten people are left. %s %s", error.detail, error.hint)
        return []


def _batches(record: Record, workplace: Workplace) -> list[_Batch]:
    codes = frozenset({INDEX_SERVER} if workplace.index_url is not None else ())
    with record.reading() as connection:
        found = [(one, pending(connection, one.number)) for one in record.accounts(connection)]
    return [
        _Batch(account, people, {one.digest: codes for one in people})
        for account, people in found
        if people
    ]


def _without_files(record: Record, workplace: Workplace, batch: _Batch) -> _Batch:
    """Delete the files about them that are still as they were written.

    That one is not, and stays, is in a first certificate before its name is gone from the record.
    """
    account, outside = batch.account, dict(batch.outside)
    paths = [path for one in batch.people for path in one.files]
    with record.reading() as connection:
        digests = written.digests_of(connection, account.number, paths)
    for one in batch.people:
        changed = [path for path in one.files if not _deleted(Path(path), digests.get(path))]
        if changed or CHANGED_FILES in _known(workplace, one):
            outside[one.digest] |= {CHANGED_FILES}
    batch = _Batch(account, batch.people, outside)
    for one in batch.people:
        _keep(workplace, _certificate(record, batch, one))
    if paths:
        with record.writing(account) as writer:
            written.drop_files(writer.connection, account.number, paths)
    return batch


def _deleted(file: Path, digest: bytes | None) -> bool:
    """Delete a file that still is what was written, or a part of it; whether it is gone."""
    try:
        if not file.is_file():
            return True
        is_ours = digest == written.UNFINISHED
        if not is_ours and hashlib.sha256(file.read_bytes()).digest() != digest:
            return False
        file.unlink()
    except FileNotFoundError:
        return True
    except OSError as error:
        raise RecordError(
            f"A file about somebody who is forgotten cannot be deleted ({error.strerror}).",
            "Let the user that runs remember-them write where exports were put, and try again.",
        ) from None
    return True


def _empty_index(workplace: Workplace, batches: Sequence[_Batch]) -> bool:
    """Do away with an index that may hold something of theirs; whether there is one to be filled.

    Of an embedded one all accounts lose what they had.
    """
    touched = [one for one in batches if any(_was_indexed(person) for person in one.people)]
    if workplace.index_url is None:
        if touched:
            discard(workplace.index_folder)
        return bool(touched)
    for batch in touched:
        index = owned_index(workplace, batch.account)
        try:
            index.renew()
        finally:
            index.close()
    return bool(touched)


def _was_indexed(one: Pending) -> bool:
    """Whether a vector of theirs may ever have been in the index: what it has deleted counts."""
    return any(one.counts.get(what, 0) for what in _INDEXED)


def _fill_index(record: Record, workplace: Workplace) -> None:
    """Have every account find its issues again; where that fails, whoever opens it next does it."""
    try:
        for account in record.accounts():
            with record.reading() as connection:
                wanted = issues.ids(connection, account.number)
            if wanted:
                _heal(record, workplace, account)
    except IndexUnavailableError as error:
        _log.warning("The index is to be filled again. %s", error.detail)


def _heal(record: Record, workplace: Workplace, account: Account) -> None:
    index = owned_index(workplace, account)
    try:
        heal(record, account, index)
    finally:
        index.close()


def _completed(
    record: Record, workplace: Workplace, batch: _Batch, at: datetime
) -> list[Certificate]:
    """Certify that nothing is left of those of whom nothing went since this began."""
    done: list[Certificate] = []
    account = batch.account
    with record.writing(account) as writer:
        still = {one.digest: one for one in pending(writer.connection, account.number)}
        same = [one for one in batch.people if still.get(one.digest) == replace(one, files=())]
        for one in same:
            certificate = _certificate(record, batch, replace(one, complete_at=at))
            _keep(workplace, certificate)
            done.append(certificate)
        complete(writer.connection, account.number, [one.digest for one in same], at)
    return done


def _certificate(record: Record, batch: _Batch, one: Pending) -> Certificate:
    certificate = certificate_of(batch.account, one, dialect=record.engine.dialect.name)
    codes = {*certificate["outside"], *batch.outside[one.digest]}
    return {**certificate, "outside": sorted(codes)}


def _known(workplace: Workplace, one: Pending) -> Sequence[str]:
    """What an earlier certificate, of a try that did not end, names as outside."""
    try:
        held = json.loads(_file(workplace, one.certificate).read_text())
        return [str(code) for code in held["outside"]]
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def _keep(workplace: Workplace, certificate: Certificate) -> None:
    """Write a certificate to its file, whole or not at all."""
    file = _file(workplace, certificate["certificate"])
    aside = file.with_suffix(".new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            json.dump(certificate, opened, indent=2)
            opened.write("\n")
            opened.flush()
            os.fsync(opened.fileno())
        aside.replace(file)
    except OSError as error:
        raise RecordError(
            f"A certificate cannot be written to {file.parent} ({error.strerror}).",
            "See that the folder can be written and the disk is not full; forgetting goes on then.",
        ) from None


def _file(workplace: Workplace, certificate: str) -> Path:
    return workplace.index_folder.parent / _FOLDER / f"{certificate}.json"
