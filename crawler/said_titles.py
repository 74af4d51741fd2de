"""Where a page names its title: candidates with what the ranking needs to know of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from crawler import jsonld, titles
from crawler.article import Place
from crawler.mentions import Candidate, Mention, Source, given, of_metas, sound
from crawler.urls import host_of

METAS = {
    "og:title": "og", "twitter:title": "twitter", "citation_title": "citation", "dc.title": "dc", "dcterms.title": "dc",
    "parsely-title": "parsely", "sailthru.title": "parsely", "title": "meta", "headline": "meta", "hdl": "meta",
    "cxenseparse:title": "parsely", "article:title": "meta",
}  # fmt: skip
HEADINGS_KEPT = {"h1": 6, "h2": 3, "h3": 1}
MAX_TITLE = 400
LEAST_SHOWN = 3  # words of a heading that may stand for a longer title
# The places with which each candidate is compared.
_LEADS = frozenset({"h1", "h2", "og", "title", "ld-article-headline", "twitter"})
# Titles that templates leave where the editor gave none.
_NOTHING = frozenset(
    ["home", "homepage", "untitled", "index", "article", "news", "blog", "welcome", "page", "document"]
)
_SLUG_WORD = re.compile(r"[^\W_]{3,}")


def mentions(source: Source) -> Iterator[Mention]:
    """Headlines of rules, feed, JSON-LD, meta tags, microdata, headings and the title element."""
    yield from given(source, "title", source.item.title if source.item else "")
    for node in source.nodes:
        if node.own and (node.is_article or node.is_page):
            kind = "ld-article" if node.is_article else "ld-page"
            for key in ("headline", "name"):
                value = jsonld.text(node.fields.get(key))
                if value:
                    yield Mention(Place.JSON_LD, f"{kind}-{key}", value[:MAX_TITLE])
    yield from of_metas(source, METAS)
    for spot in source.tree.css("[itemprop~=headline]")[:3]:
        value = spot.attributes.get("content") or spot.text(deep=True)
        yield Mention(Place.MICRODATA, "itemprop", value[:MAX_TITLE], source.sight.at(spot))
    yield from _headings(source)
    if source.title_element:
        yield Mention(Place.TITLE_ELEMENT, "title", source.title_element[:MAX_TITLE])


def candidates(source: Source) -> list[Candidate]:
    """All that may be the title: each wording once, without the name of the site, whole or cut at a separator."""
    by_words: dict[tuple[str, ...], Candidate] = {}
    host = host_of(source.url)
    found = list(mentions(source))
    for mention in found:
        full = sound(mention.value)
        whole = full if mention.place is Place.RULE else titles.without_site(full, source.site_names, host)
        _add(by_words, whole, mention, mention.kind)
        if len(whole) < len(full):
            by_words[titles.words(whole)].count("without-site")
        for number, part in enumerate(titles.shortenings(whole)):
            family = "cut-title" if mention.kind == "title" else "cut-heading" if mention.at >= 0 else "cut"
            _add(by_words, part, mention, f"{family}-{number}")
    telling = {key: candidate for key, candidate in by_words.items() if not _says_nothing(key)} or by_words
    _describe(source, telling, found)
    return list(telling.values())


def as_shown(chosen: Candidate, found: list[Candidate]) -> Candidate:
    """The heading that shows a chosen title without what stands beyond a separator there, else the title itself.

    >>> whole = Candidate("A longer face - EXT", [Mention(Place.TITLE_ELEMENT, "title", "A longer face - EXT")])
    >>> shown = Candidate("A longer face", [Mention(Place.HEADING, "h2", "A longer face", 20)])
    >>> as_shown(whole, [whole, shown]).value
    'A longer face'
    """
    if Place.HEADING in chosen.places():
        return chosen
    parts = {titles.words(part) for part in titles.shortenings(chosen.value)}
    shown = (one for one in found if Place.HEADING in one.places() and titles.words(one.value) in parts)
    return next((one for one in shown if len(titles.words(one.value)) >= LEAST_SHOWN), chosen)


def _says_nothing(words: tuple[str, ...]) -> bool:
    return len(words) == 1 and (words[0] in _NOTHING or len(words[0]) < 2)


def _headings(source: Source) -> Iterator[Mention]:
    room = dict(HEADINGS_KEPT)
    for heading, at in source.sight.headings:
        tag = heading.tag or ""
        room[tag] -= 1
        if room[tag] >= 0:
            value = heading.text(deep=True, separator=" ")
            note = str(HEADINGS_KEPT[tag] - room[tag])
            yield Mention(Place.HEADING, tag, value[:MAX_TITLE], at, source.sight.zone(heading), note)
        if not any(left > 0 for left in room.values()):
            return


def _add(by_words: dict[tuple[str, ...], Candidate], value: str, mention: Mention, kind: str) -> None:
    key = titles.words(value)
    if not key:
        return
    candidate = by_words.setdefault(key, Candidate(value))
    candidate.count(kind)
    if kind == mention.kind:
        if not candidate.mentions:
            candidate.value = value
        candidate.mentions.append(mention)


def _describe(source: Source, by_words: dict[tuple[str, ...], Candidate], found: list[Mention]) -> None:
    element = next((titles.words(m.value) for m in found if m.kind == "title"), ())
    graph = next((titles.words(m.value) for m in found if m.kind == "og"), ())
    slug = frozenset(_SLUG_WORD.findall(unquote(source.url[:500]).rpartition("://")[2].partition("/")[2].lower()))
    site = titles.words(source.site_name)
    texts = {key: f" {' '.join(key)} " for key in by_words}
    element_text, graph_text = f" {' '.join(element)} ", f" {' '.join(graph)} "
    first_level = sum(1 for m in found if m.kind == "h1")
    leads: dict[str, tuple[str, ...]] = {}
    for mention in found:
        if mention.kind in _LEADS and titles.words(mention.value):
            leads.setdefault(
                mention.kind, titles.words(titles.without_site(sound(mention.value), source.site_names, ""))
            )
    longest = max(map(len, by_words), default=1)
    for key, candidate in by_words.items():
        mine, features = texts[key], candidate.features
        features["words"] = len(key)
        features["share-of-longest"] = len(key) / longest
        features["places"] = len(candidate.places())
        features["in-title-element"] = len(key) / len(element) if element and mine in element_text else 0.0
        features["in-og"] = len(key) / len(graph) if graph and mine in graph_text else 0.0
        features["inside-others"] = sum(mine in other for other in texts.values()) - 1
        features["holds-others"] = sum(other in mine for other in texts.values()) - 1
        features["is-site"] = float(bool(site) and (key == site))
        features["holds-site"] = float(bool(site) and f" {' '.join(site)} " in mine)
        features["h1s"] = first_level
        long_words = frozenset(word for word in key if len(word) >= 3)
        features["slug"] = len(long_words & slug) / len(long_words) if long_words else 0.0
        features["of-slug"] = len(long_words & slug) / len(slug) if slug else 0.0
        for kind, said in leads.items():
            other = set(said)
            features["like-" + kind] = len(other & set(key)) / len(other | set(key))
            features["page-" + kind] = 1.0
        _place(source, candidate)


def _place(source: Source, candidate: Candidate) -> None:
    seen = [mention for mention in candidate.mentions if mention.place is Place.HEADING]
    if seen:
        candidate.mark_zone(seen[0].zone)
        candidate.features["at"] = seen[0].at / (source.sight.length or 1)
        candidate.features["order"] = float(seen[0].note or 0)
