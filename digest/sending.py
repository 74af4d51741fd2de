"""Sending: claim a delivery, render it, commit `sending`, speak to the transport, settle. Never twice.

A crash between the last two leaves `sending` behind; the next sender asks the transport whether the mail arrived, and
where nobody can know it becomes `unknown`, for a person to judge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from crawler import leases
from crawler.events import record
from crawler.stopping import Stop, never
from digest.approving import newest_issue
from digest.errors import DigestError
from digest.issue import IssueContent
from digest.message import Links, render
from digest.mime import Envelope, message_id, to_bytes
from digest.models import Delivery, Edition, Subscription
from digest.published import issue_path
from digest.selection import Wishes, select
from digest.subscribing import is_suppressed, suppress
from digest.transports import Answer, Letter, Result, Transport

State = Delivery.State
LEASE = timedelta(minutes=10)
BATCH = 50
# A snapshot that is restored must not mail last week's issue; a person decides.
STALE = timedelta(hours=36)
RETRIES = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8))
Clock = Callable[[], datetime]


@dataclass
class SendCount:
    """Deliveries by the state they came to, and what a person should know."""

    states: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)


def send_due(transport: Transport, *, clock: Clock, stop: Stop = never) -> SendCount:
    """Send every edition whose time has come; several senders share the work. What is left at a stop stays due."""
    count, me = SendCount(), leases.holder()
    _recover(transport, clock(), count)
    for edition in _open_editions(clock(), count):
        _send_edition(edition, transport, me, clock, stop, count)
        _close(edition, clock())
    return count


def _send_edition(edition: Edition, transport: Transport, me: str, clock: Clock, stop: Stop, count: SendCount) -> None:
    while not stop() and (batch := _claim(edition, me, clock())):
        content = IssueContent.from_json(newest_issue(edition).content)
        for delivery in batch:
            if stop():
                _give_back(edition, me)
                return
            count.states[_send_one(delivery, content, transport, me, clock)] += 1
        edition.refresh_from_db()
        if edition.state != Edition.State.SENDING:
            _give_back(edition, me)
            return


def letter_of(delivery: Delivery, content: IssueContent, subscription: Subscription, now: datetime) -> Letter | None:
    """The mail of one delivery; None where nothing in the issue is for this reader."""
    wishes = Wishes(frozenset(delivery.selection.get("topics", ())), frozenset(delivery.selection.get("never", ())))
    selection = select(content, wishes)
    if selection.empty:
        return None
    imprint, subscriber = content.imprint, subscription.subscriber
    message = render(content, selection, links_of(subscription, content))
    domain = urlsplit(settings.SITE_URL).hostname or "localhost"
    ident = message_id(imprint.slug, content.cadence, content.number, subscriber.token, domain)
    envelope = Envelope(subscriber.address, subscriber.name, ident, leave_link(subscription))
    folder = f"{imprint.slug}-{content.number}"
    return Letter(imprint.from_address, subscriber.address, ident, folder, to_bytes(message, imprint, envelope, now))


def leave_link(subscription: Subscription) -> str:
    return f"{settings.SITE_URL}/leave/{subscription.token}"


def links_of(subscription: Subscription, content: IssueContent) -> Links:
    """The addresses in one reader's mail."""
    slug = content.imprint.slug
    path = issue_path(slug, content.cadence, content.number)
    archive = f"{settings.SITE_URL}{path}" if content.imprint.archived else ""
    return Links(leave_link(subscription), archive, f"{settings.SITE_URL}/{slug}/topics-link")


def _open_editions(now: datetime, count: SendCount) -> list[Edition]:
    due = Edition.objects.filter(state=Edition.State.APPROVED, send_at__lte=now)
    for edition in due.filter(send_at__lt=now - STALE):
        if due.filter(pk=edition.pk).update(state=Edition.State.PAUSED):
            count.notes.append(f"{edition} was due {edition.send_at:%d %B %H:%M} UTC and is held: it may be stale")
    due.update(state=Edition.State.SENDING)
    return list(Edition.objects.filter(state=Edition.State.SENDING).select_related("publication"))


