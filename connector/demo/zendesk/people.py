"""What happens to users as the clock goes on.

A merge moves the loser's tickets and identities to the winner and leaves the loser inactive; what
the loser wrote stays theirs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from connector.demo.zendesk.account import add_identity, mirror_primaries

if TYPE_CHECKING:
    from connector.demo.story_parts import DeleteCustomer, ToIdentity, UpdateAgent, UpdateCustomer
    from connector.demo.zendesk.account import Account
    from connector.demo.zendesk.live import LiveUser


def update_customer(account: Account, user: LiveUser, change: UpdateCustomer, at: int) -> None:
    """New values for some fields; a new number or address replaces the identity of the old."""
    for key, value in change.set.items():
        if key in {"phone", "email"} and (old := getattr(user, key)):
            user.identities = [known for known in user.identities if known.value != old]
        setattr(user, key, value)
    mirror_primaries(user)
    account.touch(user, at)


def update_agent(account: Account, user: LiveUser, change: UpdateAgent, at: int) -> None:
    """Another name, or whether the agent is still there."""
    for key, value in change.set.items():
        setattr(user, key, value)
    account.touch(user, at)


def to_identity(account: Account, user: LiveUser, change: ToIdentity, at: int) -> None:
    """One more identity, or one less; `phone` and `email` follow, as far as accounts do that."""
    kind, value = change.identity.type, change.identity.value
    if change.do == "add_identity":
        add_identity(user, kind, value)
    else:
        user.identities = [
            known for known in user.identities if (known.type, known.value) != (kind, value)
        ]
        if kind == "email" and user.email == value:
            user.email = None
        kept = account.habits.keeps_removed_phone
        if kind == "phone_number" and user.phone == value and not kept:
            user.phone = None
    account.touch(user, at)


def merge(account: Account, loser: LiveUser, winner: LiveUser, at: int) -> None:
    """Two profiles become the winner's; the loser stays without anything, inactive."""
    for ticket in account.tickets.values():
        if ticket.requester == loser.id:
            ticket.requester = winner.id
            ticket.told = replace(ticket.told, customer=winner.id)
            account.generate(ticket, at)
    known = {(identity.type, identity.value) for identity in winner.identities}
    for identity in loser.identities:
        if (identity.type, identity.value) not in known:
            winner.identities.append(replace(identity, primary=False))
    winner.email = winner.email or loser.email
    if winner.phone is None:
        winner.phone, winner.shared_phone = loser.phone, loser.shared_phone
    loser.identities, loser.email, loser.phone = [], None, None
    loser.active = False
    loser.merged_into = winner.id
    mirror_primaries(winner)
    account.touch(loser, at)
    account.touch(winner, at)


def delete(account: Account, user: LiveUser, change: DeleteCustomer, at: int) -> None:
    """Deleted, a user keeps everything; permanently deleted, nothing."""
    if user.id not in account.deletions:
        account.deletions[user.id] = [at]
    user.active = False
    if change.do == "delete_customer_permanently":
        account.deletions[user.id].append(at)
        user.permanently_deleted = True
        user.name, user.email, user.phone = "Permanently Deleted User", None, None
        user.shared_phone, user.organization, user.identities = False, None, []
    account.touch(user, at)


def restore(account: Account, user: LiveUser, at: int) -> None:
    """A deleted user is there again, unless for good."""
    if not user.permanently_deleted:
        user.active = True
        account.deletions.pop(user.id, None)
        account.touch(user, at)
