"""What all public pages share: the publication's language, safe addresses, and who may keep or list a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NoReturn

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from classifier.models import Topic
from digest.bylines import short_author
from digest.models import Publication
from digest.published import OPEN_ARCHIVE, issue_path
from digest.words import words_of

# A browser sends `Origin: null` with a form of a no-referrer page, which the CSRF check must refuse. same-origin
# tells other hosts as little: nothing.
FORM_REFERRER = "same-origin"
_TOKEN = re.compile(r"[A-Za-z0-9_=.-]{1,200}")


def show(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    publication: Publication | None = None,
    status: int = 200,
) -> HttpResponse:
    """A page in the publication's language, or in the browser's where it belongs to none."""
    language = words_language(publication.language) if publication else translation.get_language() or "en"
    words = words_of(language)
    common = {
        "publication": publication,
        "language": language,
        "day": words.day,
        "href": safe_address,
        "short_author": short_author,
        "issue_path": issue_path,
        "site_url": settings.SITE_URL,
    }
    with translation.override(language):
        page = render(request, f"public/{template}.html", {**common, **context}, status=status)
    page.headers["Content-Language"] = language
    return page


def personal(response: HttpResponse) -> HttpResponse:
    """A page that belongs to one person: nobody lists it, nobody keeps it."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Cache-Control"] = "no-store, private"
    return with_form(response)


def with_form(response: HttpResponse) -> HttpResponse:
    response.headers["Referrer-Policy"] = FORM_REFERRER
    return response


def publication_or_404(slug: str) -> Publication:
    found = Publication.objects.filter(slug=slug).first()
    return found or missing("no such publication")


def archived_or_404(slug: str) -> Publication:
    """A publication whose issues are kept for everybody."""
    found = publication_or_404(slug)
    return found if found.archive == OPEN_ARCHIVE else missing("no archive")


def topic_or_404(publication: Publication, key: str) -> Topic:
    return Topic.objects.filter(taxonomy=publication.taxonomy, key=key).first() or missing("no such topic")


def missing(why: str) -> NoReturn:
    raise Http404(why)


def token_or_404(text: str) -> str:
    """A token of ours as far as its letters go; a database need not be asked about others."""
    return text if _TOKEN.fullmatch(text) else missing("no such token")


def words_language(language: str) -> str:
    """The language that our own words have for a publication: its own where there is a catalogue, else English."""
    known = {code for code, _ in settings.LANGUAGES}
    base = language.lower().replace("_", "-").partition("-")[0]
    return base if base in known else "en"


def safe_address(url: str) -> str:
    """The address if following it opens a page; empty for `javascript:` and whatever else a feed may say."""
    return url if url.lower().startswith(("http://", "https://")) else ""
