"""Verbs that settle an edition: approve and freeze it, open its ledger, correct it in the middle of a send, call it off."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from crawler.events import record
from digest.drafting import rhythm_of
from digest.errors import DigestError
from digest.freezing import content_of, must_be_whole
from digest.models import Delivery, Edition, Issue, Subscription, Suppression
from digest.weeks import WEEK, next_send

# A date further ahead is a slip of the hand; "at once" was said a moment ago.
AHEAD, A_MOMENT = timedelta(days=60), timedelta(minutes=1)
OPEN = (Edition.State.APPROVED, Edition.State.SENDING, Edition.State.PAUSED)


@transaction.atomic
def approve(edition: Edition, *, by: str, now: datetime, send_at: datetime | None = None) -> Issue:
    """Freeze revision 1 and write one due delivery per reader.

    DigestError where the edition is empty or settled, or `send_at` is no time to send at.
    """
    if not Edition.objects.filter(pk=edition.pk, state=Edition.State.DRAFT).update(state=Edition.State.APPROVED):
        raise DigestError("only a draft can be approved", str(edition), f"it is {edition.state}")
    if send_at is not None and not now - A_MOMENT <= send_at <= now + AHEAD:
        why = "this time is over" if send_at < now else f"this is more than {AHEAD.days} days ahead"
        raise DigestError("not a time to send at", f"{send_at:%d %B %Y %H:%M %Z}", why)
    if not edition.placements.exists():
        raise DigestError("the edition is empty", str(edition), "pick stories, or skip the week")
    edition.refresh_from_db()
    edition.approved_by, edition.approved_at = by, now
    edition.closes_at = min(edition.closes_at, now)
    if edition.number == 1:
        edition.opens_at = min(edition.opens_at, edition.closes_at - WEEK)
    edition.send_at = send_at or _send_time(edition, now)
    edition.save(update_fields=["approved_by", "approved_at", "send_at", "opens_at", "closes_at"])
    issue = _freeze(edition, "approved", by, now)
    count = _open_ledger(edition)
    record(
        "approve", "edition", edition.pk, by=by, now=now, after={"deliveries": count, "send_at": str(edition.send_at)}
    )
    return issue


@transaction.atomic
def revise(edition: Edition, why: str, *, by: str, now: datetime) -> Issue:
    """Freeze the edition again: those who have not had theirs get the new revision."""
    if edition.state not in OPEN:
        raise DigestError("only an edition that is going out can be revised", str(edition), f"it is {edition.state}")
    issue = _freeze(edition, why, by, now)
    record("revise", "edition", edition.pk, by=by, now=now, after={"revision": issue.revision, "why": why})
    return issue


def hold(edition: Edition, *, by: str, now: datetime) -> None:
    """Stop sending; what was accepted stays sent, the rest waits."""
    _move(edition, (Edition.State.APPROVED, Edition.State.SENDING), Edition.State.PAUSED, "hold", by, now)


def go_on(edition: Edition, *, by: str, now: datetime) -> None:
    """Let a held edition go: at its time, or the rest of it now. A person has judged that it is not stale."""
    if edition.send_at > now:
        _move(edition, (Edition.State.PAUSED,), Edition.State.APPROVED, "go on", by, now)
        return
    with transaction.atomic():
        _move(edition, (Edition.State.PAUSED,), Edition.State.SENDING, "go on", by, now)
        Edition.objects.filter(pk=edition.pk).update(send_at=now)
    edition.refresh_from_db()


def skip(edition: Edition, *, by: str, now: datetime) -> None:
    """No mail this week; the stories stay for the next."""
    _move(edition, (Edition.State.DRAFT,), Edition.State.SKIPPED, "skip", by, now)


@transaction.atomic
def cancel(edition: Edition, *, by: str, now: datetime) -> None:
    """Call an approved edition off; deliveries that wait are withdrawn."""
    _move(edition, OPEN, Edition.State.CANCELLED, "cancel", by, now)
    waiting = edition.deliveries.filter(state__in=(Delivery.State.DUE, Delivery.State.CLAIMED))
    waiting.update(
        state=Delivery.State.WITHDRAWN, settled_at=now, why="the edition was called off", lease_by="", lease_until=None
    )


def newest_issue(edition: Edition) -> Issue:
    """The revision that is sent now."""
    issue = edition.issues.order_by("-revision").first()
    if issue is None:
        raise DigestError("the edition is not frozen", str(edition), "approve it first")
    return issue


def _send_time(edition: Edition, now: datetime) -> datetime:
    return edition.send_at if edition.send_at >= now else next_send(rhythm_of(edition.publication), now)


def _freeze(edition: Edition, why: str, by: str, now: datetime) -> Issue:
    last = edition.issues.aggregate(last=Max("revision"))["last"] or 0
    content = must_be_whole(content_of(edition, settings.SITE_URL, last + 1))
    return Issue.objects.create(
        edition=edition, revision=last + 1, content=content.to_json(), why=why[:300], by=by, at=now
    )


def _open_ledger(edition: Edition) -> int:
    """One row per reader who is active now; suppressed addresses get none."""
    suppressed = set(Suppression.objects.values_list("address_hash", flat=True))
    readers = Subscription.objects.filter(
        publication=edition.publication, cadence=edition.cadence, state=Subscription.State.ACTIVE
    ).select_related("subscriber")
    rows = [
        Delivery(
            edition=edition,
            subscriber=reader.subscriber,
            selection={"topics": reader.topics, "never": reader.never},
            next_at=edition.send_at,
        )
        for reader in readers
        if reader.subscriber.address and reader.subscriber.address_hash not in suppressed
    ]
    Delivery.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    return len(rows)


def _move(edition: Edition, before: tuple[str, ...], after: str, verb: str, by: str, now: datetime) -> None:
    with transaction.atomic():
        if not Edition.objects.filter(pk=edition.pk, state__in=before).update(state=after):
            edition.refresh_from_db()
            raise DigestError(f"cannot {verb}", str(edition), f"it is {edition.state}")
        record(verb, "edition", edition.pk, by=by, now=now, before={"state": edition.state}, after={"state": after})
    edition.refresh_from_db()
