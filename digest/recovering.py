"""What a killed sender left in the ledger: claims go back, and of a mail in flight the transport is asked.

Where nobody can know whether it arrived it becomes `unknown`, and is sent a second time only if a person, who has looked
into the mail server's log, says that it did not arrive.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from crawler import leases
from crawler.events import record
from digest.errors import DigestError
from digest.ledger import STALE
from digest.models import Delivery, Edition, Subscriber
from digest.transports import Letter, Transport

State = Delivery.State
GOING = (Edition.State.SENDING, Edition.State.SENT)


def recover(transport: Transport, now: datetime) -> Iterator[tuple[str, str]]:
    """Judge what dead senders held; (state it came to, note for a person or nothing) of each mail that is settled."""
    held = Delivery.objects.filter(state__in=(State.CLAIMED, State.SENDING))
    gone = leases.dead(set(held.values_list("lease_by", flat=True)))
    over = held.filter(Q(lease_until__lt=now) | Q(lease_by__in=gone))
    over.filter(state=State.CLAIMED).update(state=State.DUE, lease_by="", lease_until=None)
    for delivery in over.filter(state=State.SENDING).select_related("subscriber", "edition__publication"):
        yield from _ask(delivery, transport, now)


@transaction.atomic
def judge(person: Subscriber, arrived: bool, *, by: str, now: datetime) -> list[Edition]:
    """What a person found out of somebody's unknown mails: they arrived, or they go out again. Their editions.

    DigestError where none is unknown, or where one that did not arrive is too old, or called off, to be mailed now.
    """
    rows = list(person.deliveries.filter(state=State.UNKNOWN).select_related("edition__publication").order_by("pk"))
    if not rows:
        raise DigestError("no mail to this person is unknown", person.address)
    for delivery in rows:
        _settle_judged(delivery, arrived, now)
        after = {"edition": str(delivery.edition), "arrived": arrived}
        record("judge mail", "subscriber", person.token, by=by, now=now, after=after)
    return [delivery.edition for delivery in rows]


def _settle_judged(delivery: Delivery, arrived: bool, now: datetime) -> None:
    rows = Delivery.objects.filter(pk=delivery.pk, state=State.UNKNOWN)
    if arrived:
        rows.update(state=State.ACCEPTED, why="judged to have arrived", settled_at=now)
        return
    edition = delivery.edition
    open_ = Edition.objects.filter(pk=edition.pk, state__in=GOING, send_at__gte=now - STALE)
    if not open_.update(state=Edition.State.SENDING):
        raise DigestError("too late to mail this edition again", str(edition), "say that it arrived, to close it")
    rows.update(state=State.DUE, why="judged not to have arrived", settled_at=None, next_at=now)


def _ask(delivery: Delivery, transport: Transport, now: datetime) -> Iterator[tuple[str, str]]:
    folder = f"{delivery.edition.publication.slug}-{delivery.edition.number}"
    arrived = transport.accepted_before(Letter("", "", delivery.message_id, folder, b""))
    rows = Delivery.objects.filter(pk=delivery.pk, state=State.SENDING, lease_by=delivery.lease_by)
    if arrived is None:
        rows.update(state=State.UNKNOWN, why="the sender was stopped in the middle", settled_at=now, lease_by="")
        yield State.UNKNOWN, f"a mail of {delivery.edition} may or may not have arrived: see the ledger"
    elif arrived:
        rows.update(state=State.ACCEPTED, settled_at=now, lease_by="")
        yield State.ACCEPTED, ""
    else:
        rows.update(state=State.DUE, lease_by="", lease_until=None)
