"""Signing in and out, and a person's own switches."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from desk.forms.account import AccountForm, LoginForm
from desk.views.page import ANYBODY, back, desk_page, own_origin, show, tell


class Login(LoginView):
    """The door. `next` is followed only to a page of this site."""

    template_name = "desk/login.html"
    authentication_form = LoginForm
    next_page = "desk:home"
    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return own_origin(super().dispatch(request, *args, **kwargs))

    def form_invalid(self, form: LoginForm) -> HttpResponse:
        closed = any(error.code == "closed" for error in form.non_field_errors().as_data())
        return self.render_to_response(self.get_context_data(form=form), status=429 if closed else 422)


class Logout(LogoutView):
    next_page = "desk:login"


@desk_page(who=ANYBODY, methods=("GET", "HEAD", "POST"))
def account(request: HttpRequest) -> HttpResponse:
    """Keys on or off, and which roles one has."""
    form = AccountForm(request.POST if request.method == "POST" else None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        tell(request, _("Saved."))
        return back(request, reverse("desk:account"))
    return show(request, "desk/account.html", _("Your account"), form=form, here="account")
