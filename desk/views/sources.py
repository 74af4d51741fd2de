"""Sources: how they fare, a try-out before one is added, pause and resume, lists in and out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from crawler.models import Source
from crawler.sources import SourceError, add_source, pause_source, resume_source, source_address
from crawler.tending import tend_source
from crawler.trying import Trial, try_source
from desk.accounts import EDITORS
from desk.clock import clock
from desk.forms.sources import OpmlForm, RulesForm, SourceForm, TendForm
from desk.missing import Missing
from desk.nudge import Work, nudge
from desk.opml import write_opml
from desk.running import crawl_plan
from desk.saying import sentence_of
from desk.site_rules import site_rules, sites_of
from desk.source_keys import key_of, source_of
from desk.tending import events_of, latest_links, line_of, links_of, outlines, reasons_of, source_lines, take_outlines
from desk.views.page import WRONG, back, desk_page, newest_event, show, tell

TRIED_LINKS = 3


@desk_page()
def sources(request: HttpRequest) -> HttpResponse:
    """All sources, those in need first."""
    return show(request, "desk/sources.html", _("Sources"), here="sources", lines=source_lines(), opml=OpmlForm())


@desk_page(who={EDITORS}, methods=("GET", "HEAD", "POST"))
def add(request: HttpRequest) -> HttpResponse:
    """Try a source out, look at what it gives, then add it."""
    form = SourceForm(request.POST if request.method == "POST" else None)
    trial: Trial | None = None
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            try:
                if request.POST.get("step") == "add":
                    return _added(request, said)
                address = source_address(said["url"])
                trial, status = try_source(address, said["kind"], crawl_plan(), clock(), TRIED_LINKS), 200
            except SourceError as error:
                form.add_error("url", sentence_of(error))
    return show(
        request, "desk/source_add.html", _("Add a source"), status=status, here="sources", form=form, trial=trial
    )


@desk_page()
def source(request: HttpRequest, key: str) -> HttpResponse:
    """One source: state, last outcomes, care, the rules of its site."""
    return source_page(request, source_or_404(key), host=request.GET.get("site", ""))


@desk_page(who={EDITORS}, methods=("POST",))
def tend(request: HttpRequest, key: str) -> HttpResponse:
    """Name, tags, rhythm, trust, what may be shown."""
    row, form = source_or_404(key), TendForm(request.POST)
    if not form.is_valid():
        return source_page(request, row, form, status=WRONG)
    tend_source(row, **form.cleaned_data, by=request.user.get_username(), now=clock())
    tell(request, _("Saved."))
    return back(request, reverse("desk:source", kwargs={"key": key}))


@desk_page(who={EDITORS}, methods=("POST",))
def pause(request: HttpRequest, key: str) -> HttpResponse:
    """Ask it no more, or ask it again."""
    row, by = source_or_404(key), request.user.get_username()
    if request.POST.get("step") == "resume":
        resume_source(row, by=by, now=clock())
        nudge(Work.CRAWL)
        tell(request, _("It is asked again at the next crawl."), newest_event("resume source", "source", row.pk))
    else:
        pause_source(row, by=by, now=clock())
        tell(request, _("Paused."), newest_event("pause source", "source", row.pk))
    return back(request, reverse("desk:source", kwargs={"key": key}))


@desk_page()
def opml(request: HttpRequest) -> HttpResponse:
    """All sources as a file for other readers."""
    data = write_opml("Glabella", outlines(), clock())
    headers = {"Content-Disposition": 'attachment; filename="sources.opml"'}
    return HttpResponse(data, content_type="text/x-opml; charset=utf-8", headers=headers)


@desk_page(who={EDITORS}, methods=("POST",))
def import_opml(request: HttpRequest) -> HttpResponse:
    """Add the sources that a list names."""
    form = OpmlForm(request.POST, request.FILES)
    if not form.is_valid():
        return show(
            request, "desk/sources.html", _("Sources"), status=422, here="sources", lines=source_lines(), opml=form
        )
    taken = take_outlines(form.cleaned_data["file"], by=request.user.get_username())
    nudge(Work.CRAWL)
    return show(request, "desk/sources_taken.html", _("Sources taken in"), here="sources", taken=taken)


def source_page(
    request: HttpRequest, row: Source, form: TendForm | None = None, rules: RulesForm | None = None, host: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The page of one source, with the rules of one of the sites that it leads to."""
    names = ("title", "tags", "rhythm_minutes", "trust", "excerpts")
    hosts = sites_of(row)
    shown = site_rules(host if host in hosts else hosts[0], hosts)
    return show(
        request, "desk/source.html", str(row), status=status, here="sources", line=line_of(row, links_of(row)),
        form=form or TendForm(initial={name: getattr(row, name) for name in names}), reasons=reasons_of(row),
        sightings=latest_links(row), events=events_of(row, shown.host), site=shown,
        rules=rules or RulesForm(shown.host),
    )  # fmt: skip


def _added(request: HttpRequest, said: dict[str, object]) -> HttpResponse:
    row, made = add_source(**said, by=request.user.get_username(), now=clock())  # type: ignore[arg-type]
    nudge(Work.CRAWL)
    tell(request, _("Added; it is asked at the next crawl.") if made else _("This source was here already."))
    return redirect("desk:source", key=key_of(row.url))


def source_or_404(key: str) -> Source:
    """The source of a key. Missing where there is none."""
    try:
        return source_of(key)
    except SourceError as error:
        raise Missing(_("There is no such source.")) from error
