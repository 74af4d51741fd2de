"""Every place of a page that names its title, its author or its date, and what it says there.

Nothing is chosen here: crawler/ranking.py weighs the mentions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler import authors, jsonld
from crawler.article import FeedItem, Place
from crawler.sight import Sight, Zone, zone_of

MAX_MENTIONS = 60  # of one fact on one page

TITLE_METAS = {
    "og:title": "og", "twitter:title": "twitter", "citation_title": "citation", "dc.title": "dc", "dcterms.title": "dc",
    "parsely-title": "parsely", "sailthru.title": "sailthru", "title": "meta-title", "headline": "meta-title",
    "hdl": "meta-title", "cxenseparse:title": "parsely", "article:title": "meta-title", "name": "meta-name",
}  # fmt: skip
AUTHOR_METAS = {
    "author": "meta-author", "article:author": "article-author", "og:article:author": "article-author",
    "article:author_name": "article-author", "og:author": "article-author", "parsely-author": "parsely",
    "sailthru.author": "sailthru", "dc.creator": "dc", "dcterms.creator": "dc", "dc.creator.personalname": "dc",
    "citation_author": "citation", "citation_authors": "citation", "byl": "byl", "byline": "byl",
    "cxenseparse:author": "parsely", "shareaholic:article_author_name": "parsely", "article.author": "article-author",
    "authors": "meta-author", "creator": "dc", "twitter:creator": "twitter-creator", "rbauthors": "parsely",
    "book:author": "article-author", "dable:author": "parsely", "blogger:author": "meta-author",
}  # fmt: skip
PUBLISHED_METAS = {
    "article:published_time": "published", "og:article:published_time": "published", "article:published": "published",
    "og:published_time": "published", "datepublished": "published", "date": "meta-date", "pubdate": "meta-date",
    "publishdate": "meta-date", "publish-date": "meta-date", "publish_date": "meta-date", "publication_date": "meta-date",
    "publicationdate": "meta-date", "date_published": "meta-date", "published": "meta-date", "parsely-pub-date": "parsely",
    "sailthru.date": "sailthru", "dc.date": "dc", "dc.date.issued": "dc", "dcterms.issued": "dc", "dcterms.date": "dc",
    "dcterms.created": "dc", "dc.date.created": "dc", "citation_publication_date": "citation", "citation_date": "citation",
    "citation_online_date": "citation", "cxenseparse:recs:publishtime": "parsely", "article.published": "published",
    "shareaholic:article_published_time": "parsely", "pdate": "meta-date", "originalpublicationdate": "meta-date",
    "article:post_time": "published", "article_date_original": "meta-date", "created": "meta-date",
    "release_date": "meta-date", "og:pubdate": "published", "rnews:datepublished": "published", "dateposted": "meta-date",
}  # fmt: skip
MODIFIED_METAS = {
    "article:modified_time": "modified", "og:updated_time": "modified", "og:article:modified_time": "modified",
    "last-modified": "modified", "lastmod": "modified", "dcterms.modified": "modified", "dc.date.modified": "modified",
    "datemodified": "modified", "revised": "modified", "article:updated": "modified", "date_modified": "modified",
}  # fmt: skip
AUTHOR_SPOTS = (
    "[rel~=author],[itemprop~=author],[class*=author i],[class*=byline i],[class*=by-line i],[id*=author i],"
    "[id*=byline i],address,[class*=writer i],[class*=contributor i],[class~=fn],[data-author],[href*='/author/'],"
    "[href*='/authors/'],[class*=posted-by i],[class*=postedby i]"
)
DATE_SPOTS = (
    "time,[itemprop*=datePublished i],[itemprop*=dateCreated i],[itemprop*=dateModified i],[class*=date i],"
    "[class*=publish i],[class*=posted i],[class*=time i],[id*=date i],[class~=published],[class*=updated i]"
)
_UPDATED = re.compile(
    r"(?i)updat|modif|revis|edited|aktualisiert|mis à jour|actualizad|aggiornat|atualizad|reviewed"
)
_PUBLISHED = re.compile(
    r"(?i)publi|posted|créé|veröffentlicht|erschienen|release|issued|created|written|first"
)
_LEAD_ONLY = re.compile(
    r"(?i)^\W*(?:by|written by|posted by|author|authors|published by|words by|story by|text by|article by|reviewed by"
    r"|contributed by|by:|von|par|por|di|door|autor|autore|auteur|escrito por|publicado por|written and \w+ by"
    r"|content by|guest post by|post author)\W*$"
)
_LEAD_START = re.compile(
    r"(?i)^\W*(?:(?:written|posted|published|story|words|text|article|contributed|reported|compiled|authored|created"
    r"|submitted|post|guest post|content)\s+by\b|by\s*:?\s+(?=[^\W\d_])|authors?\s*:|written\s*:|von\s+(?=[A-Z])"
    r"|par\s+(?=[A-Z])|por\s+(?=[A-Z])|escrito por|geschrieben von|écrit par)"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_REVIEW = re.compile(r"(?i)review|fact|edit")


@dataclass(frozen=True, slots=True)
class Mention:
    """One place, what it says, how it says it, and where a reader sees it (`at` is -1 where unseen)."""

    place: Place
    kind: str
    value: str
    at: int = -1
    zone: Zone = Zone()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """The page as read once: everything the mentions are taken from."""

    tree: LexborHTMLParser
    sight: Sight
    metas: tuple[tuple[str, str], ...]
    nodes: tuple[jsonld.Node, ...]
    url: str
    item: FeedItem | None
    rules: dict[str, str]


def of_title(source: Source) -> Iterator[Mention]:
    """Headlines of rules, feed, JSON-LD, meta tags, microdata, headings and the title element."""
    yield from _given(source, "title", source.item.title if source.item else "")
    for node in source.nodes:
        if node.own and (node.is_article or node.is_page):
            kind = "ld-article" if node.is_article else "ld-page"
            for key in ("headline", "name", "alternativeHeadline"):
                value = jsonld.text(node.fields.get(key))
                if value:
                    yield Mention(Place.JSON_LD, f"{kind}-{key}", value)
    yield from _of_metas(source, TITLE_METAS)
    for spot in source.tree.css("[itemprop~=headline],[itemprop~=name][class*=title i]")[:5]:
        value = spot.attributes.get("content") or spot.text(deep=True)
        if value:
            yield Mention(Place.MICRODATA, "itemprop", value[:400], source.sight.at(spot))
    for heading, at in source.sight.headings[:30]:
        value = heading.text(deep=True, separator=" ").strip()
        if value:
            yield Mention(Place.HEADING, heading.tag or "", value[:400], at, zone_of(heading))
    element = source.tree.css_first("head title") or source.tree.css_first("title")
    if element is not None and element.text():
        yield Mention(Place.TITLE_ELEMENT, "title", element.text()[:500])


def of_author(source: Source) -> Iterator[Mention]:
    """Names of rules, feed, JSON-LD, meta tags, marked elements, and lines that begin with "By"."""
    yield from _given(source, "author", source.item.author if source.item else "")
    index = jsonld.by_id(source.nodes)
    for node in source.nodes:
        if "author" in node.fields or "creator" in node.fields:
            people = jsonld.names(node.fields.get("author") or node.fields.get("creator"), index)
            if people:
                yield Mention(Place.JSON_LD, _ld_kind(node), "; ".join(people)[:600])
        elif "Person" in node.types and not node.own:
            continue
    yield from _of_metas(source, AUTHOR_METAS)
    yield from _twitter_label(source)
    yield from _author_spots(source)
    yield from _bylines(source)


def of_date(source: Source) -> Iterator[Mention]:
    """Days of rules, feed, JSON-LD, meta tags, time elements, marked elements, short texts and the address."""
    yield from _given(source, "date", "")
    if source.item is not None and source.item.published is not None:
        yield Mention(Place.FEED, "feed", source.item.published.isoformat())
    for node in source.nodes:
        for key, kind in (("datePublished", "published"), ("dateCreated", "created"), ("uploadDate", "upload"),
                          ("dateModified", "modified")):  # fmt: skip
            value = jsonld.text(node.fields.get(key))
            if value:
                yield Mention(Place.JSON_LD, f"{_ld_kind(node)}-{kind}", value[:80])
    yield from _of_metas(source, PUBLISHED_METAS)
    yield from _of_metas(source, MODIFIED_METAS)
    yield from _date_spots(source)
    yield from _date_lines(source)
    yield Mention(Place.URL, "url", source.url)


def _given(source: Source, fact: str, of_feed: str) -> Iterator[Mention]:
    if source.rules.get(fact):
        yield Mention(Place.RULE, "rule", source.rules[fact])
    if of_feed:
        yield Mention(Place.FEED, "feed", of_feed)


def _ld_kind(node: jsonld.Node) -> str:
    kind = "ld-article" if node.is_article else "ld-page" if node.is_page else "ld-other"
    return kind if node.own else "ld-elsewhere"


def _of_metas(source: Source, kinds: dict[str, str]) -> Iterator[Mention]:
    said: dict[str, list[str]] = {}
    for name, content in source.metas:
        kind = kinds.get(name)
        if kind is not None and content not in said.setdefault(kind, []):
            said[kind].append(content)
    for kind, values in said.items():
        joined = ["; ".join(values)] if kind == "citation" and kinds is AUTHOR_METAS else values[:4]
        for value in joined:
            yield Mention(Place.META, kind, value[:600])


def _twitter_label(source: Source) -> Iterator[Mention]:
    """Yoast's pairs: `twitter:label1` = "Written by", `twitter:data1` = the name."""
    metas = dict(source.metas)
    for number in "123":
        label = metas.get(f"twitter:label{number}", "").lower()
        value = metas.get(f"twitter:data{number}", "")
        if value and re.search(
            r"writ|author|by|geschrieben|verfasst|escrito|écrit|por\b|scritto|publish", label
        ):
            yield Mention(Place.META, "twitter-label", value[:200])


