"""A publication's page and its issues as web pages: the whole issue, for all topics."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from desk.views.public.page import missing, publication_or_404, show
from digest.contrast import NIGHT, PAPER, readable
from digest.message import lighter
from digest.models import Cadence, Publication
from digest.published import contents_of, out_editions
from digest.selection import Wishes, select
from digest.words import words_of

ISSUES_A_PAGE = 20


@require_safe
def issue(request: HttpRequest, slug: str, number: int, cadence: str = Cadence.WEEKLY) -> HttpResponse:
    """An archived issue from its newest revision."""
    publication = publication_or_404(slug)
    edition = out_editions(publication).filter(number=number, cadence=cadence).first()
    contents = contents_of([edition] if edition else [])
    if edition is None or edition.pk not in contents:
        missing("no such issue")
    content = contents[edition.pk]
    neighbours = out_editions(publication).filter(cadence=cadence).order_by()
    words = words_of(content.imprint.language)
    context = {
        "issue": content,
        "selection": select(content, Wishes()),
        "names": {topic.key: topic.name for topic in content.topics},
        "first_day": words.since(content.opens, content.closes),
        "last_day": words.day(content.closes),
        "earlier": neighbours.filter(number__lt=number).order_by("-number").first(),
        "later": neighbours.filter(number__gt=number).order_by("number").first(),
    }
    return show(request, "issue", context, publication=publication)


@require_safe
def accent(request: HttpRequest, slug: str) -> HttpResponse:
    """The publication's colour as a stylesheet: the page's policy allows no inline style."""
    colour = publication_or_404(slug).accent
    light, dark = readable(colour, PAPER), readable(lighter(colour), NIGHT)
    css = f":root{{--accent:{light}}}@media(prefers-color-scheme:dark){{:root{{--accent:{dark}}}}}\n"
    return HttpResponse(css, content_type="text/css", headers={"Cache-Control": "max-age=3600"})


def issue_list(publication: Publication, page: str) -> dict[str, object]:
    """One page of the publication's issues, with what stood first in each."""
    shown = Paginator(out_editions(publication), ISSUES_A_PAGE).get_page(page)
    contents = contents_of(shown.object_list)
    rows = [(edition, contents[edition.pk]) for edition in shown.object_list if edition.pk in contents]
    return {"issues": rows, "page": shown}
