"""Take back a merge or a split, from what its Event keeps."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from crawler import models
from crawler.events import record
from crawler.filing import refresh
from crawler.stories import StoryError

BY_HAND = "taken back by hand"


@transaction.atomic
def undo_merge(event: models.Event, *, by: str, now: datetime) -> models.Story:
    """Give the emptied story its articles back, those that nobody has moved on since."""
    gone = models.Story.objects.select_related("merged_into").get(key=event.key)
    kept = gone.merged_into
    if kept is None or kept.key != event.after["into"]:
        raise StoryError("the stories have been changed since", event.key)
    moved = list(kept.articles.filter(pk__in=event.before["articles"]))
    if not moved:
        raise StoryError("its copies have been moved on since", event.key)
    gone.merged_into = None
    gone.save(update_fields=["merged_into"])
    followers = models.Story.objects.filter(key__in=event.before.get("followers", ()), merged_into=kept)
    followers.update(merged_into=gone)
    for article in moved:
        _refile(article, gone, models.Filing.Relation.SPLIT, by, now)
    refresh(gone, now)
    refresh(kept, now)
    record("undo merge", "story", gone.key, by=by, now=now, after={"from": kept.key}, undoes=event)
    return gone


@transaction.atomic
def undo_split(event: models.Event, *, by: str, now: datetime) -> models.Story:
    """Put the article back with those it left; the pairs kept apart by the split may join again."""
    story = models.Story.objects.get(key=event.key)
    own = models.Story.objects.get(key=event.after["story"])
    article = own.articles.filter(pk=event.before["article"]).first()
    if article is None or own.merged_into is not None or story.merged_into is not None:
        raise StoryError("the stories have been changed since", event.key)
    _refile(article, story, models.Filing.Relation.MERGED, by, now)
    others = list(story.articles.exclude(pk=article.pk))
    models.Apart.objects.filter(Q(first=article, second__in=others) | Q(second=article, first__in=others)).delete()
    if not own.articles.exists():
        own.merged_into = story
        own.save(update_fields=["merged_into"])
    refresh(story, now)
    record("undo split", "story", story.key, by=by, now=now, after={"from": own.key}, undoes=event)
    return story


def _refile(article: models.Article, story: models.Story, relation: str, by: str, now: datetime) -> None:
    article.story = story
    article.save(update_fields=["story"])
    models.Filing.objects.create(article=article, story=story, relation=relation, why=BY_HAND, by=by, at=now)
