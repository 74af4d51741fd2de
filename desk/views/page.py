"""What all pages of the desk share: who may see it, the navigation, words for refusals, and how a page is shown."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from crawler.errors import CrawlerError
from crawler.models import Event
from desk.accounts import EDITORS, OPERATORS
from desk.clock import clock
from desk.errors import DeskError
from desk.figures import percent
from desk.missing import Missing
from desk.moments import Moments
from desk.places import place_words
from desk.roles import ALL_ROLES, roles_of
from desk.saying import say, sentence_of
from digest.models import Publication

View = Callable[..., HttpResponse]
ANYBODY: frozenset[str] = frozenset({"signed in"})
WORKERS = ALL_ROLES
ONLY_OPERATORS = frozenset({OPERATORS})
UNDO = "undo:"
# A form that came back with words at its fields.
WRONG = 422


@dataclass(frozen=True)
class Place:
    """One place in the navigation."""

    key: str
    label: str
    href: str


def desk_page(*, who: Iterable[str] = WORKERS, methods: tuple[str, ...] = ("GET", "HEAD")) -> Callable[[View], View]:
    """A page for these roles. A `slug` in its address becomes the publication; refusals become pages with words."""
    allowed = frozenset(who)

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, **parts: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return to_login(request)
            if allowed != ANYBODY and not allowed & _roles(request):
                return refusal(request, _("This page is for other roles than yours."), 403)
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            try:
                return view(request, **_with_publication(request, parts))
            except Publication.DoesNotExist:
                return refusal(request, _("There is no such publication."), 404)
            except Missing as error:
                return refusal(request, str(error), 404)
            except (CrawlerError, DeskError) as error:
                return refusal(request, sentence_of(error), 400)

        return guarded

    return wrap


def show(request: HttpRequest, template: str, title: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """Render a page of the desk with its navigation, messages and times."""
    publication = context.get("publication") or last_publication(request)
    roles = _roles(request)
    shared = {
        "title": title,
        "not_saved": status == WRONG,
        "here": context.get("here", ""),
        "publication": publication,
        "places": places(publication),
        "publications": list(Publication.objects.order_by("name")) if publication else [],
        "is_operator": OPERATORS in roles,
        "can_edit": EDITORS in roles,
        "keys_on": getattr(request.user, "keys_on", False),
        "notes": [_note(one) for one in messages.get_messages(request)],
        "moments": moments_of(publication),
        "percent": functools.partial(percent, language=translation.get_language() or "en"),
        # One token for all forms of the page: Django's own tag masks it anew each time, half a millisecond each.
        "token_field": format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request)),
        "language": translation.get_language() or "en",
        "web_address": web_address,
        "queue_url": queue_url(request, publication),
        "place_words": place_words,
        "say": say,
        "back_to": request.get_full_path() if request.method == "GET" else "",
    }
    return own_origin(render(request, template, {**shared, **context, "publication": publication}, status=status))


def own_origin(response: HttpResponse) -> HttpResponse:
    """Under "no-referrer" a browser posts a form with `Origin: null`, which the CSRF check rightly refuses."""
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def moments_of(publication: Publication | None) -> Moments:
    zone = publication.timezone if publication else "UTC"
    return Moments(zone, translation.get_language() or "en", clock())


def places(publication: Publication | None) -> list[Place]:
    """The one navigation."""
    found = []
    if publication is not None:
        found.append(Place("queue", _("Queue"), reverse("desk:queue", kwargs={"slug": publication.slug})))
        found.append(Place("editions", _("Editions"), reverse("desk:editions", kwargs={"slug": publication.slug})))
    found.append(Place("sources", _("Sources"), reverse("desk:sources")))
    found.append(Place("subscribers", _("Subscribers"), reverse("desk:subscribers")))
    if publication is not None:
        found.append(
            Place("publication", _("Publication"), reverse("desk:publication", kwargs={"slug": publication.slug}))
        )
    found.append(Place("help", _("Help"), reverse("desk:help")))
    return found


def remember_queue(request: HttpRequest) -> None:
    """Keep the view of the queue, so that a story's page leads back to it."""
    if request.session.get("queue") != request.get_full_path():
        request.session["queue"] = request.get_full_path()


