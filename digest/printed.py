"""What the weeklies of a publication have printed: the places that a monthly chooses from."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q, QuerySet

from crawler.models import Story
from digest.candidates import dated_of, put_aside, reached_somebody, safety_stories, unused
from digest.models import Cadence, Edition, Placement, Publication
from digest.month import Placed

OUT = (Edition.State.SENDING, Edition.State.SENT)


def printed(publication: Publication, opens: datetime, closes: datetime, now: datetime) -> list[Placed]:
    """Stories of the weeklies that went out from one instant until before another, but for those put aside since and
    those that a monthly has had. Of merged ones the story that they are now.
    """
    places = list(_places(publication, opens, closes))
    stories = Story.objects.filter(pk__in={_living(place) for place in places}, lead__isnull=False)
    stories = unused(stories, publication, Cadence.MONTHLY).exclude(pk__in=put_aside(publication, now).values("story"))
    stories = stories.select_related("lead")
    rows = {story.pk: story for story in stories.annotate(copies=Count("articles", filter=Q(articles__current=True)))}
    safety = safety_stories(rows.values())
    return [
        Placed(
            story.key, place.edition.number, place.position, lead=place.lead, safety=story.pk in safety,
            copies=story.copies, dated=dated_of(story, story.pk in safety), headline=place.headline, blurb=place.blurb,
        )
        for place in places
        if (story := rows.get(_living(place)))
    ]  # fmt: skip


def _places(publication: Publication, opens: datetime, closes: datetime) -> QuerySet[Placement]:
    places = Placement.objects.filter(edition__publication=publication, edition__cadence=Cadence.WEEKLY)
    places = places.filter(Q(edition__state__in=OUT) | reached_somebody(), story__isnull=False)
    places = places.filter(edition__send_at__gte=opens, edition__send_at__lt=closes)
    return places.select_related("edition", "story").order_by("edition__number", "position")


def _living(place: Placement) -> int | None:
    """The story that a place shows now: its own, or the one that was merged into."""
    return (place.story.merged_into_id or place.story_id) if place.story else None
