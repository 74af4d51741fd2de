"""Where a page names its date: candidates (days) with what the ranking needs to know of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from math import log1p

from crawler import dates, jsonld
from crawler.article import Place, Precision
from crawler.dates import Stated
from crawler.mentions import MAX_MENTIONS, Candidate, Mention, Source, given, ld_kind, of_metas
from crawler.sight import ARTICLE, FOOT, MAIN, TOP

PUBLISHED_METAS = {
    "article:published_time": "published", "og:article:published_time": "published",
    "article:published": "published", "og:published_time": "published", "datepublished": "published",
    "date": "meta-date", "pubdate": "meta-date", "publishdate": "meta-date", "publish-date": "meta-date",
    "publish_date": "meta-date", "publication_date": "meta-date", "publicationdate": "meta-date",
    "publication-date": "meta-date", "published-date": "meta-date", "published_date": "meta-date",
    "publisheddate": "meta-date", "date_published": "meta-date", "date-published": "meta-date",
    "published": "meta-date", "parsely-pub-date": "parsely", "sailthru.date": "parsely", "dc.date": "dc",
    "dc.date.issued": "dc", "dcterms.issued": "dc", "dcterms.date": "dc", "dcterms.created": "dc",
    "dc.date.created": "dc", "citation_publication_date": "citation", "citation_date": "citation",
    "citation_online_date": "citation", "cxenseparse:recs:publishtime": "parsely", "article.published": "published",
    "shareaholic:article_published_time": "parsely", "pdate": "meta-date", "originalpublicationdate": "meta-date",
    "article:post_time": "published", "article_date_original": "meta-date", "created": "meta-date",
    "release_date": "meta-date", "og:pubdate": "published", "rnews:datepublished": "published",
    "dateposted": "meta-date", "published_time": "published", "published_at": "published",
    "article:published_date": "published",
}  # fmt: skip
MODIFIED_METAS = {
    "article:modified_time": "modified", "og:updated_time": "modified", "og:article:modified_time": "modified",
    "last-modified": "modified", "lastmod": "modified", "dcterms.modified": "modified",
    "dc.date.modified": "modified", "datemodified": "modified", "revised": "modified",
    "article:updated": "modified", "date_modified": "modified", "article:modified": "modified",
    "modified_time": "modified",
}  # fmt: skip
SPOTS = (
    "time,[itemprop*=datePublished i],[itemprop*=dateCreated i],[itemprop*=dateModified i],[class*=date i],"
    "[class*=publish i],[class*=posted i],[class*=time i],[id*=date i],[class*=-meta i],[class*=byline i]"
)
MAX_SEEN = 200
TWO_DAYS = 172_800  # seconds
MAX_ORDER = 20
_NUMBERS = re.compile(r"(?<![\w/.-])(\d{1,2})[/.-](\d{1,2})[/.-]((?:19|20)\d\d)(?!\d)")
_NOT_SPOTS = frozenset(
    ["body", "html", "script", "style", "main", "article", "form", "input", "svg", "section", "ul", "nav"]
)
_UPDATED = re.compile(
    r"updat|modif|revis|edited|aktualisiert|mis à jour|actualizad|aggiornat|atualizad|reviewed|bijgewerkt"
)
_PUBLISHED = re.compile(r"publi|posted|créé|veröffentlicht|erschienen|release|issued|created|written|first|datum|entry")
_OTHER = re.compile(r"©|copyright|accessed|retrieved|expires|deadline|event|joined|since|received|accepted|copyright")
_YEAR = re.compile(r"(?:19|20)\d\d")
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(slots=True)
class Day:
    """A day that may be the article's, its most exact wording, and the place that has it."""

    candidate: Candidate
    stated: Stated
    place: Place


def mentions(source: Source) -> Iterator[Mention]:
    """Days of rules, feed, JSON-LD, meta tags, time elements, marked elements, short texts and the address."""
    yield from given(source, "date", "")
    if source.item is not None and source.item.published is not None:
        stated = Stated(source.item.published, source.item.precision)
        exact = stated.precision is Precision.TIME or stated.when.tzinfo is not None
        yield Mention(source.item.dated_by, "feed", stated.when.isoformat() if exact else stated.day)
    for node in source.nodes:
        for key, kind in (("datePublished", "published"), ("dateCreated", "created"), ("uploadDate", "upload"),
                          ("dateModified", "modified")):  # fmt: skip
            value = jsonld.text(node.fields.get(key))
            if value:
                yield Mention(Place.JSON_LD, f"{ld_kind(node)}-{kind}", value[:80])
    yield from of_metas(source, PUBLISHED_METAS)
    yield from of_metas(source, MODIFIED_METAS)
    yield from _spots(source)
    yield from _lines(source)
    yield Mention(Place.URL, "url", source.url[:500])


