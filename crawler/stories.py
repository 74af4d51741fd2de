"""Verbs of a person over stories: merge two, split an article off. Both are Events and can be undone."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crawler import models
from crawler.errors import CrawlerError
from crawler.events import record
from crawler.filing import refresh
from crawler.turns import take_turn


class StoryError(CrawlerError):
    """A story cannot be changed as asked."""


def living(key: str) -> models.Story:
    """The story of this key, or the one it was merged into. StoryError where there is none."""
    story = models.Story.objects.filter(key=key).select_related("merged_into").first()
    if story is None:
        raise StoryError("no such story", key)
    while story.merged_into is not None:
        story = story.merged_into
    return story


@transaction.atomic
def merge(key: str, into: str, *, by: str, now: datetime, why: str = "merged by hand") -> models.Story:
    """Move all articles of one story to another; the empty one, and those merged into it before, stay and point there."""
    take_turn()
    gone, kept = living(key), living(into)
    if gone == kept:
        raise StoryError("these are one story already", key)
    moved = list(gone.articles.values_list("pk", flat=True))
    for article in gone.articles.all():
        _file(article, kept, models.Filing.Relation.MERGED, why, by, now)
    followers = list(models.Story.objects.filter(merged_into=gone).values_list("key", flat=True))
    models.Story.objects.filter(key__in=[gone.key, *followers]).update(merged_into=kept)
    refresh(kept, now)
    before = {"articles": moved, "followers": followers}
    record("merge", "story", gone.key, by=by, now=now, before=before, after={"into": kept.key})
    return kept


@transaction.atomic
def split(key: str, article: int, *, by: str, now: datetime) -> models.Story:
    """Give one article a story of its own and keep it apart from those it leaves."""
    take_turn()
    story = living(key)
    leaving = story.articles.filter(pk=article).first()
    others = list(story.articles.exclude(pk=article))
    if leaving is None or not others:
        raise StoryError("the story has no such copy to split off", key)
    own = models.Story.objects.create(dated=leaving.published_at or now, filed_at=story.filed_at)
    _file(leaving, own, models.Filing.Relation.SPLIT, "split by hand", by, now)
    for other in others:
        first, second = sorted((leaving, other), key=lambda one: one.pk)
        models.Apart.objects.get_or_create(first=first, second=second)
    refresh(story, now)
    refresh(own, now)
    record("split", "story", story.key, by=by, now=now, before={"article": article}, after={"story": own.key})
    return own


def _file(article: models.Article, story: models.Story, relation: str, why: str, by: str, now: datetime) -> None:
    article.story = story
    article.save(update_fields=["story"])
    models.Filing.objects.create(article=article, story=story, relation=relation, why=why, by=by, at=now)
