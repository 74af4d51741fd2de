"""Does somebody sell here? Named signs with the words they were found in, each with a weight; at 1 it is promotion.

The weights were set on the newsroom of desk/demo (tests/test_signals.py holds what they reach there). A label of the
publisher, in the text or the address, decides alone; all else needs a second sign, so that a report about prices or a
quoted manager is none. The words here are of no field: a pack's `signals.toml` brings those.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from classifier.fieldwords import NO_WORDS, FieldWords
from classifier.quoting import Sought, any_of, sentence_at, sought

LEAST = 1.0
# A source with this tag is a wire of releases.
RELEASES_TAG = "releases"
LABEL, ADDRESS = "label", "address"
# Lines at the top and the bottom where a publisher puts its label.
TOP_LINES, BOTTOM_LINES = 3, 3
LONGEST_LABEL = 200

_KIND = r"(?:content|post|article|story|feature|message|material|partnership|supplement)"
_STARTS = re.compile(
    rf"""(?ix)^\W{{0,3}}(?:
        (?:sponsored|paid|promoted|branded|partner|advertiser|advertising)[\s-]+{_KIND}\b
      | (?:sponsored|presented|paid[ ]for|brought[ ]to[ ]you)\s+by\b
      | sponsored\s*(?:[:|–—]|paid\b|$) | paid\s+partnership\b | advertisement\s+feature\b | ad\s+feature\b | advertorial\b
      | publireportage\b | anzeige\s*[:|–—] | werbung\s*[:|–—] | bezahlter?\s+(?:inhalt|beitrag)\b
      | (?:gesponserter?|werblicher?)\s+(?:inhalt|beitrag)\b | contenu\s+sponsoris[ée]\b | contenido\s+patrocinado\b
      | in\s+(?:paid\s+)?partnership\s+with\b | produced\s+in\s+partnership\s+with\b
      | this\s+{_KIND}\s+(?:is|was|has\s+been)\s+(?:sponsored|paid\s+for)\b
    )"""
)
# Alone on the first line these are a label; elsewhere they mark a place where an advertisement stood.
_ALONE = re.compile(r"(?i)^\W*(?:anzeige|werbung|advertisement|promotion|sponsored)\W*$")
_SEGMENT = re.compile(
    r"(?i)(?:sponsored|partner|paid|branded|promoted|advertiser|native)-?(?:content|posts?|articles?|stor(?:y|ies)|features?)"
    r"|sponsored|advertorials?|paid-?partner-?content|publireportage|brand-?(?:studio|voice)|ad-?features?"
)
_SLUG = re.compile(r"(?i)^(sponsored|advertorial|anzeige)-")
_BOOKING = sought(
    "book|call |contact us|consultation|appointment|a visit|your visit|reserve your|get in touch",
    r"\bbook\s+(?:now|online|today|here|your\s+(?:free\s+)?(?:appointment|consultation|place|visit|spot)|an?\s+(?:free\s+)?(?:appointment|consultation))"
    r"|\bcall\s+(?:us\s+(?:now|today|at|on)|now|today)\b|\bcall\s+to\s+(?:schedule|book|arrange)|\bcontact\s+us\s+(?:to|for|today)\b"
    r"|\b(?:schedule|request|arrange)\s+(?:an?|your)\s+(?:\w+\s+)?(?:consultation|appointment|visit)"
    r"|\breserve\s+your\b|\bget\s+in\s+touch\s+(?:with\s+us|to\s+book)|\bappointments\s+are\s+available",
)
_DEAL = sought(
    " offer| consultation| off|guarantee|supplies|stocks",
    r"\b(?:special|opening|introductory|limited[-\s]time|exclusive|seasonal)\s+offers?\b|\b(?:free|complimentary)\s+consultations?\b"
    r"|\bconsultations?\s+(?:are\s+|is\s+)?free\s+of\s+charge|\b\d{1,2}\s?(?:%|per\s?cent|percent)\s+off\b"
    r"|\bwhile\s+(?:stocks|supplies)\s+last\b|\bmoney[-\s]back\s+guarantee\b",
)
_PRICE = re.compile(
    r"(?i)(?:[$£€]\s?\d[\d,.]*|\b\d[\d,.]*\s?(?:pounds?|dollars?|euros?|francs?|usd|eur|gbp)\b)(?!\s?(?:million|billion|m\b|bn\b))"
)
_OURS = re.compile(
    r"(?i)\b(?:our|we)\s+(?:\w+\s+)?(?:clients?|patients?|doctors?|team|specialists?|offer|provide|use\b)"
)
_RELEASE = sought(
    "wire/|wire)|newswire|business wire|immediate release|source ",
    r"/[A-Z][\w ]*(?:Newswire|Wire)/|\b(?:BUSINESS WIRE|GLOBE NEWSWIRE)\b|^FOR IMMEDIATE RELEASE|^SOURCE\s+[A-Z].{2,80}$",
    re.MULTILINE,
)
_WORDING = sought(
    "announce", r"\btoday\s+announced\b|\bannounced\s+today\b|\bis\s+(?:proud|pleased|delighted)\s+to\s+announce\b"
)
_COMPANY = sought(
    "chief |ceo| director|the company|the manufacturer| inc.| ltd| gmbh| llc| plc| corp.",
    r"\bChief\s+(?:Executive|Medical|Operating|Financial|Scientific|Commercial|Marketing)(?:\s+Officer)?\b|\bCEO\b"
    r"|\b(?:Managing|Medical|Commercial)\s+Director\b|\b[Tt]he\s+(?:company|manufacturer)\s+(?:said|expects|plans|employs|sells|trains)\b"
    r"|\b[A-Z]\w+,?\s+(?:Inc\.|Ltd\b|GmbH\b|LLC\b|plc\b|Corp\.)",
    re.NOFLAG,
)
_FIRM = re.compile(r"(?i)\b(?:inc|ltd|gmbh|llc|plc|corp)\b")
WEIGHTS = {
    LABEL: 1.0,
    ADDRESS: 1.0,
    "seller": 0.6,
    "release": 0.6,
    "booking": 0.4,
    "offer": 0.4,
    "company": 0.4,
    "wording": 0.3,
    "price": 0.2,
    "own voice": 0.2,
}


@dataclass(frozen=True)
class Piece:
    """What is known of an article. `tags` are those of the sources that named it or a copy of it."""

    title: str
    text: str
    url: str = ""
    site: str = ""
    author: str = ""
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Sign:
    """One sign: its name (a key of WEIGHTS) and the words it was found in."""

    name: str
    said: str

    @property
    def weight(self) -> float:
        return WEIGHTS[self.name]


@dataclass(frozen=True)
class Promotion:
    """All signs of a piece, at most one of a kind."""

    signs: tuple[Sign, ...] = ()

    @property
    def score(self) -> float:
        return round(sum(sign.weight for sign in self.signs), 2)

    @property
    def found(self) -> bool:
        return self.score >= LEAST

    @property
    def labelled(self) -> bool:
        """Whether the publisher itself says that somebody paid: a fact, where all else is a guess."""
        return any(sign.name in (LABEL, ADDRESS) for sign in self.signs)


def read_promotion(piece: Piece, words: FieldWords = NO_WORDS) -> Promotion:
    """The signs of promotion in a piece."""
    return Promotion(tuple(_signs(piece, words)))


def _signs(piece: Piece, words: FieldWords) -> Iterator[Sign]:
    text, lower = piece.text, piece.text.lower()
    if label := _label(piece):
        yield Sign(LABEL, label)
    if address := _address(piece):
        yield Sign(ADDRESS, address)
    if seller := _seller(piece, words):
        yield Sign("seller", seller)
    if RELEASES_TAG in piece.tags:
        yield Sign("release", RELEASES_TAG)
    elif wire := _RELEASE.search(text, lower):
        yield Sign("release", sentence_at(text, *wire.span()))
    found = {
        "booking": _BOOKING.search(text, lower) or _invited(words).search(text, lower),
        "offer": _DEAL.search(text, lower),
        "company": _COMPANY.search(text, lower),
        "wording": _WORDING.search(text, lower),
    }
    if found["booking"]:
        found |= {"price": _PRICE.search(text), "own voice": _OURS.search(text)}
    yield from (Sign(name, sentence_at(text, *match.span())) for name, match in found.items() if match)


def _seller(piece: Piece, words: FieldWords) -> str:
    """The author or the site whose name is that of a business; a publisher may be a firm, its authors are people."""
    named = _names(words)
    if _FIRM.search(piece.author) or named.search(piece.author):
        return piece.author
    return piece.site if named.search(piece.site) else ""


def _label(piece: Piece) -> str:
    """The publisher's label: before the title, as author, or on a line of its own at the top or the bottom."""
    lines = [line for line in piece.text.split("\n") if line.strip()]
    if lines and _ALONE.match(lines[0]):
        return lines[0].strip()
    edges = lines[:TOP_LINES] + lines[max(TOP_LINES, len(lines) - BOTTOM_LINES) :]
    for line in (piece.title, piece.author, *edges):
        if _STARTS.match(line):
            return line.strip()[:LONGEST_LABEL]
    return ""


def _address(piece: Piece) -> str:
    """The part of the address that names the piece as paid for; a slug made of the title's own words names nothing."""
    try:
        parts = urlsplit(piece.url)
    except ValueError:
        return ""
    segments = [part for part in parts.path.split("/") if part]
    host = (parts.netloc or "").partition(".")[0]
    for part in (host, *segments[:-1], *(segments[-1:] if parts.path.endswith("/") else ())):
        if _SEGMENT.fullmatch(part):
            return f"/{part}/" if part != host else host
    slug = _SLUG.match(segments[-1]) if segments else None
    return segments[-1][:LONGEST_LABEL] if slug and slug[1].lower() not in piece.title.lower() else ""


@lru_cache(maxsize=8)
def _names(words: FieldWords) -> re.Pattern[str]:
    return re.compile(rf"(?i)\b(?:{any_of(words.sellers)})\b")


@lru_cache(maxsize=8)
def _invited(words: FieldWords) -> Sought:
    return Sought(
        tuple(phrase.lower() for phrase in words.booking), re.compile(rf"(?i)\b(?:{any_of(words.booking)})\b")
    )