def candidates(source: Source, anchor: int) -> list[Day]:
    """All days that may be the article's. `anchor` is where the headline stands."""
    by_day: dict[str, Day] = {}
    found = list(mentions(source))
    first_day = _writes_day_first(source, found)
    instants = _instants(source, found, first_day)
    for mention in found:
        for said in _days(mention, first_day):
            stated = instants.get(_minute(said), said) if mention.kind == "feed" else said
            if not dates.is_possible(stated, source.fetched) or _is_masthead(mention, stated, source, anchor):
                continue
            day = by_day.setdefault(stated.day, Day(Candidate(stated.day), stated, mention.place))
            day.candidate.mentions.append(mention)
            day.candidate.count(mention.kind + ("-" + mention.note if mention.note else ""))
            if _exactness(stated) > _exactness(day.stated):
                day.stated, day.place = stated, mention.place
    out = list(by_day.values())
    _describe(source, out, anchor)
    return out


def _instants(source: Source, found: list[Mention], day_first: bool) -> dict[datetime | None, Stated]:
    """What the page states to the minute and with a zone. A feed tells the same moment in another zone (mostly UTC),
    and so perhaps as another day: the page's own day is meant."""
    if source.item is None or source.item.published is None:
        return {}
    stated = (one for mention in found if mention.kind != "feed" for one in _days(mention, day_first))
    return {_minute(one): one for one in stated if one.when.tzinfo is not None}


def _minute(stated: Stated) -> datetime | None:
    return stated.when.replace(second=0, microsecond=0) if stated.when.tzinfo is not None else None


def confirms(mention: Mention) -> bool:
    """Whether a mention may confirm a day of publication: no machine's word of an update, no stamp out of sight."""
    return "modified" not in mention.kind and mention.kind != "itemprop-stamp"


def _days(mention: Mention, day_first: bool) -> Iterator[Stated]:
    if mention.kind == "url":
        stated = dates.in_url(mention.value)
        if stated is not None:
            yield stated
    elif mention.kind == "line":
        for count, (stated, _) in enumerate(dates.found_in(mention.value, day_first=day_first)):
            if count < 2:
                yield stated
    else:
        stated = dates.parse(mention.value, day_first=day_first)
        if stated is not None:
            yield stated


def _exactness(stated: Stated) -> int:
    return (stated.precision is Precision.TIME) + 2 * (stated.when.tzinfo is not None)


def _is_masthead(mention: Mention, stated: Stated, source: Source, anchor: int) -> bool:
    """The day of fetching, shown above the headline by a line of text or in the page's own header, is today's paper's."""
    if source.fetched is None or mention.at >= anchor or stated.when.date() != source.fetched.date():
        return False
    if mention.place is Place.TIME_ELEMENT:
        return bool(mention.zone & (TOP | FOOT)) and not mention.zone & (ARTICLE | MAIN)
    return mention.place is Place.TEXT


def _writes_day_first(source: Source, found: list[Mention]) -> bool:
    """03/04/2025 is of April where that reading, but not the other, is a day the page also states plainly;
    else where the declared language writes so."""
    plain = {stated.day for mention in found for stated in _days(mention, True) if not _NUMBERS.search(mention.value)}
    for mention in found:
        for match in _NUMBERS.finditer(mention.value[:MAX_SEEN]):
            first, second, year = int(match[1]), int(match[2]), match[3]
            day_first, month_first = f"{year}-{second:02}-{first:02}", f"{year}-{first:02}-{second:02}"
            if first != second and (day_first in plain) != (month_first in plain):
                return day_first in plain
            if first > 12 or second > 12:
                return first > 12
    root = source.tree.root
    return dates.language_writes_day_first((root.attributes.get("lang") if root is not None else "") or "")


