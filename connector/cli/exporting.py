"""Writes an export to a file that goes when its person is forgotten."""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any

from memory.errors import UsageError
from memory.record.written import UNFINISHED, note_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from memory.face import Memory


def write_export(memory: Memory, document: Mapping[str, Any], file: Path, at: datetime) -> None:
    """Write an export to a file that only its owner may read.

    The record knows where it is before a word of it is there, and that it is whole only then; what
    a kill or a full disk leaves goes with the person as well. It is written while nobody can forget
    the person, so that it is known to whoever forgets them, or is not written at all.

    Args:
        memory: Where the export comes from.
        document: The export.
        file: Where to; what is there is overwritten.
        at: The present.

    Raises:
        ForgottenError: The person was forgotten meanwhile.
        UsageError: The file cannot be written.
    """
    body = (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
    account = memory.account
    row = {
        "path": str(file.resolve()),
        "customer_id": document["customer"]["ref"].partition(":")[2],
        "digest": hashlib.sha256(body).digest(),
        "at": at,
    }
    stays = not file.exists() or file.is_file()  # which a pipe or a terminal does not
    if stays:
        with memory.record.writing(account) as writer:
            note_file(writer.connection, account.number, **row | {"digest": UNFINISHED})
    with memory.record.writing(account) as writer:
        if stays:
            note_file(writer.connection, account.number, **row)
        _write(file, body)


def _write(file: Path, body: bytes) -> None:
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(body)
    except OSError as error:
        raise UsageError(
            f"{file} cannot be written ({error.strerror}).", "Name another file with --output."
        ) from None
