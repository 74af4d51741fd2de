"""The queue, what its buttons do, and undo."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from crawler.models import Event, Story
from crawler.stories import living
from desk.accounts import EDITORS
from desk.clock import clock
from desk.composition import name_of
from desk.deciding import decide, next_line, said
from desk.errors import DeskError
from desk.forms.queue import LANES, QueueForm
from desk.lines import lines_of
from desk.queue import Wanted, page_of, waiting
from desk.undoing import undo, undo_all
from desk.views.page import back, desk_page, is_part, remember_queue, show, tell
from digest.drafting import current_draft
from digest.models import Publication

KEY = re.compile(r"[A-Za-z0-9_-]{1,40}")


@desk_page()
def queue(request: HttpRequest, publication: Publication) -> HttpResponse:
    """One page of the queue."""
    form = QueueForm(request.GET, publication)
    right = form.is_valid()
    wanted = form.wanted()
    now = clock()
    page = page_of(publication, wanted, now)
    remember_queue(request)
    title = _("Queue") if wanted.lane == "open" else _("Queue: %s") % LANES[wanted.lane]
    return show(
        request, "desk/queue.html", title, status=200 if right else 400, here="queue", publication=publication,
        form=form, wanted=wanted, lanes=LANES, lines=lines_of(page.stories, publication, now), following=page.following,
        filtered=wanted != Wanted(lane=wanted.lane), waiting=waiting(publication, now),
    )  # fmt: skip


@desk_page(who={EDITORS}, methods=("POST",))
def decide_stories(request: HttpRequest, publication: Publication) -> HttpResponse:
    """Pick, dismiss, snooze or merge; for htmx the line as it stands now, else back to the page."""
    verb, keys, now = request.POST.get("verb", ""), request.POST.getlist("key"), clock()
    events = decide(verb, keys, publication, by=request.user.get_username(), now=now)
    if is_part(request) and len(keys) == 1:
        return _line(request, publication, living(keys[0]), events[0] if events else None, said(verb, 1))
    tell(request, _with_draft(said(verb, len(keys)), publication) if verb == "pick" else said(verb, len(keys)), *events)
    # What is merged stands on in the line of the first.
    on = keys[0] if verb == "merge" else next_line(request.POST.get("shown", "").split(), keys)
    anchor = f"line-{on}" if KEY.fullmatch(on) else ""
    return back(request, reverse("desk:queue", kwargs={"slug": publication.slug}), anchor)


@desk_page(who={EDITORS}, methods=("POST",))
def undo_step(request: HttpRequest) -> HttpResponse:
    """Take a step back, or several that were done at once."""
    event, *_others = undo_all(request.POST.get("event", ""), by=request.user.get_username(), now=clock())
    publication = _of_event(event)
    if is_part(request) and publication is not None:
        return _line(request, publication, living(event.key), None, _("Undone."))
    tell(request, _("Undone."))
    return back(request, reverse("desk:home"))


@desk_page(who={EDITORS}, methods=("POST",))
def undo_last(request: HttpRequest) -> HttpResponse:
    """Take back the last step of this person that can be."""
    mine = Event.objects.filter(by=request.user.get_username(), undone_by=None, undoes=None)
    last = (
        mine.filter(verb__in=("picked", "dismissed", "snoozed", "merge", "split", "retag", "remove"))
        .order_by("-pk")
        .first()
    )
    if last is None:
        raise DeskError(_("There is nothing to undo."))
    undo(str(last.pk), by=request.user.get_username(), now=clock())
    tell(request, _("Undone."))
    return back(request, reverse("desk:home"))


def _with_draft(words: str, publication: Publication) -> str:
    """What was picked stands in the draft, where there is one: a sentence with a link."""
    draft = current_draft(publication)
    if draft is None:
        return words
    place = reverse("desk:edition", kwargs={"slug": publication.slug, "which": name_of(draft)})
    return format_html('{} <a href="{}">{}</a>', words, place, _("In no. %(n)s") % {"n": draft.number})


def _of_event(event: Event) -> Publication | None:
    slug = (event.before or {}).get("publication", "")
    return Publication.objects.filter(slug=slug).first() if event.kind == "story" else None


def _line(
    request: HttpRequest, publication: Publication, story: Story, event: Event | None, words: str
) -> HttpResponse:
    """One line of the queue alone, to be swapped in place, and what is left to do."""
    full, now = Story.objects.select_related("lead").get(pk=story.pk), clock()
    (line,) = lines_of([full], publication, now)
    return show(
        request, "desk/line.html", "", publication=publication, line=line, done=words if event else "", event=event,
        wanted=Wanted(), waiting=waiting(publication, now), name_of=name_of,
    )  # fmt: skip
