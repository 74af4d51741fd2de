"""Two editors at one form: what stood when it was drawn is held against what stands when it is sent."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SHOWN = 300


def mark_of(*values: object) -> str:
    """A short mark of what stands; another mark means that it has been changed."""
    return sha256(repr(values).encode()).hexdigest()[:16]


class Seen(forms.Form):
    """A form that knows what it changes. Sent from a page older than another's change it asks once more."""

    stands: tuple[object, ...] = ()
    tells = True

    @property
    def mark(self) -> str:
        return mark_of(*self.stands)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if self.data.get("seen") not in (None, "", self.mark):
            raise ValidationError(self._faster(), code="stale")
        return said

    def _faster(self) -> str:
        now = " / ".join(str(value) for value in self.stands if value and not isinstance(value, bool))
        words = _("Somebody changed this after you had opened it. Nothing is saved yet; saving again replaces theirs.")
        return f"{words} {_('It says now: %s') % now[:SHOWN]}" if now and self.tells else words
