"""Signing in, and what a person sets for themself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk import login_tries
from desk.clock import clock
from desk.models import User
from digest.knocks import network_of


class Throttled(AuthenticationForm):
    """Counts wrong tries; after five the door stays closed for a quarter of an hour."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": gettext_lazy("This name and this password do not belong together. Mind upper and lower case."),
    }

    def clean(self) -> dict[str, Any]:
        key = login_tries.who(self.cleaned_data.get("username", ""), self._network())
        if login_tries.closed(key, clock()):
            raise ValidationError(_("Too many wrong tries. Wait a quarter of an hour, then try again."), code="closed")
        try:
            cleaned = super().clean()
        except ValidationError:
            login_tries.failed(key, clock())
            raise
        login_tries.passed(key)
        return cleaned

    def _network(self) -> str:
        """Whose network asks: behind a proxy of ours all would share its address, and one could lock all out."""
        said = self.request.META if self.request else {}
        return network_of(said.get("REMOTE_ADDR", ""), said.get("HTTP_X_FORWARDED_FOR", ""))


class LoginForm(Throttled):
    """Name and password at the desk's door. It says the same for an unknown name and a wrong password."""


class AdminLoginForm(Throttled, AdminAuthenticationForm):
    """The admin's door counts with the desk's, else it would be the way around it."""


class AccountForm(forms.ModelForm):
    """A person's own switches."""

    class Meta:
        model = User
        fields = ("keys_on",)
        labels = {"keys_on": gettext_lazy("Single-letter keys")}
        help_texts = {
            "keys_on": gettext_lazy("Switch them off if you dictate, or if they get in the way of other software.")
        }
