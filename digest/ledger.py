"""The moves of a delivery through the ledger, each a conditional update: who has lost a claim changes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from digest.models import Delivery, Edition

State = Delivery.State
LEASE = timedelta(minutes=10)
BATCH = 50
# A transport that cannot be had is asked again after this long, whichever mail it was asked for.
AWAY_PAUSE = timedelta(minutes=5)
# A snapshot that is restored must not mail last week's issue; a person decides.
STALE = timedelta(hours=36)
LATER = "tried again later"


def claim(edition: Edition, me: str, now: datetime) -> list[Delivery]:
    """Up to a batch of due deliveries, the longest due first; others where another sender was quicker."""
    due = Delivery.objects.filter(edition=edition, state=State.DUE).filter(_due_at(now))
    while keys := list(due.order_by("next_at", "pk").values_list("pk", flat=True)[:BATCH]):
        if due.filter(pk__in=keys).update(state=State.CLAIMED, lease_by=me, lease_until=now + LEASE):
            mine = Delivery.objects.filter(pk__in=keys, state=State.CLAIMED, lease_by=me)
            return list(mine.select_related("subscriber", "edition__publication").order_by("pk"))
    return []


def begin(delivery: Delivery, me: str, now: datetime) -> bool:
    """Committed just before the transport hears of it, and only while the claim is ours and the edition goes out."""
    mine = Delivery.objects.filter(pk=delivery.pk, lease_by=me, state=State.CLAIMED)
    mine = mine.filter(edition__state=Edition.State.SENDING)
    return bool(
        mine.update(
            state=State.SENDING,
            message_id=delivery.message_id,
            revision=delivery.revision,
            tries=delivery.tries + 1,
            lease_until=now + LEASE,
        )
    )


def settle(delivery: Delivery, me: str, state: str, why: str, now: datetime) -> str:
    """The end of a delivery; its state."""
    Delivery.objects.filter(pk=delivery.pk, lease_by=me).update(
        state=state, why=why[:300], settled_at=now, lease_by="", lease_until=None
    )
    return str(state)


def wait(delivery: Delivery, me: str, why: str, next_at: datetime, *, tries: int) -> str:
    """Due again at a time; `tries` is how many count against it."""
    Delivery.objects.filter(pk=delivery.pk, lease_by=me).update(
        state=State.DUE, lease_by="", lease_until=None, next_at=next_at, why=why[:300], tries=tries
    )
    return LATER


def give_back(edition: Edition, me: str) -> None:
    """What this sender has claimed and not begun is due again."""
    claimed = Delivery.objects.filter(edition=edition, state=State.CLAIMED, lease_by=me)
    claimed.update(state=State.DUE, lease_by="", lease_until=None)


def put_off(why: str, now: datetime) -> int:
    """Let all that is due wait until the transport may be there again; how many wait."""
    due = Delivery.objects.filter(edition__state=Edition.State.SENDING, state=State.DUE)
    due.filter(_due_at(now + AWAY_PAUSE)).update(next_at=now + AWAY_PAUSE, why=why[:300])
    return int(due.count())


def _due_at(now: datetime) -> Q:
    return Q(next_at=None) | Q(next_at__lte=now)