def _author_spots(source: Source) -> Iterator[Mention]:
    for count, spot in enumerate(source.tree.css(AUTHOR_SPOTS)[:MAX_MENTIONS]):
        attributes = spot.attributes
        tag = spot.tag or ""
        if tag in (
            "body",
            "html",
            "script",
            "style",
            "link",
            "img",
            "form",
            "input",
            "main",
            "article",
            "svg",
            "path",
        ):
            if tag != "link" or count > 5:
                continue
        microdata = "author" in (attributes.get("itemprop") or "").lower()
        value = attributes.get("content") if tag == "meta" else None
        if value is None:
            value = _spot_text(spot, microdata)
        if not value or len(value) > 240:
            continue
        yield Mention(
            Place.MICRODATA if microdata else Place.BYLINE,
            _spot_kind(spot, attributes, microdata),
            value,
            source.sight.at(spot),
            zone_of(spot),
            note="review" if _REVIEW.search(value[:40]) else "",
        )


def _spot_text(spot: LexborNode, microdata: bool) -> str:
    if microdata:
        inner = spot.css_first("[itemprop~=name]")
        if inner is not None and inner != spot:
            return (inner.attributes.get("content") or inner.text(deep=True, separator=" ")).strip()
    return spot.text(deep=True, separator=" ").strip() if spot.first_child is not None else ""


