"""Stories by words, each of them in the lead's title or text; a story's key or a page's address finds that story."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from crawler.models import STORY_KEY_LETTERS, Article, Story
from crawler.urls import normalise

MOST_WORDS = 6


def matching(stories: QuerySet[Story], wanted: str) -> QuerySet[Story]:
    """Those of the stories that match; all of them where nothing is asked."""
    wanted = wanted.replace("\x00", "").strip()
    if wanted.startswith(("http://", "https://")):
        known = Article.objects.filter(Q(link__url=normalise(wanted)) | Q(url=wanted[:2000]))
        return stories.filter(pk__in=known.values("story"))
    if len(wanted) == 10 and set(wanted) <= set(STORY_KEY_LETTERS) and Story.objects.filter(key=wanted).exists():
        return stories.filter(key=wanted)
    for word in wanted.split()[:MOST_WORDS]:
        stories = stories.filter(Q(lead__title__icontains=word) | Q(lead__text__icontains=word))
    return stories
