"""Where a page names its author: candidates with what the ranking needs to know of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from math import log1p

from selectolax.lexbor import LexborNode

from crawler import authors, jsonld
from crawler.article import Place
from crawler.mentions import MAX_MENTIONS, Candidate, Mention, Source, given, ld_kind, of_metas, sound
from crawler.menus import is_of_a_menu
from crawler.sight import FOOT, LINK, Text

METAS = {
    "author": "meta-author", "article:author": "article-author", "og:article:author": "article-author",
    "article:author_name": "article-author", "og:author": "article-author", "parsely-author": "parsely",
    "sailthru.author": "parsely", "dc.creator": "dc", "dcterms.creator": "dc", "dc.creator.personalname": "dc",
    "citation_author": "citation", "citation_authors": "citation", "byl": "byl", "byline": "byl", "dc.author": "dc",
    "cxenseparse:author": "parsely", "shareaholic:article_author_name": "parsely", "article.author": "article-author",
    "authors": "meta-author", "creator": "dc", "twitter:creator": "twitter-creator", "rbauthors": "parsely",
    "book:author": "article-author", "dable:author": "parsely", "blogger:author": "meta-author",
}  # fmt: skip
SPOTS = (
    "[rel~=author],[itemprop~=author],[class*=author i],[class*=byline i],[class*=by-line i],[id*=author i],"
    "[id*=byline i],address,[class*=writer i],[class*=contributor i],[class~=fn],[href*='/author'],"
    "[class*=posted-by i],[class*=postedby i]"
)
_NOT_SPOTS = frozenset(
    ["body", "html", "script", "style", "link", "img", "form", "input", "main", "article", "svg", "path", "section"]
)
_LEAD_ONLY = re.compile(
    r"(?i)^\W*(?:(?:(?:written|posted|published|words|story|text|article|contributed|content|reviewed|guest post"
    r"|compiled|created|reported|written and \w+)\s+)?by|(?:about\s+the\s+)?(?:author|authors|contributors?|writer)"
    r"(?:\(s\)|/s)?|post author|von|par|por|di|door|autor|autore|auteur|escrito por|publicado por)\s*[:\-–|]?\W*$"
)
_LEAD_START = re.compile(
    r"(?i)^\W*(?:(?:written|posted|published|story|words|text|article|contributed|reported|compiled|authored|created"
    r"|submitted|post|guest post|content)\s+by\b|by\s*:?\s+(?=[^\W\d_])|(?:authors?|contributors?|writer)\s*:"
    r"|written\s*:|von\s+(?=[A-Z])|par\s+(?=[A-Z])|por\s+(?=[A-Z])|escrito por|geschrieben von|écrit par)"
)
_JOIN = re.compile(r"(?i)and|&|,|und|et|y|e|,\s*and|/")
_REVIEW = re.compile(r"(?i)review|fact|edit")
_COPYRIGHT = re.compile(r"(?i)(?:©|\(c\)|copyright)[\s,\d–-]*((?:[^\W\d_][\w.'’-]*\s+){1,3}[^\W\d_][\w'’-]+)")
_COLLECTIVE = re.compile(
    r"(?i)\b(?:team|staff|editors?|editorial|desk|newsroom|news|admin\w*|blog|inc|llc|ltd|gmbh|magazine|media|group"
    r"|company|university|institute|association|foundation|center|centre|clinic|hospital|department|agency|times|press"
    r"|studio|studios|marketing|contributors?|community|support|solutions|services|official|guest|writer|reporter)\b"
)
_PARTS_OF_PAGES = re.compile(
    r"(?i)\b(?:menu|toggle|policy|privacy|share|articles?|search|log ?in|sign|subscribe|download|about|contact|home"
    r"|read|more|guides?|best|how|what|why|table|contents|skip|click|learn|products?|services?|us|now|free|get|back|next|view"
    r"|all|terms|cookies?|print|save|follow|store|shop|cart|account|posts?|rights|page|topics?|categor\w+|resources?)\b"
)
_WORD = re.compile(r"\w+")
_NOBODY = re.compile(
    r"(?i)\b(?:admin\w*|webmaster|web ?team|user\w*|author|editor|guest|anonymous|noc|support|info)\b|@|\d{3}"
)
_MARKED = frozenset({"by", "by-next", "rel", "class-author-name", "class-author", "class-byline", "itemprop"})
OUTRIGHT = frozenset({"citation", "ld-answer"})
MAX_ANSWERS = 20
NEAR = 500  # characters around the heading in which a bare name may be a byline


def mentions(source: Source) -> Iterator[Mention]:
    """Names of rules, feed, JSON-LD, meta tags, marked elements, lines that begin with "By", and bare names."""
    yield from given(source, "author", source.item.author if source.item else "")
    yield from _of_json_ld(source)
    for mention in of_metas(source, METAS, joined=frozenset({"citation"})):
        yield replace(mention, value=_given_first(mention.value)) if mention.kind == "citation" else mention
    yield from _of_answers(source)
    yield from _twitter_label(source)
    yield from _spots(source)
    yield from _bylines(source)
    if source.site_name:
        yield Mention(Place.META, "site", source.site_name)


def candidates(source: Source, anchor: int, title: str = "") -> list[Candidate]:
    """All that may be the author: each list of names once. `anchor` is where the headline stands,
    `title` what it says."""
    by_names: dict[tuple[str, ...], Candidate] = {}
    stated = list(mentions(source))
    found = [*stated, *_bare_names(source, anchor, stated)]
    for mention in found + _joined(found):
        people = authors.names(sound(mention.value))
        if not people:
            continue
        value = "; ".join(people)
        candidate = by_names.setdefault(tuple(_WORD.findall(value.lower())), Candidate(value))
        candidate.mentions.append(mention)
        candidate.count(mention.kind)
        if mention.note:
            candidate.count("note-" + mention.note)
        if "," in value:
            plain = "; ".join(map(authors.without_credentials, people))
            other = by_names.setdefault(tuple(_WORD.findall(plain.lower())), Candidate(plain))
            other.mentions.append(mention)
            other.count("stripped")
    out = [candidate for key, candidate in by_names.items() if key]
    _describe(source, out, found, anchor, title)
    return out


def outright(found: list[Candidate]) -> Candidate | None:
    """Authors that a page states by a rule of its trade, where the ranking doubts: it has seen few such pages.

    Journals name them in `citation_author` tags; a page of one question is by those who answer it.
    """
    return next((one for one in found if any(mention.kind in OUTRIGHT for mention in one.mentions)), None)


def last_names(candidate: Candidate) -> frozenset[str]:
    """By these two candidates are one."""
    return authors.last_words(tuple(candidate.value.split("; ")))


def _of_json_ld(source: Source) -> Iterator[Mention]:
    index = jsonld.by_id(source.nodes)
    for node in source.nodes:
        said = node.fields.get("author") or node.fields.get("creator")
        people = jsonld.names(said, index) if said else ()
        if people:
            yield Mention(Place.JSON_LD, ld_kind(node), "; ".join(people)[:600])
        elif "Person" in node.types and jsonld.text(node.fields.get("name")):
            yield Mention(Place.JSON_LD, "ld-person", jsonld.text(node.fields.get("name"))[:100])
        if node.is_article and node.own and jsonld.text(node.fields.get("publisher")):
            yield Mention(Place.JSON_LD, "ld-publisher", jsonld.text(node.fields.get("publisher"))[:100])


def _of_answers(source: Source) -> Iterator[Mention]:
    """Who answered the one question of a page, by schema.org's QAPage."""
    questions = [node for node in source.nodes if "Question" in node.types]
    if len(questions) != 1:
        return
    index = jsonld.by_id(source.nodes)
    people: list[str] = []
    for key in ("acceptedAnswer", "suggestedAnswer"):
        value = questions[0].fields.get(key)
        for answer in value[:MAX_ANSWERS] if isinstance(value, list) else [value]:
            people += jsonld.names(answer.get("author"), index) if isinstance(answer, dict) else ()
    if people:
        yield Mention(Place.JSON_LD, "ld-answer", "; ".join(dict.fromkeys(people))[:600])


