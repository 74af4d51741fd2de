"""The rows between the web and the queue: sites, sources, links, articles, stories, events."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import F, Q

STORY_KEY_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


def new_story_key() -> str:
    """Ten random base32 characters: 50 bits, kept for ever and shown in public addresses."""
    return "".join(secrets.choice(STORY_KEY_LETTERS) for _ in range(10))


class Site(models.Model):
    """One host. Work is claimed by site, so that the per-host budget holds over all sources and workers."""

    host = models.CharField(max_length=255, primary_key=True)
    robots = models.TextField(blank=True)
    robots_status = models.PositiveSmallIntegerField(null=True)
    robots_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True, help_text="not before this time, as the site asked")
    lease_by = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True)
    template = models.JSONField(default=dict)
    rules = models.JSONField(default=dict)
    unmatched_rules = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.host


class Source(models.Model):
    """An address that lists articles, and how it has fared."""

    class Kind(models.TextChoices):
        FEED = "feed"
        SITEMAP = "sitemap"
        LISTING = "listing"
        IMPORT = "import"

    class Health(models.TextChoices):
        NEW = "new"
        OK = "ok"
        EMPTY = "empty"
        UNCHANGED = "unchanged"
        FAILING = "failing"

    class Excerpts(models.TextChoices):
        NORMAL = "normal"
        LINK_ONLY = "link-only"
        LICENSED = "licensed"

    url = models.CharField(max_length=2000, unique=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="sources")
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.CharField(max_length=200, blank=True)
    tags = models.JSONField(default=list, blank=True)
    rhythm_minutes = models.PositiveIntegerField(default=120)
    trust = models.FloatField(default=0.5, help_text="0 to 1: how far an editor relies on it")
    excerpts = models.CharField(max_length=10, choices=Excerpts, default=Excerpts.NORMAL)
    paused = models.BooleanField(default=False)
    health = models.CharField(max_length=10, choices=Health, default=Health.NEW)
    outcome = models.CharField(max_length=300, blank=True, help_text="the last outcome in words")
    failures = models.PositiveIntegerField(default=0)
    etag = models.CharField(max_length=300, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    checked_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True, help_text="empty: due at once")

    class Meta:
        indexes = [models.Index(fields=["paused", "next_at"], name="source_due")]
        constraints = [models.CheckConstraint(condition=Q(trust__gte=0, trust__lte=1), name="source_trust_0_1")]

    def __str__(self) -> str:
        return self.title or self.url


class Link(models.Model):
    """One address of an article and what became of it. `key` is the sha256 of the normalised URL."""

    class State(models.TextChoices):
        FOUND = "found"
        FETCHED = "fetched"
        REFUSED = "refused"
        QUARANTINED = "quarantined"
        GONE = "gone"

    key = models.CharField(max_length=64, primary_key=True)
    url = models.CharField(max_length=2000)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="links")
    state = models.CharField(max_length=12, choices=State, default=State.FOUND)
    reason = models.CharField(max_length=300, blank=True)
    folded_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="folded")
    status = models.PositiveSmallIntegerField(null=True)
    etag = models.CharField(max_length=300, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    tries = models.PositiveSmallIntegerField(default=0, help_text="failures in a row")
    visits = models.PositiveSmallIntegerField(default=0, help_text="answers with a page")
    found_at = models.DateTimeField()
    fetched_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    content_hash = models.CharField(max_length=64, blank=True)
    archive_file = models.CharField(max_length=200, blank=True)
    archive_offset = models.BigIntegerField(null=True)
    sketched = models.BooleanField(default=False, help_text="the archived page is in its site's template")
    judge_again = models.BooleanField(default=False, help_text="an editor asked that its archived page be judged again")

    class Meta:
        indexes = [
            models.Index(fields=["site", "state", "next_at"], name="link_due"),
            models.Index(fields=["site"], condition=Q(sketched=False) & ~Q(archive_file=""), name="link_unsketched"),
            models.Index(fields=["archive_file"], name="link_by_archive_file"),
            models.Index(fields=["site"], condition=Q(judge_again=True), name="link_to_judge_again"),
        ]

    def __str__(self) -> str:
        return self.url


class Sighting(models.Model):
    """A source named a link: one article found by many sources. A repeated GUID is the source's affair."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="sightings")
    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="sightings")
    guid = models.CharField(max_length=500, blank=True)
    title = models.CharField(max_length=500, blank=True)
    author = models.CharField(max_length=300, blank=True)
    published_at = models.DateTimeField(null=True)
    published_day = models.DateField(null=True, help_text="the day as the source says it")
    published_precision = models.CharField(max_length=5, blank=True)
    published_offset = models.SmallIntegerField(null=True, help_text="minutes east of UTC; empty: no zone is stated")
    summary = models.TextField(blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "link"], name="one_sighting_per_source_and_link")]


