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
    """The site asked us to wait; the rest of its links stay for a later run, and that is no failure of theirs."""

    permanent = False
    wait = 3600


class NotHeld(Refused):
    """The host is not ours to ask: it rests, or another worker asks it."""

    permanent = False

    def __init__(self, wait: int) -> None:
        super().__init__("the host is at rest or with another worker")
        self.wait = wait


@dataclass(frozen=True)
class Why:
    """A failure in words, and whether another try may help."""

    words: str
    permanent: bool = False
    wait: int = 0


TOO_LARGE = Why("the answer is larger than 10 MB", permanent=True)
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
        return Why(str(error), error.permanent, error.wait)
    if isinstance(error, IgnoreRequest):
        return _ignored(str(error))
    name = type(error).__name__
    if name == "DownloadCancelledError":
        return TOO_LARGE
    if name in ("UnsupportedURLSchemeError", "ValueError"):  # ValueError: a redirect to what is no address at all
        return Why("not an address of the web", permanent=True)
    return Why(_WORDS.get(name, f"the request failed: {name}"))


def _ignored(said: str) -> Why:
    """Scrapy's own middlewares all raise the same exception, and only its text tells them apart."""
    if "DOWNLOAD_MAXSIZE" in said:
        return TOO_LARGE
    if "redirections" in said:
        return Why("redirected too often")
    return Why(f"the request failed: {said[:100]}")
