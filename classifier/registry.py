"""The models of the database: one champion per taxonomy, loaded once per process."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from django.db import transaction

from classifier import models
from classifier.errors import ClassifierError
from classifier.pack import Pack, shipped_model_bytes
from classifier.topicmodel import TopicModel
from crawler.events import record


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


def champion(taxonomy: str) -> TopicModel:
    """The model that labels this taxonomy. ClassifierError where none is installed."""
    pk = models.Model.objects.filter(taxonomy=taxonomy, champion=True).values_list("pk", flat=True).first()
    if pk is None:
        raise ClassifierError("no model is installed for this taxonomy", taxonomy, "run `glabella topics load`")
    return _loaded(pk)


@lru_cache(maxsize=4)
def _loaded(pk: str) -> TopicModel:
    return TopicModel.load(bytes(models.Model.objects.get(pk=pk).data))
