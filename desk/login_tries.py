"""Wrong passwords, counted: five within a quarter of an hour close the door for that name from that address."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from desk.models import LoginTry

MOST = 5
WITHIN = timedelta(minutes=15)


def who(name: str, address: str) -> str:
    """What is counted together; a digest, so that no mistyped password-as-name rests in the table."""
    return hashlib.sha256(f"{name.strip().lower()}\n{address}".encode("utf-8", "replace")).hexdigest()


def closed(key: str, now: datetime) -> bool:
    return LoginTry.objects.filter(who=key, at__gt=now - WITHIN).count() >= MOST


def failed(key: str, now: datetime) -> None:
    """Note a wrong try, and forget those that count no more."""
    LoginTry.objects.filter(at__lte=now - WITHIN).delete()
    LoginTry.objects.create(who=key, at=now)


def passed(key: str) -> None:
    LoginTry.objects.filter(who=key).delete()
