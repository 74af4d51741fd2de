"""What a page says about itself: title, author, date and the rest, each with the places that say so.

Blank where the page does not say: an invented date is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from crawler import dates, jsonld, ranking, said_authors, said_dates, said_titles, titles
from crawler.article import Clues, Evidence, Place, Precision, Reuse, Said
from crawler.authors import looks_personal
from crawler.mentions import Candidate, Source, as_said, sound
from crawler.reuse import is_licence_address, read_reuse
from crawler.sight import look
from crawler.urls import absolute, doubted_canonical, fold_canonical

MAX_HEAD = 1_000  # elements of the head that are read
MAX_SCRIPTS = 60
NEARLY_CERTAIN = 0.92  # below it two machine-read places alone err too often (measured by cross-validation)
FEED_BELOW = 0.5  # a page's answer less likely than this gives way to the feed's
_NO_RULES: Mapping[str, str] = {}
_PAYING_TIERS = frozenset({"metered", "locked", "paid", "premium", "subscriber", "subscription"})
_SEEN = frozenset({Place.BYLINE, Place.HEADING, Place.TIME_ELEMENT, Place.TEXT, Place.MICRODATA})
_TOLD = frozenset({Place.JSON_LD, Place.META, Place.TITLE_ELEMENT})
_SOURCES = frozenset({Place.FEED, Place.LISTING})
_APART = frozenset({Place.URL, *_SOURCES})
_FAMILY = {Place.MICRODATA: Place.HEADING}
_SITE_METAS = (
    "og:site_name",
    "application-name",
    "apple-mobile-web-app-title",
    "dc.publisher",
    "twitter:app:name:iphone",
)
_SITE_TYPES = frozenset({"WebSite", "Organization", "NewsMediaOrganization", "Blog", "Corporation", "LocalBusiness"})
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")


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
    canonical_doubted: str = ""


@dataclass(frozen=True, slots=True)
class _Answer:
    """The candidate chosen for a fact (None: blank), all that was said of the fact, and whether it is sure."""

    chosen: Candidate | None
    said: tuple[Said, ...]
    sure: bool


def read_metadata(
    tree: LexborHTMLParser,
    html: str,
    url: str,
    clues: Clues,
    said_by_rules: Mapping[str, str] = _NO_RULES,
    rankers: Mapping[str, ranking.Ranker] | None = None,
) -> Metadata:
    """Reads the tree and leaves it as it is; never raises.

    `said_by_rules` holds what an editor's selectors found under `title`, `author` and `date`: it goes before all.
    `rankers` are those that ship, unless others are on trial.
    """
    rankers = rankers or ranking.load()
    source = read_source(tree, url, clues, said_by_rules)
    metas = dict(reversed(source.metas))
    found = said_titles.candidates(source)
    title = _as_shown(_answer("title", rankers["title"], found), found)
    anchor = anchor_of(source, title.chosen)
    author = _answer(
        "author", rankers["author"], said_authors.candidates(source, anchor, title.chosen.value if title.chosen else "")
    )
    days = said_dates.candidates(source, anchor)
    date = _answer("date", rankers["date"], [day.candidate for day in days])
    day = next((day for day in days if day.candidate is date.chosen), None)
    answers = (("title", title), ("author", author), ("date", date))
    canonical = _canonical(source.links, metas)
    return Metadata(
        canonical_url=fold_canonical(url, canonical),
        canonical_doubted=doubted_canonical(url, canonical),
        title=title.chosen.value if title.chosen else "",
        author=author.chosen.value if author.chosen else "",
        published=day.stated.when if day else None,
        precision=day.stated.precision if day else None,
        published_from=day.place if day else None,
        modified=_modified(source),
        description=_first(metas, "description", "og:description", "twitter:description"),
        language=_language(tree, metas),
        image_url=_image(source, url, metas),
        site_name=source.site_name,
        paywalled=_paywalled(source, metas),
        reuse=read_reuse(source.metas, clues.headers, _licences(source)),
        evidence=Evidence(
            title.said, author.said, date.said, frozenset(fact for fact, answer in answers if answer.sure)
        ),
    )


def read_source(tree: LexborHTMLParser, url: str, clues: Clues, rules: Mapping[str, str]) -> Source:
    """The page read once, for all that look for facts in it."""
    metas: list[tuple[str, str]] = []
    links: list[dict[str, str | None]] = []
    scripts: list[str] = []
    title = ""
    for node in tree.css("meta[content],link[rel][href],title,script[type*='ld+json' i]")[:MAX_HEAD]:
        if node.tag == "meta":
            metas.extend(_meta(node.attributes))
        elif node.tag == "link":
            links.append(node.attributes)
        elif node.tag == "script":
            scripts.append(node.text())
        else:
            title = title or node.text()
    nodes = jsonld.nodes(scripts[:MAX_SCRIPTS])
    sites = _site_names(nodes, dict(reversed(metas)))
    return Source(
        tree, title, look(tree), tuple(metas), tuple(links), nodes, url, clues.item, rules, clues.fetched, sites
    )


def _meta(attributes: dict[str, str | None]) -> Iterator[tuple[str, str]]:
    name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or ""
    content = sound((attributes.get("content") or "")[:4000])
    if name and content:
        yield name.strip().lower(), content


def _answer(fact: str, ranker: ranking.Ranker, found: Sequence[Candidate]) -> _Answer:
    """What the ranking chooses. An editor's rule goes before it; the feed comes in where the page leaves doubt."""
    said = as_said([mention for candidate in found for mention in candidate.mentions])
    ruled = _first_from({Place.RULE}, found)
    if ruled is not None:
        return _Answer(ruled, said, True)
    best, probability = ranker.best(found)
    told = _first_from(_SOURCES, found)
    if told is not None and probability < max(ranker.given, FEED_BELOW):
        return _Answer(told, said, is_sure(fact, told, found, probability=0.0))
    if best is None or probability < ranker.given:
        stated = said_authors.outright(list(found)) if fact == "author" else None
        return _Answer(stated, said, stated is not None and is_sure(fact, stated, found, probability=0.0))
    trusted = probability >= ranker.sure or best is told
    return _Answer(best, said, trusted and is_sure(fact, best, found, probability))