def _given_first(value: str) -> str:
    """Names as journals index them ("Roe, Jane; Poe, Ada") the way they are spoken."""
    flipped = []
    for name in value.split("; "):
        family, _, given_name = name.partition(", ")
        flipped.append(f"{given_name} {family}" if given_name and "," not in given_name else name)
    return "; ".join(flipped)


def _twitter_label(source: Source) -> Iterator[Mention]:
    """Yoast's pairs: `twitter:label1` = "Written by", `twitter:data1` = the name."""
    metas = dict(source.metas)
    for number in "123":
        label = metas.get(f"twitter:label{number}", "").lower()
        value = metas.get(f"twitter:data{number}", "")
        if value and re.search(r"writ|author|by|geschrieben|verfasst|escrito|écrit|por\b|scritto", label):
            yield Mention(Place.META, "twitter-label", value[:200])


def _spots(source: Source) -> Iterator[Mention]:
    """Elements whose rel, class, id, itemprop or address says "author"."""
    for spot in source.tree.css(SPOTS)[:MAX_MENTIONS]:
        attributes, tag = spot.attributes, spot.tag or ""
        if tag in _NOT_SPOTS:
            continue
        microdata = "author" in (attributes.get("itemprop") or "").lower()
        value = attributes.get("content") if tag == "meta" else _spot_text(spot, microdata)
        value = sound(value or "")
        if not value or len(value) > 240:
            continue
        place = Place.MICRODATA if microdata else Place.BYLINE
        note = "review" if _REVIEW.search(value[:40]) else ""
        at, zone = source.sight.at(spot), source.sight.zone(spot)
        yield Mention(place, _spot_kind(tag, attributes, microdata), value, at, zone, note)


