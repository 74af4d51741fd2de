"""Verbs of an operator over people: take in a list, erase a person, lift a suppression."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from crawler.events import record
from digest.addresses import normal_address
from digest.errors import DigestError
from digest.keyed import check_secret, hash_of
from digest.models import Delivery, Publication, SignUp, Subscriber, Subscription, Suppression
from digest.roster import Fault, Row
from digest.subscribing import subscribe

LEAST_PROOF = 10


@dataclass(frozen=True)
class RosterCount:
    """What became of a list: taken, there already, and lines that were not taken with the reason."""

    taken: int
    known: int
    faults: tuple[Fault, ...]


def take_roster(rows: Iterable[Row], publication: Publication, proof: str, *, by: str, now: datetime) -> RosterCount:
    """Subscribe the people of a list who said yes elsewhere; the proof is kept with each.

    Who left, or is suppressed, is not taken in again by a list: only they themselves can come back. DigestError where
    the secret is another than that of the rows.
    """
    check_secret()
    taken = known = 0
    faults: list[Fault] = []
    for row in rows:
        how = row.consent or proof
        if len(how) < LEAST_PROOF:
            faults.append(Fault(row.line, "no proof of consent"))
            continue
        try:
            before = _state(row.address, publication)
            if before in (Subscription.State.ACTIVE, Subscription.State.PAUSED):
                known += 1
            elif before == Subscription.State.LEFT:
                faults.append(Fault(row.line, "has left this publication; only they themselves can come back"))
            else:
                subscribe(
                    row.address, publication, row.topics, by=by, now=now, how=how[:200], name=row.name, never=row.never
                )
                taken += 1
        except DigestError as error:
            faults.append(Fault(row.line, error.sentence()))
    record(
        "import people",
        "publication",
        publication.slug,
        by=by,
        now=now,
        after={"taken": taken, "known": known, "not": len(faults)},
    )
    return RosterCount(taken, known, tuple(faults))


@transaction.atomic
def erase(subscriber: Subscriber, *, by: str, now: datetime) -> None:
    """Blank a person (GDPR art. 17). Ledger and hash stay: that a mail was sent, and that none may be sent again."""
    if not subscriber.address:
        raise DigestError("this person's data are erased already")
    SignUp.objects.filter(address=subscriber.address).delete()
    subscriber.address, subscriber.name, subscriber.erased_at = "", "", now
    subscriber.save(update_fields=["address", "name", "erased_at"])
    subscriber.subscriptions.update(state=Subscription.State.LEFT, topics=[], never=[], left_at=now, paused_until=None)
    waiting = subscriber.deliveries.filter(state=Delivery.State.DUE)
    waiting.update(state=Delivery.State.WITHDRAWN, settled_at=now, why="the person was erased")
    subscriber.deliveries.update(selection={})
    record("erase", "subscriber", subscriber.token, by=by, now=now)


@transaction.atomic
def lift(subscriber: Subscriber, *, by: str, now: datetime) -> None:
    """Mail may go to this address again, since its owner says that it works. DigestError where nothing holds it."""
    held = Suppression.objects.filter(address_hash=subscriber.address_hash).first()
    if held is None:
        raise DigestError("the address is not suppressed")
    before = {"reason": held.reason, "by": held.by}
    held.delete()
    record("lift suppression", "suppression", subscriber.address_hash[:16], by=by, now=now, before=before)


def _state(address: str, publication: Publication) -> str:
    hashed = hash_of(normal_address(address))
    found = Subscription.objects.filter(publication=publication, subscriber__address_hash=hashed)
    return found.values_list("state", flat=True).first() or ""