def _as_shown(answer: _Answer, found: list[Candidate]) -> _Answer:
    """The title as a heading shows it: then two places agree on it."""
    if answer.chosen is None or Place.RULE in answer.chosen.places():
        return answer
    shown = said_titles.as_shown(answer.chosen, found)
    return answer if shown is answer.chosen else _Answer(shown, answer.said, True)


def _first_from(places: AbstractSet[Place], found: Sequence[Candidate]) -> Candidate | None:
    return next((candidate for candidate in found if not places.isdisjoint(candidate.places())), None)


def is_sure(fact: str, best: Candidate, found: Sequence[Candidate], probability: float) -> bool:
    """Whether two independent places say the same.

    What a page tells machines (JSON-LD, meta tags) mostly comes from one form of its editor and counts as one place
    unless the ranking is nearly certain; what a reader sees, the address and the feed are places apart. Of authors
    only persons are sure, and a day of updating confirms no day of publication.
    """
    places = best.places()
    if fact == "title":
        return len({_FAMILY.get(place, place) for place in places}) > 1
    if fact == "author":
        key = said_authors.last_names(best)
        places = set().union(*(other.places() for other in found if said_authors.last_names(other) == key))
        if not all(map(looks_personal, best.value.split("; "))):
            return False
    if fact == "date":
        places = {mention.place for mention in best.mentions if said_dates.confirms(mention)}
    told = len(places & _TOLD)
    if told and probability < NEARLY_CERTAIN:
        told = 1
    return bool(places & _SEEN) + told + len(places & _APART) > 1


def anchor_of(source: Source, title: Candidate | None) -> int:
    """Where the headline stands: authors and dates are sought around it."""
    if title is not None:
        seen = [mention.at for mention in title.mentions if mention.place is Place.HEADING]
        if seen:
            return seen[0]
        wanted = f" {' '.join(titles.words(title.value))} "
        for node, at in source.sight.headings:
            said = titles.words(node.text(deep=True, separator=" ")[:400])
            if len(said) > 2 and f" {' '.join(said)} " in wanted:
                return at
    headings = [at for node, at in source.sight.headings if node.tag == "h1"]
    return headings[0] if headings else 0


def _modified(source: Source) -> datetime | None:
    fields = [
        node.fields.get("dateModified") for node in source.nodes if node.own and (node.is_article or node.is_page)
    ]
    said = [jsonld.text(value) for value in fields]
    said += [value for name, value in source.metas if name in said_dates.MODIFIED_METAS]
    stated = (dates.parse(value) for value in said)
    return next((item.when for item in stated if item is not None and dates.is_possible(item, source.fetched)), None)


def _canonical(links: Sequence[Mapping[str, str | None]], metas: Mapping[str, str]) -> str:
    """The canonical address as the page names it."""
    said = next((a.get("href") or "" for a in links if "canonical" in (a.get("rel") or "").lower().split()), "")
    return said or metas.get("og:url", "")


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


def _image(source: Source, url: str, metas: Mapping[str, str]) -> str:
    said = _first(metas, "og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
    if not said:
        fields = [node.fields.get("image") for node in source.nodes if node.own and node.is_article]
        said = next((address for value in fields if (address := jsonld.url(value))), "")
    address = absolute(url, said) if said else ""
    return address if address.startswith(("http://", "https://")) else ""


def _site_names(nodes: Sequence[jsonld.Node], metas: Mapping[str, str]) -> tuple[str, ...]:
    """The names a page gives its site, the likeliest first."""
    said = [metas.get(name, "") for name in _SITE_METAS]
    fields: list[Any] = [node.fields.get("publisher") for node in nodes if node.own and node.is_article]
    fields += [node.fields.get("name") for node in nodes if not _SITE_TYPES.isdisjoint(node.types)]
    said += [sound(jsonld.text(value))[:100] for value in fields]
    return tuple(dict.fromkeys(name for name in said if name))[:6]


def _paywalled(source: Source, metas: Mapping[str, str]) -> bool:
    """schema.org `isAccessibleForFree: false` (also of a part), or a tier that is paid for."""
    tiers = (metas.get("article:content_tier", ""), metas.get("og:article:content_tier", ""))
    if any(tier.lower() in _PAYING_TIERS for tier in tiers):
        return True
    return any(str(node.fields.get("isAccessibleForFree", "")).lower() in ("false", "no") for node in source.nodes)


def _licences(source: Source) -> list[str]:
    """Addresses of licences: declared in the head, marked in the text, or known ones linked to."""
    said = [link.get("href") or "" for link in source.links if "license" in (link.get("rel") or "").lower().split()]
    said += source.sight.licences
    said += [known for known in source.sight.links if ".org/" in known and is_licence_address(known)]
    return [absolute(source.url, address) for address in said[:5] if address]
