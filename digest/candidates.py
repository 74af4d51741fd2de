"""The stories that an edition of a publication may take, read with one query each for stories, tags and sources."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from classifier.models import Labelling, Tag
from crawler.models import Sighting, Source, Story
from digest.models import Choice, Delivery, Edition, Placement, Publication
from digest.suggest import Candidate

# A source with this tag is a regulator's notice board: its stories are exempt from the classifier and head the issue.
SAFETY_TAG = "safety"
REACHED = (Delivery.State.SENDING, Delivery.State.ACCEPTED, Delivery.State.UNKNOWN)
USED = (Edition.State.APPROVED, Edition.State.SENDING, Edition.State.PAUSED, Edition.State.SENT)


def open_stories(publication: Publication, cadence: str, closes: datetime, now: datetime) -> QuerySet[Story]:
    """Stories filed before the cut-off that this publication has neither used nor put aside."""
    aside = put_aside(publication, now).filter(story=OuterRef("pk"))
    stories = Story.objects.filter(merged_into=None, lead__isnull=False, filed_at__lte=closes)
    stories = unused(stories.filter(~Exists(aside)), publication, cadence)
    sources = sources_of(publication)
    if sources is not None:
        seen = Sighting.objects.filter(source__in=sources, link__articles__story=OuterRef("pk"))
        stories = stories.filter(Exists(seen))
    return stories.select_related("lead")


def unused(stories: QuerySet[Story], publication: Publication, cadence: str | None = None) -> QuerySet[Story]:
    """Without those that this publication has printed, in editions of one rhythm or of any."""
    return stories.exclude(_printed(publication, cadence))


def used(stories: QuerySet[Story], publication: Publication) -> QuerySet[Story]:
    """Those that this publication has printed."""
    return stories.filter(_printed(publication, None))


def _printed(publication: Publication, cadence: str | None) -> Q:
    """In an edition that goes or went out, if only to some before it was called off; under its own key or merged since."""
    places = Placement.objects.filter(edition__publication=publication, story__isnull=False)
    places = places.filter(edition__cadence=cadence) if cadence else places
    places = places.filter(Q(edition__state__in=USED) | reached_somebody())
    merged = places.filter(story__merged_into__isnull=False)
    return Q(Exists(places.filter(story=OuterRef("pk")))) | Q(pk__in=merged.values("story__merged_into"))


def reached_somebody() -> Exists:
    """Of a place: whether its edition came to one reader at least, as far as anybody knows."""
    return Exists(Delivery.objects.filter(edition=OuterRef("edition"), state__in=REACHED))


def put_aside(publication: Publication, now: datetime) -> QuerySet[Choice]:
    """What was dismissed, or snoozed and still sleeps."""
    asleep = Q(state=Choice.State.SNOOZED, until__gt=now)
    return Choice.objects.filter(Q(state=Choice.State.DISMISSED) | asleep, publication=publication)


def sources_of(publication: Publication) -> list[int] | None:
    """The ids of the sources a publication reads; None: all."""
    if not publication.source_tags:
        return None
    wanted = set(publication.source_tags)
    return [pk for pk, tags in Source.objects.values_list("pk", "tags") if wanted & set(tags)]


def safety_stories(stories: Iterable[Story]) -> set[int]:
    """Those whose articles were named by a regulator's notice board."""
    boards = [pk for pk, tags in Source.objects.values_list("pk", "tags") if SAFETY_TAG in tags]
    keys = [story.pk for story in stories]
    seen = Sighting.objects.filter(source__in=boards, link__articles__story__in=keys)
    return set(seen.values_list("link__articles__story", flat=True))


def candidates(publication: Publication, stories: QuerySet[Story]) -> list[Candidate]:
    """The stories as the suggestion sees them."""
    rows = list(stories.annotate(copies=Count("articles", filter=Q(articles__current=True), distinct=True)))
    keys = [story.pk for story in rows]
    labels = {
        labelling.story_id: labelling
        for labelling in Labelling.objects.filter(story__in=keys, taxonomy=publication.taxonomy)
    }
    topics = topics_of(keys, publication.taxonomy)
    picked = set(
        Choice.objects.filter(publication=publication, state=Choice.State.PICKED, story__in=keys).values_list(
            "story", flat=True
        )
    )
    safety, trust = safety_stories(rows), _trust(keys)
    wanted = set(publication.topics)
    return [
        Candidate(
            key=story.key,
            topics=topics.get(story.pk, ()),
            on_topic=labels[story.pk].on_topic if story.pk in labels else 0.0,
            doubtful=labels[story.pk].doubtful if story.pk in labels else True,
            dated=dated_of(story, story.pk in safety),
            copies=story.copies,
            trust=trust.get(story.pk, 0.5),
            safety=story.pk in safety,
            picked=story.pk in picked,
            promotion=bool(labels[story.pk].signals.get("promotion")) if story.pk in labels else False,
        )
        for story in rows
        if (story.pk in picked or _titled(story))
        and (not wanted or story.pk in picked or story.pk in safety or wanted & set(topics.get(story.pk, ())))
    ]


def dated_of(story: Story, safety: bool) -> datetime | None:
    """The day of the first copy; of a notice the newest version's, since an update of an old notice is news."""
    if story.undated:
        return None
    printed = story.lead.published_at if safety and story.lead else None
    return printed or story.dated


def _titled(story: Story) -> bool:
    """Whether it could be printed without an editor who names it."""
    return story.lead is not None and bool(story.lead.title.strip())


def topics_of(stories: Iterable[int], taxonomy: str) -> dict[int, tuple[str, ...]]:
    """Decided topics by story, in the taxonomy's order."""
    found: dict[int, list[str]] = {}
    tags = Tag.objects.filter(story__in=list(stories), topic__taxonomy=taxonomy)
    for story, key in tags.order_by("topic__position").values_list("story", "topic__key"):
        found.setdefault(story, []).append(key)
    return {story: tuple(keys) for story, keys in found.items()}


def _trust(stories: list[int]) -> dict[int, float]:
    pairs = Sighting.objects.filter(link__articles__story__in=stories).values_list(
        "link__articles__story", "source__trust"
    )
    best: dict[int, float] = {}
    for story, trust in pairs:
        best[story] = max(trust, best.get(story, 0.0))
    return best
