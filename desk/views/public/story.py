"""A story's own page: title, blurb, where it stands. It points to the source and does not replace it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from desk.views.public.page import missing, show
from digest.published import editions_with, story_at, story_item


@require_safe
def story(request: HttpRequest, key: str) -> HttpResponse:
    """Only what stood in an issue is shown; a merged story sends on to the one that lives."""
    row = story_at(key)
    if row is None:
        missing("no such story")
    if row.key != key:
        return HttpResponsePermanentRedirect(reverse("story", args=[row.key]))
    found = story_item(row)
    if found is None:
        missing("no such story")
    item, content = found.item, found.content
    editions = editions_with(row)
    publication = next((one.publication for one in editions if one.publication.slug == content.imprint.slug), None)
    context = {
        "item": item,
        "names": {topic.key: topic.name for topic in content.topics},
        "editions": editions,
        "elsewhere": "" if item.url.endswith(reverse("story", args=[item.key])) else item.url,
    }
    return show(request, "story", context, publication=publication)
