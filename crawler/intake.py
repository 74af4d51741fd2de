"""Archive record -> rows: what a source named, what a page held, what failed. Each record is taken in once."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import DatabaseError, DataError, IntegrityError, transaction

from crawler import models
from crawler.archive import Failure, Record
from crawler.article import Article, NotAnArticle, Reason, Reuse
from crawler.errors import CrawlerError
from crawler.filing import file_article
from crawler.folding import target_of
from crawler.frontier import next_try, next_visit
from crawler.health import after
from crawler.judging import Judged, article_of_item, judge_page
from crawler.noticing import item_of, notice
from crawler.page import Page
from crawler.read_source import read_source
from crawler.reading import Outcome, Reading
from crawler.rows import reuse_of, storable
from crawler.sites import site_of
from crawler.turns import take_turn
from crawler.urls import link_key, normalise
from crawler.waiting import RESTING, WAIT, answered, asked_wait

REFUSED_AGAIN = timedelta(days=7)
# Pages that hide an article; what the feed says of it is then all that a reader can have.
HIDDEN = (Reason.PAYWALL, Reason.CONSENT_WALL, Reason.TOO_SHORT, Reason.NO_BODY)

log = logging.getLogger(__name__)


class LeaseLost(CrawlerError):
    """Another process took this run over; what it has taken in stands, and we stop."""


def take(record: Record, run: models.Run, judged: Judged | None = None) -> str:
    """Take one record in and move the run's mark past it, in one transaction; the outcome in a word.

    Outcomes: source, robots, article, unchanged, and for links that gave no article the state they went to.
    `judged` is what `judge` said of it. Raises LeaseLost where the run is no longer ours.
    """
    judged = judged or judge(record)
    outcome = judged.outcome if judged else None
    try:
        return _in_one(record, run, lambda: _take(record, run, outcome))
    except (LeaseLost, OSError):
        raise
    except DatabaseError as error:
        if not isinstance(error, DataError | IntegrityError):
            raise
        spoilt: Exception = error
    except Exception as error:
        spoilt = error
    # A record that no row can hold would else stop this crawl, and the next, at the same place for ever.
    log.error("a record could not be filed: %s", record.answer.asked, exc_info=spoilt)
    return _in_one(record, run, lambda: _put_aside(record, spoilt))


def _in_one(record: Record, run: models.Run, step: Callable[[], str]) -> str:
    with transaction.atomic():
        take_turn()
        outcome = step()
        ours = models.Run.objects.filter(pk=run.pk, lease_by=run.lease_by)
        if not ours.update(read_to=record.end):
            raise LeaseLost("the crawl was taken over", run.name, "its lease ran out")
    return outcome


def _put_aside(record: Record, error: Exception) -> str:
    """Say on its row why a record could not be filed, and go on."""
    kind, _, which = record.whom.partition(":")
    why = f"could not be filed: {type(error).__name__}"
    if kind == "source":
        models.Source.objects.filter(pk=int(which)).update(
            health=models.Source.Health.FAILING, outcome=why, next_at=_at(record.answer) + WAIT
        )
    if kind == "link":
        key = link_key(record.answer.asked)
        models.Link.objects.filter(key=key).update(state=models.Link.State.QUARANTINED, reason=why, next_at=None)
    return "quarantined"


def _at(answer: Page | Failure) -> datetime:
    return answer.fetched if isinstance(answer, Page) else answer.at


def judge(record: Record) -> Judged | None:
    """What the page of a record holds, None where it holds none. It thinks before the transaction, so no lock is held."""
    answer = record.answer
    if not record.whom.startswith("link:") or not isinstance(answer, Page) or answer.status != 200:
        return None
    link = models.Link.objects.filter(key=link_key(answer.asked)).select_related("site").first()
    return judge_page(answer, item_of(link) if link else None, link.site if link else None)


def _take(record: Record, run: models.Run, judged: Article | NotAnArticle | str | None) -> str:
    kind, _, which = record.whom.partition(":")
    if kind == "robots":
        return _take_robots(which, record.answer)
    if kind == "source":
        return _take_source(int(which), record.answer)
    return _take_link(record, run, judged)


def rejudge(link: models.Link, page: Page, now: datetime) -> str:
    """Judge a stored page again by what is known now; the outcome in a word. Planned visits stay as they are.

    The same page read better is no new version: its article is mended in place. A page that gave an article and is
    judged now to be none keeps it, and a page that a crawl has meanwhile replaced is left to that ("unchanged").
    """
    judged = judge_page(page, item_of(link), link.site).outcome
    read = link.content_hash
    with transaction.atomic():
        take_turn()
        link.refresh_from_db()
        link.judge_again = False
        if link.content_hash == read:
            return _mend(link, judged, now)
        link.save(update_fields=["judge_again"])
        return "unchanged"


def _mend(link: models.Link, judged: Article | NotAnArticle | str, now: datetime) -> str:
    if isinstance(judged, Article):
        target, why = target_of(link, judged, now)
        row = file_article(judged, target, now=now, mend=True)
        _save(link, models.Link.State.FETCHED, why)
        return "article" if row is not None else "unchanged"
    if link.state == models.Link.State.FETCHED:
        return _save_unchanged(link, f"judged again: {_reason(judged)}")
    return _no_article(link, judged, now)


def _no_article(link: models.Link, judged: NotAnArticle | str | None, now: datetime) -> str:
    if isinstance(judged, NotAnArticle):
        return _refused(link, judged, now)
    return _settle(link, models.Link.State.QUARANTINED, _reason(judged))


def _reason(judged: NotAnArticle | str | None) -> str:
    return judged.reason.value if isinstance(judged, NotAnArticle) else f"extraction failed: {judged}"


def _take_robots(host: str, answer: Page | Failure) -> str:
    status = answer.status if isinstance(answer, Page) else None
    text = answer.body.decode("utf-8", "replace") if isinstance(answer, Page) else ""
    site = site_of(host)
    site.robots, site.robots_status, site.robots_at = text.replace("\x00", ""), status, _at(answer)
    site.save(update_fields=["robots", "robots_status", "robots_at"])
    return "robots"


def _take_source(pk: int, answer: Page | Failure) -> str:
    source = models.Source.objects.filter(pk=pk).select_related("site").first()
    if source is None:
        return "source"
    reading, now = _reading(source, answer), _at(answer)
    if answer.asked != source.url:
        return _take_part(source, reading, now)
    if isinstance(answer, Failure) and answer.wait:
        return _put_off(source, answer, now)
    health = after(source.health, source.failures, timedelta(minutes=source.rhythm_minutes), reading, now)
    source.health, source.outcome, source.failures = health.state, health.outcome[:300], health.failures
    source.checked_at, source.next_at = now, health.next_at
    if isinstance(answer, Page) and reading.outcome in (Outcome.OK, Outcome.EMPTY):
        # An index that has not changed says nothing of its sitemaps: it is asked for whole, and so are they.
        marks = ("", "") if reading.more else (answer.header("etag")[:300], answer.header("last-modified")[:100])
        source.etag, source.last_modified = marks
        source.changed_at, source.title = now, source.title or storable(reading.title[:200])
    source.save()
    notice(source, reading.items, now)
    _rest_if_asked(answer, now)
    return "source"


def _put_off(source: models.Source, failure: Failure, now: datetime) -> str:
    """It was not asked: its host rests, or another worker asks it. That says nothing of its health."""
    source.outcome, source.next_at = failure.why[:300], now + timedelta(seconds=failure.wait)
    source.save(update_fields=["outcome", "next_at"])
    return "source"


def _take_part(source: models.Source, reading: Reading, now: datetime) -> str:
    """A sitemap that the source's index points to: its failure is said beside what the index itself gave."""
    if reading.outcome is Outcome.FAILED:
        source.outcome = f"{source.outcome}; a sitemap of it failed: {reading.why}"[:300]
        source.save(update_fields=["outcome"])
    notice(source, reading.items, now)
    return "source"


