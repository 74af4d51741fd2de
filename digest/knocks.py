"""Rationing what strangers may ask for. Rows, not memory: several processes answer, and a restart forgets nothing."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings

from digest.models import Knock

# A home's network is a /64 in IPv6; to count its single addresses would count nothing.
V6_PREFIX = 64


@dataclass(frozen=True)
class Ration:
    """At most so many of a kind by one key within a time."""

    kind: str
    most: int
    within: timedelta


BY_ADDRESS = Ration("address", 5, timedelta(hours=1))
BY_NETWORK = Ration("network", 20, timedelta(hours=1))
KEPT = timedelta(days=1)


def knock(ration: Ration, key: str, now: datetime) -> bool:
    """Count this one; False where the ration is used up. Refused ones are not counted, so patience is enough."""
    Knock.objects.filter(at__lt=now - KEPT).delete()
    rows = Knock.objects.filter(kind=ration.kind, key_hash=_hash(ration.kind, key))
    if rows.filter(at__gt=now - ration.within).count() >= ration.most:
        return False
    Knock.objects.create(kind=ration.kind, key_hash=_hash(ration.kind, key), at=now)
    return True


def network_of(remote: str, forwarded: str = "") -> str:
    """Whose network asks. The last X-Forwarded-For hop counts only behind a proxy of ours, on a private address."""
    address = _parsed(remote)
    if address is None or address.is_private:
        address = _parsed(forwarded.rpartition(",")[2].strip()) or address
    if address is None:
        return "unknown"
    if isinstance(address, IPv6Address):
        return str(ip_network((address, V6_PREFIX), strict=False))
    return str(address)


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _hash(kind: str, key: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"{kind}:{key}".encode(), hashlib.sha256).hexdigest()
