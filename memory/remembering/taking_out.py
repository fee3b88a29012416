"""What of a ticket's stored words is to be taken out, once it is understood what they tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from memory.record.notes import MARKER
from memory.record.remembered import TakenOut
from memory.text.unkept import IS_TAKEN_OUT, NEVER_KEPT, NOT_KEPT, every_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from memory.record.stored import Stored
    from memory.remembering.building import Draft
    from memory.remembering.telling import Said
    from memory.remembering.turns import Turn


def to_take_out(
    draft: Draft, never_kept: Sequence[Said], unwanted: Sequence[Said]
) -> tuple[TakenOut, ...]:
    """Where words stand in a ticket's messages that are not to be kept.

    What a customer said before their cut-off goes whole, and so does a note of ours that is not
    wanted. Of all else a sentence goes: whoever says it, where words alone tell of a kind that is
    not kept.

    Args:
        draft: The ticket.
        never_kept: The sentences of it that are of a never-kept class.
        unwanted: Those that tell what the account or its customer does not want kept.
    """
    gone: list[TakenOut] = []
    for note in draft.unwanted_notes:
        words = MARKER.split(note.text)[0].rstrip()
        gone += _unless_gone(note.id, 0, words)
    here: dict[tuple[str, int], TakenOut] = {}
    for turn in draft.turns:
        if _is_cut_off(draft, turn):
            gone += _unless_gone(turn.message_id, turn.start, turn.text)
        elif draft.wishes.not_kept:
            here |= {(one.message_id, one.start): one for one in _told_by_words(draft, turn)}
    for said, mark in ((unwanted, NOT_KEPT), (never_kept, NEVER_KEPT)):
        for one in said:
            if not _is_cut_off(draft, one.turn):
                place = one.turn.message_id, one.start
                here[place] = TakenOut(*place, one.start + len(one.text), mark)
    return (*gone, *here.values())


def is_unwanted_note(draft: Draft, message: Stored) -> bool:
    """Whether a message is a note that was written here about a customer who opted out since."""
    silent = draft.ticket.requester_id in draft.wishes.opted_out
    return silent and not message.public and MARKER.search(message.text) is not None


def _is_cut_off(draft: Draft, turn: Turn) -> bool:
    customer = draft.customer_of(turn)
    return customer is not None and draft.wishes.cuts_off(customer, turn.at)


def _unless_gone(message_id: str, start: int, words: str) -> Iterator[TakenOut]:
    if words.strip() and not IS_TAKEN_OUT.fullmatch(words):
        yield TakenOut(message_id, start, start + len(words), NOT_KEPT)


def _told_by_words(draft: Draft, turn: Turn) -> Iterator[TakenOut]:
    if draft.wishes.keep_words(turn.text):
        return
    for start, stop in every_sentence(turn.text):
        if not draft.wishes.keep_words(turn.text[start:stop]):
            yield TakenOut(turn.message_id, turn.start + start, turn.start + stop, NOT_KEPT)