def _claim(edition: Edition, me: str, now: datetime) -> list[Delivery]:
    """Up to a batch of due deliveries, claimed by conditional update; others where another sender was quicker."""
    due = Delivery.objects.filter(edition=edition, state=State.DUE).filter(Q(next_at=None) | Q(next_at__lte=now))
    while keys := list(due.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        if due.filter(pk__in=keys).update(state=State.CLAIMED, lease_by=me, lease_until=now + LEASE):
            mine = Delivery.objects.filter(pk__in=keys, state=State.CLAIMED, lease_by=me)
            return list(mine.select_related("subscriber").order_by("pk"))
    return []


def _send_one(delivery: Delivery, content: IssueContent, transport: Transport, me: str, clock: Clock) -> str:
    now = clock()
    subscription = (
        Subscription.objects.filter(
            subscriber=delivery.subscriber, publication__slug=content.imprint.slug, state=Subscription.State.ACTIVE
        )
        .select_related("subscriber")
        .first()
    )
    if subscription is None or is_suppressed(delivery.subscriber):
        return _settle(delivery, me, State.WITHDRAWN, "left or suppressed since approval", now)
    try:
        letter = letter_of(delivery, content, subscription, now)
    except DigestError as error:
        return _settle(delivery, me, State.FAILED, error.sentence(), now)
    if letter is None:
        return _settle(delivery, me, State.WITHDRAWN, "nothing in this issue is for this reader", now)
    delivery.message_id, delivery.revision = letter.message_id, content.revision
    if not _begin(delivery, me, now):
        return "lost lease"
    answer = transport.deliver(letter)
    return _settle_answer(delivery, me, answer, clock())


def _begin(delivery: Delivery, me: str, now: datetime) -> bool:
    """Committed just before the transport hears of it, and only while the claim is still ours."""
    mine = Delivery.objects.filter(pk=delivery.pk, lease_by=me, state=State.CLAIMED)
    return bool(
        mine.update(
            state=State.SENDING,
            message_id=delivery.message_id,
            revision=delivery.revision,
            tries=delivery.tries + 1,
            lease_until=now + LEASE,
        )
    )


def _settle_answer(delivery: Delivery, me: str, answer: Answer, now: datetime) -> str:
    if answer.result is Result.ACCEPTED:
        return _settle(delivery, me, State.ACCEPTED, answer.said, now)
    if answer.result is Result.LOST:
        return _settle(delivery, me, State.UNKNOWN, answer.said, now)
    if answer.result is Result.LATER and delivery.tries < len(RETRIES):
        return _later(delivery, me, answer.said, now)
    if answer.bad_address:
        suppress(delivery.subscriber.address, f"refused: {answer.said}", by="rule:bounce", now=now)
    return _settle(delivery, me, State.FAILED, answer.said, now)


def _later(delivery: Delivery, me: str, why: str, now: datetime) -> str:
    again = now + RETRIES[delivery.tries]
    Delivery.objects.filter(pk=delivery.pk, lease_by=me).update(
        state=State.DUE, lease_by="", lease_until=None, next_at=again, why=why[:300]
    )
    return "tried again later"


def _settle(delivery: Delivery, me: str, state: str, why: str, now: datetime) -> str:
    """Only while the lease is ours: a late worker changes nothing."""
    Delivery.objects.filter(pk=delivery.pk, lease_by=me).update(
        state=state, why=why[:300], settled_at=now, lease_by="", lease_until=None
    )
    return str(state)


def _give_back(edition: Edition, me: str) -> None:
    claimed = Delivery.objects.filter(edition=edition, state=State.CLAIMED, lease_by=me)
    claimed.update(state=State.DUE, lease_by="", lease_until=None)


def _recover(transport: Transport, now: datetime, count: SendCount) -> None:
    """What a killed sender left: claims go back; for `sending` the transport is asked."""
    held = Delivery.objects.filter(state__in=(State.CLAIMED, State.SENDING))
    gone = leases.dead(set(held.values_list("lease_by", flat=True)))
    over = held.filter(Q(lease_until__lt=now) | Q(lease_by__in=gone))
    over.filter(state=State.CLAIMED).update(state=State.DUE, lease_by="", lease_until=None)
    for delivery in over.filter(state=State.SENDING).select_related("subscriber", "edition__publication"):
        _judge_interrupted(delivery, transport, now, count)


def _judge_interrupted(delivery: Delivery, transport: Transport, now: datetime, count: SendCount) -> None:
    folder = f"{delivery.edition.publication.slug}-{delivery.edition.number}"
    arrived = transport.accepted_before(Letter("", "", delivery.message_id, folder, b""))
    rows = Delivery.objects.filter(pk=delivery.pk, state=State.SENDING, lease_by=delivery.lease_by)
    if arrived is None:
        rows.update(state=State.UNKNOWN, why="the sender was stopped in the middle", settled_at=now, lease_by="")
        count.notes.append(f"a mail of {delivery.edition} may or may not have arrived: see the ledger")
        count.states[State.UNKNOWN] += 1
    elif arrived:
        rows.update(state=State.ACCEPTED, settled_at=now, lease_by="")
        count.states[State.ACCEPTED] += 1
    else:
        rows.update(state=State.DUE, lease_by="", lease_until=None)


def _close(edition: Edition, now: datetime) -> None:
    """An edition is sent when nothing of it is left to do."""
    left = edition.deliveries.filter(state__in=(State.DUE, State.CLAIMED, State.SENDING))
    with transaction.atomic():
        open_ = Edition.objects.filter(pk=edition.pk, state=Edition.State.SENDING)
        if not left.exists() and open_.update(state=Edition.State.SENT, sent_at=now):
            record("sent", "edition", edition.pk, by="rule:sending", now=now, after={"state": "sent"})
