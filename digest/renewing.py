"""A draft that nobody has touched is suggested anew as news comes in; one that a person has touched waits for a person."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from classifier.models import Labelling
from crawler.models import Event
from digest.candidates import candidates, open_stories
from digest.drafting import BY_RULE, draft, rhythm_of
from digest.models import Cadence, Edition
from digest.printed import printed
from digest.suggest import SAFETY_LEAST, may_take
from digest.weeks import is_over, next_send

TOUCHES = ("move", "reword", "add item", "add story", "remove", "undo remove", "words")
# A suggestion reads the whole queue and moves what an editor may be looking at, so it is not renewed more often.
REST = timedelta(minutes=15)
# A story is labelled soon after it is filed. What a new model judges again after days is no news.
LABELLED_WITHIN = timedelta(days=1)


def renew(edition: Edition, *, by: str, now: datetime) -> bool:
    """Suggest anew where there is news and nobody has touched the draft; whether that was done."""
    if not _wants(edition, now):
        return False
    with transaction.atomic():
        held = Edition.objects.select_for_update().filter(pk=edition.pk, state=Edition.State.DRAFT).first()
        if held is None or not _wants(held, now):
            return False
        draft(edition.publication, by=by, now=now, cadence=edition.cadence)
    return True


def is_touched(edition: Edition) -> bool:
    """Whether a person has placed, moved, changed or taken out anything, or written a word."""
    if edition.placements.exclude(by=BY_RULE).exists():
        return True
    return Event.objects.filter(kind="edition", key=str(edition.pk), verb__in=TOUCHES).exists()


def news_of(edition: Edition, now: datetime) -> int:
    """How many stories the draft might take have come since its suggestion and are not in it."""
    since, publication = suggested_at(edition), edition.publication
    placed = edition.placements.filter(story__isnull=False)
    if edition.cadence == Cadence.MONTHLY:
        month = printed(publication, max(since, edition.opens_at), edition.closes_at, now)
        return len({one.key for one in month} - set(placed.values_list("story__key", flat=True)))
    rhythm, closes = rhythm_of(publication), edition.closes_at
    if is_over(rhythm, edition.cadence, now, edition.send_at):
        closes = next_send(rhythm, now, edition.cadence)
    label = Labelling.objects.filter(story=OuterRef("pk"), taxonomy=publication.taxonomy, on_topic__gte=SAFETY_LEAST)
    stories = open_stories(publication, edition.cadence, closes, now).filter(filed_at__gt=since - LABELLED_WITHIN)
    stories = stories.filter(Exists(label), Q(filed_at__gt=since) | Exists(label.filter(at__gt=since)))
    stories = stories.exclude(pk__in=placed.values("story"))
    return sum(may_take(one, now) for one in candidates(publication, stories)) if stories.exists() else 0


def suggested_at(edition: Edition) -> datetime:
    """When the suggestion that stands was made."""
    drafted = Event.objects.filter(kind="edition", key=str(edition.pk), verb="draft").order_by("-at").first()
    return drafted.at if drafted else edition.made_at


def _wants(edition: Edition, now: datetime) -> bool:
    return now >= suggested_at(edition) + REST and not is_touched(edition) and news_of(edition, now) > 0
