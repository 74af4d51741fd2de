"""A person confirms what a page says of its author or date, so that it may be printed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crawler.events import record
from crawler.models import Article
from crawler.stories import StoryError, living

FACTS = ("author", "date")


@transaction.atomic
def confirm(key: str, fact: str, *, by: str, now: datetime) -> Article:
    """Count a fact of the story's lead as sure. StoryError where the lead does not state it."""
    story = living(key)
    lead = story.lead
    stated = lead is not None and {"author": lead.author, "date": lead.published_day}.get(fact)
    if lead is None or not stated:
        raise StoryError("there is no such fact to confirm", key, fact[:20])
    sure = set(lead.evidence.get("sure", ()))
    if fact not in sure:
        lead.evidence = {**lead.evidence, "sure": sorted(sure | {fact})}
        lead.save(update_fields=["evidence"])
        record("confirm", "story", story.key, by=by, now=now, after={"fact": fact, "article": lead.pk})
    return lead