def _spots(source: Source) -> Iterator[Mention]:
    """Time elements and elements whose class, id or itemprop says "date"."""
    found = 0
    for spot in source.tree.css(SPOTS)[: 4 * MAX_MENTIONS]:
        tag = spot.tag or ""
        if tag in _NOT_SPOTS:
            continue
        attributes = spot.attributes
        stamp = attributes.get("datetime") or attributes.get("content") or attributes.get("title") or ""
        seen = spot.text(deep=True, separator=" ").strip() if spot.first_child is not None else ""
        if len(seen) > MAX_SEEN or not (_YEAR.search(stamp) or _YEAR.search(seen)):
            continue
        itemprop = attributes.get("itemprop") or ""
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''} {itemprop}"
        kind = "time" if tag == "time" else "itemprop" if itemprop else "class"
        place = {"time": Place.TIME_ELEMENT, "itemprop": Place.MICRODATA}.get(kind, Place.TEXT)
        at, zone, note = source.sight.at(spot), source.sight.zone(spot), _note(f"{names} {seen}")
        for value, suffix in ((stamp, "-stamp"), (seen, "-seen")):
            if _YEAR.search(value):
                yield Mention(place, kind + suffix, value[:MAX_SEEN], at, zone, note)
        found += 1
        if found >= MAX_MENTIONS:
            return


def _lines(source: Source) -> Iterator[Mention]:
    found, texts = 0, source.sight.texts
    for position, text in enumerate(texts):
        if ("20" not in text.words and "19" not in text.words) or not _YEAR.search(text.words):
            continue
        before = texts[position - 1].words[-30:] if position else ""
        yield Mention(
            Place.TEXT, "line", text.words, text.at, source.sight.zone(text.node), _note(f"{before} {text.words}")
        )
        found += 1
        if found >= MAX_MENTIONS:
            return


def _note(words: str) -> str:
    words = words.lower()
    if _OTHER.search(words):
        return "other"
    if _UPDATED.search(words):
        return "both" if _PUBLISHED.search(words) else "updated"
    return "published" if _PUBLISHED.search(words) else ""


def _describe(source: Source, out: list[Day], anchor: int) -> None:
    moments = [day.stated.when.replace(tzinfo=None) for day in out]
    strong = [moment for moment, day in zip(moments, out, strict=True) if _is_told(day.candidate)]
    page = _page_features({mention.kind for day in out for mention in day.candidate.mentions})
    order = _order_of_sight(out, anchor)
    for moment, day in zip(moments, out, strict=True):
        features = day.candidate.features
        features.update(page)
        features["places"] = len(day.candidate.places())
        features["mentions"] = len(day.candidate.mentions)
        features["month-only"] = float(day.stated.precision is Precision.MONTH)
        features["has-time"] = float(day.stated.precision is Precision.TIME)
        features["days"] = len(out)
        features["earlier"] = sum(other < moment for other in moments)
        features["later"] = sum(other > moment for other in moments)
        features["beside"] = float(any(0 < abs((other - moment).total_seconds()) < TWO_DAYS for other in moments))
        features["earliest-strong"] = float(bool(strong) and moment <= min(strong))
        features["strong"] = len(strong)
        features["age"] = log1p(max(0, (max(moments) - moment).days))
        features["order"] = order.get(day.candidate.value, MAX_ORDER)
        _place(source, day.candidate, anchor)


def _is_told(candidate: Candidate) -> bool:
    """Whether JSON-LD or a meta tag calls it a day of publication."""
    return any(m.at < 0 and m.kind != "url" and "modified" not in m.kind for m in candidate.mentions)


def _page_features(kinds: set[str]) -> dict[str, float]:
    return {
        "page-ld": float("ld-article-published" in kinds),
        "page-ld-page": float("ld-page-published" in kinds),
        "page-published": float("published" in kinds),
        "page-modified": float("modified" in kinds or "ld-article-modified" in kinds),
        "page-time": float("time-stamp" in kinds),
    }


def _order_of_sight(out: list[Day], anchor: int) -> dict[str, int]:
    """Days by how soon after the headline they are seen first."""
    first: dict[str, int] = {}
    for day in out:
        after = [mention.at for mention in day.candidate.mentions if mention.at >= anchor >= 0]
        if after:
            first[day.candidate.value] = min(after)
    return {name: number for number, name in enumerate(sorted(first, key=lambda name: first[name]), start=1)}


def _place(source: Source, candidate: Candidate, anchor: int) -> None:
    seen = [mention for mention in candidate.mentions if mention.at >= 0]
    features = candidate.features
    features["seen"] = len(seen)
    if not seen:
        return
    nearest = min(seen, key=lambda mention: abs(mention.at - anchor))
    features["distance"] = log1p(abs(nearest.at - anchor))
    features["before"] = float(nearest.at < anchor)
    features["at"] = nearest.at / (source.sight.length or 1)
    features["other-words"] = min(len(_WORD.findall(mention.value)) for mention in seen)
    candidate.mark_zone(nearest.zone)
