"""The issues' stories as feeds, beside a publication and beside each of its topics. Excerpts are those of the mails."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_safe

from desk.feeds_out import TYPES, Entry, Feed, write
from desk.views.public.page import archived_or_404, safe_address, topic_or_404
from digest.models import Publication
from digest.published import Published, issue_items, issue_path, topic_items

ISSUES, ENTRIES = 6, 60


@require_safe
@conditional_page
def publication_feed(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The stories of the newest issues."""
    publication = archived_or_404(slug)
    found = issue_items(publication, ISSUES)[:ENTRIES]
    home = reverse("publication", args=[slug])
    return _answer(request, publication, publication.name, home, found, kind)


@require_safe
@conditional_page
def topic_feed(request: HttpRequest, slug: str, key: str, kind: str) -> HttpResponse:
    """The newest stories of one topic."""
    publication = archived_or_404(slug)
    topic = topic_or_404(publication, key)
    found = topic_items(publication, topic.pk, 0, ENTRIES)
    home = reverse("topic", args=[slug, key])
    return _answer(request, publication, f"{publication.name}: {topic.called(publication.language)}", home, found, kind)


def _answer(
    request: HttpRequest,
    publication: Publication,
    title: str,
    home: str,
    found: Sequence[Published],
    kind: str,
) -> HttpResponse:
    entries = {entry.ident: entry for entry in map(_entry, found)}
    feed = Feed(
        url=settings.SITE_URL + request.path,
        home=settings.SITE_URL + home,
        title=title,
        author=publication.name,
        subtitle=publication.tagline,
        language=publication.language,
        entries=tuple(entries.values()),
    )
    return HttpResponse(write(feed, kind), content_type=TYPES[kind], headers={"Cache-Control": "max-age=900"})


def _entry(one: Published) -> Entry:
    """A story is named by its own page; an editor's item by its issue and words."""
    item, content = one.item, one.content
    issue = settings.SITE_URL + issue_path(content.imprint.slug, content.cadence, content.number)
    ident = settings.SITE_URL + reverse("story", args=[item.key]) if item.key else ""
    ident = ident or f"{issue}#{sha256(item.headline.encode()).hexdigest()[:12]}"
    names = {topic.key: topic.name for topic in content.topics}
    return Entry(
        ident=ident,
        url=safe_address(item.url) or ident,
        title=item.headline,
        at=one.at,
        summary=item.blurb,
        author=item.author,
        source=item.source,
        language=item.language,
        topics=tuple(names[key] for key in item.topics if key in names),
    )
