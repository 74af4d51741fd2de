"""What the digest does by itself at its time: draft the next edition ahead, end pauses, send what is approved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction

from crawler.stopping import Stop, never
from digest.drafting import current_draft, draft
from digest.errors import DigestError
from digest.keyed import check_secret
from digest.models import Edition, Publication
from digest.sending import SendCount, send_due
from digest.subscribing import end_pauses
from digest.transports import FileOutbox, SmtpTransport, Transport, is_loopback

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
    """Make a first draft for every publication whose next time to go out has no edition yet."""
    now, made = clock(), []
    for publication in Publication.objects.order_by("slug"):
        waiting = Edition.objects.filter(publication=publication, send_at__gt=now - timedelta(days=1))
        if current_draft(publication) or waiting.exclude(state=Edition.State.CANCELLED).exists():
            continue
        try:
            with transaction.atomic():
                made.append(str(draft(publication, by="rule:schedule", now=now)))
        except IntegrityError:
            # Another process drafted the same number in this very moment; its draft is as good.
            continue
    return made


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
