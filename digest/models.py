"""The rows from stories to deliveries: publications, editions, issues, subscribers, the send ledger."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q

from crawler.models import Story


def new_token() -> str:
    """128 random bits, URL-safe: what a link in a mail carries instead of a name or an id."""
    return secrets.token_urlsafe(16)


class Cadence(models.TextChoices):
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Publication(models.Model):
    """One newsletter. What an editor would change is here, not in a variable."""

    class Audience(models.TextChoices):
        PUBLIC = "public"
        PROFESSIONAL = "professional"

    class Archive(models.TextChoices):
        PUBLIC = "public"
        NONE = "none"

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    tagline = models.CharField(max_length=200, blank=True)
    from_name = models.CharField(max_length=80)
    from_address = models.EmailField()
    reply_to = models.EmailField(blank=True)
    postal_address = models.CharField(max_length=200)
    accent = models.CharField(max_length=7, default="#8a3b55")
    language = models.CharField(max_length=12, default="en")
    timezone = models.CharField(max_length=40, default="Europe/London")
    weekday = models.PositiveSmallIntegerField(default=0, help_text="0 is Monday: the day of the mail")
    hour = models.PositiveSmallIntegerField(default=7)
    taxonomy = models.SlugField(max_length=40, default="aesthetics")
    source_tags = models.JSONField(default=list, blank=True, help_text="empty: all sources")
    topics = models.JSONField(default=list, blank=True, help_text="empty: all topics")
    audience = models.CharField(max_length=12, choices=Audience, default=Audience.PUBLIC)
    archive = models.CharField(max_length=6, choices=Archive, default=Archive.PUBLIC)
    items = models.PositiveSmallIntegerField(default=15, help_text="stories in an edition, safety notices apart")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="publication_weekday"),
            models.CheckConstraint(condition=Q(hour__lte=23), name="publication_hour"),
        ]

    def __str__(self) -> str:
        return self.name


class Choice(models.Model):
    """What an editor decided of a story for one publication."""

    class State(models.TextChoices):
        PICKED = "picked"
        DISMISSED = "dismissed"
        SNOOZED = "snoozed"

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="choices")
    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="choices")
    state = models.CharField(max_length=9, choices=State)
    until = models.DateTimeField(null=True, blank=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["story", "publication"], name="one_choice_per_story_and_publication")
        ]
        indexes = [models.Index(fields=["publication", "state"], name="choice_by_state")]


class Edition(models.Model):
    """A digest of one publication being made."""

    class State(models.TextChoices):
        DRAFT = "draft"
        APPROVED = "approved"
        SENDING = "sending"
        PAUSED = "paused"
        SENT = "sent"
        SKIPPED = "skipped"
        CANCELLED = "cancelled"

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="editions")
    cadence = models.CharField(max_length=8, choices=Cadence, default=Cadence.WEEKLY)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    opens_at = models.DateTimeField(help_text="the window in words for the reader; not a filter")
    closes_at = models.DateTimeField(help_text="the cut-off: stories filed before it")
    send_at = models.DateTimeField()
    subject = models.CharField(max_length=150, blank=True)
    intro = models.TextField(blank=True)
    made_at = models.DateTimeField()
    approved_by = models.CharField(max_length=80, blank=True)
    approved_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["publication", "cadence", "number"], name="one_edition_per_number"),
            models.UniqueConstraint(
                fields=["publication", "cadence"], condition=Q(state="draft"), name="one_draft_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["state", "send_at"], name="edition_due")]

    def __str__(self) -> str:
        rhythm = "" if self.cadence == Cadence.WEEKLY else f"{self.cadence} "
        return f"{self.publication.name} {rhythm}{self.number}"


class Placement(models.Model):
    """A place in an edition. The editor's order stands."""

    class Kind(models.TextChoices):
        STORY = "story"
        OWN = "own"
        SPONSOR = "sponsor"
        HEADING = "heading"

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="placements")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.STORY)
    story = models.ForeignKey(Story, null=True, on_delete=models.PROTECT, related_name="placements")
    lead = models.BooleanField(default=False, help_text="for all readers, whatever their topics")
    headline = models.CharField(max_length=300, blank=True)
    blurb = models.TextField(blank=True)
    url = models.URLField(max_length=2000, blank=True)
    event_day = models.DateField(null=True, blank=True)
    why = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=80)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "position"], name="one_placement_per_position"),
            models.UniqueConstraint(fields=["edition", "story"], name="a_story_once_per_edition"),
            models.CheckConstraint(
                condition=Q(kind="story", story__isnull=False) | (~Q(kind="story") & Q(story__isnull=True)),
                name="placement_story_iff_kind",
            ),
        ]


