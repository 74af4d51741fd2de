"""Article -> Story: versions of a link, copies and reprints of other links, the lead of each story."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, QuerySet

from crawler import models
from crawler.article import Article
from crawler.fingerprint import Fingerprint, bands, fingerprint
from crawler.grouping import Candidate, Decision, decide
from crawler.rows import fields_of
from crawler.turns import take_turn
from crawler.urls import host_of, link_key, same_site

# A reprint comes within weeks; an article of last year with the same words is an anniversary, not a copy.
COPIES_WITHIN = timedelta(days=45)
MOST_CANDIDATES = 20
# The trust of an article that no source named.
NO_SOURCE = 0.5
BY_RULE = "rule:copies"
NEW = models.Filing.Relation.NEW
JOINED = (models.Filing.Relation.COPY, models.Filing.Relation.REPRINT)


@transaction.atomic
def file_article(article: Article, link: models.Link, *, now: datetime, mend: bool = False) -> models.Article | None:
    """Give the article its row and its story; None where the link's current version says the same already.

    `mend`: the page is the same, only read better, so the current version is corrected in place.
    """
    fields = fields_of(article)
    take_turn()
    current = models.Article.objects.filter(link=link, current=True).select_related("story").first()
    if current is not None and current.digest == fields["digest"]:
        if current.reuse != fields["reuse"]:  # what a publisher allows of the same words holds from now on
            models.Article.objects.filter(pk=current.pk).update(reuse=fields["reuse"])
        return None
    print_ = fingerprint(article.text)
    if current is not None and mend:
        return _mend(current, article, print_, now)
    decision = _as_version(current) if current else _decide(article, print_, link, now)
    story = _story(decision, fields, now)
    if current is not None:
        models.Article.objects.filter(pk=current.pk).update(current=False)
    version = current.version + 1 if current else 1
    row = models.Article.objects.create(link=link, version=version, story=story, taken_at=now, **fields)
    models.Band.objects.bulk_create(models.Band(hash=band, article=row) for band in bands(print_))
    models.Filing.objects.create(
        article=row, story=story, relation=decision.relation, why=decision.why, by=BY_RULE, at=now
    )
    refresh(story, now)
    return row


def _mend(row: models.Article, article: Article, print_: Fingerprint, now: datetime) -> models.Article:
    for name, value in fields_of(article).items():
        setattr(row, name, value)
    row.save()
    row.bands.all().delete()
    models.Band.objects.bulk_create(models.Band(hash=band, article=row) for band in bands(print_))
    _file_again(row, article, print_, now)
    refresh(row.story, now)
    return row


def _file_again(row: models.Article, article: Article, print_: Fingerprint, now: datetime) -> None:
    """A rule that joined pages by what their site prints on all of them is taken back; true copies find each other.

    The first page of a story may leave it too, and one that stands alone may join, as long as no person has treated
    the story: so it does not matter in which order pages are read, and read again.
    """
    last, left = row.filings.order_by("-pk").first(), row.story
    if last is None or last.by != BY_RULE or not (last.relation in JOINED or _first_of_untouched(last, left)):
        return
    decision = _decide(article, print_, row.link, now)
    if decision.story == left.pk or (decision.story is None and left.articles.count() == 1):
        return
    row.story = _story(decision, {"published_at": row.published_at}, now)
    row.save(update_fields=["story"])
    why = f"read again, {decision.why}"
    models.Filing.objects.create(article=row, story=row.story, relation=decision.relation, why=why, by=BY_RULE, at=now)
    if left.articles.exists():
        refresh(left, now)
    else:
        models.Story.objects.filter(pk=left.pk).update(merged_into=row.story)


def _first_of_untouched(last: models.Filing, story: models.Story) -> bool:
    return last.relation == NEW and not models.Event.objects.filter(kind="story", key=story.key).exists()


def refresh(story: models.Story, now: datetime) -> None:
    """Set what a story takes from its copies: its lead and its date."""
    copies = list(story.articles.filter(current=True))
    trust = _trust(copies)
    dates = [copy.published_at for copy in copies if copy.published_at]
    story.lead = max(copies, key=lambda copy: _rank(copy, trust.get(copy.link_id, NO_SOURCE)), default=None)
    story.undated = not dates
    story.dated = min(dates) if dates else story.filed_at
    story.save(update_fields=["lead", "undated", "dated"])


def _trust(copies: list[models.Article]) -> dict[str, float]:
    """How far the most trusted source of each copy's link is relied on, asked for all at once: others wait for their turn."""
    sightings = models.Sighting.objects.filter(link__in=[copy.link_id for copy in copies])
    return dict(sightings.values("link").annotate(most=Max("source__trust")).values_list("link", "most"))


def _rank(article: models.Article, trust: float) -> tuple[bool, float, bool, int, int]:
    """Which copy leads: a readable page of a trusted source with the fullest text; the first one where all is equal."""
    from_page = article.text_from != "feed"
    return not article.paywalled, trust, from_page, article.word_count, -article.pk


def _as_version(current: models.Article) -> Decision:
    return Decision(current.story_id, "version", f"version {current.version + 1} of the same page")


def _decide(article: Article, print_: Fingerprint, link: models.Link, now: datetime) -> Decision:
    filed = models.Article.objects.filter(current=True, taken_at__gte=now - COPIES_WITHIN).exclude(link=link)
    rows = filed.filter(bands__hash__in=bands(print_)).distinct()[:MOST_CANDIDATES]
    original = _original(article, filed)
    candidates = [Candidate(row.pk, row.story_id, fingerprint(row.text)) for row in rows if row != original]
    if original is not None:
        host = host_of(original.link.url)
        candidates.append(Candidate(original.pk, original.story_id, fingerprint(original.text), host))
    return decide(print_, candidates)


def _original(article: Article, filed: QuerySet[models.Article]) -> models.Article | None:
    """The article of another site that the page names as canonical: across sites a hint "copy of", and no more."""
    if not article.canonical_doubted or same_site(article.canonical_doubted, article.url):
        return None
    key = link_key(article.canonical_doubted)
    asked = models.Link.objects.filter(key=key).values_list("folded_into", flat=True).first()
    return filed.filter(link=asked or key).select_related("link").first()


def _story(decision: Decision, fields: dict[str, object], now: datetime) -> models.Story:
    if decision.story is not None:
        return models.Story.objects.get(pk=decision.story)
    return models.Story.objects.create(dated=fields["published_at"] or now, filed_at=now)
