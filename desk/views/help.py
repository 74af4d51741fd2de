"""The first page, and the help."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from desk.views.page import ANYBODY, desk_page, last_publication, show


@desk_page(who=ANYBODY)
def home(request: HttpRequest) -> HttpResponse:
    """The queue of the publication last looked at; where there is none yet, how to make one."""
    publication = last_publication(request)
    if publication is not None:
        return redirect("desk:queue", slug=publication.slug)
    return show(request, "desk/first.html", _("Welcome"))


@desk_page(who=ANYBODY)
def help_page(request: HttpRequest) -> HttpResponse:
    """Everything the desk can do, on one page, with or without JavaScript."""
    return show(request, "desk/help.html", _("Help"), here="help")