def _reading(source: models.Source, answer: Page | Failure) -> Reading:
    if isinstance(answer, Failure):
        return Reading(Outcome.FAILED, why=answer.why)
    if answer.status == 304:
        return Reading(Outcome.UNCHANGED)
    if answer.status != 200:
        return Reading(Outcome.FAILED, why=answered(answer.status))
    return read_source(source.kind, answer.body, answer.url, answer.header("content-type"))


def _take_link(record: Record, run: models.Run, judged: Article | NotAnArticle | str | None) -> str:
    answer = record.answer
    asked = normalise(answer.asked)
    now = _at(answer)
    link, _ = models.Link.objects.get_or_create(
        key=link_key(asked), defaults={"url": asked, "site": site_of(asked), "found_at": now}
    )
    if isinstance(answer, Failure):
        return _unanswered(link, answer, now)
    _rest_if_asked(answer, now)
    link.status, link.fetched_at = answer.status, now
    if answer.status == 304:
        return _unchanged(link, now)
    if answer.status in (404, 410):
        return _settle(link, models.Link.State.GONE, f"the server answered {answer.status}")
    if answer.status != 200:
        return _failed(link, answered(answer.status), now, permanent=False)
    digest = hashlib.sha256(answer.body).hexdigest()
    if link.state == models.Link.State.FETCHED:
        if digest == link.content_hash:
            # The newest copy of the page is kept longest.
            link.archive_file, link.archive_offset = f"{run.name}.warc.gz", record.offset
            return _unchanged(link, now)
        if not isinstance(judged, Article):
            return _stands(link, _reason(judged), now)
    link.content_hash = digest
    link.archive_file, link.archive_offset, link.sketched = f"{run.name}.warc.gz", record.offset, False
    return _take_page(link, answer, judged, now)


