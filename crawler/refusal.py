"""Why a page is no article: judged before parsing by size and kind, and after by what its body turned out to be."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.article import Block, NotAnArticle, Reason

LARGEST_BYTES = 8_000_000
MOST_TAGS = 400_000
# The parser walks up the open elements at each <div>, so time grows with the square of the nesting.
DEEPEST = 4_000
# It compares each attribute of a tag with all others of it.
MOST_ATTRIBUTES = 5_000
LONG_TAG = 20_000
# And at each <option> it walks over the others of its <select>: 20,000 take a second.
MOST_OPTIONS = 12_000
DEEP_SUSPECT_TAGS = 8_000
LEAST_WORDS = 20
LEAST_PAID_WORDS = 40
NESTING = re.compile(rb"<(/?)(?:div|section|article|main|center|blockquote|ul|ol|dl|table|form|fieldset|span|aside)\b")
QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
NOT_TEXT = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"\x7fELF", b"ID3")


def guard(html: str | bytes, url: str) -> bytes:
    """Raise NotAnArticle for what must not be parsed: nothing, no text, or too much of it.

    Else the input as bytes, in which lone surrogates have become question marks.
    """
    raw = guard_text(html, url)
    if _most_attributes(raw) > MOST_ATTRIBUTES:
        raise NotAnArticle(Reason.TOO_LARGE, url, why=f"a tag of more than {MOST_ATTRIBUTES} attributes")
    tags = raw.count(b"<")
    if tags > MOST_TAGS:
        raise NotAnArticle(Reason.TOO_LARGE, url, why=f"{tags} tags, at most {MOST_TAGS}")
    if tags > DEEP_SUSPECT_TAGS:
        lower = raw.lower()
        if _nesting(lower) > DEEPEST:
            raise NotAnArticle(Reason.TOO_LARGE, url, why=f"nested deeper than {DEEPEST}")
        if lower.count(b"<option") > MOST_OPTIONS:
            raise NotAnArticle(Reason.TOO_LARGE, url, why=f"more than {MOST_OPTIONS} options to select")
    return raw


def guard_text(html: str | bytes, url: str) -> bytes:
    """The part that holds for text without markup too; the input as bytes."""
    if not html or html.isspace():
        raise NotAnArticle(Reason.EMPTY, url)
    if len(html) > LARGEST_BYTES:
        raise NotAnArticle(Reason.TOO_LARGE, url, why=f"{len(html)} bytes, at most {LARGEST_BYTES}")
    raw = html if isinstance(html, bytes) else html.encode("utf-8", "replace")
    if raw.startswith(NOT_TEXT) or _is_binary(raw[:4096]):
        raise NotAnArticle(Reason.NOT_TEXT, url)
    return raw


def _is_binary(start: bytes) -> bool:
    """More control bytes than text has. UTF-16 has every second byte zero and begins with its mark."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    control = sum(start.count(bytes([code])) for code in (*range(9), *range(14, 27), *range(28, 32)))
    return control * 10 > len(start)


def _most_attributes(raw: bytes) -> int:
    """About how many attributes the first very long tag has, 0 where no tag is so long."""
    at = 0
    while at + LONG_TAG < len(raw):
        closed = raw.rfind(b">", at, at + LONG_TAG)
        if closed < 0:
            following = raw.find(b">", at + LONG_TAG)
            piece = raw[at : following if following >= 0 else len(raw)]
            tag = piece[piece.rfind(b"<") :]
            if len(tag) >= LONG_TAG // 2 and tag[1:2].isalpha():
                return len(QUOTED.sub(b"", tag).split())
            closed = following if following >= 0 else len(raw)
        at = closed + 1
    return 0


def _nesting(lower: bytes) -> int:
    """How deep the elements nest that close only by their own end tags."""
    depth = deepest = 0
    for match in NESTING.finditer(lower):
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


