"""What the composer shows: an edition's places with the words a reader would get, forms to change them, its ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from desk.forms.composer import PlaceForm
from desk.missing import Missing
from digest.candidates import safety_stories
from digest.composing import Part, part_of
from digest.issue import IssueContent, IssueItem
from digest.models import Cadence, Delivery, Edition, Placement, Publication

MOST_WHYS = 12


@dataclass(frozen=True)
class PlaceLine:
    """A place, what readers would get of it, the form to change its words where asked for, and where it stands.

    `part` is the part of the mail; first and last are of the part. `number` is the place's own, from 1, in the edition.
    """

    place: Placement
    item: IssueItem | None
    form: PlaceForm | None
    part: Part
    number: int
    first: bool = False
    last: bool = False

    @property
    def title_unsure(self) -> bool:
        """Whether a title that only one place of its page names would be printed as it stands."""
        lead = self.place.story.lead if self.place.story else None
        return lead is not None and not self.place.headline and "title" not in lead.evidence.get("sure", ())


@dataclass(frozen=True)
class LedgerLine:
    """How many mails came to a state, and (why, of how many) for those that did not arrive."""

    state: str
    mails: int
    whys: list[tuple[str, int]]


def edition_of(publication: Publication, which: str) -> Edition:
    """The edition that an address names as `weekly-12`."""
    cadence, _dash, number = which.rpartition("-")
    known = cadence in Cadence.values and number.isdecimal() and len(number) < 9
    found = publication.editions.filter(cadence=cadence, number=int(number)).first() if known else None
    if found is None:
        raise Missing(_("There is no such edition."))
    found.publication = publication
    return found


def name_of(edition: Edition) -> str:
    """What names the edition in addresses."""
    return f"{edition.cadence}-{edition.number}"


def place_lines(
    edition: Edition, content: IssueContent, change: str = "", wrong: Mapping[int, PlaceForm] | None = None
) -> list[PlaceLine]:
    """The edition's places as the mail prints them. Open are the form of place number `change`, and those in `wrong`."""
    places = list(edition.placements.select_related("story__lead").defer("story__lead__text", "story__lead__html"))
    items: list[Any] = list(content.items) if len(content.items) == len(places) else [None] * len(places)
    open_ = dict(wrong or {})
    if change.isdecimal() and len(change) < 6 and 1 <= int(change) <= len(places):
        asked = places[int(change) - 1]
        open_.setdefault(asked.pk, PlaceForm(asked))
    safety = safety_stories([place.story for place in places if place.story])
    lines = [
        PlaceLine(place, item, open_.get(place.pk), part_of(place, safety), number)
        for number, (place, item) in enumerate(zip(places, items, strict=True), 1)
    ]
    return [line for part in Part for line in _with_ends([line for line in lines if line.part == part])]


def _with_ends(lines: list[PlaceLine]) -> list[PlaceLine]:
    last = len(lines) - 1
    return [replace(line, first=at == 0, last=at == last) for at, line in enumerate(lines)]


def ledger_of(edition: Edition) -> list[LedgerLine]:
    """Deliveries by state, each with the commonest reasons where something is not as it should be."""
    rows = edition.deliveries.values("state").annotate(n=Count("pk")).order_by("state")
    odd = edition.deliveries.exclude(state=Delivery.State.ACCEPTED).exclude(why="")
    whys = odd.values("state", "why").annotate(n=Count("pk")).order_by("-n", "why")[:MOST_WHYS]
    return [
        LedgerLine(row["state"], row["n"], [(one["why"], one["n"]) for one in whys if one["state"] == row["state"]])
        for row in rows
    ]
