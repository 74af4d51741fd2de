"""Which link an article belongs to: the one of its canonical address, where that may be believed."""

from __future__ import annotations

from datetime import datetime

from crawler import models
from crawler.article import Article, TextFrom
from crawler.fingerprint import fingerprint
from crawler.frontier import askable
from crawler.grouping import shares_text
from crawler.noticing import share_sightings
from crawler.sites import site_of
from crawler.urls import link_key, normalise, same_site

# What a link's reason says beside its article.
SECTION = "canonical not believed: it names a section"
OTHER_TEXT = "canonical not believed: another text stands there"


def address_of(article: Article) -> tuple[str, str]:
    """The address an article goes by; where that is not the one its page names on this site, why."""
    own, canonical = normalise(article.url), normalise(article.canonical_url or article.url)
    if canonical != own and _holds_another(canonical, own, article.text):
        return own, OTHER_TEXT
    return canonical, SECTION if same_site(article.canonical_doubted, own) else ""


def target_of(link: models.Link, article: Article, now: datetime) -> tuple[models.Link, str]:
    """The link that the article of this link's page is filed under, and why it is not the canonical one, if so."""
    address, why = address_of(article)
    link.folded_into = None
    if link_key(address) == link.key or not askable(address):
        return link, why
    target, _ = models.Link.objects.get_or_create(
        key=link_key(address), defaults={"url": address, "site": site_of(address), "found_at": now}
    )
    if target.folded_into_id == link.key:
        return link, why
    link.folded_into = target
    share_sightings(link, target)
    target.state, target.fetched_at = models.Link.State.FETCHED, now
    target.save(update_fields=["state", "fetched_at"])
    return target, why


def _holds_another(address: str, own: str, text: str) -> bool:
    """Whether the page of another address is filed there with another text. What a feed said of it is no text of a page."""
    filed = models.Article.objects.filter(link=link_key(address), current=True).exclude(text_from=TextFrom.FEED)
    row = filed.values("url", "text").first()
    return (
        row is not None
        and normalise(row["url"]) != own
        and not shares_text(fingerprint(text), fingerprint(row["text"]))
    )