def queue_url(request: HttpRequest, publication: Publication | None) -> str:
    """The view of the queue last looked at, where it was this publication's."""
    if publication is None:
        return reverse("desk:home")
    plain = reverse("desk:queue", kwargs={"slug": publication.slug})
    last = str(request.session.get("queue", ""))
    return last if last.partition("?")[0] == plain else plain


def refusal(request: HttpRequest, words: str, status: int) -> HttpResponse:
    """Words for what cannot be: a page, or for a part of a page just the sentence."""
    words = words[:1].upper() + words[1:]
    if is_part(request):
        return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    titles = {
        403: gettext_noop("Not for your role"),
        404: gettext_noop("Not found"),
        400: gettext_noop("That cannot be done"),
    }
    return show(request, "desk/refused.html", _(titles.get(status, "Refused")), status=status, words=words)


def is_part(request: HttpRequest) -> bool:
    """Whether htmx asks, to swap a part of the page in place."""
    return request.headers.get("HX-Request") == "true"


def back(request: HttpRequest, to: str, anchor: str = "") -> HttpResponse:
    """303 to where the form says the person was, if that is a page of ours, else to `to`; there, to an anchor."""
    asked = request.POST.get("next", "")
    mine = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    page = asked if asked.startswith("/") and mine else to
    answer = HttpResponseRedirect(f"{page.partition('#')[0]}#{anchor}" if anchor else page)
    answer.status_code = 303
    return answer


def tell(request: HttpRequest, words: str, *undo: Event | None) -> None:
    """Say what was done, on the next page shown; with its Events it can be taken back from there."""
    numbers = ",".join(str(event.pk) for event in undo if event is not None)
    messages.success(request, words, extra_tags=f"{UNDO}{numbers}" if numbers else "")


def web_address(url: str) -> str:
    """The address where it is one of the web, else nothing: no other scheme ever becomes a link."""
    return url if url.startswith(("http://", "https://")) else ""


def newest_event(verb: str, kind: str, key: object) -> Event | None:
    """The Event that a verb has just written."""
    return Event.objects.filter(verb=verb, kind=kind, key=str(key)).order_by("-at", "-pk").first()


@dataclass(frozen=True)
class Note:
    """One message to the person, with the Event that it lets them undo."""

    words: str
    level: str
    undo: str


def _note(message: Any) -> Note:
    tags = message.extra_tags or ""
    return Note(str(message), message.level_tag, tags.removeprefix(UNDO) if tags.startswith(UNDO) else "")


def _roles(request: HttpRequest) -> frozenset[str]:
    """The roles of who asks, read once per request."""
    if not hasattr(request, "roles"):
        request.roles = roles_of(request.user)  # type: ignore[attr-defined]
    return request.roles  # type: ignore[attr-defined,no-any-return]


def to_login(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and from there back to the page that was asked for, or that a part belongs to."""
    login = reverse("desk:login")
    asked = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    if is_part(request):
        parts = urlsplit(request.headers.get("HX-Current-URL", ""))
        asked = f"{parts.path}?{parts.query}" if parts.query else parts.path
    there = f"{login}?{urlencode({'next': asked})}" if asked else login
    if is_part(request):
        return HttpResponse(status=401, headers={"HX-Redirect": there})
    return HttpResponseRedirect(there)


def _with_publication(request: HttpRequest, parts: dict[str, Any]) -> dict[str, Any]:
    slug = parts.pop("slug", None)
    if slug is None:
        return parts
    publication = Publication.objects.get(slug=slug)
    if request.session.get("publication") != slug:
        request.session["publication"] = slug
    return {**parts, "publication": publication}


def last_publication(request: HttpRequest) -> Publication | None:
    """The publication this person last looked at, else the first by name."""
    known = Publication.objects.order_by("name")
    slug = request.session.get("publication", "")
    return known.filter(slug=slug).first() or known.first()