def _spot_text(spot: LexborNode, microdata: bool) -> str:
    if microdata:
        inner = spot.css_first("[itemprop~=name]")
        if inner is not None:
            return inner.attributes.get("content") or inner.text(deep=True, separator=" ")
    return spot.text(deep=True, separator=" ") if spot.first_child is not None else ""


def _spot_kind(tag: str, attributes: dict[str, str | None], microdata: bool) -> str:
    if microdata:
        return "itemprop"
    if "author" in (attributes.get("rel") or "").lower().split():
        return "rel"
    if tag == "address":
        return "address"
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower()
    if "author" in names:
        return "class-author-name" if "name" in names or "link" in names else "class-author"
    if "byline" in names or "by-line" in names or "posted" in names:
        return "class-byline"
    return "href" if "/author" in (attributes.get("href") or "") else "class-other"


def _bylines(source: Source) -> Iterator[Mention]:
    """Lines that begin with "By" or consist of it, with the texts that follow in the same line."""
    texts, found = source.sight.texts, 0
    for position, text in enumerate(texts):
        words = text.words
        if not 1 < len(words) <= 120:
            continue
        alone = len(words) < 28 and bool(_LEAD_ONLY.match(words))
        if not alone and not _LEAD_START.match(words):
            continue
        value = _following(texts, position) if alone else words
        note = "review" if _REVIEW.search(words[:20]) else ""
        if value:
            found += 1
            yield Mention(
                Place.BYLINE, "by-next" if alone else "by", value, text.at, source.sight.zone(text.node), note
            )
        if found >= 20:
            return


def _following(texts: list[Text], position: int) -> str:
    """The names after a lone "By": the next text, and more that "and" or a comma joins to it."""
    parts: list[str] = []
    for text in texts[position + 1 : position + 10]:
        words = text.words
        if parts and not _JOIN.fullmatch(words) and not _JOIN.fullmatch(parts[-1]):
            break
        parts.append(words)
    value = " ".join(parts)
    return value if len(value) <= 160 else ""


def _bare_names(source: Source, anchor: int, stated: list[Mention]) -> Iterator[Mention]:
    """Short texts near the heading that look like a person's name, and the owner in the copyright line.

    A menu names people too, on the site of one person: it counts where another place names them.
    """
    found = 0
    named = frozenset().union(*(authors.last_words(authors.names(sound(mention.value))) for mention in stated))
    for text in source.sight.texts:
        if -120 <= text.at - anchor <= NEAR and len(text.words) <= 60 and found < 12:
            name = text.words.split("|")[0].split("·")[0].strip()
            if (
                authors.looks_personal(name)
                and not _COLLECTIVE.search(name)
                and not _PARTS_OF_PAGES.search(name)
                and not source.sight.zone(text.node) & FOOT
                and (authors.last_words((name,)) <= named or not is_of_a_menu(text.node))
            ):
                found += 1
                yield Mention(Place.BYLINE, "bare", name, text.at, source.sight.zone(text.node))
        elif len(text.words) < 120 and ("©" in text.words or "opyright" in text.words):
            match = _COPYRIGHT.search(text.words)
            if match:
                yield Mention(Place.BYLINE, "copyright", match[1], text.at, source.sight.zone(text.node))


