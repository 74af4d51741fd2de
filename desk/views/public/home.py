"""The front door: every publication with its latest issue and sign-up; and whether the house stands."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from desk.views.public.page import show, with_form
from digest.published import contents_of, open_publications, out_editions

LATEST = 3


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Publications, the latest issues of each, sign-up."""
    publications = list(open_publications())
    latest = {one.pk: list(out_editions(one)[:LATEST]) for one in publications}
    contents = contents_of(edition for editions in latest.values() for edition in editions)
    shown = [
        (one, [(edition, contents[edition.pk]) for edition in latest[one.pk] if edition.pk in contents])
        for one in publications
    ]
    return with_form(show(request, "home", {"publications": shown}))


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """200 while the database answers, 503 while it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        return JsonResponse({"ok": False, "database": "does not answer"}, status=503)
    return JsonResponse({"ok": True, "database": "answers"})
