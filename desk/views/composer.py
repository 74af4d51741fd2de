"""Editions: the list, the composer, and the steps on places and words."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from crawler.errors import CrawlerError
from desk.accounts import EDITORS
from desk.clock import clock
from desk.composition import edition_of, ledger_of, name_of, place_lines
from desk.forms.composer import ItemForm, PlaceForm, ProofForm, StoryForm, WordsForm
from desk.progress import progress_of
from desk.proofs import content_for, readers_of, warnings_of
from desk.saying import sentence_of
from desk.views.page import back, desk_page, moments_of, newest_event, show, tell
from digest.composing import (
    MENDABLE,
    Part,
    Step,
    add_item,
    add_story,
    move,
    must_be,
    place_of,
    remove,
    reword,
    set_words,
)  # fmt: skip
from digest.drafting import current_draft, draft
from digest.errors import DigestError
from digest.freezing import content_of
from digest.models import Cadence, Edition, Publication
from digest.renewing import news_of


@desk_page()
def editions(request: HttpRequest, publication: Publication) -> HttpResponse:
    """Every edition, newest first, and the button that makes the next draft."""
    rows = publication.editions.order_by("-send_at", "-pk")[:60]
    return show(
        request, "desk/editions.html", _("Editions"), here="editions", publication=publication, editions=rows,
        drafted=[one for one in Cadence.values if current_draft(publication, one)], name_of=name_of,
        progress_of=progress_of,
    )  # fmt: skip


@desk_page(who={EDITORS}, methods=("POST",))
def make_draft(request: HttpRequest, publication: Publication) -> HttpResponse:
    """Make the next draft, or suggest again around what editors placed."""
    cadence = request.POST.get("cadence", Cadence.WEEKLY)
    if cadence not in Cadence.values:
        raise DigestError(_("There is no such rhythm."))
    drafted = current_draft(publication, cadence)
    edition = draft(publication, by=request.user.get_username(), now=clock(), cadence=cadence)
    told = _("Suggested anew. What you placed or changed has stayed.") if drafted else _("Drafted.")
    tell(request, told)
    return to_edition(request, edition)


@desk_page()
def composer(request: HttpRequest, publication: Publication, which: str) -> HttpResponse:
    """One edition at work."""
    return composer_page(request, edition_of(publication, which))


@desk_page(who={EDITORS}, methods=("POST",))
def change_words(request: HttpRequest, publication: Publication, which: str) -> HttpResponse:
    """Subject and introduction."""
    edition = edition_of(publication, which)
    must_be(edition, MENDABLE)
    form = WordsForm(edition, request.POST)
    if not form.is_valid():
        return composer_page(request, edition, status=422, words=form)
    said = form.cleaned_data
    if (said["subject"], said["intro"]) != (edition.subject, edition.intro):
        set_words(edition, **said, by=request.user.get_username(), now=clock())
        tell(request, _("Saved."))
    if request.POST.get("then") == "check":
        parts = {"slug": publication.slug, "which": name_of(edition)}
        return back(request, reverse("desk:check", kwargs=parts))
    return to_edition(request, edition)


@desk_page(who={EDITORS}, methods=("POST",))
def change_place(request: HttpRequest, publication: Publication, which: str) -> HttpResponse:
    """Move a place, take it out, or set its words."""
    edition, by, now = edition_of(publication, which), request.user.get_username(), clock()
    number, step = _number(request.POST.get("place", "")), request.POST.get("step", "")
    if step in tuple(Step):
        move(edition, number, Step(step), by=by, now=now)
        return to_edition(request, edition, f"#place-{number}")
    if step == "remove":
        remove(edition, number, by=by, now=now)
        tell(request, _("Taken out."), newest_event("remove", "edition", edition.pk))
        return to_edition(request, edition)
    return _reword(request, edition, number)


@desk_page(who={EDITORS}, methods=("POST",))
def add(request: HttpRequest, publication: Publication, which: str) -> HttpResponse:
    """An own item, a heading or a sponsor; or a story, by its key or the address of its page."""
    edition, form = edition_of(publication, which), ItemForm(request.POST, auto_id="item-%s")
    must_be(edition, (Edition.State.DRAFT,))
    if "story" in request.POST:
        return _add_story(request, edition)
    if not form.is_valid():
        return composer_page(request, edition, status=422, item=form)
    add_item(edition, **form.cleaned_data, by=request.user.get_username(), now=clock())
    tell(request, _("Added at the end of its part."))
    return to_edition(request, edition)


def _add_story(request: HttpRequest, edition: Edition) -> HttpResponse:
    form = StoryForm(request.POST, auto_id="add-%s")
    if form.is_valid():
        try:
            add_story(edition, form.cleaned_data["story"], by=request.user.get_username(), now=clock())
            tell(request, _("Added at the end of its part."))
            return to_edition(request, edition)
        except CrawlerError as error:
            form.add_error("story", sentence_of(error))
    return composer_page(request, edition, status=422, add=form)


def _reword(request: HttpRequest, edition: Edition, number: int) -> HttpResponse:
    must_be(edition, MENDABLE)
    place = place_of(edition, number)
    form = PlaceForm(place, request.POST)
    if not form.is_valid():
        return composer_page(request, edition, status=422, wrong={place.pk: form})
    reword(edition, number, by=request.user.get_username(), now=clock(), **form.cleaned_data)
    tell(request, _("Saved."))
    return to_edition(request, edition, f"#place-{number}")


def composer_page(request: HttpRequest, edition: Edition, *, status: int = 200, **forms: Any) -> HttpResponse:
    """The composer, with forms that came back with errors in place of fresh ones."""
    is_draft = edition.state == Edition.State.DRAFT
    content = content_of(edition, "") if is_draft or edition.state == Edition.State.SKIPPED else content_for(edition)
    context = {
        "words": WordsForm(edition), "item": ItemForm(auto_id="item-%s"), "add": StoryForm(auto_id="add-%s"),
        "proof": ProofForm(auto_id="proof-%s", initial={"address": getattr(request.user, "email", "")}),
        **forms,
    }  # fmt: skip
    lines = place_lines(edition, content, request.GET.get("change", ""), context.pop("wrong", None))
    return show(
        request,
        "desk/composer.html",
        _("Edition %s") % edition.number,
        status=status,
        here="editions",
        publication=edition.publication,
        edition=edition,
        which=name_of(edition),
        is_draft=is_draft,
        mendable=edition.state in MENDABLE,
        news=news_of(edition, clock()) if is_draft else 0,
        lines=lines,
        warnings=warnings_of(content, sum(line.title_unsure for line in lines)),
        readers=readers_of(edition),
        ledger=ledger_of(edition),
        progress=progress_of(edition, moments_of(edition.publication)),
        part_names={
            Part.SAFETY: _("Safety notices"),
            Part.LEADS: _("First"),
            Part.REST: _("This month") if edition.cadence == Cadence.MONTHLY else _("This week"),
        },
        content=content,
        **context,
    )


def _part_names(edition: Edition) -> dict[Part, str]:
    rest = _("This month") if edition.cadence == Cadence.MONTHLY else _("This week")
    return {Part.SAFETY: _("Safety notices"), Part.LEADS: _("First"), Part.REST: rest}


def to_edition(request: HttpRequest, edition: Edition, spot: str = "") -> HttpResponse:
    """Back to the composer, at a spot of the page."""
    parts = {"slug": edition.publication.slug, "which": name_of(edition)}
    return back(request, reverse("desk:edition", kwargs=parts) + spot)


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 17:
        raise DigestError(_("There is no such place."))
    return int(text)
