"""Why a page is no article: judged before parsing by size and kind, and after by what its body turned out to be."""

from __future__ import annotations

import re

from crawler.article import NotAnArticle, Reason

LARGEST_BYTES = 8_000_000
MOST_TAGS = 400_000
# The parser walks up the open elements at each <div>, so time grows with the square of the nesting.
DEEPEST = 4_000
DEEP_SUSPECT_TAGS = 8_000
LEAST_WORDS = 20
LEAST_PAID_WORDS = 40
NESTING = re.compile(rb"<(/?)(?:div|section|article|main|center|blockquote|ul|ol|dl|table|form|fieldset|span|aside)\b")
NOT_TEXT = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"\x7fELF", b"ID3")


def guard(html: str | bytes, url: str) -> None:
    """Raise NotAnArticle for what must not be parsed: nothing, no text, or too much of it."""
    if not html or html.isspace():
        raise NotAnArticle(Reason.EMPTY, url)
    if len(html) > LARGEST_BYTES:
        raise NotAnArticle(Reason.TOO_LARGE, url, why=f"{len(html)} bytes, at most {LARGEST_BYTES}")
    raw = html if isinstance(html, bytes) else html.encode("utf-8", "replace")
    if raw.startswith(NOT_TEXT) or _is_binary(raw[:4096]):
        raise NotAnArticle(Reason.NOT_TEXT, url)
    tags = raw.count(b"<")
    if tags > MOST_TAGS:
        raise NotAnArticle(Reason.TOO_LARGE, url, why=f"{tags} tags, at most {MOST_TAGS}")
    if tags > DEEP_SUSPECT_TAGS and _nesting(raw) > DEEPEST:
        raise NotAnArticle(Reason.TOO_LARGE, url, why=f"nested deeper than {DEEPEST}")


def _is_binary(start: bytes) -> bool:
    """More control bytes than text has. UTF-16 has every second byte zero and begins with its mark."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    control = sum(start.count(bytes([code])) for code in (*range(9), *range(14, 27), *range(28, 32)))
    return control * 10 > len(start)


def _nesting(raw: bytes) -> int:
    """How deep the elements nest that close only by their own end tags."""
    depth = deepest = 0
    for match in NESTING.finditer(raw.lower()):
        depth = depth - 1 if match[1] else depth + 1
        if depth > deepest:
            deepest = depth
        elif depth < 0:
            depth = 0
    return deepest


def too_short(words: int) -> Reason | None:
    """A whole notice of 60 words is an article; under 20 words there is nothing to read."""
    if words == 0:
        return Reason.NO_BODY
    return Reason.TOO_SHORT if words < LEAST_WORDS else None
