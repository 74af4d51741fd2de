"""Page + what is known of it -> Article or NotAnArticle; a feed entry whose page cannot be had is an Article too."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace

from crawler import models
from crawler.article import (
    Article,
    Clues,
    Evidence,
    FeedItem,
    NotAnArticle,
    Place,
    Reason,
    Reuse,
    Said,
    SiteRules,
    TextFrom,
)
from crawler.extract import PageRead, read_page
from crawler.language import language_of
from crawler.page import Page
from crawler.templates import Sketch, of_data, sketch_of

log = logging.getLogger(__name__)
# A feed's teaser of fewer words tells a reader nothing that the title does not.
LEAST_WORDS = 20
# Refused for what is not there: the template may have taken it.
BARE = (Reason.NO_BODY, Reason.TOO_SHORT)


@dataclass(frozen=True)
class Judged:
    """The article of a page, or why it is none (a sentence where extraction itself failed, which is our fault).

    `sketch` is of the page's blocks, for the site's template; `unmatched` the site's rules that matched nothing.
    """

    outcome: Article | NotAnArticle | str
    sketch: Sketch = field(default_factory=Sketch)
    unmatched: tuple[str, ...] = ()


def judge_page(page: Page, item: FeedItem | None, site: models.Site | None) -> Judged:
    """What a page holds, by all that is known of it and of its site."""
    try:
        read = read_as_known(page, item, site)
        return Judged(read.refusal or read.article, _sketch(read), read.article.unmatched_rules)
    except NotAnArticle as refusal:
        return Judged(refusal)
    except OSError:  # a model or a disk that cannot be read is no fault of the page
        raise
    except Exception as error:  # one bad page must not stop its neighbours; it is quarantined and seen
        log.exception("extraction failed on %s", page.url)
        return Judged(f"{type(error).__name__}: {error}")


def _sketch(read: PageRead) -> Sketch:
    """What an index or a wall shows is no body that a template could take away."""
    sketch = sketch_of(read.body.blocks)
    return sketch if read.refusal is None or read.refusal.reason in BARE else replace(sketch, body=())


def read_as_known(page: Page, item: FeedItem | None, site: models.Site | None) -> PageRead:
    """The page read by all that is known of it and of its site. NotAnArticle for what cannot be parsed at all."""
    return read_page(page.body, page.url, clues_of(page, item, site))


def clues_of(page: Page, item: FeedItem | None, site: models.Site | None) -> Clues:
    """What is known of a page beside its bytes."""
    rules = rules_of(site.rules) if site and site.rules else None
    template = of_data(site.template) if site and site.template else None
    return Clues(fetched=page.fetched, headers=page.headers, item=item, rules=rules, template=template)


def article_of_item(item: FeedItem | None, url: str, reuse: Reuse) -> Article | None:
    """The article that the feed entry alone makes, or None where it says too little.

    `reuse` is what the page allows: a feed says nothing of it, and its words are the page's own.
    """
    if item is None or not item.title or len(item.summary.split()) < LEAST_WORDS:
        return None
    said = {"title": (Said(Place.FEED, item.title),)}
    return Article(
        url=url,
        canonical_url=url,
        title=item.title,
        text=item.summary,
        author=item.author,
        published=item.published,
        precision=item.precision if item.published else None,
        published_from=item.dated_by if item.published else None,
        language=language_of(item.summary)[0],
        reuse=reuse,
        evidence=Evidence(title=said["title"]),
        text_from=TextFrom.FEED,
        word_count=len(item.summary.split()),
    )


def rules_of(data: dict[str, object]) -> SiteRules:
    """The selectors of a Site row."""
    return SiteRules(
        keep=tuple(map(str, data.get("keep") or ())),  # type: ignore[call-overload]
        drop=tuple(map(str, data.get("drop") or ())),  # type: ignore[call-overload]
        title=str(data.get("title") or ""),
        author=str(data.get("author") or ""),
        date=str(data.get("date") or ""),
    )
