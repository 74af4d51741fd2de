"""A publication's name, sender, schedule and look."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from desk.accounts import EDITORS
from desk.clock import clock
from desk.forms.publication import NewPublicationForm, PublicationForm
from desk.saying import sentence_of
from desk.views.page import ONLY_OPERATORS, back, desk_page, show, tell
from digest.errors import DigestError
from digest.models import Publication
from digest.publishing import add_publication, change_publication


@desk_page(who={EDITORS}, methods=("GET", "HEAD", "POST"))
def publication_page(request: HttpRequest, publication: Publication) -> HttpResponse:
    """Look at it, change it. Mails already frozen keep what they had."""
    form = PublicationForm(publication, request.POST if request.method == "POST" else None)
    wrong = request.method == "POST" and not form.is_valid()
    if request.method == "POST" and not wrong:
        change_publication(publication, **form.cleaned_data, by=request.user.get_username(), now=clock())
        tell(request, _("Saved. Drafts take it at once; what is approved keeps what it had."))
        return back(request, reverse("desk:publication", kwargs={"slug": publication.slug}))
    status = 422 if wrong else 200
    return show(
        request, "desk/publication.html", _("Publication"), status=status, here="publication", publication=publication,
        form=form,
    )  # fmt: skip


@desk_page(who=ONLY_OPERATORS, methods=("GET", "HEAD", "POST"))
def new_publication(request: HttpRequest) -> HttpResponse:
    """Make a publication; its schedule and look are set on its own page."""
    form = NewPublicationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_publication(**form.cleaned_data, by=request.user.get_username(), now=clock())
        except DigestError as error:
            form.add_error("slug", sentence_of(error))
        else:
            tell(request, _("Made. Now set its day, its colours, and what it takes."))
            return redirect("desk:publication", slug=made.slug)
    status = 422 if request.method == "POST" else 200
    return show(
        request, "desk/publication_new.html", _("New publication"), status=status, here="publication", form=form
    )
