"""The models of the database: one champion per taxonomy, loaded once per process."""

from __future__ import annotations

import logging
from datetime import datetime
from functools import lru_cache

from django.db import transaction

from classifier import models
from classifier.errors import ClassifierError, ModelError, PackError
from classifier.pack import Pack, shipped_model_bytes, shipped_pack
from classifier.taxonomy import Taxonomy
from classifier.topicmodel import TopicModel
from classifier.topics import wanted_taxonomy
from crawler.events import record
from crawler.models import Event

log = logging.getLogger(__name__)
UNREADABLE = "rule:unreadable model"


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
    """The pack's own model where the database has none of this taxonomy yet, or one at work that cannot be read."""
    if models.Model.objects.filter(taxonomy=pack.taxonomy.key).exists():
        return succeed(pack, by=by, now=now)
    return install(shipped_model_bytes(pack), by=by, now=now)


@transaction.atomic
def succeed(pack: Pack, *, by: str, now: datetime) -> models.Model | None:
    """Where this program cannot read the champion, the pack's model takes over: a promotion as any other.

    The old row stays, and so do the editors' corrections, which are Events: the next `train` learns them again.
    """
    # Locked, so that of two workers who find it one acts.
    old = models.Model.objects.select_for_update().filter(taxonomy=pack.taxonomy.key, champion=True).first()
    why = unreadable(old.pk) if old else ""
    if old is None or not why:
        return None
    new = promote(install(shipped_model_bytes(pack), by=by, now=now).pk, by=by, now=now)
    log.warning("the topic model %s cannot be read (%s): the shipped one, %s, labels from now on", old.pk, why, new.pk)
    return new


def unreadable(model_id: str) -> str:
    """Why this program cannot read a model, empty where it can."""
    try:
        _loaded(model_id)
    except ModelError as error:
        return error.sentence()
    return ""


@transaction.atomic
def promote(model_id: str, *, by: str, now: datetime) -> models.Model:
    """Make a model its taxonomy's champion; stories are relabelled as `label` comes to them.

    ClassifierError where there is no such model, or where this program cannot read it.
    """
    row = models.Model.objects.filter(pk=model_id).first()
    if row is None:
        known = ", ".join(models.Model.objects.values_list("pk", flat=True)) or "none"
        raise ClassifierError("no such model", model_id, f"there are: {known}")
    if why := unreadable(model_id):
        raise ClassifierError("this model cannot be champion", model_id, f"{why}; `glabella train` fits a new one")
    before = models.Model.objects.filter(taxonomy=row.taxonomy, champion=True).first()
    models.Model.objects.filter(taxonomy=row.taxonomy, champion=True).update(champion=False)
    models.Model.objects.filter(pk=model_id).update(champion=True)
    old = before.pk if before else ""
    record("promote", "model", model_id, by=by, now=now, before={"champion": old}, after={"champion": model_id})
    return row


@transaction.atomic
def rollback(taxonomy: str, *, by: str, now: datetime) -> models.Model:
    """Make the champion before this one champion again. ClassifierError where there was none, or none to be read."""
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


def working_champion(taxonomy: str, *, now: datetime, pack: Pack | None = None) -> TopicModel:
    """The champion, after the model that its pack ships took over from one that this program cannot read.

    ModelError where no pack has one that can be read.
    """
    try:
        return champion(taxonomy)
    except ModelError as error:
        try:
            succeed(pack or shipped_pack(taxonomy), by=UNREADABLE, now=now)
        except PackError as missing:
            mend = "`glabella topics load PACK` or `glabella train --pack PACK` brings another"
            raise ModelError("the champion cannot be read", taxonomy, f"{error}; {mend}") from missing
        return champion(taxonomy)


@lru_cache(maxsize=4)
def _loaded(pk: str) -> TopicModel:
    return TopicModel.load(bytes(models.Model.objects.get(pk=pk).data))


@lru_cache(maxsize=4)
def _adapted(pk: str, wanted: Taxonomy) -> TopicModel:
    """The model judging by topics that were renamed, retired or added after it was fitted."""
    return TopicModel.load(bytes(models.Model.objects.get(pk=pk).data), wanted)