def _take_page(link: models.Link, page: Page, judged: Article | NotAnArticle | str | None, now: datetime) -> str:
    link.etag, link.last_modified = page.header("etag")[:300], page.header("last-modified")[:100]
    if isinstance(judged, Article):
        return _file(judged, link, now)
    return _no_article(link, judged, now)


def _file(article: Article, link: models.Link, now: datetime) -> str:
    target, why = target_of(link, article, now)
    row = file_article(article, target, now=now)
    _visited(link, now)
    _save(link, models.Link.State.FETCHED, why)
    return "article" if row is not None else "unchanged"


def _visited(link: models.Link, now: datetime) -> None:
    link.next_at = next_visit(link.visits, now)
    link.visits, link.tries = link.visits + 1, 0


def _refused(link: models.Link, refusal: NotAnArticle, now: datetime) -> str:
    reason = refusal.reason.value
    if refusal.reason in HIDDEN and _from_feed(link, now, refusal.article.reuse if refusal.article else None):
        reason = f"{reason}; taken from the feed"
    return _settle(link, models.Link.State.REFUSED, reason)


def _from_feed(link: models.Link, now: datetime, reuse: Reuse | None = None) -> bool:
    """Whether the feed's own words on a page that cannot be had make an article; the page's limits hold for them.

    Where this visit brought no page, those of the last one do.
    """
    if reuse is None:
        before = models.Article.objects.filter(link=link, current=True).values_list("reuse", flat=True).first()
        reuse = reuse_of(before or {})
    article = article_of_item(item_of(link), link.url, reuse)
    return article is not None and file_article(article, link, now=now) is not None


def _unanswered(link: models.Link, failure: Failure, now: datetime) -> str:
    if failure.wait:
        link.next_at = now + timedelta(seconds=failure.wait)
        return _save(link, link.state, failure.why)
    return _failed(link, failure.why, now, permanent=failure.permanent)


def _stands(link: models.Link, why: str, now: datetime) -> str:
    """An article that we have stays as it is: a later visit that brought none takes nothing away."""
    _visited(link, now)
    return _save_unchanged(link, f"at a later visit: {why}")


def _failed(link: models.Link, why: str, now: datetime, *, permanent: bool) -> str:
    if link.state == models.Link.State.FETCHED:
        return _stands(link, why, now)
    link.tries += 1
    link.next_at = now + REFUSED_AGAIN if permanent else next_try(link.tries, now)
    if link.next_at is not None and not permanent:
        return _save(link, models.Link.State.FOUND, why)
    words = why if permanent else f"given up: {why}"
    return _save(link, models.Link.State.REFUSED, f"{words}; taken from the feed" if _from_feed(link, now) else words)


def _unchanged(link: models.Link, now: datetime) -> str:
    _visited(link, now)
    return _save_unchanged(link, link.reason)


def _save_unchanged(link: models.Link, reason: str) -> str:
    _save(link, link.state, reason)
    return "unchanged"


def _settle(link: models.Link, state: str, reason: str) -> str:
    link.next_at = None
    return _save(link, state, reason)


def _save(link: models.Link, state: str, reason: str) -> str:
    link.state, link.reason = state, reason[:300]
    link.save()
    return str(link.state)


def _rest_if_asked(answer: Page | Failure, now: datetime) -> None:
    """A site that is too busy is left alone as long as it asks: the one that answered, not one that led there."""
    if isinstance(answer, Failure) or answer.status not in RESTING:
        return
    site = site_of(answer.url)
    site.next_at = now + asked_wait(answer.header("retry-after"), now)
    site.save(update_fields=["next_at"])
