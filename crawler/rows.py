"""Article value -> the fields of its row, and evidence and permissions back from a row."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, time
from typing import Any

from crawler.article import Article, Evidence, Precision, Reuse


def digest_of(title: str, text: str) -> str:
    """What a label was made from: sha256 of title and text."""
    return hashlib.sha256(f"{title}\n\n{text}".encode("utf-8", "surrogatepass")).hexdigest()


def instant_of(published: datetime, precision: Precision | None) -> datetime:
    """A date as an instant in UTC; a day alone is its noon, so that no zone moves it to another day.

    OverflowError in the last hours of the year 9999, which have none.
    """
    if precision is not Precision.TIME:
        return datetime.combine(published.date(), time(12), UTC)
    return _utc(published)


def fields_of(article: Article) -> dict[str, Any]:
    """Keyword arguments for `models.Article`, without its link, version and story."""
    title, text = storable(article.title[:1000]), storable(article.text)
    return {
        "url": storable(article.url[:2000]),
        "title": title,
        "text": text,
        "html": storable(article.html),
        "author": storable(article.author[:500]),
        "published_at": instant_of(article.published, article.precision) if article.published else None,
        "published_day": article.published.date() if article.published else None,
        "published_precision": article.precision.value if article.precision else "",
        "published_from": article.published_from.value if article.published_from else "",
        "modified_at": _utc(article.modified) if article.modified else None,
        "description": storable(article.description),
        "language": article.language[:12],
        "image_url": storable(article.image_url[:2000]),
        "site_name": storable(article.site_name[:200]),
        "paywalled": article.paywalled,
        "reuse": reuse_json(article.reuse),
        "evidence": evidence_json(article.evidence),
        "text_from": article.text_from.value,
        "word_count": article.word_count,
        "digest": digest_of(title, text),
    }


def storable(text: str) -> str:
    """Without NULs and lone surrogates: no database stores them."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode() if text else ""


def evidence_json(evidence: Evidence) -> dict[str, Any]:
    """Each fact's places and what they said, and which facts are sure."""
    facts = {name: getattr(evidence, name) for name in ("title", "author", "date")}
    said = {name: [[one.place.value, storable(one.value)] for one in places] for name, places in facts.items()}
    return {**said, "sure": sorted(evidence.sure)}


def reuse_json(reuse: Reuse) -> dict[str, Any]:
    return {
        "nosnippet": reuse.nosnippet,
        "max_snippet": reuse.max_snippet,
        "noarchive": reuse.noarchive,
        "licence": reuse.licence,
    }


def reuse_of(data: dict[str, Any]) -> Reuse:
    """The Reuse value of a row; what is missing there is allowed."""
    return Reuse(
        nosnippet=bool(data.get("nosnippet")),
        max_snippet=data.get("max_snippet"),
        noarchive=bool(data.get("noarchive")),
        licence=data.get("licence") or "",
    )


def _utc(date: datetime) -> datetime:
    return date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC)