class Story(models.Model):
    """One line in the editor's queue. Copies, reprints and versions share it; a merged story is never deleted."""

    key = models.CharField(max_length=10, unique=True, default=new_story_key)
    lead = models.ForeignKey("Article", null=True, on_delete=models.PROTECT, related_name="leads")
    dated = models.DateTimeField(help_text="earliest date of its copies, else first seen")
    undated = models.BooleanField(default=False, help_text="no copy states a date")
    filed_at = models.DateTimeField()
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")

    class Meta:
        indexes = [
            models.Index(fields=["-dated"], name="story_by_date"),
            models.Index(fields=["filed_at"], name="story_by_filing"),
        ]
        constraints = [models.CheckConstraint(condition=~Q(merged_into=F("id")), name="story_not_merged_into_itself")]

    def __str__(self) -> str:
        return self.lead.title if self.lead else self.key


class Article(models.Model):
    """The extracted value at rest. The newest version of a link is current."""

    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="articles")
    version = models.PositiveSmallIntegerField(default=1)
    current = models.BooleanField(default=True)
    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="articles")
    url = models.CharField(max_length=2000)
    title = models.CharField(max_length=1000, blank=True)
    text = models.TextField()
    html = models.TextField(blank=True)
    author = models.CharField(max_length=500, blank=True)
    published_at = models.DateTimeField(null=True)
    published_day = models.DateField(null=True, help_text="the day as the page says it")
    published_precision = models.CharField(max_length=5, blank=True)
    published_from = models.CharField(max_length=20, blank=True)
    modified_at = models.DateTimeField(null=True)
    description = models.TextField(blank=True)
    language = models.CharField(max_length=12, blank=True)
    image_url = models.CharField(max_length=2000, blank=True)
    site_name = models.CharField(max_length=200, blank=True)
    paywalled = models.BooleanField(default=False)
    reuse = models.JSONField(default=dict)
    evidence = models.JSONField(default=dict)
    text_from = models.CharField(max_length=5, default="page")
    word_count = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, help_text="sha256 of title and text: what a label was made from")
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "version"], name="one_article_per_link_and_version"),
            models.UniqueConstraint(fields=["link"], condition=Q(current=True), name="one_current_article"),
        ]
        indexes = [models.Index(fields=["digest"], name="article_by_digest")]

    def __str__(self) -> str:
        return self.title or self.url


class Band(models.Model):
    """One band of an article's MinHash signature: articles that share a band may be copies of each other."""

    hash = models.BigIntegerField()
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="bands")

    class Meta:
        indexes = [models.Index(fields=["hash"], name="band_by_hash")]


class Filing(models.Model):
    """Append-only: why an article stands in a story."""

    class Relation(models.TextChoices):
        NEW = "new"
        VERSION = "version"
        COPY = "copy"
        REPRINT = "reprint"
        MERGED = "merged"
        SPLIT = "split"

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="filings")
    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="filings")
    relation = models.CharField(max_length=8, choices=Relation)
    why = models.CharField(max_length=300)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()


class Apart(models.Model):
    """A pair of articles that an editor split; no rule joins them again."""

    first = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_apart_per_pair"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="apart_in_order"),
        ]


class Run(models.Model):
    """One crawl's archive file and how far its records were taken in: the place where a killed crawl resumes."""

    name = models.CharField(max_length=60, primary_key=True)
    started_at = models.DateTimeField()
    read_to = models.BigIntegerField(default=0, help_text="bytes of the archive file that are settled")
    lease_by = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)


class Event(models.Model):
    """Append-only: every verb writes its Event in the same transaction; audit, history and undo all read it."""

    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    verb = models.CharField(max_length=30)
    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=200)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    undoes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="undone_by")

    class Meta:
        indexes = [
            models.Index(fields=["kind", "key", "-at"], name="event_history"),
            models.Index(fields=["verb", "-at"], name="event_by_verb"),
        ]
