"""The rows of judgement: topics, models, and what was decided of each story."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from classifier.taxonomy import called
from crawler.models import Story


class Topic(models.Model):
    """One topic of a taxonomy, with what its facet is called. The key stays for ever; names and definition may change."""

    key = models.SlugField(max_length=40)
    taxonomy = models.SlugField(max_length=40)
    facet = models.SlugField(max_length=20)
    name = models.CharField(max_length=80)
    names = models.JSONField(default=dict, blank=True, help_text="the name in other languages, by code")
    facet_name = models.CharField(max_length=80, blank=True)
    facet_names = models.JSONField(default=dict, blank=True, help_text="the facet's name in other languages, by code")
    definition = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)
    kept = models.JSONField(default=list, blank=True, help_text="fields that people changed; no load takes them back")
    known_by = models.JSONField(default=dict, blank=True, help_text="cues, hints, brands and MeSH ids of the pack")
    successors = models.JSONField(default=list, blank=True, help_text="keys that stand for a retired topic")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["taxonomy", "key"], name="one_topic_per_key")]

    def __str__(self) -> str:
        return self.name

    def called(self, language: str) -> str:
        """The topic's name in a language, else its name."""
        return called(self.name, self.names, language)

    def facet_called(self, language: str) -> str:
        """What a heading over the topics of this facet says in a language; of a facet without a name, its key."""
        return called(self.facet_name or self.facet.replace("-", " ").capitalize(), self.facet_names, language)


class Model(models.Model):
    """A fitted model as self-contained bytes, so that workers, backup and moves carry it."""

    id = models.CharField(max_length=40, primary_key=True)
    taxonomy = models.SlugField(max_length=40)
    made_at = models.DateTimeField()
    data = models.BinaryField()
    card = models.JSONField(default=dict)
    champion = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["taxonomy"], condition=Q(champion=True), name="one_champion")]

    def __str__(self) -> str:
        return self.id


class Labelling(models.Model):
    """What the model thought of a story: judged on the digest of its lead's title and text."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="labellings")
    taxonomy = models.SlugField(max_length=40)
    model = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    on_topic = models.FloatField()
    doubtful = models.BooleanField()
    language = models.CharField(max_length=12, blank=True)
    probabilities = models.JSONField(default=dict)
    why = models.JSONField(default=dict)
    signals = models.JSONField(default=dict)
    decided_by = models.CharField(max_length=80, blank=True, help_text="the editor who settled the topics")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["story", "taxonomy"], name="one_labelling_per_story"),
            models.CheckConstraint(condition=Q(on_topic__gte=0, on_topic__lte=1), name="on_topic_0_1"),
        ]
        indexes = [models.Index(fields=["taxonomy", "on_topic"], name="labelling_on_topic")]


class Tag(models.Model):
    """A decided topic of a story, by the model or an editor."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="tags")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="tags")
    by = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["story", "topic"], name="one_tag_per_story_and_topic")]
