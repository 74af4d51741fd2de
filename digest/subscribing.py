"""Verbs over subscribers: add, choose, pause, resume, leave, suppress. What a person said stays as Consent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from classifier.models import Topic
from crawler.events import record
from crawler.lengths import must_fit
from digest.addresses import normal_address
from digest.errors import DigestError
from digest.keyed import hash_of
from digest.models import Cadence, Consent, Publication, Subscriber, Subscription, Suppression

READER = "reader"
ACTIVE, PAUSED, LEFT = Subscription.State.ACTIVE, Subscription.State.PAUSED, Subscription.State.LEFT


@transaction.atomic
def subscribe(
    address: str,
    publication: Publication,
    topics: Sequence[str] = (),
    *,
    by: str,
    now: datetime,
    how: str,
    name: str = "",
    never: Sequence[str] = (),
    words: str = "",
    cadence: str = Cadence.WEEKLY,
) -> Subscription:
    """Make or renew a confirmed subscription, with its proof.

    DigestError for a bad address or topic, a suppression, a name or proof that is too long.
    """
    clean = normal_address(address)
    hashed = hash_of(clean)
    if Suppression.objects.filter(address_hash=hashed).exists():
        raise DigestError("the address is suppressed", clean, "a bounce, a complaint or a wish of its owner")
    check_wishes(publication, topics, never)
    must_fit(Subscriber, DigestError, name=name)
    must_fit(Consent, DigestError, how=how)
    subscriber, _ = Subscriber.objects.get_or_create(
        address_hash=hashed, defaults={"address": clean, "name": name, "added_at": now}
    )
    if not subscriber.address:
        # Erased before; a new yes of the address's owner begins anew.
        subscriber.address, subscriber.name, subscriber.erased_at = clean, name, None
        subscriber.save(update_fields=["address", "name", "erased_at"])
    subscription, _ = Subscription.objects.update_or_create(
        subscriber=subscriber,
        publication=publication,
        defaults={
            "state": ACTIVE,
            "topics": sorted(set(topics)),
            "never": sorted(set(never)),
            "cadence": cadence,
            "since": now,
            "left_at": None,
            "paused_until": None,
        },
    )
    Consent.objects.create(subscription=subscription, at=now, what="subscribed", how=how, words=words)
    record("subscribe", "subscription", subscription.pk, by=by, now=now, after={"publication": publication.slug})
    return subscription


def check_wishes(publication: Publication, topics: Sequence[str], never: Sequence[str]) -> None:
    """DigestError for topics that are not there, or both chosen and never to be shown."""
    check_topics(publication, [*topics, *never])
    if both := sorted(set(topics) & set(never)):
        raise DigestError("a topic is both chosen and never to be shown", ", ".join(both))


def check_topics(publication: Publication, topics: Sequence[str]) -> None:
    """DigestError for a key that the publication's taxonomy does not have."""
    known = set(Topic.objects.filter(taxonomy=publication.taxonomy, retired_at=None).values_list("key", flat=True))
    unknown = sorted(set(topics) - known)
    if unknown:
        raise DigestError("no such topic", ", ".join(unknown), f"known: {', '.join(sorted(known))}")


@transaction.atomic
def leave(token: str, *, how: str, now: datetime, everywhere: bool = False, by: str = READER) -> Subscription:
    """Leave this letter, or all of them. Leaving twice is leaving. DigestError for an unknown token."""
    subscription = by_token(token)
    leaving = [subscription]
    if everywhere:
        leaving = list(subscription.subscriber.subscriptions.all())
    for one in leaving:
        if one.state != LEFT:
            one.state, one.left_at, one.paused_until = LEFT, now, None
            one.save(update_fields=["state", "left_at", "paused_until"])
            Consent.objects.create(subscription=one, at=now, what="left", how=how)
            record("leave", "subscription", one.pk, by=by, now=now)
    return subscription


@transaction.atomic
def pause(token: str, until: datetime, *, how: str, now: datetime) -> Subscription:
    """No mail before `until`; what was due meanwhile is not sent later."""
    subscription = by_token(token)
    if subscription.state in (ACTIVE, PAUSED):
        subscription.state, subscription.paused_until = PAUSED, until
        subscription.save(update_fields=["state", "paused_until"])
        Consent.objects.create(subscription=subscription, at=now, what="paused", how=how)
        record("pause", "subscription", subscription.pk, by=READER, now=now, after={"until": until.isoformat()})
    return subscription


@transaction.atomic
def resume(token: str, *, how: str, now: datetime) -> Subscription:
    """End a pause, or take back leaving by the same mail's link."""
    subscription = by_token(token)
    reader = subscription.subscriber
    if subscription.state in (PAUSED, LEFT) and reader.address and not is_suppressed(reader):
        subscription.state, subscription.paused_until, subscription.left_at = ACTIVE, None, None
        subscription.save(update_fields=["state", "paused_until", "left_at"])
        Consent.objects.create(subscription=subscription, at=now, what="resumed", how=how)
        record("resume", "subscription", subscription.pk, by=READER, now=now)
    return subscription


@transaction.atomic
def end_pauses(now: datetime) -> int:
    """Wake the subscriptions whose pause is over; how many."""
    over = list(Subscription.objects.select_for_update().filter(state=PAUSED, paused_until__lte=now).values_list("pk"))
    for (pk,) in over:
        Subscription.objects.filter(pk=pk).update(state=ACTIVE, paused_until=None)
        record("resume", "subscription", pk, by="rule:pause is over", now=now)
    return len(over)


@transaction.atomic
def suppress(address: str, reason: str, *, by: str, now: datetime) -> Suppression:
    """Never mail this address again, whatever it subscribes to."""
    hashed = hash_of(normal_address(address))
    suppression, made = Suppression.objects.get_or_create(
        address_hash=hashed, defaults={"reason": reason[:200], "by": by, "at": now}
    )
    if made:
        record("suppress", "suppression", hashed[:16], by=by, now=now, after={"reason": reason})
    return suppression


def is_suppressed(subscriber: Subscriber) -> bool:
    return Suppression.objects.filter(address_hash=subscriber.address_hash).exists()


def by_token(token: str) -> Subscription:
    """The subscription that a mail's link names."""
    found = Subscription.objects.filter(token=token).select_related("subscriber", "publication").first()
    if found is None:
        raise DigestError("this link is not one of ours, or was cut short", token[:8])
    return found


def find(address: str) -> Subscriber:
    """The subscriber of an address, erased or not. DigestError where there is none."""
    hashed = hash_of(normal_address(address))
    found = Subscriber.objects.filter(address_hash=hashed).first()
    if found is None:
        raise DigestError("no subscriber has this address", address)
    return found
