"""The subscribers page's questions: who reads what, and all about one person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from crawler.models import Event
from digest.models import Delivery, Publication, Subscriber, Subscription, Suppression
from digest.roster import Row

PAGE = 50
MOST_DELIVERIES = 30


@dataclass(frozen=True)
class People:
    """One page of people, whose addresses are suppressed among them, and the mark of the page after it."""

    people: list[Subscriber]
    suppressed: frozenset[str]
    following: str


@dataclass(frozen=True)
class Person:
    """A person with subscriptions (consents fetched), last deliveries, and what holds mail back."""

    subscriber: Subscriber
    subscriptions: list[Subscription]
    deliveries: list[Delivery]
    suppression: Suppression | None
    events: list[Event]


def people_of(search: str = "", publication: str = "", state: str = "", before: str = "") -> People:
    """The newest first; `search` is a part of the address or name."""
    rows = Subscriber.objects.order_by("-pk")
    if search:
        rows = rows.filter(address__icontains=search) | rows.filter(name__icontains=search)
    if publication or state:
        wanted = Subscription.objects.all()
        wanted = wanted.filter(publication__slug=publication) if publication else wanted
        wanted = wanted.filter(state=state) if state else wanted
        rows = rows.filter(pk__in=wanted.values("subscriber"))
    mark = Subscriber.objects.filter(token=before).values_list("pk", flat=True).first() if before else None
    if mark is not None:
        rows = rows.filter(pk__lt=mark)
    subscriptions = Subscription.objects.select_related("publication").order_by("publication__slug")
    found = list(rows.prefetch_related(Prefetch("subscriptions", subscriptions))[: PAGE + 1])
    page = found[:PAGE]
    held = Suppression.objects.filter(address_hash__in=[one.address_hash for one in page])
    suppressed = frozenset(held.values_list("address_hash", flat=True))
    return People(page, suppressed, page[-1].token if len(found) > PAGE else "")


def person_of(token: str) -> Person | None:
    """All about one person; None for an unknown token."""
    subscriber = Subscriber.objects.filter(token=token).first()
    if subscriber is None:
        return None
    subscriptions = subscriber.subscriptions.select_related("publication").prefetch_related("consents")
    deliveries = subscriber.deliveries.select_related("edition__publication").order_by("-pk")[:MOST_DELIVERIES]
    keys = [str(one.pk) for one in subscriptions]
    events = Event.objects.filter(kind="subscription", key__in=keys) | Event.objects.filter(
        kind="subscriber", key=token
    )
    return Person(
        subscriber,
        list(subscriptions.order_by("publication__slug")),
        list(deliveries),
        Suppression.objects.filter(address_hash=subscriber.address_hash).first(),
        list(events.order_by("-at", "-pk")[:20]),
    )


def roster_of(publication: Publication) -> Iterator[Row]:
    """The people who get a publication, as rows of a list that can be taken in elsewhere."""
    readers: QuerySet[Subscription] = publication.subscriptions.filter(
        state__in=(Subscription.State.ACTIVE, Subscription.State.PAUSED)
    ).exclude(subscriber__address="")
    rows = readers.select_related("subscriber").prefetch_related("consents").order_by("pk")
    for one in rows.iterator(chunk_size=500):
        proofs = sorted(one.consents.all(), key=lambda consent: consent.pk)
        consent = f"{proofs[0].at:%Y-%m-%d}: {proofs[0].how}" if proofs else ""
        yield Row(0, one.subscriber.address, one.subscriber.name, tuple(one.topics), tuple(one.never), consent)
