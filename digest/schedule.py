"""What the digest does by itself at its time: draft the next editions ahead, end pauses, send what is approved."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction

from crawler.stopping import Stop, never
from digest.drafting import current_draft, draft, rhythm_of
from digest.errors import DigestError
from digest.keyed import check_secret
from digest.models import Cadence, Edition, Publication, Subscription
from digest.renewing import renew
from digest.sending import SendCount, send_due
from digest.subscribing import end_pauses
from digest.transports import FileOutbox, SmtpTransport, Transport, is_loopback
from digest.weeks import Last, is_due

BY = "rule:schedule"
Clock = Callable[[], datetime]


def transport() -> Transport:
    """Files where no SMTP server is set. Real mail with links by which readers cannot leave is refused."""
    if not settings.SMTP_URL:
        return FileOutbox(settings.OUTBOX)
    check_site(settings.SITE_URL)
    return SmtpTransport(settings.SMTP_URL)


def check_site(site_url: str) -> None:
    """DigestError where readers cannot leave by a mail's links: one click must be https (RFC 8058 3.1)."""
    parts = urlsplit(site_url)
    if is_loopback(parts.hostname or ""):
        why = "readers could not leave; set it before mails go out by SMTP"
        raise DigestError("SITE_URL is a loopback address", parts.hostname or "", why)
    if parts.scheme != "https":
        raise DigestError("SITE_URL does not begin with https://", site_url, "readers could not leave with one click")


def draft_due(clock: Clock) -> list[str]:
    """Draft what goes out next wherever nothing is made for that time yet, and renew drafts nobody touched; which."""
    now, made = clock(), []
    for publication in Publication.objects.order_by("slug"):
        for cadence in Cadence.values:
            # Another process may draft the same number in this very moment; its draft is as good.
            with contextlib.suppress(IntegrityError), transaction.atomic():
                made += _made(publication, cadence, now)
    return made


def _made(publication: Publication, cadence: str, now: datetime) -> list[str]:
    edition = current_draft(publication, cadence)
    if edition is not None:
        return [str(edition)] if renew(edition, by=BY, now=now) else []
    if not _is_due(publication, cadence, now):
        return []
    return [str(draft(publication, by=BY, now=now, cadence=cadence))]


def _is_due(publication: Publication, cadence: str, now: datetime) -> bool:
    """A weekly is always made, since a monthly is chosen from weeklies; a monthly where somebody reads it."""
    readers = Subscription.objects.filter(publication=publication, cadence=cadence, state=Subscription.State.ACTIVE)
    if cadence != Cadence.WEEKLY and not readers.exists():
        return False
    made = Edition.objects.filter(publication=publication, cadence=cadence).exclude(state=Edition.State.CANCELLED)
    newest = made.order_by("-number").first()
    last = Last(newest.made_at, newest.send_at) if newest else None
    return is_due(rhythm_of(publication), cadence, now, last)


def send_all(clock: Clock, *, seconds: float | None = None, stop: Stop = never) -> SendCount:
    """Send the editions whose time has come, until `stop`, and `seconds` long at most.

    DigestError where mail may not go out: readers could not leave, or who must not be mailed is not known.
    """
    check_secret()
    now = clock()
    end_pauses(now)
    way = transport()
    until = None if seconds is None else now + timedelta(seconds=seconds)
    try:
        return send_due(way, clock=clock, stop=lambda: stop() or (until is not None and clock() >= until))
    finally:
        way.close()
