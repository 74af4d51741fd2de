"""What Django refuses before a view is reached: a form without its token, an address that is none."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found

from desk.views.page import refusal, to_login

DESK = "/desk/"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """At the desk a form without its token mostly means that its sender has been signed out meanwhile."""
    if not request.path.startswith(DESK):
        return render(request, "403_csrf.html", status=403)
    if not request.user.is_authenticated:
        return to_login(request)
    return refusal(request, _("The page stood open for too long. Load it again, then do it once more."), 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Who works at the desk stays there."""
    if request.path.startswith(DESK) and request.user.is_authenticated:
        return refusal(request, _("There is nothing at this address."), 404)
    return page_not_found(request, exception)
