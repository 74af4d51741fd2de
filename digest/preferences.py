"""A reader's own hand on topics, rhythm and data, by a fresh link that is sent to their address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from classifier.models import Topic
from crawler.events import record
from digest.addresses import normal_address
from digest.errors import DigestError
from digest.issue import TopicName
from digest.keyed import hash_of
from digest.knocks import BY_ADDRESS, knock
from digest.links import sign, unsign
from digest.models import Cadence, Consent, Publication, Subscriber, Subscription
from digest.notices import send_notice
from digest.subscribing import by_token, check_wishes, is_suppressed
from digest.transports import Transport

KIND = "preferences"
LIVES = timedelta(days=1)


@dataclass(frozen=True)
class Choosable:
    """The topics of one facet that a reader can choose from; `name` is the heading over them."""

    key: str
    name: str
    topics: tuple[TopicName, ...]


def send_link(address: str, publication: Publication, *, transport: Transport, now: datetime) -> bool:
    """Mail a fresh link where the address is a reader's. Whether it was sent is not for the asker."""
    clean = normal_address(address)
    hashed = hash_of(clean)
    found = Subscription.objects.filter(publication=publication, subscriber__address_hash=hashed).first()
    if not knock(BY_ADDRESS, hashed, now) or found is None or is_suppressed(found.subscriber):
        return False
    if not found.subscriber.address:
        return False
    links = {"preferences": preferences_link(found, now)}
    send_notice("fresh_link", publication, clean, links, transport=transport, now=now)
    return True


def preferences_link(subscription: Subscription, now: datetime) -> str:
    return f"{settings.SITE_URL}/preferences/{sign(KIND, subscription.token, now)}"


def opened(signed: str, now: datetime) -> Subscription:
    """The subscription that a fresh link opens. DigestError where it is not ours or old."""
    subscription = by_token(unsign(KIND, signed, now, LIVES))
    if not subscription.subscriber.address:
        raise DigestError("this reader's data were erased", signed[:8])
    return subscription


def choosable(publication: Publication) -> list[Choosable]:
    """What a reader of this publication can choose from, in its language and the taxonomy's order."""
    language = publication.language
    headings: dict[str, str] = {}
    names: dict[str, list[TopicName]] = {}
    for topic in Topic.objects.filter(taxonomy=publication.taxonomy, retired_at=None).order_by("position"):
        if not publication.topics or topic.key in publication.topics:
            headings.setdefault(topic.facet, topic.facet_called(language))
            names.setdefault(topic.facet, []).append(TopicName(topic.key, topic.facet, topic.called(language)))
    return [Choosable(facet, heading, tuple(names[facet])) for facet, heading in headings.items()]


@transaction.atomic
def change(
    subscription: Subscription,
    topics: Sequence[str],
    never: Sequence[str],
    cadence: str,
    *,
    how: str,
    now: datetime,
) -> Subscription:
    """Set what the reader gets. The Event says that, not what: a topic can tell of a person's health."""
    check_wishes(subscription.publication, topics, never)
    _check_rhythm(cadence)
    subscription.topics, subscription.never = sorted(set(topics)), sorted(set(never))
    subscription.cadence = cadence
    subscription.save(update_fields=["topics", "never", "cadence"])
    return _changed(subscription, how, now)


@transaction.atomic
def keep_rhythm(subscription: Subscription, cadence: str, *, how: str, now: datetime) -> Subscription:
    """Set how often the reader is mailed, and leave topics as they are. DigestError for no rhythm of ours."""
    _check_rhythm(cadence)
    if subscription.cadence == cadence:
        return subscription
    subscription.cadence = cadence
    subscription.save(update_fields=["cadence"])
    return _changed(subscription, how, now)


def _check_rhythm(cadence: str) -> None:
    if cadence not in Cadence.values:
        raise DigestError("no such rhythm", cadence[:20])


def _changed(subscription: Subscription, how: str, now: datetime) -> Subscription:
    Consent.objects.create(subscription=subscription, at=now, what="changed", how=how)
    record("change wishes", "subscription", subscription.pk, by="reader", now=now)
    return subscription


def export(subscriber: Subscriber, now: datetime) -> dict[str, Any]:
    """All that is kept of a person (GDPR art. 15 and 20), as plain JSON."""
    subscriptions = subscriber.subscriptions.select_related("publication").prefetch_related("consents")
    deliveries = subscriber.deliveries.select_related("edition__publication").order_by("pk")
    return {
        "exported_at": now.isoformat(),
        "person": {
            "address": subscriber.address,
            "name": subscriber.name,
            "added_at": subscriber.added_at.isoformat(),
            "suppressed": is_suppressed(subscriber),
        },
        "subscriptions": [_subscription_data(one) for one in subscriptions.order_by("publication__slug")],
        "deliveries": [
            {
                "publication": one.edition.publication.slug,
                "cadence": one.edition.cadence,
                "number": one.edition.number,
                "state": one.state,
                "settled_at": _iso(one.settled_at),
                "selection": one.selection,
            }
            for one in deliveries
        ],
    }


def _subscription_data(one: Subscription) -> dict[str, Any]:
    return {
        "publication": one.publication.slug,
        "state": one.state,
        "topics": one.topics,
        "never": one.never,
        "cadence": one.cadence,
        "since": _iso(one.since),
        "paused_until": _iso(one.paused_until),
        "left_at": _iso(one.left_at),
        "consents": [
            {"at": _iso(consent.at), "what": consent.what, "how": consent.how, "words": consent.words}
            for consent in sorted(one.consents.all(), key=lambda consent: consent.pk)
        ],
    }


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