class Issue(models.Model):
    """An edition frozen for rendering. A correction in the middle of a send makes the next revision."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="issues")
    revision = models.PositiveSmallIntegerField()
    content = models.JSONField()
    why = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "revision"], name="one_issue_per_revision")]


class Subscriber(models.Model):
    """A person: one address, once. Erasure blanks the person and keeps ledger and hash."""

    token = models.CharField(max_length=32, unique=True, default=new_token)
    address = models.CharField(max_length=254, blank=True)
    address_hash = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120, blank=True)
    added_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.address or "(erased)"


class Subscription(models.Model):
    """A person's tie to one publication: topics, rhythm, state. Its token opens leave and pause, nothing more."""

    class State(models.TextChoices):
        PENDING = "pending"
        ACTIVE = "active"
        PAUSED = "paused"
        LEFT = "left"

    subscriber = models.ForeignKey(Subscriber, on_delete=models.PROTECT, related_name="subscriptions")
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="subscriptions")
    token = models.CharField(max_length=32, unique=True, default=new_token)
    state = models.CharField(max_length=7, choices=State, default=State.PENDING)
    topics = models.JSONField(default=list, blank=True, help_text="nothing chosen means all")
    never = models.JSONField(default=list, blank=True)
    cadence = models.CharField(max_length=8, choices=Cadence, default=Cadence.WEEKLY)
    since = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscriber", "publication"], name="one_subscription_per_publication")
        ]
        indexes = [models.Index(fields=["publication", "state", "cadence"], name="subscription_readers")]


class Consent(models.Model):
    """Append-only proof: when, how and to which words a person said yes, or that they left."""

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="consents")
    at = models.DateTimeField()
    what = models.CharField(max_length=20)
    how = models.CharField(max_length=200)
    words = models.TextField(blank=True)


class Suppression(models.Model):
    """An address that is never mailed, by its keyed hash: bounces and complaints count everywhere."""

    address_hash = models.CharField(max_length=64, unique=True)
    reason = models.CharField(max_length=200)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()


class Delivery(models.Model):
    """The send ledger: one row per edition and subscriber; its state says what became of the mail."""

    class State(models.TextChoices):
        DUE = "due"
        CLAIMED = "claimed"
        SENDING = "sending"
        ACCEPTED = "accepted"
        FAILED = "failed"
        UNKNOWN = "unknown"
        WITHDRAWN = "withdrawn"

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="deliveries")
    subscriber = models.ForeignKey(Subscriber, on_delete=models.PROTECT, related_name="deliveries")
    state = models.CharField(max_length=9, choices=State, default=State.DUE)
    selection = models.JSONField(default=dict, help_text="topics and never, as they stood at approval")
    revision = models.PositiveSmallIntegerField(null=True)
    message_id = models.CharField(max_length=120, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    lease_by = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "subscriber"], name="one_delivery_per_edition_and_reader")
        ]
        indexes = [models.Index(fields=["state", "next_at"], name="delivery_due")]


class SignUp(models.Model):
    """What somebody asked for at an address, until its owner confirms: no person and no subscription exists before."""

    token = models.CharField(max_length=32, unique=True, default=new_token)
    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="sign_ups")
    address = models.CharField(max_length=254)
    topics = models.JSONField(default=list, blank=True)
    cadence = models.CharField(max_length=8, choices=Cadence, default=Cadence.WEEKLY)
    words = models.TextField(help_text="what the form said that the person agrees to")
    at = models.DateTimeField(db_index=True)
    confirmed_at = models.DateTimeField(null=True)


class Knock(models.Model):
    """Somebody asked for something that is rationed. The keyed hash of who tells equal ones apart, no more."""

    kind = models.CharField(max_length=20)
    key_hash = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "key_hash", "at"], name="knock_count")]
