"""Signing up: the form's answer is the same whoever asks; a mail's link leads to a button, and the button confirms."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from desk.forms.public import AddressForm, SignUpForm
from desk.running import transport
from desk.views.public.afterwards import Afterwards
from desk.views.public.archive import issue_list
from desk.views.public.page import (
    missing,
    personal,
    publication_or_404,
    show,
    token_or_404,
    with_form,
    words_language,
)
from digest.errors import DigestError
from digest.knocks import BY_NETWORK, knock, network_of
from digest.links import LinkExpired
from digest.models import Publication
from digest.preferences import send_link
from digest.signup import Wish, asked, confirm
from digest.signup import request as request_signup


@require_http_methods(["GET", "HEAD", "POST"])
def publication(request: HttpRequest, slug: str) -> HttpResponse:
    """The publication's page; its form is sent to the same address."""
    found = publication_or_404(slug)
    if request.method != "POST":
        return _publication_page(request, found, SignUpForm(found))
    form = SignUpForm(found, request.POST)
    if not form.is_valid():
        return _publication_page(request, found, form, status=400)
    wish = Wish(
        form.cleaned_data["address"],
        tuple(form.cleaned_data["topics"]),
        form.cleaned_data["cadence"],
        agreed(found),
    )
    return _answer(request, found, form, "asked", lambda: _request(found, wish))


@require_http_methods(["GET", "HEAD", "POST"])
def topics_link(request: HttpRequest, slug: str) -> HttpResponse:
    """A fresh link to one's own topics and data, sent to the address if it is a reader's."""
    found = publication_or_404(slug)
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        status = 400 if form.is_bound else 200
        return personal(show(request, "topics_link", {"form": form}, publication=found, status=status))
    return _answer(request, found, form, "link_asked", lambda: _send(found, form.cleaned_data["address"]))


@require_http_methods(["GET", "HEAD", "POST"])
def confirming(request: HttpRequest, signed: str) -> HttpResponse:
    """GET shows a button, POST confirms: a link scanner subscribes nobody."""
    now = timezone.now()
    try:
        row = asked(token_or_404(signed), now)
        if request.method == "POST" and row.confirmed_at is None:
            confirm(signed, now=now)
            return personal(show(request, "confirmed", {"fresh": True}, publication=row.publication))
    except LinkExpired as old:
        found = Publication.objects.filter(sign_ups__token=old.token).first()
        return personal(show(request, "expired", {"what": "confirm"}, publication=found, status=410))
    except DigestError:
        missing("no such sign-up")
    template = "confirm" if row.confirmed_at is None else "confirmed"
    return personal(show(request, template, {"fresh": False}, publication=row.publication))


def agreed(publication: Publication) -> str:
    """The sentence at the form's button, kept with the consent."""
    with translation.override(words_language(publication.language)):
        return _(
            "I want to get %(name)s by mail. What I choose is used for that alone, and I can leave at any time "
            "by a link in each mail."
        ) % {"name": publication.name}


def _publication_page(request: HttpRequest, found: Publication, form: SignUpForm, status: int = 200) -> HttpResponse:
    issues = issue_list(found, request.GET.get("page", "1"))
    context = {**issues, "form": form, "agreed": agreed(found)}
    return with_form(show(request, "publication", context, publication=found, status=status))


def _answer(
    request: HttpRequest, found: Publication, form: AddressForm, template: str, work: Callable[[], object]
) -> HttpResponse:
    """The same page for a known, an unknown and a machine's address, but for the address; only a busy network is told so."""
    page = show(request, template, {"address": form.cleaned_data["address"]}, publication=found)
    if form.is_trapped:
        return personal(page)
    network = network_of(request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", ""))
    if not knock(BY_NETWORK, network, timezone.now()):
        return personal(show(request, "too_many", {}, publication=found, status=429))
    return personal(Afterwards(page, work))


def _request(publication: Publication, wish: Wish) -> None:
    way = transport()
    try:
        request_signup(publication, wish, transport=way, now=timezone.now())
    finally:
        way.close()


def _send(publication: Publication, address: str) -> None:
    way = transport()
    try:
        send_link(address, publication, transport=way, now=timezone.now())
    finally:
        way.close()