def _spot_kind(spot: LexborNode, attributes: dict[str, str | None], microdata: bool) -> str:
    if microdata:
        return "itemprop"
    if "author" in (attributes.get("rel") or "").lower().split():
        return "rel"
    if spot.tag == "address":
        return "address"
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower()
    if "author" in names:
        return "class-author-name" if "name" in names or "link" in names else "class-author"
    if "byline" in names or "by-line" in names or "posted" in names:
        return "class-byline"
    if "/author" in (attributes.get("href") or ""):
        return "href"
    return "class-other"


def _bylines(source: Source) -> Iterator[Mention]:
    """Lines that begin with "By" or consist of it, with the texts that follow in the same line."""
    texts, found = source.sight.texts, 0
    for position, text in enumerate(texts):
        words = text.words
        if (
            len(words) < 2
            or not _LEAD_START.match(words)
            and not (len(words) < 24 and _LEAD_ONLY.match(words))
        ):
            continue
        alone = bool(_LEAD_ONLY.match(words))
        value = _following(texts, position) if alone else words
        if not value or len(value) > 120:
            continue
        found += 1
        note = "review" if _REVIEW.search(words[:20]) else ""
        yield Mention(Place.BYLINE, "by-next" if alone else "by", value, text.at, zone_of(text.parent), note)
        if found >= 20:
            return


def _following(texts: list[Any], position: int) -> str:
    """The name after a lone "By": the next text, and more names that "and" or a comma joins to it."""
    parts: list[str] = []
    for text in texts[position + 1 : position + 10]:
        words = text.words
        joins = bool(re.fullmatch(r"(?i)and|&|,|und|et|y|e|,\s*and", words))
        if parts and not joins and not re.fullmatch(r"(?i)and|&|,|und|et|y|e|,\s*and", parts[-1]):
            break
        parts.append(words)
        if len(words) > 100:
            break
    return " ".join(parts)


def _date_spots(source: Source) -> Iterator[Mention]:
    found = 0
    for spot in source.tree.css(DATE_SPOTS)[: 4 * MAX_MENTIONS]:
        attributes = spot.attributes
        tag = spot.tag or ""
        if tag in ("body", "html", "script", "style", "main", "article", "form", "input"):
            continue
        names = (
            f"{attributes.get('class') or ''} {attributes.get('id') or ''} {attributes.get('itemprop') or ''}"
        )
        stamp = attributes.get("datetime") or attributes.get("content") or attributes.get("title") or ""
        seen = spot.text(deep=True, separator=" ").strip() if spot.first_child is not None else ""
        if len(seen) > SPOT_LENGTH or not (_YEAR.search(stamp) or _YEAR.search(seen)):
            continue
        note = _note(f"{names} {seen}")
        kind = "time" if tag == "time" else "itemprop" if attributes.get("itemprop") else "class"
        place = Place.TIME_ELEMENT if tag == "time" else Place.MICRODATA if kind == "itemprop" else Place.TEXT
        zone = zone_of(spot)
        at = source.sight.at(spot)
        for value, suffix in ((stamp, "-stamp"), (seen, "-seen")):
            if _YEAR.search(value):
                yield Mention(place, kind + suffix, value[:SPOT_LENGTH], at, zone, note)
        found += 1
        if found >= MAX_MENTIONS:
            return


SPOT_LENGTH = 200


def _date_lines(source: Source) -> Iterator[Mention]:
    found = 0
    for position, text in enumerate(source.sight.texts):
        if not _YEAR.search(text.words):
            continue
        before = source.sight.texts[position - 1].words[-30:] if position else ""
        note = _note(f"{before} {text.words}")
        yield Mention(Place.TEXT, "line", text.words, text.at, zone_of(text.parent), note)
        found += 1
        if found >= MAX_MENTIONS:
            return


def _note(words: str) -> str:
    if _UPDATED.search(words):
        return "both" if _PUBLISHED.search(words) else "updated"
    return "published" if _PUBLISHED.search(words) else ""
