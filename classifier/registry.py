"""The models of the database: one champion per taxonomy, loaded once per process."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from django.db import transaction

from classifier import models
from classifier.errors import ClassifierError
from classifier.pack import Pack, shipped_model_bytes
from classifier.taxonomy import Taxonomy
from classifier.topicmodel import TopicModel
from classifier.topics import wanted_taxonomy
from crawler.events import record
from crawler.models import Event


@transaction.atomic
def install(data: bytes, *, by: str, now: datetime) -> models.Model:
    """Keep a fitted model; the first one of its taxonomy is its champion."""
    model = TopicModel.load(data)
    taxonomy = model.taxonomy.key
    row, made = models.Model.objects.get_or_create(
        id=model.id, defaults={"taxonomy": taxonomy, "made_at": now, "data": data, "card": model.card}
    )
    if made:
        record("install model", "model", model.id, by=by, now=now)
    if not models.Model.objects.filter(taxonomy=taxonomy, champion=True).exists():
        promote(model.id, by=by, now=now)
    return row


def install_shipped(pack: Pack, *, by: str, now: datetime) -> models.Model | None:
    """The pack's own model where the database has none of this taxonomy yet."""
    if models.Model.objects.filter(taxonomy=pack.taxonomy.key).exists():
        return None
    return install(shipped_model_bytes(pack), by=by, now=now)


@transaction.atomic
def promote(model_id: str, *, by: str, now: datetime) -> models.Model:
    """Make a model its taxonomy's champion; stories are relabelled as `label` comes to them."""
    row = models.Model.objects.filter(pk=model_id).first()
    if row is None:
        known = ", ".join(models.Model.objects.values_list("pk", flat=True)) or "none"
        raise ClassifierError("no such model", model_id, f"there are: {known}")
    before = models.Model.objects.filter(taxonomy=row.taxonomy, champion=True).first()
    models.Model.objects.filter(taxonomy=row.taxonomy, champion=True).update(champion=False)
    models.Model.objects.filter(pk=model_id).update(champion=True)
    old = before.pk if before else ""
    record("promote", "model", model_id, by=by, now=now, before={"champion": old}, after={"champion": model_id})
    return row


@transaction.atomic
def rollback(taxonomy: str, *, by: str, now: datetime) -> models.Model:
    """Make the champion before this one champion again. ClassifierError where there was none."""
    now_champion = models.Model.objects.filter(taxonomy=taxonomy, champion=True).first()
    promotions = Event.objects.filter(verb="promote", kind="model").order_by("-pk")
    for event in promotions:
        before = (event.before or {}).get("champion")
        if now_champion and event.key == now_champion.pk and before:
            return promote(before, by=by, now=now)
    raise ClassifierError("no model was champion before", taxonomy)


def taxonomies() -> list[str]:
    """The taxonomies that have a model."""
    return sorted(models.Model.objects.filter(champion=True).values_list("taxonomy", flat=True))


def champion(taxonomy: str) -> TopicModel:
    """The model that labels this taxonomy. ClassifierError where none is installed."""
    pk = models.Model.objects.filter(taxonomy=taxonomy, champion=True).values_list("pk", flat=True).first()
    if pk is None:
        raise ClassifierError("no model is installed for this taxonomy", taxonomy, "run `glabella topics load`")
    model = _loaded(pk)
    wanted = wanted_taxonomy(model.taxonomy)
    return model if wanted.digest == model.taxonomy.digest else _adapted(pk, wanted)


@lru_cache(maxsize=4)
def _loaded(pk: str) -> TopicModel:
    return TopicModel.load(bytes(models.Model.objects.get(pk=pk).data))


@lru_cache(maxsize=4)
def _adapted(pk: str, wanted: Taxonomy) -> TopicModel:
    """The model judging by topics that were renamed, retired or added after it was fitted."""
    return TopicModel.load(bytes(models.Model.objects.get(pk=pk).data), wanted)
