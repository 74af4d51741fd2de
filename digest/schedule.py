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
from digest.models import Edition, Publication
from digest.sending import SendCount, send_due
from digest.subscribing import end_pauses
from digest.transports import FileOutbox, SmtpTransport, Transport

Clock = Callable[[], datetime]


def transport() -> Transport:
    """Files where no SMTP server is set. Real mail with links that only work on this machine is refused."""
    if not settings.SMTP_URL:
        return FileOutbox(settings.OUTBOX)
    host = urlsplit(settings.SITE_URL).hostname or ""
    if host in ("localhost", "::1") or host.startswith("127."):
        raise DigestError(
            "SITE_URL is a loopback address", host, "readers could not leave; set it before mails go out by SMTP"
        )
    return SmtpTransport(settings.SMTP_URL)


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
    """Send the editions whose time has come, until `stop`, and `seconds` long at most."""
    now = clock()
    end_pauses(now)
    way = transport()
    until = None if seconds is None else now + timedelta(seconds=seconds)
    try:
        return send_due(way, clock=clock, stop=lambda: stop() or (until is not None and clock() >= until))
    finally:
        way.close()
