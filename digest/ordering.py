"""The order of an edition's places: put one in, move one, close no gaps that nobody sees."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max

from digest.models import Edition, Placement


@transaction.atomic
def insert(edition: Edition, position: int, **fields: Any) -> Placement:
    """Put a place at this position; what stands there and after it moves on."""
    following = list(edition.placements.filter(position__gte=position).order_by("-position"))
    for place in following:
        Placement.objects.filter(pk=place.pk).update(position=place.position + 1)
    return Placement.objects.create(edition=edition, position=position, **fields)


@transaction.atomic
def swap(one: Placement, other: Placement) -> None:
    """Exchange two places; a free position is needed meanwhile, since two may never share one."""
    last = Placement.objects.filter(edition=one.edition_id).aggregate(last=Max("position"))["last"] or 0
    first, second = one.position, other.position
    for place, position in ((one, last + 1), (other, first), (one, second)):
        Placement.objects.filter(pk=place.pk).update(position=position)
        place.position = position


def last_position(edition: Edition) -> int:
    """The first position that is free at the end."""
    last = edition.placements.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1
