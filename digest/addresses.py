"""A mail address: one spelling, a keyed hash that stands for it after erasure."""

from __future__ import annotations

import hashlib
import hmac
import re

from digest.errors import DigestError

MOST, MOST_LOCAL = 254, 64
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
# Not "=?": a header would take it for the beginning of an encoded word (RFC 2047).
_LOCAL = re.compile(rf"(?!.*=\?){_ATOM}(?:\.{_ATOM})*")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)+(?!\d+$){_LABEL}")


def normal_address(text: str) -> str:
    """The address in one spelling, ASCII: trimmed, in lower case (no provider of today tells them apart), host as IDNA.

    A dot-atom at a host name of two labels or more (RFC 5321 4.1.2); quoted names, comments and bare IP addresses are
    refused, since they would let one mailbox be two people. DigestError where it is no such address.
    """
    clean = text.strip().lower()
    name, at, host = clean.rpartition("@")
    try:
        host = host.encode("idna").decode() if host.strip(".") == host and len(clean) <= MOST else ""
    except UnicodeError as error:
        raise DigestError("not a mail address", clean[:80]) from error
    if not at or len(name) > MOST_LOCAL or len(f"{name}@{host}") > MOST or not _LOCAL.fullmatch(name):
        raise DigestError("not a mail address", clean[:80])
    if not _HOST.fullmatch(host):
        raise DigestError("not a mail address", clean[:80])
    return f"{name}@{host}"


def address_hash(address: str, secret: str) -> str:
    """HMAC-SHA256 of a normal address: it can be recognised, not read."""
    return hmac.new(secret.encode(), address.encode(), hashlib.sha256).hexdigest()
