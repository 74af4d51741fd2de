"""The story page: clean text with reasons, what was dropped, copies, topics, history."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from classifier.labelling import retag
from classifier.models import Labelling
from crawler.confirming import confirm
from crawler.models import Story
from crawler.stories import StoryError, living, split
from desk.accounts import EDITORS
from desk.clock import clock
from desk.dropping import RULES, blocks_of
from desk.errors import DeskError
from desk.lines import lines_of
from desk.missing import Missing
from desk.signs import facts_told, signals_of, signs_told
from desk.telling import copies, facets, history, marked_text, topics_given, topics_mark
from desk.undoing import INVERSES
from desk.views.page import back, desk_page, newest_event, show, tell
from digest.merging import merge_stories
from digest.models import Publication


@desk_page()
def story(request: HttpRequest, publication: Publication, key: str) -> HttpResponse:
    """One story. A merged one leads to where it went."""
    row = _story(key)
    if row.key != key:
        return redirect("desk:story", slug=publication.slug, key=row.key)
    (line,) = lines_of([row], publication, clock())
    label = Labelling.objects.filter(story=row, taxonomy=publication.taxonomy).first()
    choices, signals = facets(row, publication, label), signals_of(line.lead, label)
    return show(
        request,
        "desk/story.html",
        line.lead.title or _("(no title)"),
        here="queue",
        publication=publication,
        line=line,
        label=label,
        marked=marked_text(line.lead, label),
        signals=signals,
        signs=signs_told(signals),
        study=facts_told(signals),
        facets=choices,
        topics_mark=topics_mark((topic.key, topic.by) for topic in line.topics),
        copies=copies(row),
        history=history(row),
        names={topic.key: topic.name for facet in choices for topic in facet.topics},
        undoable=INVERSES,
    )


@desk_page()
def dropped(request: HttpRequest, publication: Publication, key: str) -> HttpResponse:
    """The lead's page again, block by block: what was kept, what was dropped, and how sure the judge was."""
    row = _story(key)
    assert row.lead is not None
    title = _("What was dropped: %s") % (row.lead.title or _("(no title)"))
    return show(
        request, "desk/dropped.html", title, here="queue", publication=publication, story=row, lead=row.lead,
        blocks=blocks_of(row.lead), rules=RULES,
    )  # fmt: skip


@desk_page(who={EDITORS}, methods=("POST",))
def set_topics(request: HttpRequest, publication: Publication, key: str) -> HttpResponse:
    """The editor's word on the topics, unless another's came between: a form holds all of them."""
    stands = topics_mark(topics_given(_story(key), publication.taxonomy))
    if request.POST.get("seen", "") not in ("", stands):
        raise DeskError(_("Somebody settled these topics after you had opened the page. Look at them once more."))
    retag(key, request.POST.getlist("topic"), publication.taxonomy, by=request.user.get_username(), now=clock())
    tell(request, _("The topics are settled; the model learns from it."), newest_event("retag", "story", key))
    return _to_story(request, publication, key)


@desk_page(who={EDITORS}, methods=("POST",))
def split_copy(request: HttpRequest, publication: Publication, key: str) -> HttpResponse:
    """Give one copy a story of its own."""
    number = request.POST.get("copy", "")
    if not number.isdecimal() or len(number) > 17:
        raise StoryError("the story has no such copy to split off", key)
    split(key, int(number), by=request.user.get_username(), now=clock())
    tell(request, _("The copy has a story of its own now."), newest_event("split", "story", key))
    return _to_story(request, publication, key)


@desk_page(who={EDITORS}, methods=("POST",))
def merge_into(request: HttpRequest, publication: Publication, key: str) -> HttpResponse:
    """Merge this story into another, named by its key or the address of its page."""
    other = request.POST.get("into", "").strip().rstrip("/").rpartition("/")[2][:40]
    kept = merge_stories(key, other, by=request.user.get_username(), now=clock())
    tell(request, _("Merged."), newest_event("merge", "story", key))
    return _to_story(request, publication, kept.key)


@desk_page(who={EDITORS}, methods=("POST",))
def confirm_fact(request: HttpRequest, publication: Publication, key: str) -> HttpResponse:
    """An unsure title, author or date is right, and may be printed."""
    confirm(key, request.POST.get("fact", ""), by=request.user.get_username(), now=clock())
    tell(request, _("Confirmed; readers will see it."))
    return _to_story(request, publication, key)


def _story(key: str) -> Story:
    try:
        found = living(key)
    except StoryError as error:
        raise Missing(_("There is no such story.")) from error
    row = Story.objects.select_related("lead__link").get(pk=found.pk)
    if row.lead is None:
        raise Missing(_("This story has no article."))
    return row


def _to_story(request: HttpRequest, publication: Publication, key: str) -> HttpResponse:
    return back(request, reverse("desk:story", kwargs={"slug": publication.slug, "key": key}))
