"""Sign-up with double opt-in: ask, then confirm by a link in the mail. To ask changes nothing of what stands.

Whether an address is known, suppressed or over its ration is told to its owner's mailbox at most, never to the asker.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from digest.addresses import normal_address
from digest.errors import DigestError
from digest.keyed import hash_of
from digest.knocks import BY_ADDRESS, knock
from digest.links import sign, unsign
from digest.models import Cadence, Publication, SignUp, Subscription, Suppression
from digest.notices import send_notice
from digest.preferences import preferences_link
from digest.subscribing import check_topics, subscribe
from digest.transports import Transport

KIND = "confirm"
LIVES = timedelta(days=3)
# Long enough to confirm, and to find out why somebody got a mail they did not ask for.
KEPT = timedelta(days=14)


@dataclass(frozen=True)
class Wish:
    """What a form asked for, and the words beside its button."""

    address: str
    topics: tuple[str, ...] = ()
    cadence: str = Cadence.WEEKLY
    words: str = ""


def request(publication: Publication, wish: Wish, *, transport: Transport, now: datetime) -> None:
    """Mail a link to confirm; to one who reads already, one to change. DigestError for a bad address or topic."""
    forget(now)
    address = normal_address(wish.address)
    check_topics(publication, wish.topics)
    hashed = hash_of(address)
    if not knock(BY_ADDRESS, hashed, now) or Suppression.objects.filter(address_hash=hashed).exists():
        return
    reading = (Subscription.State.ACTIVE, Subscription.State.PAUSED)
    known = (
        Subscription.objects.filter(publication=publication, subscriber__address_hash=hashed, state__in=reading)
        .exclude(subscriber__address="")
        .first()
    )
    if known is not None:
        links = {"preferences": preferences_link(known, now)}
        send_notice("known_reader", publication, address, links, transport=transport, now=now)
        return
    row = SignUp.objects.create(
        publication=publication,
        address=address,
        topics=sorted(set(wish.topics)),
        cadence=wish.cadence,
        words=wish.words,
        at=now,
    )
    links = {"confirm": f"{settings.SITE_URL}/signup/confirm/{sign(KIND, row.token, now)}"}
    send_notice("confirm", publication, address, links, transport=transport, now=now)


def asked(signed: str, now: datetime) -> SignUp:
    """What a link would confirm. DigestError where it is not ours or old."""
    token = unsign(KIND, signed, now, LIVES)
    row = SignUp.objects.filter(token=token).select_related("publication").first()
    if row is None:
        raise DigestError("this sign-up was forgotten; please sign up again", signed[:8])
    return row


@transaction.atomic
def confirm(signed: str, *, now: datetime) -> SignUp:
    """The owner of the address said yes. Confirming twice is confirming once, and does not undo what came after."""
    row = asked(signed, now)
    if not SignUp.objects.filter(pk=row.pk, confirmed_at=None).update(confirmed_at=now):
        return row
    subscribe(
        row.address,
        row.publication,
        _still_there(row.publication, row.topics),
        by="reader",
        now=now,
        how=f"the form of {row.at:%d %B %Y}, confirmed by the link in a mail",
        words=row.words,
        cadence=row.cadence,
    )
    return row


def forget(now: datetime) -> int:
    """Delete what was asked long ago, confirmed or not; the Consent is the proof. How many."""
    return SignUp.objects.filter(at__lt=now - KEPT).delete()[0]


def _still_there(publication: Publication, topics: Sequence[str]) -> list[str]:
    """A topic may have been retired since the form was sent."""
    kept = []
    for key in topics:
        try:
            check_topics(publication, [key])
        except DigestError:
            continue
        kept.append(key)
    return kept