def _joined(found: list[Mention]) -> list[Mention]:
    """Several marked elements of one kind close together are one list of names."""
    out: list[Mention] = []
    for kind in ("rel", "class-author-name", "class-author", "href", "itemprop", "article-author"):
        run = [mention for mention in found if mention.kind == kind]
        group: list[Mention] = []
        for mention in [*run, None]:
            if mention is not None and (not group or mention.at - group[-1].at <= 80):
                group.append(mention)
                continue
            values = list(dict.fromkeys(item.value for item in group))
            if 1 < len(values) <= 12:
                first = group[0]
                out.append(Mention(first.place, kind + "-joined", "; ".join(values), first.at, first.zone))
            group = [mention] if mention is not None else []
    return out


def _describe(source: Source, out: list[Candidate], found: list[Mention], anchor: int, title_text: str) -> None:
    site = set(_WORD.findall(source.site_name.lower()))
    host = re.sub(r"\W", "", source.url.partition("://")[2].partition("/")[0].lower())
    kinds = {mention.kind for mention in found}
    keys = [last_names(candidate) for candidate in out]
    shown = " ".join(text.words for text in source.sight.texts).lower()
    pictured = " ".join(source.sight.pictured[:200]).lower()
    linked = " ".join(source.sight.links[:1500]).lower()
    title = set(_WORD.findall(title_text.lower()))
    visible = [_is_visible_person(candidate, anchor) for candidate in out]
    for candidate, key in zip(out, keys, strict=True):
        features, people = candidate.features, candidate.value.split("; ")
        same = [other for other, other_key in zip(out, keys, strict=True) if other_key == key]
        features["places"] = len(set().union(*(other.places() for other in same)))
        features["mentions"] = sum(len(other.mentions) for other in same)
        features["wordings"] = len(same)
        for other in same:
            for kind in {mention.kind for mention in other.mentions}:
                features["alike-" + kind] = 1.0
        features["inside-others"] = sum(key < other for other in keys)
        features["holds-others"] = sum(key > other for other in keys)
        words = _WORD.findall(candidate.value.lower())
        features["names"] = len(people)
        features["words"] = len(words) / len(people)
        features["letters"] = len(candidate.value)
        features["personal"] = sum(map(authors.looks_personal, people)) / len(people)
        features["collective"] = float(bool(_COLLECTIVE.search(candidate.value)))
        features["credentials"] = float("," in candidate.value)
        features["lower"] = float(candidate.value.islower())
        features["digits"] = float(any(c.isdigit() for c in candidate.value))
        features["mark"] = float(bool(re.search(r"[@/:?!_]", candidate.value)))
        features["of-site"] = len(site & set(words)) / len(words) if words else 0.0
        features["of-host"] = float("".join(words) in host or (host.find(words[-1]) >= 0 and len(words[-1]) > 3))
        features["page-ld"] = float("ld-article" in kinds)
        features["page-meta"] = float("meta-author" in kinds)
        features["page-by"] = float("by" in kinds or "by-next" in kinds)
        features["page-class"] = float("class-author" in kinds or "rel" in kinds)
        features["candidates"] = len(out)
        first = people[0].partition(",")[0].lower()
        features["shown"] = min(9, shown.count(first))
        features["pictured"] = float(first in pictured)
        features["link-names"] = float("-".join(_WORD.findall(first)) in linked)
        features["in-title"] = len(title & set(words)) / len(words) if words else 0.0
        features["parts-of-pages"] = float(bool(_PARTS_OF_PAGES.search(candidate.value)))
        features["nobody"] = float(bool(_NOBODY.search(candidate.value)))
        features["visible-person"] = float(_is_visible_person(candidate, anchor))
        features["visible-persons"] = sum(visible)
        _place(source, candidate, same, anchor)


def _is_visible_person(candidate: Candidate, anchor: int) -> bool:
    """Whether a marked byline near the headline gives a personal name."""
    marked = any(m.kind in _MARKED and -200 <= m.at - anchor <= 1500 for m in candidate.mentions)
    return marked and authors.looks_personal(candidate.value.partition(";")[0])


def _place(source: Source, candidate: Candidate, same: list[Candidate], anchor: int) -> None:
    seen = [mention for other in same for mention in other.mentions if mention.at >= 0 and mention.kind != "copyright"]
    features = candidate.features
    features["seen"] = len(seen)
    if not seen:
        return
    nearest = min(seen, key=lambda mention: abs(mention.at - anchor))
    features["distance"] = log1p(abs(nearest.at - anchor))
    features["before"] = float(nearest.at < anchor)
    features["at"] = nearest.at / (source.sight.length or 1)
    features["first-at"] = min(mention.at for mention in seen) / (source.sight.length or 1)
    candidate.mark_zone(nearest.zone)
    features["linked"] = float(any(mention.zone & LINK for mention in seen))
