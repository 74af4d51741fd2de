"""The topics of a publication, and the stories of one from the issues that are out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from desk.views.public.page import archived_or_404, show, topic_or_404
from digest.freezing import imprint_of
from digest.issue import TopicName
from digest.published import facets_of, topic_items

STORIES_A_PAGE = 30
MOST_PAGES = 400


@require_safe
def topics(request: HttpRequest, slug: str) -> HttpResponse:
    """Every topic by facet, with how many stories of it went out."""
    publication = archived_or_404(slug)
    return show(request, "topics", {"facets": facets_of(publication)}, publication=publication)


@require_safe
def topic(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """A page of one topic's stories; a topic that became another sends on to it."""
    publication = archived_or_404(slug)
    found = topic_or_404(publication, key)
    if found.retired_at and len(found.successors) == 1:
        return HttpResponsePermanentRedirect(reverse("topic", args=[slug, found.successors[0]]))
    page = _page(request.GET.get("page", "1"))
    # One more than is shown tells whether there is a next page.
    stories = topic_items(publication, found.pk, (page - 1) * STORIES_A_PAGE, STORIES_A_PAGE + 1)
    context = {
        "topic": TopicName(found.key, found.facet, found.called(publication.language)),
        "stories": stories[:STORIES_A_PAGE],
        "imprint": imprint_of(publication),
        "older": page + 1 if len(stories) > STORIES_A_PAGE else None,
        "newer": page - 1 if page > 1 else None,
    }
    return show(request, "topic", context, publication=publication)


def _page(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    return min(max(number, 1), MOST_PAGES)
