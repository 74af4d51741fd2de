"""What readers may send: an address, topics, a rhythm. Every refusal stands in words at its field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from digest.addresses import normal_address
from digest.errors import DigestError
from digest.models import Cadence, Publication
from digest.preferences import choosable

RHYTHMS = (
    (str(Cadence.WEEKLY), _("every week")),
    (str(Cadence.MONTHLY), _("once a month, the best of it")),
)


class AddressForm(forms.Form):
    """An address. The field `website`, which only machines fill in, is read and never judged: no word of it is a fault."""

    address = forms.CharField(
        max_length=254,
        error_messages={
            "required": _("Please write your mail address here."),
            "max_length": _("A mail address has 254 letters at most."),
            "null_characters_not_allowed": _("This is not a mail address."),
        },
    )

    def clean_address(self) -> str:
        try:
            return normal_address(self.cleaned_data["address"])
        except DigestError as error:
            raise forms.ValidationError(
                _("This is not a mail address. It should look like name@example.org.")
            ) from error

    @property
    def is_trapped(self) -> bool:
        """Whether the field that no person sees was filled in."""
        return bool(self.data.get("website"))


class WishForm(forms.Form):
    """Topics and rhythm; the choices are the publication's."""

    topics = forms.MultipleChoiceField(
        required=False, error_messages={"invalid_choice": _("One of these topics does not exist any more.")}
    )
    cadence = forms.ChoiceField(
        required=False, choices=RHYTHMS, error_messages={"invalid_choice": _("Please choose one of the two.")}
    )

    def __init__(self, publication: Publication, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facets = choosable(publication)
        names = [(topic.key, topic.name) for facet in self.facets for topic in facet.topics]
        for field in {"topics", "never"} & set(self.fields):
            self.fields[field].choices = names

    def clean_cadence(self) -> str:
        return self.cleaned_data["cadence"] or str(Cadence.WEEKLY)


class SignUpForm(WishForm, AddressForm):
    """The way in."""


class PreferencesForm(WishForm):
    """What a reader gets: topics wanted, topics never to be shown, how often."""

    never = forms.MultipleChoiceField(
        required=False, error_messages={"invalid_choice": _("One of these topics does not exist any more.")}
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if set(cleaned.get("topics", ())) & set(cleaned.get("never", ())):
            self.add_error("never", _("A topic cannot be chosen and hidden at once."))
        return cleaned
