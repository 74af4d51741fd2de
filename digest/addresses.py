"""A mail address: one spelling, a keyed hash that stands for it after erasure."""

from __future__ import annotations

import email.errors
import hashlib
import hmac
from email.headerregistry import Address

from digest.errors import DigestError


def normal_address(text: str) -> str:
    """The address in one spelling: trimmed, host in lower case, local part too (no provider of today tells them apart).

    DigestError where it is no address.
    """
    clean = text.strip().lower()
    if not clean or len(clean) > 254 or any(character.isspace() for character in clean):
        raise DigestError("not a mail address", text.strip()[:80])
    try:
        address = Address(addr_spec=clean)
    except (ValueError, IndexError, email.errors.MessageError) as error:
        raise DigestError("not a mail address", clean[:80]) from error
    if not address.username or "." not in address.domain.strip("."):
        raise DigestError("not a mail address", clean[:80])
    return clean


def address_hash(address: str, secret: str) -> str:
    """HMAC-SHA256 of a normal address: it can be recognised, not read."""
    return hmac.new(secret.encode(), address.encode(), hashlib.sha256).hexdigest()
