"""A publication's name, sender, schedule and look."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from desk.accounts import EDITORS
from desk.clock import clock
from desk.forms.publication import PublicationForm
from desk.views.page import back, desk_page, show, tell
from digest.models import Publication
from digest.publishing import change_publication


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
