"""JSON-LD of a page: graphs, arrays and nested nodes laid flat, broken scripts repaired modestly, bombs bounded.

Vocabulary: schema.org. Nothing here raises; what can't be read is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

MAX_SCRIPT = 1_000_000  # characters of one script
MAX_NODES = 4_000  # of all scripts of a page
ARTICLES = frozenset(
    """Article NewsArticle BlogPosting TechArticle ScholarlyArticle MedicalScholarlyArticle Report
    LiveBlogPosting ReviewNewsArticle AnalysisNewsArticle OpinionNewsArticle ReportageNewsArticle
    BackgroundNewsArticle AskPublicNewsArticle SatiricalArticle AdvertiserContentArticle SocialMediaPosting
    DiscussionForumPosting Question Recipe HowTo Review Blog CreativeWork""".split()  # noqa: SIM905
)
PAGES = frozenset(
    [
        "WebPage",
        "MedicalWebPage",
        "QAPage",
        "FAQPage",
        "ItemPage",
        "AboutPage",
        "ProfilePage",
        "CollectionPage",
    ]
)
# What hangs below these keys is about something else than the page.
ELSEWHERE = frozenset(
    """itemListElement comment review reviews isRelatedTo mentions citation about breadcrumb suggestedAnswer
    acceptedAnswer potentialAction publisher author creator editor image logo video associatedMedia sponsor
    hasPart isPartOf relatedLink subjectOf offers contributor""".split()  # noqa: SIM905
)

_COMMENT = re.compile(r"<!--|-->|<!\[CDATA\[|\]\]>|/\*|\*/")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])|\\u(?![0-9A-Fa-f]{4})')
_PAIR = re.compile(r'"(headline|datePublished|dateModified|dateCreated|description)"\s*:\s*"((?:[^"\\\n]|\\.){1,400})"')
_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"(\w{2,40})"')
_AUTHOR = re.compile(
    r'"author"\s*:\s*[\[\s]*(?:\{[^{}\[\]]{0,400}?"name"\s*:\s*)?"((?:[^"\\\n]|\\.){2,100})"',
)


@dataclass(frozen=True, slots=True)
class Node:
    """One object: its types without prefix, its fields, and whether it speaks of the page itself."""

    types: frozenset[str]
    fields: dict[str, Any]
    own: bool

    @property
    def is_article(self) -> bool:
        return not ARTICLES.isdisjoint(self.types)

    @property
    def is_page(self) -> bool:
        return not PAGES.isdisjoint(self.types)


def nodes(scripts: Iterable[str]) -> tuple[Node, ...]:
    """All objects of the scripts, outer ones first."""
    found: list[Node] = []
    for script in scripts:
        if script and len(script) <= MAX_SCRIPT:
            found.extend(_flat(_load(script), MAX_NODES - len(found)))
    return tuple(found)


def by_id(all_nodes: Iterable[Node]) -> dict[str, Node]:
    """Objects by their `@id`; of several with one id, the one that says most."""
    index: dict[str, Node] = {}
    for node in all_nodes:
        key = node.fields.get("@id")
        if isinstance(key, str) and (key not in index or len(node.fields) > len(index[key].fields)):
            index[key] = node
    return index


def text(value: Any) -> str:
    """A field as text: the first of a list, the `@value` or `name` of an object, "" for all else."""
    for _ in range(4):
        if isinstance(value, list):
            value = value[0] if value else ""
        elif isinstance(value, dict):
            value = value.get("@value") or value.get("name") or ""
        else:
            break
    return unescape(value).strip() if isinstance(value, str) else ""


def names(value: Any, index: dict[str, Node]) -> tuple[str, ...]:
    """The names of an `author` field: strings, objects, lists of them, and references by `@id`."""
    found: list[str] = []
    pending = [value]
    for _ in range(60):
        if not pending:
            break
        item = pending.pop(0)
        if isinstance(item, list):
            pending[:0] = item[:40]
        elif isinstance(item, dict):
            pending[:0] = [_name(item, index)]
        elif isinstance(item, str) and item.strip():
            found.append(unescape(item).strip())
    return tuple(dict.fromkeys(found))


def url(value: Any) -> str:
    """The address in a field: a string, or the `url`, `contentUrl` or `@id` of an object, or the first of a list."""
    for _ in range(4):
        if isinstance(value, list):
            value = value[0] if value else ""
        elif isinstance(value, dict):
            value = value.get("url") or value.get("contentUrl") or value.get("@id") or ""
        else:
            break
    return value.strip() if isinstance(value, str) else ""


def _name(item: dict[str, Any], index: dict[str, Node]) -> Any:
    name = item.get("name")
    if name:
        return name
    given, family = text(item.get("givenName")), text(item.get("familyName"))
    if given or family:
        return f"{given} {family}".strip()
    key = item.get("@id")
    known = index.get(key) if isinstance(key, str) else None
    return known.fields.get("name") if known is not None else None


def _load(script: str) -> Any:
    for mend in (str, _repaired, lambda text: unescape(_repaired(text))):
        try:
            return json.loads(mend(script), strict=False)
        except RecursionError:
            return None
        except ValueError:
            continue
    return _several(_repaired(script)) or _salvaged(script)


def _repaired(script: str) -> str:
    body = _COMMENT.sub("", script).strip().rstrip(";").lstrip("\ufeff")
    return _TRAILING_COMMA.sub(r"\1", _BAD_ESCAPE.sub(r"\\\\", body))


def _several(body: str) -> list[Any]:
    """Objects written one after another without a list around them."""
    found: list[Any] = []
    decoder, position = json.JSONDecoder(strict=False), 0
    while position < len(body) and len(found) < 50:
        try:
            value, position = decoder.raw_decode(body, position)
        except (ValueError, RecursionError):
            break
        found.append(value)
        while position < len(body) and body[position] in " \t\r\n,;":
            position += 1
    return found


def _salvaged(script: str) -> dict[str, Any]:
    """From a script beyond repair: the first headline, dates, description and author it spells out."""
    fields: dict[str, Any] = {}
    for match in _PAIR.finditer(script):
        fields.setdefault(match[1], match[2])
    author = _AUTHOR.search(script)
    if author:
        fields["author"] = author[1]
    kind = _TYPE.search(script)
    return {"@type": kind[1] if kind else "", **fields} if fields else {}


def _flat(root: Any, room: int) -> Iterator[Node]:
    pending: list[tuple[Any, bool]] = [(root, True)]
    seen = 0
    while pending and seen < room:
        value, own = pending.pop()
        seen += 1
        if isinstance(value, list):
            pending.extend((item, own) for item in reversed(value[:200]))
        elif isinstance(value, dict):
            if "@type" in value or "@id" in value or "headline" in value:
                yield Node(_types(value.get("@type")), value, own)
            pending.extend(
                (inner, own and key not in ELSEWHERE)
                for key, inner in reversed(list(value.items())[:100])
                if isinstance(inner, (dict, list))
            )


def _types(value: Any) -> frozenset[str]:
    items = value if isinstance(value, list) else [value]
    return frozenset(re.split(r"[/#:]", item)[-1] for item in items[:10] if isinstance(item, str))
