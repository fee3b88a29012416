"""Who still takes part in a call."""

from __future__ import annotations

from connector.rings.parties import MOST_PARTIES, Moved, Parties


def _move(
    parties: Parties, party: str, code: str, *, call: str = "c", sequence: int | None = None
) -> Moved | None:
    return parties.move(call, party, code=code, reason=None, sequence=sequence)


def test_the_last_to_leave_ends_the_call() -> None:
    """And only the last."""
    parties = Parties()
    _move(parties, "a", "Proceeding")
    _move(parties, "b", "Proceeding")
    assert _move(parties, "a", "Disconnected") == Moved("ringing", left=True)
    assert _move(parties, "b", "Gone") == Moved("ended", left=False)


def test_who_leaves_an_answered_call_leaves_it_answered() -> None:
    """The rest of the group falls silent when one has answered."""
    parties = Parties()
    _move(parties, "a", "Proceeding")
    _move(parties, "b", "Answered")
    assert _move(parties, "a", "Disconnected") == Moved("answered", left=True)


def test_calls_do_not_mix() -> None:
    """A party of one call says nothing of another."""
    parties = Parties()
    _move(parties, "a", "Proceeding", call="one")
    assert _move(parties, "b", "Disconnected", call="two") == Moved("ended", left=False)


def test_only_so_many_calls_are_remembered() -> None:
    """The oldest is forgotten first; memory does not grow with a busy year."""
    parties = Parties(most=3)
    for number in range(9):
        _move(parties, "a", "Proceeding", call=str(number))
    assert len(parties) == 3
    assert _move(parties, "b", "Disconnected", call="8") == Moved("ringing", left=True)
    assert _move(parties, "b", "Disconnected", call="0") == Moved("ended", left=False)


def test_only_so_many_parties_of_a_call_are_remembered() -> None:
    """Nor with a call that somebody makes up."""
    parties = Parties()
    for number in range(MOST_PARTIES + 50):
        _move(parties, str(number), "Proceeding")
    assert len(parties._calls["c"]) == MOST_PARTIES
