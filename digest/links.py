"""Signed links that expire. They carry a random token and a time: no address, no name, no topic."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer

from digest.errors import DigestError

_DIGITS = 10


class LinkExpired(DigestError):
    """A link of ours, but too old; a new one can be asked for. `token` is what it opened."""

    def __init__(self, kind: str, token: str) -> None:
        super().__init__("this link has expired", kind)
        self.token = token


def sign(kind: str, token: str, now: datetime) -> str:
    """The part of a link after its last slash. A link of one kind opens nothing of another."""
    return _signer(kind).sign(f"{int(now.timestamp()):0{_DIGITS}d}{token}")


def unsign(kind: str, text: str, now: datetime, lives: timedelta) -> str:
    """The token that was signed. DigestError for a link that is not ours, LinkExpired for an old one."""
    try:
        value = _signer(kind).unsign(text)
    except BadSignature as error:
        raise DigestError("this link is not one of ours, or was cut short", text[:8]) from error
    signed_at = int(value[:_DIGITS])
    if now.timestamp() - signed_at > lives.total_seconds():
        raise LinkExpired(kind, value[_DIGITS:])
    return value[_DIGITS:]


def _signer(kind: str) -> Signer:
    return Signer(sep=".", salt=f"glabella.{kind}")