# Words that only such pages put into title or first heading; the text beside is short.
ERROR_TITLE = re.compile(
    r"""(?ix) \b(?:404|403|410|500|502|503)\b(?=.*\b(?:error|not\s+found|forbidden|unavailable|gone)\b)
    | ^\W*(?:404|403|error)\W*$ | \b(?:page|article|content)\b.{0,30}\b(?:not\s+(?:be\s+)?found|no\s+longer\s+exists)
    | \b(?:page|article|content)\b.{0,30}\bno\s+longer\s+available | \bnot\s+found\W*$
    | ^\W*th(?:is|e)\s+(?:page|article|story|content)\s+(?:has\s+been|was|is)\s+(?:withdrawn|removed|deleted|unpublished)
    | \bsomething\s+(?:has\s+)?(?:went|gone)\s+wrong\b | ^\W*oops\b
    | ^\W*access\s+(?:denied|to\s+this\s+page) | \bjust\s+a\s+moment\b | ^\W*attention\s+required
    | \bare\s+you\s+(?:a\s+)?(?:human|robot) | ^\W*(?:service\s+(?:temporarily\s+)?unavailable|forbidden|bad\s+gateway)
    | \bseite\s+(?:wurde\s+)?nicht\s+gefunden | \bpage\s+(?:introuvable|non\s+trouvée)
    | \bp[áa]gina\s+no\s+encontrada"""
)
CHALLENGE = re.compile(
    r"""(?ix) enable\ javascript\ and\ cookies | verify(?:ing)?\ (?:that\ )?you\ are\ (?:a\ )?human | unusual\ traffic
    | checking\ your\ browser | complete\ the\ captcha | request\ (?:was|has\ been)\ blocked"""
)
CONSENT = re.compile(
    r"""(?ix) \bcookies?\b | \bconsent\b | \baccept\s+all\b | \breject\s+all\b
    | \bprivacy\s+(?:policy|settings|choices|preferences) | \bmanage\s+(?:preferences|options|choices|settings)\b
    | \bour\s+(?:\d+\s+)?partners\b | \blegitimate\s+interest | \bpersonali[sz]ed\s+(?:ads|advertising|content)
    | \bdatenschutz | \beinwilligung | \balle\s+akzeptieren | \bconsentement | \btout\s+accepter
    | \bgdpr\b | \bvendors?\b | \bbefore\s+you\s+continue\b"""
)
PAYWALL = re.compile(
    r"""(?ix) \bsubscribe\s+(?:now\s+)?(?:to|for)\s+(?:continue|read|full|unlimited|keep) | \bcontinue\s+reading
    | \balready\s+(?:a\s+)?(?:subscriber|member|subscribed) | \b(?:for|to)\s+subscribers\s+only
    | \bsubscriber[-\s]only | \b(?:log|sign)\s+in\s+to\s+(?:read|continue|view|access)
    | \bunlock\s+(?:this|the)\s+(?:article|story) | \bpurchase\s+access
    | \bthis\s+(?:article|content|story)\s+is\s+(?:for|reserved|only|available)
    | \bfree\s+articles?\s+(?:left|remaining|this\s+month)
    | \b(?:keep|carry\s+on)\s+reading\b | \bstory\s+is\s+for\s+subscribers"""
)
# A page of more words than these has something to read besides its wall.
MOST_WALL_WORDS = 220
MOST_ERROR_WORDS = 120
LEAST_CONSENT_CUES = 3
MOSTLY = 0.6
# What stands behind a wall is related reading, unless it is much: then the wall was a box above the text.
MOST_WORDS_AFTER_WALL = 120


def judge(
    title: str, text: str, blocks: Sequence[Block], *, paywalled: bool, index_chance: float, index_bar: float
) -> tuple[Reason, str] | None:
    """Why a page is no article, with a word of explanation, or None.

    `text` is the body, `blocks` all of the page, kept or not; `index_chance` the chance that it is an index.
    """
    whole = [block.text for block in blocks]
    words = len(text.split())
    if words <= MOST_ERROR_WORDS and (ERROR_TITLE.search(title) or CHALLENGE.search(" ".join(whole)[:5000])):
        return Reason.ERROR_PAGE, title or "a challenge instead of a page"
    if words <= MOST_WALL_WORDS and _is_consent(text, whole):
        return Reason.CONSENT_WALL, "its text is about cookies and consent"
    # An index asks to subscribe too; a teaser that the page itself calls paid for is one, however many links follow.
    index = index_chance >= index_bar
    if index and not paywalled:
        return Reason.LISTING, f"chance {index_chance:.2f} that it is an index page"
    before, after = _around_wall(blocks)
    if words < LEAST_PAID_WORDS and (paywalled or before is not None):
        return Reason.PAYWALL, f"{words} words beside the wall"
    if before is not None and before < LEAST_PAID_WORDS and after < MOST_WORDS_AFTER_WALL:
        return Reason.PAYWALL, f"{before} words before the wall"
    if index:
        return Reason.LISTING, f"chance {index_chance:.2f} that it is an index page"
    reason = too_short(words)
    return (reason, f"{words} words") if reason else None


def _around_wall(blocks: Sequence[Block]) -> tuple[int | None, int]:
    """The words kept before the first block that asks to pay (None if none does), and from it on."""
    wall = next((at for at, block in enumerate(blocks) if PAYWALL.search(block.text)), None)
    if wall is None:
        return None, 0
    counts = [len(block.text.split()) if block.kept else 0 for block in blocks]
    return sum(counts[:wall]), sum(counts[wall:])


def captions_only(blocks: Sequence[Block]) -> bool:
    """Whether nearly all of the body is what stands under pictures: a gallery has nothing to read."""
    kept = [(len(block.text.split()), block.tag) for block in blocks if block.kept]
    under_pictures = sum(words for words, tag in kept if tag == "figcaption")
    return under_pictures >= MOSTLY * sum(words for words, _ in kept) > 0


def _is_consent(text: str, whole: Sequence[str]) -> bool:
    """Most of what there is to read speaks of consent: of the body, or where that is bare, of the page."""
    read = text if len(text.split()) >= LEAST_WORDS else "\n".join(whole)
    sentences = [part for part in re.split(r"(?<=[.!?])\s+|\n+", read[:4000]) if len(part.split()) >= 3]
    cues = {match.group().lower() for match in CONSENT.finditer(read[:4000])}
    about = sum(bool(CONSENT.search(sentence)) for sentence in sentences)
    return len(cues) >= LEAST_CONSENT_CUES and about * 2 >= len(sentences) > 0
