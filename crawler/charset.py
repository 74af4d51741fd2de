"""The text of bytes: BeautifulSoup's UnicodeDammit settles the encoding where UTF-8 does not fit."""

from __future__ import annotations

from collections.abc import Iterable

from bs4.dammit import UnicodeDammit

# So much of a page is enough to see its encoding; the whole is then decoded by it.
SAMPLE_BYTES = 100_000
# A page in UTF-8 with a few broken bytes has at least so many sound characters beyond ASCII to each of them.
MOSTLY = 10


def header_charset(headers: Iterable[tuple[str, str]]) -> str:
    """The charset a Content-Type header names, or an empty string."""
    for name, value in headers:
        if name.lower() == "content-type" and "charset=" in value.lower():
            return value.lower().split("charset=", 1)[1].split(";")[0].strip().strip("\"'")
    return ""


def decode(body: bytes, said: str = "") -> str:
    """Never raises. A byte-order mark wins, then valid UTF-8, then what the header and the page say, then a guess."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    lenient = body.decode("utf-8", "replace")
    broken = lenient.count("\ufffd")
    if broken * MOSTLY < sum(1 for character in lenient[:SAMPLE_BYTES] if character > "\x7f"):
        return lenient
    dammit = UnicodeDammit(body[:SAMPLE_BYTES], [said] if said else [], is_html=True)
    try:
        return body.decode(dammit.original_encoding or "windows-1252", "replace")
    except LookupError:
        return body.decode("windows-1252", "replace")
