"""A person confirms what a page says of its title, author or date, so that it may be printed unmarked."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crawler.events import record
from crawler.models import Article
from crawler.stories import StoryError, living


@transaction.atomic
def confirm(key: str, fact: str, *, by: str, now: datetime) -> Article:
    """Count a fact of the story's lead as sure. StoryError where the lead does not state it."""
    story = living(key)
    lead = story.lead
    stated = lead is not None and _stated(lead).get(fact)
    if lead is None or not stated:
        raise StoryError("there is no such fact to confirm", key, fact[:20])
    sure = set(lead.evidence.get("sure", ()))
    if fact not in sure:
        lead.evidence = {**lead.evidence, "sure": sorted(sure | {fact})}
        lead.save(update_fields=["evidence"])
        record("confirm", "story", story.key, by=by, now=now, after={"fact": fact, "article": lead.pk})
    return lead


def _stated(lead: Article) -> dict[str, object]:
    """The facts that can be confirmed, with what the lead states of each."""
    return {"title": lead.title, "author": lead.author, "date": lead.published_day}
