"""Learn from editors behind a gate: corrections out of Events, a candidate, its comparison with the champion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from classifier import models
from classifier.errors import ModelError
from classifier.gate import Verdict, compare
from classifier.judgement import Correction
from classifier.pack import Pack
from classifier.registry import install, promote, working_champion
from classifier.topicmodel import TopicModel
from classifier.train import held_out, train
from crawler.models import Event, Story


@dataclass(frozen=True)
class Trained:
    """A fitted candidate, what the gate says of it, and whether it is champion now."""

    model: str
    corrections: int
    verdict: Verdict | None
    promoted: bool


def train_candidate(pack: Pack, *, by: str, now: datetime, promote_it: bool = True) -> Trained:
    """Fit, keep, compare, and promote where the gate allows. The same input makes the same model.

    Where there is nothing to compare with, the candidate is champion at once.
    """
    learnt = corrections(pack.taxonomy.key)
    data = train(pack, learnt)
    candidate = TopicModel.load(data)
    standing = _standing(pack, now)
    install(data, by=by, now=now)
    if standing is None:
        if not models.Model.objects.filter(pk=candidate.id, champion=True).exists():
            promote(candidate.id, by=by, now=now)
        return Trained(candidate.id, len(learnt), None, True)
    judged_by = [*pack.gold(), *held_out(learnt, pack.taxonomy)]
    verdict = compare(standing, candidate, judged_by)
    promoted = verdict.promote and promote_it
    if promoted:
        promote(candidate.id, by=by, now=now)
    return Trained(candidate.id, len(learnt), verdict, promoted)


def _standing(pack: Pack, now: datetime) -> TopicModel | None:
    """The champion, or what the pack ships in the place of one that this program cannot read."""
    if not models.Model.objects.filter(taxonomy=pack.taxonomy.key, champion=True).exists():
        return None
    try:
        return working_champion(pack.taxonomy.key, now=now, pack=pack)
    except ModelError:
        return None


def corrections(taxonomy: str) -> list[Correction]:
    """Every retag of this taxonomy as a training example, oldest first; a story's copies share a group."""
    events = Event.objects.filter(verb="retag", kind="story", before__taxonomy=taxonomy).order_by("pk")
    leads = {
        story.key: story.lead
        for story in Story.objects.filter(key__in=events.values("key"), lead__isnull=False).select_related("lead")
    }
    return [
        Correction(
            title=leads[event.key].title,
            text=leads[event.key].text,
            before=tuple(event.before["topics"]),
            after=tuple(event.after["topics"]),
            group=f"story-{event.key}",
        )
        for event in events
        if event.key in leads
    ]
