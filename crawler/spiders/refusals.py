"""Why a request got no answer, in words for the owner of the source."""

from __future__ import annotations

from dataclasses import dataclass

from scrapy.exceptions import IgnoreRequest


class Refused(IgnoreRequest):
    """We did not ask. `permanent` says that asking again later will not help."""

    permanent = True
    wait = 0


class RobotsRefused(Refused):
    """robots.txt does not allow it."""


class AddressRefused(Refused):
    """The address is private, or not of the web."""


class Resting(Refused):
    """The site asked us to wait; the rest of its links stay for a later run."""

    permanent = False


@dataclass(frozen=True)
class Why:
    """A failure in words, and whether another try may help."""

    words: str
    permanent: bool = False


_WORDS = {
    "CannotResolveHostError": "the host is not found",
    "DNSLookupError": "the host is not found",
    "DownloadConnectionRefusedError": "the host refuses connections",
    "ConnectionRefusedError": "the host refuses connections",
    "DownloadTimeoutError": "no answer in time",
    "TimeoutError": "no answer in time",
    "ResponseDataLossError": "the answer broke off",
    "DownloadFailedError": "the connection broke",
    "ResponseFailed": "the connection broke",
    "ResponseNeverReceived": "the connection broke",
}


def why(error: BaseException | None) -> Why:
    """The words for an exception of Scrapy, Twisted or our own middlewares."""
    if isinstance(error, Refused):
        return Why(str(error), error.permanent)
    name = type(error).__name__
    if name == "DownloadCancelledError":
        return Why("the answer is larger than 10 MB", permanent=True)
    if name == "UnsupportedURLSchemeError":
        return Why("not an address of the web", permanent=True)
    return Why(_WORDS.get(name, f"the request failed: {name}"))
