"""What a page says about itself: title, author, date and the rest, each with the places that say so.

Blank where the page does not say: an invented date is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from crawler import authors, dates, jsonld, mentions, titles
from crawler.article import Clues, Evidence, Place, Precision, Reuse, Said
from crawler.reuse import is_licence_address, read_reuse
from crawler.sight import look
from crawler.urls import absolute, fold_canonical

_NO_RULES: Mapping[str, str] = {}
_PAYING_TIERS = frozenset({"metered", "locked", "paid", "premium", "subscriber", "subscription"})
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_UNSOUND = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_PLACES = (Place.RULE, Place.FEED, Place.JSON_LD, Place.META, Place.MICRODATA, Place.HEADING, Place.TIME_ELEMENT,
           Place.BYLINE, Place.TITLE_ELEMENT, Place.URL, Place.TEXT)  # fmt: skip


@dataclass(frozen=True)
class Metadata:
    """The facts of an article beside its body. `author` is names joined by "; "; `evidence` says who said what."""

    canonical_url: str
    title: str = ""
    author: str = ""
    published: datetime | None = None
    precision: Precision | None = None
    published_from: Place | None = None
    modified: datetime | None = None
    description: str = ""
    language: str = ""
    image_url: str = ""
    site_name: str = ""
    paywalled: bool = False
    reuse: Reuse = field(default_factory=Reuse)
    evidence: Evidence = field(default_factory=Evidence)


def read_metadata(
    tree: LexborHTMLParser,
    html: str,
    url: str,
    clues: Clues,
    said_by_rules: Mapping[str, str] = _NO_RULES,
) -> Metadata:
    """Reads the tree and leaves it as it is; never raises.

    `said_by_rules` holds what an editor's selectors found under `title`, `author` and `date`: it goes before all.
    """
    source = _source(tree, url, clues, said_by_rules)
    metas = dict(reversed(source.metas))
    links = [link.attributes for link in tree.css("link[rel][href]")[:400]]
    title, title_said, title_sure = _title(source)
    author, author_said, author_sure = _author(source)
    stated, date_from, date_said, date_sure = _date(source, clues.fetched)
    sure = {
        name for name, value in (("title", title_sure), ("author", author_sure), ("date", date_sure)) if value
    }
    modified = _modified(source, clues.fetched)
    return Metadata(
        canonical_url=_canonical(url, links, metas),
        title=title,
        author=author,
        published=stated.when if stated else None,
        precision=stated.precision if stated else None,
        published_from=date_from,
        modified=modified,
        description=_first(metas, "description", "og:description", "twitter:description"),
        language=_language(tree, metas),
        image_url=_image(source, url, metas),
        site_name=_site_name(source, metas),
        paywalled=_paywalled(source, metas),
        reuse=read_reuse(source.metas, clues.headers, _licences(tree, links, url)),
        evidence=Evidence(title_said, author_said, date_said, frozenset(sure)),
    )


def _source(tree: LexborHTMLParser, url: str, clues: Clues, rules: Mapping[str, str]) -> mentions.Source:
    scripts = [script.text() for script in tree.css('script[type*="ld+json" i]')[:60]]
    return mentions.Source(
        tree, look(tree), tuple(_metas(tree)), jsonld.nodes(scripts), url, clues.item, dict(rules)
    )


def _metas(tree: LexborHTMLParser) -> list[tuple[str, str]]:
    found = []
    for meta in tree.css("meta[content]")[:400]:
        attributes = meta.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or ""
        content = _sound(attributes.get("content") or "")
        if name and content:
            found.append((name.strip().lower(), content[:4000]))
    return found


def _sound(text: str) -> str:
    """Without control characters and lone surrogates, which no database takes."""
    return _UNSOUND.sub("", text).strip()


def _title(source: mentions.Source) -> tuple[str, tuple[Said, ...], bool]:
    order = [
        "rule",
        "feed",
        "ld-article-headline",
        "h1",
        "og",
        "parsely",
        "citation",
        "itemprop",
        "twitter",
        "title",
    ]
    said = sorted(mentions.of_title(source), key=lambda m: order.index(m.kind) if m.kind in order else 99)
    if not said:
        return "", (), False
    value = titles.clean(_sound(said[0].value))
    if said[0].kind in ("og", "title", "twitter"):
        value = next(iter(titles.shortenings(value)), value)
    places = {m.place for m in said if titles.words(m.value) == titles.words(value)}
    return value, _evidence(said), len(places) > 1


def _author(source: mentions.Source) -> tuple[str, tuple[Said, ...], bool]:
    order = [
        "rule",
        "feed",
        "ld-article",
        "parsely",
        "citation",
        "meta-author",
        "rel",
        "by",
        "by-next",
        "class-author",
    ]
    found = [m for m in mentions.of_author(source) if m.kind in order and authors.names(m.value)]
    said = sorted(found, key=lambda m: order.index(m.kind))
    if not said:
        return "", (), False
    people = authors.names(said[0].value)
    keys = [authors.last_words(authors.names(m.value)) for m in said]
    places = {m.place for m, key in zip(said, keys, strict=True) if key == keys[0]}
    return "; ".join(people), _evidence(said), len(places) > 1


def _date(
    source: mentions.Source, fetched: datetime | None
) -> tuple[dates.Stated | None, Place | None, tuple[Said, ...], bool]:
    order = ["rule", "ld-article-published", "published", "meta-date", "parsely", "itemprop-stamp", "time-stamp", "url",
             "class-seen", "ld-page-published", "feed"]  # fmt: skip
    read = [
        (m, dates.in_url(m.value) if m.kind == "url" else dates.parse(m.value))
        for m in mentions.of_date(source)
        if m.kind in order
    ]
    said = [(m, s) for m, s in read if s is not None and dates.is_possible(s, fetched)]
    said.sort(key=lambda pair: order.index(pair[0].kind))
    if not said:
        return None, None, (), False
    mention, stated = said[0]
    places = {m.place for m, s in said if s.day == stated.day}
    return stated, mention.place, _evidence([m for m, _ in said]), len(places) > 1


def _evidence(said: list[mentions.Mention]) -> tuple[Said, ...]:
    return tuple(dict.fromkeys(Said(m.place, titles.clean(_sound(m.value))[:300]) for m in said))[:12]


def _modified(source: mentions.Source, fetched: datetime | None) -> datetime | None:
    fields = [
        node.fields.get("dateModified")
        for node in source.nodes
        if node.own and (node.is_article or node.is_page)
    ]
    said = [jsonld.text(value) for value in fields] + [
        v for k, v in source.metas if k in mentions.MODIFIED_METAS
    ]
    stated = [s for value in said if (s := dates.parse(value)) is not None and dates.is_possible(s, fetched)]
    return stated[0].when if stated else None


def _canonical(url: str, links: list[dict[str, str | None]], metas: Mapping[str, str]) -> str:
    said = next(
        (a.get("href") or "" for a in links if "canonical" in (a.get("rel") or "").lower().split()), ""
    )
    return fold_canonical(url, said or metas.get("og:url", ""))


def _first(metas: Mapping[str, str], *names: str) -> str:
    return next((titles.clean(metas[name]) for name in names if metas.get(name)), "")


def _language(tree: LexborHTMLParser, metas: Mapping[str, str]) -> str:
    """The declared language as a BCP 47 tag, as the page writes it; the text may still be in another."""
    root = tree.root
    attributes = root.attributes if root is not None else {}
    said = (attributes.get("lang") or attributes.get("xml:lang") or metas.get("og:locale") or "").strip()
    said = said or metas.get("dc.language", "") or metas.get("language", "")
    match = _LANGUAGE.fullmatch(said)
    return said.replace("_", "-") if match else ""


def _image(source: mentions.Source, url: str, metas: Mapping[str, str]) -> str:
    said = _first(
        metas, "og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src"
    )
    if not said:
        fields = [node.fields.get("image") for node in source.nodes if node.own and node.is_article]
        said = next((address for value in fields if (address := jsonld.url(value))), "")
    address = absolute(url, said) if said else ""
    return address if address.startswith(("http://", "https://")) else ""


def _site_name(source: mentions.Source, metas: Mapping[str, str]) -> str:
    said = _first(metas, "og:site_name", "application-name", "apple-mobile-web-app-title", "dc.publisher")
    if said:
        return said
    fields: list[Any] = [
        node.fields.get("publisher") for node in source.nodes if node.own and node.is_article
    ]
    fields += [node.fields.get("name") for node in source.nodes if "WebSite" in node.types]
    return next((name for value in fields if (name := jsonld.text(value))), "")


def _paywalled(source: mentions.Source, metas: Mapping[str, str]) -> bool:
    """schema.org `isAccessibleForFree: false` (also of a part), or a tier that is paid for."""
    tiers = (metas.get("article:content_tier", ""), metas.get("og:article:content_tier", ""))
    if any(tier.lower() in _PAYING_TIERS for tier in tiers):
        return True
    return any(
        str(node.fields.get("isAccessibleForFree", "")).lower() in ("false", "no") for node in source.nodes
    )


def _licences(tree: LexborHTMLParser, links: list[dict[str, str | None]], url: str) -> list[str]:
    declared = [a.get("href") or "" for a in links if "license" in (a.get("rel") or "").lower().split()]
    anchors = [a.attributes.get("href") or "" for a in tree.css("a[rel~=license]")[:5]]
    known = [a.attributes.get("href") or "" for a in tree.css("a[href*='creativecommons.org/']")[:5]]
    said = declared + anchors + [address for address in known if is_licence_address(address)]
    return [absolute(url, address) for address in said if address]
